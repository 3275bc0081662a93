"""The convenience class over rounds, under a cap, with elections, and when the pool is short."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.build import answered, awards, claims, losses

from recoup.restitution.sharing.allocate import Convenience, Rulebook, Way, allocate
from recoup.restitution.sharing.columns import total
from recoup.restitution.sharing.kernel import Rounding

CLASS = {"threshold": 50, "share": "80%"}
INTERIM = Way(Rounding.INTERIM)


def test_the_fixed_share_is_paid_once_over_all_rounds() -> None:
    """80 % of 40 is 32; round one paid it, so round two owes nothing and all 10 go to the large claim."""
    rows = [{"id": "a", "loss": 40, "paid": 32}, {"id": "b", "loss": 1000, "paid": 68}]
    assert awards("convenience", 10, rows, convenience=CLASS) == [0, 10]


def test_a_class_cut_in_round_one_is_brought_to_its_share_in_round_two() -> None:
    rows = [{"id": "a", "loss": 40, "paid": 20}, {"id": "b", "loss": 1000}]
    assert awards("convenience", 30, rows, convenience=CLASS) == [12, 18]


def test_the_cap_holds_in_the_class() -> None:
    """80 % of 40 would be 32; nobody receives more than 10."""
    assert awards("convenience", 100, losses(40, 1000), convenience=CLASS, cap=10) == [10, 10]


def test_the_cap_counts_what_the_class_was_paid() -> None:
    rows = [{"id": "a", "loss": 40, "paid": 7}, {"id": "b", "loss": 1000}]
    assert awards("convenience", 100, rows, convenience=CLASS, cap=10) == [3, 10]


@pytest.mark.parametrize(("loss", "expected"), [(49, 39), (50, 40), (51, 0)])
def test_the_threshold_belongs_to_the_class(loss: int, expected: int) -> None:
    """floor(49 * 4/5) = 39; at 51 the claim shares pro rata with 10**9, where 51 is less than a unit."""
    rows = [{"id": "a", "loss": loss}, {"id": "b", "loss": 10**9}]
    assert awards("convenience", 100, rows, convenience=CLASS, rounding="interim")[0] == expected


def test_the_whole_share_pays_small_claims_in_full() -> None:
    assert awards("convenience", 60, losses(10, 20, 100), convenience={"threshold": 20, "share": "1"}) == [10, 20, 30]


def test_electing_down_gives_up_the_excess() -> None:
    """z elects 110 down to 50: 40 of it; without the election it shares pro rata: 60 of 1110 * 110 = 5.9."""
    rows = [{"id": "b", "loss": 1000}, {"id": "z", "loss": 110, "elects": True}]
    assert awards("convenience", 60, rows, convenience=CLASS) == [20, 40]
    assert awards("convenience", 60, [rows[0], {"id": "z", "loss": 110}], convenience=CLASS) == [54, 6]


def test_odd_units_of_a_class_cut_short_stay_in_the_fund() -> None:
    """7 among three owed 8 each: floors 2, 2, 2; the odd unit does not fall to the large claim."""
    answer = answered("convenience", 7, losses(10, 10, 10, 1000), convenience=CLASS, rounding="interim")
    assert (list(answer["awards"].values()), answer["undivided"]) == ([2, 2, 2, 0], 1)


def test_a_net_winner_is_not_in_the_class() -> None:
    rows = [{"id": "w", "gross": 10, "withdrawn": 10}, {"id": "a", "loss": 10}]
    answer = answered("convenience", 100, rows, convenience=CLASS)
    assert (answer["awards"]["w"], answer["trace"][0]["claims"]) == (0, 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 120), min_size=1, max_size=7), st.integers(0, 800))
def test_one_unit_more_never_lowers_an_interim_award(gross: list[int], pool: int) -> None:
    book = Rulebook("pro-rata", convenience=Convenience(50, Fraction(4, 5)))
    less, more = (allocate(book, claims(gross), money, INTERIM).awards.tolist() for money in (pool, pool + 1))
    assert all(a <= b for a, b in zip(less, more, strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 120), min_size=1, max_size=7), st.integers(0, 500), st.integers(0, 500))
def test_nobody_in_the_class_passes_the_fixed_share_in_two_rounds(gross: list[int], one: int, two: int) -> None:
    book = Rulebook("pro-rata", convenience=Convenience(50, Fraction(4, 5)))
    first = allocate(book, claims(gross), one, INTERIM)
    second = allocate(book, claims(gross, paid=first.awards.tolist()), two, INTERIM)
    assert total(second.awards) + second.surplus + second.undivided == two
    for loss, a, b in zip(gross, first.awards.tolist(), second.awards.tolist(), strict=True):
        assert a + b <= (loss * 4 // 5 if loss <= 50 else loss)
