"""Rules side by side on the same claims: who gains, who gets nothing, how unequal, and where the order breaks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from recoup.restitution.sharing.allocate import Convenience, Rulebook, Way, allocate
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.kernel import Rounding
from recoup.restitution.sharing.model import Claims
from recoup.restitution.sharing.rules import Options

QUANTILES = 101
BASIS_POINTS = 10_000


# The rules of one pool that a court is usually asked to choose between.
RULES_COMPARED = ("pro-rata", "rising-tide", "rising-tide-without-withdrawals", "cea", "cel", "talmud")


def compared(claims: Claims, own: Rulebook | None = None) -> tuple[str, dict[str, Rulebook]]:
    """(name of the baseline, rules to compare): the usual rules, two that favour small losses, and the plan's own.

    The minimum and the convenience threshold are a quarter of the median open loss.
    """
    still = np.sort(claims.outstanding[claims.outstanding > 0])
    quarter = max(1, int(still[len(still) // 2]) // 4) if len(still) else 1
    books = {rule: Rulebook(rule) for rule in RULES_COMPARED} | {
        f"pro-rata, minimum {quarter}": Rulebook("pro-rata", Options(minimum=quarter)),
        f"pro-rata, 70 % up to {quarter}": Rulebook("pro-rata", convenience=Convenience(quarter, Fraction(7, 10))),
    }
    if own is None:
        return RULES_COMPARED[0], books
    same = next((name for name, book in books.items() if book == own), None)
    if same:
        return same, books
    return f"plan: {own.rule}", {f"plan: {own.rule}": own} | books


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule does. Money in the smallest unit; `curve` is the recovery of each percentile of persons in basis
    points of what they paid in (floored), worst off first.

    `zero`: persons with an open loss who get nothing. `gini`: of the awards, exact. `gini_loss`: of what stays lost.
    `breaks`: persons who get less than somebody with a smaller loss. Gains and losses are against the baseline rule.
    """

    name: str
    paid: int
    level: Fraction | None
    zero: int
    open: int
    gini: Fraction
    gini_loss: Fraction
    breaks: int
    gainers: int
    losers: int
    moved: int
    curve: tuple[int, ...]

    @property
    def share_at_zero(self) -> Fraction:
        return Fraction(self.zero, self.open) if self.open else Fraction(0)


def simulate(claims: Claims, pool: int, baseline: str, books: dict[str, Rulebook]) -> tuple[Outcome, ...]:
    """Every rule of `books` on the same claims and pool, floors only; `baseline` must be one of them."""
    way = Way(Rounding.INTERIM)
    shared = {name: allocate(book, claims, pool, way) for name, book in books.items()}
    base = shared[baseline].awards
    return tuple(_outcome(name, claims, each.awards, each.level, base) for name, each in shared.items())


def _outcome(name: str, claims: Claims, awards: Column, level: Fraction | None, base: Column) -> Outcome:
    still = claims.outstanding > 0
    change = awards - base
    return Outcome(
        name=name,
        paid=total(awards),
        level=level,
        zero=int(np.count_nonzero(still & (awards == 0))),
        open=int(np.count_nonzero(still)),
        gini=gini(awards[still]),
        gini_loss=gini((claims.outstanding - awards)[still]),
        breaks=order_breaks(claims.outstanding[still], awards[still]),
        gainers=int(np.count_nonzero(change > 0)),
        losers=int(np.count_nonzero(change < 0)),
        moved=total(change[change > 0]),
        curve=_curve(claims, awards),
    )


def gini(values: Column) -> Fraction:
    """The Gini coefficient of values >= 0, exact: sum of (2i - n - 1) x_i over n times the sum, x ascending."""
    n, whole = len(values), total(values)
    if n == 0 or whole == 0:
        return Fraction(0)
    ordered = np.sort(values)
    # Sum of i*x_i = sum over i of the tail sums; each running sum stays below 2**60, their total does not.
    tails = whole * n - _wide_total(np.cumsum(ordered)) + whole
    return Fraction(2 * tails - (n + 1) * whole, n * whole)


def _wide_total(values: Column) -> int:
    if values.dtype == object:
        return total(values)
    return (int((values >> 30).sum()) << 30) + int((values & (2**30 - 1)).sum())


def order_breaks(losses: Column, awards: Column) -> int:
    """How many get less than somebody whose loss is strictly smaller."""
    if len(losses) == 0:
        return 0
    order = np.argsort(losses, kind="stable")
    sorted_losses, sorted_awards = losses[order], awards[order]
    best = np.maximum.accumulate(sorted_awards)
    before = np.searchsorted(sorted_losses, sorted_losses, side="left")
    most = np.where(before > 0, best[np.maximum(before - 1, 0)], 0)
    return int(np.count_nonzero(sorted_awards < most))


def _curve(claims: Claims, awards: Column) -> tuple[int, ...]:
    """Recovery at each percentile: withdrawn + collateral + earlier + award over gross, capped at 100 %."""
    paid_in = claims.gross > 0
    if not paid_in.any():
        return (0,) * QUANTILES
    back = (claims.withdrawn + claims.collateral + claims.paid + awards)[paid_in]
    gross = claims.gross[paid_in]
    wide = back.astype(object) * BASIS_POINTS if gross.dtype == object else back
    points = wide // gross if gross.dtype == object else _points(back, gross)
    ordered = np.sort(np.minimum(points, BASIS_POINTS))
    places = [(len(ordered) - 1) * step // (QUANTILES - 1) for step in range(QUANTILES)]
    return tuple(int(ordered[place]) for place in places)


def _points(back: Column, gross: Column) -> Column:
    """floor(back * 10000 / gross) without overflow: values are below 2**51, so one factor of 100 at a time."""
    whole, rest = np.divmod(back, gross)
    first, rest = np.divmod(rest * 100, gross)
    points: Column = np.minimum(whole, 1) * BASIS_POINTS + first * 100 + rest * 100 // gross
    return points
