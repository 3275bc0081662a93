"""One exact kernel for the sharing rules: clamped lines filled to a common level."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from recoup.restitution.sharing import exact
from recoup.restitution.sharing.columns import SUM_BITS, Column, alike, column, fits_small, pick, total
from recoup.restitution.sharing.search import Engine, find_level

FAST_CLAIMS_MIN = 10_000  # below this the compiled engine does not repay its import

Tie = Callable[[int], bytes]  # claim index -> key; the smaller key gets the unit first


class Rounding(StrEnum):
    """Interim rounds pay floors, so that more money never lowers a share; the final round gives out every unit."""

    INTERIM = "interim"
    FINAL = "final"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Per claim: award = clamp(level * weight - received, lower, upper) / scale.

    All columns are >= 0, equally long, and in 1/scale of the smallest unit; lower <= upper.
    """

    weight: Column
    received: Column
    lower: Column
    upper: Column
    scale: int = 1

    def take(self, index: Column) -> Terms:
        """The same terms for some of the claims, in the order of `index` (or where the mask is true)."""
        weight, received = pick(self.weight, index), pick(self.received, index)
        return Terms(weight, received, pick(self.lower, index), pick(self.upper, index), self.scale)


@dataclass(frozen=True, slots=True, eq=False)
class Fill:
    """Awards in whole units in the order of the claims.

    Sum of awards + surplus + undivided = amount. `surplus` is what every claim together cannot take; `undivided` are
    the units that flooring leaves (0 in a final round); `level` is the smallest that gives these shares.
    """

    awards: Column
    level: Fraction
    surplus: int
    undivided: int


def waterfill(
    weight: Sequence[int] | Column,
    received: Sequence[int] | Column,
    lower: Sequence[int] | Column,
    upper: Sequence[int] | Column,
    amount: int,
    rounding: Rounding = Rounding.FINAL,
    tie: Tie | None = None,
) -> Fill:
    """Find the level at which the sum of clamp(level*weight - received, lower, upper) is `amount`, and pay it.

    Whole units: floors in an interim round; in the final round the units left over go to the largest remainders
    (Hamilton's method), ties to the smaller `tie` key or else the earlier claim. Amounts beyond every upper bound
    are `surplus`. Negative values, lower > upper, or an amount below the lower bounds raise ValueError.
    Source: the parametric family of sharing rules, Young, On dividing an amount according to individual claims (1987).
    """
    w, r, low, high = alike(column(weight), column(received), column(lower), column(upper))
    return fill(Terms(w, r, low, high), amount, rounding, tie)


def fill(terms: Terms, amount: int, rounding: Rounding = Rounding.FINAL, tie: Tie | None = None) -> Fill:
    """`waterfill` on terms that are columns already."""
    _refuse_wrong(terms, amount)
    engine = _engine(terms, amount)
    try:
        return _filled(engine, terms, amount, rounding, tie)
    except OverflowError:
        return _filled(_exact_engine(terms), terms, amount, rounding, tie)


def level_of(terms: Terms, amount: int) -> Fraction | None:
    """The level alone; None where `amount` is at least what every claim together can take."""
    _refuse_wrong(terms, amount)
    if amount * terms.scale >= reach(terms):
        return None
    try:
        return _level(_engine(terms, amount), terms, amount * terms.scale)
    except OverflowError:
        return _level(_exact_engine(terms), terms, amount * terms.scale)


def settled_at(terms: Terms, level: Fraction) -> tuple[Column, Column]:
    """Whole units per claim at a given level, and what is cut off, over `level.denominator * scale`."""
    try:
        return _engine(terms, 0).settle(level, terms.scale)
    except OverflowError:
        return _exact_engine(terms).settle(level, terms.scale)


def reach(terms: Terms) -> int:
    """What the claims can take together, in 1/scale units: a claim without weight stays at its lower bound."""
    return total(np.where(terms.weight > 0, terms.upper, terms.lower))


def fast_available() -> bool:
    """Whether the extra `fast` (numba) is installed."""
    return importlib.util.find_spec("numba") is not None


def _refuse_wrong(terms: Terms, amount: int) -> None:
    if terms.scale < 1 or amount < 0:
        raise ValueError("the amount is negative")
    columns = (terms.weight, terms.received, terms.lower, terms.upper)
    if len(terms.weight) and any(each.min() < 0 for each in columns):
        raise ValueError("weights, receipts and bounds are not negative")
    if np.any(terms.lower > terms.upper):
        raise ValueError("a lower bound is above its upper bound")
    if total(terms.lower) > amount * terms.scale:
        raise ValueError("the amount does not cover the lower bounds")


def _engine(terms: Terms, amount: int) -> Engine:
    small = len(terms.weight) >= FAST_CLAIMS_MIN and all(
        fits_small(each) for each in (terms.weight, terms.received, terms.lower, terms.upper)
    )
    if small and amount * terms.scale < 2**SUM_BITS and fast_available():
        from recoup.restitution.sharing.fast import FastEngine

        return FastEngine(terms.weight, terms.received, terms.lower, terms.upper)
    return _exact_engine(terms)


def _exact_engine(terms: Terms) -> exact.ExactEngine:
    return exact.ExactEngine(terms.weight, terms.received, terms.lower, terms.upper)


def _level(engine: Engine, terms: Terms, target: int) -> Fraction:
    moving = (terms.weight > 0) & (terms.lower < terms.upper)
    if target == total(terms.lower):
        return Fraction(0)
    start = Fraction(target + total(terms.received[moving]), max(1, total(terms.weight[moving])))
    return find_level(engine, start, target)


def _filled(engine: Engine, terms: Terms, amount: int, rounding: Rounding, tie: Tie | None) -> Fill:
    most = reach(terms)
    full = amount * terms.scale >= most
    level = engine.full_level() if full else _level(engine, terms, amount * terms.scale)
    awards, rests = engine.settle(level, terms.scale)
    paid = most // terms.scale if full else amount
    left = paid - total(awards)
    if rounding is Rounding.FINAL and left:
        awards[next_units(rests, left, tie)] += 1
        left = 0
    return Fill(awards, level, amount - paid, left)


def next_units(rests: Column, left: int, tie: Tie | None) -> list[int]:
    """The claims that get one unit more: the largest remainders, ties by key."""
    if rests.dtype == object:
        sure, tied, wanted = exact.largest_first(rests, left)
    else:
        from recoup.restitution.sharing.fast import largest_first

        sure, tied, wanted = largest_first(rests, left)
    if wanted < len(tied) and tie is not None:
        tied = sorted(tied, key=tie)
    return [*sure, *tied[:wanted]]
