"""`recoup read`: outside files to one ledger file."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from recoup.cli.spool import STDIN, spooled
from recoup.formats.labels import write_labels
from recoup.formats.reading import Reading, read_files
from recoup.formats.registry import FORMATS, named
from recoup.ground import Defect, Defects, Refused, one_line
from recoup.ledger import COLUMNS, Ledger, check, write_ledger

_FILE = click.Path(path_type=Path, dir_okay=False)
_FORMAT_HELP = (
    "Read every file as this format: " + ", ".join(each.name for each in FORMATS) + ", profile:<name or path>."
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--format", "format_name", help=_FORMAT_HELP)
@click.option("--out", type=_FILE, default=STDIN, help="Ledger file to write: CSV, or Parquet by its suffix .parquet.")
@click.option(
    "--labels", type=_FILE, help="Services file to write the names of accounts to, where the files carry any."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line on standard output.")
def read(files: tuple[Path, ...], format_name: str | None, out: Path, labels: Path | None, as_json: bool) -> None:
    """Read FILES of any known format into one ledger file.

    Each format is detected unless --format names it. Every rejected row is said on standard error; then the exit is 1.
    Where no row could be read, nothing is written.
    """
    wanted = None
    if format_name:
        try:
            wanted = named(format_name)
        except Refused as refusal:
            raise click.UsageError(str(refusal)) from None
    _refuse_overwriting(files, out, labels)
    defects = Defects()
    with spooled(files) as (paths, shown):
        reading = read_files(paths, defects, wanted)
        if len(reading.ledger) or not len(defects):
            _write(reading, out, labels, as_json)
        _say(reading, defects, as_json, shown)
    sys.exit(1 if len(defects) else 0)


def _refuse_overwriting(files: tuple[Path, ...], out: Path, labels: Path | None) -> None:
    for target in (out, labels):
        if target is None or target == STDIN:
            continue
        if not target.absolute().parent.is_dir():
            raise click.UsageError(f"{target.parent} is no directory")
        if target.exists() and any(file.exists() and file.samefile(target) for file in files if file != STDIN):
            raise click.UsageError(f"{target} is one of the files to read")
    if labels and labels != STDIN and labels.absolute() == out.absolute():
        raise click.UsageError("--out and --labels name the same file")


def _write(reading: Reading, out: Path, labels: Path | None, as_json: bool) -> None:
    if out != STDIN:
        _replaced(out, lambda path: write_ledger(reading.ledger, path))
    elif as_json:
        for line in _leg_lines(reading.ledger):
            click.echo(line)
    else:
        write_ledger(reading.ledger, STDIN)
    if labels:
        _replaced(labels, lambda path: _write_labels(reading, path))


def _write_labels(reading: Reading, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_labels(reading.labels, stream)


def _replaced(target: Path, write: Callable[[Path], None]) -> None:
    """Write beside the target and rename, so that nothing half-written ever bears its name."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.absolute().parent)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(Defect(str(target), 0, f"cannot be written: {error.strerror}", "Check the folder")) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _leg_lines(ledger: Ledger) -> Iterator[str]:
    for entry, leg in ledger.legs():
        values = (entry.id, str(entry.time), str(entry.position), entry.ledger, leg.id, leg.side.value, leg.account)
        rest = (leg.asset.code, str(leg.amount), leg.kind.value, leg.spends, leg.source)
        yield _line("leg", **dict(zip(COLUMNS, (*values, *rest), strict=True)))


def _line(record: str, /, **values: object) -> str:
    return json.dumps({"record": record, **values}, ensure_ascii=False)


def _say(reading: Reading, defects: Defects, as_json: bool, shown: Callable[[str], str]) -> None:
    """Rejected rows, notices, one line per file, and the findings by code."""
    findings = _findings(reading.ledger, defects)
    for defect in [*defects, *defects.notices]:
        click.echo(shown(str(defect)), err=True)
    for file in reading.files:
        click.echo(one_line(shown(str(file))), err=True)
    for code, count in sorted(findings.items()):
        click.echo(f"{count} × {code}", err=True)
    if as_json:
        _say_json(reading, defects, findings, shown)


def _findings(ledger: Ledger, defects: Defects) -> Counter[str]:
    """Findings by code; a ledger whose spends run in a circle has none, and says so."""
    try:
        return Counter(finding.code.value for finding in check(ledger))
    except Refused as refusal:
        defects.found.extend(refusal.defects)
        return Counter()


def _say_json(reading: Reading, defects: Defects, findings: Counter[str], shown: Callable[[str], str]) -> None:
    for record, found in (("rejected", defects.found), ("notice", defects.notices)):
        for each in found:
            click.echo(_line(record, file=shown(each.file), line=each.line, what=each.what, mend=each.mend))
    for file in reading.files:
        counts = {"entries": file.entries, "legs": file.legs, "rejected": file.rejected}
        click.echo(_line("file", file=shown(str(file.path)), format=file.format, sha256=file.sha256, **counts))
    for code, count in sorted(findings.items()):
        click.echo(_line("finding", code=code, count=count))
