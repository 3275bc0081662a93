"""A finished trace on standard output: JSON lines for machines, tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from recoup.casework.trace import Traced
from recoup.formats.exhibit.figures import share_text
from recoup.formats.exhibit.markup import visible
from recoup.ground import Asset
from recoup.tracing import Gap, Holding, Result, Shares, Stop

PIPE_WIDTH = 160  # columns where standard output is no terminal
ROWS_SHOWN_MAX = 30

Json = dict[str, Any]


def json_lines(traced: Traced) -> Iterator[str]:
    """One object per rule and asset, the declared rule first; amounts are decimal text of the smallest unit."""
    for i, run in enumerate(traced.runs):
        for result in run:
            yield json.dumps(_result(result, declared=i == 0), ensure_ascii=False)


def _result(result: Result, declared: bool) -> Json:
    line: Json = {
        "rule": result.parameters.rule,
        "granularity": result.granularity,
        "asset": result.asset.code,
        "declared": declared,
        "injected": str(result.injected_total),
        "injected_by_claim": _shares(result.injected),
        "fees": str(sum(result.fees.values())),
        "fees_by_claim": _shares(result.fees),
        "holdings": [_holding(holding, result.asset) for holding in result.holdings],
        "stopped": [_stop(stop) for stop in result.stopped],
        "left_data": str(sum(result.left_data.values())),
        "left_by_claim": _shares(result.left_data),
        "accounted": str(result.accounted),
        "difference": str(result.difference),
        "conserved": result.conserved,
        "gaps": [_gap(gap) for gap in result.gaps],
        "violations": list(result.violations),
        "unproven_groups": result.unproven_groups,
    }
    return line if result.parameters.rule.conserves else {**line, "reach": True}


def _shares(shares: Shares) -> dict[str, str]:
    return {claim: str(amount) for claim, amount in shares.items()}


def _holding(holding: Holding, asset: Asset) -> Json:
    """`coin` is empty text where an account holds the value."""
    where = {"account": holding.account, "asset": asset.code, "coin": holding.coin}
    amounts = {"traced": str(holding.traced), "balance": str(holding.balance), "by_claim": _shares(holding.by_claim)}
    return {**where, **amounts, "low": str(holding.low), "high": str(holding.high)}


def _stop(stop: Stop) -> Json:
    where = {"account": stop.account, "label": stop.label, "kind": stop.kind}
    amounts = {"traced": str(stop.traced), "by_claim": _shares(stop.by_claim)}
    return {**where, **amounts, "low": str(stop.low), "high": str(stop.high)}


def _gap(gap: Gap) -> Json:
    return {"code": gap.code, "entry": gap.entry, "account": gap.account, "amount": str(gap.amount), "text": gap.text}


def readable(traced: Traced) -> None:
    """A table of places for the declared rule of each asset, then the other rules in one table."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH, no_color=True)
    for result in traced.declared:
        _places(console, result)
    if traced.others:
        _rules(console, traced)


def _places(console: Console, result: Result) -> None:
    rule, whole = result.parameters.rule, result.injected_total
    title = f"{result.asset.written(whole)} claimed, rule {rule}, granularity {result.granularity}"
    table = _table(title, "where", "", "traced", "share", "for")
    found: list[Holding | Stop] = [*result.holdings, *result.stopped]
    for target in sorted(found, key=lambda target: -target.traced)[:ROWS_SHOWN_MAX]:
        what = "held" if isinstance(target, Holding) else f"stop: {target.label or target.kind}"
        where = f"{target.account} {target.coin}" if isinstance(target, Holding) else target.account
        table.add_row(*_texts(where.strip(), what, *_figures(result, target.traced), _whose(result, target.by_claim)))
    if len(found) > ROWS_SHOWN_MAX:
        table.add_row(*_texts(f"and {len(found) - ROWS_SHOWN_MAX:,} more (--json or --out list all)", "", "", "", ""))
    for name, shares in (("fees", result.fees), ("left the data", result.left_data)):
        if any(shares.values()):
            table.add_row(*_texts(name, "", *_figures(result, sum(shares.values())), _whose(result, shares)))
    console.print(table)
    console.print(_texts(_verdict(result))[0])
    for line in _caveats(result):
        console.print(_texts(line)[0])


def _verdict(result: Result) -> str:
    accounted, injected = result.asset.written(result.accounted), result.asset.written(result.injected_total)
    if not result.parameters.rule.conserves:
        return f"A reach, not an amount: {accounted} may have been touched by {injected}."
    if result.conserved:
        return f"The parts add up: {accounted}."
    return f"THE PARTS DO NOT ADD UP: {accounted} against {injected}."


def _caveats(result: Result) -> Iterator[str]:
    if result.gaps:
        yield f"{len(result.gaps):,} gaps: history that is not in the data counts as clean."
    if result.violations:
        yield f"{len(result.violations):,} entries of the ledger do not add up; they are reported, not repaired."
    targets: list[Holding | Stop] = [*result.holdings, *result.stopped]
    if any(target.low != target.high for target in targets):
        yield "The order of some entries is not proven; --json and --out give each figure's interval."


def _rules(console: Console, traced: Traced) -> None:
    table = _table("Other rules, for comparison only", "rule", "asset", "held", "stopped", "fees", "left the data")
    for result in traced.others:
        asset = result.asset
        sums = [
            sum(holding.traced for holding in result.holdings),
            sum(stop.traced for stop in result.stopped),
            sum(result.fees.values()),
            sum(result.left_data.values()),
        ]
        name = result.parameters.rule + ("" if result.parameters.rule.conserves else " (reach)")
        table.add_row(*_texts(name, asset.code, *(asset.written(amount) for amount in sums)))
    console.print(table)


def _table(title: str, *headings: str) -> Table:
    table = Table(title=Text(title), title_justify="left", box=SIMPLE_HEAD)
    for heading in headings:
        right = heading in ("traced", "share", "held", "stopped", "fees", "left the data")
        table.add_column(heading, justify="right" if right else "left", overflow="fold", no_wrap=right)
    return table


def _figures(result: Result, amount: int) -> tuple[str, str]:
    return result.asset.written(amount), share_text(amount, result.injected_total)


def _whose(result: Result, shares: Shares) -> str:
    if len(result.injected) == 1:
        return next(iter(shares), "")
    return ", ".join(f"{claim} {result.asset.written(amount)}" for claim, amount in shares.items())


def _texts(*cells: str) -> list[Text]:
    """Foreign text as text: no markup, nothing invisible."""
    return [Text(visible(cell)) for cell in cells]
