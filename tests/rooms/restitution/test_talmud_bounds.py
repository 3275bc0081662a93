"""The Talmud rule between caps and minimums: no money idle beside an open claim, no minimum forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.build import answered, awards, claims, losses

from recoup.restitution.sharing.allocate import Rulebook, allocate
from recoup.restitution.sharing.columns import total
from recoup.restitution.sharing.rules import Options

FEW = settings(max_examples=200, deadline=None)


def test_a_cap_sends_the_rest_to_those_below_it() -> None:
    """Cap 20 on 10, 10, 1000: together 40. Half of each loss would leave 10 unpaid beside 70 idle."""
    answer = answered("talmud", 100, losses(10, 10, 1000), cap=20)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([10, 10, 20], 60)


def test_below_the_capped_halves_the_cap_does_not_matter() -> None:
    """Halves 5, 5 and the cap 20 make 30; 9 is three each."""
    assert awards("talmud", 9, losses(10, 10, 1000), cap=20) == [3, 3, 3]
    assert awards("talmud", 30, losses(10, 10, 1000), cap=20) == [5, 5, 20]


def test_own_upper_bounds_close_the_lower_branch_too() -> None:
    rows = [{"id": "a", "loss": 10}, {"id": "b", "loss": 1000, "upper": 20}]
    answer = answered("talmud", 100, rows)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([10, 20], 70)


def test_a_minimum_above_half_of_the_loss_is_paid() -> None:
    """Minimum 20 of a loss of 20, though half of it is 10: 20 to a, 20 to b, then b alone up to its half of 100."""
    assert awards("talmud", 40, losses(20, 200), minimum=20) == [20, 20]
    assert awards("talmud", 60, losses(20, 200), minimum=20) == [20, 40]


def test_a_minimum_beyond_the_loss_is_the_loss() -> None:
    assert awards("talmud", 25, losses(5, 100), minimum=20) == [5, 20]


def test_a_minimum_that_the_pool_does_not_reach_is_shared_equally() -> None:
    assert awards("talmud", 18, losses(100, 200), minimum=20) == [9, 9]


@pytest.mark.parametrize("paid", [0, 5, 19, 20, 50])
def test_the_cap_counts_earlier_rounds(paid: int) -> None:
    rows = [{"id": "a", "loss": 1000, "paid": paid}, {"id": "b", "loss": 1000, "paid": paid}]
    answer = answered("talmud", 500, rows, cap=20)
    assert set(answer["awards"].values()) == {max(0, 20 - paid)}


@FEW
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=6),
    st.integers(0, 2000),
    st.integers(0, 200),
    st.integers(0, 200),
    st.sampled_from(["pro-rata", "cea", "cel", "talmud", "rising-tide"]),
)
def test_money_is_left_only_where_everyone_has_loss_or_cap(
    gross: list[int], pool: int, cap: int, minimum: int, rule: str
) -> None:
    shared = allocate(Rulebook(rule, Options(cap=cap, minimum=minimum)), claims(gross), pool)
    full = [min(loss, cap) for loss in gross]
    assert shared.awards.tolist() == full if shared.surplus else total(shared.awards) == pool
    assert all(award <= most for award, most in zip(shared.awards.tolist(), full, strict=True))


@FEW
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=6),
    st.integers(0, 2000),
    st.integers(1, 200),
    st.sampled_from(["pro-rata", "cea", "cel", "talmud", "rising-tide"]),
)
def test_everyone_has_the_minimum_where_the_pool_reaches_it(
    gross: list[int], pool: int, minimum: int, rule: str
) -> None:
    least = [min(loss, minimum) for loss in gross]
    shared = allocate(Rulebook(rule, Options(minimum=minimum)), claims(gross), pool).awards.tolist()
    if sum(least) <= pool:
        assert all(award >= floor for award, floor in zip(shared, least, strict=True))
    else:
        assert all(award <= floor for award, floor in zip(shared, least, strict=True))
