"""The vault: items by the SHA-256 of their content, sealed, written once, checked at every read."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from recoup.evidence.disk import Disk, Readable, Seekable, Writer, copy_chunks
from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import Shredded, SubjectKeys, Unopened
from recoup.evidence.sealedfile import (
    CHUNK_BYTES,
    OVERHEAD,
    Content,
    Digests,
    Header,
    SealedReader,
    SealedWriter,
    whole_chunks,
)

SYNC_BYTES = 1 << 26
INCOMING = "incoming"
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Shelf(StrEnum):
    """Evidentiary copies are never opened for writing again; working copies are what people and tools touch.

    Quarantine holds what must not be unpacked or shown, as evidence of itself.
    """

    EVIDENTIARY = "evidentiary"
    WORKING = "working"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where an item lies: its shelf, the SHA-256 of its content, and the subject whose key seals it."""

    shelf: Shelf
    sha256: str
    subject: str

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256) or not _SUBJECT.fullmatch(self.subject):
            raise Malformed("an address is a shelf, a SHA-256 in hex and an opaque subject")

    @property
    def folder(self) -> str:
        """Where on the disk: shelf, first two digits, SHA-256."""
        return f"{self.shelf}/{self.sha256[:2]}/{self.sha256}"

    @property
    def name(self) -> str:
        """The file's name on the disk."""
        return f"{self.folder}/{self.subject}"


@dataclass(frozen=True, slots=True)
class Item:
    """A sealed item: where it lies and what it holds."""

    address: Address
    content: Content


@dataclass(slots=True)
class _Part:
    """An ingest under way: the open writer, and the digests of what is in it already."""

    file: Writer
    sealed: SealedWriter
    digests: Digests
    chunk_bytes: int


class Vault:
    """Items on a Disk, sealed under subject keys. `chunk_bytes` and `sync_bytes` set the grain of what is written."""

    def __init__(
        self, disk: Disk, keys: SubjectKeys, chunk_bytes: int = CHUNK_BYTES, sync_bytes: int = SYNC_BYTES
    ) -> None:
        self.disk = disk
        self.keys = keys
        self._chunk_bytes = chunk_bytes
        self._sync_bytes = sync_bytes
        disk.make_folder(INCOMING)

    def ingest(self, source: Readable, subject: str, shelf: Shelf = Shelf.EVIDENTIARY, token: str = "") -> Item:
        """Seal a stream; the item is durable and whole when this returns, or it is not there at all.

        With a `token` (any text that names this ingest) a second call after a crash goes on where the first was cut:
        `source` must then be seekable, and what it gives is compared with what is there. Raises OSError of the disk,
        Shredded where the subject has no key. The same content under the same subject is kept once.
        """
        Address(shelf, "0" * 64, subject)
        name = f"{INCOMING}/{hashlib.sha256(token.encode()).hexdigest() if token else os.urandom(16).hex()}"
        if isinstance(source, Seekable) and self.disk.exists(name):
            part = self._resumed(name, source, subject)
        else:
            part = self._begun(name, subject)
        try:
            self._pour(source, part)
            content = part.digests.content()
            part.sealed.finish(content)
        finally:
            part.file.close()
        return Item(self._publish(name, Address(shelf, content.sha256, subject)), content)

    def _begun(self, name: str, subject: str) -> _Part:
        header, key = Header.new(subject, self._chunk_bytes, self.keys)
        file = self.disk.create(name)
        file.write(header.data)
        return _Part(file, SealedWriter(file, header, key), Digests(), header.chunk_bytes)

    def _resumed(self, name: str, source: Seekable, subject: str) -> _Part:
        """The part file up to the last chunk that is intact and equal to the source; a new one where none is."""
        digests, number, position = Digests(), 0, 0
        try:
            with self.disk.open(name) as stream:
                header, key, chunks = whole_chunks(stream, self.keys)
                for chunk in chunks:
                    if source.read(len(chunk)) != chunk:
                        break
                    digests.update(chunk)
                    number, position = number + 1, position + len(chunk)
        except (Malformed, Unopened, Shredded):
            header = None
        source.seek(position)
        if header is None or header.subject != subject:
            self.disk.remove(name)
            source.seek(0)
            return self._begun(name, subject)
        file = self.disk.reopen(name, len(header.data) + number * (header.chunk_bytes + OVERHEAD))
        return _Part(file, SealedWriter(file, header, key, number), digests, header.chunk_bytes)

    def _pour(self, source: Readable, part: _Part) -> None:
        unsynced = 0
        for chunk in copy_chunks(source, part.chunk_bytes):
            part.digests.update(chunk)
            part.sealed.chunk(chunk)
            unsynced += len(chunk)
            if unsynced >= self._sync_bytes:
                part.file.sync()
                unsynced = 0

    def _publish(self, name: str, address: Address) -> Address:
        """Rename into place, then flush both folders. An item that is there already and whole stays."""
        self.disk.make_folder(address.folder)
        if self.disk.exists(address.name):
            self.check(address)
            self.disk.remove(name)
        else:
            self.disk.protect(name)
            self.disk.rename(name, address.name)
        self.disk.sync_folder(address.folder)
        self.disk.sync_folder(INCOMING)
        return address

    @contextmanager
    def opened(self, address: Address) -> Iterator[SealedReader]:
        """The item for reading; FileNotFoundError where it is not there, Unopened where it is not what it says."""
        with self.disk.open(address.name) as stream:
            try:
                reader = SealedReader(stream, self.keys)
            except Malformed as error:
                raise Unopened(f"{address.name}: {error}") from error
            if reader.content.sha256 != address.sha256 or reader.header.subject != address.subject:
                raise Unopened(f"{address.name} holds another item")
            yield reader

    def read(self, address: Address, write: Callable[[bytes], object]) -> Content:
        """Hand the content piece by piece to `write`, every piece checked; what it holds."""
        with self.opened(address) as reader:
            for piece in reader.pieces():
                write(piece)
            return reader.content

    def check(self, address: Address) -> Content:
        """Read everything and compare all hashes."""
        return self.read(address, lambda piece: None)

    def working_copy(self, address: Address) -> Item:
        """A copy on the working shelf under a record key of its own; the original is not touched."""
        with self.opened(address) as reader:
            return self.ingest(_PieceStream(reader.pieces()), address.subject, Shelf.WORKING)

    def addresses(self) -> Iterator[Address]:
        """Every item, shelf by shelf, in the order of names. What is no item's name is left out."""
        for shelf in Shelf:
            for start in self.disk.names(shelf):
                for sha256 in self.disk.names(f"{shelf}/{start}"):
                    for subject in self.disk.names(f"{shelf}/{start}/{sha256}"):
                        if sha256[:2] == start and _SHA256.fullmatch(sha256) and _SUBJECT.fullmatch(subject):
                            yield Address(shelf, sha256, subject)

    def unfinished(self) -> list[str]:
        """Names of ingests that were cut."""
        return self.disk.names(INCOMING)

    def sweep(self) -> int:
        """Remove ingests that were cut and will not be resumed; how many."""
        left = self.unfinished()
        for name in left:
            self.disk.remove(f"{INCOMING}/{name}")
        self.disk.sync_folder(INCOMING)
        return len(left)

    def remove(self, address: Address) -> None:
        """Take an item out (after its erasure or destruction was recorded), with its name; durable on return."""
        self.disk.remove(address.name)
        self.disk.sync_folder(address.folder)
        self.disk.drop_folder(address.folder)


class _PieceStream:
    """Pieces as a stream that is read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1, /) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        data, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return data
