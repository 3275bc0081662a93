"""The book: the one way in which a step writes. Rows, log entries and messages are durable together or not at all.

Nothing is changed in place: a row is a version that stays, and names the log entry which made it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from recoup.casework.codec import from_json
from recoup.evidence import Event, Malformed, Receipt, Shredded
from recoup.evidence.leaf import ERASURE_KIND

ROWS_MAX = 1_000
EVENTS_MAX = 1_000
MESSAGES_MAX = 1_000
BODY_BYTES_MAX = 1_000_000
PAGE_ROWS_MAX = 1_000
VERSION_MAX = 2**31 - 1
KIND = re.compile(r"[a-z][a-z0-9-]{0,49}")
TYPE = re.compile(r"[a-z][a-z-]*(\.[a-z][a-z-]*){1,3}")
# The same alphabet as in the log: ids and addresses stay when a person is erased, so they must not tell who it was.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
# Subjects of the house itself, which are never erased: the log would no longer tell what belongs to it.
BOOK = "book"
RESERVED = frozenset({BOOK, "people"})
T = TypeVar("T")


class Stale(Exception):
    """Somebody wrote since the change read: read again, decide again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A new version of (`kind`, `id`). `body` is a JSON value without floats (`codec.to_json`).

    A body about a person names its `subject`, an opaque id, and is sealed under that subject's key.
    """

    kind: str
    id: str
    body: Any
    subject: str = ""

    def __post_init__(self) -> None:
        _refuse(KIND, "kind", self.kind)
        _refuse(ID, "id", self.id)
        _refuse_subject(self.subject)


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out to another agency once the change is durable; `type` is written as noun.verb."""

    to: str
    type: str
    body: Any
    subject: str = ""

    def __post_init__(self) -> None:
        _refuse(ID, "agency", self.to)
        if len(self.type) > 100:
            raise Malformed("a message type has at most 100 characters")
        _refuse(TYPE, "message type", self.type)
        _refuse_subject(self.subject)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a message stands: the log entry that made it and its number within that change."""

    entry: int
    position: int


BEGINNING = Place(-1, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest version of a row that a step read; 0 where there was none."""

    kind: str
    id: str
    version: int

    def __post_init__(self) -> None:
        if not 0 <= self.version <= VERSION_MAX:
            raise Malformed(f"version {self.version} is not between 0 and {VERSION_MAX}")


@dataclass(frozen=True, slots=True)
class Change:
    """One step's writing: all of it or none.

    The first event is the change's own: its leaf commits to every row and message. Events name neither subject nor
    commitment: who it is about stands in rows, sealed. `seen` is what the step relied on; `settled` are messages that
    were delivered.
    """

    events: tuple[Event, ...]
    rows: tuple[Row, ...] = ()
    messages: tuple[Message, ...] = ()
    seen: tuple[Seen, ...] = ()
    settled: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.events) <= EVENTS_MAX:
            raise Malformed(f"a change has 1 to {EVENTS_MAX} events, not {len(self.events)}")
        if any(event.subject or event.commitment for event in self.events):
            raise Malformed("an event of a change names no subject and no commitment: put what is personal into a row")
        if any(event.kind == ERASURE_KIND for event in self.events):
            raise Malformed(f"{ERASURE_KIND} is written by `erase` alone")
        if len(self.rows) > ROWS_MAX or len(self.messages) + len(self.settled) > MESSAGES_MAX:
            raise Malformed(f"a change has at most {ROWS_MAX} rows and {MESSAGES_MAX} messages")
        if len({(row.kind, row.id) for row in self.rows}) < len(self.rows):
            raise Malformed("a change writes a row twice")
        if len(set(self.settled)) < len(self.settled):
            raise Malformed("a change settles a message twice")


@dataclass(frozen=True, slots=True)
class Stored:
    """A version as it is kept; `version` counts from 1. An erased one has no body any more."""

    kind: str
    id: str
    version: int
    entry: int
    body: Any
    subject: str = ""
    erased: bool = False

    @property
    def seen(self) -> Seen:
        """For the change that relies on this version."""
        return Seen(self.kind, self.id, self.version)

    def read(self, kind: type[T]) -> T:
        """The dataclass that was written; Shredded where it was erased, Malformed where it is another."""
        if self.erased:
            raise Shredded(f"version {self.version} of {self.kind} {self.id} was erased with {self.subject}")
        return from_json(kind, self.body)


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that has not been settled yet."""

    place: Place
    message: Message


class Book(Protocol):
    """What a step is given. Reading shows only what is durable and what its log entry committed to."""

    def commit(self, change: Change) -> Receipt:
        """Write a change; returns when it is durable. `first` of the receipt is the entry of its first event.

        Raises Stale where `seen` or `settled` is not so any more, Shredded where a subject was erased, Malformed where
        a body is too long or inexact; then nothing of the change is kept. Any other exception leaves it open whether
        the change was written: read before you try again.
        """
        ...

    def row(self, kind: str, id: str) -> Stored | None:
        """The newest version."""
        ...

    def rows(self, kind: str, after: str = "", limit: int = PAGE_ROWS_MAX) -> Sequence[Stored]:
        """The newest version of each row of a kind, by id (ASCII order), from behind `after`."""
        ...

    def history(self, kind: str, id: str, after: int = 0, limit: int = PAGE_ROWS_MAX) -> Sequence[Stored]:
        """Every version above `after`, oldest first."""
        ...

    def pending_messages(self, after: Place = BEGINNING, limit: int = PAGE_ROWS_MAX) -> Sequence[Pending]:
        """Messages to deliver, oldest first, from behind `after`; erased ones are gone."""
        ...

    def erase(self, subject: str, event: Event) -> Receipt:
        """Record the erasure (`event`), then destroy the subject's bodies and key; called again, finish what was cut.

        Proofs of the log still verify. Nothing is ever written under the subject again.
        """
        ...


def pages_left(limit: int) -> int:
    """`limit`, at most PAGE_ROWS_MAX; ValueError below 1."""
    if limit < 1:
        raise ValueError(f"a page has at least one row, not {limit}")
    return min(limit, PAGE_ROWS_MAX)


def _refuse(pattern: re.Pattern[str], what: str, text: str) -> None:
    if not pattern.fullmatch(text):
        raise Malformed(f"{what} {text[:40]!r} is not written as {pattern.pattern}")


def refuse_reserved(subject: str) -> None:
    """Malformed where a subject is not an opaque id, or is one of the house itself."""
    _refuse(ID, "subject", subject)
    if subject in RESERVED:
        raise Malformed(f"{subject!r} is a subject of the house itself")


def _refuse_subject(subject: str) -> None:
    if subject:
        refuse_reserved(subject)
