"""Bitcoin blocks written byte by byte: the first block, and blocks that are easy to mine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EASY_BITS = 0x207FFFFF
EASY_LIMIT = 0x7FFFFF << 232

# The first block of the main network (2009-01-03): public in every node.
GENESIS = bytes.fromhex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51"
    "323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c01"
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d6573"
    "2030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b"
    "73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f355"
    "04e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"
)
GENESIS_HASH = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
GENESIS_TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


def twice(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def compact(number: int) -> bytes:
    if number < 0xFD:
        return bytes([number])
    size = 2 if number < 2**16 else 4 if number < 2**32 else 8
    return bytes([{2: 0xFD, 4: 0xFE, 8: 0xFF}[size]]) + number.to_bytes(size, "little")


@dataclass(frozen=True, slots=True)
class Made:
    """A transaction's bytes and its id."""

    data: bytes
    txid: str


def transaction(ins: Sequence[tuple[str, int]], outs: Sequence[tuple[int, bytes]], witness: bool = False,
                script: bytes = b"") -> Made:  # fmt: skip
    """A transaction spending (txid, index) and paying (satoshi, script)."""
    inputs = b"".join(
        bytes.fromhex(txid)[::-1] + index.to_bytes(4, "little") + compact(len(script)) + script + b"\xff" * 4
        for txid, index in ins
    )
    outputs = b"".join(value.to_bytes(8, "little") + compact(len(lock)) + lock for value, lock in outs)
    body = compact(len(ins)) + inputs + compact(len(outs)) + outputs
    plain = b"\x02\x00\x00\x00" + body + bytes(4)
    stack = b"".join(b"\x02\x01\xaa\x00" for _ in ins)
    data = b"\x02\x00\x00\x00" + b"\x00\x01" + body + stack + bytes(4) if witness else plain
    return Made(data, twice(plain)[::-1].hex())


def coinbase(height: int, outs: Sequence[tuple[int, bytes]]) -> Made:
    pushed = height.to_bytes((height.bit_length() + 8) // 8, "little")
    return transaction([("00" * 32, 0xFFFFFFFF)], outs, script=bytes([len(pushed)]) + pushed)


def root(txids: Sequence[str]) -> bytes:
    level = [bytes.fromhex(txid)[::-1] for txid in txids]
    while len(level) > 1:
        level += level[-1:] * (len(level) % 2)
        level = [twice(left + right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def block(transactions: Sequence[Made], time: int = 1_600_000_000, version: int = 2) -> bytes:
    """A block under the easiest target, with the work done."""
    start = version.to_bytes(4, "little") + bytes(32) + root([each.txid for each in transactions])
    start += time.to_bytes(4, "little") + EASY_BITS.to_bytes(4, "little")
    nonce = next(
        n for n in range(10_000) if int.from_bytes(twice(start + n.to_bytes(4, "little")), "little") <= EASY_LIMIT
    )
    body = compact(len(transactions)) + b"".join(each.data for each in transactions)
    return start + nonce.to_bytes(4, "little") + body


def on_disk(*blocks: bytes) -> bytes:
    """As a node's blk file holds them."""
    return b"".join(b"\xf9\xbe\xb4\xd9" + len(each).to_bytes(4, "little") + each for each in blocks)
