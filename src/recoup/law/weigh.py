"""Routes weighed for one question. What rests on the same facts is weighed once, however many assets there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recoup.ground import Answer
from recoup.law.codes import Leg, Measure, RuleKind
from recoup.law.consider import Considered, Pair, consider, not_bound, pair_of
from recoup.law.effects import codes_of, notes_of, risks
from recoup.law.expression import facts_of
from recoup.law.facts import Facts, Value, Values
from recoup.law.model import Catalogue, Instrument, Route
from recoup.law.order_facts import enforcement_facts
from recoup.law.plan import Dropped, Risk
from recoup.law.question import Question
from recoup.law.situs import Place
from recoup.law.standing import Parties


@dataclass(frozen=True, slots=True)
class Law:
    """The catalogue and the tables of parties that a plan rests on."""

    catalogue: Catalogue
    parties: Parties


@dataclass(frozen=True, slots=True)
class Weighed:
    """A route considered, with the contents it asks for, its clocks, risks and notes (empty where it is dropped)."""

    considered: Considered
    wanted: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    notes: tuple[str, ...] = ()


class Weigher:
    """Weighs every planned route of a law for one question; the civil track goes with every plan that freezes."""

    def __init__(self, question: Question, law: Law, measures: tuple[Measure, ...]) -> None:
        self.question, self.law, self.day = question, law, question.as_of
        self.enforcing: Values = enforcement_facts(question)
        self._routes = [
            (instrument, route, _names(instrument, route))
            for _, instrument in sorted(law.catalogue.instruments.items())
            for route in instrument.routes
            if route.measure in measures or (route.leg is Leg.CIVIL and Measure.FREEZE in measures)
        ]
        self._pairs: dict[tuple[str, str | None], Pair] = {}
        self._kept: dict[tuple[str, str, str | None, tuple[Value, ...]], Weighed] = {}

    def weigh(self, place: Place, facts: Facts) -> Iterator[Weighed]:
        """Every planned route for property at a place, in order of instrument."""
        enforcing = Facts({**facts.known(), **self.enforcing})
        home = place.state is None or place.state == self.question.state
        for instrument, route, names in self._routes:
            if home and not instrument.domestic:
                yield Weighed(_not_abroad(instrument, route, place))
                continue
            asked = enforcing if route.leg in (Leg.ENFORCE, Leg.RETURN) else facts
            key = (instrument.id, route.id, place.state, tuple(map(asked.get, names)))
            if key not in self._kept:
                self._kept[key] = self._weighed(instrument, route, place.state, asked)
            yield self._kept[key]

    def pair(self, instrument: Instrument, state: str | None) -> Pair:
        """What is known of the instrument between the requesting State and `state`."""
        key = (instrument.id, state)
        if key not in self._pairs:
            where = state or self.question.state
            self._pairs[key] = pair_of(instrument, self.law.parties, self.question.state, where, self.day)
        return self._pairs[key]

    def _weighed(self, instrument: Instrument, route: Route, state: str | None, facts: Facts) -> Weighed:
        pair, day = self.pair(instrument, state), self.day
        if pair.verdict.answer is Answer.NO:
            return Weighed(not_bound(instrument, route, pair))
        found = consider(instrument, route, pair, facts, self.question.sender, day)
        if found.answer is Answer.NO:
            return Weighed(found)
        return Weighed(
            considered=found,
            wanted=codes_of(found, RuleKind.CONTENT, facts, day),
            clocks=codes_of(found, RuleKind.CLOCK, facts, day),
            risks=risks(found, facts, day),
            notes=notes_of(found, facts, day),
        )


def _names(instrument: Instrument, route: Route) -> tuple[str, ...]:
    """The facts that any rule of the route asks about."""
    bearing = [rule for rule in instrument.rules if not rule.routes or route.id in rule.routes]
    return ("evidence.level", *dict.fromkeys(name for rule in bearing for name in facts_of(rule.when)))


def _not_abroad(instrument: Instrument, route: Route, place: Place) -> Considered:
    rule, because, needs = "K02", "the State of the property is not known", "The State in which the property lies."
    if place.state is not None:
        rule, because, needs = "ABROAD", f"the property lies in {place.state} itself", "Nothing: a domestic order."
    dropped = Dropped(instrument.id, route.measure, route.leg, because, rule, needs)
    return Considered(instrument, route, Answer.NO, (), dropped)
