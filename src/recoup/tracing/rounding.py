"""Controlled rounding: grains to whole units once, at the end, with every sum kept (§4 of the tracing rules).

Each cell goes to its floor or ceiling, each row's sum to the floor or ceiling of its own, each column's sum is exact.
Such a rounding always exists (Bacharach, Matrix Rounding Problems, 1966; Cox, A Constructive Procedure for Unbiased
Controlled Rounding, 1987); it is found as an integral flow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from recoup.tracing.machine import Colour, Grains

Cell = tuple[int, Colour]


def rounded(rows: Sequence[Grains], guard_bits: int) -> list[dict[Colour, int]]:
    """Each row in whole units, colours with nothing left out. Each colour's grains must sum to whole units."""
    mask = (1 << guard_bits) - 1
    units = [{colour: grains >> guard_bits for colour, grains in row.items()} for row in rows]
    fractions = [{colour: grains & mask for colour, grains in row.items() if grains & mask} for row in rows]
    for row, colour in _raised(fractions, guard_bits):
        units[row][colour] += 1
    return [{colour: amount for colour, amount in row.items() if amount} for row in units]


@dataclass(slots=True)
class _Table:
    """The cells to round up so far; `floor` and `ceiling` bound how many of a row may be."""

    fractions: list[Grains]
    floor: list[int]
    ceiling: list[int]
    up: set[Cell]
    count: list[int]

    def put(self, cell: Cell) -> None:
        self.up.add(cell)
        self.count[cell[0]] += 1

    def turn(self, path: list[Cell]) -> None:
        """Swap up and down along an alternating path."""
        for cell in path:
            if cell in self.up:
                self.up.remove(cell)
                self.count[cell[0]] -= 1
            else:
                self.put(cell)


def _raised(fractions: list[Grains], guard_bits: int) -> set[Cell]:
    sums = [sum(row.values()) for row in fractions]
    table = _Table(
        fractions,
        floor=[total >> guard_bits for total in sums],
        ceiling=[-(-total >> guard_bits) for total in sums],
        up=set(),
        count=[0] * len(fractions),
    )
    columns: dict[Colour, list[int]] = {}
    for index, row in enumerate(fractions):
        for colour in row:
            columns.setdefault(colour, []).append(index)
    for colour in sorted(columns):
        _fill_column(table, columns, colour, guard_bits)
    for index in range(len(fractions)):
        while table.count[index] < table.floor[index]:
            table.turn(_path_to_row(table, columns, index))
    return table.up


def _fill_column(table: _Table, columns: dict[Colour, list[int]], colour: Colour, guard_bits: int) -> None:
    """Round up as many cells of the column as its fractions sum to: the largest first, ties to the earlier row."""
    rows = sorted(columns[colour], key=lambda row: (-table.fractions[row][colour], row))
    need = sum(table.fractions[row][colour] for row in rows) >> guard_bits
    for row in rows:
        if need and table.count[row] < table.ceiling[row]:
            table.put((row, colour))
            need -= 1
    for _ in range(need):
        table.turn(_path_from_column(table, columns, colour))


def _path_from_column(table: _Table, columns: dict[Colour, list[int]], colour: Colour) -> list[Cell]:
    """From a column that needs one more cell up, through rows that are full, to a row that has room."""
    came: dict[Cell, Cell | None] = {(row, colour): None for row in columns[colour] if (row, colour) not in table.up}
    queue = deque(came)
    while queue:
        cell = queue.popleft()
        if table.count[cell[0]] < table.ceiling[cell[0]]:
            return _walk(came, cell)
        for other in table.fractions[cell[0]]:
            given = (cell[0], other)
            if given not in table.up or given in came:
                continue
            came[given] = cell
            for taken in ((row, other) for row in columns[other]):
                if taken not in table.up and taken not in came:
                    came[taken] = given
                    queue.append(taken)
    raise AssertionError("a controlled rounding always exists")


def _path_to_row(table: _Table, columns: dict[Colour, list[int]], row: int) -> list[Cell]:
    """From a row that needs one more cell up, through columns, to a row that can give one."""
    came: dict[Cell, Cell | None] = {
        (row, colour): None for colour in table.fractions[row] if (row, colour) not in table.up
    }
    queue = deque(came)
    while queue:
        cell = queue.popleft()
        for other in columns[cell[1]]:
            given = (other, cell[1])
            if given not in table.up or given in came:
                continue
            came[given] = cell
            if table.count[other] > table.floor[other]:
                return _walk(came, given)
            for colour in table.fractions[other]:
                taken = (other, colour)
                if taken not in table.up and taken not in came:
                    came[taken] = given
                    queue.append(taken)
    raise AssertionError("a controlled rounding always exists")


def _walk(came: dict[Cell, Cell | None], cell: Cell) -> list[Cell]:
    path = [cell]
    while (before := came[path[-1]]) is not None:
        path.append(before)
    return path
