"""From movements to the figures that every sharing rule needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate

from recoup.ground import Asset, Defects, Instant


class MovementKind(StrEnum):
    PAID_IN = "paid-in"
    WITHDRAWN = "withdrawn"
    COLLATERAL = "collateral"  # recovered elsewhere for the same loss: insurer, card issuer, settlement
    EARLIER = "earlier"  # paid by this fund before


@dataclass(frozen=True, slots=True)
class Movement:
    """One amount of one claim, with where it is proven. `amount` > 0 in the smallest unit of `asset`."""

    claim: str
    kind: MovementKind
    time: Instant
    amount: int
    asset: Asset
    source: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int or self.amount <= 0 or not self.source:
            raise ValueError("a movement has an amount above 0 in whole units and a source")


@dataclass(frozen=True, slots=True)
class Rate:
    """Smallest units of the base for one smallest unit of `asset` on `day`, exact, as `source` publishes it."""

    asset: Asset
    day: date
    base_per_unit: Fraction
    source: str

    def __post_init__(self) -> None:
        if not isinstance(self.base_per_unit, Fraction | int):
            raise ValueError("a rate is an exact fraction, never a float")
        if self.base_per_unit <= 0 or not self.source:
            raise ValueError("a rate is above 0 and names its source")


class Rates:
    """Rates by asset and day. Two different rates for one asset and day raise ValueError."""

    def __init__(self, rates: Iterable[Rate] = ()) -> None:
        self._rates: dict[tuple[Asset, date], Rate] = {}
        for rate in rates:
            known = self._rates.setdefault((rate.asset, rate.day), rate)
            if known.base_per_unit != rate.base_per_unit:
                raise ValueError(f"{rate.asset.code} has two rates on {rate.day}")

    def on(self, asset: Asset, day: date) -> Fraction | None:
        rate = self._rates.get((asset, day))
        return rate.base_per_unit if rate else None


@dataclass(frozen=True, slots=True)
class Valuation:
    """In which currency a loss is counted, and when each movement is valued.

    `fixed` is the one day of an insolvency regime (petition date, 11 USC 502(b)); None values each movement on its own
    day (value at the date of loss, 28 CFR 9.8(c)).
    """

    base: Asset
    fixed: date | None = None

    def day(self, movement: Movement) -> date:
        return self.fixed or movement.time.start.date()


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one claim in base units, each rounded down once from its exact sum.

    `balance` is the highest running balance; `since_peak` what left after it and never came back. Under maximum balance
    these two stand for `gross` and `withdrawn`.
    """

    gross: int = 0
    withdrawn: int = 0
    collateral: int = 0
    earlier: int = 0
    balance: int = 0
    since_peak: int = 0

    @property
    def loss(self) -> int:
        return max(0, self.gross - self.withdrawn - self.collateral)


def figures_of(
    movements: Iterable[Movement], valuation: Valuation, rates: Rates, defects: Defects
) -> Mapping[str, Figures]:
    """Figures by claim, in the order of the claims' names.

    A movement without a rate for its day becomes a defect and its whole claim is left out: a partial loss is no loss
    figure. Movements of one time stand in the order of their kinds, money in before money out.
    """
    by_claim: dict[str, list[tuple[Movement, Fraction]]] = {}
    unvalued: set[str] = set()
    for movement in movements:
        value = _value(movement, valuation, rates)
        if value is None:
            day = valuation.day(movement)
            what = f"claim {movement.claim[:60]}: no rate for {movement.asset.code} on {day}"
            defects.add(movement.source, 0, what, "Add the rate with its source; the claim is left out until then")
            unvalued.add(movement.claim)
        else:
            by_claim.setdefault(movement.claim, []).append((movement, value))
    return {claim: _figures(by_claim[claim]) for claim in sorted(by_claim) if claim not in unvalued}


def _value(movement: Movement, valuation: Valuation, rates: Rates) -> Fraction | None:
    if movement.asset == valuation.base:
        return Fraction(movement.amount)
    rate = rates.on(movement.asset, valuation.day(movement))
    return None if rate is None else movement.amount * rate


def _figures(valued: Sequence[tuple[Movement, Fraction]]) -> Figures:
    sums = dict.fromkeys(MovementKind, Fraction(0))
    for movement, value in valued:
        sums[movement.kind] += value
    highest, end = _balances(valued)
    return Figures(
        gross=_floor(sums[MovementKind.PAID_IN]),
        withdrawn=_floor(sums[MovementKind.WITHDRAWN]),
        collateral=_floor(sums[MovementKind.COLLATERAL]),
        earlier=_floor(sums[MovementKind.EARLIER]),
        balance=_floor(highest),
        since_peak=_floor(highest - end),
    )


def _balances(valued: Sequence[tuple[Movement, Fraction]]) -> tuple[Fraction, Fraction]:
    """(highest, last) running balance of money in less money out."""
    order = list(MovementKind)
    moved = sorted(
        (pair for pair in valued if pair[0].kind in (MovementKind.PAID_IN, MovementKind.WITHDRAWN)),
        key=lambda pair: (pair[0].time, order.index(pair[0].kind), pair[0].source, pair[1]),
    )
    steps = (value if movement.kind is MovementKind.PAID_IN else -value for movement, value in moved)
    running = list(accumulate(steps, initial=Fraction(0)))
    return max(running), running[-1]


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


@dataclass(frozen=True, slots=True)
class Proprietary:
    """What a claim takes as owner out of traced money, and the loss that remains for the general class."""

    owned: int
    remaining: int


def proprietary(traced: Mapping[str, int], losses: Mapping[str, int]) -> Mapping[str, Proprietary]:
    """Split losses by what a tracing rule found of each claim in the fund's own accounts (`recoup trace`, by_claim).

    An owner takes at most the loss; claims that were not traced stay whole in the general class.
    """
    owned = {claim: min(traced.get(claim, 0), loss) for claim, loss in losses.items()}
    return {claim: Proprietary(owned[claim], loss - owned[claim]) for claim, loss in losses.items()}
