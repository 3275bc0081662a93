"""What a considered route brings with it: risks, contents, clocks, notes."""

from __future__ import annotations

from datetime import date

from recoup.ground import Answer
from recoup.law.codes import RuleKind
from recoup.law.consider import Considered
from recoup.law.facts import Facts
from recoup.law.model import Rule
from recoup.law.plan import Risk


def risks(considered: Considered, facts: Facts, day: date) -> tuple[Risk, ...]:
    """Grounds of refusal that may be raised, without those that the instrument waives; worst-known first by code."""
    instrument, route = considered.instrument, considered.route
    waived = {rule.ground for rule in instrument.rules_for(route, RuleKind.WAIVER, day) if holds(rule, facts)}
    found: dict[str, Risk] = {}
    for rule in instrument.rules_for(route, RuleKind.REFUSAL, day):
        live = rule.when.answer(facts)
        if live is not Answer.NO and rule.ground not in waived and rule.ground not in found:
            found[rule.ground] = Risk(rule.ground, rule.mitigation, live)
    return tuple(found[code] for code in sorted(found))


def codes_of(considered: Considered, kind: RuleKind, facts: Facts, day: date) -> tuple[str, ...]:
    """Contents F or clocks C that hold: contents also where their condition is unknown, clocks only where it holds."""
    rules = considered.instrument.rules_for(considered.route, kind, day)
    held = [rule for rule in rules if holds(rule, facts) or (kind is RuleKind.CONTENT and _open(rule, facts))]
    return tuple(sorted({code for rule in held for code in (*rule.fields, *rule.clocks)}))


def notes_of(considered: Considered, facts: Facts, day: date) -> tuple[str, ...]:
    """Language, use limits, disposal and notes of the route, each with its clause."""
    kinds = (RuleKind.NOTE, RuleKind.LANGUAGE, RuleKind.USE, RuleKind.DISPOSAL)
    rules = [rule for kind in kinds for rule in considered.instrument.rules_for(considered.route, kind, day)]
    return tuple(f"{rule.kind.value}, {rule.clause}: {rule.says}" for rule in rules if not _denied(rule, facts))


def holds(rule: Rule, facts: Facts) -> bool:
    return rule.when.answer(facts) is Answer.YES


def _open(rule: Rule, facts: Facts) -> bool:
    return rule.when.answer(facts) is Answer.UNKNOWN


def _denied(rule: Rule, facts: Facts) -> bool:
    return rule.when.answer(facts) is Answer.NO
