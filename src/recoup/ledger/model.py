"""Entries and legs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from recoup.ground import Asset, Instant
from recoup.ground.asset import AMOUNT_BITS_MAX


class Side(StrEnum):
    """Which way value goes, seen from the account of the leg."""

    OUT = "out"  # value leaves the account
    IN = "in"  # value enters it


class Kind(StrEnum):
    """What a leg is. One-sided kinds bring value from outside the data or take it there."""

    TRANSFER = "transfer"
    COIN = "coin"
    FEE = "fee"
    COINBASE = "coinbase"
    OPENING = "opening"
    MINT = "mint"
    BURN = "burn"
    SWAP = "swap"
    INTEREST = "interest"
    INTERNAL = "internal"
    TOKEN = "token"
    ADJUSTMENT = "adjustment"


FROM_OUTSIDE = frozenset({Kind.COINBASE, Kind.OPENING, Kind.MINT, Kind.INTEREST})
TO_OUTSIDE = frozenset({Kind.BURN})


@dataclass(frozen=True, slots=True)
class Leg:
    """Value leaving or entering one account.

    `amount` is in smallest units, 0 <= amount < 2**256, else ValueError (TypeError where it is no int). `spends` (coins
    only) is `<entry>:o<n>`, the coin that an out leg spends. `line` is the line of its file, 0 where it has none.
    """

    id: str
    side: Side
    account: str
    asset: Asset
    amount: int
    kind: Kind = Kind.TRANSFER
    spends: str = ""
    source: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"an amount is an integer of the smallest unit, not {type(self.amount).__name__}")
        if self.amount < 0 or self.amount.bit_length() > AMOUNT_BITS_MAX:
            raise ValueError(f"leg {self.id}: amount {str(self.amount)[:40]} is not between 0 and 2**256 - 1")


@dataclass(frozen=True, slots=True)
class Entry:
    """One atomic movement in its ledger: a transaction or a booking. Legs stand in their order."""

    id: str
    time: Instant
    position: int
    ledger: str
    legs: tuple[Leg, ...]
    file: str = ""

    def coin(self, leg: Leg) -> str:
        """The name under which a later out leg spends this in leg."""
        return f"{self.id}:{leg.id}"


@dataclass(frozen=True)
class Ledger:
    """Entries in the order of their files."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def legs(self) -> Iterator[tuple[Entry, Leg]]:
        """Every leg with its entry, in the order of the file."""
        return ((entry, leg) for entry in self.entries for leg in entry.legs)

    @cached_property
    def coin_ledgers(self) -> frozenset[str]:
        """Names of the ledgers that count coins (UTXO) and not account balances."""
        return frozenset(entry.ledger for entry, leg in self.legs() if leg.kind is Kind.COIN or leg.spends)

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """Every asset, by first appearance."""
        return tuple(dict.fromkeys(leg.asset for _, leg in self.legs()))
