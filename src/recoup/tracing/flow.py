"""From a ledger to balanced flows between pots (`docs/reference/tracing-rules.md` §1)."""

from __future__ import annotations

from collections.abc import Iterator

from recoup.ground import Asset
from recoup.ledger import Entry, Kind, Ledger, Leg, Ordering
from recoup.tracing.book import FEES, OUTSIDE, Book, Flow, Item, Pot, identity
from recoup.tracing.groups import Part, groups, part_of
from recoup.tracing.model import FeePolicy, Gap, Granularity, LegKey, LinkKind, Parameters, Question


def build(ledger: Ledger, ordering: Ordering, asset: Asset, question: Question, parameters: Parameters) -> Book:
    """The book of one asset over the ordered entries of the ledger."""
    coins = any(leg.asset == asset and entry.ledger in ledger.coin_ledgers for entry, leg in ledger.legs())
    granularity = parameters.granularity
    if granularity is Granularity.COIN and not coins:
        granularity = Granularity.ACCOUNT
    elected = frozenset((link.from_entry, link.from_leg) for link in question.links if link.kind is LinkKind.ELECTION)
    builder = _Builder(Book(asset, granularity, ordering.entries, elected=elected), ledger, question, parameters)
    for number, entry in enumerate(ordering.entries):
        builder.add(number, entry)
    builder.book.unproven_groups = len(ordering.unproven)
    return builder.book


class _Builder:
    def __init__(self, book: Book, ledger: Ledger, question: Question, parameters: Parameters) -> None:
        self.book = book
        self.coin_ledgers = ledger.coin_ledgers
        self.by_coin = book.granularity is Granularity.COIN
        self.fee_first = parameters.fee_policy is FeePolicy.FIRST
        self.services = {identity(service.account): service for service in question.services}
        self.cluster_of = self._clusters(question) if book.granularity is Granularity.CLUSTER else {}
        self.named: frozenset[LegKey] = frozenset(
            [claim.key for claim in question.claims]
            + [(link.from_entry, link.from_leg) for link in question.links]
            + [(link.to_entry, link.to_leg) for link in question.links]
        )
        self.numbers: dict[tuple[str, str], int] = {}
        self.created: set[tuple[str, str]] = set()  # coins whose creation is in the data

    def _clusters(self, question: Question) -> dict[str, str]:
        """Cluster by account; a cluster with a service account is that service."""
        cluster_of = {identity(member.account): member.cluster for member in question.clusters}
        for account, service in list(self.services.items()):
            if account in cluster_of:
                self.services.setdefault(cluster_of[account], service)
        return cluster_of

    def add(self, number: int, entry: Entry) -> None:
        legs = [leg for leg in entry.legs if leg.asset == self.book.asset]
        is_coin = entry.ledger in self.coin_ledgers
        for group in [legs] if is_coin else groups(legs):
            flows = self._flows(number, entry, group, is_coin)
            self.book.flows.extend(flow for flow in flows if flow.outs and flow.outs[0].amount)

    def _flows(self, number: int, entry: Entry, group: list[Leg], is_coin: bool) -> Iterator[Flow]:
        parts: tuple[list[Leg], ...] = tuple([] for _ in Part)
        for leg in group:
            parts[part_of(leg, is_coin)].append(leg)
        arriving, outs, ins, burned, fees = parts
        yield from (self._from_outside(number, entry, leg) for leg in arriving)
        yield from self._ordinary(number, entry, outs, ins)
        yield from (self._one_sided(number, entry, leg, OUTSIDE) for leg in burned)
        yield from (self._one_sided(number, entry, leg, FEES) for leg in fees)

    def _ordinary(self, number: int, entry: Entry, outs: list[Leg], ins: list[Leg]) -> Iterator[Flow]:
        if not ins:
            yield from (self._one_sided(number, entry, leg, OUTSIDE) for leg in outs)
        elif not outs:
            yield from (self._from_outside(number, entry, leg) for leg in ins)
        else:
            paying, receiving = [self._out(entry, leg) for leg in outs], [self._in(entry, leg) for leg in ins]
            yield self._balanced(number, entry, paying, receiving)

    def _balanced(self, number: int, entry: Entry, outs: list[Item], ins: list[Item]) -> Flow:
        fee = sum(item.amount for item in outs) - sum(item.amount for item in ins)
        if self.book.granularity is not Granularity.COIN:
            _take_off_self_change(outs, ins, self.named)
        if fee < 0:
            self.book.violations.append(f"entry {entry.id}: {-fee} {self.book.asset.code} more arrives than leaves")
            outs.append(Item(OUTSIDE, -fee))
        elif fee > 0:
            ins.insert(0 if self.fee_first else len(ins), Item(FEES, fee))
        return Flow(number, _moving(outs), _moving(ins))

    def _from_outside(self, number: int, entry: Entry, leg: Leg) -> Flow:
        item = self._in(entry, leg)
        if leg.kind is Kind.OPENING:
            text = f"where {leg.account} had this value from is not in the data"
            gap = Gap("history-not-in-data", entry.id, leg.account, leg.amount, text)
            self.book.gaps.setdefault(item.pot, gap)
        return Flow(number, (Item(OUTSIDE, leg.amount),), (item,))

    def _one_sided(self, number: int, entry: Entry, leg: Leg, sink: int) -> Flow:
        out = self._out(entry, leg)
        return Flow(number, (out,), (Item(sink, leg.amount, out.leg),))

    def _in(self, entry: Entry, leg: Leg) -> Item:
        coin = ""
        if entry.ledger in self.coin_ledgers:
            self.created.add((entry.ledger, entry.coin(leg)))
            coin = entry.coin(leg) if self.by_coin else ""
        return Item(self._pot(entry.ledger, leg.account, coin), leg.amount, (entry.id, leg.id))

    def _out(self, entry: Entry, leg: Leg) -> Item:
        key = (entry.id, leg.id)
        if entry.ledger not in self.coin_ledgers:
            return Item(self._pot(entry.ledger, leg.account, ""), leg.amount, key)
        if (entry.ledger, leg.spends) in self.created:
            return Item(self._pot(entry.ledger, leg.account, leg.spends if self.by_coin else ""), leg.amount, key)
        pot = len(self.book.pots)  # of the coin alone: its account never received it in the data
        self.book.pots.append(Pot(leg.account, leg.spends))
        text = f"where the coin that {leg.account} spends came from is not in the data"
        self.book.gaps[pot] = Gap("spent-coin-not-in-data", entry.id, leg.account, leg.amount, text)
        return Item(pot, leg.amount, key)

    def _pot(self, ledger: str, account: str, coin: str) -> int:
        known = identity(account)
        cluster = self.cluster_of.get(known)
        key = ("", cluster) if cluster else (ledger, coin or known)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.book.pots)
            service = self.services.get(cluster or known)
            self.book.pots.append(Pot(cluster or account, coin, service))
        return number


def _moving(items: list[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.amount)


def _take_off_self_change(outs: list[Item], ins: list[Item], named: frozenset[LegKey]) -> None:
    """Value that returns to a paying pot never left it: take the smaller sum off both sides."""
    receiving = {item.pot for item in ins}
    for pot in dict.fromkeys(item.pot for item in outs if item.pot in receiving):
        paying = [item for item in outs if item.pot == pot and item.leg not in named]
        returning = [item for item in ins if item.pot == pot and item.leg not in named]
        stays = min(sum(item.amount for item in paying), sum(item.amount for item in returning))
        _take_off(reversed(paying), stays)
        _take_off(iter(returning), stays)


def _take_off(items: Iterator[Item], amount: int) -> None:
    for item in items:
        off = min(item.amount, amount)
        item.amount -= off
        amount -= off
