"""Nouns of the catalogue: instruments, their routes and rules, guards, and the mark every statement carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from recoup.law.codes import (
    AuthorityType,
    GuardEffect,
    InstrumentKind,
    Leg,
    Measure,
    Parties,
    RuleKind,
)
from recoup.law.expression import Expression
from recoup.law.mark import Days, Mark, Period


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that an instrument lets one authority ask of another: `issuers` may sign, `receivers` act."""

    id: str
    measure: Measure
    leg: Leg
    does: str
    issuers: frozenset[AuthorityType]
    receivers: tuple[AuthorityType, ...]
    channel: str
    evidence_min: int
    time: Days
    urgent_time: Days
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement of law. `routes` names the routes it bears on (empty: all); `when` is its condition."""

    id: str
    kind: RuleKind
    clause: str
    says: str
    when: Expression
    mark: Mark
    period: Period
    routes: frozenset[str] = frozenset()
    ground: str = ""
    mitigation: str = ""
    fields: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    over: tuple[str, ...] = ()

    def bears_on(self, route: Route, day: date) -> bool:
        return (not self.routes or route.id in self.routes) and self.period.covers(day)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, act, arrangement or practice under which something can be asked. `tier` 1 binds most closely."""

    id: str
    name: str
    kind: InstrumentKind
    tier: int
    binding: bool
    matter: str
    coverage: str
    period: Period
    table: str
    parties: Parties
    mark: Mark
    routes: tuple[Route, ...]
    rules: tuple[Rule, ...]
    hosts: frozenset[str] = frozenset()
    domestic: bool = False

    def rules_for(self, route: Route, kind: RuleKind, day: date) -> tuple[Rule, ...]:
        """Rules of a kind that bear on the route on the day, in the order of the file."""
        return tuple(rule for rule in self.rules if rule.kind is kind and rule.bears_on(route, day))


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule of safe practice: where `require` fails within its scope, it blocks, withholds or warns."""

    id: str
    title: str
    effect: GuardEffect
    legs: frozenset[Leg]
    receivers: frozenset[AuthorityType]
    instruments: frozenset[str]
    when: Expression
    require: Expression
    because: str
    alternatives: tuple[str, ...]
    mark: Mark

    def concerns(self, instrument: Instrument, route: Route) -> bool:
        return (
            (not self.legs or route.leg in self.legs)
            and (not self.receivers or not self.receivers.isdisjoint(route.receivers))
            and (not self.instruments or instrument.id in self.instruments)
        )


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Titles of content fields F, refusal grounds G, clocks C and guards K."""

    fields: Mapping[str, str]
    grounds: Mapping[str, str]
    clocks: Mapping[str, str]
    guards: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the planner knows of the law, by instrument id."""

    instruments: Mapping[str, Instrument]
    guards: Mapping[str, Guard]
    codes: CodeBook
    marks: tuple[tuple[str, Mark], ...] = field(default=())
