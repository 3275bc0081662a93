"""What proves that one entry came before another: time, and position within one ledger and time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from recoup.ledger.model import Entry

Placed = tuple[int, Entry]  # place in the file, entry


def runs(entries: Sequence[Entry]) -> list[list[Placed]]:
    """The shortest runs such that everything in a run is proven to come before everything in the next."""
    placed = sorted(enumerate(entries), key=_by_time)
    runs: list[list[Placed]] = []
    reach = -1
    for i, last in enumerate(_reaches([entry for _, entry in placed])):
        if i > reach:
            runs.append([])
        runs[-1].append(placed[i])
        reach = max(reach, last)
    return runs


def _by_time(placed: Placed) -> tuple[datetime, bool, int, int]:
    """Whole days stand before the instants of their day."""
    place, entry = placed
    return (entry.time.start, entry.time.precise, entry.position, place)


def _reaches(entries: list[Entry]) -> Iterator[int]:
    """For each of the sorted entries, the last one that is not proven to come after it; itself where all are."""
    starts = [entry.time.start for entry in entries]
    for time, block in groupby(range(len(entries)), key=lambda i: entries[i].time):
        places = list(block)
        during = bisect_right(starts, time.end) - 1  # the last instant of a day
        if not time.precise and during > places[-1]:
            yield from [during] * len(places)
        else:
            yield from _reaches_at_one_time(entries, places)


def _reaches_at_one_time(entries: list[Entry], places: list[int]) -> Iterator[int]:
    same = {(entries[i].ledger, entries[i].position): i for i in places}
    last = places[-1]
    other = next((i for i in reversed(places) if entries[i].ledger != entries[last].ledger), -1)
    for i in places:
        elsewhere = other if entries[i].ledger == entries[last].ledger else last
        yield max(same[entries[i].ledger, entries[i].position], elsewhere)
