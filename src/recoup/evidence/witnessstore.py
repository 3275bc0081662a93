"""A witness's memory in one SQLite file: every checkpoint it cosigned, forks it was shown, hashes it mirrors."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import RLock
from typing import Any

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import CompactRange
from recoup.evidence.note import Note, parse_note

_TABLES = """
CREATE TABLE IF NOT EXISTS latest (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (origin TEXT, size INTEGER, note TEXT NOT NULL, PRIMARY KEY (origin, size));
CREATE TABLE IF NOT EXISTS fork (id INTEGER PRIMARY KEY, origin TEXT, held TEXT NOT NULL, offered TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mirrored (origin TEXT, idx INTEGER, hash BLOB NOT NULL, PRIMARY KEY (origin, idx));
"""


class WitnessFile:
    """A WitnessStorage in `path`, flushed with every commit. Also keeps every cosigned checkpoint as history."""

    def __init__(self, path: Path | str) -> None:
        self._lock = RLock()
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.executescript(_TABLES)

    def close(self) -> None:
        self.db.close()

    def latest(self, origin: str) -> Note | None:
        rows = self._rows("SELECT note FROM latest WHERE origin = ?", origin)
        return parse_note(rows[0][0]) if rows else None

    def advance(self, origin: str, old: int, new: int, note: Note) -> bool:
        with self._lock, self.db:
            self.db.execute("BEGIN IMMEDIATE")
            row = self.db.execute("SELECT size FROM latest WHERE origin = ?", (origin,)).fetchone()
            if (row[0] if row else 0) != old:
                return False
            self.db.execute("INSERT OR REPLACE INTO latest VALUES (?, ?, ?)", (origin, new, str(note)))
            self.db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (origin, new, str(note)))
        return True

    def accuse(self, origin: str, held: Note, offered: Note) -> None:
        with self._lock:
            self.db.execute("INSERT INTO fork VALUES (NULL, ?, ?, ?)", (origin, str(held), str(offered)))

    def seen(self, origin: str) -> tuple[Note, ...]:
        """Every checkpoint of the log that was cosigned here, smallest first."""
        return tuple(
            parse_note(row[0]) for row in self._rows("SELECT note FROM seen WHERE origin = ? ORDER BY size", origin)
        )

    def forks(self, origin: str) -> tuple[tuple[Note, Note], ...]:
        """Pairs of signed checkpoints of the log that contradict each other: proof of a fork."""
        rows = self._rows("SELECT held, offered FROM fork WHERE origin = ? ORDER BY id", origin)
        return tuple((parse_note(held), parse_note(offered)) for held, offered in rows)

    def mirror(self, origin: str, hashes: Sequence[bytes]) -> int:
        """Keep further leaf hashes of the log; the number mirrored now.

        They are kept only where all hashes together lead to the root that was cosigned here at that size: Malformed
        otherwise. With them an audit names the very entry that a rewritten history changed.
        """
        edge = CompactRange()
        for one in (*self.leaf_hashes(origin), *hashes):
            edge.append(one)
        size = edge.size
        roots = {head.size: head.root for head in (Checkpoint.parse(note.text) for note in self.seen(origin))}
        if roots.get(size) != edge.root():
            raise Malformed(f"{size} leaf hashes do not lead to a root of {origin} that was cosigned here")
        start = size - len(hashes)
        with self._lock, self.db:
            self.db.execute("BEGIN IMMEDIATE")
            self.db.executemany(
                "INSERT INTO mirrored VALUES (?, ?, ?)", [(origin, at, one) for at, one in enumerate(hashes, start)]
            )
        return size

    def leaf_hashes(self, origin: str) -> list[bytes]:
        """What is mirrored of a log, from its first entry on."""
        return [row[0] for row in self._rows("SELECT hash FROM mirrored WHERE origin = ? ORDER BY idx", origin)]

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self.db.execute(sql, values).fetchall()
