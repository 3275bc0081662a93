"""Complaints and the payments in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from recoup.ground import Instant, Money, Source

NOWHERE = Source("")


class Method(StrEnum):
    """How a victim paid."""

    BANK = "bank"
    CARD = "card"
    CRYPTO = "crypto"
    CASH = "cash"
    VOUCHER = "voucher"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as the victim states it. `money` is None where the amount or its currency is unknown.

    `written` keeps amount and currency as filed; `line` is the row it stands on (0: not in a file).
    """

    paid: Instant | None = None
    money: Money | None = None
    written: str = ""
    method: Method = Method.UNKNOWN
    recipient: str = ""
    reference: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """The victim as the complaint names them; every field may be empty. `birth_date` is ISO 8601."""

    name: str = ""
    birth_date: str = ""
    email: str = ""
    phone: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What one victim told one agency. `country` is ISO 3166-1 alpha-2 or empty; `source` is file and row.

    `safe_contact` says how the victim may be reached without harm; `harm` what else was done to them.
    An empty id raises ValueError.
    """

    id: str
    victim: Person = field(default_factory=Person)
    filed: Instant | None = None
    agency: str = ""
    country: str = ""
    language: str = ""
    operator: str = ""
    website: str = ""
    narrative: str = ""
    safe_contact: str = ""
    harm: str = ""
    payments: tuple[Payment, ...] = ()
    source: Source = NOWHERE

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a complaint needs an id")
