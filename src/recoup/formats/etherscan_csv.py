"""Etherscan's website exports of an account's transactions (CSV), amounts in whole coins.

The columns `Value_IN(ETH)` and `Value_OUT(ETH)` name the chain by its coin.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from recoup.formats import fields
from recoup.formats.csv_text import header_of, rows_of
from recoup.formats.evm import Call, Place, Receipt, When, address_of, optional_address
from recoup.formats.evm_book import Book
from recoup.formats.fields import BadRow, Fields
from recoup.ground import Defect, Defects, Refused, amount_from_decimal_text, sha256_file

WEI_DECIMALS = 18

_VALUE = re.compile(r"Value_IN\(([A-Za-z]{1,10})\)")
_HASHES = ("Transaction Hash", "Txhash")
_CHAINS = {"ETH": "ethereum", "BNB": "bsc", "POL": "polygon", "MATIC": "polygon", "AVAX": "avalanche", "XDAI": "gnosis"}
_MEND = "Export the page again; token transfers come with their decimals from the API (tokentx)"


def sniff(head: bytes, path: Path) -> bool:
    header = header_of(head)
    return bool(set(_HASHES) & set(header)) and "UnixTimestamp" in header and "From" in header


def gather(path: Path, book_of: Callable[[str], Book], defects: Defects, chain: str = "") -> None:
    """Put the rows of an export into the book of its chain, which is `chain` or what the header says."""
    header = _header(path)
    coin = next((match[1] for name in header if (match := _VALUE.fullmatch(name))), "")
    if not coin or "ParentTxFrom" in header:
        raise Refused(Defect(str(path), 1, "is not an export of an account's own transactions", _MEND))
    if not chain and coin.upper() not in _CHAINS:
        what = f"the chain of {coin} is not known"
        raise Refused(Defect(str(path), 1, what, "Name it: --format etherscan-csv:<chain>"))
    book, item_hash = book_of(chain or _CHAINS[coin.upper()]), sha256_file(path)
    required = ("UnixTimestamp", "Blockno", "From", "To", f"Value_IN({coin})", f"Value_OUT({coin})")
    for line, row in rows_of(path, required, defects):
        with fields.rejecting(defects, path, line):
            _take(row, coin, book, Place(str(path), line, f"{item_hash}#line {line}"))


def _header(path: Path) -> tuple[str, ...]:
    with path.open("rb") as stream:
        return header_of(stream.read(65_536))


def _take(row: Fields, coin: str, book: Book, place: Place) -> None:
    id_ = fields.hash_of(row, next((name for name in _HASHES if name in row), _HASHES[0]), "0x")
    when = When(fields.whole(row, "Blockno"), None, fields.unix_time(row, "UnixTimestamp"))
    sender, recipient = address_of(fields.text(row, "From")), optional_address(fields.text(row, "To"))
    came, went = (_wei(row, f"Value_{way}({coin})") for way in ("IN", "OUT"))
    if came and went and came != went:
        raise BadRow(f"both {came} came and {went} went in one transaction", _MEND)
    contract = optional_address(fields.text(row, "ContractAddress"))
    failed = fields.text(row, "Status").startswith("Error") or bool(fields.text(row, "ErrCode"))
    fee = _wei(row, f"TxnFee({coin})") if f"TxnFee({coin})" in row else None
    receipt = Receipt(failed, contract, fee=fee, place=place)
    book.call(id_, when, Call(sender, recipient, came or went, None, place), receipt)


def _wei(row: Fields, key: str) -> int:
    try:
        return amount_from_decimal_text(fields.text(row, key), WEI_DECIMALS)
    except ValueError as error:
        raise BadRow(f"{key}: {error}", _MEND) from None
