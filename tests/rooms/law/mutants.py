"""A small mutator over the rules of the catalogue: each mutant is one instrument or guard with one thing wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from recoup.law.condition import parse
from recoup.law.expression import All, Always, Compares, Expression, Holds, IsOneOf, Not
from recoup.law.expression import Any as AnyOf
from recoup.law.statement import guard_from, instrument_from
from recoup.law.weigh import Law

ROOM = Path(__file__).parents[3] / "src" / "recoup" / "law"
_OTHER_SIGN = {">=": ">", ">": ">=", "<": "<=", "<=": "<", "==": "!=", "!=": "=="}
_EFFECTS = ("fields", "clocks", "over")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`what` was changed, in words; `data` is the mutated file content or guard row."""

    what: str
    file: str
    data: dict[str, Any]
    sources: dict[str, Any]

    def law(self, base: Law) -> Law:
        catalogue = base.catalogue
        if self.file == "guards.yaml":
            guard = guard_from(self.data, self.sources)
            return Law(replace(catalogue, guards={**catalogue.guards, guard.id: guard}), base.parties)
        instrument = instrument_from(self.data)
        return Law(replace(catalogue, instruments={**catalogue.instruments, instrument.id: instrument}), base.parties)


def mutants() -> Iterator[Mutant]:
    """Every mutant, in a fixed order."""
    for path in sorted((ROOM / "catalogue").glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for what, changed in _instrument_mutants(data):
            yield Mutant(f"{data['id']}: {what}", path.name, changed, {})
    guards = yaml.safe_load((ROOM / "guards.yaml").read_text(encoding="utf-8"))
    for row in guards["guards"]:
        if row["id"] not in ("K06", "K08", "K09", "K10", "K13", "K16"):  # asked in code, not by their expression
            for key in ("when", "require"):
                for text in _expressions(row.get(key, "true")):
                    what = f"{row['id']} {key}: {text}"
                    yield Mutant(what, "guards.yaml", {**row, key: text}, guards["sources"])


def _instrument_mutants(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, rule in enumerate(data["rules"]):
        for what, changed in _rule_mutants(rule):
            copied = copy.deepcopy(data)
            copied["rules"][number] = changed
            yield f"{rule['id']} {what}", copied
        copied = copy.deepcopy(data)
        del copied["rules"][number]
        if rule["kind"] != "note":
            yield f"{rule['id']} removed", copied
    for number, route in enumerate(data["routes"]):
        for what, changes in _route_changes(route):
            copied = copy.deepcopy(data)
            copied["routes"][number].update(changes)
            yield f"route {route['id']} {what}", copied
    if data["table"]:
        yield "parties not asked", {**copy.deepcopy(data), "parties": "none"}


def _rule_mutants(rule: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for text in _expressions(rule.get("when", "true")):
        if rule["kind"] not in ("note", "language", "use", "disposal"):
            yield f"when: {text}", {**rule, "when": text}
    for key in _EFFECTS:
        for code in rule.get(key, ()):
            left = [one for one in rule[key] if one != code]
            yield f"without {code}", {**rule, key: left}
    if "ground" in rule:
        yield "other ground", {**rule, "ground": "G18" if rule["ground"] != "G18" else "G01"}


def _route_changes(route: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "evidence one step up", {"evidence_min": route["evidence_min"] + 1 if route["evidence_min"] < 4 else 3}
    yield "slower", {"time": {"p50": route["time"]["p50"] + 1, "p90": route["time"]["p90"] + 2}}
    if "PROS" in route["issuers"] and len(route["issuers"]) > 1:
        yield "prosecutor not competent", {"issuers": [one for one in route["issuers"] if one != "PROS"]}


def _expressions(text: str) -> Iterator[str]:
    """Texts of the expression with one thing wrong; never one that parses to the same expression."""
    original = parse(text)
    seen = {str(original)}
    for one in _changed(original):
        if str(one) not in seen:
            seen.add(str(one))
            yield str(one)


def _changed(one: Expression) -> Iterator[Expression]:
    yield Not(one) if not isinstance(one, Not) else one.term
    if isinstance(one, Compares):
        yield Compares(one.fact, _OTHER_SIGN[one.sign], one.number)
        yield Compares(one.fact, one.sign, one.number + 1)
    elif isinstance(one, IsOneOf) and len(one.texts) > 1:
        yield from (IsOneOf(one.fact, tuple(t for t in one.texts if t != text)) for text in one.texts)
    elif isinstance(one, Not):
        yield from (Not(term) for term in _changed(one.term))
    elif isinstance(one, All | AnyOf):
        other: type[All] | type[AnyOf] = AnyOf if isinstance(one, All) else All
        yield other(one.terms)
        for number in range(len(one.terms)):
            rest = one.terms[:number] + one.terms[number + 1 :]
            yield rest[0] if len(rest) == 1 else type(one)(rest)
            for term in _changed(one.terms[number]):
                yield type(one)((*one.terms[:number], term, *one.terms[number + 1 :]))
    if not isinstance(one, Always | Holds):
        yield Always()
