"""Lines of coloured units for the reference, written twice: one list item per unit, and run-length lots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CLEAN = ""
UNITS_MAX = 2_000  # above this a line is kept as lots


@dataclass(frozen=True)
class Units:
    """One list item per unit, its colour: too slow for real amounts, and obviously right."""

    units: tuple[str, ...]

    @classmethod
    def of(cls, lots: Iterable[tuple[str, int]]) -> Units:
        return cls(tuple(colour for colour, amount in lots for _ in range(amount)))

    @property
    def size(self) -> int:
        return len(self.units)

    def __add__(self, other: Units) -> Units:
        return Units(self.units + other.units)

    def cut(self, n: int) -> tuple[Units, Units]:
        return Units(self.units[:n]), Units(self.units[n:])

    def coloured(self) -> Units:
        return Units(tuple(unit for unit in self.units if unit != CLEAN))

    def clean(self) -> Units:
        return Units(tuple(unit for unit in self.units if unit == CLEAN))

    def mirrored(self) -> Units:
        return Units(self.units[::-1])

    def lots(self) -> list[tuple[str, int]]:
        return [(unit, 1) for unit in self.units]

    def recoloured(self, n: int, *, paint: str) -> Units:
        """Paint the first n clean units, or with `paint` CLEAN wash the first n coloured units."""
        left, units = n, list(self.units)
        for i, unit in enumerate(units):
            if left and (unit == CLEAN) == (paint != CLEAN):
                units[i], left = paint, left - 1
        return Units(tuple(units))


@dataclass(frozen=True)
class Lots:
    """The same line as (colour, amount) lots, for amounts that no list can hold."""

    runs: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, lots: Iterable[tuple[str, int]]) -> Lots:
        return cls(tuple((colour, amount) for colour, amount in lots if amount))

    @property
    def size(self) -> int:
        return sum(amount for _, amount in self.runs)

    def __add__(self, other: Lots) -> Lots:
        return Lots(self.runs + other.runs)

    def cut(self, n: int) -> tuple[Lots, Lots]:
        front, back, left = [], [], n
        for colour, amount in self.runs:
            here = min(amount, left)
            front.append((colour, here))
            back.append((colour, amount - here))
            left -= here
        return Lots.of(front), Lots.of(back)

    def coloured(self) -> Lots:
        return Lots(tuple(run for run in self.runs if run[0] != CLEAN))

    def clean(self) -> Lots:
        return Lots(tuple(run for run in self.runs if run[0] == CLEAN))

    def mirrored(self) -> Lots:
        return Lots(self.runs[::-1])

    def lots(self) -> list[tuple[str, int]]:
        return list(self.runs)

    def recoloured(self, n: int, *, paint: str) -> Lots:
        runs, left = [], n
        for colour, amount in self.runs:
            here = min(amount, left) if (colour == CLEAN) == (paint != CLEAN) else 0
            runs += [(paint, here), (colour, amount - here)]
            left -= here
        return Lots.of(runs)
