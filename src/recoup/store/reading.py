"""Reading rows and messages: what differs from its log entry is never handed out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from recoup.casework.book import Message, Pending, Place, Stored
from recoup.casework.commitment import Manifest, MessageLine, RowLine, hash_of, manifest_of
from recoup.evidence import Damaged, Entry, Malformed, Shredded, SubjectKeys, Unopened
from recoup.store.database import Database
from recoup.store.draft import message_place, opened_body, row_place
from recoup.store.tables.models import BookErased, BookMessage, BookRow, BookSettled, LogEntry, LogPayload


class Reader:
    """Rows and messages of a database, each compared with what its entry committed to (Damaged where it differs)."""

    def __init__(self, database: Database, keys: SubjectKeys) -> None:
        self._alias = database.alias
        self._keys = keys

    def newest(self, kind: str, after: str, limit: int) -> Sequence[Stored]:
        """The newest version of each row, by id."""
        later = self._of(BookRow).filter(kind=OuterRef("kind"), row_id=OuterRef("row_id"))
        later = later.filter(version=OuterRef("version") + 1)
        query = self._of(BookRow).filter(kind=kind, row_id__gt=after)
        return self._stored(query.filter(~Exists(later)).order_by("row_id")[:limit])

    def versions(self, kind: str, id: str, after: int, limit: int) -> Sequence[Stored]:
        """Versions of a row above `after`, oldest first."""
        query = self._of(BookRow).filter(kind=kind, row_id=id, version__gt=after)
        return self._stored(query.order_by("version")[:limit])

    def last(self, kind: str, id: str) -> Stored | None:
        """The newest version of a row."""
        query = self._of(BookRow).filter(kind=kind, row_id=id).order_by("-version")[:1]
        return next(iter(self._stored(query)), None)

    def pending(self, after: Place, limit: int) -> Sequence[Pending]:
        """Messages that nobody settled, with a body, oldest first."""
        done = self._of(BookSettled).filter(entry=OuterRef("entry"), position=OuterRef("position"))
        query = self._of(BookMessage).filter(body__isnull=False, entry__gte=after.entry).filter(~Exists(done))
        query = query.exclude(entry=after.entry, position__lte=after.position)
        columns = ("entry", "position", "agency", "type", "subject", "body")
        found = list(query.order_by("entry", "position").values_list(*columns)[:limit])
        manifests = self._manifests({row[0] for row in found})
        return [self._pending(row, manifests[row[0]]) for row in found]

    def _pending(self, row: tuple[Any, ...], manifest: Manifest) -> Pending:
        entry, position, agency, kind, subject, stored = row
        line = MessageLine(position, agency, kind, subject, hash_of(bytes(stored)))
        if line not in manifest.messages:
            raise Damaged(f"message {position} of entry {entry} is not the one that the entry committed to")
        body = self._opened(bytes(stored), subject, message_place(entry, position), entry)
        return Pending(Place(entry, position), Message(agency, kind, body, subject))

    def _stored(self, query: Any) -> Sequence[Stored]:
        columns = ("kind", "row_id", "version", "entry", "subject", "body")
        found = list(query.values_list(*columns))
        manifests = self._manifests({row[3] for row in found})
        return [self._one(row, manifests[row[3]]) for row in found]

    def _one(self, row: tuple[Any, ...], manifest: Manifest) -> Stored:
        kind, id, version, entry, subject, body = row
        stored = None if body is None else bytes(body)
        line = RowLine(kind, id, version, subject, hash_of(stored))
        if stored is None:
            self._refuse_unrecorded(line, manifest, entry)
            return Stored(kind, id, version, entry, None, subject, erased=True)
        if line not in manifest.rows:
            raise Damaged(f"version {version} of {kind} {id} is not the one that entry {entry} committed to")
        opened = self._opened(stored, subject, row_place(kind, id, version), entry)
        return Stored(kind, id, version, entry, opened, subject)

    def _refuse_unrecorded(self, line: RowLine, manifest: Manifest, entry: int) -> None:
        """An empty body belongs to an erased subject, or somebody emptied it."""
        told = {(one.kind, one.id, one.version, one.subject) for one in manifest.rows}
        known = (line.kind, line.id, line.version, line.subject) in told
        if not (known and self._of(BookErased).filter(subject=line.subject).exists()):
            raise Damaged(f"version {line.version} of {line.kind} {line.id}, made by entry {entry}, was emptied")

    def _opened(self, stored: bytes, subject: str, place: bytes, entry: int) -> Any:
        try:
            return json.loads(opened_body(stored, subject, place, self._keys))
        except (Unopened, Shredded) as error:
            raise Damaged(f"what entry {entry} sealed under {subject} does not open: {error}") from error

    def _manifests(self, indexes: Iterable[int]) -> dict[int, Manifest]:
        wanted = sorted(indexes)
        leaves = dict(self._of(LogEntry).filter(idx__in=wanted).values_list("idx", "leaf"))
        payloads = dict(self._of(LogPayload).filter(idx__in=wanted).values_list("idx", "sealed"))
        return {index: self._manifest(index, leaves.get(index), payloads.get(index)) for index in wanted}

    def _manifest(self, index: int, leaf: Any, sealed: Any) -> Manifest:
        if leaf is None or sealed is None:
            raise Damaged(f"entry {index}, which made a row, is gone")
        try:
            manifest = manifest_of(Entry(bytes(leaf), bytes(sealed)), self._keys)
        except (Unopened, Shredded, Malformed, ValueError, TypeError) as error:
            raise Damaged(f"entry {index} does not open: {error}") from error
        if manifest is None:
            raise Damaged(f"entry {index} belongs to no change")
        return manifest

    def _of(self, model: Any) -> Any:
        return model.objects.using(self._alias)
