"""Operators of scam domains against shared deposit addresses, which the features do not see.

`python -m tests.bench.bench_operators`. Truth: two sites share an address (CryptoScamDB). Features: what the data
offers without addresses, the domain a site stands on. Sites on free hosting and on services are left out by name.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tests.rooms.complaints.shared import data

from recoup.complaints.selectors import domain_parts
from recoup.network.operators import NetworkMap, Sighting, mapped
from recoup.network.services import KNOWN_SERVICES


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    host: str
    addresses: frozenset[str]


def sites() -> list[Site]:
    """Sites with at least one address."""
    found = []
    for row in json.loads(data("entities/scamdomains/cryptoscamdb.part.json").read_text("utf-8")):
        host = re.sub(r"^https?://", "", row["url"]).split("/")[0].lower()
        addresses = frozenset(
            f"{c}:{a.lower() if a[:2] == '0x' else a}" for c, v in (row.get("addresses") or {}).items() for a in v
        )
        if addresses:
            found.append(Site(row["name"], host, addresses))
    return found


def predicted(found: Iterable[Site]) -> NetworkMap:
    seen = []
    for site in found:
        parts = domain_parts(site.host)
        if parts and parts[1] not in KNOWN_SERVICES:
            seen.append(Sighting(site.name, "domain", parts[1]))
    return mapped(seen)


def truth(found: Iterable[Site]) -> set[tuple[str, str]]:
    """Pairs of sites joined by shared addresses, chains included."""
    group = mapped(Sighting(site.name, "eth", address) for site in found for address in sorted(site.addresses))
    return {pair for operator in group.operators for pair in combinations(operator.subjects, 2)}


def measured() -> tuple[int, int, int, dict[str, list[tuple[str, str]]]]:
    """(right, predicted, true) pairs and the wrong ones by the domain that joined them."""
    found = sites()
    right_pairs = truth(found)
    right, given = 0, 0
    wrong: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for operator in predicted(found).operators:
        for pair in combinations(operator.subjects, 2):
            given += 1
            right += pair in right_pairs
            if pair not in right_pairs:
                wrong[operator.keys[0]].append(pair)
    return right, given, len(right_pairs), wrong


if __name__ == "__main__":
    hits, links, wanted, errors = measured()
    print(f"precision {hits / links:.3f} ({hits} of {links} links), recall {hits / wanted:.3f} of {wanted} true pairs")
    for key, pairs in errors.items():
        print("no shared address:", key, pairs[:3], len(pairs))
