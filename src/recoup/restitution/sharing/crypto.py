"""Awards in an asset: valued at a named price, floored to the asset's smallest unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from recoup.restitution.sharing.columns import Column, column


@dataclass(frozen=True, slots=True)
class Price:
    """Smallest units of the base currency for one smallest unit of the asset, exact, with its source and date."""

    base_per_unit: Fraction
    source: str

    def __post_init__(self) -> None:
        if not isinstance(self.base_per_unit, Fraction | int):
            raise ValueError("a price is an exact fraction, never a float")
        if self.base_per_unit <= 0 or not self.source:
            raise ValueError("a price is above 0 and names its source")


@dataclass(frozen=True, slots=True, eq=False)
class InAsset:
    """Awards in the asset's smallest unit, and what flooring leaves of each award, in exact base units."""

    awards: Column
    unpaid: tuple[Fraction, ...]


def value_of(units: int, price: Price) -> int:
    """The value of asset units in whole base units, floored: a pool never counts for more than it brings."""
    worth = units * price.base_per_unit
    return worth.numerator // worth.denominator


def paid_in_asset(awards: Column, price: Price) -> InAsset:
    """Each award in base units as asset units, floored, so that the asset pool is never exceeded."""
    num, den = price.base_per_unit.numerator, price.base_per_unit.denominator
    units = [award * den // num for award in awards.tolist()]
    unpaid = tuple(award - paid * price.base_per_unit for award, paid in zip(awards.tolist(), units, strict=True))
    return InAsset(column(units), unpaid)
