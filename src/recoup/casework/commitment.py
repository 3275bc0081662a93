"""What the leaf of a change commits to: every row and message by the hash of its stored bytes, without a word of them.

The list is the payload of the change's first entry, sealed under the book's own key, so that an edited, added or
removed row differs from the log, and a subject that is erased takes nothing of the list with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from recoup.casework.book import BOOK, Place
from recoup.casework.codec import from_json, to_json
from recoup.evidence import Entry, Event, Malformed, Shredded, SubjectKeys, Unopened, entry_of, payload_of
from recoup.evidence.leaf import LEAF
from recoup.ground import sha256_hex


@dataclass(frozen=True, slots=True, order=True)
class RowLine:
    """A row and the SHA-256 (hex) of its stored bytes: the sealed ones where it has a subject."""

    kind: str
    id: str
    version: int
    subject: str
    sha256: str


@dataclass(frozen=True, slots=True, order=True)
class MessageLine:
    """A message, by its number within the change."""

    position: int
    to: str
    type: str
    subject: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that one change wrote."""

    rows: tuple[RowLine, ...] = ()
    messages: tuple[MessageLine, ...] = ()
    settled: tuple[Place, ...] = ()


class BookCode(StrEnum):
    """What can be wrong with the book while the log itself is whole."""

    ROW_CHANGED = "row-changed"
    ROW_MISSING = "row-missing"
    ROW_UNKNOWN = "row-unknown"
    MESSAGE_CHANGED = "message-changed"
    MESSAGE_MISSING = "message-missing"
    MESSAGE_UNKNOWN = "message-unknown"
    SETTLED_DIFFERS = "settled-differs"
    NOT_ERASED = "not-erased"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, order=True)
class BookFinding:
    """Something wrong with what entry `entry` made."""

    entry: int
    code: BookCode
    what: str

    def __str__(self) -> str:
        return f"{self.code}: entry {self.entry}: {self.what}"


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables hold of one entry: lines made anew from stored bytes; `sha256` is "" where a body is erased."""

    rows: tuple[RowLine, ...] = ()
    messages: tuple[MessageLine, ...] = ()
    settled: tuple[Place, ...] = ()


def sealed_entry(event: Event, manifest: Manifest, keys: SubjectKeys) -> Entry:
    """The first entry of a change."""
    bound = Event(event.kind, event.at, event.actor, event.record, BOOK)
    return entry_of(bound, to_json(manifest), keys)


def manifest_of(entry: Entry, keys: SubjectKeys) -> Manifest | None:
    """What an entry commits to; None where it belongs to no change. Unopened or Malformed where it was altered."""
    leaf = LEAF.fullmatch(entry.leaf)
    if leaf is None or leaf["subject"] != BOOK.encode():
        return None
    return from_json(Manifest, json.loads(payload_of(entry, keys)))


def hash_of(stored: bytes | None) -> str:
    """The hash that a line holds; "" for an erased body."""
    return "" if stored is None else sha256_hex(stored)


def compare(index: int, manifest: Manifest, found: Found, erased: set[str]) -> Iterator[BookFinding]:
    """Where the tables are not what the entry committed to."""
    rows = {(line.kind, line.id, line.version): line for line in found.rows}
    for line in manifest.rows:
        name = f"version {line.version} of {line.kind} {line.id}"
        here = rows.pop((line.kind, line.id, line.version), None)
        if here is None:
            yield BookFinding(index, BookCode.ROW_MISSING, f"{name} is gone")
        else:
            yield from _line(index, name, line, here, erased, BookCode.ROW_CHANGED)
    for kind, id, version in rows:
        what = f"version {version} of {kind} {id} is in no entry"
        yield BookFinding(index, BookCode.ROW_UNKNOWN, what)
    messages = {line.position: line for line in found.messages}
    for sent in manifest.messages:
        there = messages.pop(sent.position, None)
        if there is None:
            yield BookFinding(index, BookCode.MESSAGE_MISSING, f"message {sent.position} to {sent.to} is gone")
        else:
            yield from _line(index, f"message {sent.position}", sent, there, erased, BookCode.MESSAGE_CHANGED)
    for position in messages:
        yield BookFinding(index, BookCode.MESSAGE_UNKNOWN, f"message {position} is in no entry")
    if sorted(manifest.settled) != sorted(found.settled):
        yield BookFinding(index, BookCode.SETTLED_DIFFERS, "the messages that it settled are not those it names")


Line = RowLine | MessageLine


def _line(index: int, name: str, line: Line, here: Line, erased: set[str], code: BookCode) -> Iterator[BookFinding]:
    if here == line:
        if line.subject in erased:
            yield BookFinding(index, BookCode.NOT_ERASED, f"{name} is still here, and {line.subject} was erased")
    elif here.sha256 or line.subject not in erased:
        yield BookFinding(index, code, f"{name} is not what was written")


def audit_entries(
    entries: Iterable[tuple[int, Entry]], found: Iterable[tuple[int, Found]], erased: set[str], keys: SubjectKeys
) -> Iterator[BookFinding]:
    """Every entry against what the tables hold of it; `found` is in the order of entries, as `entries` is."""
    rest = iter(found)
    index, here = next(rest, (None, Found()))
    for at, entry in entries:
        while index is not None and index < at:
            yield from compare(index, Manifest(), here, erased)
            index, here = next(rest, (None, Found()))
        mine = here if index == at else Found()
        try:
            manifest = manifest_of(entry, keys) or Manifest()
        except (Unopened, Shredded, Malformed, ValueError) as error:
            yield BookFinding(at, BookCode.UNPROVEN, f"what it made cannot be checked: {error}")
        else:
            yield from compare(at, manifest, mine, erased)
        if index == at:
            index, here = next(rest, (None, Found()))
    while index is not None:
        yield from compare(index, Manifest(), here, erased)
        index, here = next(rest, (None, Found()))
