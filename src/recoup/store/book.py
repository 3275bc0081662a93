"""The book over a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from recoup.casework.book import (
    BEGINNING,
    BOOK,
    PAGE_ROWS_MAX,
    Change,
    Pending,
    Place,
    Stored,
    pages_left,
)
from recoup.casework.commitment import BookFinding, Found, MessageLine, RowLine, audit_entries, hash_of
from recoup.evidence import Event, Finding, Receipt, Signer, SubjectKeys, VerifierKey, WitnessView, audit
from recoup.evidence.audit.payloads import erased_subjects
from recoup.store.database import Database
from recoup.store.draft import ensure_key
from recoup.store.erasing import erase_subject
from recoup.store.group import GroupCommit
from recoup.store.log import DatabaseLog
from recoup.store.reading import Reader
from recoup.store.tables.models import BookMessage, BookRow, BookSettled
from recoup.store.writer import Writer

EVERYTHING = 2**62


class DatabaseBook:
    """A Book. Safe for many threads, and for many processes on one database."""

    def __init__(self, database: Database, signer: Signer, keys: SubjectKeys) -> None:
        ensure_key(keys, BOOK)
        self.database = database
        self.log = DatabaseLog(database)
        self._keys = keys
        self._writer = Writer(database, signer, keys)
        self._group: GroupCommit[Change, Receipt] = GroupCommit(self._writer.commit)
        self._reader = Reader(database, keys)

    def commit(self, change: Change) -> Receipt:
        """Calls that wait at the same time share one transaction."""
        return self._group.submit(change)

    def commit_all(self, changes: Sequence[Change]) -> list[Receipt | BaseException]:
        """Many changes of one caller (an import) in as few transactions as may be; an outcome for each, in order."""
        return self._group.submit_all(changes)

    def row(self, kind: str, id: str) -> Stored | None:
        return self._reader.last(kind, id)

    def rows(self, kind: str, after: str = "", limit: int = PAGE_ROWS_MAX) -> Sequence[Stored]:
        return self._reader.newest(kind, after, pages_left(limit))

    def history(self, kind: str, id: str, after: int = 0, limit: int = PAGE_ROWS_MAX) -> Sequence[Stored]:
        return self._reader.versions(kind, id, after, pages_left(limit))

    def pending_messages(self, after: Place = BEGINNING, limit: int = PAGE_ROWS_MAX) -> Sequence[Pending]:
        return self._reader.pending(after, pages_left(limit))

    def erase(self, subject: str, event: Event) -> Receipt:
        return erase_subject(self.database, self._writer, self._keys, subject, event)

    def audit(self, logs: Sequence[VerifierKey], views: Sequence[WitnessView] = ()) -> list[Finding | BookFinding]:
        """The log as `evidence.audit` sees it, then every row and message against the entry that made it."""
        log = audit(self.log, logs, views, self._keys)
        erased = erased_subjects(self.log.leaves(0, EVERYTHING))
        book = audit_entries(self.log.entries(0, EVERYTHING), self._found(), erased, self._keys)
        return [*log, *sorted(book)]

    def close(self) -> None:
        self.database.close()

    def _found(self) -> Iterator[tuple[int, Found]]:
        """What the tables hold of each entry, in the order of entries."""
        streams = {
            "rows": self._lines(BookRow, ("kind", "row_id", "version", "subject", "body"), RowLine),
            "messages": self._lines(BookMessage, ("position", "agency", "type", "subject", "body"), MessageLine),
            "settled": self._settled(),
        }
        yield from _merged({name: groupby(stream, key=lambda pair: pair[0]) for name, stream in streams.items()})

    def _lines(self, model: Any, columns: tuple[str, ...], line: Any) -> Iterator[tuple[int, Any]]:
        query = model.objects.using(self.database.alias).order_by("entry", *columns[:3])
        for index, *words, body in query.values_list("entry", *columns).iterator():
            yield index, line(*words, hash_of(_bytes(body)))

    def _settled(self) -> Iterator[tuple[int, Place]]:
        query = BookSettled.objects.using(self.database.alias).order_by("by", "entry", "position")
        for by, entry, position in query.values_list("by", "entry", "position").iterator():
            yield by, Place(entry, position)


def _bytes(body: Any) -> bytes | None:
    """Stored bytes; SQLite gives back a text where somebody wrote one."""
    if body is None:
        return None
    return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)


def _merged(groups: dict[str, Any]) -> Iterator[tuple[int, Found]]:
    """Groups of several streams, each rising by entry, as one."""
    heads = {name: _next(group) for name, group in groups.items()}
    while any(heads.values()):
        index = min(head[0] for head in heads.values() if head)
        here = {name: head[1] for name, head in heads.items() if head and head[0] == index}
        yield index, Found(**here)
        for name in here:
            heads[name] = _next(groups[name])


def _next(group: Any) -> tuple[int, tuple[Any, ...]] | None:
    found = next(group, None)
    return None if found is None else (found[0], tuple(value for _, value in found[1]))
