"""Which State takes part in what, since when, says who, seen when."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from recoup.ground import Answer, Defects, Refused
from recoup.law.codes import VerifyMark
from recoup.law.load import read_yaml

ROWS_MAX = 100_000
REVIEW_DAYS = 365  # clock C22 for tables of parties
COLUMNS = ("jurisdiction", "partner", "status", "valid_from", "valid_to", "source", "verify", "confidence", "note")
_STATE = re.compile(r"[A-Z]{2}")
_FOLDER = Path(__file__).parent / "participation"


class Status(StrEnum):
    BOUND = "bound"
    BY_EXTENSION = "by_extension"
    RATIFIED = "ratified"
    SIGNATORY = "signatory"
    NOT_BOUND = "not_bound"
    UNKNOWN = "unknown"


_BINDS = frozenset({Status.BOUND, Status.BY_EXTENSION, Status.RATIFIED})


@dataclass(frozen=True, slots=True)
class Participation:
    """One row: `jurisdiction` (ISO 3166 alpha-2) in a table; `partner` for bilateral treaties. Recalled rows have a
    confidence; `as_of` None means that the page bore no date."""

    jurisdiction: str
    status: Status
    source: str
    as_of: date | None
    verify: VerifyMark
    partner: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: str = ""
    note: str = ""

    def stale_on(self, day: date) -> bool:
        return self.as_of is None or (day - self.as_of).days > REVIEW_DAYS

    @property
    def doubtful(self) -> bool:
        return self.verify is VerifyMark.MEMORY and self.confidence == "low"

    @property
    def rank(self) -> tuple[int, int]:
        """Checked rows first, then recalled ones by confidence; the later one first, undated ones last."""
        strength = {"": 0, "high": 1, "medium": 2, "low": 3}[self.confidence]
        return (strength, 0 if self.as_of is None else -self.as_of.toordinal())

    def answer_on(self, day: date) -> Answer:
        if self.status is Status.UNKNOWN or self.doubtful:
            return Answer.UNKNOWN
        if self.status is Status.SIGNATORY:
            return Answer.UNKNOWN if self.stale_on(day) else Answer.NO
        begun = self.valid_from is None or self.valid_from <= day
        running = self.valid_to is None or day <= self.valid_to
        return Answer.YES if self.status in _BINDS and begun and running else Answer.NO


@dataclass(frozen=True, slots=True)
class Standing:
    """Does a State take part on a day, in words, and what that rests on."""

    answer: Answer
    says: str
    source: str
    as_of: date | None
    verify: VerifyMark
    stale: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one instrument. `closed`: a State that is not listed does not take part."""

    id: str
    title: str
    closed: bool
    verify: VerifyMark
    rows: tuple[Participation, ...]


class Parties:
    """All tables. Answers are kept, so that a plan over many assets asks once per State and table."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self._kept: dict[tuple[str, str, str, date], Standing] = {}
        self._index: dict[tuple[str, str, str], list[Participation]] = {}
        for table in tables.values():
            for row in table.rows:
                self._index.setdefault((table.id, row.jurisdiction, row.partner), []).append(row)
        for rows in self._index.values():
            rows.sort(key=lambda row: row.rank)

    def standing(self, table: str, state: str, day: date, partner: str = "") -> Standing:
        """Whether `state` takes part in `table` on `day` (for a bilateral treaty: with `partner`)."""
        key = (table, state, partner, day)
        if key not in self._kept:
            self._kept[key] = self._find(table, state, day, partner)
        return self._kept[key]

    def with_rows(self, table: str, *rows: Participation) -> Parties:
        """A copy with these rows added before those of their table that rank equal."""
        old = self.tables[table]
        return Parties({**self.tables, table: replace(old, rows=(*rows, *old.rows))})

    def pair(self, table: str, one: str, other: str, day: date) -> Standing:
        """A bilateral table knows a pair from either side: the row that ranks first decides."""
        key = (table, one, f"{other}=", day)
        if key not in self._kept:
            self._kept[key] = self._find(table, one, day, other, self._index.get((table, other, one), []))
        return self._kept[key]

    def _find(
        self, table: str, state: str, day: date, partner: str, mirrored: Sequence[Participation] = ()
    ) -> Standing:
        rows = sorted([*self._index.get((table, state, partner), []), *mirrored], key=lambda row: row.rank)
        if not rows:
            return self._unlisted(self.tables[table], state, day, partner)
        # Of rows that rank equal, one that covers the day goes first: a State may have left and come back.
        equal = [one for one in rows if one.rank == rows[0].rank and one.status in _BINDS]
        row = next((one for one in equal if one.answer_on(day) is Answer.YES), rows[0])
        answer = row.answer_on(day)
        if row.status not in _BINDS and row.stale_on(day):
            later = [one for one in rows if one.status in _BINDS and one.answer_on(day) is Answer.YES]
            row, answer = (later[0], Answer.YES) if later else (row, answer)
        return Standing(answer, _says(row, day, answer), row.source, row.as_of, row.verify, row.stale_on(day))

    def _unlisted(self, table: Table, state: str, day: date, partner: str) -> Standing:
        dates = sorted({row.as_of for row in table.rows if row.as_of})
        seen, with_whom = (dates[-1] if dates else None), f" with {partner}" if partner else ""
        answer = Answer.NO if table.closed else Answer.UNKNOWN
        ending = "so it does not take part" if table.closed else "and the table is not complete"
        says = f"{state}{with_whom} is not listed in {table.title}, {ending}"
        stale = seen is None or (day - seen).days > REVIEW_DAYS
        return Standing(answer, says, table.title, seen, table.verify, stale)


def _says(row: Participation, day: date, answer: Answer) -> str:
    with_whom = f" with {row.partner}" if row.partner else ""
    since = f" since {row.valid_from}" if row.valid_from else ", date of entry into force not recorded"
    if row.status in _BINDS and answer is Answer.NO:
        until = f", until {row.valid_to}" if row.valid_to else ""
        return f"{row.jurisdiction}{with_whom} takes part{since}{until}, and so not on {day}"
    words = {
        Status.BOUND: f"{row.jurisdiction}{with_whom} takes part{since}",
        Status.BY_EXTENSION: f"{row.jurisdiction}{with_whom} is covered by territorial extension{since}",
        Status.RATIFIED: f"{row.jurisdiction} has ratified{since}",
        Status.SIGNATORY: f"{row.jurisdiction} has signed and is not known to have ratified",
        Status.NOT_BOUND: f"{row.jurisdiction}{with_whom} does not take part",
        Status.UNKNOWN: f"{row.jurisdiction}{with_whom}: status not known",
    }
    return words[row.status] + (" (recalled, low confidence)" if row.doubtful else "")


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
