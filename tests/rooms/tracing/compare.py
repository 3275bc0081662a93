"""Where a result of the engine differs from the reference, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tests.rooms.tracing.ledgers import Case
from tests.rooms.tracing.reference import Circle, Outcome, Target, reference_in_all_orders
from tests.rooms.tracing.reference_rules import Number

from recoup.ground import Asset, Refused
from recoup.tracing import run_trace
from recoup.tracing.model import LinkKind, Result, Rule

Spans = dict[Target, tuple[Number, Number]]
Table = dict[Target, dict[str, int]]


def table(result: Result) -> Table:
    """Every target of a result with its colours, by the reference's names."""
    found: Table = defaultdict(lambda: defaultdict(int))
    rows: list[tuple[Target, dict[str, int]]] = [
        (("holding", holding.account, holding.coin), holding.by_claim) for holding in result.holdings
    ]
    rows += [(stop_target(stop.account, stop.label, stop.kind), stop.by_claim) for stop in result.stopped]
    for target, shares in [*rows, (("fees",), result.fees), (("left",), result.left_data)]:
        for claim, amount in shares.items():
            found[target][claim] += amount
    return found


def stop_target(account: str, label: str, kind: str) -> Target:
    return (
        "stop",
        account,
        "" if kind in ("senior-claim", "below-minimum", "hop-limit") else label,
        kind,
    )


def whole(result: Result) -> dict[Target, tuple[int, int, int]]:
    """`traced`, `low` and `high` of each holding and stop."""
    found: dict[Target, tuple[int, int, int]] = {}
    for holding in result.holdings:
        found["holding", holding.account, holding.coin] = (holding.traced, holding.low, holding.high)
    for stop in result.stopped:
        found[stop_target(stop.account, stop.label, stop.kind)] = (stop.traced, stop.low, stop.high)
    return found


def disagreements(case: Case, rule: Rule) -> list[str]:
    """Engine against reference on one case under one rule; a refusal must be both's."""
    parameters = replace(case.parameters, rule=rule)
    try:
        results: tuple[Result, ...] | None = run_trace(case.ledger, case.question, parameters)
    except Refused:
        results = None
    crosses = rule is Rule.PARI_PASSU or any(link.kind is not LinkKind.ELECTION for link in case.question.links)
    if crosses and parameters.backward:
        return [] if results is None else ["pari-passu and links have no backward trace"]
    try:
        outcomes, spans = reference_in_all_orders(case.ledger, case.question, parameters)
    except Circle:
        return [] if results is None else ["links run in a circle"]
    return ["refused"] if results is None else differences(results, outcomes, spans)


def differences(
    results: tuple[Result, ...], outcomes: dict[Asset, Outcome], spans: dict[Asset, Spans] | None = None
) -> list[str]:
    """Empty where engine and reference agree to the unit (shares: up to the choice that controlled rounding leaves)."""
    if [result.asset for result in results] != list(outcomes):
        return [f"assets: {[r.asset.code for r in results]} for {[a.code for a in outcomes]}"]
    found: list[str] = []
    for result in results:
        outcome = outcomes[result.asset]
        found += _cells(result, outcome)
        found += _sums(result, outcome)
        found += _balances(result, outcome)
        if spans is not None:
            found += _intervals(result, outcome, spans[result.asset])
    return found


def _near(amount: int, exact: Number, scale: int) -> bool:
    """Floor or ceiling of `exact` / `scale`; the same integer where it is one."""
    return abs(Fraction(amount) - Fraction(exact) / scale) < 1


def _cells(result: Result, outcome: Outcome) -> Iterator[str]:
    engine = table(result)
    for target in sorted({*engine, *outcome.targets}):
        row, expected = engine.get(target, {}), outcome.targets.get(target, {})
        for claim in sorted({*row, *expected}):
            if not _near(row.get(claim, 0), expected.get(claim, 0), outcome.scale):
                right = Fraction(expected.get(claim, 0)) / outcome.scale
                yield f"{target} {claim}: engine {row.get(claim, 0)}, reference {right}"


def _sums(result: Result, outcome: Outcome) -> Iterator[str]:
    for target, (traced, _, _) in whole(result).items():
        if not _near(traced, outcome.traced(target), 1 if outcome.reach else outcome.scale):
            yield f"{target} traced: engine {traced}, reference {outcome.traced(target)}/{outcome.scale}"
    engine, reached = table(result), outcome.reach
    for claim in sorted({*result.injected, *outcome.injected}):
        injected = Fraction(outcome.injected[claim]) / outcome.scale
        if not _near(result.injected.get(claim, 0), outcome.injected[claim], outcome.scale):
            yield f"injected {claim}: engine {result.injected.get(claim, 0)}, reference {injected}"
        accounted = sum(row.get(claim, 0) for row in engine.values())
        if not reached and accounted != result.injected.get(claim, 0):
            yield f"claim {claim}: accounted {accounted}, injected {result.injected.get(claim, 0)}"
    reach = sum(outcome.whole.values())
    if reached and result.accounted != reach:
        yield f"reach: engine {result.accounted}, reference {reach}"


def _balances(result: Result, outcome: Outcome) -> Iterator[str]:
    for holding in result.holdings:
        expected = outcome.balance.get(("holding", holding.account, holding.coin), 0)
        if holding.balance != expected:
            yield f"balance of {holding.account} {holding.coin}: engine {holding.balance}, reference {expected}"


def _intervals(result: Result, outcome: Outcome, spans: Spans) -> Iterator[str]:
    for target, (traced, low, high) in whole(result).items():
        least, most = spans.get(target, (0, 0))
        scale = 1 if outcome.reach else outcome.scale
        if not (_near(low, least, scale) and _near(high, most, scale) and low <= traced <= high):
            yield f"{target}: engine {low}..{high} ({traced}), reference {least}..{most} in 1/{scale}"
