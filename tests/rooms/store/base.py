"""Books for the tests, on either database."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rooms.evidence.build import MemoryKeys, at
from tests.rooms.evidence.keys import signer

from recoup.casework.book import Change, Message, Place, Row, Seen
from recoup.casework.commitment import BookFinding
from recoup.evidence import AgencyKey, Event, Finding, SubjectKeys
from recoup.store import Target, open_database
from recoup.store.book import DatabaseBook
from recoup.store.database import Database

AGENCY = AgencyKey(b"k" * 32)
VERIFIER = signer().verifier


def event(record: str = "case-1", kind: str = "case.changed", number: int = 0) -> Event:
    return Event(kind, at(number), "officer-7", record)


def change(*rows: Row, **more: Any) -> Change:
    """A change of these rows whose event is on the first one."""
    return Change((event(rows[0].id if rows else "case-1"),), rows, **more)


def row(number: int = 0, id: str = "case-1", subject: str = "", kind: str = "case") -> Row:
    return Row(kind, id, {"number": number}, subject)


def message(number: int = 0, subject: str = "") -> Message:
    return Message("agency-b.example", "freeze.asked", {"number": number}, subject)


def settling(*places: Place) -> Change:
    return Change((event(kind="message.delivered"),), settled=places)


def seen(version: int, id: str = "case-1") -> tuple[Seen, ...]:
    return (Seen("case", id, version),)


@dataclass
class Bench:
    """A database that can be opened again and again, as by processes of their own; the keys are those of all."""

    address: str
    keys: SubjectKeys = field(default_factory=lambda: SubjectKeys(AGENCY, MemoryKeys()))
    opened: ExitStack = field(default_factory=ExitStack)

    @property
    def is_postgres(self) -> bool:
        return self.address.startswith("postgres")

    def book(self) -> DatabaseBook:
        book = open_database(Target.parse(self.address), signer(), self.keys)
        self.opened.callback(book.close)
        return book

    def sql(self, sql: str, *values: object) -> None:
        """The hand of a database administrator."""
        database = Database(Target.parse(self.address))
        with database.transaction() as cursor:
            cursor.execute(sql, list(values))
        database.close()

    def read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        database = Database(Target.parse(self.address))
        rows = database.read(sql, list(values))
        database.close()
        return rows


def audited(book: DatabaseBook) -> list[Finding | BookFinding]:
    return book.audit([VERIFIER])


def file_address(path: Path) -> str:
    return f"sqlite:///{path}"
