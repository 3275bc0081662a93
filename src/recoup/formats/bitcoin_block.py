"""Raw Bitcoin blocks: one block, or the node's `blk*.dat` files (with the `xor.dat` key beside them), also gzipped.

A block does not say what its inputs hold. A coin that is created in the data is known; where any input of a
transaction is not, its outputs stand as `opening` coins, and a notice says how many. Give richer data for the same
transactions, and they are joined. Sources: BIP-144 (serialisation), Bitcoin Core `doc/files.md` (blk and xor files).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from recoup.formats.bitcoin_script import account_of
from recoup.formats.bitcoin_wire import HEADER_BYTES, Malformed, WireBlock, WireTransaction, has_work, parse_block
from recoup.formats.coins import Book, Coin, Input, Transaction
from recoup.formats.fields import rejecting
from recoup.ground import Defect, Defects, Instant, Refused, sha256_file
from recoup.ledger import Ledger
from recoup.ledger.text import open_binary

BLOCK_FILE_BYTES_MAX = 256 * 2**20  # a node closes its files at 128 MiB

_MAGIC = b"\xf9\xbe\xb4\xd9"  # main network
_GZIP = b"\x1f\x8b"
_KEY_BYTES = 8
_MEND = "Copy the file again while the node is stopped"


def sniff(head: bytes, path: Path) -> bool:
    if head.startswith(_GZIP):
        head = _unzipped_head(head)
    return _plain(head[:4], path) == _MAGIC or has_work(head[:HEADER_BYTES])


def read(path: Path, defects: Defects) -> Ledger:
    """The transactions of one file's blocks as a coin ledger; a block that proves false becomes a defect."""
    book = Book()
    gather(path, book, defects)
    return book.ledger(defects)


def gather(path: Path, book: Book, defects: Defects) -> None:
    """Put the transactions of a file's blocks into a book that other files share."""
    item_hash = sha256_file(path)
    for at, data in _blocks(path, defects):
        try:
            block = parse_block(data)
        except Malformed as error:
            defects.add(str(path), 0, f"block at byte {at} rejected: {error}", _MEND)
            continue
        for number, each in enumerate(block.transactions):
            with rejecting(defects, path, 0, f"/block {block.hash}/{number}"):
                book.add(_transaction(each, number, block, path, f"{item_hash}#block {block.hash}/{number}"))


def _transaction(wire: WireTransaction, number: int, block: WireBlock, path: Path, source: str) -> Transaction:
    return Transaction(
        txid=wire.txid,
        time=Instant.from_unix(block.time),
        block=block.height or 0,
        index=number,
        inputs=tuple(Input(each.txid, each.index, None) for each in wire.inputs),
        outputs=tuple(Coin(account_of(each.script), each.value) for each in wire.outputs),
        coinbase=wire.coinbase,
        fee=None,
        file=str(path),
        line=0,
        source=source,
        partial=True,
    )


def _blocks(path: Path, defects: Defects) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes) of each block in the file."""
    data = _bytes(path)
    if has_work(data[:HEADER_BYTES]):
        yield 0, data
        return
    data = _plain(data, path)
    if data[:4] == bytes(4):
        defects.add(str(path), 0, "holds no block", _MEND)
    at = 0
    while at < len(data):
        if data[at : at + 4] == bytes(4):  # a node allocates its files ahead
            break
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] != _MAGIC or at + 8 + size > len(data):
            defects.add(str(path), 0, f"byte {at} does not start a whole block of the main network", _MEND)
            break
        yield at, data[at + 8 : at + 8 + size]
        at += 8 + size


def _bytes(path: Path) -> bytes:
    with open_binary(path) as stream:
        zipped = stream.read(2) == _GZIP
        stream.seek(0)
        try:
            data = (gzip.GzipFile(fileobj=stream) if zipped else stream).read(BLOCK_FILE_BYTES_MAX + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Refused(Defect(str(path), 0, f"cannot be unzipped: {error}", _MEND)) from None
    if len(data) > BLOCK_FILE_BYTES_MAX:
        raise Refused(Defect(str(path), 0, f"is longer than {BLOCK_FILE_BYTES_MAX:,} bytes", "Split it into blocks"))
    return data


def _plain(data: bytes, path: Path) -> bytes:
    """The bytes without the node's obfuscation, where a key lies beside the file and the bytes need it."""
    key_file = path.with_name("xor.dat")
    if data[:4] == _MAGIC or not key_file.is_file() or key_file.stat().st_size != _KEY_BYTES:
        return data
    key = np.resize(np.frombuffer(key_file.read_bytes(), np.uint8), len(data))
    return bytes(np.bitwise_xor(np.frombuffer(data, np.uint8), key))


def _unzipped_head(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEADER_BYTES)
    except zlib.error:
        return b""
