"""A disk whose power can fail after any operation: it keeps what is durable apart from what only seems to be there.

Content is durable up to the last `sync` of its file, names up to the last `sync_folder` of their folder. After a cut
each unsynced write is there, torn, or gone, and each unsynced name too, independently of each other.
"""

from __future__ import annotations

import errno
import io
import random
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO


class PowerCut(BaseException):
    """Not an Exception: nothing that runs on the machine can catch a power cut."""


SECTOR_BYTES = 512


@dataclass
class SimulatedFile:
    """Bytes that are durable, bytes as programs see them, and the writes in between, in their order."""

    durable: bytes = b""
    live: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def put(self, at: int, data: bytes) -> None:
        """Write at an offset, anywhere."""
        if len(self.live) < at:
            self.live.extend(bytes(at - len(self.live)))
        self.live[at : at + len(data)] = data
        self.pending.append((at, data))

    def cut(self, size: int) -> None:
        """Truncate."""
        del self.live[size:]
        self.pending.append((size, None))

    def sync(self) -> None:
        """Everything written so far is durable."""
        self.durable = bytes(self.live)
        self.pending.clear()

    def survivor(self, chance: random.Random) -> bytes:
        """What a power cut leaves: the durable bytes and any part of the later writes, whole or torn."""
        found = SimulatedFile(live=bytearray(self.durable))
        share = chance.choice([0, 0.5, 1])
        for at, data in self.pending:
            if chance.random() < share:
                if data is None:
                    found.cut(at)
                elif chance.random() < 0.2:
                    found.put(at, data[: chance.randint(0, len(data)) // SECTOR_BYTES * SECTOR_BYTES])
                else:
                    found.put(at, data)
        return bytes(found.live)


@dataclass
class SimulatedDisk:
    """A Disk in memory. `cut_after`: the power fails before operation number `cut_after` + 1 is complete."""

    cut_after: int | None = None
    room_bytes: int | None = None
    honest: bool = True
    deaf: bool = False  # after the machine is off: what dying programs still write goes nowhere, without a word
    operations: int = 0
    live: dict[str, SimulatedFile] = field(default_factory=dict)
    durable: dict[str, SimulatedFile] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def step(self) -> None:
        """Count an operation; PowerCut once the power is off."""
        if self.dead:
            raise PowerCut
        self.operations += 1

    @property
    def dead(self) -> bool:
        """Whether the power is off."""
        return self.cut_after is not None and self.operations >= self.cut_after

    def create(self, name: str) -> _SimulatedWriter:
        self.step()
        if name in self.live:
            raise FileExistsError(name)
        self.live[name] = SimulatedFile()
        return _SimulatedWriter(self, self.live[name])

    def reopen(self, name: str, size: int) -> _SimulatedWriter:
        self.step()
        self.live[name].cut(size)
        return _SimulatedWriter(self, self.live[name])

    def open(self, name: str) -> BinaryIO:
        if name not in self.live:
            raise FileNotFoundError(name)
        return io.BytesIO(bytes(self.live[name].live))

    def exists(self, name: str) -> bool:
        return name in self.live

    def names(self, folder: str) -> list[str]:
        depth = len(PurePosixPath(folder).parts)
        parts = [PurePosixPath(name).parts for name in self.live if name.startswith(f"{folder}/")]
        return sorted({one[depth] for one in parts})

    def make_folder(self, folder: str) -> None:
        self.step()
        self.folders.add(folder)

    def rename(self, old: str, new: str) -> None:
        self.step()
        assert str(PurePosixPath(new).parent) in self.folders
        self.live[new] = self.live.pop(old)

    def sync_folder(self, folder: str) -> None:
        self.step()
        if not self.honest:
            return
        for names, source in ((list(self.durable), self.live), (list(self.live), self.live)):
            for name in names:
                if str(PurePosixPath(name).parent) == folder:
                    self.durable.pop(name, None)
                    if name in source:
                        self.durable[name] = source[name]

    def remove(self, name: str) -> None:
        self.step()
        del self.live[name]

    def drop_folder(self, folder: str) -> None:
        self.step()
        self.folders.discard(folder)

    def protect(self, name: str) -> None:
        self.step()

    def after_cut(self, chance: random.Random) -> SimulatedDisk:
        """What the machine finds when it starts again: one of the many outcomes."""
        found = SimulatedDisk(folders=set(self.folders))
        for name in {*self.durable, *self.live}:
            options = [source[name] for source in (self.durable, self.live) if name in source]
            settled = name in self.durable and self.live.get(name) is self.durable[name]
            if settled or chance.random() < 0.5:
                file = SimulatedFile(chance.choice(options).survivor(chance))
                file.live = bytearray(file.durable)
                found.live[name] = found.durable[name] = file
        return found


class _SimulatedWriter:
    def __init__(self, disk: SimulatedDisk, file: SimulatedFile) -> None:
        self._disk, self._file = disk, file

    def write(self, data: bytes) -> None:
        disk = self._disk
        if disk.dead:
            self._file.put(len(self._file.live), data[: len(data) // 2])
        disk.step()
        if disk.room_bytes is not None:
            used = sum(len(file.live) for file in disk.live.values())
            if used + len(data) > disk.room_bytes:
                self._file.put(len(self._file.live), data[: max(0, disk.room_bytes - used)])
                raise OSError(errno.ENOSPC, "no space left on device")
        self._file.put(len(self._file.live), data)

    def sync(self) -> None:
        self._disk.step()
        if self._disk.honest:
            self._file.sync()

    def close(self) -> None:
        return
