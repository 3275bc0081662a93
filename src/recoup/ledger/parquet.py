"""Ledgers in Parquet: the same columns as in CSV, read exactly or refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recoup.ground import Defect, Refused
from recoup.ledger.fields import Row
from recoup.ledger.rows import COLUMNS, REQUIRED
from recoup.ledger.text import ROWS_MAX, STDIN, header_faults, open_binary

PARQUET_MAGIC = b"PAR1"


def is_parquet(path: Path) -> bool:
    """Told by the first bytes, not by the name; standard input is text."""
    if path == STDIN:
        return False
    with open_binary(path) as stream:
        return stream.read(4) == PARQUET_MAGIC


def parquet_rows(path: Path, rows_max: int = ROWS_MAX) -> Iterator[tuple[int, Row]]:
    """Rows of a Parquet ledger; `line` counts rows from 1. Reads text, integers, decimals, dates and timestamps."""
    line = 0
    try:
        with open_binary(path) as stream:  # pyarrow takes no name that is not UTF-8
            file = pq.ParquetFile(stream)
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
