"""What complaints show of an operator: selectors that are not the victim's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from recoup.complaints import Complaint
from recoup.complaints.selectors import Selector, folded
from recoup.ground import Source
from recoup.network.operators import RULES, Sighting
from recoup.network.services import KNOWN_SERVICES

VICTIM_FIELDS = frozenset({"email", "phone"})

# Marks that a white-label trading platform leaves in the addresses of its customers' sites (public affiliate code).
_WHITE_LABEL = (
    ("SpotOption", re.compile(r"MODULE=Customer&COMMAND=|[?&]rs=1&action=enterAccount|[?&]integration=bdb_")),
)


def sightings_of(
    complaint: Complaint, selectors: Iterable[Selector], services: Collection[str] = KNOWN_SERVICES
) -> Iterator[Sighting]:
    """Keys of one complaint. A selector that failed its check, a known service and the victim's own contacts tie
    nothing."""
    found, item = list(selectors), f"complaint {complaint.id}".replace("#", "%23")  # `#` separates a locator
    own = {(each.type, each.value) for each in found if each.field in VICTIM_FIELDS}
    for each in found:
        kind, value = each.type.value, each.value
        source = Source(item, f"{each.field} {each.start}-{each.end}")
        if kind == "url":
            yield from _platforms(complaint.id, value, source)
        if kind == "name" and each.detail in RULES:
            kind = each.detail
        if kind in RULES and each.valid is not False and (each.type, value) not in own and value not in services:
            yield Sighting(complaint.id, kind, value, source)
    brand = folded(complaint.operator)
    if brand and not any(each.field == "operator" and each.type == "domain" for each in found):
        yield Sighting(complaint.id, "brand", brand, Source(item, "operator"))


def _platforms(subject: str, url: str, source: Source) -> Iterator[Sighting]:
    for name, mark in _WHITE_LABEL:
        if mark.search(url):
            yield Sighting(subject, "white-label", name, source)
