"""Claims and problems in few words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from recoup.restitution import answer_json, read_problem, solve
from recoup.restitution.sharing.columns import column
from recoup.restitution.sharing.model import Claims

Answer = dict[str, Any]


def claims(gross: Sequence[int], **given: Sequence[int]) -> Claims:
    """Claims a, b, c ... with columns in order."""
    ids = tuple(f"c{place:07d}" for place in range(len(gross)))
    return Claims.of(ids, column(gross), **{name: column(values) for name, values in given.items()})


def answered(rule: str, pool: int | None, rows: Sequence[dict[str, Any]], **parameters: Any) -> Answer:
    """The answer to a problem; `rounding` and `seed` go to the problem, the rest to its parameters."""
    problem: dict[str, Any] = {"rule": rule, "claims": list(rows)}
    problem |= {name: parameters.pop(name) for name in ("rounding", "seed") if name in parameters}
    problem |= {} if pool is None else {"pool": pool}
    found = read_problem(json.dumps(problem | {"parameters": parameters}), "problem.json")
    answer: Answer = json.loads(answer_json(found, solve(found)))
    return answer


def losses(*amounts: int) -> list[dict[str, Any]]:
    """Claims a, b, c ... with a loss each."""
    return [{"id": chr(97 + place), "loss": amount} for place, amount in enumerate(amounts)]


def awards(rule: str, pool: int | None, rows: Sequence[dict[str, Any]], **parameters: Any) -> list[int]:
    """The awards alone, in the order of the ids."""
    return list(answered(rule, pool, rows, **parameters)["awards"].values())
