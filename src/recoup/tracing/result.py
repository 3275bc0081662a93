"""From an outcome in grains to a result in whole units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from recoup.tracing.book import FEES, Book
from recoup.tracing.engine import colours_of
from recoup.tracing.machine import Colour
from recoup.tracing.model import Holding, Parameters, Question, Result, Shares, Stop
from recoup.tracing.outcome import Outcome
from recoup.tracing.poison import Poison
from recoup.tracing.rounding import rounded

LINK = "link"

Place = tuple[str, str]  # account, coin
K = TypeVar("K")
T = TypeVar("T", Holding, Stop)


@dataclass(frozen=True, slots=True)
class _Whole:
    """Whole units of each part of an outcome, by colour; rounded together so that every claim's sum is exact."""

    holdings: list[dict[Colour, int]]
    stops: list[dict[Colour, int]]
    fees: dict[Colour, int]
    left: dict[Colour, int]


def result_of(book: Book, done: Outcome, question: Question, parameters: Parameters) -> Result:
    """Round once and name everything. `done.steps` and gaps come along."""
    names = {number: name for name, number in colours_of(question.claims).items()}
    held = [
        pot
        for pot in range(FEES + 1, len(book.pots))
        if done.machine.coloured(pot) and any(done.machine.held(pot).values())
    ]
    whole = _whole(done, held)
    poisoned = isinstance(done.machine, Poison)

    def named(by_colour: dict[Colour, int]) -> Shares:
        return {names[colour]: amount for colour, amount in by_colour.items()}

    holdings = [
        Holding(pot.account, pot.coin, _traced(units, poisoned), done.machine.balance[number], named(units))
        for number, units, pot in zip(held, whole.holdings, (book.pots[number] for number in held), strict=True)
    ]
    stops = [
        Stop(*key, sink.total if poisoned else _traced(units, poisoned), named(units))
        for (key, sink), units in zip(done.stops.items(), whole.stops, strict=True)
    ]
    result = Result(
        parameters=parameters,
        granularity=book.granularity,
        asset=book.asset,
        injected=named({colour: grains >> done.machine.guard_bits for colour, grains in sorted(done.injected.items())}),
        holdings=tuple(holdings),
        stopped=tuple(stops),
        fees=named(whole.fees),
        left_data=named(whole.left),
        steps=tuple(done.steps),
        gaps=(*done.gaps.values(), *done.shortfalls),
        violations=tuple(book.violations),
        unproven_groups=book.unproven_groups,
        accounted_total=_reach(done, holdings) if poisoned else None,
    )
    return _settled(result)


def _whole(done: Outcome, held: list[int]) -> _Whole:
    rows = [done.machine.held(pot) for pot in held] + [sink.by_colour for sink in done.stops.values()]
    units = rounded([*rows, done.fees.by_colour, done.left.by_colour], done.machine.guard_bits)
    return _Whole(units[: len(held)], units[len(held) : -2], units[-2], units[-1])


def _traced(units: dict[Colour, int], poisoned: bool) -> int:
    """Under poison every claim that reaches a pot reaches all of it: nothing is added up."""
    return max(units.values(), default=0) if poisoned else sum(units.values())


def _reach(done: Outcome, holdings: Iterable[Holding]) -> int:
    sinks = [*done.stops.values(), done.fees, done.left]
    return sum(holding.traced for holding in holdings) + sum(sink.total for sink in sinks)


def _settled(result: Result) -> Result:
    """Without competing orders every interval is its figure."""
    return replace(
        result,
        holdings=tuple(replace(h, low=h.traced, high=h.traced) for h in result.holdings if h.traced),
        stopped=tuple(replace(s, low=s.traced, high=s.traced) for s in result.stopped if s.traced),
    )


def balances_of(book: Book, done: Outcome) -> dict[Place, int]:
    """What every pot holds at the end, by account and coin."""
    return {(pot.account, pot.coin): balance for pot, balance in zip(book.pots, done.machine.balance, strict=True)}


def with_orders(declared: Result, others: Iterable[Result], balances: dict[Place, int]) -> Result:
    """Widen each target's interval over runs in other orders; a target that only they reach is shown with nothing."""
    holdings = {(h.account, h.coin): h for h in declared.holdings}
    stops = {(s.account, s.label, s.kind): s for s in declared.stopped}
    for other in others:
        holdings = _widened(holdings, {(h.account, h.coin): h for h in other.holdings})
        stops = _widened(stops, {(s.account, s.label, s.kind): s for s in other.stopped})
    held = (replace(h, balance=balances.get(place, 0)) for place, h in holdings.items())
    return replace(declared, holdings=tuple(held), stopped=tuple(stops.values()))


def _widened(known: dict[K, T], other: dict[K, T]) -> dict[K, T]:
    wide = {}
    for key in [*known, *(key for key in other if key not in known)]:
        here = known[key] if key in known else replace(other[key], traced=0, by_claim={}, low=0, high=0)
        there = other[key].traced if key in other else 0
        wide[key] = replace(here, low=min(here.low, there), high=max(here.high, there))
    return wide
