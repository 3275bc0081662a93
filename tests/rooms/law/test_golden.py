"""Golden plans, and how many wrong rules they and their like would let through."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

import pytest
from tests.rooms.law.golden import FILE, lines
from tests.rooms.law.mutants import Mutant, mutants
from tests.rooms.law.rule_cases import CASES, conditions
from tests.rooms.law.test_rules import wrong

from recoup.law.condition import parse
from recoup.law.planner import built_in_law
from recoup.law.weigh import Law

KILLED_PERCENT_MIN = 90
SAMPLE_EVERY = 40


def _golden() -> list[str]:
    return FILE.read_text(encoding="utf-8").splitlines()


def test_plans_are_as_reviewed() -> None:
    found = list(lines(built_in_law()))
    for number, (now, then) in enumerate(zip_longest(found, _golden()), start=1):
        assert now == then, f"line {number}: run python -m tests.rooms.law.golden and read the difference"


def test_the_golden_cases_offer_every_route() -> None:
    text = "\n".join(_golden())
    for instrument in built_in_law().catalogue.instruments.values():
        for route in instrument.routes:
            assert f" {instrument.id}/{route.id} " in text, route.id


def survives(mutant: Mutant, base: Law, golden: Iterable[str]) -> bool:
    """True when neither the cases of rules nor the golden plans see that something is wrong."""
    law = mutant.law(base)
    changed = set(conditions(law.catalogue)) - set(conditions(base.catalogue))
    if any(wrong(parse(text), CASES.get(rule, [])) for rule, text in changed):
        return False
    return all(now == then for now, then in zip_longest(lines(law), golden))


def _killed_percent(chosen: list[Mutant]) -> tuple[float, list[str]]:
    base, golden = built_in_law(), _golden()
    alive = [mutant.what for mutant in chosen if survives(mutant, base, golden)]
    return 100 * (len(chosen) - len(alive)) / len(chosen), alive


def test_a_sample_of_wrong_rules_is_caught() -> None:
    percent, alive = _killed_percent(list(mutants())[::SAMPLE_EVERY])
    assert percent >= KILLED_PERCENT_MIN, alive


@pytest.mark.torture
def test_wrong_rules_are_caught() -> None:
    everything = list(mutants())
    percent, alive = _killed_percent(everything)
    print(f"{percent:.1f} % of {len(everything)} mutants caught; alive: {alive}")
    assert percent >= KILLED_PERCENT_MIN, alive
