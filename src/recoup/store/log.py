"""The log of the database as a LogStorage: audits, proofs, witnesses and custody work on it unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import BinaryField, Max
from django.db.models.functions import Cast

from recoup.evidence import Behind, Entry, Growth, Malformed, Note
from recoup.evidence.tiles import ENTRY_BYTES_MAX, Tile
from recoup.store.database import Database
from recoup.store.sql import insert
from recoup.store.tables.models import LogCheckpoint, LogCosigned, LogEntry, LogPayload, LogTile

PAGE_ROWS = 4_096
_ENTRY, _PAYLOAD = insert(LogEntry), insert(LogPayload)
_TILE, _CHECKPOINT = insert(LogTile, replace=True), insert(LogCheckpoint, replace=True)
_COSIGNED = insert(LogCosigned, replace=True)


class DatabaseLog:
    """A LogStorage over the tables `log_*`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def size(self) -> int:
        """Entries stored, told from the last index."""
        return next_index(self._of(LogEntry).aggregate(last=Max("idx"))["last"])

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, Entry]]:
        """Entries with their payloads, a page at a time."""
        for page in self._pages(start, stop):
            payloads = self._of(LogPayload).filter(idx__gte=page[0][0], idx__lte=page[-1][0])
            # Cast: whoever edits SQLite by hand may leave a text where bytes stood, and an audit must still read it.
            found = payloads.values_list("idx", "record", Cast("sealed", BinaryField()))
            beside = {idx: (record, sealed) for idx, record, sealed in found}
            for index, leaf in page:
                record, sealed = beside.get(index, ("", None))
                yield index, Entry(leaf[:ENTRY_BYTES_MAX], None if sealed is None else bytes(sealed), record)

    def leaves(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        for page in self._pages(start, stop):
            yield from page

    def _pages(self, start: int, stop: int) -> Iterator[list[tuple[int, bytes]]]:
        while True:
            query = self._of(LogEntry).filter(idx__gte=start, idx__lt=stop).order_by("idx")
            rows = query.values_list("idx", Cast("leaf", BinaryField()))[:PAGE_ROWS]
            page = [(idx, bytes(leaf)) for idx, leaf in rows]
            if not page:
                return
            yield page
            start = page[-1][0] + 1

    def indexes_of(self, record: str) -> list[int]:
        return list(self._of(LogPayload).filter(record=record).order_by("idx").values_list("idx", flat=True))

    def tile(self, tile: Tile) -> bytes:
        found = self._of(LogTile).filter(level=tile.level, idx=tile.index)
        rows = list(found.values_list(Cast("hashes", BinaryField()), flat=True))
        return _cut(bytes(rows[0]) if rows else b"", tile)

    def checkpoint(self) -> str | None:
        note: str | None = self._of(LogCheckpoint).values_list("note", flat=True).first()
        return note

    def cosigned(self) -> list[str]:
        return list(self._of(LogCosigned).order_by("size").values_list("note", flat=True))

    def write(self, growth: Growth) -> None:
        """Entries from elsewhere than the book (custody, people), in a transaction of their own."""
        with self._database.transaction() as cursor:
            cursor.execute("SELECT max(idx) FROM log_entry")
            if growth.first != next_index(cursor.fetchone()[0]):
                raise Behind(f"the log does not end at entry {growth.first}")
            write_growth(cursor, growth)

    def keep_cosigned(self, size: int, note: Note) -> None:
        with self._database.transaction() as cursor:
            cursor.execute(_COSIGNED, [size, str(note)])

    def erase_payloads(self, indexes: Sequence[int]) -> None:
        """Remove sealed payloads, and the pages that a write-ahead log still holds of them."""
        with self._database.transaction() as cursor:
            empty_payloads(cursor, indexes)
        self._database.forget_removed()

    def _of(self, model: Any) -> Any:
        return model.objects.using(self._database.alias)


def next_index(last: int | None) -> int:
    """The index behind the last one."""
    return 0 if last is None else last + 1


def write_growth(cursor: Any, growth: Growth) -> None:
    """What the log gains, inside a transaction of the caller."""
    numbered = list(enumerate(growth.entries, growth.first))
    cursor.executemany(_ENTRY, [(at, entry.leaf) for at, entry in numbered])
    kept = [(at, entry.record, entry.sealed) for at, entry in numbered if entry.sealed is not None or entry.record]
    if kept:
        cursor.executemany(_PAYLOAD, kept)
    cursor.executemany(_TILE, [(tile.level, tile.index, hashes) for tile, hashes in growth.tiles])
    cursor.execute(_CHECKPOINT, [0, str(growth.checkpoint)])


def read_tile(cursor: Any, tile: Tile) -> bytes:
    """A tile as the transaction of the caller sees it; Malformed where it is missing or cut."""
    cursor.execute("SELECT hashes FROM log_tile WHERE level = %s AND idx = %s", [tile.level, tile.index])
    row = cursor.fetchone()
    return _cut(bytes(row[0]) if row else b"", tile)


def empty_payloads(cursor: Any, indexes: Sequence[int]) -> None:
    """Remove the sealed bytes of entries, inside a transaction of the caller."""
    if indexes:
        cursor.executemany("UPDATE log_payload SET sealed = NULL WHERE idx = %s", [(index,) for index in indexes])


def _cut(hashes: bytes, tile: Tile) -> bytes:
    if len(hashes) < 32 * tile.width:
        raise Malformed(f"{tile.path} is missing or cut")
    return hashes[: 32 * tile.width]
