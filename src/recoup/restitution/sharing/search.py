"""The search for the level: the smallest rational at which the clamped lines add up to the amount."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from recoup.restitution.sharing.columns import Column

NEWTON_STEPS_MAX = 40
NEWTON_STEPS_FREE = 8  # afterwards every second step halves the bracket


@dataclass(frozen=True, slots=True)
class Line:
    """A sum of lines `level * weight - received`, and what the same claims hold while clamped (`value`)."""

    weight: int
    received: int
    value: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The claims at one level: `fixed` is held by clamped claims, `active` moves; the kinks stand in `fixed` too."""

    fixed: int
    active: Line
    at_lower: Line
    at_upper: Line


class Engine(Protocol):
    """What a search needs of the claims."""

    def sums(self, level: Fraction) -> Sums: ...

    def fullest(self, level: Fraction) -> Fraction:
        """The largest level at which a claim that is clamped at its upper bound at `level` got there; 0 if none."""
        ...

    def kinks(self, above: Fraction, below: Fraction | None) -> list[Fraction]:
        """Every level strictly between at which some claim starts or stops moving, in order."""
        ...

    def full_level(self) -> Fraction:
        """The smallest level at which every claim has its upper bound."""
        ...

    def settle(self, level: Fraction, scale: int) -> tuple[Column, Column]:
        """Whole units per claim at `level`, and the numerators of what is cut off over `level.denominator * scale`."""
        ...


def find_level(engine: Engine, start: Fraction, amount: int) -> Fraction:
    """The smallest level >= 0 whose sum is `amount`, exactly; `amount` lies between the sums at 0 and at infinity.

    Newton's method on a monotone piecewise linear function, kept inside a bracket; after `NEWTON_STEPS_MAX` steps a
    binary search over the kinks, which always ends.
    """
    below, above = Fraction(0), None
    level = start
    for step in range(NEWTON_STEPS_MAX):
        sums = engine.sums(level)
        difference = _total(sums, level) - amount
        if difference == 0:
            return _smallest(engine, sums, level)
        if difference < 0:
            below = max(below, level)
        else:
            above = level if above is None else min(above, level)
        aim = _newton(sums, amount, rising=difference < 0)
        stuck = step >= NEWTON_STEPS_FREE and step % 2
        if aim is None or stuck or aim < below or (above is not None and aim >= above):
            aim = _between(below, above)
        level = aim
    return _by_kinks(engine, below, above, amount)


def _total(sums: Sums, level: Fraction) -> Fraction:
    return sums.fixed + level * sums.active.weight - sums.active.received


def _smallest(engine: Engine, sums: Sums, level: Fraction) -> Fraction:
    """Where nothing moves the sum is flat: the level is the last one that gave anybody anything."""
    return level if sums.active.weight else engine.fullest(level)


def _newton(sums: Sums, amount: int, rising: bool) -> Fraction | None:
    kink = sums.at_lower if rising else sums.at_upper
    weight = sums.active.weight + kink.weight
    if weight == 0:
        return None
    return Fraction(amount - sums.fixed + kink.value + sums.active.received + kink.received, weight)


def _between(below: Fraction, above: Fraction | None) -> Fraction:
    """A short dyadic fraction strictly between, or twice as high where there is no bound above."""
    if above is None:
        return 2 * below + 1
    middle, bits = Fraction(below + above, 2), 0
    while True:
        level = Fraction(middle.numerator * 2**bits // middle.denominator, 2**bits)
        if below < level < above:
            return level
        bits += 1


def _by_kinks(engine: Engine, below: Fraction, above: Fraction | None, amount: int) -> Fraction:
    kinks = engine.kinks(below, above)
    first, last = 0, len(kinks)
    while first < last:
        middle = (first + last) // 2
        if _total(engine.sums(kinks[middle]), kinks[middle]) < amount:
            first = middle + 1
        else:
            last = middle
    floor = kinks[first - 1] if first else below
    sums = engine.sums(floor)
    if _total(sums, floor) == amount:
        return _smallest(engine, sums, floor)
    aim = _newton(sums, amount, rising=True)
    assert aim is not None, "the sum rises between two kinks"
    return aim
