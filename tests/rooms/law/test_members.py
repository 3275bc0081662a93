"""Members of a request one by one: what each reader takes, what it refuses, and the place it names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, ORDER, Json, first, request

from recoup.ground import Defects, Refused
from recoup.law import member
from recoup.law.asset_json import asset_from
from recoup.law.at_hand import fields_at_hand
from recoup.law.codes import AuthorityType, Ladder
from recoup.law.member import At, shown
from recoup.law.order_json import order_from
from recoup.law.question_json import read_question
from recoup.law.remedies import remedies


def at(**row: Any) -> At:
    return At(row, "/here", "f", Defects())


def told(where: At) -> list[str]:
    return [defect.what for defect in where.defects]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (True, True), (False, False), (None, None), ("yes", True), ("YES", True), ("no", False), ("unknown", None),
        ("Unknown", None),
    ],
)  # fmt: skip
def test_flags_that_are_read(value: Any, found: bool | None) -> None:
    where = at(x=value)
    assert where.flag("x") is found and told(where) == []


@pytest.mark.parametrize("value", [0, 1, "true", "y", "", " yes", [], {}, 1.0])
def test_flags_that_are_not_read_are_unknown_and_named(value: Any) -> None:
    """`1` and `"true"` are guesses; a flag that was guessed could open a route."""
    where = at(x=value)
    assert where.flag("x") is None
    assert len(told(where)) == 1 and told(where)[0].startswith("/here/x: ")


@pytest.mark.parametrize("value", [0, 1, 5, 10])
def test_whole_numbers_up_to_the_limit(value: int) -> None:
    where = at(x=value)
    assert where.whole("x", 10) == value and told(where) == []


@pytest.mark.parametrize("value", [-1, 11, 1.0, "5", True, [], 10**40])
def test_what_is_no_whole_number_is_unknown_and_named(value: Any) -> None:
    where = at(x=value)
    assert where.whole("x", 10) is None and told(where)[0].startswith("/here/x: ")


@pytest.mark.parametrize("value", ["FR", "GB", "GR", "XK", "ZZ"])
def test_codes_of_states_that_are_read(value: str) -> None:
    where = at(x=value)
    assert where.state("x") == value and told(where) == []


@pytest.mark.parametrize(
    ("value", "mend"),
    [("UK", "Use GB"), ("EL", "Use GR"), ("fr", "such as CY"), ("FRA", "such as CY"), ("F", "such as CY"),
     ("ＦＲ", "such as CY"), ("F\n", "such as CY"), (" FR", "such as CY"), ("FR\n", "such as CY")],
)  # fmt: skip
def test_codes_of_states_that_are_not(value: str, mend: str) -> None:
    where = at(x=value)
    assert where.state("x") is None
    assert mend in next(iter(where.defects)).mend


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("value", [None, ""])
def test_text_that_is_absent_is_missed_only_where_it_is_required(value: str | None, required: bool) -> None:
    where = at(x=value)
    assert where.text("x", required) is None
    assert told(where) == (["/here/x: is missing"] if required else [])
    assert at().text("x", required=False) is None


def test_a_list_with_one_bad_item_names_the_item_and_keeps_the_others() -> None:
    where = at(x=["a", 1, "b", None])
    assert where.texts("x") == ("a", "b")
    assert [text.split(":")[0] for text in told(where)] == ["/here/x/1", "/here/x/3"]


def test_rows_keep_their_place_in_the_list() -> None:
    where = at(x=[{"a": 1}, 2, {"a": 3}])
    assert [row.place for row in where.rows("x", 9)] == ["/here/x/0", "/here/x/2"]
    assert told(where) == ["/here/x/1: 2 is not an object"]


def test_a_list_that_is_too_long_is_cut_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member, "LIST_ITEMS_MAX", 2)
    where = at(x=["a", "b", "c"])
    assert where.texts("x") == ("a", "b") and told(where) == ["/here/x: 3 items are more than 2"]


@pytest.mark.parametrize("value", ["a" * 500, "\u202e" * 40, "\x00\x1b", [1] * 500, {"k": "v" * 99}])
def test_what_is_shown_of_a_bad_value_is_short_and_ascii(value: object) -> None:
    """A message goes to a terminal: nothing in it may turn the line or clear the screen."""
    assert len(shown(value)) <= 60 and shown(value).isascii() and shown(value).isprintable()


@pytest.mark.parametrize(
    ("kind", "confiscates", "criminal"),
    [
        ("freezing", False, True), ("Restraint order", False, True), ("seizure", False, True),
        ("preservation order", False, True), ("saisie: attachment", False, True), ("confiscation", True, True),
        ("forfeiture", True, True), ("civil forfeiture", True, False), ("administrative freezing", False, False),
        ("non-conviction-based confiscation", True, True), ("civil non-conviction confiscation", True, True),
        ("Confiscation (criminal)", True, True), ("civilian freezing", False, True),
    ],
)  # fmt: skip
def test_kinds_of_orders(kind: str, confiscates: bool, criminal: bool) -> None:
    """`civil` counts only as a word of its own."""
    found = order_from(at(id="o", kind=kind))
    assert found is not None and (found.confiscation, found.criminal) == (confiscates, criminal)


@pytest.mark.parametrize("kind", ["parking", "warrant of arrest", "\u202e", "冻结"])
def test_what_is_no_kind_of_order_is_refused(kind: str) -> None:
    where = at(id="o", kind=kind)
    order_from(where)
    assert any("/here/kind" in text for text in told(where))


@pytest.mark.parametrize(
    ("final", "appeal", "read"),
    [
        (True, None, False), (True, True, True), (True, False, False), (False, None, None), (None, None, None),
        (None, False, False),
    ],
)  # fmt: skip
def test_an_order_stated_as_final_is_not_under_appeal_unless_it_says_so(
    final: bool | None, appeal: bool | None, read: bool | None
) -> None:
    found = order_from(at(id="o", kind="confiscation", final=final, under_appeal=appeal))
    assert found is not None and (found.final, found.under_appeal) == (final, read)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ({"amount": "0", "asset": "EUR"}, 0), ({"amount": 7, "asset": "EUR"}, 7), (None, None), ({}, None),
        ({"amount": str(2**256 - 1), "asset": "ETH"}, 2**256 - 1), ({"asset": "EUR"}, None),
    ],
)  # fmt: skip
def test_values_that_are_read(value: Any, amount: int | None) -> None:
    where = At({**ACCOUNT, "value": value}, "/a", "f", Defects())
    found = asset_from(where).value
    assert (found.amount if found else None) == amount and told(where) == []


@pytest.mark.parametrize("amount", ["1.5", "1,000", "-1", "1e3", " 1", "", "٣", "0x1", True, 1.0, [], str(10**200)])
def test_amounts_that_are_no_whole_numbers_are_refused(amount: Any) -> None:
    """A point or comma in an amount means another unit: the difference is a hundredfold."""
    where = At({**ACCOUNT, "value": {"amount": amount, "asset": "EUR"}}, "/a", "f", Defects())
    assert asset_from(where).value is None and any("/a/value/amount" in text for text in told(where))


AT_HAND: list[tuple[str, Json, Json]] = [
    ("F01", FREEZE, request(requesting__authority="")),
    ("F05", FREEZE, request(conduct__labels=[])),
    ("F05", FREEZE, request(conduct__max_penalty_years=None)),
    ("F07", FREEZE, request(asset__holder={})),
    ("F10", FREEZE, request(asset__value=None)),
    ("F10", FREEZE, request(asset__situs=None)),
    ("F11", FREEZE, request(orders=[{**ORDER, "certified": None}])),
    ("F15", FREEZE, request(urgency=[])),
    ("F16", request(constraints=["confidential"]), FREEZE),
    ("F21", request(constraints=["translated"]), FREEZE),
    ("F24", FREEZE, request(urgency=[])),
    ("F22", request(contents=["F22"]), FREEZE),
]


@pytest.mark.parametrize(("code", "filled", "bare"), AT_HAND)
def test_a_content_is_at_hand_only_when_the_request_holds_it(code: str, filled: Json, bare: Json) -> None:
    """What is taken as written but is not would leave an incomplete request unnoticed (G08)."""
    for data, expected in ((filled, True), (bare, False)):
        question = read_question(json.dumps(data))
        assert (code in fields_at_hand(question, question.assets[0], enforcing=False)) is expected
        for one in first(data).portfolio:
            if one.leg not in ("enforce", "return") and code in one.contents:
                assert (code in one.missing) is not expected


@pytest.mark.parametrize(
    ("order", "final"),
    [
        (CONFISCATION, True), ({**CONFISCATION, "final": None}, False), ({**CONFISCATION, "under_appeal": True}, False),
        ({**CONFISCATION, "final": False}, False),
    ],
)  # fmt: skip
def test_finality_is_at_hand_only_when_it_is_certain(order: Json, final: bool) -> None:
    question = read_question(json.dumps(request(orders=[order])))
    assert ("F12" in fields_at_hand(question, question.assets[0], enforcing=True)) is final
    assert "F12" not in fields_at_hand(question, question.assets[0], enforcing=False)


@pytest.mark.parametrize("name", sorted(remedies()))
def test_each_remedy_opens_at_its_step_and_not_below(name: str) -> None:
    """The ladder of evidence: one step less is no, one unknown is unknown, for every authority of the matrix."""
    remedy = remedies()[name]
    for who in AuthorityType:
        allowed = who in remedy.who
        for level in Ladder:
            expected = "yes" if allowed and level >= remedy.standard else "no"
            assert remedy.open_to(who, level, True).answer == expected
        if allowed:
            assert remedy.open_to(who, None, True).answer == "unknown"
            if remedy.conviction:
                assert remedy.open_to(who, Ladder.E4, None).answer == "unknown"
                assert remedy.open_to(who, Ladder.E4, False).answer == "no"


def test_refusals_are_told_together_and_in_the_order_of_reading() -> None:
    data = request(measure="seize", asset__situs="Cyprus", conduct__organised_group="maybe", orders=[{"id": 1}])
    with pytest.raises(Refused) as refusal:
        read_question(json.dumps(data), "r.json")
    places = [defect.what.split(":")[0] for defect in refusal.value.defects]
    assert places[0] == "/measure" and {"/assets/0/situs", "/conduct/organised_group", "/orders/0/kind"} <= set(places)
    assert len(places) == len(set(places))
