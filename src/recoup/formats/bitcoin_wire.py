"""Bitcoin blocks in their network serialisation (BIP-144), with what a block proves about itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

HEADER_BYTES = 80
POW_LIMIT = 0xFFFF << 208  # consensus: the easiest target of the main network

_INPUT_BYTES_MIN = 41
_OUTPUT_BYTES_MIN = 9
_TRANSACTION_BYTES_MIN = 60
_NO_TRANSACTION = bytes(32)


class Malformed(ValueError):
    """Bytes that are no block."""


@dataclass(frozen=True, slots=True)
class WireInput:
    """The output that is spent: `txid` in the usual (reversed) hex."""

    txid: str
    index: int


@dataclass(frozen=True, slots=True)
class WireOutput:
    """Satoshi and the script that locks them."""

    value: int
    script: bytes


@dataclass(frozen=True, slots=True)
class WireTransaction:
    """A transaction; `txid` does not cover the witness (BIP-141). A coinbase has no inputs here."""

    txid: str
    inputs: tuple[WireInput, ...]
    outputs: tuple[WireOutput, ...]
    coinbase: bool
    first_script: bytes


@dataclass(frozen=True, slots=True)
class WireBlock:
    """A block whose transactions hash to the root in its header; `height` is None before BIP-34, `time` Unix time."""

    hash: str
    time: int
    height: int | None
    transactions: tuple[WireTransaction, ...]


def double_sha256(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def has_work(header: bytes) -> bool:
    """Whether 80 bytes hash below the target they name, within the main network's limit."""
    if len(header) != HEADER_BYTES:
        return False
    bits = int.from_bytes(header[72:76], "little")
    size, mantissa = bits >> 24, bits & 0x7FFFFF
    target = mantissa << 8 * (size - 3) if 3 <= size <= 32 else 0
    return 0 < target <= POW_LIMIT and int.from_bytes(double_sha256(header), "little") <= target


def parse_block(data: bytes) -> WireBlock:
    """A whole block; raises Malformed where bytes are missing or left over, or the work or the root is wrong."""
    header = data[:HEADER_BYTES]
    if not has_work(header):
        raise Malformed("the header has no proof of work")
    cursor = _Cursor(data, HEADER_BYTES)
    transactions = tuple(_transaction(cursor) for _ in range(cursor.count(_TRANSACTION_BYTES_MIN)))
    if cursor.at != len(data):
        raise Malformed(f"{len(data) - cursor.at} bytes are left over after the last transaction")
    if merkle_root([bytes.fromhex(each.txid)[::-1] for each in transactions]) != header[36:68]:
        raise Malformed("the transactions do not hash to the block's root")
    version = int.from_bytes(header[:4], "little")
    height = _height(transactions[0]) if version >= 2 else None
    time = int.from_bytes(header[68:72], "little")
    return WireBlock(double_sha256(header)[::-1].hex(), time, height, transactions)


def merkle_root(hashes: list[bytes]) -> bytes:
    """The root of transaction hashes in internal byte order; an odd one out is paired with itself."""
    if not hashes:
        raise Malformed("a block without transactions")
    while len(hashes) > 1:
        if len(hashes) % 2:
            hashes = [*hashes, hashes[-1]]
        hashes = [double_sha256(hashes[i] + hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def _height(coinbase: WireTransaction) -> int | None:
    """BIP-34: the coinbase script starts with the push of the height."""
    script = coinbase.first_script
    if not script or not 1 <= script[0] <= 5 or len(script) <= script[0]:
        return None
    return int.from_bytes(script[1 : 1 + script[0]], "little")


@dataclass(slots=True)
class _Cursor:
    data: bytes
    at: int

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise Malformed(f"it ends at byte {len(self.data)} inside a field")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def size(self) -> int:
        """A CompactSize."""
        first = self.number(1)
        return first if first < 0xFD else self.number(1 << (first - 0xFC))

    def count(self, bytes_min: int) -> int:
        """How many things follow, each of at least `bytes_min`: no more than the bytes can hold."""
        count = self.size()
        if count * bytes_min > len(self.data) - self.at:
            raise Malformed(f"{count} things are announced, and the bytes cannot hold them")
        return count


def _transaction(cursor: _Cursor) -> WireTransaction:
    version = cursor.take(4)
    witness = cursor.data[cursor.at : cursor.at + 2] == b"\x00\x01"
    if witness:
        cursor.take(2)
    start = cursor.at
    spends, first_script = [], b""
    for _ in range(inputs := cursor.count(_INPUT_BYTES_MIN)):
        spends.append((cursor.take(32), cursor.number(4)))
        script = cursor.take(cursor.size())
        first_script = first_script or script
        cursor.take(4)
    outputs = tuple(_output(cursor) for _ in range(cursor.count(_OUTPUT_BYTES_MIN)))
    body = cursor.data[start : cursor.at]
    for _ in range(inputs if witness else 0):
        for _ in range(cursor.count(1)):
            cursor.take(cursor.size())
    txid = double_sha256(version + body + cursor.take(4))[::-1].hex()
    coinbase = [spent for spent, _ in spends] == [_NO_TRANSACTION]
    named = () if coinbase else tuple(WireInput(spent[::-1].hex(), index) for spent, index in spends)
    return WireTransaction(txid, named, outputs, coinbase, first_script)


def _output(cursor: _Cursor) -> WireOutput:
    value = cursor.number(8)
    return WireOutput(value, cursor.take(cursor.size()))
