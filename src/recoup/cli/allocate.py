"""`recoup allocate`: one allocation problem to awards."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import click

from recoup.ground import Defect, Refused
from recoup.restitution import Problem, Shared, UnknownRule, answer_json, read_problem, solve
from recoup.restitution.reading import DOCUMENT_CHARACTERS_MAX

INPUT_BYTES_MAX = DOCUMENT_CHARACTERS_MAX
_PIECE_BYTES = 2**20


@click.command()
@click.argument("problem")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def allocate(problem: str, as_json: bool) -> None:
    """Share a pool among claims by a rule. PROBLEM is a JSON file, or - for stdin (docs/reference/allocation.md)."""
    text = read_text(problem)
    try:
        found = read_problem(text, problem)
        shared = solve(found)
    except UnknownRule as error:
        raise click.UsageError(str(error)) from None
    except ValueError as error:
        raise Refused(Defect(problem, 0, str(error), "Mend the parameters of the rule")) from None
    click.echo(answer_json(found, shared) if as_json else _table(found, shared))


def read_text(name: str) -> str:
    """A file's text, or stdin for `-`; what cannot be read, or is longer than INPUT_BYTES_MAX, raises Refused."""
    try:
        raw = _bounded(sys.stdin.buffer) if name == "-" else _bytes(Path(name))
        if raw is None:
            raise Refused(Defect(name, 0, f"is longer than {INPUT_BYTES_MAX:,} bytes", "Is this the right file?"))
        return raw.decode("utf-8-sig")
    except OSError as error:
        mend = "Check the name and the permissions"
        raise Refused(Defect(name, 0, f"cannot be opened: {error.strerror}", mend)) from None
    except UnicodeDecodeError:
        raise Refused(Defect(name, 0, "is not UTF-8 text", "Convert it to UTF-8")) from None


def _bytes(path: Path) -> bytes | None:
    if path.stat().st_size > INPUT_BYTES_MAX:
        return None
    with path.open("rb") as stream:
        return _bounded(stream)


def _bounded(stream: BinaryIO) -> bytes | None:
    """Everything in the stream; None where that is more than INPUT_BYTES_MAX."""
    pieces, left = [], INPUT_BYTES_MAX
    while left >= 0 and (piece := stream.read(_PIECE_BYTES)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces) if left >= 0 else None


def _table(problem: Problem, shared: Shared) -> str:
    claims = problem.claims
    width = max((len(claim) for claim in claims.ids), default=5)
    lines = [f"{'claim':<{width}}  {'outstanding':>20}  {'award':>20}  {'held':>20}"]
    for row in zip(claims.ids, claims.outstanding.tolist(), shared.awards.tolist(), shared.held.tolist(), strict=True):
        lines.append(f"{row[0]:<{width}}  {row[1]:>20,}  {row[2]:>20,}  {row[3]:>20,}")
    lines.append("")
    for step in shared.steps:
        lines.append(f"{step.name} by {step.rule}: {step.paid:,} of {step.amount:,} to {step.claims:,} claims"
                     f"{_level(step.level)}{'; ' + step.note if step.note else ''}")  # fmt: skip
    lines.append(f"surplus {shared.surplus:,} · undivided {shared.undivided:,} · costs {shared.costs:,}")
    return "\n".join(lines)


def _level(level: Fraction | None) -> str:
    return "" if level is None else f", level {level}"
