"""The bundle: inputs, results, report and the manifest that binds them (`docs/reference/bundle.md`)."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from recoup import __version__
from recoup.casework.manifest import (
    MANIFEST,
    FileRecord,
    Manifest,
    inputs_in,
    is_manifest,
    names_in,
    refuse_bad_name,
)
from recoup.casework.trace import Choices, Inputs, Traced, exhibit_of, trace_files
from recoup.formats.exhibit import InputFile, csv_bytes, parquet_bytes, render_html, tables_of
from recoup.ground import Defect, Refused, sha256_file, sha256_hex
from recoup.ledger.text import STDIN

REPORT = "report.html"
PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Sealed:
    """A bundle on disk. `sha256` is the hash of its manifest: whoever keeps it can tell the bundle from any other."""

    path: Path
    sha256: str
    traced: Traced


@dataclass(frozen=True)
class Products:
    """What a run writes: (path in the bundle, bytes) in order, and how many figures the tables hold."""

    files: tuple[tuple[str, bytes], ...]
    figures: int


def versions() -> tuple[tuple[str, str], ...]:
    """The versions that bytes may depend on."""
    python = ".".join(map(str, sys.version_info[:3]))
    return (("recoup", __version__), ("python", python), ("pyarrow", version("pyarrow")))


def products(
    traced: Traced, choices: Choices, files: tuple[InputFile, ...], made_by: tuple[tuple[str, str], ...]
) -> Products:
    """Tables as CSV and Parquet, then the report; the same run gives the same bytes."""
    exhibit = exhibit_of(traced, choices, files, made_by)
    tables = tables_of(exhibit)
    made = [(f"results/{table.name}.csv", csv_bytes(table)) for table in tables]
    made += [(f"results/{table.name}.parquet", parquet_bytes(table)) for table in tables]
    made.append((REPORT, render_html(exhibit)))
    return Products(tuple(made), sum(table.figures for table in tables))


def trace_to_directory(inputs: Inputs, choices: Choices, out: Path, overwrite: bool = False) -> Sealed:
    """Trace copies of the inputs and put everything into `out`, which appears whole or not at all.

    An existing `out` raises Refused unless it is a bundle and `overwrite`. What the inputs get wrong raises Refused.
    """
    _refuse_occupied(out, overwrite)
    with _aside(out) as work:
        originals = _copied(inputs, work)
        records = tuple(_record(work, name, role) for name, (role, _) in originals.items())
        traced = _traced(work, records, choices, {name: str(path) for name, (_, path) in originals.items()})
        made = products(traced, choices, input_files(records), versions())
        for name, data in made.files:
            _write(work / name, data)
        outputs = tuple(FileRecord(name, len(data), sha256_hex(data)) for name, data in made.files)
        sealed = Manifest(choices, records, outputs, versions()).to_bytes()
        _write(work / MANIFEST, sealed)
        _sync_directories(work)
        _put_in_place(work, out)
    return Sealed(out, sha256_hex(sealed), traced)


def input_files(records: tuple[FileRecord, ...]) -> tuple[InputFile, ...]:
    return tuple(InputFile(record.role, record.path, record.size, record.sha256) for record in records)


def _traced(work: Path, records: tuple[FileRecord, ...], choices: Choices, originals: dict[str, str]) -> Traced:
    """Results name files as the bundle does; a refusal names them as the caller did."""
    try:
        return trace_files(inputs_in(work, records), choices, names_in(work, records))
    except Refused as refusal:
        raise Refused(*(_as_called(defect, work, originals) for defect in refusal.defects)) from None


def _as_called(defect: Defect, work: Path, originals: dict[str, str]) -> Defect:
    what = defect.what
    for name, original in originals.items():
        what = what.replace(str(work / name), original)
    inside = defect.file.removeprefix(f"{work}/")
    return replace(defect, file=originals.get(inside, defect.file), what=what)


def _refuse_occupied(out: Path, overwrite: bool) -> None:
    if not (out.exists() or out.is_symlink()):
        return
    if not is_bundle(out):
        raise Refused(
            Defect(str(out), 0, "exists and is no bundle", "Give the name of a directory that does not exist")
        )
    if not overwrite:
        raise Refused(Defect(str(out), 0, "exists already", "Give another name, or --overwrite to replace this bundle"))


def is_bundle(path: Path) -> bool:
    """Whether a directory is one that `trace_to_directory` made."""
    return path.is_dir() and not path.is_symlink() and is_manifest(path / MANIFEST)


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """A directory beside `out` that is gone again whatever happens, unless it was put in place."""
    work = out.absolute().parent / f".{out.name}.{os.getpid()}.partial"
    try:
        work.mkdir()
    except OSError as error:
        mend = "Check that its parent exists and can be written to"
        raise Refused(Defect(str(out), 0, f"cannot be made: {error.strerror}", mend)) from None
    try:
        yield work
    except OSError as error:
        raise Refused(Defect(str(out), 0, f"cannot be written: {error.strerror}", "Check space and rights")) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copied(inputs: Inputs, work: Path) -> dict[str, tuple[str, Path]]:
    """Byte copies under their own names; name in the bundle to (role, original path)."""
    copies: dict[str, tuple[str, Path]] = {}
    for role, path in inputs.by_role():
        name = _free_name(role, "stdin" if path == STDIN else path.name, copies)
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        _copy(path, work / name)
        copies[name] = (role, path)
    return copies


def _free_name(role: str, own: str, taken: dict[str, tuple[str, Path]]) -> str:
    """`inputs/<role>/<own name>`; a second file of the same name goes one directory deeper."""
    try:
        refuse_bad_name(name := f"inputs/{role}/{own}")
    except ValueError as error:
        raise Refused(Defect(own, 0, str(error), "Rename the file")) from None
    number, known = 2, {other.casefold() for other in taken}
    while name.casefold() in known:
        name = f"inputs/{role}/{number}/{own}"
        number += 1
    return name


def _copy(path: Path, to: Path) -> None:
    try:
        source = nullcontext(sys.stdin.buffer) if path == STDIN else path.open("rb")
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", "Check the name")) from None
    with source as stream, to.open("xb") as copy:
        shutil.copyfileobj(stream, copy, PIECE_BYTES)
        copy.flush()
        os.fsync(copy.fileno())


def _record(work: Path, name: str, role: str) -> FileRecord:
    return FileRecord(name, (work / name).stat().st_size, sha256_file(work / name), role)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_directories(work: Path) -> None:
    for directory in [*(path for path in work.rglob("*") if path.is_dir()), work]:
        _sync(directory)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(work: Path, out: Path) -> None:
    """Rename; a bundle that is replaced is moved aside first and put back if that fails."""
    old = work.with_suffix(".replaced")
    if out.exists():
        out.rename(old)
    try:
        work.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    _sync(out.absolute().parent)
    shutil.rmtree(old, ignore_errors=True)
