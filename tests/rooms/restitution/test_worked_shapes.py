"""Waterfall, several pools, defendants, advances, assets and disputes worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.rooms.restitution.build import answered, awards, losses

from recoup.restitution.sharing.crypto import Price
from recoup.restitution.sharing.waterfall import Costs

TWO = [{"name": "first"}, {"name": "second"}]
CLASSED = [
    {"id": "a", "loss": 60, "class": "first"},
    {"id": "b", "loss": 40, "class": "first"},
    {"id": "c", "loss": 50, "class": "second"},
]


@pytest.mark.parametrize(
    ("pool", "expected"),
    [(0, [0, 0, 0]), (50, [30, 20, 0]), (100, [60, 40, 0]), (101, [60, 40, 1]), (150, [60, 40, 50])],
)
def test_the_second_class_waits_for_the_last_unit_of_the_first(pool: int, expected: list[int]) -> None:
    assert awards("waterfall", pool, CLASSED, classes=TWO) == expected


def test_a_cap_inside_a_class_lets_the_rest_fall() -> None:
    """First: at most 30 each, 60 in all; 40 fall to the second class."""
    classes = [{"name": "first", "parameters": {"cap": 30}}, {"name": "second"}]
    answer = answered("waterfall", 100, CLASSED, classes=classes)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([30, 30, 40], 0)


def test_an_empty_class_passes_everything_on() -> None:
    classes = [{"name": "empty"}, *TWO]
    answer = answered("waterfall", 50, CLASSED, classes=classes)
    assert list(answer["awards"].values()) == [30, 20, 0]
    assert [(step["claims"], step["paid"]) for step in answer["trace"]] == [(0, 0), (0, 0), (2, 50), (1, 0)]


def test_costs_above_the_pool_take_the_pool_and_no_more() -> None:
    answer = answered("waterfall", 30, CLASSED, classes=TWO, costs={"due": 90})
    assert (answer["costs"], set(answer["awards"].values())) == (30, {0})


@pytest.mark.parametrize(
    ("due", "taken", "recoveries", "cap", "payable"),
    [
        (10, 0, 100, Fraction(1, 10), 10),
        (11, 0, 100, Fraction(1, 10), 10),
        # A tenth of 109 is 10.9: floored, the fund is never charged for a part of a unit.
        (11, 0, 109, Fraction(1, 10), 10),
        (10, 10, 100, Fraction(1, 10), 0),
        (10, 11, 100, Fraction(1, 10), 0),
        (10, 0, 100, Fraction(0), 0),
        (2**200, 0, 2**201, Fraction(1, 2), 2**200),
    ],
)
def test_costs_at_their_cap(due: int, taken: int, recoveries: int, cap: Fraction, payable: int) -> None:
    assert Costs(due, taken, recoveries, cap).payable == payable


def pooled(*rows: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"id": chr(97 + i), "loss": loss, "pools": pools.split()} for i, (loss, pools) in enumerate(rows)]


def test_a_chain_of_three_pools() -> None:
    """n 30, m 60, s 90 over a: n, b: n m, c: m s, d: s, 100 each. All four reach 45 % only if n can pay a 45: it has
    30. So a takes 30 and b, c, d share 150: 50 each, b 50 from m, c 10 from m and 40 from s."""
    rows = pooled((100, "n"), (100, "n m"), (100, "m s"), (100, "s"))
    answer = answered("leximin-pools", None, rows, pools={"n": 30, "m": 60, "s": 90})
    assert list(answer["awards"].values()) == [30, 50, 50, 50]
    assert answer["by_pools"]["b"] == {"m": 50}
    assert answer["by_pools"]["c"] == {"m": 10, "s": 40}


def test_pools_are_shared_in_proportion_to_losses() -> None:
    """One claimant of 300 and one of 100 with a common pool of 40, and 10 for the second alone: 37.5 and 12.5."""
    rows = pooled((300, "x"), (100, "x y"))
    answer = answered("leximin-pools", None, rows, pools={"x": 40, "y": 10}, rounding="interim")
    assert (list(answer["awards"].values()), answer["level"]) == ([37, 12], "1/8")
    assert answer["undivided"] == 1


def test_an_empty_pool_is_no_pool() -> None:
    rows = pooled((100, "x"), (100, "x y"))
    assert awards("leximin-pools", None, rows, pools={"x": 0, "y": 50}) == [0, 50]


def test_no_defendant_pays_more_than_is_ordered_over_all_payments() -> None:
    """Ordered 100 with 90 applied: of 40 collected only 10 are usable, 30 go back (18 USC 3664(h))."""
    defendants = {"d": {"ordered": 100, "applied": 90, "collected": 40}}
    answer = answered("joint-and-several", None, losses(200), defendants=defendants)
    assert (answer["awards"], answer["beyond_order"]) == ({"a": 10}, {"d": 30})


def test_an_order_already_exceeded_takes_nothing_more() -> None:
    defendants = {"d": {"ordered": 100, "applied": 130, "collected": 40}}
    answer = answered("joint-and-several", None, losses(200), defendants=defendants)
    assert (answer["awards"], answer["surplus"]) == ({"a": 0}, 40)


def test_a_victim_of_two_defendants_is_paid_once() -> None:
    """Both could pay the whole loss of 50: together they pay 50 and 70 stay (18 USC 3664(j))."""
    defendants = {"d": {"ordered": 60, "collected": 60}, "e": {"ordered": 60, "collected": 60}}
    answer = answered("joint-and-several", None, losses(50), defendants=defendants)
    assert (answer["awards"], answer["surplus"]) == ({"a": 50}, 70)


@pytest.mark.parametrize(
    ("pool", "cap", "customer", "guarantor", "advance"),
    [
        # 100 and 300 from 100: 25 and 75. Missing 75 and 225, advanced up to 50.
        (100, 50, [25, 75], [0, 0], [50, 50]),
        (100, 500, [25, 75], [0, 0], [75, 225]),
        (100, 0, [25, 75], [0, 0], [0, 0]),
        (400, 50, [100, 300], [0, 0], [0, 0]),
    ],
)
def test_advances_of_a_first_round(
    pool: int, cap: int, customer: list[int], guarantor: list[int], advance: list[int]
) -> None:
    answer = answered("sipa", pool, losses(100, 300), advance_cap=cap)
    found = [list(answer[name].values()) for name in ("customer", "guarantor", "advance")]
    assert found == [customer, guarantor, advance]


def test_the_guarantor_takes_what_its_advance_made_needless() -> None:
    """80 of 100 were advanced: the share of 60 gives the customer the missing 20, the guarantor 40."""
    rows = [{"id": "a", "loss": 100, "advanced": 80}]
    answer = answered("sipa", 60, rows)
    assert (answer["customer"], answer["guarantor"], answer["advance"]) == ({"a": 20}, {"a": 40}, {"a": 0})


def test_each_coin_is_a_pool_of_its_own() -> None:
    rows = [{"id": "a", "loss": 10, "asset": "BTC"}, {"id": "b", "loss": 30, "asset": "BTC"},
            {"id": "c", "loss": 10**21, "asset": "ETH"}]  # fmt: skip
    answer = answered("in-kind", None, rows, assets={"BTC": 20, "ETH": str(10**21 + 7)})
    assert answer["awards"] == {"a": 5, "b": 15, "c": 10**21}
    assert answer["surplus_by_asset"] == {"BTC": 0, "ETH": 7}


def test_dollarised_claims_are_paid_at_the_named_price() -> None:
    """One unit is 5/2: 100 units are worth 250, a half of 500; 125 each are 50 units."""
    price = {"base_per_unit": "5/2", "source": "order of the court"}
    answer = answered("dollarised", 100, losses(250, 250), price=price)
    assert (answer["valued"], answer["awards"]) == ({"a": 125, "b": 125}, {"a": 50, "b": 50})


@pytest.mark.parametrize("price", [0.5, 1.0, float("inf")])
def test_a_float_is_no_price(price: float) -> None:
    with pytest.raises(ValueError, match="never a float"):
        Price(price, "exchange")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "paid", "held"),
    [
        # 100 and 300 at most: 200 is half. Of b's 150, half of the allowed 100 is paid.
        ("pro-rata", [50, 50], 100),
        ("pro-rata-gross", [50, 50], 100),
        ("rising-tide", [50, 50], 100),
        # 100 each; b's allowed part is 100, nothing is held.
        ("cea", [100, 100], 0),
        # 100 lost to each: a 0, b 200; the allowed 100 lose 100 and receive nothing.
        ("cel", [0, 0], 200),
    ],
)
def test_a_disputed_part_is_held_under_every_rule(rule: str, paid: list[int], held: int) -> None:
    rows = [{"id": "a", "loss": 100}, {"id": "b", "loss": 100, "disputed": True, "maximum": 300}]
    answer = answered(rule, 200, rows)
    assert (list(answer["awards"].values()), answer["reserve"]) == (paid, held)


def test_a_dispute_at_its_allowed_amount_holds_nothing() -> None:
    rows = [{"id": "a", "loss": 100}, {"id": "b", "loss": 100, "disputed": True, "maximum": 100}]
    assert answered("pro-rata", 100, rows)["held"] == {}


def test_disputes_stay_within_the_cap() -> None:
    """Cap 40: b would have 150 held; it could never receive more than 40."""
    rows = [{"id": "a", "loss": 100}, {"id": "b", "loss": 0, "disputed": True, "maximum": 300}]
    answer = answered("pro-rata", 200, rows, cap=40)
    assert (answer["held"], answer["surplus"]) == ({"b": 40}, 120)


@pytest.mark.parametrize("rule", ["hold", "return", "state", "social-use"])
def test_a_surplus_rule_is_said_and_moves_nothing(rule: str) -> None:
    answer = answered("pro-rata", 130, losses(100), surplus=rule)
    assert (answer["surplus_rule"], answer["surplus"], answer["awards"]) == (rule, 30, {"a": 100})


@pytest.mark.parametrize(("pool", "extra", "left"), [(200, [0, 0], 0), (208, [2, 6], 0), (240, [10, 30], 0),
                                                     (250, [10, 30], 10)])  # fmt: skip
def test_interest_follows_the_full_payment_only(pool: int, extra: list[int], left: int) -> None:
    """10 and 30 of interest are allowed: 8 units are a fifth of it."""
    rows = [{"id": "a", "loss": 100, "interest": 10}, {"id": "b", "loss": 100, "interest": 30}]
    answer = answered("pro-rata", pool, rows, surplus="interest")
    assert (list(answer["interest"].values()), answer["surplus"]) == (extra, left)
