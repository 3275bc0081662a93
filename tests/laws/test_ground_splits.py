"""The two exact splits of `ground` against fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.ground import apportion, largest_remainder

WEIGHTS = st.lists(st.integers(0, 2**70), min_size=1, max_size=12).filter(any)
TOTALS = st.integers(0, 2**256)


def shares(total: int, weights: list[int]) -> list[Fraction]:
    return [Fraction(total) * weight / sum(weights) for weight in weights]


@given(TOTALS, WEIGHTS)
def test_apportion_is_within_one_unit_of_each_share_and_loses_nothing(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert all(abs(part - share) < 1 for part, share in zip(parts, shares(total, weights), strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(TOTALS, WEIGHTS)
def test_apportion_rounds_each_running_sum_down(total: int, weights: list[int]) -> None:
    parts, exact = apportion(total, weights), shares(total, weights)
    for j in range(len(weights)):
        assert sum(parts[: j + 1]) == sum(exact[: j + 1], Fraction(0)) // 1


@given(st.data(), WEIGHTS)
def test_apportion_never_gives_more_than_the_weight(data: st.DataObject, weights: list[int]) -> None:
    parts = apportion(data.draw(st.integers(0, sum(weights))), weights)
    assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(TOTALS, WEIGHTS, st.integers(1, 2**40))
def test_splits_see_only_the_ratio_of_weights(total: int, weights: list[int], times: int) -> None:
    scaled = [weight * times for weight in weights]
    assert apportion(total, scaled) == apportion(total, weights)
    assert largest_remainder(total, scaled) == largest_remainder(total, weights)


@given(TOTALS, WEIGHTS)
def test_largest_remainder_gives_floors_and_the_rest_to_the_largest_remainders(total: int, weights: list[int]) -> None:
    parts, exact = largest_remainder(total, weights), shares(total, weights)
    assert sum(parts) == total
    assert all(part - share // 1 in (0, 1) for part, share in zip(parts, exact, strict=True))
    raised = [share % 1 for part, share in zip(parts, exact, strict=True) if part > share // 1]
    left = [share % 1 for part, share in zip(parts, exact, strict=True) if part == share // 1]
    assert min(raised, default=1) >= max(left, default=0)


@given(TOTALS, WEIGHTS)
def test_largest_remainder_breaks_ties_to_the_earlier(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    for i in range(len(weights)):
        for j in range(i):
            if weights[i] == weights[j]:
                assert parts[j] >= parts[i]


@given(TOTALS, st.lists(st.integers(0, 2**70), min_size=1, max_size=8).filter(any))
def test_no_split_is_nearer_in_the_sum_of_squares(total: int, weights: list[int]) -> None:
    """Hamilton's method minimises the squared error: moving one unit anywhere does not help."""
    parts, exact = largest_remainder(total, weights), shares(total, weights)
    for i in range(len(parts)):
        for j in range(len(parts)):
            if i != j:
                # (e_i + 1)^2 + (e_j - 1)^2 >= e_i^2 + e_j^2  <=>  e_i - e_j + 1 >= 0
                assert (parts[i] - exact[i]) - (parts[j] - exact[j]) + 1 >= 0


@pytest.mark.parametrize("split", [apportion, largest_remainder])
def test_nothing_to_split_by(split: object) -> None:
    assert callable(split)
    assert split(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="every weight is zero"):
        split(1, [0, 0])


def test_worked_by_hand() -> None:
    # 100 by 1:1:1: running sums 33.3, 66.7, 100 -> 33, 66, 100 -> parts 33, 33, 34.
    assert apportion(100, [1, 1, 1]) == [33, 33, 34]
    # Floors 33, 33, 33; the unit left over goes to the earliest of three equal remainders.
    assert largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
    # 10 by 6:3:2: shares 5.45, 2.73, 1.82 -> floors 5, 2, 1; remainders .45, .73, .82 -> two units to the last two.
    assert largest_remainder(10, [6, 3, 2]) == [5, 3, 2]
    # Running sums 5.45, 8.18, 10 -> 5, 8, 10.
    assert apportion(10, [6, 3, 2]) == [5, 3, 2]
