"""Synthetic books of a million transfers, the same for every run: accounts with hubs, and coins with change."""

from __future__ import annotations

import random
from dataclasses import dataclass

from recoup.ground import Asset
from recoup.tracing import Claim, Granularity
from recoup.tracing.book import FEES, OUTSIDE, Book, Flow, Item, Pot

SEED = 20211108
CLAIMS = 20
HUBS_PER_ACCOUNTS = 2_500  # one account in 2,500 is a busy hub, through which a fifth of all payments go


@dataclass(frozen=True, slots=True)
class Case:
    """A book and the claims on it. `transfers` counts value-moving legs that enter."""

    book: Book
    claims: tuple[Claim, ...]
    transfers: int


def accounts(transfers: int) -> Case:
    """Accounts whose balances never fall below zero: 6 % of receipts come from outside, a third of payments sweep."""
    draw = random.Random(SEED)
    count = transfers // 8
    hubs = max(1, count // HUBS_PER_ACCOUNTS)
    balance = [0] * count
    flows: list[Flow] = []
    while len(flows) < transfers:
        source = draw.randrange(hubs) if draw.random() < 0.2 else _recent(draw, len(flows), transfers, count)
        target = draw.randrange(hubs) if draw.random() < 0.2 else draw.randrange(count)
        if balance[source] == 0 or draw.random() < 0.06:
            amount = draw.randrange(1, 10_000_000)
            balance[source] += amount
            flows.append(_flow(len(flows), OUTSIDE, source + 2, amount))
        elif source != target:
            amount = balance[source] if draw.random() < 0.35 else draw.randrange(1, balance[source] + 1)
            balance[source] -= amount
            balance[target] += amount
            flows.append(_flow(len(flows), source + 2, target + 2, amount))
    pots = [Pot("outside"), Pot("fees")] + [Pot(f"a{i}") for i in range(count)]
    book = Book(Asset("EUR"), Granularity.ACCOUNT, (), flows, pots)
    return Case(book, _claims(flows, draw), len(flows))


def _recent(draw: random.Random, made: int, transfers: int, count: int) -> int:
    """Accounts become active as time goes on: newer ones pay more often."""
    upto = max(1, count * (made + 1) // transfers)
    return upto - 1 - int(upto * draw.random() ** 3)


def _flow(number: int, source: int, target: int, amount: int) -> Flow:
    return Flow(number, (Item(source, amount),), (Item(target, amount, (str(number), "0")),))


def coins(transfers: int) -> Case:
    """Transactions of one to five coins in and about three out, with fees; one in eight brings a new coin."""
    draw = random.Random(SEED)
    unspent: list[tuple[int, int]] = []
    pots = [Pot("outside"), Pot("fees")]
    flows: list[Flow] = []
    made = 0
    while made < transfers:
        if len(unspent) < 8 or draw.random() < 0.125:
            amount = draw.randrange(10_000, 5_000_000_000)
            flows.append(Flow(len(flows), (Item(OUTSIDE, amount),), (_coin(pots, unspent, len(flows), 0, amount),)))
            made += 1
            continue
        outs = tuple(Item(*_spent(draw, unspent)) for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 5))))
        value = sum(item.amount for item in outs)
        fee = min(value, draw.randrange(1, 20_000))
        cuts = sorted(draw.randrange(value - fee + 1) for _ in range(draw.choice((0, 1, 1, 1, 2, 4))))
        sizes = [b - a for a, b in zip([0, *cuts], [*cuts, value - fee], strict=True)]
        ins = [_coin(pots, unspent, len(flows), n, size) for n, size in enumerate(sizes) if size]
        flows.append(Flow(len(flows), outs, (*ins, Item(FEES, fee))))
        made += len(ins)
    book = Book(Asset("BTC"), Granularity.COIN, (), flows, pots)
    return Case(book, _claims(flows, draw), made)


def _coin(pots: list[Pot], unspent: list[tuple[int, int]], flow: int, number: int, amount: int) -> Item:
    pots.append(Pot(f"a{len(pots)}", f"{flow}:o{number}"))
    unspent.append((len(pots) - 1, amount))
    return Item(len(pots) - 1, amount, (str(flow), f"o{number}"))


def _spent(draw: random.Random, unspent: list[tuple[int, int]]) -> tuple[int, int]:
    """Mostly young coins: half of what is spent was made lately."""
    index = len(unspent) - 1 - int(len(unspent) * draw.random() ** 4)
    unspent[index], unspent[-1] = unspent[-1], unspent[index]
    return unspent.pop()


def _claims(flows: list[Flow], draw: random.Random) -> tuple[Claim, ...]:
    """Twenty claims on receipts between a fifth and a third of the way."""
    found: list[Claim] = []
    while len(found) < CLAIMS:
        flow = flows[draw.randrange(len(flows) // 5, len(flows) // 3)]
        item = flow.ins[0]
        if item.pot > FEES and item.leg not in {claim.key for claim in found}:
            found.append(Claim(f"claim {len(found)}", *item.leg, item.amount))
    return tuple(found)
