"""Rules side by side, and their picture."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from lxml import etree
from tests.rooms.restitution.build import claims

from recoup.restitution.plan import RULES_COMPARED, compared, picture, simulate
from recoup.restitution.plan.picture import decimal, percent
from recoup.restitution.plan.simulate import QUANTILES, gini, order_breaks
from recoup.restitution.sharing.allocate import Rulebook
from recoup.restitution.sharing.columns import column
from recoup.restitution.sharing.rules import Options

HUBER = claims([150_000] * 3, withdrawn=[60_000, 30_000, 0])


def slow_gini(values: list[int]) -> Fraction:
    """Mean absolute difference over twice the mean, by definition."""
    whole = sum(values)
    apart = sum(abs(a - b) for a in values for b in values)
    return Fraction(apart, 2 * len(values) * whole) if whole else Fraction(0)


def test_gini_is_exact() -> None:
    chance = random.Random(3)
    for _ in range(200):
        values = [chance.choice([0, 1, chance.randint(0, 10**9), 10**30]) for _ in range(chance.randrange(1, 9))]
        assert gini(column(values)) == slow_gini(values)
    assert gini(column([])) == 0
    assert gini(column([5, 5, 5])) == 0
    assert gini(column([2**48] * 4095)) == 0


def test_order_breaks_by_definition() -> None:
    chance = random.Random(4)
    for _ in range(200):
        n = chance.randrange(1, 9)
        losses, awards = ([chance.randrange(0, 6) for _ in range(n)] for _ in range(2))
        slow = sum(any(losses[j] < losses[i] and awards[j] > awards[i] for j in range(n)) for i in range(n))
        assert order_breaks(column(losses), column(awards)) == slow
    assert order_breaks(column([]), column([])) == 0


def test_huber_side_by_side() -> None:
    """The court weighed exactly this: under the rising tide one of three gets nothing."""
    baseline, books = compared(HUBER, Rulebook("rising-tide"))
    found = {outcome.name: outcome for outcome in simulate(HUBER, 60_000, baseline, books)}
    assert baseline == "rising-tide"
    assert len(found) >= 6 <= len(RULES_COMPARED)
    tide, net = found["rising-tide"], found["pro-rata"]
    assert (tide.zero, tide.share_at_zero, net.zero) == (1, Fraction(1, 3), 0)
    assert (net.gainers, net.losers, net.moved) == (2, 1, 20_000)
    assert (tide.gainers, tide.losers, tide.moved) == (0, 0, 0)
    assert tide.gini == slow_gini([0, 15_000, 45_000])
    assert tide.curve[0] == tide.curve[QUANTILES // 2] == 3000


def test_a_plan_with_its_own_parameters_is_compared_too() -> None:
    own = Rulebook("rising-tide", Options(cap=10_000))
    baseline, books = compared(HUBER, own)
    assert baseline == "plan: rising-tide"
    assert books[baseline] is own
    assert compared(HUBER)[0] == "pro-rata"
    assert compared(claims([0]))[1]


def test_recovery_curve_without_overflow() -> None:
    wide = claims([2**49 - 1, 3], withdrawn=[2**48, 1])
    huge = claims([2**200, 3], withdrawn=[2**199, 1])
    for found in (wide, huge):
        outcome = simulate(found, 0, "pro-rata", {"pro-rata": Rulebook("pro-rata")})[0]
        assert outcome.curve[0] == 3333
        assert outcome.curve[-1] == 5000
    nobody = simulate(claims([0, 0]), 0, "cea", {"cea": Rulebook("cea")})[0]
    assert (set(nobody.curve), nobody.share_at_zero) == ({0}, Fraction(0))


def test_picture_is_well_formed_and_says_what_it_shows() -> None:
    baseline, books = compared(HUBER, Rulebook("rising-tide"))
    svg = picture(simulate(HUBER, 60_000, baseline, books), baseline, "Fund <A> & B")
    root = etree.fromstring(svg.encode())
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Fund <A> & B" in words
    assert "rising-tide (baseline)" in words
    assert "33.3 % get nothing · median recovery 30.0 %" in words
    assert len(root.findall(".//{*}path[@class='base']")) == len(books) - 1
    assert svg == picture(simulate(HUBER, 60_000, baseline, books), baseline, "Fund <A> & B")


@pytest.mark.parametrize(
    ("value", "words"), [(Fraction(1, 3), "33.3 %"), (Fraction(1), "100.0 %"), (Fraction(0), "0.0 %")]
)
def test_percent_is_rounded_down(value: Fraction, words: str) -> None:
    assert percent(value) == words
    assert decimal(Fraction(12345678, 10), 2) == "1,234,567.80"
