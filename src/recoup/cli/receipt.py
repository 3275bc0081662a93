"""`recoup receipt`: one claim's proof, cut from a bundle by the fund and checked by the victim alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from recoup.cli.allocate import read_text
from recoup.ground import Asset, Defect, Refused
from recoup.restitution.run import check_receipt, compute, read_bundle, read_receipt, receipt_for


@click.group()
def receipt() -> None:
    """A receipt: proof that a claim is counted and that all awards add up, without anybody else's data."""


@receipt.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("claims", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), help="Directory for CLAIM.json files; stdout by default.")
def make(bundle: Path, claims: tuple[str, ...], out: Path | None) -> None:
    """Cut the receipts of CLAIMS from a bundle."""
    run = compute(read_bundle(bundle)[0])
    unknown = [claim for claim in claims if claim not in run.place]
    if unknown:
        raise Refused(*(Defect(str(bundle), 0, f"has no claim {claim[:60]!r}", "Check the name") for claim in unknown))
    for number, claim in enumerate(claims):
        line = receipt_for(run, claim).json()
        if out is None:
            click.echo(line)
        else:
            out.mkdir(parents=True, exist_ok=True)
            safe = claim if claim.replace("-", "").isalnum() else f"receipt-{number + 1}"
            (out / f"{safe}.json").write_text(line + "\n", encoding="utf-8")


@receipt.command()
@click.argument("file")
@click.option("--record", "record_file", help="The published record.json of the run, or its seal (64 hex digits).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def check(file: str, record_file: str | None, as_json: bool) -> None:
    """Check a receipt offline; exit 1 names what is wrong."""
    found = read_receipt(read_text(file), file)
    faults = check_receipt(found, _published(record_file))
    said = {"claim": found.claim, "award": str(found.award), "seal": found.record.seal, "faults": list(faults)}
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else _words(found.claim, said, faults))
    if record_file is None:
        click.echo("compare the seal with the published one, or give --record", err=True)
    if not faults and not as_json:
        record = found.record
        money = Asset(record.text("currency"))
        awards, pool = (money.written(record.amount(name)) for name in ("awards", "pool"))
        click.echo(f"award {money.written(found.award)} of {awards} awarded from a pool of {pool}")
    sys.exit(1 if faults else 0)


def _words(claim: str, said: Mapping[str, object], faults: tuple[str, ...]) -> str:
    first = f"claim {claim} is counted, and all awards add up" if not faults else f"claim {claim}: the receipt fails"
    return "\n".join([first, *faults, f"seal of the run {said['seal']}"])


def _published(given: str | None) -> str:
    """The seal itself, or the seal of the record in the file; empty where nothing was given."""
    if given is None or (len(given) == 64 and all(mark in "0123456789abcdef" for mark in given)):
        return given or ""
    from recoup.restitution.run import Record

    try:
        data = json.loads(read_text(given))
        return Record({name: value for name, value in dict(data).items() if name != "seal"}).seal
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused(Defect(given, 0, f"is no record: {error}", "Give the published record.json")) from None
