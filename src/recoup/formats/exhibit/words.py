"""The arithmetic of one step in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from recoup.formats.exhibit.figures import bare, brief, money
from recoup.formats.exhibit.markup import Child, Markup, joined, number, tag
from recoup.formats.exhibit.model import noise
from recoup.formats.exhibit.phrases import Phrases
from recoup.tracing import FeePolicy, Granularity, Move, Result, Rule, Shares, Step

LEGS_SHOWN_MAX = 12
CLAIMS_NAMED_MAX = 6
CLEAN_RUN = 3

Served = tuple[Move, int]  # a payee, and the sum of what was served before it

_FROM_THE_FRONT = frozenset({Rule.FIFO, Rule.TAINTED_FIRST})


@dataclass(frozen=True)
class StepWords:
    """Sentences about one step of one result."""

    result: Result
    step: Step
    phrases: Phrases

    @property
    def rule(self) -> Rule:
        return self.result.parameters.rule

    @property
    def by_coin(self) -> bool:
        return self.result.granularity is Granularity.COIN

    @property
    def total(self) -> int:
        return sum(move.amount for move in self.step.outs)

    @property
    def traced_in(self) -> int:
        return sum(map(traced, self.step.outs))

    def heading(self) -> Markup:
        message = "steps.transaction" if self.by_coin else "steps.movement"
        return self.phrases.say(message, entry=tag("bdi", self.step.entry, dir="ltr", class_="id"))

    def opening(self) -> list[Markup]:
        """What the step spends, and what enters or is missing."""
        said = []
        if self.traced_in:
            message = "steps.spends"
            said.append(self.phrases.say(message, total=self._money(self.total), what=self._what(self._joint())))
        elif all(move.account == "outside" for move in self.step.outs):
            said.append(self.phrases.say("steps.arrives", total=self._money(self.total)))
        for claim, amount in self._entering().items():
            said.append(self.phrases.say("steps.enters", amount=self._money(amount), claim=claim))
        if self.step.shortfall:
            said.append(self.phrases.say("steps.shortfall", amount=self._money(self.step.shortfall)))
        if len(self.step.outs) > 1 and self.traced_in and self._in_line():
            said.append(self.phrases.say("steps.line", parts=self._list(self._line())))
        return said

    def takes(self) -> list[Markup]:
        """One sentence for each payee and the fee, in the order in which the rule serves them."""
        runs = _runs(list(self._served()))
        said = [self._take(*run[0]) if len(run) == 1 else self._clean_run(run) for run in runs[:LEGS_SHOWN_MAX]]
        hidden = sum(map(len, runs[LEGS_SHOWN_MAX:]))
        if hidden > 0:
            table = tag("bdi", "results/steps.csv", dir="ltr", class_="id")
            said.append(self.phrases.say("steps.legs_cut", count=f"{hidden:,}", file=table))
        return said

    def check(self) -> Markup:
        """Traced value in and out; a reach has no such sum."""
        entering = sum(self._entering().values())
        fee = traced(self.step.fee) if self.step.fee else 0
        outgoing = sum(map(traced, self.step.ins)) + fee
        incoming = self._money(self.traced_in + entering)
        return self.phrases.say("steps.sum", incoming=incoming, outgoing=self._money(outgoing))

    def _line(self) -> list[Markup]:
        runs = _runs([(move, 0) for move in self.step.outs])
        parts = []
        for run in runs[:LEGS_SHOWN_MAX]:
            amount = self._figure(sum(move.amount for move, _ in run))
            many = self.phrases.say("steps.clean_run", count=number(f"{len(run):,}"), amount=amount)
            parts.append(self._line_part(run[0][0]) if len(run) == 1 else many)
        return [*parts, Markup("…")] if len(runs) > LEGS_SHOWN_MAX else parts

    def _clean_run(self, run: list[Served]) -> Markup:
        amount = self._figure(sum(move.amount for move, _ in run))
        return self.phrases.say("steps.clean_payees", count=number(f"{len(run):,}"), amount=amount)

    def _served(self) -> Iterator[Served]:
        """Each payee with the sum of what was served before it."""
        fee = [self.step.fee] if self.step.fee else []
        first = self.result.parameters.fee_policy is FeePolicy.FIRST
        before = 0
        for move in [*fee, *self.step.ins] if first else [*self.step.ins, *fee]:
            yield move, before
            before += move.amount

    def _in_line(self) -> bool:
        """Whether payees take from a line whose places can be counted."""
        front = self.rule in _FROM_THE_FRONT or self.rule is Rule.LIFO
        return front and not self.result.parameters.backward and not self._entering()

    def _take(self, move: Move, before: int) -> Markup:
        name, amount = self._name(move), self._figure(move.amount)
        if self.rule is Rule.POISON:
            claims = self._list(list(move.by_claim))
            message = "steps.reached" if move.by_claim else "steps.receives"
            return self.phrases.say(message, name=name, amount=amount, claims=claims, what=self._what(move))
        if self._in_line():
            end = before + move.amount
            last = self.rule is Rule.LIFO
            start, end = (self.total - end, self.total - before) if last else (before, end)
            message = "steps.last" if last else "steps.first"
            places = {"start": self._figure(start), "end": self._figure(end)}
            return self.phrases.say(message, name=name, amount=amount, what=self._what(move), **places)
        return self._running(move, before) or self.phrases.say(
            "steps.receives", name=name, amount=amount, what=self._what(move)
        )

    def _running(self, move: Move, before: int) -> Markup | None:
        """The haircut's running sums, where whole units carry them exactly (coins, one claim)."""
        if self.rule is not Rule.HAIRCUT or not self.by_coin or self._entering() or not self.total:
            return None
        upto = before + move.amount
        given, now = self.traced_in * before // self.total, self.traced_in * upto // self.total
        if now - given != traced(move):
            return None
        figures = {"upto": upto, "total": self.total, "now": now, "before": given, "traced": self.traced_in}
        shown = {name: self._figure(amount) for name, amount in figures.items()}
        amount = self._figure(move.amount)
        return self.phrases.say("steps.running", name=self._name(move), amount=amount, what=self._what(move), **shown)

    def _entering(self) -> Shares:
        """Colours that leave the step and no payer brought: claims and links that enter here."""
        brought, found = self._joint().by_claim, dict[str, int]()
        for move in [*self.step.ins, *([self.step.fee] if self.step.fee else [])]:
            for claim, amount in move.by_claim.items():
                found[claim] = found.get(claim, 0) + amount
        off = noise(self.result, len(self.step.ins) + 1)
        return {c: a - brought.get(c, 0) for c, a in found.items() if a - brought.get(c, 0) > off}

    def _joint(self) -> Move:
        shares: Shares = {}
        for move in self.step.outs:
            for claim, amount in move.by_claim.items():
                shares[claim] = shares.get(claim, 0) + amount
        return Move("", "", self.total, shares)

    def _line_part(self, move: Move) -> Markup:
        parts = {"name": self._name(move), "amount": self._figure(move.amount), "what": self._what(move)}
        return self.phrases.say("steps.line_part", **parts)

    def _name(self, move: Move) -> Markup:
        account = brief(move.account)
        entry, _, leg = move.coin.rpartition(":o")
        if move is self.step.fee:
            return self.phrases.say("steps.fee")
        if move.account == "outside" and not move.coin:
            return self.phrases.say("steps.outside")
        if entry == self.step.entry and entry:
            return self.phrases.say("steps.output", n=number(leg), account=account)
        if move.coin:
            return self.phrases.say("steps.spent", coin=brief(move.coin), account=account)
        return self.phrases.say("steps.account", account=account)

    def _what(self, move: Move) -> Markup:
        """How much of a move is traced, and for whom."""
        share = traced(move)
        if not share:
            return self.phrases.say("steps.all_clean")
        claims = self._claims(move.by_claim)
        if share == move.amount:
            return self.phrases.say("steps.all_traced", claims=claims)
        clean = self.phrases.say("steps.clean", amount=self._figure(move.amount - share))
        return self._list([self.phrases.say("steps.traced", amount=self._figure(share), claims=claims), clean])

    def _claims(self, shares: Shares) -> Markup:
        if len(shares) == 1:
            return tag("bdi", next(iter(shares)))
        named = [joined([tag("bdi", c), " ", self._figure(a)]) for c, a in list(shares.items())[:CLAIMS_NAMED_MAX]]
        if len(shares) > CLAIMS_NAMED_MAX:
            named.append(self.phrases.say("page.others", count=f"{len(shares) - CLAIMS_NAMED_MAX:,}"))
        return self._list(named)

    def _list(self, parts: list[Markup] | list[str]) -> Markup:
        children: list[Child] = [part if isinstance(part, Markup) else tag("bdi", part) for part in parts]
        return joined(children, self.phrases.say("steps.and").html)

    def _figure(self, amount: int) -> Markup:
        return number(bare(self.result.asset, amount))

    def _money(self, amount: int) -> Markup:
        return money(self.result.asset, amount)


def _runs(served: list[Served]) -> list[list[Served]]:
    """Neighbours with nothing traced stand together where there are at least CLEAN_RUN of them."""
    runs: list[list[Served]] = []
    for clean, group in groupby(served, key=lambda item: not traced(item[0])):
        members = list(group)
        runs += [members] if clean and len(members) >= CLEAN_RUN else [[member] for member in members]
    return runs


def traced(move: Move) -> int:
    return sum(move.by_claim.values())
