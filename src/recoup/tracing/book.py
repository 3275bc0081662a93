"""The book of one asset: pots, and the balanced flows between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from recoup.ground import Asset
from recoup.ledger import Entry
from recoup.tracing.model import Gap, Granularity, LegKey, Service

OUTSIDE = 0  # value from, or to, outside the data
FEES = 1
NO_LEG: LegKey = ("", "")

_HEX_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


@dataclass(slots=True)
class Item:
    """One side of a flow: an amount of a pot, and the leg that says so (`NO_LEG` where none does)."""

    pot: int
    amount: int
    leg: LegKey = NO_LEG


@dataclass(frozen=True, slots=True)
class Flow:
    """Outs pay, ins receive; both sums are equal. `entry` counts in the book's order; `unseen`: no leg says so."""

    entry: int
    outs: tuple[Item, ...]
    ins: tuple[Item, ...]
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Pot:
    """What holds value: `coin` is empty for accounts and clusters; a pot with a service is a stop."""

    account: str
    coin: str = ""
    service: Service | None = None


@dataclass(slots=True)
class Book:
    """One asset's flows in order, its pots by number, and what was noticed on the way."""

    asset: Asset
    granularity: Granularity
    entries: tuple[Entry, ...]
    flows: list[Flow] = field(default_factory=list)
    pots: list[Pot] = field(default_factory=lambda: [Pot("outside"), Pot("fees")])
    gaps: dict[int, Gap] = field(default_factory=dict)  # by the pot that the missing history would have filled
    violations: list[str] = field(default_factory=list)
    unproven_groups: int = 0
    elected: frozenset[LegKey] = frozenset()  # out legs that an election says are paid from coloured value first


def identity(account: str) -> str:
    """The account under which spellings of one address meet: hex addresses have no case (EIP-55 is a checksum)."""
    return account.lower() if _HEX_ADDRESS.fullmatch(account) else account
