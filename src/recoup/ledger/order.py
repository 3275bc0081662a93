"""The order of entries: what proves it, and where nothing does."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from recoup.ground import Defect, Instant, Refused
from recoup.ledger.model import Entry, Ledger, Side


class Order(StrEnum):
    """How entries are put where neither time, position nor a spent coin proves their order."""

    FILE = "file"  # as they stand in the file
    REVERSED = "reversed"  # the other way round
    CREDITS_FIRST = "credits-first"  # entries that only bring value before the others
    DEBITS_FIRST = "debits-first"  # entries that only take value away before the others


@dataclass(frozen=True, slots=True)
class Ordering:
    """Entries in order, and groups of entries (two or more each) whose order among themselves is not proven."""

    entries: tuple[Entry, ...]
    unproven: tuple[tuple[Entry, ...], ...]


def ordered(ledger: Ledger, order: Order = Order.FILE) -> Ordering:
    """Put entries by time, then position, then `order`; a coin is always created before it is spent.

    A day without a time overlaps every instant of that day; positions order the entries of one ledger at one time and
    say nothing between two ledgers. `unproven` does not look at coins. A cycle of spends raises Refused with its lines.
    """
    runs = _runs(ledger.entries)
    unproven = tuple(tuple(_arranged(run, Order.FILE)) for run in runs if len(run) > 1)
    return Ordering(_creation_first([entry for run in runs for entry in _arranged(run, order)]), unproven)


Placed = tuple[int, Entry]  # place in the file, entry


def _runs(entries: Sequence[Entry]) -> list[list[Placed]]:
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


def _arranged(run: list[Placed], order: Order) -> list[Entry]:
    entries = [entry for _, entry in sorted(run, key=lambda placed: placed[0], reverse=order is Order.REVERSED)]
    if order in (Order.CREDITS_FIRST, Order.DEBITS_FIRST):
        first = Side.IN if order is Order.CREDITS_FIRST else Side.OUT
        entries.sort(key=lambda entry: {leg.side for leg in entry.legs} != {first})
    if len(entries) > 1:
        _put_back_proven(entries)
    return entries


def _put_back_proven(run: list[Entry]) -> None:
    """What is proven inside a run: instants by time, bookings of one ledger and time by position."""
    _sort_slots(run, [i for i, entry in enumerate(run) if entry.time.precise], lambda entry: entry.time.start)
    slots: dict[tuple[str, Instant], list[int]] = {}
    for i, entry in enumerate(run):
        slots.setdefault((entry.ledger, entry.time), []).append(i)
    for places in slots.values():
        _sort_slots(run, places, lambda entry: entry.position)


def _sort_slots(run: list[Entry], slots: list[int], key: Callable[[Entry], datetime | int]) -> None:
    chosen = sorted((run[i] for i in slots), key=key)
    for slot, entry in zip(slots, chosen, strict=True):
        run[slot] = entry


def _creation_first(entries: list[Entry]) -> tuple[Entry, ...]:
    """The same order, bent only where a coin would be spent before the entry that creates it."""
    index = {entry.coin(leg): i for i, entry in enumerate(entries) for leg in entry.legs if leg.side is Side.IN}
    needs = [{index[leg.spends] for leg in entry.legs if leg.spends in index} for entry in entries]
    if all(max(before, default=-1) < i for i, before in enumerate(needs)):
        return tuple(entries)
    return tuple(entries[i] for i in _topological(entries, needs))


def _topological(entries: list[Entry], needs: list[set[int]]) -> list[int]:
    followers: dict[int, list[int]] = {}
    for i, before in enumerate(needs):
        for j in before:
            followers.setdefault(j, []).append(i)
    waiting = [len(before) for before in needs]
    ready = [i for i, count in enumerate(waiting) if count == 0]
    done: list[int] = []
    while ready:
        done.append(heapq.heappop(ready))
        for i in followers.get(done[-1], ()):
            waiting[i] -= 1
            if waiting[i] == 0:
                heapq.heappush(ready, i)
    if len(done) < len(entries):
        raise Refused(*_cycle(entries, waiting))
    return done


def _cycle(entries: list[Entry], waiting: list[int]) -> list[Defect]:
    mend = "A coin cannot be spent before it exists: check `spends`"
    return [
        Defect(entry.file, entry.legs[0].line, f"cyclic spends through entry {entry.id[:80]}", mend)
        for entry, count in zip(entries, waiting, strict=True)
        if count
    ]
