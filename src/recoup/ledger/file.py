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
from recoup.ledger.text import ROWS_MAX, STDIN, csv_rows, header_faults, open_binary

PARQUET_MAGIC = b"PAR1"


def read_ledger(path: Path, defects: Defects) -> Ledger:
    """The ledger in one CSV or Parquet file (by its first bytes), or in CSV on standard input (`-`).

    Rejected rows are added to `defects`; a file that is no ledger at all (unknown columns, not text) raises Refused.
    """
    rows = _parquet_rows(path) if _is_parquet(path) else csv_rows(path, REQUIRED, COLUMNS, defects)
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
    """Write CSV, or Parquet where the name ends in `.parquet`; `-` is standard output. Same ledger, same bytes.

    A place that cannot be written to raises Refused.
    """
    if path == STDIN:
        _write_csv(ledger, sys.stdout)
        return
    try:
        if path.suffix == ".parquet":
            _write_parquet(ledger, path)
        else:
            with path.open("w", encoding="utf-8", newline="") as stream:
                _write_csv(ledger, stream)
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be written: {error.strerror}", "Check the directory")) from None


def _write_parquet(ledger: Ledger, path: Path) -> None:
    columns = list(zip(*_texts(ledger), strict=True)) or [()] * len(COLUMNS)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(COLUMNS, columns, strict=True)})
    pq.write_table(table, path, compression="zstd")


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
    if path == STDIN:
        return False
    with open_binary(path) as stream:
        return stream.read(4) == PARQUET_MAGIC


def _parquet_rows(path: Path, rows_max: int = ROWS_MAX) -> Iterator[tuple[int, Row]]:
    """Rows of a Parquet ledger; `line` counts rows from 1. Reads text, integers, decimals, dates and timestamps."""
    line = 0
    try:
        file = pq.ParquetFile(path)
        _refuse_unreadable(path, file.schema_arrow, file.metadata.num_rows, rows_max)
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                line += 1
                yield line, {name: _text(value) for name, value in row.items()}
    except (pa.ArrowException, OSError, ValueError) as error:
        what = f"not readable as Parquet: {str(error)[:200]}"
        raise Refused(Defect(str(path), line, what, "Write it again; text columns always work")) from None


def _refuse_unreadable(path: Path, schema: pa.Schema, rows: int, rows_max: int) -> None:
    faults = header_faults(schema.names, REQUIRED, COLUMNS)
    faults += [f"column {each.name} is {each.type}, which is not exact" for each in schema if _inexact(each.type)]
    faults += [f"more than {rows_max:,} rows"] if rows > rows_max else []
    if faults:
        mend = "Write every column as text; the columns are: " + ",".join(COLUMNS)
        raise Refused(*(Defect(str(path), 0, fault, mend) for fault in faults))


def _inexact(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _inexact(kind.value_type)
    exact = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_decimal, pa.types.is_null)
    timed = (pa.types.is_date, pa.types.is_timestamp)
    return not any(holds(kind) for holds in exact + timed)


def _text(value: object) -> str:
    """A value of a typed column as the text that a CSV would hold."""
    if value is None:
        return ""
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)
