"""An allocation problem as JSON (docs/reference/allocation.md)."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.ground import Defects, Refused
from recoup.restitution.reading import Node, load_json, one_of
from recoup.restitution.sharing.allocate import Way
from recoup.restitution.sharing.catalogue import rule_named
from recoup.restitution.sharing.columns import total
from recoup.restitution.sharing.kernel import Rounding
from recoup.restitution.sharing.model import Claims
from recoup.restitution.sharing.rows import ID_CHARACTERS_MAX, Row, refuse_twice
from recoup.restitution.sharing.setting import SURPLUS_RULES, Setting
from recoup.restitution.sharing.shapes import Shape, Shared

CLAIMS_MAX = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A problem ready to be shared; claims stand in the order of their ids."""

    rule: str
    pool: int
    way: Way
    claims: Claims
    shape: Shape
    surplus_rule: str


def read_problem(text: str, file: str) -> Problem:
    """From JSON text. Every fault is in the Refused it raises; a rule that nobody knows raises UnknownRule."""
    defects = Defects()
    problem = _problem(load_json(text, file, defects))
    if problem is None or len(defects):
        raise Refused(*defects)
    return problem


def solve(problem: Problem) -> Shared:
    """The awards, with every unit of the pool accounted for."""
    shared = problem.shape.share(problem.claims, problem.pool, problem.way)
    parts = total(shared.awards) + shared.costs + shared.surplus + shared.undivided + total(shared.held)
    assert parts == problem.pool, "money was lost"
    return shared


def _problem(root: Node) -> Problem | None:
    found = root.members(("rule", "pool", "rounding", "seed", "claims", "parameters", "note"))
    if "rule" not in found or "claims" not in found:
        root.fault("a problem needs rule and claims", 'Write {"rule": ..., "pool": ..., "claims": [...]}')
        return None
    rule = rule_named(found["rule"].text())
    parameters = found["parameters"] if "parameters" in found else Node({}, "/parameters", root.file, root.defects)
    rows = sorted((Row(node) for node in found["claims"].items(CLAIMS_MAX)), key=lambda row: row.id)
    refuse_twice(rows, "id", "Give every claim an id of its own")
    refuse_twice(rows, "beneficiary", "Consolidate the claims of one beneficiary into one before sharing")
    setting = Setting.read(rule, parameters)
    pool = setting.pool(root, found.get("pool"))
    way = Way(
        Rounding(one_of(found["rounding"], tuple(Rounding))) if "rounding" in found else Rounding.FINAL,
        found["seed"].text(ID_CHARACTERS_MAX) if "seed" in found else "",
    )
    if len(root.defects):
        return None
    claims, shape = setting.shape(rows, pool)
    surplus_rule = one_of(setting.found["surplus"], SURPLUS_RULES) if "surplus" in setting.found else "hold"
    return Problem(rule, pool, way, claims, shape, surplus_rule)
