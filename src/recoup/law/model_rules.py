"""Model rules MR1-MR13: toggles that a memorandum between two States may set. They never make a route available."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from recoup.ground import Answer
from recoup.law.codes import Leg
from recoup.law.condition import parse
from recoup.law.expression import Expression
from recoup.law.facts import Facts
from recoup.law.mark import Mark
from recoup.law.plan import Item
from recoup.law.statement import mark_from
from recoup.law.yaml_file import read_yaml


@dataclass(frozen=True, slots=True)
class ModelRule:
    """What the two States agreed for some legs; `waives` takes grounds of refusal away where `when` holds."""

    id: str
    legs: frozenset[Leg]
    when: Expression
    waives: frozenset[str]
    says: str
    mark: Mark


@lru_cache(maxsize=1)
def model_rules() -> Mapping[str, ModelRule]:
    """Every model rule by id."""
    data = read_yaml(Path(__file__).parent / "model_rules.yaml")
    return {
        row["id"]: ModelRule(
            id=row["id"],
            legs=frozenset(map(Leg, row["legs"])),
            when=parse(row["when"]),
            waives=frozenset(row.get("waives", ())),
            says=row["says"],
            mark=mark_from(row, data["sources"]),
        )
        for row in data["rules"]
    }


def with_model_rules(item: Item, chosen: Iterable[str], facts: Facts) -> Item:
    """The item with the chosen rules of its leg as notes, and without the risks that they take away."""
    rules = [rule for name, rule in model_rules().items() if name in chosen and item.leg in rule.legs]
    live = [rule for rule in rules if rule.when.answer(facts) is Answer.YES]
    waived = frozenset().union(*(rule.waives for rule in live))
    notes = tuple(f"model rule {rule.id} (if agreed between the two States): {rule.says}" for rule in live)
    risks = tuple(risk for risk in item.risks if risk.code not in waived)
    return replace(item, risks=risks, notes=(*item.notes, *notes)) if live else item
