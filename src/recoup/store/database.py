"""One open database: its tables up to date, its durability checked, one connection for writing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.db import DatabaseError, Error, connections
from django.db.migrations.executor import MigrationExecutor

from recoup.store.setting import forget, register
from recoup.store.target import BUSY_SECONDS, NotDurable, Target

_LOG_LOCK = 0x7265_636F_7570_0001  # "recoup": the advisory lock of whoever grows the log
_MIGRATE_LOCK = 0x7265_636F_7570_0002
RETRY_SECONDS = 0.05


class Database:
    """Reading goes through Django's connection of each thread, writing through one connection of the object's own."""

    def __init__(self, target: Target) -> None:
        self.alias = register(target)
        self._writing = connections.create_connection(self.alias)
        self._writing.inc_thread_sharing()
        self._turn = Lock()
        self.is_postgres = self._writing.vendor == "postgresql"
        try:
            self._migrate()
            self._refuse_fickle()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the writing connection and this thread's reading one; the object is of no use afterwards."""
        self._writing.close()
        forget(self.alias)

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A cursor inside a transaction that no other writer of the log shares; durable when the block ends.

        Whatever is raised rolls everything back.
        """
        with self._turn, self._writing.cursor() as cursor:
            try:
                cursor.execute("BEGIN" if self.is_postgres else "BEGIN IMMEDIATE")
                if self.is_postgres:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOG_LOCK])
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                self._undo(cursor)
                raise

    def _undo(self, cursor: Any) -> None:
        """Roll back; where even that fails (the server is gone, SQLite did it itself) start anew with a connection."""
        try:
            cursor.execute("ROLLBACK")
        except Error:
            self._writing.close()

    def forget_removed(self) -> None:
        """Take what was removed out of SQLite's write-ahead log; TimeoutError where a reader holds it for too long."""
        if self.is_postgres:
            return  # bodies are sealed and the key never was in this database
        deadline = time.monotonic() + BUSY_SECONDS
        with self._turn, self._writing.cursor() as cursor:
            while True:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if not cursor.fetchone()[0]:
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError("a long reader keeps removed pages in the write-ahead log; erase again later")
                time.sleep(RETRY_SECONDS)

    def read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query on this thread's reading connection."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def _migrate(self) -> None:
        """Bring the tables up to date. Several processes may try at once: one does it, the others wait."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self._alone():
                    executor = MigrationExecutor(connections[self.alias])
                    aims = executor.loader.graph.leaf_nodes()
                    if executor.migration_plan(aims):
                        executor.migrate(aims)
                return
            except DatabaseError:
                if self.is_postgres or time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_SECONDS)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.is_postgres:
            yield
            return
        with self._writing.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATE_LOCK])
        try:
            yield
        finally:
            with self._writing.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATE_LOCK])

    def _refuse_fickle(self) -> None:
        """NotDurable unless a commit is on disk before it is acknowledged."""
        wanted = _POSTGRES_WANTED if self.is_postgres else _SQLITE_WANTED
        with self._writing.cursor() as cursor:
            for question, right in wanted.items():
                cursor.execute(question)
                answer = str(cursor.fetchone()[0])
                if answer not in right:
                    raise NotDurable(f"{question}: {answer}, and must be {' or '.join(right)}")


_SQLITE_WANTED = {"PRAGMA journal_mode": ("wal",), "PRAGMA synchronous": ("2", "3"), "PRAGMA secure_delete": ("1",)}
_POSTGRES_WANTED = {
    "SHOW fsync": ("on",),
    "SHOW full_page_writes": ("on",),
    "SHOW synchronous_commit": ("on", "remote_apply"),
}
