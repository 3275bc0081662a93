"""Which State takes part in what, since when, says who, seen when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from recoup.ground import Answer
from recoup.law.codes import VerifyMark
from recoup.law.party import BINDS, REVIEW_DAYS, Participation, Status


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
        equal = [one for one in rows if one.rank == rows[0].rank and one.status in BINDS]
        row = next((one for one in equal if one.answer_on(day) is Answer.YES), rows[0])
        answer = row.answer_on(day)
        if row.status not in BINDS and row.stale_on(day):
            later = [one for one in rows if one.status in BINDS and one.answer_on(day) is Answer.YES]
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
    if row.status in BINDS and answer is Answer.NO:
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
