"""What a batch is about to write: each change in turn, against what the transaction sees and what came before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recoup.casework.book import BODY_BYTES_MAX, Change, Place, Stale
from recoup.casework.commitment import Manifest, MessageLine, RowLine, hash_of, sealed_entry
from recoup.evidence import Entry, Malformed, Shredded, SubjectKeys
from recoup.ground import canonical_json

Key = tuple[str, str]


@dataclass(slots=True)
class Part:
    """The tuples of one change, in the columns of their tables, and its log entries."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    settled: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Sight:
    """What the transaction sees: newest versions, erased subjects, messages settled already or never sent."""

    versions: dict[Key, int]
    erased: set[str]
    unsettled: set[Place]

    def take(self, change: Change) -> None:
        """The change was written: those behind it in the batch see it."""
        for row in change.rows:
            self.versions[row.kind, row.id] = self.versions.get((row.kind, row.id), 0) + 1
        self.unsettled -= set(change.settled)


def keys_of(changes: Iterable[Change]) -> list[Key]:
    """Every row that the changes write or rely on."""
    written = {(row.kind, row.id) for change in changes for row in change.rows}
    return sorted(written | {(seen.kind, seen.id) for change in changes for seen in change.seen})


def subjects_of(changes: Iterable[Change]) -> list[str]:
    """Every subject under which the changes seal something."""
    rows = {row.subject for change in changes for row in change.rows}
    return sorted((rows | {sent.subject for change in changes for sent in change.messages}) - {""})


def draft(change: Change, first: int, sight: Sight, keys: SubjectKeys) -> Part:
    """The part of a change whose first entry gets index `first`. Stale, Shredded or Malformed where it cannot be."""
    _refuse_stale(change, sight)
    for subject in subjects_of([change]):
        if subject in sight.erased:
            raise Shredded(f"subject {subject} was erased; nothing is written under it again")
        ensure_key(keys, subject)
    part, row_lines, message_lines = Part(), [], []
    for row in change.rows:
        version = sight.versions.get((row.kind, row.id), 0) + 1
        body = sealed_body(row.body, row.subject, row_place(row.kind, row.id, version), keys)
        part.rows.append((row.kind, row.id, version, first, row.subject, body))
        row_lines.append(RowLine(row.kind, row.id, version, row.subject, hash_of(body)))
    for position, sent in enumerate(change.messages):
        body = sealed_body(sent.body, sent.subject, message_place(first, position), keys)
        part.messages.append((first, position, sent.to, sent.type, sent.subject, body))
        message_lines.append(MessageLine(position, sent.to, sent.type, sent.subject, hash_of(body)))
    part.settled = [(place.entry, place.position, first) for place in change.settled]
    manifest = Manifest(tuple(row_lines), tuple(message_lines), change.settled)
    part.entries = [sealed_entry(change.events[0], manifest, keys)]
    part.entries += [Entry(event.leaf, None, event.record) for event in change.events[1:]]
    return part


def _refuse_stale(change: Change, sight: Sight) -> None:
    for seen in change.seen:
        newest = sight.versions.get((seen.kind, seen.id), 0)
        if newest != seen.version:
            raise Stale(f"{seen.kind} {seen.id} is at version {newest} and was read at {seen.version}")
    for place in change.settled:
        if place not in sight.unsettled:
            raise Stale(f"message {place.position} of entry {place.entry} is settled, or was never sent")


def ensure_key(keys: SubjectKeys, subject: str) -> None:
    """Make a subject's key; another process may be as quick."""
    try:
        keys.ensure(subject)
    except Exception:
        if not keys.has(subject):
            raise


def sealed_body(body: Any, subject: str, place: bytes, keys: SubjectKeys) -> bytes:
    """The bytes to keep: canonical JSON, sealed to its place where it has a subject."""
    try:
        plain = canonical_json(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed(f"a body that JSON cannot hold exactly: {error}") from error
    if len(plain) > BODY_BYTES_MAX:
        raise Malformed(f"a body has at most {BODY_BYTES_MAX:,} bytes, not {len(plain):,}")
    return keys.seal(subject, plain, place) if subject else plain


def opened_body(stored: bytes, subject: str, place: bytes, keys: SubjectKeys) -> bytes:
    """What `sealed_body` was given, as canonical JSON."""
    return keys.unseal(subject, stored, place) if subject else stored


def row_place(kind: str, id: str, version: int) -> bytes:
    """What the seal of a row is bound to."""
    return f"row\n{kind}\n{id}\n{version}".encode()


def message_place(entry: int, position: int) -> bytes:
    """What the seal of a message is bound to."""
    return f"message\n{entry}\n{position}".encode()
