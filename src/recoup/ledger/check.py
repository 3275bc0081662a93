"""Checks of a ledger: reported, never repaired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from recoup.ground import Asset, Defect
from recoup.ledger.model import FROM_OUTSIDE, TO_OUTSIDE, Entry, Kind, Ledger, Leg, Side
from recoup.ledger.order import Order, ordered


class Code(StrEnum):
    MORE_ARRIVES = "more-arrives-than-leaves"
    HISTORY_MISSING = "history-not-in-data"
    COIN_UNKNOWN = "spent-coin-not-in-data"
    ORDER_UNPROVEN = "order-not-proven"
    SHORTFALL = "balance-below-zero"
    MIXED_ASSETS = "mixed-assets"
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
        return self.code in CONTRADICTIONS

    def defect(self) -> Defect:
        return Defect(
            self.file, self.line, f"{self.code}: entry {self.entry[:80]}", "The ledger contradicts itself here"
        )


def check(ledger: Ledger) -> list[Finding]:
    """Every finding, in the order of the file; balances below zero last.

    Per entry and asset the sum that leaves is at least the sum that arrives (the difference is the fee); each coin is
    spent once, whole, in its own asset; no account balance falls below zero in the order of the file.
    """
    coins = ledger.coin_ledgers
    by_entry = (_entry_findings(entry, entry.ledger in coins) for entry in ledger)
    return [
        *chain.from_iterable(by_entry),
        *_coin_findings(ledger),
        *_order_findings(ledger),
        *_balance_findings(ledger),
    ]


def _finding(code: Code, entry: Entry, leg: Leg, amount: int) -> Finding:
    return Finding(code, entry.id, leg.id, leg.account, leg.asset.code, amount, entry.file, leg.line)


def _entry_findings(entry: Entry, coins: bool) -> Iterator[Finding]:
    sums: dict[Asset, list[int]] = {}
    for leg in entry.legs:
        if leg.kind not in FROM_OUTSIDE and leg.kind not in TO_OUTSIDE:
            sums.setdefault(leg.asset, [0, 0])[leg.side is Side.IN] += leg.amount
        if coins and leg.kind is Kind.OPENING:
            yield _finding(Code.HISTORY_MISSING, entry, leg, leg.amount)
    for asset, (leaves, arrives) in sums.items():
        if leaves and arrives > leaves:
            leg = next(leg for leg in entry.legs if leg.asset == asset)
            yield _finding(Code.MORE_ARRIVES, entry, leg, arrives - leaves)
    if coins and len({leg.asset for leg in entry.legs}) > 1:
        yield _finding(Code.MIXED_ASSETS, entry, entry.legs[0], 0)


def _coin_findings(ledger: Ledger) -> Iterator[Finding]:
    created = {
        entry.coin(leg): leg
        for entry, leg in ledger.legs()
        if leg.side is Side.IN and entry.ledger in ledger.coin_ledgers
    }
    spent: set[str] = set()
    for entry, leg in ledger.legs():
        if leg.side is Side.OUT and entry.ledger in ledger.coin_ledgers:
            coin = created.get(leg.spends)
            if leg.spends and leg.spends in spent:
                yield _finding(Code.SPENT_TWICE, entry, leg, leg.amount)
            elif coin is None:
                yield _finding(Code.COIN_UNKNOWN, entry, leg, leg.amount)
            elif (coin.amount, coin.asset, coin.account) != (leg.amount, leg.asset, leg.account):
                yield _finding(Code.COIN_DIFFERS, entry, leg, leg.amount)
            spent.add(leg.spends)


def _order_findings(ledger: Ledger) -> Iterator[Finding]:
    """One per entry whose order matters: coins prove theirs by what they spend."""
    for group in ordered(ledger).unproven:
        for entry in group:
            if entry.ledger not in ledger.coin_ledgers:
                yield _finding(Code.ORDER_UNPROVEN, entry, entry.legs[0], 0)


def _balance_findings(ledger: Ledger) -> Iterator[Finding]:
    """Where an account pays more than it ever received: the missing opening value, once per account, at its largest."""
    balances: dict[tuple[str, str, Asset], int] = {}
    worst: dict[tuple[str, str, Asset], Finding] = {}
    for entry in ordered(ledger, Order.FILE).entries:
        if entry.ledger in ledger.coin_ledgers:
            continue
        for leg in entry.legs:
            key = (entry.ledger, leg.account, leg.asset)
            balances[key] = balances.get(key, 0) + (leg.amount if leg.side is Side.IN else -leg.amount)
            if balances[key] < 0 and (key not in worst or -balances[key] > worst[key].amount):
                worst[key] = _finding(Code.SHORTFALL, entry, leg, -balances[key])
    yield from worst.values()
