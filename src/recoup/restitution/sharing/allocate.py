"""One pool, one rule: awards, with de minimis, convenience class and interest on a surplus."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from recoup.restitution.sharing.columns import Column, constant, total
from recoup.restitution.sharing.kernel import Fill, Rounding, Terms, Tie, fill
from recoup.restitution.sharing.model import Allocation, Claims, Step
from recoup.restitution.sharing.rules import PLAIN, Options, terms_for

# Rules under which a smaller claim never receives more: only there does dropping the smallest reach a fixpoint.
ORDER_KEEPING = frozenset({"pro-rata", "cea", "cel", "talmud"})


@dataclass(frozen=True, slots=True)
class Convenience:
    """Claims up to `threshold` (or whose owners elect down to it) receive the fixed `share` of it, before the rest."""

    threshold: int
    share: Fraction

    def __post_init__(self) -> None:
        if self.threshold <= 0 or not 0 < self.share <= 1:
            raise ValueError("a convenience class needs a threshold above 0 and a share above 0 and at most 1")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """How one pool is shared: the rule with its options, and what stands around it."""

    rule: str
    options: Options = PLAIN
    de_minimis: int = 0
    convenience: Convenience | None = None

    def __post_init__(self) -> None:
        if self.de_minimis and self.rule not in ORDER_KEEPING:
            raise ValueError(
                f"de minimis needs a rule that keeps the order of claims: {', '.join(sorted(ORDER_KEEPING))}"
            )


@dataclass(frozen=True, slots=True)
class Way:
    """How units are given out: interim or final, and the seed of the tie keys."""

    rounding: Rounding = Rounding.FINAL
    seed: str = ""

    def tie(self, ids: Sequence[str]) -> Tie:
        """Keys that depend on the claim's id and the seed alone, never on the order of the claims."""
        return lambda i: hashlib.sha256(f"{self.seed}\n{ids[i]}".encode()).digest()


FINAL = Way()


def allocate(
    book: Rulebook,
    claims: Claims,
    amount: int,
    way: Way = FINAL,
    elects: Column | None = None,
) -> Allocation:
    """Share `amount` among `claims`. `elects` marks those who elect down into the convenience class.

    Claims of one beneficiary must be one row already (see `consolidate`).
    """
    if book.convenience is None:
        return _main(book, claims, amount, way)
    chosen = (claims.loss <= book.convenience.threshold) & (claims.outstanding > 0)
    if elects is not None:
        chosen |= elects & (claims.outstanding > 0)
    small, rest = np.flatnonzero(chosen), np.flatnonzero(~chosen)
    first = _convenience(book.convenience, book.options.cap, claims.take(small), amount, way)
    second = _main(book, claims.take(rest), first.surplus, way)
    awards = np.zeros_like(claims.gross)
    awards[small], awards[rest] = first.awards, second.awards
    undivided = first.undivided + second.undivided
    held, steps = np.zeros_like(awards), first.steps + second.steps
    return replace(second, awards=awards, undivided=undivided, held=held, steps=steps)


def _convenience(convenience: Convenience, cap: int | None, claims: Claims, amount: int, way: Way) -> Allocation:
    """The fixed share less what earlier rounds paid of it; the cap of the rule holds here too."""
    share = convenience.share
    base = np.minimum(claims.loss, convenience.threshold).astype(object)
    most = base * share.numerator // share.denominator
    most = most if cap is None else np.minimum(most, cap)
    fixed = np.minimum(np.maximum(0, most - claims.paid), claims.outstanding)
    zero = np.zeros_like(fixed)
    filled = fill(Terms(fixed, zero, zero, fixed), amount, way.rounding, way.tie(claims.ids))
    note = f"claims up to {convenience.threshold} receive {share}"
    return _allocation("convenience class", "fixed share", claims, amount, filled, note)


def _main(book: Rulebook, claims: Claims, amount: int, way: Way) -> Allocation:
    if not book.de_minimis:
        return _by_rule(book, claims, amount, way)
    order = np.argsort(claims.loss, kind="stable")
    levels = np.unique(claims.loss[order])
    starts = np.searchsorted(claims.loss[order], levels)

    def kept(level: int) -> Column:
        return np.sort(order[starts[level] :]) if level < len(levels) else order[:0]

    dropped = _first(len(levels), lambda level: _smallest_is_enough(book, claims.take(kept(level)), amount))
    rest = kept(dropped)
    inner = _by_rule(book, claims.take(rest), amount, way)
    awards = np.zeros_like(claims.gross)
    awards[rest] = inner.awards
    note = f"{len(claims) - len(rest)} claims below the de minimis of {book.de_minimis} receive nothing"
    steps = (replace(inner.steps[0], note=note), *inner.steps[1:])
    return replace(inner, awards=awards, held=np.zeros_like(awards), steps=steps)


def _smallest_is_enough(book: Rulebook, claims: Claims, amount: int) -> bool:
    """Whether the smallest claim has at least the de minimis over all rounds, in whole units."""
    terms = terms_for(book.rule, claims, amount, book.options)
    awards = fill(terms, amount, Rounding.INTERIM).awards
    smallest = int(np.argmin(claims.loss))
    return bool(claims.loss[smallest] == 0 or awards[smallest] + claims.paid[smallest] >= book.de_minimis)


def _first(count: int, holds: Callable[[int], bool]) -> int:
    """The first of 0..count-1 that holds, by bisection; `count` if none does."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _by_rule(book: Rulebook, claims: Claims, amount: int, way: Way) -> Allocation:
    terms = terms_for(book.rule, claims, amount, book.options)
    filled = fill(terms, amount, way.rounding, way.tie(claims.ids))
    level = Fraction(filled.level, terms.scale)
    return _allocation("main", book.rule, claims, amount, replace(filled, level=level))


def _allocation(name: str, rule: str, claims: Claims, amount: int, filled: Fill, note: str = "") -> Allocation:
    step = Step(name, rule, len(claims), amount, total(filled.awards), filled.level, note)
    held = constant(0, filled.awards)
    return Allocation(filled.awards, filled.level, filled.surplus, filled.undivided, held, (step,))


def interest(claims: Claims, awards: Column, amount: int, way: Way) -> Fill:
    """Share a surplus as interest: pro rata of the interest allowed, to claims that are then paid in full."""
    owed = np.where(claims.outstanding == awards, claims.interest, 0)
    zero = np.zeros_like(owed)
    return fill(Terms(owed, zero, zero, owed), amount, way.rounding, way.tie(claims.ids))
