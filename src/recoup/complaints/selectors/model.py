"""A selector: a thing in a text by which a party can be found again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    BIC = "bic"
    CARD = "card"
    DESCRIPTOR = "descriptor"
    BTC = "btc"
    ETH = "eth"
    TRON = "tron"
    SOL = "sol"
    TX = "tx"
    AMOUNT = "amount"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Selector:
    """`raw` is what stands at `start:end` of the field; `value` is its one normal form.

    `valid` is True where a checksum, numbering plan or suffix list holds, False where it fails, None where nothing
    can tell. A card's `raw` and `value` show at most its first six and last four digits (PCI DSS 3.4).
    `detail` adds what the value leaves out: the full host of a domain, the region of a phone.
    """

    type: Type
    raw: str
    value: str
    start: int
    end: int
    field: str = ""
    valid: bool | None = True
    detail: str = ""
