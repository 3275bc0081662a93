"""The planner: from a question to a plan for each asset. Pure and deterministic; no clock, no chance, no learning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from recoup.ground import Answer
from recoup.law.circumstances import (
    Values,
    asset_facts,
    enforcement_facts,
    fields_at_hand,
    pair_facts,
    shared_facts,
)
from recoup.law.codes import AuthorityType, Leg, Measure, RuleKind
from recoup.law.consider import Considered, Pair, codes_of, consider, not_bound, notes_of, pair_of, preempted, risks
from recoup.law.facts import Facts
from recoup.law.guarding import annex, guard_routes, with_alternatives, withheld
from recoup.law.load import built_in as built_in_catalogue
from recoup.law.model import Catalogue, Instrument, Route
from recoup.law.plan import Blocked, Dropped, Item, Plan
from recoup.law.question import AssetAsked, Question
from recoup.law.situs import Place, place_of
from recoup.law.standing import Parties
from recoup.law.standing import built_in as built_in_parties
from recoup.law.warnings import warnings_of
from recoup.law.words import addressee_of

_F, _E, _S, _X = Measure.FREEZE, Measure.EVIDENCE, Measure.SUBSCRIBER_DATA, Measure.ENFORCE
_R, _T, _P, _A = Measure.RETURN, Measure.TAKEDOWN, Measure.LOCATE_PERSON, Measure.LOCATE_ASSETS

# What is planned for a measure asked, in this order; enforcement and return join where there is an order to enforce.
PLANNED: dict[Measure, tuple[Measure, ...]] = {
    _F: (_F, _E, _A), _E: (_E, _S, _A), _S: (_S, _E), _X: (_X, _R, _F, _A), _R: (_R, _X, _F), _T: (_T, _S, _E),
    _P: (_P,), _A: (_A, _E),
}  # fmt: skip
_FIRST_LEG = {_F: Leg.CONVERT, _X: Leg.ENFORCE, _R: Leg.RETURN, _T: Leg.HOLD}
_LEGS = (Leg.CONVERT, Leg.HOLD, Leg.EVIDENCE, Leg.CIVIL, Leg.ENFORCE, Leg.RETURN)
_ANSWERS = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}
_HALF_LIFE_UNKNOWN_HOURS = 72


@dataclass(frozen=True, slots=True)
class Law:
    """The catalogue and the tables of parties that a plan rests on."""

    catalogue: Catalogue
    parties: Parties


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
        self.measures = _measures(question, self.shared)
        self.annex = annex(question.materials)
        self.withheld = withheld(self.guards, question.materials)
        self._pairs: dict[tuple[str, str | None], Pair] = {}
        self._nevers: dict[tuple[str, str, str | None], Considered] = {}
        self._plans: dict[AssetAsked, Plan] = {}

    def plan(self, asset: AssetAsked) -> Plan:
        alike = replace(asset, id="")
        if alike not in self._plans:
            self._plans[alike] = self._work_out(alike)
        return replace(self._plans[alike], id=asset.id)

    def _work_out(self, asset: AssetAsked) -> Plan:
        place = place_of(asset)
        facts = self._facts(asset, place)
        every = [self._considered(instrument, route, place, facts) for instrument, route in self._routes()]
        open_routes = [one for one in every if one.answer is not Answer.NO]
        gone = preempted(open_routes, every, facts, self.day)
        lost = {(one.instrument, one.measure, one.leg) for one in gone}
        left = [one for one in open_routes if one.place_in_plan not in lost]
        guarded = guard_routes(self.guards, left, facts)
        portfolio = self._portfolio(asset, place, facts, guarded.routes)
        blocked = (*self._enforcement_blocked(every, guarded.blocked, place), *self.withheld)
        return Plan(
            id="",
            as_of=self.day,
            state=place.state,
            basis=place.basis,
            portfolio=portfolio,
            dropped=tuple(_dropped(every, gone, lost)),
            blocked=with_alternatives(blocked, guarded.routes),
            warnings=(*warnings_of(self.question, asset, place, self._used(guarded.routes, place)), *guarded.warnings),
        )

    def _facts(self, asset: AssetAsked, place: Place) -> Facts:
        located = place.state is not None
        pair = pair_facts(self.question, place.state, self.law.parties)
        return Facts({**self.shared, **pair, **asset_facts(asset), "asset.located": located})

    def _routes(self) -> Iterator[tuple[Instrument, Route]]:
        for name in sorted(self.law.catalogue.instruments):
            instrument = self.law.catalogue.instruments[name]
            for route in instrument.routes:
                if route.measure in self.measures:
                    yield instrument, route

    def _considered(self, instrument: Instrument, route: Route, place: Place, facts: Facts) -> Considered:
        if not instrument.domestic and (place.state is None or place.state == self.question.state):
            return _not_abroad(instrument, route, place)
        if route.leg in (Leg.ENFORCE, Leg.RETURN):
            facts = Facts({**facts.known(), **enforcement_facts(self.question)})
        pair = self._pair(instrument, place.state)
        if pair.verdict.answer is Answer.NO:
            return self._never(instrument, route, place.state, pair)
        return consider(instrument, route, pair, facts, self.question.sender, self.day)

    def _never(self, instrument: Instrument, route: Route, state: str | None, pair: Pair) -> Considered:
        key = (instrument.id, route.id, state)
        if key not in self._nevers:
            self._nevers[key] = not_bound(instrument, route, pair)
        return self._nevers[key]

    def _pair(self, instrument: Instrument, state: str | None) -> Pair:
        key = (instrument.id, state)
        if key not in self._pairs:
            where = state or self.question.state
            self._pairs[key] = pair_of(instrument, self.law.parties, self.question.state, where, self.day)
        return self._pairs[key]

    def _enforcement_blocked(
        self, every: list[Considered], blocked: tuple[Blocked, ...], place: Place
    ) -> tuple[Blocked, ...]:
        """K02 and K01 speak even where no route of their legs was open to begin with."""
        found = list(blocked)
        guards = self.law.catalogue.guards
        if place.state is None and not any(one.guard == "K02" for one in found):
            found.insert(0, Blocked("K02", guards["K02"].because, guards["K02"].alternatives))
        return tuple(sorted(found, key=lambda one: one.guard))

    def _used(self, routes: tuple[Considered, ...], place: Place) -> list[tuple[Considered, Pair]]:
        return [(one, self._pair(one.instrument, place.state)) for one in routes]

    def _portfolio(
        self, asset: AssetAsked, place: Place, facts: Facts, routes: tuple[Considered, ...]
    ) -> tuple[Item, ...]:
        ordered = sorted(routes, key=lambda one: _rank(one, self.question, self.measures))
        return tuple(self._item(rank, one, asset, place, facts) for rank, one in enumerate(ordered, start=1))

    def _item(self, rank: int, one: Considered, asset: AssetAsked, place: Place, facts: Facts) -> Item:
        route, enforcing = one.route, one.route.leg in (Leg.ENFORCE, Leg.RETURN)
        time = route.urgent_time if self.question.urgency else route.time
        half_life = asset.kind.half_life_hours if asset.kind else _HALF_LIFE_UNKNOWN_HOURS
        held = held_permille(time.p50, half_life) if route.measure is Measure.FREEZE else None
        wanted = codes_of(one, RuleKind.CONTENT, facts, self.day)
        at_hand = fields_at_hand(self.question, asset, enforcing)
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
            clocks=codes_of(one, RuleKind.CLOCK, facts, self.day),
            missing=tuple(code for code in wanted if code not in at_hand),
            risks=risks(one, facts, self.day),
            time=time,
            held_permille=held,
            expected=asset.value.amount * held // 1000 if asset.value and held is not None else None,
            annex=() if AuthorityType.PRIVATE in route.receivers else self.annex,
            notes=notes_of(one, facts, self.day),
            reasons=one.reasons,
        )


def held_permille(days: int, half_life_hours: int) -> int:
    """Share in thousandths still there after `days`, halving every `half_life_hours`; exact decimal, rounded down."""
    with localcontext() as context:
        context.prec = 30
        return int(1000 * Decimal(2) ** (-Decimal(days * 24) / half_life_hours))


def _measures(question: Question, shared: Values) -> tuple[Measure, ...]:
    planned = PLANNED[question.measure]
    if question.measure is Measure.FREEZE and shared["order.confiscation"]:
        return (*planned, Measure.ENFORCE, Measure.RETURN)
    return planned


def _rank(one: Considered, question: Question, measures: tuple[Measure, ...]) -> tuple[int, ...] | tuple[object, ...]:
    """First the leg that does what was asked, then the other legs; within a leg available before unknown.

    A hold is ranked by speed; every other leg by how closely the instrument binds (tier), then by speed.
    """
    first = _FIRST_LEG.get(question.measure, Leg.EVIDENCE)
    leg = -1 if one.route.leg is first else _LEGS.index(one.route.leg)
    time = (one.route.urgent_time if question.urgency else one.route.time).p50
    pace = (time, one.instrument.tier) if one.route.leg is Leg.HOLD else (one.instrument.tier, time)
    return (leg, measures.index(one.route.measure), _ANSWERS[one.answer], *pace, *one.key)


def _dropped(every: list[Considered], gone: list[Dropped], lost: set[tuple[str, Measure, Leg]]) -> list[Dropped]:
    """Pre-empted routes first, then the others by instrument; one entry for the same instrument, leg and reason."""
    refused = [one.dropped for one in every if one.dropped is not None and one.place_in_plan not in lost]
    return list(dict.fromkeys([*gone, *refused]))


def _not_abroad(instrument: Instrument, route: Route, place: Place) -> Considered:
    rule, because, needs = "K02", "the State of the property is not known", "The State in which the property lies."
    if place.state is not None:
        rule, because, needs = (
            "ABROAD",
            f"the property lies in {place.state} itself",
            "Nothing: a domestic order.",
        )
    dropped = Dropped(instrument.id, route.measure, route.leg, because, rule, needs)
    return Considered(instrument, route, Answer.NO, (), dropped)
