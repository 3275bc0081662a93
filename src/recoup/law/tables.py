"""Tables of parties from their files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from recoup.ground import Defects, Refused
from recoup.law.codes import VerifyMark
from recoup.law.party import Participation, Status
from recoup.law.standing import Parties, Table
from recoup.law.yaml_file import read_yaml

ROWS_MAX = 100_000
COLUMNS = ("jurisdiction", "partner", "status", "valid_from", "valid_to", "source", "verify", "confidence", "note")
_STATE = re.compile(r"[A-Z]{2}")
_FOLDER = Path(__file__).parent / "participation"


@lru_cache(maxsize=1)
def built_in() -> Parties:
    """The tables of this package."""
    return read_parties(_FOLDER)


def read_parties(folder: Path, base: Parties | None = None) -> Parties:
    """Tables of a folder (`tables.yaml`, `sources.yaml`, one CSV per table), laid over `base` where one is given.

    A row that cannot be read raises Refused with its file, line and mend: legal data is all or nothing.
    """
    defects = Defects()
    sources, heads = read_yaml(folder / "sources.yaml"), read_yaml(folder / "tables.yaml")
    tables = dict(base.tables) if base else {}
    for name, head in sorted(heads.items(), key=lambda item: str(item[0])):
        rows = tuple(_read_rows(folder / f"{name}.csv", sources, defects))
        table = _table(name, head, rows, defects)
        if table is not None:
            tables[name] = table
    if len(defects):
        raise Refused(*defects)
    return Parties(tables)


def _table(name: object, head: object, rows: tuple[Participation, ...], defects: Defects) -> Table | None:
    try:
        if not (isinstance(name, str) and isinstance(head, dict) and isinstance(head["closed"], bool)):
            raise TypeError("not a table")
        return Table(name, str(head["title"]), head["closed"], VerifyMark(head["verify"]), rows)
    except (KeyError, TypeError, ValueError):
        defects.add("tables.yaml", 0, f"table {str(name)[:60]!r} is not readable", "Give it title, closed and verify")
        return None


def _read_rows(path: Path, sources: Mapping[str, Mapping[str, object]], defects: Defects) -> Iterable[Participation]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        defects.add(path.name, 0, "the table is not there or not UTF-8 text", "Put it beside tables.yaml")
        return
    yield from _rows_of(path.name, text, sources, defects)


def _rows_of(
    file: str, text: str, sources: Mapping[str, Mapping[str, object]], defects: Defects
) -> Iterable[Participation]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        defects.add(file, 1, "not the columns of a participation table", f"Use {','.join(COLUMNS)}")
        return
    for line, row in enumerate(reader, start=2):
        if line > ROWS_MAX + 1:
            defects.add(file, line, f"more than {ROWS_MAX} rows", "Split the table")
            return
        try:
            yield _row(row, sources)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            defects.add(file, line, f"row not readable: {error}", "See docs/reference/catalogue.md")


def _row(row: Mapping[str, str], sources: Mapping[str, Mapping[str, object]]) -> Participation:
    source = sources[row["source"]]
    as_of = source["as_of"]
    if as_of is not None and type(as_of) is not date:
        raise ValueError(f"source {row['source']} has no date")
    for code in (row["jurisdiction"], row["partner"] or row["jurisdiction"]):
        if not _STATE.fullmatch(code):
            raise ValueError(f"{code!r} is not an ISO 3166 alpha-2 code")
    if row["confidence"] not in ("", "high", "medium", "low"):
        raise ValueError(f"{row['confidence']!r} is not a confidence")
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        raise ValueError(f"it ends on {row['valid_to']}, before it begins on {row['valid_from']}")
    return Participation(
        jurisdiction=row["jurisdiction"],
        partner=row["partner"],
        status=Status(row["status"]),
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        source=str(source["title"]),
        as_of=as_of,
        verify=VerifyMark(row["verify"]),
        confidence=row["confidence"],
        note=row["note"],
    )
