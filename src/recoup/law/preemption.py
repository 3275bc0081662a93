"""Which routes give way to another between two States."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from recoup.ground import Answer
from recoup.law.codes import Leg, Measure, RuleKind
from recoup.law.consider import Considered
from recoup.law.effects import holds
from recoup.law.facts import Facts
from recoup.law.model import Rule
from recoup.law.plan import Dropped


def preempted(offered: Sequence[Considered], every: Sequence[Considered], facts: Facts, day: date) -> list[Dropped]:
    """Routes that give way to an available one of the same measure and leg; the most closely binding one wins."""
    found: dict[tuple[str, Measure, Leg], Dropped] = {}
    for winner in sorted(offered, key=lambda one: one.instrument.tier):
        if winner.answer is Answer.YES and winner.place_in_plan not in found:
            for rule in winner.instrument.rules_for(winner.route, RuleKind.PREEMPTION, day):
                for other in every if holds(rule, facts) else ():
                    if _replaces(winner, rule, other):
                        found.setdefault(other.place_in_plan, _gives_way(other, winner, rule))
    return list(found.values())


def _replaces(winner: Considered, rule: Rule, other: Considered) -> bool:
    same = (other.route.measure, other.route.leg) == (winner.route.measure, winner.route.leg)
    return same and other.instrument.id in rule.over


def _gives_way(other: Considered, winner: Considered, rule: Rule) -> Dropped:
    because = f"pre-empted by {winner.instrument.id}, {rule.clause}: {rule.says}"
    needs = f"Nothing: use {winner.instrument.id}."
    return Dropped(other.instrument.id, other.route.measure, other.route.leg, because, rule.id, needs)
