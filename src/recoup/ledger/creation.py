"""A coin is created before it is spent, whatever the clocks of its entries say."""

from __future__ import annotations

import heapq

from recoup.ground import Defect, Refused
from recoup.ledger.model import Entry, Side


def creation_first(entries: list[Entry]) -> tuple[Entry, ...]:
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
