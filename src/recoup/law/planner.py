"""The planner: from a question to a plan for each asset. Pure and deterministic; no clock, no chance, no learning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recoup.ground import Answer
from recoup.law.asset_facts import asset_facts
from recoup.law.at_hand import fields_at_hand
from recoup.law.circumstances import pair_facts, shared_facts
from recoup.law.codes import AuthorityType, Leg, Measure
from recoup.law.consider import Considered
from recoup.law.expected import held_permille, with_expected
from recoup.law.facts import Facts
from recoup.law.guarding import annex, guard_routes, with_alternatives, withheld
from recoup.law.load import built_in as built_in_catalogue
from recoup.law.model_rules import with_model_rules
from recoup.law.plan import Blocked, Dropped, Item, Plan
from recoup.law.preemption import preempted
from recoup.law.question import AssetAsked, Question
from recoup.law.ranking import LEGS, measures_of, rank_of
from recoup.law.situs import Place, place_of
from recoup.law.tables import built_in as built_in_parties
from recoup.law.warnings import warnings_of
from recoup.law.weigh import Law, Weighed, Weigher
from recoup.law.words import addressee_of

_HALF_LIFE_UNKNOWN_HOURS = 72


def built_in_law() -> Law:
    """The law of this package."""
    return Law(built_in_catalogue(), built_in_parties())


def plan(question: Question, law: Law) -> list[Plan]:
    """One plan per asset, in the order of the question. Equal circumstances are worked out once."""
    planner = _Planner(question, law)
    return [planner.plan(asset) for asset in question.assets]


class _Planner:
    def __init__(self, question: Question, law: Law) -> None:
        self.question, self.law, self.day = question, law, question.as_of
        self.guards = sorted(law.catalogue.guards.values(), key=lambda guard: guard.id)
        self.shared = shared_facts(question)
        self.measures = measures_of(question, self.shared)
        self.annex = annex(question.materials)
        self.withheld = withheld(self.guards, question.materials)
        self.weigher = Weigher(question, law, self.measures)
        self._plans: dict[AssetAsked, Plan] = {}

    def plan(self, asset: AssetAsked) -> Plan:
        """Assets that differ only in id, holder's name and amount share one plan; the amount enters at the end."""
        alike = _alike(asset)
        if alike not in self._plans:
            self._plans[alike] = self._work_out(alike)
        plan = self._plans[alike]
        portfolio = tuple(with_expected(item, asset.value.amount) for item in plan.portfolio) if asset.value else None
        return replace(plan, id=asset.id, portfolio=plan.portfolio if portfolio is None else portfolio)

    def _work_out(self, asset: AssetAsked) -> Plan:
        place = place_of(asset)
        facts = self._facts(asset, place)
        weighed = {one.considered.key: one for one in self.weigher.weigh(place, facts)}
        every = [one.considered for one in weighed.values()]
        open_routes = [one for one in every if one.answer is not Answer.NO]
        gone = preempted(self._winners(open_routes, facts), every, facts, self.day)
        lost = {(one.instrument, one.measure, one.leg) for one in gone}
        left = [one for one in open_routes if one.place_in_plan not in lost]
        guarded = guard_routes(self.guards, left, facts)
        ordered = sorted(guarded.routes, key=lambda one: rank_of(one, self.question, self.measures))
        used = [(one, self.weigher.pair(one.instrument, place.state)) for one in guarded.routes]
        at_hand = {leg: fields_at_hand(self.question, asset, leg in (Leg.ENFORCE, Leg.RETURN)) for leg in LEGS}
        items = (
            self._item(rank, one, weighed[one.key], asset, place, at_hand[one.route.leg])
            for rank, one in enumerate(ordered, start=1)
        )
        agreed = (with_model_rules(item, self.question.model_rules, facts) for item in items)
        blocked = (*self._always_blocked(guarded.blocked, facts), *self.withheld)
        return Plan(
            id="",
            as_of=self.day,
            state=place.state,
            basis=place.basis,
            portfolio=tuple(agreed),
            dropped=tuple(_dropped(every, gone, lost)),
            blocked=with_alternatives(sorted(blocked, key=lambda one: one.guard), guarded.routes),
            warnings=(*warnings_of(self.question, asset, place, used), *guarded.warnings),
        )

    def _winners(self, routes: list[Considered], facts: Facts) -> list[Considered]:
        """Routes that may take the place of others: a route that a guard stops gives way where another passes."""
        passing = guard_routes(self.guards, routes, facts).routes
        keys, legs = {one.key for one in passing}, {one.route.leg for one in passing}
        return [one for one in routes if one.key in keys or one.route.leg not in legs]

    def _facts(self, asset: AssetAsked, place: Place) -> Facts:
        pair = pair_facts(self.question, place.state, self.law.parties)
        return Facts({**self.shared, **pair, **asset_facts(asset), "asset.located": place.state is not None})

    def _always_blocked(self, blocked: tuple[Blocked, ...], facts: Facts) -> Iterator[Blocked]:
        """K01 and K02 speak even where no route that they stop was open to begin with."""
        yield from blocked
        told = {one.guard for one in blocked}
        concerned = {"K02": True, "K01": Measure.ENFORCE in self.measures}
        for name in (name for name in concerned if concerned[name] and name not in told):
            guard = self.law.catalogue.guards[name]
            if guard.require.answer(facts) is Answer.NO:
                yield Blocked(name, guard.because, guard.alternatives)

    def _item(
        self, rank: int, one: Considered, weighed: Weighed, asset: AssetAsked, place: Place, at_hand: frozenset[str]
    ) -> Item:
        route = one.route
        time = route.urgent_time if self.question.urgency else route.time
        half_life = asset.kind.half_life_hours if asset.kind else _HALF_LIFE_UNKNOWN_HOURS
        return Item(
            leg=route.leg,
            rank=rank,
            instrument=one.instrument.id,
            route=route.id,
            does=route.does,
            measure=route.measure,
            availability=one.answer,
            addressee=addressee_of(route, asset, place),
            channel=route.channel,
            clocks=weighed.clocks,
            contents=weighed.wanted,
            missing=tuple(code for code in weighed.wanted if code not in at_hand),
            risks=weighed.risks,
            time=time,
            held_permille=held_permille(time.p50, half_life) if route.measure is Measure.FREEZE else None,
            expected=None,
            annex=() if AuthorityType.PRIVATE in route.receivers else self.annex,
            notes=weighed.notes,
            reasons=one.reasons,
        )


def _alike(asset: AssetAsked) -> AssetAsked:
    holder = replace(asset.holder, name="named") if asset.holder.name else asset.holder
    return replace(asset, id="", holder=holder, value=replace(asset.value, amount=0) if asset.value else None)


def _dropped(every: list[Considered], gone: list[Dropped], lost: set[tuple[str, Measure, Leg]]) -> list[Dropped]:
    """Pre-empted routes first, then the others by instrument; one entry for the same instrument, leg and reason."""
    refused = [one.dropped for one in every if one.dropped is not None and one.place_in_plan not in lost]
    return list(dict.fromkeys([*gone, *refused]))
