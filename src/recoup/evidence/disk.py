"""What the vault needs of a place to keep files, and that place as a directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable


class Readable(Protocol):
    """A stream that is read forward."""

    def read(self, size: int = -1, /) -> bytes: ...


@runtime_checkable
class Seekable(Readable, Protocol):
    """A stream that can be read again."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


class Writer(Protocol):
    """A file being written. Nothing is durable before `sync` returns."""

    def write(self, data: bytes) -> None: ...

    def sync(self) -> None: ...

    def close(self) -> None: ...


class Disk(Protocol):
    """Files under relative names (`shelf/ab/name`). A new or renamed name is durable once its folder is synced."""

    def create(self, name: str) -> Writer:
        """A new file; FileExistsError where the name is taken."""
        ...

    def reopen(self, name: str, size: int) -> Writer:
        """The file cut to its first `size` bytes, to write on; BlockingIOError where another writer has it."""
        ...

    def open(self, name: str) -> BinaryIO: ...

    def exists(self, name: str) -> bool: ...

    def names(self, folder: str) -> list[str]:
        """Names in a folder, sorted; none where there is no such folder."""
        ...

    def make_folder(self, folder: str) -> None:
        """The folder and those above it, durable on return."""
        ...

    def rename(self, old: str, new: str) -> None: ...

    def sync_folder(self, folder: str) -> None: ...

    def remove(self, name: str) -> None: ...

    def drop_folder(self, folder: str) -> None:
        """Remove a folder where it is empty; its name would tell what lay in it."""
        ...

    def protect(self, name: str) -> None:
        """Take away the right to write, where the place knows rights."""
        ...


class _LocalWriter:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


class LocalDisk:
    """A Disk in the directory `root`. Files belong to their owner alone (0600), folders too (0700)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def create(self, name: str) -> Writer:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return _LocalWriter(os.open(self.root / name, flags, 0o600))

    def reopen(self, name: str, size: int) -> Writer:
        descriptor = os.open(self.root / name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        writer = _LocalWriter(descriptor)
        os.ftruncate(descriptor, size)
        os.lseek(descriptor, size, os.SEEK_SET)
        return writer

    def open(self, name: str) -> BinaryIO:
        return (self.root / name).open("rb")

    def exists(self, name: str) -> bool:
        return (self.root / name).exists()

    def names(self, folder: str) -> list[str]:
        path = self.root / folder
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []

    def make_folder(self, folder: str) -> None:
        for path in reversed([self.root / folder, *(self.root / folder).parents]):
            if path.is_relative_to(self.root):
                path.mkdir(mode=0o700, exist_ok=True)
                self._sync(path.parent)  # also where it was there: whoever made it may have been cut before this

    def rename(self, old: str, new: str) -> None:
        (self.root / old).rename(self.root / new)

    def sync_folder(self, folder: str) -> None:
        self._sync(self.root / folder)

    def remove(self, name: str) -> None:
        (self.root / name).unlink()

    def drop_folder(self, folder: str) -> None:
        path = self.root / folder
        if not any(path.iterdir()):
            path.rmdir()
            self._sync(path.parent)

    def protect(self, name: str) -> None:
        (self.root / name).chmod(0o400)

    def _sync(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def copy_chunks(stream: Readable, size: int) -> Iterator[bytes]:
    """Pieces of exactly `size` bytes, the last one shorter; reads again where a stream gives less at once."""
    while piece := stream.read(size):
        while len(piece) < size and (more := stream.read(size - len(piece))):
            piece += more
        yield piece


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a small file whole: temporary file, fsync, rename, fsync of its folder."""
    disk = LocalDisk(path.parent)
    temporary = f".{path.name}.new"
    (path.parent / temporary).unlink(missing_ok=True)  # left by a call that was cut
    writer = disk.create(temporary)
    try:
        writer.write(data)
        writer.sync()
    finally:
        writer.close()
    (path.parent / temporary).chmod(mode)
    disk.rename(temporary, path.name)
    disk.sync_folder(".")
