"""Hostile problem files: whatever stands where a value is expected becomes a named fault, never a traceback."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.test_problem import GOOD, faults, only

from recoup.ground import Defects, Refused
from recoup.restitution import UnknownRule, answer_json, read_problem, solve
from recoup.restitution.reading import Node, load_json, load_toml, one_of
from recoup.restitution.sharing.catalogue import NAMES

ODD: list[Any] = [None, True, -1, 0.5, "", "x\u202ey", [], ["x"], [["x"]], {}, {"x": []}, {"x": {"y": 1}}, 2**256]
FIELDS = ("pool", "rounding", "seed", "claims", "parameters", "note")
PARAMETERS = (
    "cap", "minimum", "catch_up", "de_minimis", "convenience", "withdrawals", "rule", "classes", "costs", "pools",
    "defendants", "advance_cap", "assets", "price", "surplus",
)  # fmt: skip
ROW = (
    "id", "loss", "gross", "withdrawn", "collateral", "paid", "elsewhere", "balance", "interest", "weight", "lower",
    "upper", "beneficiary", "class", "pools", "defendants", "asset", "advanced", "disputed", "maximum", "elects",
)  # fmt: skip


def node(value: object) -> Node:
    return Node(value, "/here", "f", Defects())


def survives(problem: dict[str, Any]) -> None:
    """Refused with places, or solved with every unit accounted for; anything else fails the test."""
    try:
        found = read_problem(json.dumps(problem), "p.json")
    except UnknownRule:
        return
    except Refused as refused:
        assert all("at /" in str(defect) or "is not" in str(defect) for defect in refused.defects)
        return
    answer_json(found, solve(found)).encode()


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("name", PARAMETERS)
def test_any_value_for_any_parameter_of_any_rule(rule: str, name: str) -> None:
    for value in ODD:
        survives(GOOD | {"rule": rule, "parameters": {name: value}})


@pytest.mark.parametrize("rule", ["pro-rata", "talmud", "leximin-pools", "joint-and-several", "waterfall", "in-kind"])
@pytest.mark.parametrize("name", ROW)
def test_any_value_for_any_field_of_a_claim(rule: str, name: str) -> None:
    parameters = {
        "leximin-pools": {"pools": {"x": 10}}, "joint-and-several": {"defendants": {"x": {"collected": 10}}},
        "waterfall": {"classes": [{"name": "x"}]}, "in-kind": {"assets": {"x": 10}},
    }.get(rule, {})  # fmt: skip
    for value in [*ODD, 3, "x"]:
        row = {"id": "a", "loss": 5, "class": "x", "asset": "x", name: value}
        survives(GOOD | {"rule": rule, "claims": [row], "parameters": parameters})


@pytest.mark.parametrize("name", FIELDS)
def test_any_value_for_any_member_of_the_problem(name: str) -> None:
    for value in ODD:
        survives(GOOD | {name: value})


def test_a_list_of_lists_of_pools_is_named() -> None:
    rows = [{"id": "a", "loss": 5, "pools": [["x"]]}]
    found = faults(json.dumps({"rule": "pools", "claims": rows, "parameters": {"pools": {"x": 1}}}))
    assert found[0].startswith("p.json: at /claims/0/pools/0: ['x'] is not among the pools")


def test_a_list_for_withdrawals_is_named() -> None:
    found = only(rule="rising-tide", parameters={"withdrawals": ["considered"]})
    assert "at /parameters/withdrawals: " in found
    assert "Write considered or ignored" in found


@pytest.mark.parametrize("name", ["", "x\x00", "\u202e", "y" * 201])
def test_names_of_pools_and_defendants_can_be_shown(name: str) -> None:
    pools = {"rule": "pools", "claims": [], "parameters": {"pools": {name: 1}}}
    assert any("printable characters" in fault for fault in faults(json.dumps(pools)))
    one = {"rule": "defendants", "claims": [], "parameters": {"defendants": {name: {"collected": 1}}}}
    assert any("printable characters" in fault for fault in faults(json.dumps(one)))


def test_lower_bounds_are_refused_over_several_pools() -> None:
    rows = [{"id": "a", "loss": 5, "lower": 3}]
    found = faults(json.dumps({"rule": "pools", "claims": rows, "parameters": {"pools": {"x": 9}}}))
    assert found == ["p.json: at /claims/0/lower: lower is not defined over several pools. Leave it out"]


def test_interest_waits_for_the_disputes() -> None:
    rows = [{"id": "a", "loss": 5, "disputed": True, "maximum": 9}]
    found = only(claims=rows, parameters={"surplus": "interest"})
    assert "at /parameters/surplus: interest is not paid while claims are disputed. Hold the surplus" in found


@pytest.mark.parametrize("text", ["٣", "１２", "१", "²", "+1", "1_000", " 1", "1 ", "1\n", "0x1", "1e3", "-0", "1.0"])
def test_amounts_are_plain_ascii_digits(text: str) -> None:
    found = node(text)
    assert found.whole(7) == 7
    assert "is not an amount" in str(next(iter(found.defects)))


@pytest.mark.parametrize("value", [0, 1, 2**53 + 1, 10**21, 2**256 - 1])
def test_amounts_up_to_256_bits_are_read_exactly(value: int) -> None:
    assert node(value).whole() == node(str(value)).whole() == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", Fraction(0)), ("1/3", Fraction(1, 3)), ("2/6", Fraction(1, 3)), ("12.5%", Fraction(1, 8)),
     ("0.125", Fraction(1, 8)), ("100%", Fraction(1)), ("0.1", Fraction(1, 10)), ("33.3%", Fraction(333, 1000))],
)  # fmt: skip
def test_fractions_are_exact(text: str, value: Fraction) -> None:
    found = node(text)
    assert (found.ratio(), len(found.defects)) == (value, 0)


@pytest.mark.parametrize("text", ["", "1/0", "1/3%", "1.5/2", "-1/3", "1/-3", ".5", "5.", "1e-1", "٣%", "1/3\n", "½"])
def test_what_is_no_fraction(text: str) -> None:
    found = node(text)
    found.ratio()
    assert "is not an exact fraction" in str(next(iter(found.defects)))


@pytest.mark.parametrize("value", ["", "\x00", "a\tb", "a\rb", "\u202e", "\ud800", "\u2028", 5, None, ["a"]])
def test_what_is_no_text(value: object) -> None:
    found = node(value)
    assert found.text() == ""
    assert "printable characters" in str(next(iter(found.defects)))


@pytest.mark.parametrize("value", [0, 1, "true", None, []])
def test_what_is_no_flag(value: object) -> None:
    found = node(value)
    assert found.flag() is False
    assert "neither true nor false" in str(next(iter(found.defects)))


def test_places_are_escaped_as_rfc_6901_says() -> None:
    defects = Defects()
    load_json('{"a/b": {"c~d": [0, 1.5]}}', "f", defects).members(("x",))
    assert "at /a~1b: unknown member" in str(next(iter(defects)))


def test_long_lists_and_objects_stop_at_their_limit() -> None:
    assert len(node([1, 2]).items(2)) == 2
    long = node([1, 2, 3])
    assert long.items(2) == []
    assert "at most 2 elements" in str(next(iter(long.defects)))
    wide = node({"a": 1, "b": 2})
    assert list(wide.pairs(1)) == []
    assert len(wide.defects) == 1


def test_a_name_among_others() -> None:
    found = node("cella")
    assert one_of(found, ("cea", "cel")) == "cea"
    assert "Write one of: cea, cel" in str(next(iter(found.defects)))


@pytest.mark.parametrize("text", ["a = ", "a = 1\na = 2", "[a", "\x00"])
def test_what_is_no_toml(text: str) -> None:
    with pytest.raises(Refused, match="is not TOML"):
        load_toml(text, "f.toml", Defects())


@pytest.mark.parametrize("text", ["a = 1.5", "a = 1e3", "a = nan", "a = inf"])
def test_numbers_of_toml_with_a_point_are_inexact(text: str) -> None:
    defects = Defects()
    load_toml(text, "f.toml", defects).members(("a",))["a"].whole()
    assert "is not exact" in str(next(iter(defects)))


@settings(max_examples=150, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=4),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
                    max_leaves=8), st.sampled_from(NAMES))  # fmt: skip
def test_any_json_where_parameters_and_claims_stand(value: object, rule: str) -> None:
    survives({"rule": rule, "pool": 5, "claims": GOOD["claims"], "parameters": value})
    survives({"rule": rule, "pool": 5, "claims": value, "parameters": {}})


def test_a_pool_without_defendants_is_named_and_not_lost() -> None:
    assert "pool 10 is not the sum of its parts (0)" in only(rule="joint-and-several")
