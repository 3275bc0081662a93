"""The answer to an allocation problem as JSON: the same bytes for the same problem, in any order of its claims."""

from __future__ import annotations

import json
from fractions import Fraction

from recoup.restitution.sharing.model import Step
from recoup.restitution.sharing.problem import Problem
from recoup.restitution.sharing.shapes import Shared

Json = dict[str, object]


def answer_json(problem: Problem, shared: Shared) -> str:
    """One line of JSON: awards in the order of the ids, amounts as integers, fractions as text."""
    ids = problem.claims.ids
    held = {claim: units for claim, units in zip(ids, shared.held.tolist(), strict=True) if units}
    answer: Json = {
        "awards": dict(zip(ids, shared.awards.tolist(), strict=True)),
        "level": _fraction(shared.level),
        "surplus": shared.surplus,
        "reserve": shared.undivided + sum(held.values()),
        "trace": [step_json(step) for step in shared.steps],
        "rule": problem.rule,
        "pool": problem.pool,
        "rounding": str(problem.way.rounding),
        "costs": shared.costs,
        "held": held,
        "undivided": shared.undivided,
        "surplus_rule": problem.surplus_rule,
        **shared.tables,
    }
    return json.dumps(answer, ensure_ascii=False, separators=(", ", ": "))


def step_json(step: Step) -> Json:
    """One step of the trace."""
    said: Json = {"step": step.name, "rule": step.rule, "claims": step.claims, "amount": step.amount,
                  "paid": step.paid, "level": _fraction(step.level)}  # fmt: skip
    return said | ({"note": step.note} if step.note else {})


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
