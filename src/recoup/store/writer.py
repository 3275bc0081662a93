"""The write path: a batch of changes, their leaves and the signed checkpoint in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError

from recoup.casework.book import Change, Place, Stale
from recoup.evidence import (
    Damaged,
    Edge,
    Entry,
    Malformed,
    Note,
    Receipt,
    Shredded,
    Signer,
    SubjectKeys,
    edge_of,
    grow,
    open_checkpoint,
    parse_note,
)
from recoup.store.database import Database
from recoup.store.draft import Part, Sight, draft, keys_of, subjects_of
from recoup.store.log import next_index, read_tile, write_growth
from recoup.store.sql import erased_among, insert, newest_versions, unsettled_among
from recoup.store.tables.models import BookMessage, BookRow, BookSettled

Outcome = Receipt | BaseException
# What is wrong with the database rather than with a change: nobody's change is written then.
_EVERYBODYS = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class _Known:
    """The edge of the log under the checkpoint that this process saw last."""

    note: Note | None
    edge: Edge


class Writer:
    """Writes batches for one log. Not safe for threads by itself: `GroupCommit` calls it one batch at a time."""

    def __init__(self, database: Database, signer: Signer, keys: SubjectKeys) -> None:
        self._database = database
        self._signer = signer
        self._keys = keys
        self._known = _Known(None, Edge())

    def commit(self, changes: Sequence[Change]) -> list[Outcome]:
        """One outcome for each change; the transaction is durable when this returns. Damaged where the log is."""
        outcomes: list[Outcome]
        with self._database.transaction() as cursor:
            edge = self.edge(cursor)
            taken = self._all_at_once(cursor, changes, edge.size)
            if taken is None:
                taken = self._one_by_one(cursor, changes, edge.size)
            entries = [entry for part in taken if isinstance(part, Part) for entry in part.entries]
            if not entries:
                return [part for part in taken if isinstance(part, BaseException)]
            known = self.write_log(cursor, edge, entries)
            outcomes = self._receipts(taken, edge.size, known)
        self._known = known
        return outcomes

    def write_log(self, cursor: Any, edge: Edge, entries: Sequence[Entry]) -> _Known:
        """The log with `entries` behind its edge, in the transaction; the caller `keep`s it once that is durable."""
        growth = grow(edge, entries, self._signer.name, self._signer)
        write_growth(cursor, growth)
        return _Known(growth.checkpoint, growth.edge)

    def keep(self, known: _Known) -> None:
        """The transaction of `write_log` is durable."""
        self._known = known

    def newest(self) -> Note:
        """The newest checkpoint that this object wrote or read."""
        assert self._known.note is not None
        return self._known.note

    def edge(self, cursor: Any) -> Edge:
        """The edge that the log really has now: another process may have written since, or somebody tampered."""
        cursor.execute("SELECT note FROM log_checkpoint WHERE id = 0")
        row = cursor.fetchone()
        note = str(row[0]) if row else None
        if note != (self._known.note and str(self._known.note)):
            self._known = self._read(cursor, note)
        cursor.execute("SELECT max(idx) FROM log_entry")
        if next_index(cursor.fetchone()[0]) != self._known.edge.size:
            raise Damaged("the stored entries do not end where the signed checkpoint does")
        return self._known.edge

    def _read(self, cursor: Any, note: str | None) -> _Known:
        if note is None:
            return _Known(None, Edge())
        head = open_checkpoint(note, [self._signer.verifier])
        try:
            edge = edge_of(head.size, lambda tile: read_tile(cursor, tile))
        except Malformed as error:
            raise Damaged(str(error)) from error
        if edge.root() != head.root:
            raise Damaged(f"the tiles of {head.size} entries do not lead to the signed root")
        return _Known(parse_note(note), edge)

    def _sight(self, cursor: Any, changes: Sequence[Change]) -> Sight:
        versions = newest_versions(cursor, keys_of(changes))
        erased = erased_among(cursor, subjects_of(changes))
        places = sorted({place for change in changes for place in change.settled})
        return Sight(versions, erased, {Place(*one) for one in unsettled_among(cursor, places)})

    def _all_at_once(self, cursor: Any, changes: Sequence[Change], size: int) -> list[Part | BaseException] | None:
        """Every change that can be; None, and nothing written, where the database refuses one and so all."""
        sight, taken = self._sight(cursor, changes), list[Part | BaseException]()
        for change in changes:
            part = self._draft(change, size, sight)
            taken.append(part)
            if isinstance(part, Part):
                sight.take(change)
                size += len(part.entries)
        cursor.execute("SAVEPOINT batch")
        try:
            _insert(cursor, [part for part in taken if isinstance(part, Part)])
        except _EVERYBODYS:
            raise
        except DatabaseError:
            cursor.execute("ROLLBACK TO SAVEPOINT batch")
            return None
        cursor.execute("RELEASE SAVEPOINT batch")
        return taken

    def _one_by_one(self, cursor: Any, changes: Sequence[Change], size: int) -> list[Part | BaseException]:
        """Each change in a savepoint of its own, so that the one that the database refuses fails alone."""
        sight, taken = self._sight(cursor, changes), list[Part | BaseException]()
        for change in changes:
            part = self._draft(change, size, sight)
            if isinstance(part, Part):
                part = self._in_savepoint(cursor, part)
            taken.append(part)
            if isinstance(part, Part):
                sight.take(change)
                size += len(part.entries)
        return taken

    def _draft(self, change: Change, first: int, sight: Sight) -> Part | BaseException:
        try:
            return draft(change, first, sight, self._keys)
        except (Stale, Shredded, Malformed) as error:
            return error

    def _in_savepoint(self, cursor: Any, part: Part) -> Part | BaseException:
        cursor.execute("SAVEPOINT change")
        try:
            _insert(cursor, [part])
        except _EVERYBODYS:
            raise
        except DatabaseError as error:
            cursor.execute("ROLLBACK TO SAVEPOINT change")
            refused: BaseException = error
            return refused
        cursor.execute("RELEASE SAVEPOINT change")
        return part

    def _receipts(self, taken: Sequence[Part | BaseException], first: int, known: _Known) -> list[Outcome]:
        assert known.note is not None
        outcomes: list[Outcome] = []
        for part in taken:
            if isinstance(part, BaseException):
                outcomes.append(part)
            else:
                outcomes.append(Receipt(first, len(part.entries), known.note))
                first += len(part.entries)
        return outcomes


_TABLES = (("rows", insert(BookRow)), ("messages", insert(BookMessage)), ("settled", insert(BookSettled)))


def _insert(cursor: Any, parts: Sequence[Part]) -> None:
    for name, sql in _TABLES:
        tuples = [one for part in parts for one in getattr(part, name)]
        if tuples:
            cursor.executemany(sql, tuples)
