"""Requests: what is read, and how a fault is named by its place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.rooms.law.cases import FREEZE, Json, request

from recoup.ground import Refused
from recoup.law import member, question_json
from recoup.law.codes import AuthorityType, Measure
from recoup.law.question_json import read_question


def test_a_whole_request_is_read() -> None:
    question = read_question(json.dumps(FREEZE))
    assert (question.as_of, question.state, question.sender) == (date(2026, 11, 21), "FR", AuthorityType.PROSECUTOR)
    assert question.measure is Measure.FREEZE and question.evidence_level == 2
    assert question.urgency == ("imminent-transfer",)
    assert question.freezing_orders[0].certified is True and question.leading_confiscation is None
    asset = question.assets[0]
    assert asset.kind is not None and asset.kind.family == "bank"
    assert asset.value is not None and asset.value.amount == 25_000_000


def test_what_is_absent_is_unknown() -> None:
    bare = {
        "as_of": "2026-11-21",
        "requesting": {"state": "FR"},
        "measure": "freeze",
        "assets": [{"id": "a", "class": "x"}],
    }
    question = read_question(json.dumps(bare))
    assert question.sender is None and question.evidence_level is None
    assert question.conduct.max_penalty_years is None and question.conduct.organised_group is None
    assert question.assets[0].kind is None and question.assets[0].situs is None and question.assets[0].hosted is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"as_of": "21/11/2026"}, "/as_of: '21/11/2026' is not a date"),
        ({"as_of": None}, "/as_of: is missing"),
        ({"requesting__state": "UK"}, "/requesting/state: 'UK' is not a code of a State. Use GB"),
        ({"requesting__state": "France"}, "/requesting/state: 'France' is not a code"),
        ({"requesting__state": None}, "/requesting/state: is missing"),
        ({"requesting": []}, "/requesting: [] is not an object"),
        ({"measure": "seize"}, "/measure: 'seize' is not known. Use one of: freeze, evidence"),
        ({"evidence": "rumour"}, "/evidence: 'rumour' is not known"),
        ({"conduct__labels": "fraud"}, "/conduct/labels: 'fraud' is not a list"),
        ({"conduct__labels": [1]}, "/conduct/labels/0: 1 is not text"),
        ({"conduct__max_penalty_years": 4.5}, "/conduct/max_penalty_years: 4.5 is not a whole number"),
        ({"conduct__max_penalty_years": -1}, "/conduct/max_penalty_years: -1 is not a whole number"),
        ({"conduct__max_penalty_years": True}, "/conduct/max_penalty_years: True is not a whole number"),
        ({"conduct__organised_group": "perhaps"}, "/conduct/organised_group: 'perhaps' is neither true nor false"),
        ({"orders": [{"id": "o", "kind": "parking ticket"}]}, "/orders/0/kind: 'parking-ticket' is no kind of order"),
        ({"orders": ["o"]}, "/orders/0: 'o' is not an object"),
        ({"orders": [{"kind": "freezing"}]}, "/orders/0/id: is missing"),
        ({"assets": []}, "/assets: no asset is named"),
        ({"assets": [{"id": "a"}]}, "/assets/0/class: is missing"),
        ({"assets": [FREEZE["assets"][0]] * 2}, "/assets/1/id: 'a1' is used twice"),
        ({"asset__situs": "cy"}, "/assets/0/situs: 'cy' is not a code of a State"),
        ({"asset__custody": "cold"}, "/assets/0/custody: 'cold' is not known. Use one of: hosted, unhosted"),
        ({"asset__value": {"amount": 1.5, "asset": "EUR"}}, "/assets/0/value/amount: 1.5 is not a whole number"),
        ({"asset__value": {"amount": "-3", "asset": "EUR"}}, "/assets/0/value/amount: amount"),
        ({"asset__value": {"amount": "3", "asset": "a b"}}, "asset code 'a b'"),
        ({"asset__token": {"issuer": "x"}}, "/assets/0/token/symbol: is missing"),
        ({"asset__holder": "x"}, "/assets/0/holder: 'x' is not an object"),
        ({"contents": ["F31"]}, "/contents/0: 'F31' is not a code"),
        ({"model_rules": ["MR0"]}, "/model_rules/0: 'MR0' is not a code"),
        ({"materials": [{"id": "m", "consent": 3}]}, "/materials/0/consent: 3 is neither true nor false"),
    ],
)
def test_a_fault_is_named_by_its_place(change: Json, place: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_question(json.dumps(request(**change)), "r.json")
    assert place in str(refusal.value) and str(refusal.value).startswith("r.json")


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        read_question(json.dumps(request(measure="seize", evidence="rumour", asset__situs="Cyprus")))
    assert len(refusal.value.defects) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "request:1: not JSON"),
        ("", "request:1: not JSON"),
        ('{"a": 1,\n "a" 2}', "request:2: not JSON"),
        ("[]", "is not a request"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": 1, "a": 2}', "a key is used twice"),
        ("[" * 100_000, "nested too deeply|recursion"),
        (b"\xff\xfe{}", "not a JSON request|not JSON"),
        ('{"a": ' + "9" * 5000 + "}", "not a JSON request"),
    ],
)
def test_what_is_not_json(text: str | bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read_question(text)


@pytest.mark.parametrize(
    ("limit", "value", "build"),
    [
        ("ASSETS_MAX", 3, lambda n: request(assets=[{"id": f"a{i}", "class": "bank"} for i in range(n)])),
        ("LIST_ITEMS_MAX", 3, lambda n: request(urgency=["x"] * n)),
        ("TEXT_CHARACTERS_MAX", 40, lambda n: request(requesting__authority="p" * n)),
        ("PENALTY_YEARS_MAX", 1000, lambda n: request(conduct__max_penalty_years=n)),
    ],
)
def test_limits_at_their_edge(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, build: Any) -> None:
    for module in (question_json, member):
        monkeypatch.setattr(module, limit, value, raising=False)
    read_question(json.dumps(build(value)))
    with pytest.raises(Refused):
        read_question(json.dumps(build(value + 1)))


def test_size_limit_at_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(FREEZE)
    monkeypatch.setattr(question_json, "REQUEST_BYTES_MAX", len(text))
    read_question(text)
    with pytest.raises(Refused, match="are more than"):
        read_question(text + " ")


@pytest.mark.parametrize("text", ["2026-11-21", "2026-11-21T08:00:00Z", "2026-11-22T01:00:00+02:00"])
def test_day_of_decision_is_a_day_in_utc(text: str) -> None:
    assert read_question(json.dumps(request(as_of=text))).as_of == date(2026, 11, 21)


def test_date_given_by_the_caller_goes_first() -> None:
    assert read_question(json.dumps(FREEZE), as_of=date(2030, 1, 2)).as_of == date(2030, 1, 2)
    read_question(json.dumps(request(as_of=None)), as_of=date(2030, 1, 2))


@pytest.mark.parametrize(
    ("kind", "confiscation", "criminal"),
    [
        ("freezing", False, True),
        ("Restraint order", False, True),
        ("seizure", False, True),
        ("confiscation-order", True, True),
        ("non-conviction forfeiture", True, True),
        ("civil freezing injunction", False, False),
        ("administrative freezing", False, False),
    ],
)
def test_kinds_of_orders(kind: str, confiscation: bool, criminal: bool) -> None:
    question = read_question(json.dumps(request(orders=[{"id": "o", "kind": kind, "state": "FR"}])))
    assert (question.orders[0].confiscation, question.orders[0].criminal) == (confiscation, criminal)


def test_the_order_nearest_to_finality_leads() -> None:
    orders = [
        {"id": "a", "kind": "confiscation", "state": "FR", "final": False, "under_appeal": True},
        {"id": "b", "kind": "confiscation", "state": "FR", "final": True},
        {"id": "c", "kind": "confiscation", "state": "DE", "final": True},
    ]
    leading = read_question(json.dumps(request(orders=orders))).leading_confiscation
    assert leading is not None and (leading.id, leading.under_appeal) == ("b", False)
