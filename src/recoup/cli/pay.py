"""`recoup pay`: payment files for the bank, and the bank's answers."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from recoup.ground import Defect, Defects, Refused
from recoup.restitution.claims.file import refuse_defects
from recoup.restitution.payment import Gate, Instruction, Screening, check_pain001, read_events, write_pain001
from recoup.restitution.payment.file import read_instructions
from recoup.restitution.payment.second import schema_faults

PATH = click.Path(path_type=Path)


@click.group()
def pay() -> None:
    """Payment orders as pain.001, checked before and after; bank answers read back."""


@pay.command("file")
@click.argument("payments", type=PATH)
@click.option("--message", required=True, help="Message id, at most 30 characters; the same to send a file again.")
@click.option("--created", required=True, help="Creation time: 2026-05-03T09:30:00.")
@click.option("--initiator", required=True, help="Who sends the file.")
@click.option("--list-version", required=True, help="Version of the sanctions list that payees were screened on.")
@click.option("--closed", multiple=True, help="An IBAN that a bank reported as closed; may be given again.")
@click.option("--out", required=True, type=PATH, help="The file to write; must not exist.")
def file_command(
    payments: Path, message: str, created: str, initiator: str, list_version: str, closed: tuple[str, ...], out: Path
) -> None:
    """Write a pain.001.001.09 file from PAYMENTS (CSV). One faulty order stops the file; exit 1 names all."""
    orders = _orders(payments, list_version, closed)
    if out.exists():
        raise Refused(Defect(str(out), 0, "exists already", "A payment file is never overwritten: name another"))
    try:
        text = write_pain001(orders, message, datetime.fromisoformat(created), initiator)
    except ValueError as error:
        raise Refused(Defect(str(payments), 0, str(error), "Mend the batch or the options")) from None
    found = check_pain001(text.encode(), orders, str(out))
    if found:
        raise Refused(*(Defect(str(out), 0, each, "The writer is wrong: do not send") for each in found))
    draft = out.with_name(out.name + ".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(out)
    click.echo(json.dumps({"message": message, "payments": len(orders), "file": str(out)}))


@pay.command()
@click.argument("file", type=PATH)
@click.option("--payments", required=True, type=PATH, help="The payments that the file must hold (CSV).")
@click.option("--schema", type=PATH, help="pain.001.001.09.xsd, to check the file against it too.")
def check(file: Path, payments: Path, schema: Path | None) -> None:
    """Read a finished file back and count it again; exit 1 names every difference."""
    defects = Defects()
    orders, _ = read_instructions(payments, defects)
    refuse_defects(defects)
    data = _bytes(file)
    found = [*check_pain001(data, orders, str(file)), *(schema_faults(data, schema, str(file)) if schema else ())]
    for each in found:
        click.echo(each)
    click.echo(f"{len(orders):,} payments, {len(found)} differences", err=True)
    sys.exit(1 if found else 0)


@pay.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
def returns(files: tuple[Path, ...]) -> None:
    """Bank answers (pain.002, camt.053, camt.054) as JSON lines; exit 1 where one has no owner or cannot be read."""
    defects = Defects()
    for path in files:
        for event in read_events(_bytes(path), str(path), defects):
            said = {
                "kind": str(event.kind), "id": event.id, "amount": str(event.amount), "currency": event.currency,
                "reason": event.reason, "reference": event.reference,
            }  # fmt: skip
            click.echo(json.dumps(said))
    for defect in defects:
        click.echo(str(defect), err=True)
    sys.exit(1 if len(defects) else 0)


def _orders(payments: Path, list_version: str, closed: tuple[str, ...]) -> list[Instruction]:
    """Orders that pass the gate; otherwise Refused with every fault of every order."""
    defects = Defects()
    orders, hits = read_instructions(payments, defects)
    refuse_defects(defects)
    screening = Screening(list_version, lambda each: hits.get(each.id, ""))
    owed: dict[str, int] = {}
    for each in orders:
        owed[each.claim] = max(owed.get(each.claim, 0), each.amount)
    faults = Gate(owed, closed_accounts=frozenset(closed), screening=screening).faults(orders)
    if faults:
        mend = "Mend, hold or leave out this payment"
        raise Refused(*(Defect(str(payments), 0, str(fault), mend) for fault in faults))
    return orders


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        mend = "Check the name and the permissions"
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", mend)) from None
