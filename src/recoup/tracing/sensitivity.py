"""The sensitivity sheet: what each target would be under every other admissible choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recoup.ground import Asset
from recoup.ledger import Ledger
from recoup.tracing.model import FeePolicy, Granularity, Parameters, Question, Result, Rule
from recoup.tracing.run import NO_COINS, Trace
from recoup.tracing.sheet import HELD, Cell, Sheet


def sensitivity(ledger: Ledger, question: Question, parameters: Parameters) -> tuple[Sheet, ...]:
    """Every rule × granularity × fee policy on the same question, the declared choice marked; one sheet per asset.

    At cluster granularity a target is a cluster and not comparable with its accounts: clusters are targets of their own
    and are run only where the declared granularity is cluster.
    """
    found: dict[Asset, list[Cell]] = {}
    trace = Trace(ledger, question)
    for choice in choices(trace, parameters):
        for result in trace.under(choice):
            found.setdefault(result.asset, []).extend(_cells(result, choice == parameters))
    return tuple(Sheet(asset, tuple(sorted(cells, key=lambda c: not c.chosen))) for asset, cells in found.items())


def choices(trace: Trace, parameters: Parameters) -> Iterator[Parameters]:
    """The declared parameters and every other combination that gives another run."""
    policies = tuple(FeePolicy) if trace.fee_matters(parameters) else (parameters.fee_policy,)
    for rule in Rule:
        if rule is Rule.PARI_PASSU and parameters.backward:
            continue
        for granularity in _granularities(trace.ledger, rule, parameters):
            for fee_policy in policies:
                yield replace(parameters, rule=rule, granularity=granularity, fee_policy=fee_policy)


def _granularities(ledger: Ledger, rule: Rule, parameters: Parameters) -> list[Granularity]:
    if parameters.granularity is Granularity.CLUSTER:
        return [Granularity.CLUSTER]
    if not ledger.coin_ledgers or rule in NO_COINS:
        return [parameters.granularity]
    return [Granularity.COIN, Granularity.ACCOUNT]


def _cells(result: Result, chosen: bool) -> Iterator[Cell]:
    """Coins of one account are one target."""
    sums: dict[tuple[str, str], list[int]] = {}
    for holding in result.holdings:
        _add(sums, (holding.account, HELD), holding.traced, holding.low, holding.high)
    for stop in result.stopped:
        _add(sums, (stop.label or stop.account, stop.kind), stop.traced, stop.low, stop.high)
    choice = (result.parameters.rule, result.granularity, result.parameters.fee_policy)
    for (target, kind), (traced, low, high) in sums.items():
        yield Cell(target, kind, *choice, traced, low, high, chosen)


def _add(sums: dict[tuple[str, str], list[int]], key: tuple[str, str], *amounts: int) -> None:
    sums[key] = [a + b for a, b in zip(sums.get(key, (0, 0, 0)), amounts, strict=True)]
