"""Django's SQLite backend over apsw, which can be given a file system of its own.

NAME is the key of a machine in `MACHINES`. Its one connection is reading and writing, because a write-ahead log without
shared memory has one user.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseError, IntegrityError, OperationalError
from tests.rooms.evidence.faulty import SimulatedDisk
from tests.rooms.evidence.power import SqliteDisk, SqliteFile, apsw

MACHINES: dict[str, Machine] = {}
FILE = "recoup.sqlite3"


class SmallDisk(SqliteDisk):
    """SQLite's files on a disk that can be full."""

    def xOpen(self, name: Any, flags: list[int]) -> SqliteFile:
        file = super().xOpen(name, flags)
        return SmallFile(file)


class SmallFile(SqliteFile):
    """A file that asks for room before it grows."""

    def __init__(self, file: SqliteFile) -> None:
        super().__init__(file._disk, file._file, file._fresh)

    def xWrite(self, data: bytes, offset: int) -> None:
        room = self._disk.room_bytes
        used = sum(len(file.live) for file in self._disk.live.values())
        if room is not None and used + max(0, offset + len(data) - len(self._file.live)) > room:
            raise apsw.FullError("database or disk is full")
        super().xWrite(data, offset)


class Machine:
    """A computer with a disk, from power-on to power-off."""

    def __init__(self, disk: SimulatedDisk, synchronous: str = "FULL") -> None:
        self.disk = disk
        self.synchronous = synchronous
        self._vfs = SmallDisk(disk)
        self.name = f"machine-{id(self)}"
        MACHINES[self.name] = self
        self.database: Any = None

    def connection(self) -> Any:
        if self.database is None:
            self.database = apsw.Connection(FILE, vfs=self._vfs.vfs_name)
            self.database.execute("PRAGMA locking_mode=EXCLUSIVE")
        return self.database

    def off(self) -> None:
        """Forget the machine without letting it write another byte."""
        self.disk.deaf = True
        MACHINES.pop(self.name, None)
        if self.database is not None:
            self.database.close(True)
        self._vfs.unregister()


class Shared:
    """What Django holds as its connection; closing it leaves the machine's."""

    isolation_level: str | None = None

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._run(machine.connection().execute, "PRAGMA foreign_keys=ON")

    @property
    def in_transaction(self) -> bool:
        return bool(self._machine.connection().in_transaction)

    def cursor(self) -> Cursor:
        return Cursor(self, self._machine.connection().cursor())

    def execute(self, sql: str, values: Sequence[object] = ()) -> Cursor:
        cursor = self.cursor()
        cursor.execute(sql, values or None)
        return cursor

    def executescript(self, sql: str) -> None:
        for statement in sql.split(";"):
            self._run(self._machine.connection().execute, statement)
        # The pragmas of the store, then the one of the negative control.
        self._run(self._machine.connection().execute, f"PRAGMA synchronous={self._machine.synchronous}")

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        return

    @staticmethod
    def _run(call: Any, *arguments: Any) -> Any:
        try:
            return call(*arguments)
        except apsw.ConstraintError as error:
            raise IntegrityError(str(error)) from error
        except (apsw.FullError, apsw.IOError, apsw.BusyError, apsw.CantOpenError, apsw.CorruptError) as error:
            raise OperationalError(str(error)) from error
        except apsw.Error as error:
            raise DatabaseError(str(error)) from error


class Cursor:
    """The cursor that Django uses, over apsw's."""

    def __init__(self, owner: Shared, cursor: Any) -> None:
        self._owner, self._cursor = owner, cursor
        self.lastrowid, self.rowcount = 0, -1
        self._rows: list[Any] = []

    def execute(self, sql: str, values: Sequence[object] | None = None) -> Cursor:
        text = sql if values is None else sql.replace("%s", "?").replace("%%", "%")
        self._rows = self._owner._run(lambda: list(self._cursor.execute(text, tuple(values or ()))))
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> Cursor:
        self._owner._run(lambda: list(self._cursor.executemany(sql.replace("%s", "?"), rows)))
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        found, self._rows = self._rows[:size], self._rows[size:]
        return found

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def __iter__(self) -> Any:
        return iter(self.fetchall())

    def close(self) -> None:
        self._cursor.close(True)


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """Django's own, on a machine's connection."""

    def get_connection_params(self) -> dict[str, Any]:
        return {}

    def get_new_connection(self, parameters: dict[str, Any]) -> Shared:
        shared = Shared(MACHINES[self.settings_dict["NAME"]])
        shared.executescript(self.settings_dict["OPTIONS"]["init_command"])
        return shared

    def create_cursor(self, name: str | None = None) -> Cursor:
        shared: Any = self.connection
        cursor: Cursor = shared.cursor()
        return cursor

    def _set_autocommit(self, autocommit: bool) -> None:
        return

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")

    def check_constraints(self, table_names: object = None) -> None:
        return

    def close(self) -> None:
        self.connection = None
        self.closed_in_transaction = False
        self.in_atomic_block = False
