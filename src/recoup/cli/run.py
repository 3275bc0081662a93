"""`recoup run`: sealed inputs to awards, and a bundle that anyone can recompute."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from recoup.cli.allocate import read_text
from recoup.ground import Instant
from recoup.restitution.plan import read_history, read_plan
from recoup.restitution.plan import status as status_of
from recoup.restitution.run import Inputs, compute, read_money, verify_bundle, write_bundle
from recoup.restitution.run.bundle import read_secret
from recoup.restitution.run.compute import new_secret

PATH = click.Path(path_type=Path)


@click.group()
def run() -> None:
    """A run: compute awards from sealed inputs, or recompute a bundle."""


@run.command()
@click.argument("plan_file")
@click.option("--claims", "claims_file", required=True, type=PATH, help="Claims file (CSV).")
@click.option("--money", "money_file", required=True, help="What is shared (JSON).")
@click.option("--links", "links_file", type=PATH, help="Links between persons (CSV).")
@click.option("--history", help="History of the plan: it must be in force at the run's as_at.")
@click.option("--draft", is_flag=True, help="Compute without a history; the money may not be released on it.")
@click.option("--secret", "secret_file", help="32 bytes in hex; fresh ones by default.")
@click.option("--out", required=True, type=PATH, help="Directory of the bundle; must not exist.")
def make(
    plan_file: str,
    claims_file: Path,
    money_file: str,
    links_file: Path | None,
    history: str | None,
    draft: bool,
    secret_file: str | None,
    out: Path,
) -> None:
    """Compute a run and write its bundle, whole or not at all. Exit 3 where the plan is not in force."""
    plan = read_plan(read_text(plan_file), plan_file)
    money = read_money(read_text(money_file), money_file)
    if not draft:
        _refuse_unless_in_force(plan_file, history, money.as_at)
    secret = read_secret(read_text(secret_file), secret_file) if secret_file else new_secret()
    inputs = Inputs(plan, claims_file, links_file, money, secret)
    computed = compute(inputs)
    write_bundle(inputs, computed, out)
    click.echo(f"bundle: {out}", err=True)
    click.echo(json.dumps({"seal": computed.record.seal, **computed.record.data}, ensure_ascii=False))


@run.command()
@click.argument("bundle", type=PATH)
def verify(bundle: Path) -> None:
    """Recompute a bundle offline; exit 1 names what differs."""
    found = verify_bundle(bundle)
    for difference in found:
        click.echo(str(difference))
    click.echo("the bundle holds" if not found else f"{len(found)} differences", err=True)
    sys.exit(1 if found else 0)


def _refuse_unless_in_force(plan_file: str, history: str | None, as_at: str) -> None:
    plan = read_plan(read_text(plan_file), plan_file)
    if history is None:
        click.echo("refused: give --history of a plan in force, or --draft", err=True)
        sys.exit(3)
    try:
        status = status_of(read_history(plan, read_text(history), history), Instant.parse(as_at))
    except ValueError as error:
        raise click.UsageError(f"as_at of the money: {error}") from None
    if status.state != "in-force":
        click.echo(f"refused: the plan is {status.state} at {as_at}; {'; '.join(status.missing)}", err=True)
        sys.exit(3)
