"""Wrapped subject keys in one small SQLite file of their own, apart from everything that is backed up for long."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class KeyFile:
    """A SubjectKeyStore. Removal overwrites: secure_delete is on and there is no write-ahead log to keep old pages.

    The rollback journal is removed with each commit, so that after it no file of the store holds a removed key.
    Blocks that a file system or a disk frees are outside its reach: rotating the agency key closes those.
    `database` is an open connection to use in the place of `path`.
    """

    def __init__(self, path: Path, database: Any = None) -> None:
        if database is None:
            path.touch(mode=0o600)
            database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db = database
        for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "temp_store=MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE IF NOT EXISTS subject_key (subject TEXT PRIMARY KEY, wrapped BLOB NOT NULL)")

    def get(self, subject: str) -> bytes | None:
        row = self._db.execute("SELECT wrapped FROM subject_key WHERE subject = ?", (subject,)).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, subject: str, wrapped: bytes) -> None:
        """A new key; an IntegrityError where the subject has one: nothing overwrites a key by accident."""
        self._db.execute("INSERT INTO subject_key VALUES (?, ?)", (subject, wrapped))

    def replace(self, wrapped: Mapping[str, bytes]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(
                "UPDATE subject_key SET wrapped = ? WHERE subject = ?", [(key, name) for name, key in wrapped.items()]
            )
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def remove(self, subject: str) -> None:
        self._db.execute("DELETE FROM subject_key WHERE subject = ?", (subject,))

    def subjects(self) -> Iterator[str]:
        rows = self._db.execute("SELECT subject FROM subject_key ORDER BY subject").fetchall()
        return (str(row[0]) for row in rows)

    def close(self) -> None:
        self._db.close()
