"""Who pays whom, how much, and what was checked about the payee."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.ground import Asset, Instant


class NameResult(StrEnum):
    """The answer of a payee-name check (Verification of Payee, Regulation (EU) 2024/886)."""

    MATCH = "match"
    CLOSE = "close"
    NO_MATCH = "no-match"
    NOT_POSSIBLE = "not-possible"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class NameCheck:
    """The result, when it was given, and the second person who released it where it is no match."""

    result: NameResult
    at: Instant | None = None
    released_by: str = ""
    reason: str = ""

    @property
    def passes(self) -> bool:
        return self.result is NameResult.MATCH or bool(self.released_by and self.reason)


@dataclass(frozen=True, slots=True)
class Debtor:
    """The fund's account."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment order. `amount` in the smallest unit of `asset`; `id` is the EndToEndId of the attempt."""

    id: str
    claim: str
    payee: str
    iban: str
    amount: int
    asset: Asset
    debtor: Debtor
    day: date
    bic: str = ""
    text: str = ""
    name_check: NameCheck = NameCheck(NameResult.NOT_ASKED)


def attempt_id(fund: str, round_: str, claim: str, attempt: int) -> str:
    """EndToEndId of an attempt: 26 characters A-Z, 2-7 of a SHA-256, the same for the same attempt for ever.

    A retry after a crash has the same id and cannot pay twice; another attempt (number from 1) has another.
    """
    digest = hashlib.sha256(f"{fund}\n{round_}\n{claim}\n{attempt}".encode()).digest()
    return "RC" + base64.b32encode(digest[:15]).decode("ascii")
