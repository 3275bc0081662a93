"""`recoup plan`: a distribution plan as sealed data."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from recoup.cli.allocate import read_text
from recoup.ground import Defects, Instant
from recoup.restitution.claims.consolidate import consolidate
from recoup.restitution.claims.file import read_claims, read_links, refuse_defects
from recoup.restitution.plan import History, Outcome, Plan, compared, diff, picture, read_history, read_plan, simulate
from recoup.restitution.plan import status as status_of
from recoup.restitution.plan.history import ActKind, written
from recoup.restitution.plan.picture import decimal, percent
from recoup.restitution.sharing.allocate import Rulebook
from recoup.restitution.sharing.catalogue import SHAPES
from recoup.restitution.sharing.setting import Setting

AMOUNT = click.IntRange(min=0, max=2**256 - 1)


@click.group()
def plan() -> None:
    """A distribution plan: check, compare versions, simulate rules, comments and approvals."""


@plan.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def check(file: str, as_json: bool) -> None:
    """Check a plan against its schema and print its seal."""
    found = read_plan(read_text(file), file)
    said = {"plan": found.id, "version": found.version, "rule": found.rule, "seal": found.seal}
    click.echo(json.dumps(said) if as_json else f"{found.id} version {found.version}, {found.rule}\nseal {found.seal}")


@plan.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per change.")
def diff_command(before: str, after: str, as_json: bool) -> None:
    """Every value that differs between two versions; exit 1 where something does."""
    changes = diff(read_plan(read_text(before), before), read_plan(read_text(after), after))
    for change in changes:
        said = {"place": change.pointer, "before": change.before, "after": change.after}
        click.echo(json.dumps(said, ensure_ascii=False) if as_json else str(change))
    sys.exit(1 if changes else 0)


@plan.command("simulate")
@click.argument("file")
@click.option("--claims", "claims_file", required=True, type=click.Path(path_type=Path), help="Claims file (CSV).")
@click.option("--links", "links_file", type=click.Path(path_type=Path), help="Links between persons (CSV).")
@click.option("--pool", required=True, type=AMOUNT, help="Amount to share, in the smallest unit.")
@click.option("--picture", "picture_file", type=click.Path(path_type=Path), help="Write the comparison as SVG.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per rule.")
def simulate_command(
    file: str, claims_file: Path, links_file: Path | None, pool: int, picture_file: Path | None, as_json: bool
) -> None:
    """Compare rules on the same claims: who gains, who gets nothing, how unequal, where the order breaks."""
    found, defects = read_plan(read_text(file), file), Defects()
    claims = read_claims(claims_file, defects)
    links = read_links(links_file, defects) if links_file else ()
    refuse_defects(defects)
    baseline, books = compared(claims.claims, _own(found))
    outcomes = simulate(consolidate(claims.claims, claims.persons, links).claims, pool, baseline, books)
    if picture_file:
        title = f"{found.data['plan']['title']}: rules compared"
        picture_file.write_text(picture(outcomes, baseline, title), encoding="utf-8")
        click.echo(f"picture: {picture_file}", err=True)
    for line in _json_lines(outcomes, baseline) if as_json else _table(outcomes, baseline):
        click.echo(line)


@plan.command()
@click.argument("file")
@click.argument("history", type=click.Path(path_type=Path))
@click.argument("act", type=click.Choice([str(kind) for kind in ActKind]))
@click.option("--by", required=True, help="Who acts.")
@click.option("--role", required=True, help="In which role.")
@click.option("--text", default="", help="The comment, answer or reason.")
@click.option("--answers", default="", help="Numbers of the comments answered: 1,4,5.")
@click.option("--at", default="", help="RFC 3339 instant; now by default.")
def act(file: str, history: Path, act: str, by: str, role: str, text: str, answers: str, at: str) -> None:
    """Add an act to the plan's history: open, comment, answer, approve, withdraw. Exit 3 where it may not be done."""
    found, numbers = _history(file, history), _numbers(answers)
    try:
        found.append(found.next(ActKind(act), by, role, _instant(at), text, numbers))
    except ValueError as error:
        click.echo(f"refused: {error}", err=True)
        sys.exit(3)
    draft = history.with_name(history.name + ".part")
    draft.write_text(written(found), encoding="utf-8")
    draft.replace(history)
    click.echo(f"{act}: {found.acts[-1].hash}")


@plan.command()
@click.argument("file")
@click.argument("history", type=click.Path(path_type=Path))
@click.option("--at", default="", help="RFC 3339 instant; now by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def status(file: str, history: Path, at: str, as_json: bool) -> None:
    """Where a plan stands and what it still needs; exit 1 where it is not in force."""
    found = status_of(_history(file, history), _instant(at))
    said = {
        "state": str(found.state), "comments": found.comments, "unanswered": list(found.unanswered),
        "approvals": list(found.approvals), "missing": list(found.missing),
    }  # fmt: skip
    click.echo(
        json.dumps(said) if as_json else "\n".join([f"{found.state}", *(f"missing: {m}" for m in found.missing)])
    )
    sys.exit(0 if found.state == "in-force" else 1)


def _history(file: str, history: Path) -> History:
    found = read_plan(read_text(file), file)
    return read_history(found, read_text(str(history)) if history.exists() else "", str(history))


def _instant(text: str) -> Instant:
    try:
        return Instant.parse(text) if text else Instant(datetime.now(UTC).replace(microsecond=0))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _numbers(text: str) -> tuple[int, ...]:
    if not all(part.strip().isdecimal() for part in text.split(",") if text):
        raise click.UsageError("--answers takes numbers: 1,4,5")
    return tuple(int(part) for part in text.split(",") if text)


def _own(found: Plan) -> Rulebook | None:
    """The plan's own rule where it is one of one pool."""
    if found.rule in SHAPES:
        return None
    return Setting.read(found.rule, found.parameters(Defects())).book()


def _json_lines(outcomes: tuple[Outcome, ...], baseline: str) -> list[str]:
    return [
        json.dumps({
            "rule": each.name, "baseline": each.name == baseline, "paid": each.paid, "persons": each.open,
            "zero": each.zero, "share_at_zero": str(each.share_at_zero), "gini": str(each.gini),
            "gini_loss": str(each.gini_loss), "order_breaks": each.breaks, "gainers": each.gainers,
            "losers": each.losers, "moved": each.moved, "recovery_basis_points": {
                "p10": each.curve[10], "median": each.curve[50], "p90": each.curve[90]},
        })
        for each in outcomes
    ]  # fmt: skip


def _table(outcomes: tuple[Outcome, ...], baseline: str) -> list[str]:
    width = max(len(each.name) for each in outcomes) + 2
    names = ("nothing", "p10", "median", "p90", "Gini", "breaks", "gain", "lose")
    widths = (9, 8, 8, 8, 7, 9, 9, 9)
    lines = ["rule".ljust(width) + "".join(name.rjust(wide) for name, wide in zip(names, widths, strict=True))]
    for each in outcomes:
        spots = "".join(f"{each.curve[place] / 100:>7.1f}%" for place in (10, 50, 90))
        lines.append(
            f"{each.name + ('*' if each.name == baseline else ''):<{width}}{percent(each.share_at_zero):>9}{spots}"
            f"{decimal(each.gini, 3):>7}{each.breaks:>9,}{each.gainers:>9,}{each.losers:>9,}"
        )
    return [*lines, "* baseline: gain and lose count persons against it"]
