"""What each leg does in its entry, and which legs of an account ledger's entry belong together (§1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from recoup.ledger import FROM_OUTSIDE, TO_OUTSIDE, Kind, Leg, Side


class Part(IntEnum):
    """What a leg does in its entry, in the order in which flows are made."""

    ARRIVING = 0
    ORDINARY_OUT = 1
    ORDINARY_IN = 2
    BURNED = 3
    FEE = 4


def part_of(leg: Leg, is_coin: bool) -> Part:
    """A fee leg is a part of its own in account ledgers only: a coin transaction's fee is what it does not give out."""
    if leg.side is Side.IN:
        return Part.ARRIVING if leg.kind in FROM_OUTSIDE else Part.ORDINARY_IN
    if leg.kind in TO_OUTSIDE:
        return Part.BURNED
    return Part.FEE if leg.kind is Kind.FEE and not is_coin else Part.ORDINARY_OUT


def groups(legs: list[Leg]) -> Iterator[list[Leg]]:
    """Groups of an account ledger's entry: one ends before an out leg once its ins cover its outs."""
    group: list[Leg] = []
    leaves = arrives = 0
    holds_in = False
    for leg in legs:
        part = part_of(leg, is_coin=False)
        if part is Part.ORDINARY_OUT:
            if holds_in and arrives >= leaves:
                yield group
                group, leaves, arrives, holds_in = [], 0, 0, False
            leaves += leg.amount
        elif part is Part.ORDINARY_IN:
            arrives, holds_in = arrives + leg.amount, True
        group.append(leg)
    if group:
        yield group
