"""The kernel's big-integer engine: exact in any magnitude, and the yardstick of the fast one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import numpy as np

from recoup.restitution.sharing.columns import Column, column
from recoup.restitution.sharing.search import Line, Sums


class ExactEngine:
    """Claims as Python integers. A claim that cannot move (no weight, or equal bounds) counts with its lower bound."""

    def __init__(self, weight: Column, received: Column, lower: Column, upper: Column) -> None:
        columns = (weight.tolist(), received.tolist(), lower.tolist(), upper.tolist())
        self._claims = cast(list[tuple[int, int, int, int]], list(zip(*columns, strict=True)))
        self._moving = [claim for claim in self._claims if claim[0] and claim[2] < claim[3]]
        self._still = sum(low for w, _, low, high in self._claims if not (w and low < high))

    def sums(self, level: Fraction) -> Sums:
        num, den = level.numerator, level.denominator
        fixed, w_act, r_act = self._still, 0, 0
        at_lower, at_upper = [0, 0, 0], [0, 0, 0]
        for w, r, low, high in self._moving:
            reached = num * w
            if reached <= (low + r) * den:
                fixed += low
                if reached == (low + r) * den:
                    _add(at_lower, w, r, low)
            elif reached >= (high + r) * den:
                fixed += high
                if reached == (high + r) * den:
                    _add(at_upper, w, r, high)
            else:
                w_act, r_act = w_act + w, r_act + r
        return Sums(fixed, Line(w_act, r_act, 0), Line(*at_lower), Line(*at_upper))

    def fullest(self, level: Fraction) -> Fraction:
        full = (Fraction(high + r, w) for w, r, _, high in self._moving)
        return max((each for each in full if each <= level), default=Fraction(0))

    def full_level(self) -> Fraction:
        """The smallest level at which every claim has its upper bound."""
        return max((Fraction(high + r, w) for w, r, _, high in self._moving), default=Fraction(0))

    def kinks(self, above: Fraction, below: Fraction | None) -> list[Fraction]:
        edges = {Fraction(edge + r, w) for w, r, low, high in self._moving for edge in (low, high)}
        return sorted(edge for edge in edges if edge > above and (below is None or edge < below))

    def settle(self, level: Fraction, scale: int) -> tuple[Column, Column]:
        """Whole units per claim at `level`, and the numerators of what is cut off over `level.denominator * scale`."""
        den = level.denominator * scale
        awards, rests = [], []
        for value in self._values(level):
            award, rest = divmod(value, den)
            awards.append(award)
            rests.append(rest)
        return column(awards), _wide(rests)

    def _values(self, level: Fraction) -> Iterator[int]:
        num, den = level.numerator, level.denominator
        for w, r, low, high in self._claims:
            yield min(max(num * w - r * den, low * den), high * den) if w else low * den


def _add(sums: list[int], w: int, r: int, value: int) -> None:
    sums[0] += w
    sums[1] += r
    sums[2] += value


def _wide(values: list[int]) -> Column:
    wide = np.empty(len(values), dtype=object)
    wide[:] = values
    return wide


def largest_first(rests: Column, left: int) -> tuple[list[int], list[int], int]:
    """(claims that surely get a unit, claims that tie for the rest, how many of those get one)."""
    listed: list[int] = rests.tolist()
    edge = sorted(listed, reverse=True)[left - 1]
    sure = [i for i, rest in enumerate(listed) if rest > edge]
    return sure, [i for i, rest in enumerate(listed) if rest == edge], left - len(sure)
