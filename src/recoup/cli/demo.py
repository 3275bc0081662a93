"""`recoup demo`: the bundled reference cases, whole pipeline."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from recoup.casework.cases import Case, case, names
from recoup.casework.demo import Shown, show_case
from recoup.tracing import Result

OUT = Path("out/demo")
STOPS_SHOWN_MAX = 4


@click.command()
@click.argument("name", required=False, type=click.Choice(names()))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=OUT, show_default=True)
def demo(name: str | None, out: Path) -> None:
    """Trace the bundled reference cases (or only NAME) under every rule, write their exhibits and verify them."""
    out.mkdir(parents=True, exist_ok=True)
    console = Console(soft_wrap=True)
    chosen = [case(one) for one in ([name] if name else names())]
    shown = [_demonstrated(number, len(chosen), one, out, console) for number, one in enumerate(chosen, start=1)]
    if any(one.verification.difference for one in shown):
        sys.exit(1)


def _demonstrated(number: int, count: int, chosen: Case, out: Path, console: Console) -> Shown:
    click.echo(f"[{number}/{count}] {chosen.title}", err=True)
    shown = show_case(chosen, out / chosen.name, lambda what: click.echo(f"      {what} …", err=True))
    _tell(shown, console)
    return shown


def _tell(shown: Shown, console: Console) -> None:
    """What was asked, what each rule answers, whether it holds, where to read on."""
    console.print()
    console.print(Text(shown.case.title, style="bold"))
    for line in (*shown.case.about, shown.case.question):
        console.print(line, highlight=False)
    console.print(_held(shown) if shown.case.targets else _stopped(shown))
    console.print(_accounted(shown), highlight=False)
    found = shown.verification
    if found.difference:
        console.print(f"DIFFERENCE: {found.difference}", style="bold red")
    else:
        console.print(f"Verified: {found.files} files and {found.figures:,} figures recomputed, no difference.")
    console.print(f"Report:   {shown.sealed.path / 'report.html'}", highlight=False)
    console.print()


def _held(shown: Shown) -> Table:
    """A row per rule, a column per target account."""
    table = _table(shown, "Traced value by rule", list(shown.case.targets.values()))
    for result in shown.results:
        held = {holding.account: holding.traced for holding in result.holdings}
        table.add_row(_name(result, shown), *(_figure(result, held.get(a, 0)) for a in shown.case.targets))
    return table


def _stopped(shown: Shown) -> Table:
    """A row per rule: what reached services, by kind."""
    totals = [_by_kind(result) for result in shown.results]
    kinds = sorted({kind for total in totals for kind in total}, key=lambda kind: (-totals[0].get(kind, 0), kind))
    kinds = kinds[:STOPS_SHOWN_MAX]
    table = _table(shown, "Traced value by rule and by where it ends", [*kinds, "still held"])
    for result, total in zip(shown.results, totals, strict=True):
        held = sum(holding.traced for holding in result.holdings)
        table.add_row(
            _name(result, shown), *(_figure(result, total.get(kind, 0)) for kind in kinds), _figure(result, held)
        )
    return table


def _table(shown: Shown, title: str, columns: list[str]) -> Table:
    asset = shown.results[0].asset
    table = Table(title=f"{title}, {asset.symbol}", title_justify="left")
    table.add_column("rule", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _figure(result: Result, amount: int) -> str:
    return result.asset.written(amount).removesuffix(f" {result.asset.symbol}")


def _by_kind(result: Result) -> dict[str, int]:
    totals: dict[str, int] = {}
    for stop in result.stopped:
        totals[stop.kind] = totals.get(stop.kind, 0) + stop.traced
    return totals


def _name(result: Result, shown: Shown) -> Text:
    rule = result.parameters.rule
    if rule is shown.case.rule:
        return Text(f"{rule}, declared", style="bold")
    return Text(rule if rule.conserves else f"{rule}, a reach")


def _accounted(shown: Shown) -> str:
    """The conservation line of all rules together."""
    amounts = [result for result in shown.results if result.parameters.rule.conserves]
    claimed = amounts[0].asset.written(amounts[0].injected_total)
    short = [f"{r.parameters.rule} differs by {r.asset.written(r.difference)}" for r in amounts if not r.conserved]
    if short:
        return f"Of {claimed} claimed: " + "; ".join(short)
    return f"Each rule but poison accounts for every unit of {claimed} claimed; poison is a reach, not an amount."
