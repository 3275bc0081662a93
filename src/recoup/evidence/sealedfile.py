"""The sealed file: encrypted in chunks, so that it can be read in part, resumed, and never cut or reordered unseen.

`recoup-vault/1\\n`, one line of canonical JSON (chunk size, subject, wrapped record key), then chunks, each a 12-byte
random nonce, AES-256-GCM ciphertext and a 16-byte tag, then a trailer sealed the same way: SHA-256, BLAKE3 and size of
the content. Every chunk is bound to the header, to its number and to whether it is the last (the trailer is).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import blake3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recoup.evidence.disk import Writer
from recoup.evidence.encoding import Malformed, base64_bytes, base64_text, decimal_number
from recoup.evidence.keys import NONCE_BYTES, TAG_BYTES, SubjectKeys, Unopened, new_key, unseal
from recoup.ground import canonical_json

MAGIC = b"recoup-vault/1\n"
HEADER_BYTES_MAX = 4_096
CHUNK_BYTES = 1 << 20
CHUNK_BYTES_MAX = 1 << 26
OVERHEAD = NONCE_BYTES + TAG_BYTES
TRAILER_BYTES = 72 + OVERHEAD
CHUNKS_MAX = 1 << 32  # random 96-bit nonces under one key (NIST SP 800-38D section 8.3)


@dataclass(frozen=True, slots=True)
class Header:
    """Chunk size in bytes, the subject whose key wraps the record key, the wrapped key; and the header's own bytes."""

    chunk_bytes: int
    subject: str
    wrapped: bytes
    data: bytes

    @classmethod
    def new(cls, subject: str, chunk_bytes: int, keys: SubjectKeys) -> tuple[Header, bytes]:
        """A header with a fresh record key, and that key; ValueError where no reader would take chunks of that size."""
        if not 1 <= chunk_bytes <= CHUNK_BYTES_MAX:
            raise ValueError(f"a chunk has 1 to {CHUNK_BYTES_MAX} bytes, not {chunk_bytes}")
        key = new_key()
        wrapped = keys.wrap(subject, key, MAGIC)
        fields = {"chunk": str(chunk_bytes), "key": base64_text(wrapped), "subject": subject}
        return cls(chunk_bytes, subject, wrapped, MAGIC + canonical_json(fields) + b"\n"), key

    @classmethod
    def read(cls, stream: BinaryIO) -> Header:
        """From the start of a file; Malformed where it is not one of ours."""
        if stream.read(len(MAGIC)) != MAGIC:
            raise Malformed("not a sealed file of this version")
        line = stream.readline(HEADER_BYTES_MAX)
        try:
            fields = json.loads(line)
            chunk = decimal_number(fields["chunk"])
            header = cls(chunk, str(fields["subject"]), base64_bytes(fields["key"]), MAGIC + line)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise Malformed(f"the header of a sealed file is damaged: {error}") from error
        if not line.endswith(b"\n") or not 1 <= chunk <= CHUNK_BYTES_MAX:
            raise Malformed("the header of a sealed file is cut or asks for chunks of another size")
        return header

    def bound(self, number: int, last: bool) -> bytes:
        """What a chunk is authenticated with."""
        return hashlib.sha256(self.data).digest() + number.to_bytes(8) + bytes([last])


@dataclass(frozen=True, slots=True)
class Content:
    """SHA-256 (for the court) and BLAKE3 (for speed) in hex, and size in bytes, of what was sealed."""

    sha256: str
    blake3: str
    size: int

    def pack(self) -> bytes:
        """72 bytes: both hashes, then the size as big-endian uint64."""
        return bytes.fromhex(self.sha256) + bytes.fromhex(self.blake3) + self.size.to_bytes(8)

    @classmethod
    def unpack(cls, data: bytes) -> Content:
        """From those 72 bytes."""
        return cls(data[:32].hex(), data[32:64].hex(), int.from_bytes(data[64:]))


class Digests:
    """Both hashes and the size, in one pass."""

    def __init__(self) -> None:
        self._sha256, self._blake3, self._size = hashlib.sha256(), blake3.blake3(), 0

    def update(self, data: bytes) -> None:
        """Take in the next bytes."""
        self._sha256.update(data)
        self._blake3.update(data)
        self._size += len(data)

    def content(self) -> Content:
        """Hashes and size of what was taken in."""
        return Content(self._sha256.hexdigest(), self._blake3.hexdigest(), self._size)


class SealedWriter:
    """Writes chunks behind a header; `number` chunks are there already when an ingest goes on."""

    def __init__(self, writer: Writer, header: Header, key: bytes, number: int = 0) -> None:
        self._writer, self._header, self._cipher, self.number = writer, header, AESGCM(key), number

    def chunk(self, data: bytes) -> None:
        """One chunk of exactly the header's size, or a shorter last one."""
        if self.number >= CHUNKS_MAX:
            raise OverflowError(f"a sealed file has at most {CHUNKS_MAX} chunks")
        self._put(data, last=False)

    def finish(self, content: Content) -> None:
        """The trailer; durable on return."""
        self._put(content.pack(), last=True)
        self._writer.sync()

    def _put(self, data: bytes, last: bool) -> None:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, data, self._header.bound(self.number, last))
        self._writer.write(nonce + sealed)
        self.number += 1


class SealedReader:
    """Reads a finished sealed file. Unopened where one byte differs; Malformed where it is no sealed file.

    Opening checks header, trailer and length; each chunk is checked before any of it is handed out.
    """

    def __init__(self, stream: BinaryIO, keys: SubjectKeys) -> None:
        self._stream = stream
        self.header = Header.read(stream)
        self._key = keys.unwrap(self.header.subject, self.header.wrapped, MAGIC)
        self._start = len(self.header.data)
        body = stream.seek(0, os.SEEK_END) - self._start - TRAILER_BYTES
        record = self.header.chunk_bytes + OVERHEAD
        self.chunks = -(-max(body, 0) // record)
        self.content = Content.unpack(self._unsealed(body, TRAILER_BYTES, self.chunks, last=True))
        whole = self.content.size + self.chunks * OVERHEAD
        if body != whole or self.chunks != -(-self.content.size // self.header.chunk_bytes):
            raise Unopened(f"the file holds {body} bytes of chunks and not {whole}")

    def chunk(self, number: int) -> bytes:
        """Chunk `number`, checked."""
        record = self.header.chunk_bytes + OVERHEAD
        last = self.content.size - (self.chunks - 1) * self.header.chunk_bytes + OVERHEAD
        return self._unsealed(number * record, last if number == self.chunks - 1 else record, number, last=False)

    def pieces(self) -> Iterator[bytes]:
        """The whole content; at its end the hashes are compared as well."""
        digests = Digests()
        for number in range(self.chunks):
            data = self.chunk(number)
            digests.update(data)
            yield data
        if digests.content() != self.content:
            raise Unopened("the content does not have the hashes of its trailer")

    def read(self, start: int, stop: int) -> bytes:
        """Bytes [start, stop) of the content, from the chunks that hold them."""
        start, stop = max(0, start), min(stop, self.content.size)
        if start >= stop:
            return b""
        size = self.header.chunk_bytes
        first = start // size
        data = b"".join(self.chunk(number) for number in range(first, (stop - 1) // size + 1))
        return data[start - first * size : stop - first * size]

    def _unsealed(self, at: int, size: int, number: int, last: bool) -> bytes:
        if at < 0:
            raise Unopened("the file is cut")
        self._stream.seek(self._start + at)
        return unseal(self._key, self._stream.read(size), self.header.bound(number, last))


def whole_chunks(stream: BinaryIO, keys: SubjectKeys) -> tuple[Header, bytes, Iterator[bytes]]:
    """Header, record key and the intact full chunks of a file that was being written, up to the first damage."""
    header = Header.read(stream)
    key = keys.unwrap(header.subject, header.wrapped, MAGIC)
    return header, key, _intact(stream, header, key)


def _intact(stream: BinaryIO, header: Header, key: bytes) -> Iterator[bytes]:
    number, record = 0, header.chunk_bytes + OVERHEAD
    while len(sealed := stream.read(record)) == record:
        try:
            yield unseal(key, sealed, header.bound(number, last=False))
        except Unopened:
            return
        number += 1
