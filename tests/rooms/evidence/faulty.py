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


@dataclass
class _File:
    durable: bytes = b""
    live: bytearray = field(default_factory=bytearray)


@dataclass
class SimulatedDisk:
    """A Disk in memory. `cut_after`: the power fails before operation number `cut_after` + 1 is complete."""

    cut_after: int | None = None
    room_bytes: int | None = None
    honest: bool = True
    operations: int = 0
    live: dict[str, _File] = field(default_factory=dict)
    durable: dict[str, _File] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def _step(self) -> None:
        if self.cut_after is not None and self.operations >= self.cut_after:
            raise PowerCut
        self.operations += 1

    def create(self, name: str) -> _SimulatedWriter:
        self._step()
        if name in self.live:
            raise FileExistsError(name)
        self.live[name] = _File()
        return _SimulatedWriter(self, self.live[name])

    def reopen(self, name: str, size: int) -> _SimulatedWriter:
        self._step()
        del self.live[name].live[size:]
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
        self._step()
        self.folders.add(folder)

    def rename(self, old: str, new: str) -> None:
        self._step()
        assert str(PurePosixPath(new).parent) in self.folders
        self.live[new] = self.live.pop(old)

    def sync_folder(self, folder: str) -> None:
        self._step()
        if not self.honest:
            return
        for names, source in ((list(self.durable), self.live), (list(self.live), self.live)):
            for name in names:
                if str(PurePosixPath(name).parent) == folder:
                    self.durable.pop(name, None)
                    if name in source:
                        self.durable[name] = source[name]

    def remove(self, name: str) -> None:
        self._step()
        del self.live[name]

    def drop_folder(self, folder: str) -> None:
        self._step()
        self.folders.discard(folder)

    def protect(self, name: str) -> None:
        self._step()

    def after_cut(self, chance: random.Random) -> SimulatedDisk:
        """What the machine finds when it starts again: one of the many outcomes."""
        found = SimulatedDisk(folders=set(self.folders))
        for name in {*self.durable, *self.live}:
            options = [source[name] for source in (self.durable, self.live) if name in source]
            settled = name in self.durable and self.live.get(name) is self.durable[name]
            if settled or chance.random() < 0.5:
                file = _File(_survivor(chance.choice(options), chance))
                file.live = bytearray(file.durable)
                found.live[name] = found.durable[name] = file
        return found


def _survivor(file: _File, chance: random.Random) -> bytes:
    """Durable bytes, then perhaps some of the later ones, perhaps with garbage where a sector was torn."""
    live, durable = bytes(file.live), file.durable
    if live == durable:
        return durable
    kept = live[: chance.randint(0, len(live))] if chance.random() < 0.7 else durable
    if kept.startswith(durable) or not live.startswith(durable):
        torn = kept[len(durable) :]
        if torn and chance.random() < 0.3:
            at = chance.randrange(len(torn))
            torn = torn[:at] + bytes(len(torn) - at)
        return kept[: len(durable)] + torn
    return durable


class _SimulatedWriter:
    def __init__(self, disk: SimulatedDisk, file: _File) -> None:
        self._disk, self._file = disk, file

    def write(self, data: bytes) -> None:
        disk = self._disk
        if disk.cut_after is not None and disk.operations >= disk.cut_after:
            self._file.live += data[: len(data) // 2]
        disk._step()
        if disk.room_bytes is not None:
            used = sum(len(file.live) for file in disk.live.values())
            if used + len(data) > disk.room_bytes:
                self._file.live += data[: max(0, disk.room_bytes - used)]
                raise OSError(errno.ENOSPC, "no space left on device")
        self._file.live += data

    def sync(self) -> None:
        self._disk._step()
        if self._disk.honest:
            self._file.durable = bytes(self._file.live)

    def close(self) -> None:
        return
