"""The engine: flows in order through one rule's machine, with every stop, link and step on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recoup.tracing.book import FEES, OUTSIDE, Book, Flow, Item
from recoup.tracing.machine import Colour, Grains, Machine, merged
from recoup.tracing.model import Claim, Gap, LegKey, LinkKind, Move, Parameters, Question, Rule, Shares, Step
from recoup.tracing.outcome import (
    BELOW_MINIMUM,
    CLAIMED,
    HOP_LIMIT,
    SOURCE,
    Carried,
    Outcome,
    senior_claim,
)
from recoup.tracing.poison import Poison
from recoup.tracing.queues import Fifo, Lifo, TaintedFirst
from recoup.tracing.shares import Haircut, LowestIntermediate
from recoup.tracing.tiho import Tiho

MACHINES: Mapping[Rule, type[Machine[Any]]] = {
    Rule.POISON: Poison,
    Rule.HAIRCUT: Haircut,
    Rule.FIFO: Fifo,
    Rule.LIFO: Lifo,
    Rule.TIHO: Tiho,
    Rule.TAINTED_FIRST: TaintedFirst,
    Rule.LOWEST_INTERMEDIATE: LowestIntermediate,
}


def colours_of(claims: tuple[Claim, ...]) -> dict[str, Colour]:
    """Colour by claim name, from 1, in the order of the claims."""
    return {name: number for number, name in enumerate(dict.fromkeys(claim.claim for claim in claims), start=1)}


class Engine:
    """One run of one rule over one book. `keep_steps` records each flow that moves traced value."""

    def __init__(
        self, book: Book, question: Question, parameters: Parameters, carried: Carried, *, keep_steps: bool = False
    ) -> None:
        self.book = book
        self.parameters = parameters
        self.carried = carried
        self.keep_steps = keep_steps
        self.machine: Machine[Any] = MACHINES[parameters.rule](book, parameters)
        self.scale = self.machine.guard_bits
        self.colours = colours_of(question.claims)
        self.names = {number: name for name, number in self.colours.items()}
        self.claims = _by_key((claim.key, claim) for claim in question.claims)
        self.links_from = _by_key(((link.from_entry, link.from_leg), link) for link in question.links)
        self.links_to = _by_key(((link.to_entry, link.to_leg), link) for link in question.links)
        self.hops: dict[int, int] = {}
        self.done = Outcome(self.machine)

    def run(self) -> Outcome:
        """Every flow in order, once."""
        if self.parameters.backward:
            self._run_backward()
        else:
            self._run_forward()
        return self.done

    def _run_forward(self) -> None:
        for flow in self.book.flows:
            entering = any(item.leg in self.claims or item.leg in self.links_to for item in flow.ins)
            if entering or any(self.machine.coloured(item.pot) for item in flow.outs):
                shortfall = self._unseen(flow)
                paid = [self.machine.pay(item.pot, item) for item in flow.outs]
                self._pass_on(flow, paid, self._hops(flow, paid), shortfall)
            else:
                self.machine.plain(flow.outs, flow.ins)

    def _run_backward(self) -> None:
        for flow in self.book.flows:
            named = any(item.leg in self.claims for item in flow.outs)
            if named or any(self.machine.coloured(item.pot) for item in flow.outs):
                held = [self.machine.pay(item.pot, item) for item in flow.outs]
                hops = self._hops(flow, held)
                paid = []
                for item, own in zip(flow.outs, held, strict=True):
                    portion, entered = self._claimed(item, own)
                    paid.append(portion)
                    hops += [CLAIMED + 1] if entered else []  # the flow of the target's own leg counts
                self._pass_on(flow, paid, hops, 0)
            else:
                self.machine.plain(flow.outs, flow.ins)

    def _pass_on(self, flow: Flow, paid: list[Any], hops: list[int], shortfall: int) -> None:
        self.done.gaps.update(
            (item.pot, self.book.gaps[item.pot]) for item in flow.outs + flow.ins if item.pot in self.book.gaps
        )
        portions = self.machine.split(paid, flow.ins)
        arrived = []
        for item, portion in zip(flow.ins, portions, strict=True):
            since = list(hops)
            if not self.parameters.backward:
                portion, entered = self._claimed(item, portion)
                since += [CLAIMED] if entered else []
                portion = self._linked(item, portion, since)
            least = min(since, default=CLAIMED)
            arrived.append(self._captured(item, portion, least))
            self._settle(flow, item, arrived[-1], least)
        if self.keep_steps and any(self.machine.total(portion) for portion in [*paid, *arrived]):
            self.done.steps.append(self._step(flow, paid, arrived, shortfall))

    def _claimed(self, item: Item, portion: Any) -> tuple[Any, bool]:
        """Colour the portion for each claim on its leg; what an earlier claim holds stops. Also whether any entered."""
        entered = False
        for claim in self.claims.get(item.leg, ()):
            colour, grains = self.colours[claim.claim], claim.amount << self.scale
            self.done.injected[colour] = self.done.injected.get(colour, 0) + grains
            portion, senior = self.machine.colour(portion, colour, grains)
            if senior:
                self.done.stop(senior_claim(self.book.pots[item.pot].account), {colour: senior})
            entered |= senior < grains
        return portion, entered

    def _linked(self, item: Item, portion: Any, since: list[int]) -> Any:
        """Colour the portion with what links carry to its leg; a link counts as one flow."""
        for link in self.links_to.get(item.leg, ()):
            if link.link in self.carried.hops:
                since.append(self.carried.hops[link.link] + 1)
            for colour, grains in self.carried.by_link.get(link.link, {}).items():
                portion, senior = self.machine.colour(portion, colour, grains)
                if senior:
                    self.done.stop(senior_claim(self.book.pots[item.pot].account), {colour: senior})
        return portion

    def _captured(self, item: Item, portion: Any, hops: int) -> Any:
        """Take off the portion what links carry away from its leg."""
        for link in self.links_from.get(item.leg, ()):
            if link.kind is not LinkKind.ELECTION:
                limit = None if link.amount is None else link.amount << self.scale
                portion, taken = self.machine.carry_off(portion, limit)
                if taken:
                    self.done.captured[link.link] = merged(self.done.captured.get(link.link, {}), taken)
                    self.done.captured_hops[link.link] = hops
        return portion

    def _settle(self, flow: Flow, item: Item, portion: Any, hops: int) -> None:
        pot, total = self.book.pots[item.pot], self.machine.total(portion)
        limit = self.parameters.max_hops
        if item.pot == OUTSIDE:
            self._leave(flow, portion, total)
        elif item.pot == FEES:
            self.done.fees.add(self.machine.grains(portion), total)
        elif pot.service:
            self.done.stop((pot.account, pot.service.label, pot.service.kind), self.machine.grains(portion), total)
        elif 0 < total < self.parameters.min_amount << self.scale:
            self._stop_here(item, portion, BELOW_MINIMUM)
        elif total and limit is not None and hops > limit:
            self._stop_here(item, portion, HOP_LIMIT)
        else:
            self.machine.receive(item.pot, portion)
            if total:
                self.hops[item.pot] = min(hops, self.hops.get(item.pot, hops))

    def _leave(self, flow: Flow, portion: Any, total: int) -> None:
        if self.parameters.backward:
            account = self.book.pots[flow.outs[0].pot].account
            label = "unseen" if flow.unseen else self.book.entries[flow.entry].id
            self.done.stop((account, label, SOURCE), self.machine.grains(portion), total)
        else:
            self.done.left.add(self.machine.grains(portion), total)

    def _stop_here(self, item: Item, portion: Any, kind: str) -> None:
        """Stop the coloured value; the pot receives the amount as clean."""
        total = self.machine.total(portion)
        bare, taken = self.machine.uncolour(portion, None)
        self.done.stop((self.book.pots[item.pot].account, "", kind), taken, total)
        self.machine.receive(item.pot, bare)

    def _hops(self, flow: Flow, paid: list[Any]) -> list[int]:
        """Flows since the claim, for each pot that pays coloured value into this flow."""
        pairs = zip(flow.outs, paid, strict=True)
        return [self.hops[item.pot] + 1 for item, portion in pairs if self.machine.total(portion)]

    def _unseen(self, flow: Flow) -> int:
        """Book what the flow's coloured accounts pay without having received it in the data: it arrived unseen."""
        missing = 0
        for pot in dict.fromkeys(item.pot for item in flow.outs):
            if self.machine.coloured(pot):
                paid = sum(item.amount for item in flow.outs if item.pot == pot)
                missing += self._short(flow, pot, paid - self.machine.balance[pot])
        return missing

    def _short(self, flow: Flow, pot: int, missing: int) -> int:
        if missing <= 0:
            return 0
        account, entry = self.book.pots[pot].account, self.book.entries[flow.entry].id
        self.machine.receive(pot, self.machine.clean(missing))
        text = f"{account} pays more than the data shows it received; the rest is counted as clean"
        self.done.shortfalls.append(Gap("balance-below-zero", entry, account, missing, text))
        return missing

    def _step(self, flow: Flow, paid: list[Any], arrived: list[Any], shortfall: int) -> Step:
        entry = self.book.entries[flow.entry]
        outs = tuple(self._move(item, portion) for item, portion in zip(flow.outs, paid, strict=True))
        ins = [(item, self._move(item, portion)) for item, portion in zip(flow.ins, arrived, strict=True)]
        fee = next((move for item, move in ins if item.pot == FEES), None)
        return Step(entry.id, str(entry.time), outs, tuple(m for i, m in ins if i.pot != FEES), fee, shortfall)

    def _move(self, item: Item, portion: Any) -> Move:
        pot = self.book.pots[item.pot]
        return Move(pot.account, pot.coin, item.amount, self.whole(self.machine.grains(portion)))

    def whole(self, by_colour: Grains) -> Shares:
        """Whole units by claim name, each rounded down: for the eye."""
        units = {self.names[colour]: grains >> self.scale for colour, grains in by_colour.items()}
        return {name: amount for name, amount in units.items() if amount}


def _by_key(pairs: Any) -> dict[LegKey, tuple[Any, ...]]:
    found: dict[LegKey, tuple[Any, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
