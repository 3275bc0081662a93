"""Screening on the public lists: recall, alerts on innocents, names per second. `-m tests.bench.bench_screening`."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.rooms.complaints.shared import data
from tests.rooms.network.names_made import Query, perturbed

from recoup.complaints.country import country_code
from recoup.formats.lists.reading import read_lists
from recoup.ground import Defects
from recoup.network.screening import ALARM, Listing, Screen, Subject

INNOCENTS = 3000


@dataclass(frozen=True, slots=True)
class Measured:
    recall_treated: float
    recall_perturbed: float
    by_kind: dict[str, float]
    alerts: float
    names_per_second: float

    @property
    def recall(self) -> float:
        return (683 * self.recall_treated + 2870 * self.recall_perturbed) / (683 + 2870)


def public_lists() -> list[Listing]:
    folder = data("entities/watchlists")
    paths = [folder / "ofac_sdn.csv", folder / "ofac_alt.csv", folder / "ofac_add.csv", folder / "UN_consolidated.xml"]
    return read_lists([*paths, *sorted((folder / "eu").glob("*.csv"))], Defects())


def subjects(name: str) -> list[Subject]:
    with data(f"entities/names/{name}").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        Subject(str(at), row["full_name"], row["date_of_birth"], country_code(row["nationality"]))
        for at, row in enumerate(rows)
    ]


def measured(
    screen: Screen, listings: Sequence[Listing], seed: str = "screening", count: int = 2870, alarm: int = ALARM
) -> Measured:
    """Recall on treated UN names and on perturbed names, share of innocents with an alert, names per CPU-second."""
    treated = subjects("yente_positives_un_treated.csv")
    innocents = Random(seed).sample(subjects("yente_negatives_global.csv"), INNOCENTS)
    queries = perturbed(Random(seed), list(listings), count)
    started = time.process_time()
    found = sum(any(hit.list == "UN_consolidated" for hit in screen.hits(each, alarm)) for each in treated)
    hit = [_is_hit(screen, query, alarm) for query in queries]
    alerts = sum(bool(screen.hits(each, alarm)) for each in innocents)
    seconds = time.process_time() - started
    total, right = Counter(q.kind for q in queries), Counter(q.kind for q, ok in zip(queries, hit, strict=True) if ok)
    return Measured(
        found / len(treated),
        sum(hit) / len(hit),
        {kind: right[kind] / total[kind] for kind in total},
        alerts / len(innocents),
        (len(treated) + len(queries) + len(innocents)) / seconds,
    )


def _is_hit(screen: Screen, query: Query, alarm: int) -> bool:
    return any((each.list, each.entry) == (query.list, query.entry) for each in screen.hits(query.subject, alarm))


if __name__ == "__main__":
    entries = public_lists()
    started = time.process_time()
    ready = Screen(entries)
    print(
        f"{len(ready):,} entries, {sum(len(e.names) for e in entries):,} names, {time.process_time() - started:.1f} s"
    )
    for level in (860, 870, 880):
        print(level, measured(ready, entries, alarm=level))
