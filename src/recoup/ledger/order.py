"""The order of entries: what proves it, and where nothing does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recoup.ground import Instant
from recoup.ledger.creation import creation_first
from recoup.ledger.model import Entry, Ledger, Side
from recoup.ledger.proof import Placed, runs


class Order(StrEnum):
    """How entries are put where neither time, position nor a spent coin proves their order."""

    FILE = "file"  # as they stand in the file
    REVERSED = "reversed"  # the other way round
    CREDITS_FIRST = "credits-first"  # entries that only bring value before the others
    DEBITS_FIRST = "debits-first"  # entries that only take value away before the others
    CREDITS_FIRST_REVERSED = "credits-first-reversed"  # the same, each part the other way round
    DEBITS_FIRST_REVERSED = "debits-first-reversed"


_REVERSED = frozenset({Order.REVERSED, Order.CREDITS_FIRST_REVERSED, Order.DEBITS_FIRST_REVERSED})
_FIRST = {
    Order.CREDITS_FIRST: Side.IN,
    Order.CREDITS_FIRST_REVERSED: Side.IN,
    Order.DEBITS_FIRST: Side.OUT,
    Order.DEBITS_FIRST_REVERSED: Side.OUT,
}


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
    found = runs(ledger.entries)
    unproven = tuple(tuple(_arranged(run, Order.FILE)) for run in found if len(run) > 1)
    return Ordering(creation_first([entry for run in found for entry in _arranged(run, order)]), unproven)


def _arranged(run: list[Placed], order: Order) -> list[Entry]:
    entries = [entry for _, entry in sorted(run, key=lambda placed: placed[0], reverse=order in _REVERSED)]
    if order in _FIRST:
        first = _FIRST[order]
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
