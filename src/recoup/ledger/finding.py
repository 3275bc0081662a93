"""What a reader of a figure must know about its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from recoup.ground import Defect


class Code(StrEnum):
    """What a finding says; `docs/reference/ledger-file.md` explains each."""

    MORE_ARRIVES = "more-arrives-than-leaves"
    HISTORY_MISSING = "history-not-in-data"
    COIN_UNKNOWN = "spent-coin-not-in-data"
    ORDER_UNPROVEN = "order-not-proven"
    SHORTFALL = "balance-below-zero"
    MIXED_ASSETS = "mixed-assets"
    SPENT_EARLY = "coin-spent-before-its-creation"
    SPENT_TWICE = "coin-spent-twice"
    COIN_DIFFERS = "spent-coin-differs"


# A ledger with one of these contradicts itself: no figure can rest on it.
CONTRADICTIONS = frozenset({Code.MIXED_ASSETS, Code.SPENT_TWICE, Code.COIN_DIFFERS})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a ledger that a reader of a figure must know. `amount` in smallest units of `asset`."""

    code: Code
    entry: str
    leg: str
    account: str
    asset: str
    amount: int
    file: str
    line: int

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else ""
        return (
            f"{where}{self.code}: entry {self.entry} leg {self.leg} account {self.account} {self.amount} {self.asset}"
        )

    @property
    def contradicts(self) -> bool:
        """Does the ledger contradict itself here, so that no figure can rest on it?"""
        return self.code in CONTRADICTIONS

    def defect(self) -> Defect:
        """The same as a reason to refuse work on this ledger."""
        return Defect(
            self.file, self.line, f"{self.code}: entry {self.entry[:80]}", "The ledger contradicts itself here"
        )
