"""A machine whose power fails: the vault's files and SQLite's files lie on one simulated disk."""

from __future__ import annotations

from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from tests.rooms.evidence.build import START
from tests.rooms.evidence.faulty import SimulatedDisk, SimulatedFile
from tests.rooms.evidence.keys import signer

from recoup.evidence.home import Home
from recoup.evidence.home.layout import PEOPLE
from recoup.evidence.keys import AgencyKey, SubjectKeys
from recoup.evidence.keystore import KeyFile
from recoup.evidence.logstore import LogFile
from recoup.evidence.vault import Vault
from recoup.ground import Instant

apsw: Any = pytest.importorskip("apsw", reason="NOT CHECKED: apsw is not installed, no power loss below SQLite")
_numbers = count()
AGENCY = AgencyKey(b"p" * 32)


class SqliteDisk(apsw.VFS):  # type: ignore[misc]
    """SQLite's files on a SimulatedDisk."""

    def __init__(self, disk: SimulatedDisk) -> None:
        self.disk = disk
        self.vfs_name = f"power{next(_numbers)}"
        super().__init__(self.vfs_name, "")

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, name: str, flags: int) -> bool:
        return name in self.disk.live

    def xDelete(self, name: str, sync_folder: bool) -> None:
        if self.disk.deaf:
            return
        if name not in self.disk.live:
            raise apsw.IOErrorDeleteNoEntError
        self.disk.remove(name)
        if sync_folder:
            self.disk.sync_folder(str(PurePosixPath(name).parent))

    def xOpen(self, name: Any, flags: list[int]) -> SqliteFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        flags[1] = flags[0]
        if path is None:
            return SqliteFile(SimulatedDisk(), SimulatedFile(), "")
        fresh = path not in self.disk.live
        if fresh:
            self.disk.create(path)
        return SqliteFile(self.disk, self.disk.live[path], path if fresh else "")


class SqliteFile:
    """One open file. A fresh file's name is made durable with its first sync, as the Unix VFS does for journals."""

    def __init__(self, disk: SimulatedDisk, file: SimulatedFile, fresh: str) -> None:
        self._disk, self._file, self._fresh = disk, file, fresh

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.live[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._disk.deaf:
            return
        self._disk.step()
        self._file.put(offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        if self._disk.deaf:
            return
        self._disk.step()
        self._file.cut(size)

    def xSync(self, flags: int) -> None:
        if self._disk.deaf:
            return
        self._disk.step()
        if self._disk.honest:
            self._file.sync()
        if self._fresh:
            self._disk.sync_folder(str(PurePosixPath(self._fresh).parent))
            self._fresh = ""

    def xFileSize(self) -> int:
        return len(self._file.live)

    def xClose(self) -> None:
        return

    def xLock(self, level: int) -> None:
        return

    def xUnlock(self, level: int) -> None:
        return

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 512

    def xDeviceCharacteristics(self) -> int:
        return 0


class Machine:
    """A home on a simulated disk, from power-on to power-off."""

    home: Home

    def __init__(self, disk: SimulatedDisk) -> None:
        self.disk = disk
        self._vfs = SqliteDisk(disk)
        self._databases: list[Any] = []

    def on(self, synchronous: str = "FULL") -> Home:
        """Open the home; the power may fail while it is opened."""
        keys = SubjectKeys(AGENCY, KeyFile(Path("keys"), self._database("keys/subjects.sqlite3")))
        keys.ensure(PEOPLE)
        database = self._database("log/log.sqlite3")
        database.execute("PRAGMA locking_mode=EXCLUSIVE")  # a write-ahead log without shared memory
        storage = LogFile("log", database)
        database.execute(f"PRAGMA synchronous={synchronous}")
        vault = Vault(self.disk, keys, chunk_bytes=64, sync_bytes=192)
        self.home = Home(Path(), keys, storage, signer(), vault, lambda: Instant(START))
        return self.home

    def _database(self, name: str) -> Any:
        database = apsw.Connection(name, vfs=self._vfs.vfs_name)
        self._databases.append(database)
        return database

    def off(self) -> None:
        """Forget the machine without letting it write another byte."""
        self.disk.deaf = True
        for database in self._databases:
            database.close(True)
        self._vfs.unregister()
