"""`recoup trace`: where claimed value went, under a declared rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from recoup.casework.bundle import trace_to_directory
from recoup.casework.trace import Choices, Inputs, Traced, trace_files
from recoup.cli.options import instant
from recoup.cli.trace_output import json_lines, readable
from recoup.formats.exhibit import LANGUAGES
from recoup.ground import amount_from_text
from recoup.ledger.text import STDIN
from recoup.tracing import RULE_ALIASES, FeePolicy, Granularity, Rule

ALL = "all"
RULE_NAMES = [*(rule.value for rule in Rule), *RULE_ALIASES]
GRANULARITIES = [granularity.value for granularity in Granularity]
FEE_POLICIES = [policy.value for policy in FeePolicy]
DEFAULT_RULE = Rule.FIFO

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


def _units(ctx: click.Context, param: click.Parameter, text: str) -> int:
    try:
        return amount_from_text(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.argument("ledgers", nargs=-1, required=True, type=FILE, metavar="LEDGER...")
@click.option("--claims", required=True, type=FILE, help="Where stolen value entered: claim,entry,leg,amount.")
@click.option(
    "--rule", "rules", multiple=True, type=click.Choice([*RULE_NAMES, ALL]), help="May be given several times."
)
@click.option("--declared", type=click.Choice(RULE_NAMES), help="The rule that the figures rest on, where several run.")
@click.option("--granularity", default="coin", type=click.Choice(GRANULARITIES), show_default=True)
@click.option("--services", type=FILE, help="Where a trace stops: account,label,kind,source.")
@click.option("--clusters", type=FILE, help="Which accounts belong together: account,cluster,method.")
@click.option(
    "--links", type=FILE, help="Evidenced links: link,kind,from_entry,from_leg,to_entry,to_leg,amount,author,basis."
)
@click.option("--until", metavar="TIME", callback=instant, help="Leave out entries after this instant or day.")
@click.option(
    "--min-amount", default="0", metavar="UNITS", callback=_units, help="Do not follow less than this (smallest unit)."
)
@click.option("--max-hops", type=click.IntRange(0, 2**53 - 1), help="Do not follow more steps than this.")
@click.option("--fee-policy", default="last", type=click.Choice(FEE_POLICIES), show_default=True)
@click.option("--backward", is_flag=True, help="From where value arrived to where it came from.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write a bundle: inputs, tables, report.")
@click.option("--overwrite", is_flag=True, help="Replace DIR where it is a bundle.")
@click.option("--language", default="en", type=click.Choice(LANGUAGES), show_default=True, help="Of the report.")
@click.option(
    "--sensitivity/--no-sensitivity", default=True, show_default=True, help="Run every other rule for the bundle."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per rule and asset.")
def trace(
    ledgers: tuple[Path, ...],
    claims: Path,
    services: Path | None,
    clusters: Path | None,
    links: Path | None,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Trace claimed value through LEDGER files under a declared rule.

    Without --out results go to standard output. A ledger with a rejected row or a contradiction is refused.
    """
    inputs = Inputs(ledgers, claims, services, clusters, links)
    if sum(path == STDIN for _, path in inputs.by_role()) > 1:
        raise click.UsageError("- (standard input) can stand for one file only")
    choices = _choices(**chosen)
    if out is None:
        traced = trace_files(inputs, choices)
    else:
        sealed = trace_to_directory(inputs, choices, out, overwrite)
        traced = sealed.traced
        click.echo(f"Bundle {out}: open {out / 'report.html'}; manifest SHA-256 {sealed.sha256}", err=True)
    _show(traced, as_json)


def _choices(
    rules: tuple[str, ...],
    declared: str | None,
    granularity: str,
    fee_policy: str,
    backward: bool,
    **others: Any,
) -> Choices:
    asked = _rules(rules, declared, backward)
    return Choices(asked, Granularity(granularity), FeePolicy(fee_policy), backward=backward, **others)


def _rules(names: tuple[str, ...], declared: str | None, backward: bool) -> tuple[Rule, ...]:
    """The declared rule first, each rule once. With `all` the declared rule is --declared, else FIFO."""
    asked = [rule for name in names for rule in ([*Rule] if name == ALL else [_rule(name)])]
    if ALL in names and backward:
        asked.remove(Rule.PARI_PASSU)  # shares of a final balance have no way back
    if declared is not None:
        first = _rule(declared)
    elif names and names[0] != ALL:
        first = asked[0]
    else:
        first = DEFAULT_RULE
    if first is Rule.PARI_PASSU and backward:
        raise click.UsageError("pari-passu shares a final balance and cannot run backward")
    return tuple(dict.fromkeys([first, *asked]))


def _rule(name: str) -> Rule:
    return RULE_ALIASES.get(name) or Rule(name)


def _show(traced: Traced, as_json: bool) -> None:
    for notice in traced.notices:
        click.echo(str(notice), err=True)
    if as_json:
        for line in json_lines(traced):
            click.echo(line)
    else:
        readable(traced)
