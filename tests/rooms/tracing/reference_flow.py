"""From a ledger to balanced flows, a second time (docs/reference/tracing-rules.md §1 and §8)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from recoup.ground import Asset
from recoup.ledger import FROM_OUTSIDE, TO_OUTSIDE, Entry, Kind, Ledger, Leg, Side, ordered
from recoup.tracing.model import FeePolicy, Granularity, LegKey, Parameters, Question, Rule, Service


class Pot(NamedTuple):
    kind: str  # coin, account, cluster, service, outside, fees
    account: str = ""
    coin: str = ""
    ledger: str = ""

    @property
    def special(self) -> bool:
        return self.kind in ("service", "outside", "fees")


OUTSIDE, FEES = Pot("outside"), Pot("fees")
Place = tuple[Asset, Pot]


@dataclass(frozen=True)
class End:
    """One side of a flow at one pot. `key` names the leg; the account is the leg's own."""

    pot: Pot
    amount: int
    account: str = ""
    key: LegKey | None = None


@dataclass(frozen=True)
class Flow:
    entry: str
    asset: Asset
    outs: tuple[End, ...]
    ins: tuple[End, ...]
    coins: bool = False  # whole coins: shares are kept without guard bits
    shortfall: bool = False

    def reversed(self) -> Flow:
        return replace(self, outs=self.ins[::-1], ins=self.outs[::-1])


def used_granularity(parameters: Parameters) -> Granularity:
    """§4: lowest-intermediate is not defined for coins; §5: pari-passu speaks of accounts."""
    on_accounts = parameters.rule in (Rule.LOWEST_INTERMEDIATE, Rule.PARI_PASSU)
    if on_accounts and parameters.granularity is Granularity.COIN:
        return Granularity.ACCOUNT
    return parameters.granularity


class FlowBuilder:
    """The `flows` of every asset of a ledger in their order, and the `balances` when the data ends."""

    def __init__(self, ledger: Ledger, question: Question, parameters: Parameters) -> None:
        until = parameters.until
        kept = [entry for entry in ledger if until is None or entry.time.start <= until.end]
        self.ledger = Ledger(tuple(kept))
        self.parameters = parameters
        self.granularity = used_granularity(parameters)
        self.coin_ledgers = ledger.coin_ledgers
        clusters = {same(member.account): member.cluster for member in question.clusters}
        self.cluster = clusters if self.granularity is Granularity.CLUSTER else {}
        self.services: dict[str, Service] = {}  # a cluster that holds a service account is that service
        for service in question.services:
            self.services.setdefault(self.cluster.get(same(service.account), same(service.account)), service)
        self.named = {claim.key for claim in question.claims}
        self.named |= {(link.from_entry, link.from_leg) for link in question.links}
        self.named |= {(link.to_entry, link.to_leg) for link in question.links}
        self.created = {
            entry.coin(leg): self._pot(entry, leg.account, entry.coin(leg))
            for entry, leg in self.ledger.legs()
            if leg.side is Side.IN and entry.ledger in self.coin_ledgers
        }
        self.flows: list[Flow] = []
        self.ordering = ordered(self.ledger, parameters.order)
        for entry in self.ordering.entries:
            for asset in dict.fromkeys(leg.asset for leg in entry.legs):
                self._entry(entry, asset, [leg for leg in entry.legs if leg.asset == asset])
        self.flows, self.balances = self._with_shortfalls(self.flows)

    def _entry(self, entry: Entry, asset: Asset, legs: list[Leg]) -> None:
        coins = entry.ledger in self.coin_ledgers
        for group in [legs] if coins else groups(legs):
            own = [leg for leg in group if self._own_flow(leg, coins)]
            for leg in own:
                if leg.side is Side.IN:
                    self._add(entry, asset, [End(OUTSIDE, leg.amount)], [self._end(entry, leg)])
            rest = [(leg.side, self._end(entry, leg)) for leg in group if leg not in own]
            self._rest(entry, asset, rest)
            for pot, fee in ((OUTSIDE, False), (FEES, True)):
                for leg in own:
                    if leg.side is Side.OUT and (leg.kind is Kind.FEE) == fee:
                        self._add(entry, asset, [self._end(entry, leg)], [End(pot, leg.amount)])

    def _own_flow(self, leg: Leg, coins: bool) -> bool:
        return own_flow(leg) and not (coins and leg.kind is Kind.FEE)

    def _rest(self, entry: Entry, asset: Asset, rest: list[tuple[Side, End]]) -> None:
        outs = [end for side, end in rest if side is Side.OUT]
        ins = [end for side, end in rest if side is Side.IN]
        difference = total(outs) - total(ins)
        if not ins or not outs:
            for end in outs:
                self._add(entry, asset, [end], [End(OUTSIDE, end.amount)])
            for end in ins:
                self._add(entry, asset, [End(OUTSIDE, end.amount)], [end])
            return
        if difference > 0:
            fee = [End(FEES, difference)]
            ins = fee + ins if self.parameters.fee_policy is FeePolicy.FIRST else ins + fee
        elif difference < 0:
            outs.append(End(OUTSIDE, -difference))
        if self.granularity is not Granularity.COIN or entry.ledger not in self.coin_ledgers:
            for pot in dict.fromkeys(end.pot for end in outs if end.pot not in (OUTSIDE, FEES)):
                outs, ins = self._without_change(pot, outs, ins)
        self._add(entry, asset, outs, ins)

    def _without_change(self, pot: Pot, outs: list[End], ins: list[End]) -> tuple[list[End], list[End]]:
        paid = total([end for end in outs if end.pot == pot and end.key not in self.named])
        back = total([end for end in ins if end.pot == pot and end.key not in self.named])
        cut = min(paid, back)
        return self._reduced(pot, cut, outs[::-1])[::-1], self._reduced(pot, cut, ins)

    def _reduced(self, pot: Pot, cut: int, ends: list[End]) -> list[End]:
        reduced = []
        for end in ends:
            here = min(cut, end.amount) if end.pot == pot and end.key not in self.named else 0
            reduced.append(replace(end, amount=end.amount - here))
            cut -= here
        return reduced

    def _add(self, entry: Entry, asset: Asset, outs: list[End], ins: list[End]) -> None:
        outs, ins = [end for end in outs if end.amount], [end for end in ins if end.amount]
        coins = entry.ledger in self.coin_ledgers and self.granularity is Granularity.COIN
        if outs:
            self.flows.append(Flow(entry.id, asset, tuple(outs), tuple(ins), coins))

    def _end(self, entry: Entry, leg: Leg) -> End:
        coins = entry.ledger in self.coin_ledgers
        pot = self._pot(entry, leg.account, entry.coin(leg))
        if coins and leg.side is Side.OUT:
            unknown = Pot("coin", same(leg.account), f"unknown {entry.id}:{leg.id}")  # arrives unseen, see below
            pot = self.created.get(leg.spends, unknown)
        return End(pot, leg.amount, leg.account, (entry.id, leg.id))

    def _pot(self, entry: Entry, account: str, coin: str) -> Pot:
        account = same(account)
        if self.cluster.get(account, account) in self.services:
            return Pot("service", self.cluster.get(account, account))
        if account in self.cluster:
            return Pot("cluster", self.cluster[account])
        if self.granularity is Granularity.COIN and entry.ledger in self.coin_ledgers:
            return Pot("coin", account, coin)
        return Pot("account", account, "", entry.ledger)

    def _with_shortfalls(self, flows: list[Flow]) -> tuple[list[Flow], dict[Place, int]]:
        """What a pot pays and does not hold arrived unseen, as a flow of its own just before; unknown coins do, too."""
        balances: dict[Place, int] = defaultdict(int)
        complete: list[Flow] = []
        for flow in flows:
            for pot in dict.fromkeys(end.pot for end in flow.outs if not end.pot.special):
                paid, place = total([end for end in flow.outs if end.pot == pot]), (flow.asset, pot)
                missing = max(0, paid - balances[place])
                if missing:
                    unseen = (End(OUTSIDE, missing),), (End(pot, missing, pot.account),)
                    complete.append(Flow(flow.entry, flow.asset, *unseen, flow.coins, shortfall=True))
                balances[place] += missing - paid
            for end in flow.ins:
                balances[flow.asset, end.pot] += end.amount
            complete.append(flow)
        return complete, {place: balance for place, balance in balances.items() if not place[1].special}


def same(account: str) -> str:
    """§1: an Ethereum-style address is one account whatever its case."""
    return account.lower() if re.fullmatch(r"0x[0-9a-fA-F]{40}", account) else account


def total(ends: list[End]) -> int:
    return sum(end.amount for end in ends)


def own_flow(leg: Leg) -> bool:
    """§1.2: a leg that is a flow of its own and no part of its group."""
    arrives, leaves = leg.kind in FROM_OUTSIDE, leg.kind in TO_OUTSIDE or leg.kind is Kind.FEE
    return arrives if leg.side is Side.IN else leaves


def groups(legs: list[Leg]) -> list[list[Leg]]:
    """§1.1: a group ends before an `out` leg when it already holds an `in` leg and its ins cover its outs."""
    found: list[list[Leg]] = [[]]
    for leg in legs:
        ins = [other.amount for other in found[-1] if other.side is Side.IN and not own_flow(other)]
        outs = [other.amount for other in found[-1] if other.side is Side.OUT and not own_flow(other)]
        if leg.side is Side.OUT and not own_flow(leg) and ins and sum(ins) >= sum(outs):
            found.append([])
        found[-1].append(leg)
    return found
