"""Esplora and mempool JSON: transactions with the coins they spend (`vin[].prevout`, `vout[]`, `status`).

Source: the HTTP API of Blockstream's Esplora, https://github.com/Blockstream/esplora/blob/master/API.md.
"""

from __future__ import annotations

from pathlib import Path

from recoup.formats import fields
from recoup.formats.bitcoin_script import account_of
from recoup.formats.coins import Book, Coin, Input, Transaction
from recoup.formats.fields import BadRow, Fields
from recoup.formats.json_items import Item, json_items
from recoup.ground import Defects, sha256_file
from recoup.ledger import Ledger


def sniff(head: bytes, path: Path) -> bool:
    return b'"vin"' in head and (b'"prevout"' in head or b'"scriptpubkey"' in head)


def read(path: Path, defects: Defects) -> Ledger:
    """The transactions of one file (an array, one transaction, or one per line) as a coin ledger."""
    book = Book()
    gather(path, book, defects)
    return book.ledger(defects)


def gather(path: Path, book: Book, defects: Defects) -> None:
    """Put the transactions of a file into a book that other files share."""
    item_hash = sha256_file(path)
    for item in json_items(path, defects):
        with fields.rejecting(defects, path, item.line, item.place):
            book.add(_transaction(item, path, item_hash))


def _transaction(item: Item, path: Path, item_hash: str) -> Transaction:
    row = fields.fields_of(item.value, "the transaction")
    status = fields.fields_of(row.get("status"), "status")
    if status.get("confirmed") is not True:
        raise BadRow("the transaction is not confirmed, so it has no time yet", "Fetch it again when it is in a block")
    inputs = [fields.fields_of(each, "vin") for each in fields.items_of(row, "vin")]
    coinbase = any(each.get("is_coinbase") is True for each in inputs)
    return Transaction(
        txid=fields.hash_of(row, "txid"),
        time=fields.unix_time(status, "block_time"),
        block=fields.whole(status, "block_height"),
        index=None,
        inputs=() if coinbase else tuple(_input(each) for each in inputs),
        outputs=tuple(_coin(fields.fields_of(each, "vout")) for each in fields.items_of(row, "vout")),
        coinbase=coinbase,
        fee=None if coinbase else fields.optional_whole(row, "fee"),
        file=str(path),
        line=item.line,
        source=f"{item_hash}#{item.place}",
    )


def _input(row: Fields) -> Input:
    coin = None if row.get("prevout") is None else _coin(fields.fields_of(row["prevout"], "prevout"))
    return Input(fields.hash_of(row, "txid"), fields.whole(row, "vout"), coin)


def _coin(row: Fields) -> Coin:
    address, script = fields.text(row, "scriptpubkey_address"), fields.text(row, "scriptpubkey")
    try:
        account = account_of(bytes.fromhex(script)) if script or not address else address
    except ValueError:
        raise BadRow(f"scriptpubkey {fields.shown(script)} is no hex", "Fetch the transaction again") from None
    if address and account != address:
        mend = "Only Bitcoin's main network is read: is this another chain?"
        raise BadRow(f"address {address[:100]} does not belong to its script ({account[:100]})", mend)
    return Coin(account, fields.amount(row, "value"))
