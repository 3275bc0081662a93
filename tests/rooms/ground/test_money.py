"""Money refuses what is not exact; the two splits lose and invent nothing."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.ground import Asset, Money, apportion, largest_remainder

EUR, BTC = Asset("EUR"), Asset("BTC")

WEIGHTS = st.lists(st.integers(0, 2**70), min_size=1, max_size=30)
TOTALS = st.integers(0, 2**256 - 1)


def test_money_adds_and_subtracts_within_one_asset() -> None:
    assert Money(5, EUR) + Money(7, EUR) == Money(12, EUR)
    assert Money(5, EUR) - Money(7, EUR) == Money(-2, EUR)
    assert str(Money(1_234, EUR)) == "12.34 EUR"


def test_two_assets_are_never_added_or_compared() -> None:
    with pytest.raises(ValueError, match="different assets"):
        Money(5, EUR) + Money(5, BTC)
    with pytest.raises(ValueError, match="different assets"):
        Money(5, EUR) - Money(5, BTC)
    with pytest.raises(ValueError, match="different assets"):
        assert Money(5, EUR) < Money(6, BTC)
    assert Money(5, EUR) != Money(5, BTC)


def test_money_is_ordered_within_one_asset() -> None:
    amounts = [Money(3, EUR), Money(1, EUR), Money(2, EUR)]
    assert [money.amount_minor for money in sorted(amounts)] == [1, 2, 3]
    assert Money(2, EUR) >= Money(2, EUR) > Money(1, EUR)


@pytest.mark.parametrize("amount", [1.0, True, "1", None, Fraction(1)])
def test_money_that_is_not_an_integer_is_refused(amount: Any) -> None:
    with pytest.raises(TypeError, match="money is an integer"):
        Money(amount, EUR)


@pytest.mark.parametrize("split", [apportion, largest_remainder])
class TestBothSplits:
    def test_nothing_to_split_by(self, split: Any) -> None:
        assert split(0, [0, 0]) == [0, 0]
        assert split(0, []) == []
        with pytest.raises(ValueError, match="nothing to split by"):
            split(1, [0, 0])
        with pytest.raises(ValueError, match="nothing to split by"):
            split(1, [])

    def test_a_negative_weight_is_refused(self, split: Any) -> None:
        with pytest.raises(ValueError, match="negative"):
            split(1, [2, -1])

    @given(total=TOTALS, weights=WEIGHTS)
    def test_sums_and_bounds(self, split: Any, total: int, weights: list[int]) -> None:
        if not any(weights):
            return
        parts = split(total, weights)
        assert sum(parts) == total and len(parts) == len(weights)
        for part, weight in zip(parts, weights, strict=True):
            share = Fraction(total * weight, sum(weights))
            assert abs(part - share) < 1
            assert weight or part == 0

    @given(weights=WEIGHTS, data=st.data())
    def test_no_part_exceeds_its_weight_while_there_is_enough(
        self, split: Any, weights: list[int], data: st.DataObject
    ) -> None:
        total = data.draw(st.integers(0, sum(weights)))
        assert all(part <= weight for part, weight in zip(split(total, weights), weights, strict=True))


@given(total=TOTALS, weights=WEIGHTS, cut=st.integers(0, 30))
def test_running_sums_of_apportion_are_the_floors_of_the_true_ones(total: int, weights: list[int], cut: int) -> None:
    if any(weights):
        true = Fraction(total * sum(weights[:cut]), sum(weights))
        assert sum(apportion(total, weights)[:cut]) == floor(true)


@given(total=TOTALS, weights=WEIGHTS)
def test_largest_remainder_is_within_quota_and_gives_to_the_largest_remainders(total: int, weights: list[int]) -> None:
    if not any(weights):
        return
    shares = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = largest_remainder(total, weights)
    raised = [share - floor(share) for part, share in zip(parts, shares, strict=True) if part > floor(share)]
    kept = [share - floor(share) for part, share in zip(parts, shares, strict=True) if part == floor(share)]
    assert all(floor(share) <= part <= ceil(share) for part, share in zip(parts, shares, strict=True))
    assert not raised or not kept or min(raised) >= max(kept)


def test_ties_go_to_the_earlier() -> None:
    assert largest_remainder(2, [1, 1, 1]) == [1, 1, 0]
    assert largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
    assert apportion(100, [1, 1, 1]) == [33, 33, 34]


def test_magnitudes_beyond_256_bits_stay_exact() -> None:
    huge = 10**300
    assert apportion(huge, [1, 2]) == [huge // 3, huge - huge // 3]
