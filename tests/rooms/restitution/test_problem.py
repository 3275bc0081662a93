"""Bad problems: every fault is named with its place and how to mend it; nothing is shared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recoup.ground import Refused
from recoup.restitution import UnknownRule, answer_json, read_problem, solve
from recoup.restitution.reading import TEXT_CHARACTERS_MAX

GOOD: dict[str, Any] = {"rule": "pro-rata", "pool": 10, "claims": [{"id": "a", "loss": 5}]}


def faults(text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_problem(text, "p.json")
    return [str(defect) for defect in refused.value.defects]


def only(**changes: Any) -> str:
    found = faults(json.dumps(GOOD | changes))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not JSON"),
        ("[1, 2", "is not JSON"),
        ("[]", "at /: is not an object"),
        ("{}", "needs rule and claims"),
        ('{"rule": "cea", "rule": "cel"}', "'rule' twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"rule": "cea", "pool": NaN, "claims": []}', "at /pool: NaN"),
        ('{"rule": "cea", "pool": 1e3, "claims": []}', "at /pool: 1e3 (a number with a point or exponent"),
        ('{"rule": "cea", "pool": ' + "9" * 5000 + ', "claims": []}', "is not an amount"),
    ],
)
def test_documents_that_are_no_problem(text: str, words: str) -> None:
    assert words in faults(text)[0]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({"id": "a", "loss": 1.5}, "at /claims/0/loss: 1.5"),
        ({"id": "a", "loss": -1}, "at /claims/0/loss: -1 is not an amount"),
        ({"id": "a", "loss": True}, "at /claims/0/loss: True"),
        ({"id": "a", "loss": None}, "at /claims/0/loss: None"),
        ({"id": "a", "loss": "1,000"}, "at /claims/0/loss: '1,000'"),
        ({"id": "a", "loss": 2**256}, "at /claims/0/loss"),
        ({"id": "", "loss": 1}, "at /claims/0/id"),
        ({"id": "a\x00", "loss": 1}, "at /claims/0/id"),
        ({"id": "a" * 201, "loss": 1}, "at /claims/0/id"),
        ({"loss": 1}, "has no id"),
        ({"id": "a"}, "neither loss nor gross"),
        ({"id": "a", "loss": 1, "withdrawed": 3}, "Did you mean 'withdrawn'?"),
        ({"id": "a", "gross": 10, "withdrawn": 2, "loss": 9}, "is not gross less withdrawn (8)"),
        ({"id": "a", "loss": 5, "disputed": True}, "disputed without a maximum"),
        ({"id": "a", "loss": 5, "disputed": True, "maximum": 4}, "below what is allowed"),
        ({"id": "a", "loss": 5, "disputed": "yes"}, "neither true nor false"),
    ],
)
def test_claims_that_cannot_be_read(claim: dict[str, Any], words: str) -> None:
    assert words in only(claims=[claim])


def test_two_claims_of_one_id_or_one_beneficiary() -> None:
    assert "id 'a' stands twice" in only(claims=[{"id": "a", "loss": 1}, {"id": "a", "loss": 2}])
    same = [{"id": "a", "loss": 1, "beneficiary": "p"}, {"id": "b", "loss": 2, "beneficiary": "p"}]
    assert "Consolidate" in only(claims=same)


@pytest.mark.parametrize(
    ("rule", "parameters", "words"),
    [
        ("capped-pro-rata", {}, "needs the parameter cap"),
        ("convenience", {"convenience": {"threshold": 5}}, "needs threshold and share"),
        ("convenience", {"convenience": {"threshold": 0, "share": "1/2"}}, "threshold is 0"),
        ("convenience", {"convenience": {"threshold": 5, "share": 0.5}}, "is not an exact fraction"),
        ("convenience", {"convenience": {"threshold": 5, "share": "1/0"}}, "is not an exact fraction"),
        ("rising-tide", {"withdrawals": "maybe"}, "neither considered nor ignored"),
        ("rising-tide", {"de_minimis": 5}, "keeps the order"),
        ("pro-rata", {"surplus": "keep"}, "Write one of: hold, interest"),
        ("pro-rata", {"caps": 5}, "Did you mean 'cap'?"),
        ("waterfall", {"classes": [{"name": "x"}]}, "class '' is not in the parameters"),
        ("waterfall", {"classes": [{"name": "x", "rule": "waterfall"}]}, "cannot stand inside"),
        ("leximin-pools", {"pools": {"x": 10}, "rule": "sipa"}, "cannot stand inside"),
        ("leximin-pools", {"pools": {"x": 10}, "rule": "talmud"}, "not defined over several pools"),
        ("leximin-pools", {"pools": {"x": 10}, "minimum": 3}, "minimum is not defined"),
        ("leximin-pools", {"pools": {"x": 3}}, "is not the sum of its parts (3)"),
        ("leximin-pools", {"pools": {"x": 10}, "surplus": "interest"}, "from one pool only"),
        ("dollarised", {}, "needs price"),
        ("dollarised", {"price": {"base_per_unit": "0", "source": "s"}}, "price is zero"),
        ("in-kind", {"assets": {"BTC": 10}}, "asset '' is not in the parameters"),
    ],
)
def test_parameters_that_do_not_fit(rule: str, parameters: dict[str, Any], words: str) -> None:
    found = faults(json.dumps(GOOD | {"rule": rule, "parameters": parameters}))
    assert any(words in fault for fault in found), found
    assert all("at /" in fault for fault in found)


def test_unknown_pool_of_a_claim() -> None:
    rows = [{"id": "a", "loss": 5, "pools": ["x", "y"]}]
    found = faults(json.dumps({"rule": "pools", "claims": rows, "parameters": {"pools": {"x": 1}}}))
    assert "at /claims/0/pools/1: 'y' is not among the pools" in found[0]


def test_too_many_pools() -> None:
    pools = {f"p{place}": 1 for place in range(9)}
    found = faults(json.dumps({"rule": "pools", "claims": GOOD["claims"], "parameters": {"pools": pools}}))
    assert "Share at most 8 pools together" in found[0]


def test_disputes_belong_to_one_pool() -> None:
    rows = [{"id": "a", "loss": 5, "disputed": True, "maximum": 9, "class": "x"}]
    found = faults(
        json.dumps({"rule": "waterfall", "pool": 9, "claims": rows, "parameters": {"classes": [{"name": "x"}]}})
    )
    assert "does not take disputed" in found[0]


def test_disputes_do_not_go_with_talmud() -> None:
    rows = [{"id": "a", "loss": 5, "disputed": True, "maximum": 9}]
    assert "go with no de minimis" in only(rule="talmud", claims=rows)


def test_pool_is_needed() -> None:
    found = faults(json.dumps({name: value for name, value in GOOD.items() if name != "pool"}))
    assert "the problem has no pool" in found[0]


def test_unknown_rule_is_its_own_error() -> None:
    with pytest.raises(UnknownRule):
        read_problem(json.dumps(GOOD | {"rule": "first-come"}), "p.json")
    with pytest.raises(UnknownRule):
        read_problem(
            json.dumps(GOOD | {"rule": "pools", "parameters": {"rule": "first-come", "pools": {"x": 10}}}), "p.json"
        )


def test_faults_of_every_row_are_named_at_once() -> None:
    rows = [{"id": f"c{place}", "loss": -1} for place in range(30)]
    assert len(faults(json.dumps(GOOD | {"claims": rows}))) == 30


def test_amounts_may_be_digits_in_text() -> None:
    problem = read_problem(json.dumps(GOOD | {"pool": str(10**30), "claims": [{"id": "a", "loss": str(10**31)}]}), "p")
    assert problem.pool == 10**30


def test_notes_are_allowed_and_long_text_is_not() -> None:
    read_problem(json.dumps(GOOD | {"note": "x" * TEXT_CHARACTERS_MAX}), "p")
    rows = [{"id": "a", "loss": 1, "note": "seen at the bank"}]
    read_problem(json.dumps(GOOD | {"claims": rows}), "p")


def test_answers_have_the_same_bytes_in_any_order_of_claims() -> None:
    rows = [{"id": f"c{place}", "loss": 100} for place in range(7)]
    texts = {
        answer_json(problem, solve(problem))
        for order in (rows, rows[::-1], rows[3:] + rows[:3])
        for problem in [read_problem(json.dumps(GOOD | {"claims": order, "pool": 10}), "p")]
    }
    assert len(texts) == 1


def test_seed_decides_ties_and_nothing_else() -> None:
    rows = [{"id": f"c{place}", "loss": 100} for place in range(7)]
    found = []
    for seed in ("one", "two", "three"):
        problem = read_problem(json.dumps(GOOD | {"claims": rows, "pool": 10, "seed": seed}), "p")
        found.append(tuple(solve(problem).awards.tolist()))
    assert len(set(found)) > 1
    assert {tuple(sorted(awards)) for awards in found} == {(1, 1, 1, 1, 2, 2, 2)}
