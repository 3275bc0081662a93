"""`recoup own`: who stands behind an entity."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import click

from recoup.cli.spool import spooled
from recoup.formats.registers.bods import read_bods
from recoup.ground import Defect, Defects, Refused
from recoup.network.ownership import REGIMES, Owner, Ownership, owners_of


@click.command()
@click.argument("statements", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--target", required=True, help="Record id, identifier or statement id of the entity.")
@click.option("--regime", type=click.Choice(sorted(REGIMES)), default="eu-amlr", show_default=True)
@click.option("--as-at", help="Date at which the statements are taken; without it the last ones.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.pass_context
def own(
    ctx: click.Context, statements: tuple[Path, ...], target: str, regime: str, as_at: str | None, as_json: bool
) -> None:
    """Beneficial owners of an entity from BODS 0.4 STATEMENTS: exact bounds, control, chains, findings."""
    day, defects = _day(as_at), Defects()
    with spooled(statements) as (paths, shown):
        bods = read_bods(paths, defects, day)
    try:
        found = owners_of(bods.register, bods.party(target), REGIMES[regime])
    except KeyError:
        mend = "Give the recordId, an identifier or the statementId of an entity in the file"
        raise Refused(Defect(str(statements[0]), 0, f"no entity {target[:80]!r} at that date", mend)) from None
    if as_json:
        click.echo(json.dumps(_object(found, as_at), ensure_ascii=False))
    else:
        _words(found)
    for defect in defects:
        click.echo(shown(str(defect)), err=True)
    ctx.exit(1 if len(defects) else 0)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter("write a date 2024-03-05", param_hint="--as-at") from None


def _object(found: Ownership, as_at: str | None) -> dict[str, object]:
    return {
        "target": found.target,
        "regime": found.regime,
        "as_at": as_at,
        "owners": [_owner(owner) for owner in found.owners],
        "fallback": [
            {
                "person": each.person,
                "name": each.name,
                "role": "senior managing official",
                "statements": each.statements,
            }
            for each in found.fallback
        ],
        "findings": [
            {"code": each.code, "statements": each.statements} | ({"detail": each.detail} if each.detail else {})
            for each in found.findings
        ],
    }


def _owner(owner: Owner) -> dict[str, object]:
    assessment = owner.assessment
    return {
        "person": owner.person,
        "name": owner.name,
        "low": _fraction(assessment.low),
        "high": _fraction(assessment.high),
        "status": assessment.status,
        "control": assessment.control,
        "basis": assessment.basis,
        "chains": owner.chains,
        "removes_if": owner.removes_if,
    }


def _fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _words(found: Ownership) -> None:
    click.echo(f"{found.target} under {found.regime} ({REGIMES[found.regime].source})")
    for owner in found.owners:
        each = owner.assessment
        basis = f" by {', '.join(each.basis)}" if each.basis else ""
        click.echo(f"{each.status}: {owner.name or owner.person}, between {each.low} and {each.high}{basis}")
    for manager in found.fallback:
        click.echo(f"no certain owner; senior managing official: {manager.name or manager.person}")
    for finding in found.findings:
        click.echo(f"finding {finding.code}: {finding.detail} {' '.join(finding.statements)}".rstrip())
