"""`recoup verify`: recompute a bundle offline and name the first difference."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from recoup.casework.verify import Verification, verify_bundle


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def verify(bundle: Path, as_json: bool) -> None:
    """Recompute every hash and, from the inputs, every figure of BUNDLE; exit 1 names the first difference."""
    found = verify_bundle(bundle)
    for note in found.notes:
        click.echo(note, err=True)
    click.echo(_json(found) if as_json else _words(found))
    if found.difference:
        sys.exit(1)


def _words(found: Verification) -> str:
    if found.difference:
        return f"DIFFERENCE: {found.difference}"
    return f"everything recomputed: {found.files:,} files, {found.figures:,} figures"


def _json(found: Verification) -> str:
    at = found.difference
    difference = at and {
        "file": at.file, "row": at.row, "column": at.column, "recorded": at.recorded, "recomputed": at.recomputed
    }  # fmt: skip
    same = {"files": found.files, "figures": found.figures, "notes": list(found.notes)}
    return json.dumps({"same": at is None, "difference": difference, **same}, ensure_ascii=False)
