"""Money, and the two exact ways to split it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering

from recoup.ground.asset import Asset


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An integer of an asset's smallest unit.

    Adding or ordering two assets raises ValueError; a float raises TypeError.
    """

    amount_minor: int
    asset: Asset

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"money is an integer of the smallest unit, not {type(self.amount_minor).__name__}")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other), self.asset)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other), self.asset)

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same(other)

    def __str__(self) -> str:
        return self.asset.written(self.amount_minor)

    def _same(self, other: Money) -> int:
        if other.asset != self.asset:
            raise ValueError(f"{self.asset.code} and {other.asset.code} are different assets")
        return other.amount_minor


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by `weights` with running sums: part j = floor(total*W_j/W) - floor(total*W_(j-1)/W).

    Exact in any magnitude, in order, sums to `total`, each part within one unit of its true share, and never above
    its weight while total <= sum(weights). Zero weights receive nothing; all weights zero with total > 0, or a
    negative weight, raises ValueError.
    Source: cumulative rounding as in Balinski & Young, Fair Representation (1982), ch. 12.
    """
    whole = _whole(total, weights)
    parts, seen, given = [], 0, 0
    for weight in weights:
        seen += weight
        upto = total * seen // whole
        parts.append(upto - given)
        given = upto
    return parts


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by `weights`: floors first, the units left over to the largest remainders, ties to the earlier.

    Sums to `total`; all weights zero with total > 0, or a negative weight, raises ValueError.
    Source: Hamilton's method, in Balinski & Young, Fair Representation (1982), ch. 2.
    """
    whole = _whole(total, weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda j: (-(total * weights[j] % whole), j))
    for j in order[: total - sum(parts)]:
        parts[j] += 1
    return parts


def _whole(total: int, weights: Sequence[int]) -> int:
    """The sum to divide by; 1 where there is nothing to split."""
    if min(weights, default=0) < 0:
        raise ValueError("a weight is negative")
    whole = sum(weights)
    if whole == 0 and total:
        raise ValueError("nothing to split by: every weight is zero")
    return whole or 1
