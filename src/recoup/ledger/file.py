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
from recoup.ledger.parquet import PARQUET_MAGIC, is_parquet, parquet_rows
from recoup.ledger.rows import COLUMNS, REQUIRED, Assembler
from recoup.ledger.text import STDIN, csv_rows

__all__ = ["PARQUET_MAGIC", "read_ledger", "read_ledgers", "write_ledger"]


def read_ledger(path: Path, defects: Defects) -> Ledger:
    """The ledger in one CSV or Parquet file (by its first bytes), or in CSV on standard input (`-`).

    Rejected rows are added to `defects`; a file that is no ledger at all (unknown columns, not text) raises Refused.
    """
    rows = parquet_rows(path) if is_parquet(path) else csv_rows(path, REQUIRED, COLUMNS, defects)
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
    with path.open("wb") as stream:  # a stream, for pyarrow takes no name that is not UTF-8
        pq.write_table(table, stream, compression="zstd")


def _write_csv(ledger: Ledger, stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_texts(ledger))


def _texts(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    for entry, leg in ledger.legs():
        when, position = str(entry.time), str(entry.position)
        what = (leg.id, leg.side.value, leg.account, leg.asset.code, str(leg.amount), leg.kind.value, leg.spends)
        yield (entry.id, when, position, entry.ledger, *what, leg.source)
