"""Lots: runs of units of one colour, and the few things that are done to a line of them."""

from __future__ import annotations

from collections.abc import Iterable

from recoup.tracing.machine import Colour

CLEAN: Colour = 0
Lot = tuple[Colour, int]
Line = list[Lot]


def joined(line: Line, lots: Iterable[Lot]) -> Line:
    """Append lots to the line; neighbours of one colour become one lot, nothing becomes no lot."""
    for colour, amount in lots:
        if not amount:
            continue
        if line and line[-1][0] == colour:
            line[-1] = (colour, line[-1][1] + amount)
        else:
            line.append((colour, amount))
    return line


def cut(line: Line, amount: int) -> tuple[Line, Line]:
    """The first `amount` units, and the rest."""
    front: Line = []
    for index, (colour, size) in enumerate(line):
        if size >= amount:
            joined(front, [(colour, amount)])
            return front, joined([(colour, size - amount)] if size > amount else [], line[index + 1 :])
        front.append((colour, size))
        amount -= size
    return front, []


def length(line: Iterable[Lot]) -> int:
    """Units in the line."""
    return sum(amount for _, amount in line)


def coloured_first(line: Line) -> Line:
    """Coloured lots in their order, then the clean value."""
    return joined(joined([], (lot for lot in line if lot[0])), [(CLEAN, length(lot for lot in line if not lot[0]))])
