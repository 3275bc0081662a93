"""Every rule of one pool worked by hand; the arithmetic stands beside the figures."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rooms.restitution.build import answered, awards, losses

Rows = list[dict[str, Any]]
HAMILTON_FREE = ("pro-rata", "pro-rata-gross", "rising-tide", "rising-tide-without-withdrawals", "cea", "cel", "talmud")
FIVE = losses(10, 20, 30, 40, 100)


@pytest.mark.parametrize(
    ("rule", "pool", "expected"),
    [
        # 200 in all: 50 is a quarter of each.
        ("pro-rata", 100, [5, 10, 15, 20, 50]),
        # Level 15 fills a: 10 + 4 * 15 = 70.
        ("cea", 70, [10, 15, 15, 15, 15]),
        # Level 30 fills a, b, c: 10 + 20 + 30 + 30 + 30 = 120.
        ("cea", 120, [10, 20, 30, 30, 30]),
        # 30 lost to each: only d and e lose less than they claim: 10 + 70 = 80.
        ("cel", 80, [0, 0, 0, 10, 70]),
        # 5 lost to each of five: 200 - 25.
        ("cel", 175, [5, 15, 25, 35, 95]),
        # Below 60 nobody but e is above the next largest loss.
        ("cel", 60, [0, 0, 0, 0, 60]),
        # Half of the losses is 100: every one gets exactly half.
        ("talmud", 100, [5, 10, 15, 20, 50]),
        # Equal awards on the halves 5, 10, 15, 20, 50 at level 12: 5 + 10 + 12 * 3 = 51.
        ("talmud", 51, [5, 10, 12, 12, 12]),
        # The dual: 200 - 51 = 149 is what remains after losses of 5, 10, 12, 12, 12.
        ("talmud", 149, [5, 10, 18, 28, 88]),
    ],
)
def test_five_claims(rule: str, pool: int, expected: list[int]) -> None:
    assert awards(rule, pool, FIVE) == expected


@pytest.mark.parametrize(
    ("rule", "estate", "expected"),
    [
        # O'Neill (1982), A problem of rights arbitration from the Talmud, and Aumann & Maschler (1985), table 1:
        # Mishnah Ketubot 93a with the estates in hundredths.
        ("talmud", 10_000, [3333, 3333, 3333]),
        ("talmud", 20_000, [5000, 7500, 7500]),
        ("talmud", 30_000, [5000, 10_000, 15_000]),
        # The estates between: equal awards up to 50, then the larger two rise (table of Aumann & Maschler, section 2).
        ("talmud", 15_000, [5000, 5000, 5000]),
        ("talmud", 25_000, [5000, 10_000, 10_000]),
        # Above half, equal losses: 400 leaves 200 lost; halves 50, 100, 150 with equal losses: 50, 75, 75.
        ("talmud", 40_000, [5000, 12_500, 22_500]),
        ("talmud", 50_000, [6667, 16_667, 26_667]),
    ],
)
def test_ketubot_table(rule: str, estate: int, expected: list[int]) -> None:
    found = awards(rule, estate, losses(10_000, 20_000, 30_000), rounding="interim")
    assert all(abs(award - exact) <= 1 for award, exact in zip(found, expected, strict=True))
    assert estate - sum(found) in (0, 1, 2)


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_an_empty_pool_pays_nobody_at_level_zero(rule: str) -> None:
    answer = answered(rule, 0, FIVE)
    assert set(answer["awards"].values()) == {0}
    assert (answer["surplus"], answer["reserve"]) == (0, 0)


@pytest.mark.parametrize("rule", HAMILTON_FREE)
@pytest.mark.parametrize("more", [0, 1, 10**21])
def test_a_pool_that_reaches_everyone_leaves_the_rest(rule: str, more: int) -> None:
    answer = answered(rule, 200 + more, FIVE)
    assert list(answer["awards"].values()) == [10, 20, 30, 40, 100]
    assert answer["surplus"] == more


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_one_unit_short_of_everything_is_missing_once(rule: str) -> None:
    answer = answered(rule, 199, FIVE)
    missing = [row["loss"] - award for row, award in zip(FIVE, answer["awards"].values(), strict=True)]
    assert sorted(missing) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("rule", HAMILTON_FREE)
@pytest.mark.parametrize(("loss", "pool"), [(7, 3), (1, 1), (2**53 + 1, 2**53), (10**21, 10**21 - 1)])
def test_a_single_claim_takes_the_whole_pool(rule: str, loss: int, pool: int) -> None:
    assert awards(rule, pool, [{"id": "only", "loss": str(loss)}]) == [pool]


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_claims_of_nothing_receive_nothing(rule: str) -> None:
    answer = answered(rule, 9, losses(0, 0))
    assert (set(answer["awards"].values()), answer["surplus"]) == ({0}, 9)


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_no_claims_leave_the_pool(rule: str) -> None:
    answer = answered(rule, 9, [])
    assert (answer["awards"], answer["surplus"]) == ({}, 9)


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_equal_claims_differ_by_one_unit_at_most(rule: str) -> None:
    found = awards(rule, 23, losses(10, 10, 10, 10))
    assert sorted(found) == [5, 6, 6, 6]


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_neighbours_of_two_to_the_53_are_told_apart(rule: str) -> None:
    """A double cannot hold 2**53 + 1: the three losses would be one and the sum would be wrong by a unit."""
    near = [2**53 - 1, 2**53, 2**53 + 1]
    rows = [{"id": chr(97 + place), "loss": str(amount)} for place, amount in enumerate(near)]
    assert awards(rule, sum(near), rows) == near
    assert sum(awards(rule, sum(near) - 2, rows)) == sum(near) - 2


@pytest.mark.parametrize("rule", ["pro-rata", "pro-rata-gross", "rising-tide", "talmud"])
def test_half_of_large_losses_is_exact(rule: str) -> None:
    """Half of 2 * 10**21 and 4 * 10**21: proportional rules and the Talmud at half the sum all give half."""
    rows = [{"id": "a", "loss": str(2 * 10**21)}, {"id": "b", "loss": str(4 * 10**21)}]
    assert awards(rule, 3 * 10**21, rows) == [10**21, 2 * 10**21]


@pytest.mark.parametrize("rule", HAMILTON_FREE)
def test_a_net_winner_changes_nobody_elses_award(rule: str) -> None:
    winner = {"id": "w", "gross": 50, "withdrawn": 50}
    with_winner = answered(rule, 90, [*FIVE, winner])["awards"]
    assert with_winner.pop("w") == 0
    assert with_winner == answered(rule, 90, FIVE)["awards"]


def test_rising_tide_three_steps() -> None:
    """All paid in 100; back already 60, 30, 0. The third rises alone to 30 (30 units), then the second with it to 60
    (2 * 30 more), then all three: 30 + 60 + 3 * 5 = 105 gives a level of 65 %."""
    rows = [{"id": "a", "gross": 100, "withdrawn": 60}, {"id": "b", "gross": 100, "withdrawn": 30},
            {"id": "c", "gross": 100}]  # fmt: skip
    assert awards("rising-tide", 30, rows) == [0, 0, 30]
    assert awards("rising-tide", 90, rows) == [0, 30, 60]
    answer = answered("rising-tide", 105, rows)
    assert (list(answer["awards"].values()), answer["level"]) == ([5, 35, 65], "13/20")


def test_rising_tide_is_about_shares_not_amounts() -> None:
    """a got 50 of 200 (25 %), b 40 of 50 (80 %): the tide reaches 80 % of a with 110, b rises only above that."""
    rows = [{"id": "a", "gross": 200, "withdrawn": 50}, {"id": "b", "gross": 50, "withdrawn": 40}]
    assert awards("rising-tide", 110, rows) == [110, 0]
    # 25 more at 250 paid in are 10 %: 90 % of 200 is 180 (130 more), 90 % of 50 is 45 (5 more).
    assert awards("rising-tide", 135, rows) == [130, 5]


def test_collateral_counts_in_the_tide_and_in_the_loss() -> None:
    """a has 40 of 100 from an insurer: 50 units of pool and 40 already are 45 % of 200: 5 and 45."""
    rows = [{"id": "a", "gross": 100, "collateral": 40}, {"id": "b", "gross": 100}]
    assert awards("rising-tide", 50, rows) == [5, 45]
    # Net loss: 60 and 100, 80 units are half.
    assert awards("pro-rata", 80, rows) == [30, 50]


def test_maximum_balance_repays_the_balance_and_no_more() -> None:
    """Highest balances 100 and 60; 20 left the first after its peak: it may have 80, the second 60."""
    rows = [{"id": "a", "gross": 500, "balance": 100, "withdrawn": 20}, {"id": "b", "gross": 60, "balance": 60}]
    answer = answered("maximum-balance", 150, rows)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([80, 60], 10)
    # 60 and 20 already are 80 of 160, a half: 50 - 20 and 30.
    assert awards("maximum-balance", 60, rows) == [30, 30]


def test_hotchpot_of_three_estates() -> None:
    """Banco de Portugal v Waddell (1880) 5 App Cas 161: whoever takes abroad waits until the others are level.
    100 + 20 abroad are 40 % of 300: the one that has 20 gets 20 more."""
    rows = [{"id": "a", "loss": 100, "elsewhere": 20}, {"id": "b", "loss": 100}, {"id": "c", "loss": 100}]
    assert awards("hotchpot", 100, rows) == [20, 40, 40]
    # 20 abroad is more than the 10 % that 20 can bring the others: it is kept, and nothing is added.
    assert awards("hotchpot", 20, rows) == [0, 10, 10]


def test_hotchpot_never_asks_for_money_back() -> None:
    rows = [{"id": "a", "loss": 100, "elsewhere": 170}, {"id": "b", "loss": 100}]
    answer = answered("hotchpot", 130, rows)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([0, 100], 30)


def test_own_weights_of_zero_take_no_part() -> None:
    rows = [{"id": "a", "loss": 50, "weight": 0}, {"id": "b", "loss": 50, "weight": 2}]
    answer = answered("weights", 60, rows)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([0, 50], 10)


def test_own_lower_bounds_above_the_pool_are_shared_equally() -> None:
    """Promises of 40 and 20 from a pool of 30: 15 each, both below their promise."""
    rows = [{"id": "a", "loss": 50, "lower": 40}, {"id": "b", "loss": 50, "lower": 20}]
    assert awards("pro-rata", 30, rows) == [15, 15]


def test_minimum_counts_what_was_paid() -> None:
    """Minimum 30: a had 25 already and needs 5, b needs 30; 35 meets both exactly."""
    rows = [{"id": "a", "loss": 100, "paid": 25}, {"id": "b", "loss": 100}]
    assert awards("minimum-pro-rata", 35, rows, minimum=30) == [5, 30]


def test_minimum_below_the_pool_by_one() -> None:
    assert awards("minimum-pro-rata", 60, losses(20, 100, 100), minimum=20) == [20, 20, 20]
    assert sorted(awards("minimum-pro-rata", 59, losses(20, 100, 100), minimum=20)) == [19, 20, 20]
    assert sum(awards("minimum-pro-rata", 61, losses(20, 100, 100), minimum=20)) == 61


def test_cap_and_minimum_together() -> None:
    """Minimum 10, cap 40. Level 20 % would give 10, 20, 100: the last is capped at 40."""
    answer = answered("pro-rata", 200, losses(50, 100, 500), minimum=10, cap=40)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([40, 40, 40], 80)


@pytest.mark.parametrize("rule", ["pro-rata", "cea", "cel", "talmud", "rising-tide"])
def test_a_cap_of_zero_pays_nobody(rule: str) -> None:
    answer = answered(rule, 50, losses(30, 40), cap=0)
    assert (set(answer["awards"].values()), answer["surplus"]) == ({0}, 50)


def test_rounds_that_stand_alone_forget_earlier_payments_but_not_the_loss() -> None:
    """95 of 100 were paid: alone the round would give half of 60, the loss leaves 5."""
    rows = [{"id": "a", "loss": 100, "paid": 95}, {"id": "b", "loss": 100}]
    assert awards("pro-rata", 60, rows, catch_up=False) == [5, 55]
