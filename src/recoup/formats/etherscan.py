"""Etherscan's API answers: `txlist`, `txlistinternal`, `tokentx` (and NFT transfers), as given or as bare lists.

Source: https://docs.etherscan.io/api-reference (module account). Explorers of the family (BscScan …) answer alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from recoup.formats import fields
from recoup.formats.evm import Call, Place, Receipt, Token, Trace, When, address_of, optional_address, symbol_of
from recoup.formats.evm_book import Book
from recoup.formats.evm_entries import ledger_of
from recoup.formats.fields import BadRow, Fields
from recoup.formats.json_items import Item, json_items, looks_like_json
from recoup.ground import Defects, sha256_file
from recoup.ledger import Ledger

_BORROWED = ("callcode", "delegatecall", "staticcall")
_ITEM = re.compile(r"[0-9]{1,78}")


def sniff(head: bytes, path: Path) -> bool:
    return looks_like_json(head) and b'"timeStamp"' in head and b'"blockNumber"' in head


def read(path: Path, defects: Defects) -> Ledger:
    """One answer alone as a ledger of Ethereum."""
    book = Book()
    gather(path, book, defects)
    return ledger_of(book, defects)


def gather(path: Path, book: Book, defects: Defects) -> None:
    """Put the rows of an answer into a book that other files share."""
    item_hash = sha256_file(path)
    seen: Counter[str] = Counter()
    for item in json_items(path, defects):
        with fields.rejecting(defects, path, item.line, item.place):
            for place, value in _rows(item):
                with fields.rejecting(defects, path, item.line, place):
                    row = fields.fields_of(value, "the row")
                    _take(row, book, Place(str(path), item.line, f"{item_hash}#{place}"), seen)


def _rows(item: Item) -> Iterator[tuple[str, object]]:
    """The rows of an envelope `{"status", "message", "result"}`, or the item itself."""
    envelope = item.value
    if not isinstance(envelope, dict) or "result" not in envelope:
        yield item.place, envelope
        return
    result = envelope["result"]
    if not isinstance(result, list):
        raise BadRow(f"the answer is an error: {fields.shown(result)}", "Ask the explorer again")
    for number, value in enumerate(result):
        yield f"{item.place if item.place.startswith('/') else ''}/result/{number}", value


def _take(row: Fields, book: Book, place: Place, seen: Counter[str]) -> None:
    id_ = fields.hash_of(row, "hash", "0x")
    index = fields.optional_whole(row, "transactionIndex")
    when = When(fields.whole(row, "blockNumber"), index, fields.unix_time(row, "timeStamp"))
    if "tokenSymbol" in row or "tokenID" in row:
        _take_token(row, id_, when, book, place, seen)
    elif "gasPrice" in row:
        _take_transaction(row, id_, when, book, place)
    else:
        _take_internal(row, id_, when, book, place, seen)


def _take_transaction(row: Fields, id_: str, when: When, book: Book, place: Place) -> None:
    sender, recipient = address_of(fields.text(row, "from")), optional_address(fields.text(row, "to"))
    value, price = fields.amount(row, "value"), fields.amount(row, "gasPrice")
    contract = optional_address(fields.text(row, "contractAddress"))
    failed, gas = fields.flag(row, "isError"), fields.amount(row, "gasUsed")
    receipt = Receipt(failed, contract, gas_used=gas, place=place)
    book.call(id_, when, Call(sender, recipient, value, price, place), receipt)


def _take_internal(row: Fields, id_: str, when: When, book: Book, place: Place, seen: Counter[str]) -> None:
    """Inner calls. Without `traceId` they are told apart by their content and its count in the file."""
    sender = address_of(fields.text(row, "from"))
    recipient = optional_address(fields.text(row, "to") or fields.text(row, "contractAddress"))
    value, failed = fields.amount(row, "value"), fields.flag(row, "isError")
    path = fields.text(row, "traceId")
    address = tuple(fields.whole({"traceId": part}, "traceId") for part in path.split("_")) if path else ()
    if not address:
        address = book.loose_address(id_, _counted(seen, f"{id_} {sender} {recipient} {value}"))
    if not recipient and not failed:
        raise BadRow("the row has no recipient", "Ask the explorer again")
    moves = fields.text(row, "type") not in _BORROWED
    book.trace(id_, when, Trace(address, sender, recipient, value, moves, failed, place))


def _take_token(row: Fields, id_: str, when: When, book: Book, place: Place, seen: Counter[str]) -> None:
    contract, symbol = address_of(fields.text(row, "contractAddress")), fields.text(row, "tokenSymbol")
    sender, recipient = address_of(fields.text(row, "from")), address_of(fields.text(row, "to"))
    item = fields.text(row, "tokenID")
    if item and not _ITEM.fullmatch(item):
        raise BadRow(f"tokenID {fields.shown(item)} is no number", "Ask the explorer again")
    many = "tokenValue" if "tokenValue" in row else "value"
    amount = 1 if item and many not in row else fields.amount(row, many)
    book.symbol(contract, symbol_of(symbol))
    key = _counted(seen, f"{id_} {contract} {sender} {recipient} {item} {amount}")
    book.token(id_, when, Token(key, contract, sender, recipient, amount, None, item, place))


def _counted(seen: Counter[str], content: str) -> str:
    """Content with its number among its like in one file, so that two files that overlap give each transfer once."""
    seen[content] += 1
    return f"{content} {seen[content]}"
