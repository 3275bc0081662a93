"""The kernel's compiled engine: int64 columns, the same results to the unit as the big-integer engine.

A quotient floor(num*w/den) is estimated in double precision: below 2**50 the estimate is off by at most one. The
remainder num*w - q*den is then exact in wrapping 64-bit arithmetic while den < 2**61, and says whether to correct.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit

from recoup.restitution.sharing.columns import Column
from recoup.restitution.sharing.exact import ExactEngine
from recoup.restitution.sharing.search import Line, Sums

NUMERATOR_BITS_MAX = 61
DENOMINATOR_BITS_MAX = 60
_FAR = 2**50
_NEAR = 2**46  # quotients that differ by less than one part in this are compared exactly

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[..., R]:
    """Machine code of `function`, kept on disk after the first call."""
    return cast(Callable[..., R], njit(cache=True)(function))


class TooWide(OverflowError):
    """A level that 64-bit arithmetic cannot hold: the caller takes the big-integer engine."""


class FastEngine:
    """Claims as int64 columns within the limits of `columns.fits_small`."""

    def __init__(self, weight: Column, received: Column, lower: Column, upper: Column) -> None:
        self._columns: tuple[Column, ...] = tuple(
            np.ascontiguousarray(each) for each in (weight, received, lower, upper)
        )

    def sums(self, level: Fraction) -> Sums:
        out = np.zeros(9, dtype=np.int64)
        _sums(*self._columns, *_narrow(level), out)
        fixed, w, r, lw, lr, lv, uw, ur, uv = out.tolist()
        return Sums(fixed, Line(w, r, 0), Line(lw, lr, lv), Line(uw, ur, uv))

    def fullest(self, level: Fraction) -> Fraction:
        return Fraction(*_fullest(*self._columns, *_narrow(level), False))

    def full_level(self) -> Fraction:
        """The smallest level at which every claim has its upper bound."""
        return Fraction(*_fullest(*self._columns, 0, 1, True))

    def kinks(self, above: Fraction, below: Fraction | None) -> list[Fraction]:
        return ExactEngine(*self._columns).kinks(above, below)

    def settle(self, level: Fraction, scale: int) -> tuple[Column, Column]:
        """Whole units per claim at `level`, and the numerators of what is cut off over `level.denominator * scale`."""
        if level.denominator * scale >= 2**DENOMINATOR_BITS_MAX * 2:
            raise TooWide
        awards, rests = np.empty_like(self._columns[0]), np.empty_like(self._columns[0])
        _settle(*self._columns, *_narrow(level), scale, awards, rests)
        return awards, rests


def _whole(values: Column) -> Column:
    return np.ascontiguousarray(values)


def _narrow(level: Fraction) -> tuple[int, int]:
    num, den = level.numerator, level.denominator
    if num.bit_length() > NUMERATOR_BITS_MAX or den.bit_length() > DENOMINATOR_BITS_MAX:
        raise TooWide
    return num, den


@compiled
def _divided(num: int, w: int, den: int, estimate: Any) -> tuple[Any, Any]:
    q = np.int64(estimate)
    m = num * w - q * den
    if m < 0:
        q -= 1
        m += den
    elif m >= den:
        q += 1
        m -= den
    return q, m


@compiled
def _sums(weight: Any, received: Any, lower: Any, upper: Any, num: int, den: int, out: Any) -> None:
    ratio = np.true_divide(num, den)  # an estimate, corrected by its exact remainder
    fixed = act_w = act_r = low_w = low_r = low_v = up_w = up_r = up_v = np.int64(0)
    for i in range(weight.size):
        w, r, low, high = weight[i], received[i], lower[i], upper[i]
        if w == 0 or low == high:
            fixed += low
            continue
        estimate = ratio * w
        if estimate >= _FAR:
            fixed += high
            continue
        q, m = _divided(num, w, den, estimate)
        if q >= high + r:
            fixed += high
            if q == high + r and m == 0:
                up_w, up_r, up_v = up_w + w, up_r + r, up_v + high
        elif q < low + r or (q == low + r and m == 0):
            fixed += low
            if q == low + r:
                low_w, low_r, low_v = low_w + w, low_r + r, low_v + low
        else:
            act_w, act_r = act_w + w, act_r + r
    out[0], out[1], out[2] = fixed, act_w, act_r
    out[3], out[4], out[5] = low_w, low_r, low_v
    out[6], out[7], out[8] = up_w, up_r, up_v


@compiled
def _settle(
    weight: Any, received: Any, lower: Any, upper: Any, num: int, den: int, scale: int, awards: Any, rests: Any
) -> None:
    ratio = np.true_divide(num, den)  # an estimate, corrected by its exact remainder
    for i in range(weight.size):
        w, r, low, high = weight[i], received[i], lower[i], upper[i]
        value, m = low, np.int64(0)
        if w != 0 and low != high:
            estimate = ratio * w
            if estimate >= _FAR:
                value = high
            else:
                q, rest = _divided(num, w, den, estimate)
                if q >= high + r:
                    value = high
                elif q >= low + r:
                    value, m = q - r, rest
        award = value // scale
        awards[i] = award
        rests[i] = (value - award * scale) * den + m


@compiled
def _fullest(weight: Any, received: Any, lower: Any, upper: Any, num: int, den: int, every: bool) -> tuple[int, int]:
    """The largest (upper + received) / weight among full claims; products stay exact: both factors are below 2**50."""
    ratio = np.true_divide(num, den)  # an estimate, corrected by its exact remainder
    top, below = np.int64(0), np.int64(1)
    for i in range(weight.size):
        w, edge = weight[i], upper[i] + received[i]
        if w == 0 or lower[i] == upper[i]:
            continue
        if not every and ratio * w < _FAR:
            q, _ = _divided(num, w, den, ratio * w)
            if q < edge:
                continue
        here, best = np.true_divide(edge, w), np.true_divide(top, below)  # close ones are compared exactly
        if (here - best) * _NEAR > best or ((here - best) * _NEAR > -best and edge * below - top * w > 0):
            top, below = edge, w
    return int(top), int(below)


@compiled
def _digit_counts(rests: Any, prefix: int, shift: int, digits: int, counts: Any) -> None:
    mask = (1 << digits) - 1
    for i in range(rests.size):
        if rests[i] >> (shift + digits) == prefix:
            counts[(rests[i] >> shift) & mask] += 1


def largest_first(rests: Column, left: int) -> tuple[list[int], list[int], int]:
    """(claims that surely get a unit, claims that tie for the rest, how many of those get one): a radix selection."""
    prefix, wanted = 0, left
    for shift, digits in ((47, 15), (32, 15), (16, 16), (0, 16)):  # remainders are below 2**62
        counts = np.zeros(1 << digits, dtype=np.int64)
        _digit_counts(rests, prefix, shift, digits, counts)
        from_top = np.cumsum(counts[::-1])
        place = int(np.searchsorted(from_top, wanted))
        wanted -= int(from_top[place - 1]) if place else 0
        prefix = (prefix << digits) | ((1 << digits) - 1 - place)
    return np.flatnonzero(rests > prefix).tolist(), np.flatnonzero(rests == prefix).tolist(), wanted
