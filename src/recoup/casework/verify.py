"""The step "verify": recompute a bundle from its inputs, offline, and name the first difference."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recoup.casework.bundle import input_files, products, versions
from recoup.casework.manifest import FILES_MAX, MANIFEST, FileRecord, Manifest, inputs_in, names_in, read_manifest
from recoup.casework.trace import trace_files
from recoup.ground import Defect, Refused, sha256_file, sha256_hex

SHOWN_CHARACTERS = 80
FOUND_TIMES_MAX = 4  # a recorded table longer than this many times the recomputed one is not even parsed

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a bundle and its recomputation part. `row` counts from 1 with the header as 1; 0 is the file as a whole."""

    file: str
    row: int
    column: str
    recorded: str
    recomputed: str

    def __str__(self) -> str:
        place = self.file + (f", row {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
        return f"{place}: recorded {_short(self.recorded)}, recomputed {_short(self.recomputed)}"


@dataclass(frozen=True)
class Verification:
    """What was recomputed. `notes` say what a reader must know although nothing differs."""

    difference: Difference | None
    files: int
    figures: int
    notes: tuple[str, ...] = ()


def verify_bundle(bundle: Path) -> Verification:
    """Every hash and, from the inputs, every figure and the report; the first difference, or none.

    A bundle that is malformed (paths, links, missing or extra files, an unreadable manifest) raises Refused.
    """
    if not bundle.is_dir():
        raise Refused(Defect(str(bundle), 0, "is not a directory", "Give the directory that recoup trace --out made"))
    _refuse_links(bundle)
    manifest = read_manifest(bundle / MANIFEST)
    _refuse_other_files(bundle, manifest)
    for record in manifest.inputs:
        difference = _hash_difference(bundle, record)
        if difference:
            return Verification(difference, 0, 0)
    return _recomputed(bundle, manifest)


def _refuse_links(bundle: Path) -> None:
    """Nothing but plain files and directories, and not too many."""
    for count, path in enumerate(_inside(bundle), start=1):
        name = path.relative_to(bundle).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Refused(Defect(name, 0, "is a link or no plain file", "A bundle holds plain files only"))
        if count > 2 * FILES_MAX:
            raise Refused(Defect(str(bundle), 0, f"holds more than {2 * FILES_MAX:,} files", "This is no bundle"))


def _inside(bundle: Path) -> Iterator[Path]:
    for directory, folders, names in os.walk(bundle):
        folders.sort()
        yield from (Path(directory) / name for name in sorted([*folders, *names]))


def _refuse_other_files(bundle: Path, manifest: Manifest) -> None:
    listed = {record.path for record in (*manifest.inputs, *manifest.outputs)}
    there = {path.relative_to(bundle).as_posix() for path in _inside(bundle) if path.is_file()} - {MANIFEST}
    faults = [Defect(name, 0, "is missing", "Ask for the whole bundle") for name in sorted(listed - there)]
    faults += [Defect(name, 0, "is not in the manifest", "Take it out") for name in sorted(there - listed)]
    if faults:
        raise Refused(*faults)


def _hash_difference(bundle: Path, record: FileRecord) -> Difference | None:
    size = (bundle / record.path).stat().st_size
    if size != record.size:
        return Difference(record.path, 0, "bytes", str(record.size), str(size))
    found = sha256_file(bundle / record.path)
    return None if found == record.sha256 else Difference(record.path, 0, "SHA-256", record.sha256, found)


def _recomputed(bundle: Path, manifest: Manifest) -> Verification:
    files = manifest.inputs
    traced = trace_files(inputs_in(bundle, files), manifest.choices, names_in(bundle, files))
    made = products(traced, manifest.choices, input_files(files), manifest.versions)
    names = [name for name, _ in made.files]
    if [record.path for record in manifest.outputs] != names:
        recorded = ", ".join(record.path for record in manifest.outputs)
        return Verification(Difference(MANIFEST, 0, "outputs", recorded, ", ".join(names)), 0, 0)
    notes = list(_version_notes(manifest))
    count = len(files) + len(names) + 1
    for record, (name, data) in zip(manifest.outputs, made.files, strict=True):
        recorded_data = _read_bounded(bundle / name, len(data))
        if recorded_data != data:
            difference = _content_difference(name, recorded_data, data, manifest)
            if difference:
                return Verification(difference, 0, 0, tuple(notes))
            notes.append(f"{name}: same content, other bytes: another version of pyarrow made it")
        difference = _hash_difference(bundle, record)
        if difference:
            return Verification(difference, 0, 0, tuple(notes))
    return Verification(None, count, made.figures, tuple(notes))


def _version_notes(manifest: Manifest) -> Iterator[str]:
    for (name, recorded), (_, here) in zip(manifest.versions, versions(), strict=True):
        if recorded != here:
            yield f"made with {name} {recorded}, verified with {name} {here}"


def _read_bounded(path: Path, expected: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(FOUND_TIMES_MAX * expected + 1_000_000)


def _content_difference(name: str, recorded: bytes, recomputed: bytes, manifest: Manifest) -> Difference | None:
    """The first cell, or the first line, that differs; None where only the making of a Parquet file differs."""
    if name.endswith(".csv"):
        return _csv_difference(name, recorded, recomputed)
    if name.endswith(".parquet"):
        return _parquet_difference(name, recorded, recomputed, manifest)
    return _line_difference(name, recorded, recomputed)


def _csv_difference(name: str, recorded: bytes, recomputed: bytes) -> Difference:
    try:
        rows = list(csv.reader(io.StringIO(recorded.decode(), newline=""), strict=True))
    except (ValueError, csv.Error):
        return _line_difference(name, recorded, recomputed)
    wanted = list(csv.reader(io.StringIO(recomputed.decode(), newline=""), strict=True))
    return _row_difference(name, rows, wanted) or _line_difference(name, recorded, recomputed)


def _parquet_difference(name: str, recorded: bytes, recomputed: bytes, manifest: Manifest) -> Difference | None:
    try:
        rows = _parquet_rows(recorded)
    except (pa.ArrowException, OSError, ValueError, TypeError):
        return Difference(name, 0, "bytes", "not readable as a table", f"{len(recomputed):,} bytes of Parquet")
    difference = _row_difference(name, rows, _parquet_rows(recomputed))
    if difference or dict(manifest.versions)["pyarrow"] != dict(versions())["pyarrow"]:
        return difference
    return Difference(name, 0, "SHA-256", sha256_hex(recorded), sha256_hex(recomputed))


def _parquet_rows(data: bytes) -> Rows:
    table = pq.read_table(pa.BufferReader(data))
    if any(kind != pa.string() for kind in table.schema.types):
        raise TypeError("a column is not text")
    columns = [column.to_pylist() for column in table.columns]
    return [list(table.column_names), *([str(cell) for cell in row] for row in zip(*columns, strict=True))]


def _row_difference(name: str, recorded: Rows, recomputed: Rows) -> Difference | None:
    """Rows are compared cell by cell, the header first."""
    header = recomputed[0]
    for number, (row, wanted) in enumerate(zip_longest(recorded, recomputed), start=1):
        if row == wanted:
            continue
        if row is None or wanted is None or len(row) != len(wanted):
            return Difference(name, number, "", _joined(row), _joined(wanted))
        at = next(i for i, (a, b) in enumerate(zip(row, wanted, strict=True)) if a != b)
        return Difference(name, number, f"column {header[at]}", row[at], wanted[at])
    return None


def _joined(row: list[str] | None) -> str:
    return "no such row" if row is None else ",".join(row)


def _line_difference(name: str, recorded: bytes, recomputed: bytes) -> Difference:
    for number, (line, wanted) in enumerate(zip_longest(recorded.split(b"\n"), recomputed.split(b"\n")), start=1):
        if line == wanted:
            continue
        if line is None or wanted is None:
            return Difference(name, number, "", _text(line), _text(wanted))
        shorter = min(len(line), len(wanted))
        at = next((i for i in range(shorter) if line[i] != wanted[i]), shorter)
        near = max(0, at - 20)
        return Difference(name, number, f"byte {at + 1}", _text(line[near:]), _text(wanted[near:]))
    return Difference(name, 0, "bytes", f"{len(recorded):,}", f"{len(recomputed):,}")


def _text(line: bytes | None) -> str:
    return "no such line" if line is None else line[:SHOWN_CHARACTERS].decode(errors="replace")


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…")
