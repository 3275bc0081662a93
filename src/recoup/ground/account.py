"""Accounts: an identifier in a ledger."""

from __future__ import annotations

from dataclasses import dataclass

IDENTIFIER_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True, order=True)
class AccountId:
    """`identifier` as its ledger writes it (never re-cased) in `ledger` (`bitcoin`, `bank:<BIC>`, `vasp:<name>`)."""

    ledger: str
    identifier: str

    def __post_init__(self) -> None:
        for name, text in (("ledger", self.ledger), ("account", self.identifier)):
            if not text or len(text) > IDENTIFIER_CHARACTERS_MAX or not text.isprintable():
                raise ValueError(f"{name} {text[:40]!r} is empty, too long or holds characters that cannot be printed")

    def __str__(self) -> str:
        return f"{self.ledger}/{self.identifier}"
