"""A log in one SQLite file: write-ahead log, every commit flushed (synchronous=FULL)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from recoup.evidence.encoding import Malformed
from recoup.evidence.growth import Growth
from recoup.evidence.leaf import Entry
from recoup.evidence.note import Note
from recoup.evidence.tiles import ENTRY_BYTES_MAX, Tile

BUSY_SECONDS = 30
PAGE_ROWS = 4_096
WAL_PAGES = 8_192  # 32 MiB between copies into the database: fewer flushes for the same promise
_TABLES = """
CREATE TABLE IF NOT EXISTS entry (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS payload (idx INTEGER PRIMARY KEY, record TEXT NOT NULL, sealed BLOB);
CREATE INDEX IF NOT EXISTS payload_record ON payload (record);
CREATE TABLE IF NOT EXISTS tile (
    level INTEGER, idx INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY CHECK (id = 0), note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cosigned (size INTEGER PRIMARY KEY, note TEXT NOT NULL);
"""


class Behind(Exception):
    """Another writer has grown the log: read its edge again, then write."""


class LogStorage(Protocol):
    """Where a log lies. `write` is all or nothing and durable when it returns."""

    def size(self) -> int:
        """Entries stored."""
        ...

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, Entry]]:
        """Stored entries with index in [start, stop), in order; a gap is a gap."""
        ...

    def leaves(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """As `entries`, without payloads."""
        ...

    def indexes_of(self, record: str) -> list[int]: ...

    def tile(self, tile: Tile) -> bytes:
        """The tile's hashes; Malformed where it is missing or narrower. Level -1 is not stored here."""
        ...

    def checkpoint(self) -> str | None: ...

    def cosigned(self) -> list[str]:
        """Cosigned checkpoints that were kept, smallest first."""
        ...

    def write(self, growth: Growth) -> None:
        """Raises Behind where `growth.first` is not the size."""
        ...

    def keep_cosigned(self, size: int, note: Note) -> None: ...


class LogFile:
    """A LogStorage in `path`. ":memory:" gives one that lasts as long as the object.

    `database` is an open connection to use in its place, in autocommit mode.
    """

    def __init__(self, path: Path | str, database: Any = None) -> None:
        self.path = path
        self._lock = RLock()
        self.db = database or sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", f"wal_autocheckpoint={WAL_PAGES}"):
            self.db.execute(f"PRAGMA {pragma}")
        for statement in _TABLES.split(";"):
            self.db.execute(statement)

    def close(self) -> None:
        self.db.close()

    def size(self) -> int:
        return int(self._rows("SELECT count(*) FROM entry")[0][0])

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, Entry]]:
        # Cast: whoever edits the file by hand may leave a text where bytes stood, and an audit must still read it.
        sql = (
            "SELECT idx, CAST(leaf AS BLOB), CAST(sealed AS BLOB), CAST(record AS BLOB)"
            " FROM entry LEFT JOIN payload USING (idx)"
        )
        for index, leaf, sealed, record in self._paged(sql, start, stop):
            yield index, Entry(leaf[:ENTRY_BYTES_MAX], sealed, _text(record or b""))

    def leaves(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        yield from self._paged("SELECT idx, CAST(leaf AS BLOB) FROM entry", start, stop)

    def indexes_of(self, record: str) -> list[int]:
        return [row[0] for row in self._rows("SELECT idx FROM payload WHERE record = ? ORDER BY idx", record)]

    def tile(self, tile: Tile) -> bytes:
        rows = self._rows("SELECT CAST(hashes AS BLOB) FROM tile WHERE level = ? AND idx = ?", tile.level, tile.index)
        hashes = bytes(rows[0][0]) if rows else b""
        if len(hashes) < 32 * tile.width:
            raise Malformed(f"{tile.path} is missing or cut")
        return hashes[: 32 * tile.width]

    def checkpoint(self) -> str | None:
        rows = self._rows("SELECT CAST(note AS BLOB) FROM checkpoint")
        return _text(rows[0][0]) if rows else None

    def cosigned(self) -> list[str]:
        return [_text(row[0]) for row in self._rows("SELECT CAST(note AS BLOB) FROM cosigned ORDER BY size")]

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        # One connection sees its own open transaction: readers wait, so that nothing is told before it is durable.
        with self._lock:
            return list(self.db.execute(sql, values))

    def _paged(self, sql: str, start: int, stop: int) -> Iterator[tuple[Any, ...]]:
        while rows := self._rows(f"{sql} WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT {PAGE_ROWS}", start, stop):
            yield from rows
            start = rows[-1][0] + 1

    def write(self, growth: Growth) -> None:
        with self._transaction():
            last = self.db.execute("SELECT max(idx) FROM entry").fetchall()[0][0]
            if growth.first != (0 if last is None else last + 1):
                raise Behind(f"the log does not end at entry {growth.first}")
            numbered = list(enumerate(growth.entries, growth.first))
            self.db.executemany("INSERT INTO entry VALUES (?, ?)", [(at, entry.leaf) for at, entry in numbered])
            self.db.executemany(
                "INSERT INTO payload VALUES (?, ?, ?)",
                [
                    (at, entry.record, entry.sealed)
                    for at, entry in numbered
                    if entry.sealed is not None or entry.record
                ],
            )
            self.db.executemany(
                "INSERT OR REPLACE INTO tile VALUES (?, ?, ?)",
                [(tile.level, tile.index, hashes) for tile, hashes in growth.tiles],
            )
            self.db.execute("INSERT OR REPLACE INTO checkpoint VALUES (0, ?)", (str(growth.checkpoint),))

    def keep_cosigned(self, size: int, note: Note) -> None:
        with self._transaction():
            self.db.execute("INSERT OR REPLACE INTO cosigned VALUES (?, ?)", (size, str(note)))

    def erase_payloads(self, indexes: list[int]) -> None:
        """Remove sealed payloads, and the pages that the write-ahead log still holds of them.

        Behind where another connection keeps those pages in use: call again.
        """
        with self._transaction():
            self.db.executemany("UPDATE payload SET sealed = NULL WHERE idx = ?", [(index,) for index in indexes])
        if self._rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise Behind("another reader holds the old pages: erase again when it is done")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
