"""bitcoin-etl JSON lines: transactions, plain or enriched with the outputs that they spend.

Source: https://github.com/blockchain-etl/bitcoin-etl (docs/schema.md); the public BigQuery tables have the same shape.
"""

from __future__ import annotations

from pathlib import Path

from recoup.formats import fields
from recoup.formats.bitcoin_script import account_of, address_of
from recoup.formats.coins import Book, Coin, Input, Transaction
from recoup.formats.fields import BadRow, Fields
from recoup.formats.json_items import Item, json_items
from recoup.ground import Defects, sha256_file
from recoup.ledger import Ledger

_BITCOIN = ("1", "3", "bc1", "nonstandard")
_OTHER_CHAIN = "Only Bitcoin's main network is read: is this another chain?"


def sniff(head: bytes, path: Path) -> bool:
    return b'"is_coinbase"' in head and b'"outputs"' in head and b'"vin"' not in head


def read(path: Path, defects: Defects) -> Ledger:
    """The transactions of one file as a coin ledger.

    A plain export does not say what inputs hold: a transaction with an input not created in the file is rejected.
    """
    book = Book()
    gather(path, book, defects)
    return book.ledger(defects)


def gather(path: Path, book: Book, defects: Defects) -> None:
    """Put the transactions of a file into a book that other files share; rows of other types are passed over."""
    item_hash = sha256_file(path)
    for item in json_items(path, defects):
        with fields.rejecting(defects, path, item.line, item.place):
            row = fields.fields_of(item.value, "the transaction")
            if row.get("type") in (None, "transaction"):
                book.add(_transaction(row, item, path, item_hash))


def _transaction(row: Fields, item: Item, path: Path, item_hash: str) -> Transaction:
    coinbase = fields.flag(row, "is_coinbase")
    inputs = (
        () if coinbase else tuple(_input(fields.fields_of(each, "input")) for each in fields.items_of(row, "inputs"))
    )
    outputs = [fields.fields_of(each, "output") for each in fields.items_of(row, "outputs")]
    if [fields.whole(each, "index") for each in outputs] != list(range(len(outputs))):
        raise BadRow("the outputs are not numbered 0, 1, 2 …", "Export the transaction again")
    enriched = bool(inputs) and all(each.coin for each in inputs)
    return Transaction(
        txid=fields.hash_of(row, "hash"),
        time=fields.unix_time(row, "block_timestamp"),
        block=fields.whole(row, "block_number"),
        index=fields.optional_whole(row, "index"),
        inputs=inputs,
        outputs=tuple(_output(each) for each in outputs),
        coinbase=coinbase,
        fee=fields.optional_whole(row, "fee") if enriched else None,
        file=str(path),
        line=item.line,
        source=f"{item_hash}#{item.place}",
    )


def _output(row: Fields) -> Coin:
    script, addresses = fields.text(row, "script_hex"), _addresses(row)
    try:
        output = bytes.fromhex(script)
    except ValueError:
        raise BadRow(f"script_hex {fields.shown(script)} is no hex", "Export the transaction again") from None
    address = address_of(output)
    if not script or (address and addresses not in ([], [address])):
        raise BadRow(f"an output's addresses {fields.shown(addresses)} are not those of its script", _OTHER_CHAIN)
    return Coin(account_of(output), fields.amount(row, "value"))


def _input(row: Fields) -> Input:
    txid, index = fields.hash_of(row, "spent_transaction_hash"), fields.whole(row, "spent_output_index")
    if row.get("value") is None:
        return Input(txid, index, None)
    addresses = _addresses(row)
    known = len(addresses) == 1 and not addresses[0].startswith("nonstandard")
    # The export gives the input's own script here, not the one it spends: without an address only the coin is known.
    account = addresses[0] if known else f"coin:{txid}:o{index}"
    return Input(txid, index, Coin(account, fields.amount(row, "value")))


def _addresses(row: Fields) -> list[str]:
    addresses = [] if row.get("addresses") is None else fields.items_of(row, "addresses")
    for each in addresses:
        if not isinstance(each, str) or not each.startswith(_BITCOIN):
            raise BadRow(f"address {fields.shown(each)} is not one of Bitcoin", _OTHER_CHAIN)
    return [str(each) for each in addresses]
