"""Every condition of the catalogue against cases written from the clauses."""

from __future__ import annotations

import pytest
from tests.rooms.law.rule_cases import CASES, Case, conditions

from recoup.law.condition import parse
from recoup.law.expression import Expression
from recoup.law.facts import Facts
from recoup.law.load import built_in
from recoup.law.sentence import sentence

ASKING = [(rule, text) for rule, text in conditions(built_in()) if text != "true"]
IN_CODE = {"K06", "K08", "K09", "K10", "K13", "K16"}  # their facts differ by route or by material


def wrong(when: Expression, cases: list[Case]) -> list[str]:
    """The cases that the condition answers otherwise."""
    return [f"{facts} is {when.answer(Facts(facts))}, not {answer}" for facts, answer in cases
            if when.answer(Facts(facts)) != answer]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), ASKING)
def test_condition_answers_as_its_clause(rule: str, text: str) -> None:
    if rule not in IN_CODE:
        assert wrong(parse(text), CASES[rule]) == []


@pytest.mark.parametrize(("rule", "text"), ASKING)
def test_condition_reads_as_a_sentence(rule: str, text: str) -> None:
    found = sentence(parse(text))
    assert found[0].isupper() and found.endswith(".") and "_" not in found, rule


def test_no_case_is_left_without_its_rule() -> None:
    assert set(CASES) == {rule for rule, _ in ASKING} - IN_CODE
