"""Ledger files: CSV and Parquet, one row per leg."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from recoup.ground import Defect, Defects, Refused
from recoup.ledger.model import Entry, Ledger
from recoup.ledger.rows import COLUMNS, REQUIRED, Assembler, Row
from recoup.ledger.text import csv_rows

STDIN = Path("-")
PARQUET_MAGIC = b"PAR1"


def read_ledger(path: Path, defects: Defects) -> Ledger:
    """The ledger in one CSV or Parquet file (by its first bytes); rejected rows are added to `defects`.

    A file that is no ledger file at all (unknown columns, broken quotes, not text) raises Refused.
    """
    rows = _parquet_rows(path, defects) if _is_parquet(path) else csv_rows(path, REQUIRED, COLUMNS, defects)
    return Assembler(str(path), defects).add_all(rows).ledger()


def read_ledgers(paths: Sequence[Path], defects: Defects) -> Ledger:
    """Several files as one ledger; an entry that stands in two files becomes a defect and is taken once."""
    entries: list[Entry] = []
    seen: dict[tuple[str, str], Entry] = {}
    for path in paths:
        for entry in read_ledger(path, defects):
            first = seen.setdefault((entry.ledger, entry.id), entry)
            if first is entry:
                entries.append(entry)
            else:
                what = f"duplicate: entry {entry.id[:80]} stands in {first.file} already"
                defects.add(entry.file, entry.legs[0].line, what, "Give each entry once")
    return Ledger(tuple(entries))


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write CSV, or Parquet where the name ends in `.parquet`; `-` is standard output. Same ledger, same bytes."""
    if path == STDIN:
        _write_csv(ledger, sys.stdout)
    elif path.suffix == ".parquet":
        columns = list(zip(*_texts(ledger), strict=True)) or [()] * len(COLUMNS)
        table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(COLUMNS, columns, strict=True)})
        pq.write_table(table, path, compression="zstd")
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            _write_csv(ledger, stream)


def _write_csv(ledger: Ledger, stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_texts(ledger))


def _texts(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    for entry, leg in ledger.legs():
        when, position = str(entry.time), str(entry.position)
        what = (leg.id, leg.side.value, leg.account, leg.asset.code, str(leg.amount), leg.kind.value, leg.spends)
        yield (entry.id, when, position, entry.ledger, *what, leg.source)


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) == PARQUET_MAGIC
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", "Check the name")) from None


def _parquet_rows(path: Path, defects: Defects) -> Iterator[tuple[int, Row]]:
    """Rows of a Parquet ledger; `line` counts rows from 1. Every column is text, as in CSV."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise Refused(Defect(str(path), 0, f"not readable as Parquet: {error}", "Write it again")) from None
    names = file.schema_arrow.names
    faults = [f"column {name} is missing" for name in REQUIRED if name not in names]
    faults += [f"column {name} is unknown" for name in names if name not in COLUMNS]
    if faults:
        raise Refused(*(Defect(str(path), 0, fault, "The columns are: " + ",".join(COLUMNS)) for fault in faults))
    line = 0
    for batch in file.iter_batches():
        for row in batch.to_pylist():
            line += 1
            yield line, {name: _text(value) for name, value in row.items()}


def _text(value: object) -> str:
    """Numbers and times of typed Parquet columns as the text a CSV would hold; anything inexact stays unreadable."""
    if value is None:
        return ""
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)
