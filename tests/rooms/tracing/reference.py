"""The tracing rules a second time: slow, in whole numbers and fractions, sharing no code with the engine.

Follows docs/reference/tracing-rules.md section by section. `reference` runs every asset of a ledger at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from tests.rooms.tracing.reference_flow import FEES, OUTSIDE, End, Flow, FlowBuilder, Place, Pot
from tests.rooms.tracing.reference_line import UNITS_MAX
from tests.rooms.tracing.reference_rules import (
    Counts,
    LineRules,
    Number,
    Parcel,
    PoisonRules,
    Rules,
    ShareRules,
)

from recoup.ground import Asset, largest_remainder
from recoup.ledger import Ledger, Order
from recoup.tracing.model import Claim, LegKey, Link, LinkKind, Parameters, Question, Rule

Target = tuple[str, ...]  # ("holding", account, coin), ("stop", account, label, kind), ("fees",), ("left",)
NEVER = 10**9


@dataclass
class Outcome:
    """One asset. `targets` and `injected` count colours in 1/`scale` units; `whole` is what `poison` reaches."""

    asset: Asset
    scale: int
    reach: bool = False
    injected: Counts = field(default_factory=lambda: defaultdict(int))
    targets: dict[Target, Counts] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    whole: dict[Target, int] = field(default_factory=lambda: defaultdict(int))
    balance: dict[Target, int] = field(default_factory=dict)
    arrived: dict[LegKey, Counts] = field(default_factory=dict)
    left_leg: dict[LegKey, Counts] = field(default_factory=dict)

    def add(self, target: Target, counts: Counts, whole: int = 0) -> None:
        if any(counts.values()):
            self.whole[target] += whole
            for colour, amount in counts.items():
                self.targets[target][colour] += amount

    def traced(self, target: Target) -> Number:
        """All colours together; of a reach, the whole amount."""
        return self.whole.get(target, 0) if self.reach else sum(self.targets.get(target, {}).values())

    def shortage(self) -> Number:
        return sum(self.injected.values()) - sum(self.traced(target) for target in self.targets)


@dataclass(frozen=True)
class Sent:
    """What goes on through a link: its lots in order, and the hops behind it."""

    lots: tuple[tuple[str, Number], ...]
    hops: int


class Circle(Exception):
    """Links whose value leads back to themselves."""


class Run:
    """One pass over the flows; `sent` is what later legs sent to earlier ones in the pass before."""

    def __init__(
        self,
        built: FlowBuilder,
        question: Question,
        parameters: Parameters,
        exact: bool,
        sent: dict[str, Sent],
        units: bool | None = None,
    ) -> None:
        self.flows = [flow.reversed() for flow in built.flows[::-1]] if parameters.backward else built.flows
        self.built, self.question, self.parameters = built, question, parameters
        self.colours = list(dict.fromkeys(claim.claim for claim in question.claims))
        self.rules = self._rules(exact, units)
        self.hops: dict[Place, int] = defaultdict(lambda: NEVER)
        self.sent_before, self.sent = sent, dict[str, Sent]()
        self.leg_flow = {end.key: flow for flow in self.flows for end in (*flow.outs, *flow.ins) if end.key}
        self.leg_amount = {end.key: end.amount for flow in self.flows for end in (*flow.outs, *flow.ins) if end.key}
        self.outcomes: dict[Asset, Outcome] = {}
        if parameters.backward:
            for place, amount in built.balances.items():
                self.rules.opened(place, amount)
        for flow in self.flows:
            self._flow(flow)
        self._holdings()

    def _rules(self, exact: bool, units: bool | None) -> Rules:
        if self.parameters.rule is Rule.POISON:
            return PoisonRules()
        if self.parameters.rule in (Rule.HAIRCUT, Rule.LOWEST_INTERMEDIATE):
            return ShareRules(self.parameters, self.colours, exact)
        if units is None:
            units = sum(end.amount for flow in self.flows for end in flow.ins) <= UNITS_MAX
        return LineRules(self.parameters, self.flows, units, set(self._elected()))

    def _elected(self) -> list[LegKey]:
        elections = [link for link in self.question.links if link.kind is LinkKind.ELECTION]
        return [(link.from_entry, link.from_leg) for link in elections]

    def outcome(self, asset: Asset) -> Outcome:
        return self.outcomes.setdefault(asset, Outcome(asset, self.rules.scale, self.parameters.rule is Rule.POISON))

    def _flow(self, flow: Flow) -> None:
        parcels, hops = [], NEVER
        for index, end in enumerate(flow.outs):
            parcel, here = self._paid(flow, index, end)
            if parcel.counts():
                hops = min(hops, here)
            parcels.append(parcel)
        for end, parcel in zip(flow.ins, self.rules.split(flow, parcels), strict=True):
            self._arrive(flow, end, parcel, hops + 1)

    def _paid(self, flow: Flow, index: int, end: End) -> tuple[Parcel, int]:
        place = (flow.asset, end.pot)
        if end.pot.special:
            parcel = self.rules.clean(flow, end.amount)
        else:
            parcel = self.rules.paid(flow, index, end, end.key in self._elected())
        hops = self.hops[place]
        parcel, hops = self._touch(flow, end, parcel, hops)
        if end.key:
            self.outcome(flow.asset).left_leg[end.key] = parcel.counts()
        return parcel, hops

    def _arrive(self, flow: Flow, end: End, parcel: Parcel, hops: int) -> None:
        """§2 colours, §7 links, then §6 stops."""
        parcel, hops = self._touch(flow, end, parcel, hops)
        outcome, counts = self.outcome(flow.asset), parcel.counts()
        if end.key:
            outcome.arrived[end.key] = counts
        if end.pot.special:
            outcome.add(self._ending(flow, end), counts, parcel.size)
            return
        kind = self._stopped(counts, hops, parcel)
        if kind:
            outcome.add(("stop", end.pot.account, "", kind), counts, parcel.size)
            parcel = parcel.washed()
        self.rules.received((flow.asset, end.pot), parcel)
        if parcel.counts():
            self.hops[flow.asset, end.pot] = min(hops, self.hops[flow.asset, end.pot])

    def _ending(self, flow: Flow, end: End) -> Target:
        if self.parameters.backward and end.pot == OUTSIDE:
            return ("stop", flow.outs[0].pot.account, "unseen" if flow.shortfall else flow.entry, "source")
        if end.pot.kind == "service":
            service = self.built.services[end.pot.account]
            return ("stop", end.pot.account, service.label, service.kind)
        return ("fees",) if end.pot == FEES else ("left",)

    def _stopped(self, counts: Counts, hops: int, parcel: Parcel) -> str:
        amount = sum(counts.values()) if self.parameters.rule is not Rule.POISON else parcel.size
        if counts and amount < self.parameters.min_amount * self.rules.scale:
            return "below-minimum"
        limit = self.parameters.max_hops
        return "hop-limit" if counts and limit is not None and hops > limit else ""

    def _touch(self, flow: Flow, end: End, parcel: Parcel, hops: int) -> tuple[Parcel, int]:
        """What claims and links do to a leg's value: claims first, then what comes by links, then what goes by them.

        A named leg is an `in` leg, or an `out` leg that leaves the data. Backward a claimed leg's value passes when the
        reversed flow takes it; a backward trace does not cross links.
        """
        outcome = self.outcome(flow.asset)
        for claim in self.question.claims:
            if claim.key == end.key:
                amount = claim.amount * self.rules.scale
                outcome.injected[claim.claim] += amount
                parcel, done = self._painted(outcome, end, parcel, claim.claim, amount)
                hops = 0 if done else hops
        for link in self.question.links:
            if link.kind is not LinkKind.ELECTION and end.key == (link.to_entry, link.to_leg):
                sent = self.sent.get(link.link) or self.sent_before.get(link.link)
                for colour, arriving in sent.lots if sent else ():
                    if link.kind is LinkKind.SWAP:
                        outcome.injected[colour] += arriving
                    parcel, done = self._painted(outcome, end, parcel, colour, arriving)
                    hops = min(hops, sent.hops + 1) if sent and done else hops
        for link in self.question.links:
            if link.kind is not LinkKind.ELECTION and end.key == (link.from_entry, link.from_leg):
                parcel = self._send(link, flow, end, parcel, hops)
        return parcel, hops

    def _painted(
        self, outcome: Outcome, end: End, parcel: Parcel, colour: str, amount: Number
    ) -> tuple[Parcel, Number]:
        parcel, done = parcel.painted(colour, amount)
        outcome.add(("stop", end.pot.account, "", "senior-claim"), {colour: amount - done}, parcel.size)
        return parcel, done

    def _send(self, link: Link, flow: Flow, end: End, parcel: Parcel, hops: int) -> Parcel:
        """§7: up to the link's amount, to-leg's amount at most; `swap` at the ratio of the legs, floor per colour."""
        to = (link.to_entry, link.to_leg)
        if to not in self.leg_flow:
            return parcel
        caps = [] if link.amount is None else [link.amount]
        caps += [] if link.kind is LinkKind.SWAP else [self.leg_amount[to]]
        lots, parcel = parcel.taken(min(caps) * self.rules.scale if caps else None)
        if link.kind is LinkKind.SWAP:
            lots = self._swapped(link, flow, end, lots)
        if any(amount for _, amount in lots):
            self.sent[link.link] = Sent(tuple(lots), hops)
        return parcel

    def _swapped(self, link: Link, flow: Flow, end: End, lots: list[tuple[str, Number]]) -> list[tuple[str, Number]]:
        """Whole units of the other asset, so that its claims' sums are exact; what is floored away is nobody's."""
        unit = self.rules.scale
        given, got = end.amount, self.leg_amount[link.to_entry, link.to_leg]
        if self.parameters.rule is Rule.POISON:
            return [(colour, got) for colour, _ in lots]
        by: Counts = dict.fromkeys(self.colours, 0)
        for colour, amount in lots:
            by[colour] += amount
        label = f"{link.link}: to {self.leg_flow[link.to_entry, link.to_leg].asset.code}"
        self.outcome(flow.asset).add(("stop", end.account, label, "link"), by)
        return [(colour, amount * got // (given * unit) * unit) for colour, amount in by.items()]

    def _holdings(self) -> None:
        for (asset, pot), balance in self.built.balances.items():
            balance = 0 if self.parameters.backward else balance
            target, counts = ("holding", pot.account, pot.coin), self.rules.held((asset, pot))
            if self.parameters.rule is Rule.POISON:
                counts = dict.fromkeys(counts, balance)
            outcome = self.outcome(asset)
            outcome.add(target, counts, balance)
            outcome.balance[target] = outcome.balance.get(target, 0) + balance


def reference(
    ledger: Ledger, question: Question, parameters: Parameters, *, exact: bool = False, units: bool | None = None
) -> dict[Asset, Outcome]:
    """Every asset that a claim names (or a swap reaches), by first appearance in the ledger."""
    built = FlowBuilder(ledger, question, parameters)
    if parameters.rule is Rule.PARI_PASSU:
        outcomes = {asset: pari_passu(built, question, asset) for asset in ledger.assets}
    else:
        sent: dict[str, Sent] = {}
        for _ in range(len(question.links) + 2):
            run = Run(built, question, parameters, exact, sent, units)
            if run.sent == sent:
                break
            sent = run.sent
        else:
            raise Circle
        outcomes = run.outcomes
    asset_of = {(entry.id, leg.id): leg.asset for entry, leg in ledger.legs()}
    reached = {asset_of[claim.key] for claim in question.claims}
    for _ in question.links:  # a swap brings its other asset in
        for link in question.links:
            if link.kind is LinkKind.SWAP and asset_of[link.from_entry, link.from_leg] in reached:
                reached.add(asset_of[link.to_entry, link.to_leg])
    return {asset: outcomes.get(asset, Outcome(asset, 1)) for asset in ledger.assets if asset in reached}


def pari_passu(built: FlowBuilder, question: Question, asset: Asset) -> Outcome:
    """§5, Framjee: each claimed account's final balance is shared by everything that ever came in."""
    outcome = Outcome(asset, 1)
    colours = list(dict.fromkeys(claim.claim for claim in question.claims))
    contributed: dict[Pot, Counts] = defaultdict(lambda: dict.fromkeys([*colours, ""], 0))
    for flow in built.flows:
        if flow.asset == asset and not flow.shortfall:
            for end in flow.ins:
                by = _contribution(outcome, end, question.claims)
                if end.pot.kind == "service":
                    service = built.services[end.pot.account]
                    outcome.add(("stop", end.pot.account, service.label, service.kind), by, end.amount)
                elif end.pot not in (OUTSIDE, FEES):
                    for colour, amount in (by | {"": end.amount - sum(by.values())}).items():
                        contributed[end.pot][colour] += amount
    for pot, by in contributed.items():
        claimed = [colour for colour in colours if by[colour]]
        balance, target = built.balances[asset, pot], ("holding", pot.account, pot.coin)
        shares = largest_remainder(balance, [int(by[colour]) for colour in [*claimed, ""]])
        held = dict(zip(claimed, shares, strict=False))
        outcome.add(target, dict(held), balance)
        outcome.balance[target] = outcome.balance.get(target, 0) + balance if claimed else balance
        outcome.add(("left",), {colour: by[colour] - held[colour] for colour in claimed})
    return outcome


def _contribution(outcome: Outcome, end: End, claims: tuple[Claim, ...]) -> Counts:
    by: Counts = {}
    left = end.amount
    for claim in claims:
        if claim.key == end.key:
            done = min(claim.amount, left)
            left -= done
            outcome.injected[claim.claim] += claim.amount
            by[claim.claim] = by.get(claim.claim, 0) + done
            outcome.add(("stop", end.pot.account, "", "senior-claim"), {claim.claim: claim.amount - done})
    return by


Spans = dict[Asset, dict[Target, tuple[Number, Number]]]


def reference_in_all_orders(
    ledger: Ledger, question: Question, parameters: Parameters
) -> tuple[dict[Asset, Outcome], Spans]:
    """§9: the declared run, and the least and the most of each target over the six orders, in 1/scale units."""
    declared = reference(ledger, question, parameters)
    unproven = FlowBuilder(ledger, question, parameters).ordering.unproven
    others = [order for order in Order if order is not parameters.order] if unproven else []
    runs = [declared, *(reference(ledger, question, replace(parameters, order=order)) for order in others)]
    spans: Spans = {}
    for asset in declared:
        targets = {target for run in runs for target in run[asset].targets}
        traced = {target: [run[asset].traced(target) for run in runs] for target in targets}
        spans[asset] = {target: (min(amounts), max(amounts)) for target, amounts in traced.items()}
    return declared, spans
