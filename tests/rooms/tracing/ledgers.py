"""Small random ledgers with questions: one generator on a source of choices, seeded or drawn by hypothesis."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from recoup.ground import Asset, Instant
from recoup.ledger import Entry, Kind, Ledger, Leg, Order, Side
from recoup.tracing.model import (
    Claim,
    ClusterMember,
    FeePolicy,
    Granularity,
    LegKey,
    Link,
    LinkKind,
    Parameters,
    Question,
    Rule,
    Service,
)

T = TypeVar("T")
BTC, EUR, USD = Asset("BTC"), Asset("EUR"), Asset("USD")
DAY = datetime(2024, 1, 1, tzinfo=UTC)


class Choices(Protocol):
    """What `random.Random` and `hypothesis` both offer."""

    def randint(self, a: int, b: int, /) -> int: ...
    def choice(self, seq: Sequence[T], /) -> T: ...


@dataclass(frozen=True)
class Wanted:
    """What a ledger may hold. `percent` chances; amounts up to `amount_max`."""

    amount_max: int = 12
    entries_max: int = 9
    zero: int = 5
    violations: int = 4
    links: int = 25
    stops: int = 50
    unproven: int = 30
    gaps: int = 8
    backward: int = 20
    overlaps: bool = True  # claims of several colours may exceed their leg together


PLAIN = Wanted(violations=0, links=0, stops=0, unproven=0, gaps=0, backward=0)


@dataclass(frozen=True)
class Case:
    ledger: Ledger
    question: Question
    parameters: Parameters  # with any rule; tests put in each


@dataclass
class Maker:
    choices: Choices
    wanted: Wanted
    entries: list[Entry] = field(default_factory=list)
    clock: int = 0

    def chance(self, percent: int) -> bool:
        return self.choices.randint(1, 100) <= percent

    def amount(self) -> int:
        return 0 if self.chance(self.wanted.zero) else self.choices.randint(1, self.wanted.amount_max)

    def parts(self, total: int, count: int) -> list[int]:
        cuts = sorted(self.choices.randint(0, total) for _ in range(count - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]

    def entry(self, name: str, ledger: str, legs: list[Leg]) -> None:
        """Usually a moment later than the last; sometimes at the same time, or on a day without a time."""
        unproven = self.chance(self.wanted.unproven)
        self.clock += 0 if unproven else 1
        time = Instant(DAY + timedelta(hours=self.clock))
        if self.wanted.unproven and self.chance(5):
            time = Instant(DAY, precise=False)
        position = 0 if unproven and self.chance(70) else len(self.entries)
        self.entries.append(Entry(name, time, position, ledger, tuple(legs)))


def coin_entries(maker: Maker, accounts: Sequence[str], count: int) -> None:
    unspent: list[tuple[str, Leg]] = []
    for n in range(count):
        name = f"t{n}"
        outs, ins = _coin_outs(maker, name, accounts, unspent), _coin_ins(maker, accounts)
        total = sum(leg.amount for leg in outs)
        if not outs:
            kind = maker.choices.choice((Kind.COINBASE, Kind.OPENING, Kind.COIN))
            ins = [_coin(j, maker.choices.choice(accounts), maker.amount(), kind) for j in range(max(1, len(ins)))]
        elif ins:
            fee = min(total, maker.choices.choice((0, 0, 1, 2, 5)))
            amounts = maker.parts(total - fee, len(ins))
            if maker.chance(maker.wanted.violations):
                amounts[-1] += 3
            ins = [_coin(j, leg.account, amount) for j, (leg, amount) in enumerate(zip(ins, amounts, strict=True))]
            if maker.chance(maker.wanted.gaps):
                ins.append(_coin(len(ins), maker.choices.choice(accounts), maker.amount(), Kind.OPENING))
        maker.entry(name, "bitcoin", outs + ins)
        unspent += [(f"{name}:{leg.id}", leg) for leg in ins]


def _coin_outs(maker: Maker, name: str, accounts: Sequence[str], unspent: list[tuple[str, Leg]]) -> list[Leg]:
    outs: list[Leg] = []
    for i in range(min(len(unspent), maker.choices.choice((0, 1, 1, 2, 3)))):
        coin, leg = unspent.pop(maker.choices.randint(0, len(unspent) - 1))
        outs.append(Leg(f"i{i}", Side.OUT, leg.account, BTC, leg.amount, Kind.COIN, coin))
    if maker.chance(maker.wanted.gaps):
        account, spends = maker.choices.choice(accounts), f"missing-{name}:o0"
        outs.append(Leg(f"i{len(outs)}", Side.OUT, account, BTC, maker.amount(), Kind.COIN, spends))
    return outs


def _coin_ins(maker: Maker, accounts: Sequence[str]) -> list[Leg]:
    count = maker.choices.choice((0, 1, 2, 2, 3))
    return [_coin(j, maker.choices.choice(accounts), 0) for j in range(count)]


def _coin(j: int, account: str, amount: int, kind: Kind = Kind.COIN) -> Leg:
    return Leg(f"o{j}", Side.IN, account, BTC, amount, kind)


def account_entries(maker: Maker, accounts: Sequence[str], count: int, ledger: str, asset: Asset) -> None:
    for n in range(count):
        legs = _account_legs(maker, accounts, asset)
        numbered = [Leg(str(i), leg.side, leg.account, asset, leg.amount, leg.kind) for i, leg in enumerate(legs)]
        maker.entry(f"{asset.code}{n}", ledger, numbered)


@dataclass
class Booking:
    """Legs of one booking on an account ledger."""

    maker: Maker
    accounts: Sequence[str]
    asset: Asset

    def leg(self, side: Side, amount: int, kind: Kind = Kind.TRANSFER) -> Leg:
        return Leg("", side, self.maker.choices.choice(self.accounts), self.asset, amount, kind)

    def one_sided(self, side: Side) -> list[Leg]:
        arriving = (Kind.TRANSFER, Kind.OPENING, Kind.INTEREST, Kind.MINT)
        leaving = (Kind.TRANSFER, Kind.TRANSFER, Kind.FEE, Kind.BURN)
        kind = self.maker.choices.choice(arriving if side is Side.IN else leaving)
        count = self.maker.choices.choice((1, 1, 2))
        return [self.leg(side, self.maker.amount(), kind) for _ in range(count)]

    def transfer(self) -> list[Leg]:
        value = self.maker.amount()
        return [self.leg(Side.OUT, value), self.leg(Side.IN, value)]

    def transfer_with_fee(self) -> list[Leg]:
        legs = self.transfer()
        return [*legs, Leg("", Side.OUT, legs[0].account, self.asset, self.maker.amount(), Kind.FEE)]

    def many(self) -> list[Leg]:
        choices, wanted = self.maker.choices, self.maker.wanted
        outs = [self.leg(Side.OUT, self.maker.amount()) for _ in range(choices.randint(1, 3))]
        total = sum(out.amount for out in outs)
        kept = total - min(total, choices.choice((0, 0, 2))) + (3 if self.maker.chance(wanted.violations) else 0)
        return outs + [self.leg(Side.IN, part) for part in self.maker.parts(kept, choices.randint(1, 3))]

    def mixed(self) -> list[Leg]:
        """Legs in any order: several groups, fees in the middle, more arriving than leaving."""
        if not self.maker.wanted.violations:
            return self.transfer() + self.transfer()
        choices = self.maker.choices
        sides = [choices.choice((Side.OUT, Side.IN)) for _ in range(choices.randint(2, 5))]
        own = {Side.OUT: (Kind.FEE, Kind.FEE, Kind.BURN), Side.IN: (Kind.OPENING, Kind.INTEREST)}
        kinds = [choices.choice(own[side]) if self.maker.chance(20) else Kind.TRANSFER for side in sides]
        return [self.leg(side, self.maker.amount(), kind) for side, kind in zip(sides, kinds, strict=True)]


def _account_legs(maker: Maker, accounts: Sequence[str], asset: Asset) -> list[Leg]:
    booking = Booking(maker, accounts, asset)
    shapes: tuple[Callable[[], list[Leg]], ...] = (
        lambda: booking.one_sided(Side.IN),
        lambda: booking.one_sided(Side.IN),
        lambda: booking.one_sided(Side.OUT),
        booking.transfer,
        booking.transfer,
        booking.many,
        booking.many,
        booking.transfer_with_fee,
        booking.mixed,
    )
    return maker.choices.choice(shapes)()


def make_case(choices: Choices, wanted: Wanted = Wanted()) -> Case:
    """A coin ledger, an account ledger, or several in one; claims, stops and links on them."""
    case = _case(choices, wanted)
    while not case.question.claims:  # nothing ever entered
        case = _case(choices, wanted)
    return case


def _case(choices: Choices, wanted: Wanted) -> Case:
    maker = Maker(choices, wanted)
    shape = choices.choice(("coins", "coins", "accounts", "accounts", "both", "two"))
    count = choices.randint(2, wanted.entries_max)
    if shape in ("coins", "both"):
        coin_entries(maker, "PQRS"[: choices.randint(2, 4)], count)
    if shape in ("accounts", "both", "two"):
        account_entries(maker, "ABCD"[: choices.randint(2, 4)], count, "bank:one", EUR)
    if shape == "two":
        account_entries(maker, "WXY", count, "vasp:two", choices.choice((EUR, USD)))
    if shape in ("both", "two"):
        maker.entries.sort(key=lambda entry: entry.time.start)
    ledger = Ledger(_renamed(tuple(maker.entries)))
    return Case(ledger, _question(maker, ledger), _parameters(maker, ledger))


def _renamed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Entry ids are one namespace in claims; EUR on two ledgers would share them."""
    names: dict[tuple[str, str], str] = {}
    for entry in entries:
        taken = entry.id in names.values()
        names[entry.ledger, entry.id] = f"{entry.ledger}-{entry.id}" if taken else entry.id
    renamed = [(entry, names[entry.ledger, entry.id]) for entry in entries]
    return tuple(Entry(name, e.time, e.position, e.ledger, e.legs) for e, name in renamed)


def _question(maker: Maker, ledger: Ledger) -> Question:
    choices = maker.choices
    ins = [(entry.id, leg) for entry, leg in ledger.legs() if leg.side is Side.IN and leg.amount]
    claims = _claims(maker, ins) if ins else []
    accounts = sorted({leg.account for _, leg in ledger.legs()})
    services: dict[str, Service] = {}
    while maker.chance(maker.wanted.stops) and len(services) < 2:
        account = choices.choice(accounts)
        services[account] = Service(account, f"label {account}", choices.choice(("exchange", "mixer")))
    clusters = [
        ClusterMember(account, choices.choice(("one", "two")), "co-spend") for account in accounts if maker.chance(40)
    ]
    links = _links(maker, ledger) if ins and maker.chance(maker.wanted.links) else []
    return Question(tuple(claims), tuple(services.values()), tuple(links), tuple(clusters))


def _claims(maker: Maker, ins: list[tuple[str, Leg]]) -> list[Claim]:
    """Several colours, sometimes on one leg and more than it; one colour never claims more than its leg."""
    claims: list[Claim] = []
    for _ in range(maker.choices.randint(1, 4)):
        (entry, leg), colour = maker.choices.choice(ins), maker.choices.choice("abc")
        claimed = sum(c.amount for c in claims if (c.claim, c.entry, c.leg) == (colour, entry, leg.id))
        if not maker.wanted.overlaps:
            claimed = sum(c.amount for c in claims if c.key == (entry, leg.id))
        if claimed < leg.amount:
            left = leg.amount - claimed
            amount = left if maker.chance(40) else maker.choices.randint(1, left)
            claims.append(Claim(colour, entry, leg.id, amount))
    return claims


def _links(maker: Maker, ledger: Ledger) -> list[Link]:
    """Elections anywhere; other links run forward in time (an earlier to-leg has tests of its own)."""
    choices = maker.choices
    legs = [(n, entry, leg) for n, entry in enumerate(ledger) for leg in entry.legs if leg.amount]
    outs = [(entry.id, leg.id) for _, entry, leg in legs if leg.side is Side.OUT]
    ins = [(n, entry, leg) for n, entry, leg in legs if leg.side is Side.IN]
    links: list[Link] = []
    if outs and maker.chance(50):
        links.append(_link(0, LinkKind.ELECTION, choices.choice(outs), ("", ""), None))
    if len(ins) > 1 and maker.chance(70):
        (n, entry, leg), (m, later, other) = choices.choice(ins), choices.choice(ins)
        if entry.time < later.time and n < m:
            kind = choices.choice((LinkKind.COORDINATION, LinkKind.BRIDGE, LinkKind.DISCLOSURE))
            kind = kind if leg.asset == other.asset else LinkKind.SWAP
            cap = choices.choice((None, choices.randint(1, 8)))
            links.append(_link(1, kind, (entry.id, leg.id), (later.id, other.id), cap))
    return links


def _link(n: int, kind: LinkKind, source: LegKey, target: LegKey, amount: int | None) -> Link:
    return Link(f"link{n}", kind, *source, *target, amount, "investigator", "document")


def _parameters(maker: Maker, ledger: Ledger) -> Parameters:
    choices, stops = maker.choices, maker.wanted.stops // 3
    times = [entry.time for entry in ledger if entry.time.precise]
    return Parameters(
        rule=Rule.FIFO,
        granularity=choices.choice(tuple(Granularity)),
        fee_policy=choices.choice(tuple(FeePolicy)),
        order=Order.FILE,
        until=choices.choice(times) if times and maker.chance(stops) else None,
        min_amount=choices.randint(1, 5) if maker.chance(stops) else 0,
        max_hops=choices.randint(0, 3) if maker.chance(stops) else None,
        backward=maker.chance(maker.wanted.backward),
    )


def seeded_case(seed: int, wanted: Wanted = Wanted()) -> Case:
    """The same case for the same seed, on every machine."""
    return make_case(random.Random(seed), wanted)


class Drawn:
    """The same choices drawn by hypothesis, so that it shrinks them."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def randint(self, a: int, b: int, /) -> int:
        return self.draw(st.integers(a, b))

    def choice(self, seq: Sequence[T], /) -> T:
        return seq[self.draw(st.integers(0, len(seq) - 1))]


@st.composite
def cases(draw: st.DrawFn, wanted: Wanted = Wanted()) -> Case:
    """The cases of `make_case`, shrinking."""
    return make_case(Drawn(draw), wanted)
