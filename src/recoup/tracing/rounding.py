"""Controlled rounding: grains to whole units once, at the end, with every sum kept (§4 of the tracing rules).

Each cell goes to its floor or ceiling, each row's sum to the floor or ceiling of its own, each column's sum is exact.
Such a rounding always exists (Bacharach, Matrix Rounding Problems, 1966; Cox, A Constructive Procedure for Unbiased
Controlled Rounding, 1987). A first choice row by row leaves few columns astray; paths of swaps bring those home.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recoup.tracing.machine import Colour, Grains

Cell = tuple[int, Colour]
Node = tuple[str, int]  # ("column", colour), ("row", number), or the pool of rows that may have one more or one less
POOL: Node = ("pool", 0)


def rounded(rows: Sequence[Grains], guard_bits: int) -> list[dict[Colour, int]]:
    """Each row in whole units, colours with nothing left out. Each colour's grains must sum to whole units."""
    mask = (1 << guard_bits) - 1
    units = [{colour: grains >> guard_bits for colour, grains in row.items()} for row in rows]
    fractions = [{colour: grains & mask for colour, grains in row.items() if grains & mask} for row in rows]
    for row, colour in _raised(fractions, guard_bits):
        units[row][colour] += 1
    return [{colour: amount for colour, amount in row.items() if amount} for row in units]


def _raised(fractions: list[Grains], guard_bits: int) -> set[Cell]:
    """The cells that go to their ceiling."""
    colours = sorted({colour for row in fractions for colour in row})
    if len(colours) == 1:
        return _largest(fractions, colours[0], guard_bits)
    table = _Table(fractions, guard_bits)
    table.choose()
    for colour in colours:
        while table.astray[colour] > 0:
            table.turn(table.path(colour))
    return table.up


def _largest(fractions: list[Grains], colour: Colour, guard_bits: int) -> set[Cell]:
    """One claim: the largest fractions, ties to the earlier row (Hamilton's method)."""
    rows = sorted((row for row, part in enumerate(fractions) if part), key=lambda row: (-fractions[row][colour], row))
    need = sum(fractions[row][colour] for row in rows) >> guard_bits
    return {(row, colour) for row in rows[:need]}


@dataclass(init=False, slots=True)
class _Table:
    """Fractions, the cells that are up, how many of each row are, and how many each column still lacks (`astray`)."""

    fractions: list[Grains]
    guard_bits: int
    up: set[Cell]
    count: list[int]
    astray: dict[Colour, int]
    columns: dict[Colour, list[int]]

    def __init__(self, fractions: list[Grains], guard_bits: int) -> None:
        self.fractions = fractions
        self.guard_bits = guard_bits
        self.up = set()
        self.count = [0] * len(fractions)
        self.astray = {}
        self.columns = {}
        for row, part in enumerate(fractions):
            for colour in part:
                self.columns.setdefault(colour, []).append(row)
        for colour, rows in self.columns.items():
            self.astray[colour] = sum(fractions[row][colour] for row in rows) >> guard_bits

    def choose(self) -> None:
        """Row by row the cells whose columns are owed most; rows take turns to go up by running sums."""
        owed: Grains = dict.fromkeys(self.columns, 0)
        seen = given = 0
        for row, part in enumerate(self.fractions):
            for colour, grains in part.items():
                owed[colour] += grains
            seen += sum(part.values())
            first = sorted(part, key=lambda colour: (-owed[colour], colour))[: (seen >> self.guard_bits) - given]
            given += len(first)
            for colour in first:
                owed[colour] -= 1 << self.guard_bits
                self._flip((row, colour))

    def _flip(self, cell: Cell) -> None:
        step = -1 if cell in self.up else 1
        (self.up.add if step == 1 else self.up.remove)(cell)
        self.count[cell[0]] += step
        self.astray[cell[1]] -= step

    def turn(self, path: list[Cell]) -> None:
        """Swap up and down along a path of cells."""
        for cell in path:
            self._flip(cell)

    def path(self, colour: Colour) -> list[Cell]:
        """Cells to swap so that a column that lacks a unit takes one from a column that has one too many."""
        start: Node = ("column", colour)
        came: dict[Node, Node] = {start: start}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for after in self._after(node):
                if after not in came:
                    came[after] = node
                    if after[0] == "column" and self.astray[after[1]] < 0:
                        return _cells(came, after)
                    queue.append(after)
        raise AssertionError("a controlled rounding always exists")

    def _after(self, node: Node) -> Iterator[Node]:
        kind, number = node
        if kind == "column":
            yield from (("row", row) for row in self.columns[number] if (row, number) not in self.up)
        elif kind == "row":
            yield from (("column", colour) for colour in self.fractions[number] if (number, colour) in self.up)
            if self.count[number] < self._ceiling(number):
                yield POOL
        else:
            yield from (("row", row) for row in range(len(self.fractions)) if self.count[row] > self._floor(row))

    def _floor(self, row: int) -> int:
        return sum(self.fractions[row].values()) >> self.guard_bits

    def _ceiling(self, row: int) -> int:
        return -(-sum(self.fractions[row].values()) >> self.guard_bits)


def _cells(came: dict[Node, Node], end: Node) -> list[Cell]:
    """The cells between the columns and rows of a path."""
    cells, node = [], end
    while came[node] != node:
        before = came[node]
        row, column = (before, node) if before[0] == "row" else (node, before)
        if POOL not in (row, column):
            cells.append((row[1], column[1]))
        node = before
    return cells
