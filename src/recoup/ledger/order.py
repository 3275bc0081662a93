"""The order of entries: what proves it, and where nothing does."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

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

    A day without a time overlaps every instant of that day. A cycle of spends raises Refused with its lines.
    """
    ranked = sorted(range(len(ledger)), key=lambda i: (*_by_time(ledger.entries[i]), i))
    groups = _overlapping([ledger.entries[i] for i in ranked])
    unproven = tuple(tuple(group) for group in groups if len(group) > 1)
    wanted = [entry for group in groups for entry in _arranged(group, order)]
    return Ordering(_creation_first(wanted), unproven)


def _by_time(entry: Entry) -> tuple[object, ...]:
    return (entry.time.start, entry.position)


def _overlapping(entries: list[Entry]) -> list[list[Entry]]:
    """Runs of entries, each overlapping one before it in its run, so that their order is not proven."""
    groups: list[list[Entry]] = []
    reach = None  # the entry of the run that lasts longest
    for entry in entries:
        if reach is not None and _unproven(reach, entry):
            groups[-1].append(entry)
        else:
            groups.append([entry])
            reach = None
        if reach is None or entry.time.end > reach.time.end:
            reach = entry
    return groups


def _unproven(a: Entry, b: Entry) -> bool:
    if a.time == b.time:
        return a.position == b.position or a.ledger != b.ledger
    return a.time.overlaps(b.time)


def _arranged(group: list[Entry], order: Order) -> list[Entry]:
    if order is Order.FILE or len(group) == 1:
        return group
    if order is Order.REVERSED:
        return _proven_kept(group[::-1])
    first = Side.IN if order is Order.CREDITS_FIRST else Side.OUT
    return _proven_kept(sorted(group, key=lambda entry: {leg.side for leg in entry.legs} != {first}))


def _proven_kept(group: list[Entry]) -> list[Entry]:
    """Put back what is proven inside the group: instants by time, bookings of one ledger and time by position."""
    instants = [i for i, entry in enumerate(group) if entry.time.precise]
    kept = _sorted_in_place(group, instants, lambda entry: entry.time.start)
    places: dict[tuple[str, Instant], list[int]] = {}
    for i, entry in enumerate(kept):
        places.setdefault((entry.ledger, entry.time), []).append(i)
    for slots in places.values():
        kept = _sorted_in_place(kept, slots, lambda entry: entry.position)
    return kept


def _sorted_in_place(group: list[Entry], slots: list[int], key: Callable[[Entry], object]) -> list[Entry]:
    arranged = list(group)
    chosen = sorted((group[i] for i in slots), key=key)  # type: ignore[arg-type]
    for slot, entry in zip(slots, chosen, strict=True):
        arranged[slot] = entry
    return arranged


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
