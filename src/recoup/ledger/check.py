"""Checks of a ledger: reported, never repaired."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from recoup.ground import Asset
from recoup.ledger.finding import Code, Finding
from recoup.ledger.model import FROM_OUTSIDE, TO_OUTSIDE, Entry, Kind, Ledger, Leg, Side
from recoup.ledger.order import Ordering, ordered


def check(ledger: Ledger) -> list[Finding]:
    """Every finding, in the order of the file; balances below zero last.

    Per entry and asset the sum that leaves is at least the sum that arrives (the difference is the fee); each coin is
    spent once, whole, by its own account, in its own asset and not before its time; no account balance falls below zero
    in the order of the file. A cycle of spends has no order and raises Refused.
    """
    coins = ledger.coin_ledgers
    by_entry = (_entry_findings(entry, entry.ledger in coins) for entry in ledger)
    ordering = ordered(ledger)
    return [
        *chain.from_iterable(by_entry),
        *_coin_findings(ledger),
        *_order_findings(ledger, ordering),
        *_balance_findings(ledger, ordering),
    ]


def _finding(code: Code, entry: Entry, leg: Leg, amount: int) -> Finding:
    return Finding(code, entry.id, leg.id, leg.account, leg.asset.code, amount, entry.file, leg.line)


def _entry_findings(entry: Entry, coins: bool) -> Iterator[Finding]:
    sides: dict[Asset, dict[Side, int]] = {}
    for leg in entry.legs:
        if leg.kind not in FROM_OUTSIDE and leg.kind not in TO_OUTSIDE:
            sums = sides.setdefault(leg.asset, {})
            sums[leg.side] = sums.get(leg.side, 0) + leg.amount
        if coins and leg.kind is Kind.OPENING:
            yield _finding(Code.HISTORY_MISSING, entry, leg, leg.amount)
    for asset, sums in sides.items():
        if len(sums) == 2 and sums[Side.IN] > sums[Side.OUT]:
            leg = next(leg for leg in entry.legs if leg.asset == asset)
            yield _finding(Code.MORE_ARRIVES, entry, leg, sums[Side.IN] - sums[Side.OUT])
    if coins and len({leg.asset for leg in entry.legs}) > 1:
        yield _finding(Code.MIXED_ASSETS, entry, entry.legs[0], 0)


def _coin_findings(ledger: Ledger) -> Iterator[Finding]:
    legs = [(entry, leg) for entry, leg in ledger.legs() if entry.ledger in ledger.coin_ledgers]
    created = {entry.coin(leg): (entry, leg) for entry, leg in legs if leg.side is Side.IN}
    spent: set[str] = set()
    for entry, leg in legs:
        if leg.side is Side.OUT:
            code = Code.SPENT_TWICE if leg.spends in spent else _coin_code(created.get(leg.spends), entry, leg)
            if code:
                yield _finding(code, entry, leg, leg.amount)
            if leg.spends:
                spent.add(leg.spends)


def _coin_code(created: tuple[Entry, Leg] | None, entry: Entry, leg: Leg) -> Code | None:
    """What is wrong with an out leg, given the coin it spends."""
    if created is None:
        return Code.COIN_UNKNOWN
    creator, coin = created
    if (coin.amount, coin.asset, coin.account) != (leg.amount, leg.asset, leg.account):
        return Code.COIN_DIFFERS
    return Code.SPENT_EARLY if creator.time.start > entry.time.end else None


def _order_findings(ledger: Ledger, ordering: Ordering) -> Iterator[Finding]:
    """One per entry whose order matters: coins prove theirs by what they spend."""
    for group in ordering.unproven:
        for entry in group:
            if entry.ledger not in ledger.coin_ledgers:
                yield _finding(Code.ORDER_UNPROVEN, entry, entry.legs[0], 0)


def _balance_findings(ledger: Ledger, ordering: Ordering) -> Iterator[Finding]:
    """Where an account pays more than it ever received: the missing opening value, once per account, at its largest."""
    balances: dict[tuple[str, str, Asset], int] = {}
    worst: dict[tuple[str, str, Asset], Finding] = {}
    for entry in ordering.entries:
        if entry.ledger in ledger.coin_ledgers:
            continue
        for leg in entry.legs:
            key = (entry.ledger, leg.account, leg.asset)
            balances[key] = balances.get(key, 0) + (leg.amount if leg.side is Side.IN else -leg.amount)
            if balances[key] < 0 and (key not in worst or -balances[key] > worst[key].amount):
                worst[key] = _finding(Code.SHORTFALL, entry, leg, -balances[key])
    yield from worst.values()
