"""ethereum-etl exports, CSV and JSON lines: blocks, transactions, receipts, traces, token transfers, tokens.

Files of one reading belong together: a transaction's rows meet under its hash.
Source: https://github.com/blockchain-etl/ethereum-etl (docs/schema.md); BigQuery's tables have the same columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from recoup.formats import fields
from recoup.formats.csv_text import header_of, rows_of
from recoup.formats.evm import Call, Place, Receipt, Reward, Token, Trace, When, address_of, optional_address, symbol_of
from recoup.formats.evm_book import Book
from recoup.formats.evm_entries import ledger_of
from recoup.formats.fields import BadRow, Fields
from recoup.formats.json_items import json_items, looks_like_json
from recoup.ground import Defect, Defects, Refused, sha256_file
from recoup.ledger import Ledger

_BORROWED = ("callcode", "delegatecall", "staticcall")  # code of another runs; no value passes between the two
_CARRIES = ("call", "create", "suicide", "daofork")
_MINTS = ("reward", "genesis")


def sniff(head: bytes, path: Path) -> bool:
    if looks_like_json(head):
        keys = (b'"from_address"', b'"cumulative_gas_used"', b'"sha3_uncles"', b'"total_supply"')
        return any(key in head for key in keys)
    return _taker(header_of(head)) is not None


def read(path: Path, defects: Defects) -> Ledger:
    """One file alone as a ledger of Ethereum; what needs other files (times, fees) is said."""
    book = Book()
    gather(path, book, defects)
    return ledger_of(book, defects)


def gather(path: Path, book: Book, defects: Defects) -> None:
    """Put the rows of a file into a book that other files share."""
    item_hash = sha256_file(path)
    for line, place, row in _rows(path, defects):
        with fields.rejecting(defects, path, line, place):
            take = _taker(tuple(row))
            if take is None:
                raise BadRow("the row is of no table of ethereum-etl", "Give it as the export writes it")
            take(row, book, Place(str(path), line, f"{item_hash}#{place}"))


def _rows(path: Path, defects: Defects) -> Iterator[tuple[int, str, Fields]]:
    with path.open("rb") as stream:
        head = stream.read(65_536)
    if looks_like_json(head):
        for item in json_items(path, defects):
            with fields.rejecting(defects, path, item.line, item.place):
                yield item.line, item.place, fields.fields_of(item.value, "the row")
    else:
        if _taker(header_of(head)) is None:
            raise Refused(Defect(str(path), 1, "the columns are of no table of ethereum-etl", "Export it again"))
        for line, row in rows_of(path, (), defects):
            yield line, f"line {line}", row


def _when(row: Fields, time: str = "block_timestamp") -> When:
    stamp = None if row.get(time) in (None, "") else fields.unix_time(row, time)
    return When(fields.whole(row, "block_number"), fields.optional_whole(row, "transaction_index"), stamp)


def _take_block(row: Fields, book: Book, place: Place) -> None:
    book.block_time(fields.whole(row, "number"), fields.unix_time(row, "timestamp"))


def _take_transaction(row: Fields, book: Book, place: Place) -> None:
    id_, when = fields.hash_of(row, "hash", "0x"), _when(row)
    recipient = optional_address(fields.text(row, "to_address"))
    value, price = fields.amount(row, "value"), fields.optional_amount(row, "gas_price")
    receipt = None if row.get("receipt_gas_used") in (None, "") else _receipt(row, "receipt_", place)
    book.call(id_, when, Call(address_of(fields.text(row, "from_address")), recipient, value, price, place), receipt)


def _take_receipt(row: Fields, book: Book, place: Place) -> None:
    book.receipt(fields.hash_of(row, "transaction_hash", "0x"), _when(row), _receipt(row, "", place))


def _receipt(row: Fields, prefix: str, place: Place) -> Receipt:
    def number(name: str) -> int | None:
        return fields.optional_amount(row, prefix + name)

    return Receipt(
        failed=_failed(row, prefix + "status"),
        contract=optional_address(fields.text(row, prefix + "contract_address")),
        gas_used=number("gas_used"),
        gas_price=number("effective_gas_price"),
        extra=(number("l1_fee") or 0) + (number("blob_gas_used") or 0) * (number("blob_gas_price") or 0),
        place=place,
    )


def _failed(row: Fields, key: str) -> bool | None:
    """By a status of 1 or 0 (EIP-658); None where the row has none."""
    return None if row.get(key) in (None, "") else not fields.flag(row, key)


def _take_token_transfer(row: Fields, book: Book, place: Place) -> None:
    log = fields.whole(row, "log_index")
    token = Token(
        key=f"log{log}",
        contract=address_of(fields.text(row, "token_address")),
        sender=address_of(fields.text(row, "from_address")),
        recipient=address_of(fields.text(row, "to_address")),
        amount=fields.amount(row, "value"),
        log=log,
        place=place,
    )
    book.token(fields.hash_of(row, "transaction_hash", "0x"), _when(row), token)


def _take_trace(row: Fields, book: Book, place: Place) -> None:
    kind, when = fields.text(row, "trace_type"), _when(row)
    recipient, id_ = fields.text(row, "to_address"), fields.text(row, "transaction_hash")
    if kind in _MINTS:
        name = fields.text(row, "trace_id") or f"{kind}_{when.block}_{recipient}"
        book.reward(when, Reward(name, address_of(recipient), fields.amount(row, "value"), place))
        return
    if kind not in _CARRIES:
        raise BadRow(f"trace_type {fields.shown(kind)} is not known", "Export the traces again")
    trace = Trace(
        address=_tree_address(row.get("trace_address")),
        sender=address_of(fields.text(row, "from_address")),
        # A creation that failed has no address; nothing came to it either.
        recipient=optional_address(recipient),
        value=fields.amount(row, "value"),
        moves=fields.text(row, "call_type") not in _BORROWED,
        failed=_failed(row, "status") is True or row.get("error") not in (None, "", False),
        place=place,
    )
    if not trace.recipient and not trace.failed:
        raise BadRow("the trace has no recipient", "Export the traces again")
    book.trace(fields.hash_of(row, "transaction_hash", "0x") if id_ else "", when, trace)


def _tree_address(value: object) -> tuple[int, ...]:
    parts = (
        value
        if isinstance(value, list)
        else [part for part in ("" if value is None else str(value)).split(",") if part]
    )
    row = dict(enumerate(parts))
    return tuple(fields.whole({"trace_address": part}, "trace_address") for part in row.values())


def _take_token(row: Fields, book: Book, place: Place) -> None:
    book.symbol(address_of(fields.text(row, "address")), symbol_of(fields.text(row, "symbol")))


Taker = Callable[[Fields, Book, Place], None]

# A table is known by its columns; the first that a row fulfils.
_TABLES: tuple[tuple[frozenset[str], Taker], ...] = (
    (frozenset({"trace_type", "trace_address", "from_address", "to_address", "value"}), _take_trace),
    (frozenset({"token_address", "from_address", "to_address", "value", "log_index"}), _take_token_transfer),
    (frozenset({"hash", "from_address", "to_address", "value", "gas_price"}), _take_transaction),
    (frozenset({"transaction_hash", "cumulative_gas_used", "gas_used"}), _take_receipt),
    (frozenset({"number", "timestamp", "sha3_uncles"}), _take_block),
    (frozenset({"address", "symbol", "decimals"}), _take_token),
)


def _taker(columns: tuple[str, ...]) -> Taker | None:
    names = frozenset(columns)
    return next((take for needed, take in _TABLES if needed <= names), None)
