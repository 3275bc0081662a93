"""Loss figures from movements."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from recoup.ground import Asset, Defects, Instant
from recoup.restitution.claims.loss import (
    Figures,
    Movement,
    MovementKind,
    Rate,
    Rates,
    Valuation,
    figures_of,
    proprietary,
)

USD, EUR, BTC = Asset("USD"), Asset("EUR"), Asset("BTC")
OWN_DAY = Valuation(USD)
IN, OUT, BACK = MovementKind.PAID_IN, MovementKind.WITHDRAWN, MovementKind.COLLATERAL


def moved(kind: MovementKind, day: str, amount: int, asset: Asset = USD, claim: str = "a") -> Movement:
    return Movement(claim, kind, Instant.parse(day), amount, asset, f"statement {day}")


def figures(*movements: Movement, valuation: Valuation = OWN_DAY, rates: Rates | None = None) -> Figures:
    defects = Defects()
    found = figures_of(movements, valuation, rates or Rates(), defects)
    assert len(defects) == 0
    return found["a"]


def test_net_loss_counts_withdrawals_and_collateral() -> None:
    found = figures(moved(IN, "2020-01-01", 1000), moved(OUT, "2020-02-01", 300), moved(BACK, "2021-01-01", 200))
    assert (found.gross, found.withdrawn, found.collateral, found.loss) == (1000, 300, 200, 500)


def test_a_net_winner_has_no_loss() -> None:
    assert figures(moved(IN, "2020-01-01", 100), moved(OUT, "2020-02-01", 300)).loss == 0


def test_highest_balance_does_not_count_reinvested_withdrawals() -> None:
    found = figures(
        moved(IN, "2020-01-01", 100),
        moved(OUT, "2020-02-01", 80),
        moved(IN, "2020-03-01", 80),
        moved(OUT, "2020-04-01", 30),
    )
    assert (found.gross, found.balance, found.since_peak) == (180, 100, 30)


def test_movements_are_ordered_by_time_not_by_their_place() -> None:
    movements = [moved(IN, "2020-03-01", 80), moved(OUT, "2020-02-01", 80), moved(IN, "2020-01-01", 100)]
    assert figures(*movements) == figures(*movements[::-1])


def test_each_movement_is_valued_on_its_own_day_unless_one_day_is_fixed() -> None:
    rates = Rates([
        Rate(BTC, date(2020, 1, 1), Fraction(7, 1000), "exchange close"),
        Rate(BTC, date(2022, 7, 13), Fraction(2, 100), "exchange close"),
    ])  # fmt: skip
    one = moved(IN, "2020-01-01", 100_000, BTC)
    assert figures(one, rates=rates).gross == 700
    assert figures(one, rates=rates, valuation=Valuation(USD, date(2022, 7, 13))).gross == 2000


def test_figures_are_rounded_down_once_from_the_exact_sum() -> None:
    rates = Rates([Rate(EUR, date(2020, 1, 1), Fraction(1, 3), "ECB reference rate")])
    halves = [moved(IN, "2020-01-01", 1, EUR)] * 4
    assert figures(*halves, rates=rates).gross == 1


def test_a_movement_without_a_rate_leaves_its_claim_out_and_says_so() -> None:
    defects = Defects()
    movements = [moved(IN, "2020-01-01", 5, EUR), moved(IN, "2020-01-02", 5), moved(IN, "2020-01-02", 7, claim="b")]
    found = figures_of(movements, Valuation(USD), Rates(), defects)
    assert list(found) == ["b"]
    assert "claim a: no rate for EUR on 2020-01-01" in str(next(iter(defects)))


def test_two_rates_for_one_day_are_refused() -> None:
    one = Rate(EUR, date(2020, 1, 1), Fraction(1), "x")
    Rates([one, one])
    with pytest.raises(ValueError, match="two rates"):
        Rates([one, Rate(EUR, date(2020, 1, 1), Fraction(2), "y")])


@pytest.mark.parametrize("amount", [0, -5, 1.5, True])
def test_movements_are_whole_and_positive(amount: int) -> None:
    with pytest.raises(ValueError, match="whole units"):
        moved(IN, "2020-01-01", amount)


def test_rates_and_movements_name_their_source() -> None:
    with pytest.raises(ValueError, match="names its source"):
        Rate(EUR, date(2020, 1, 1), Fraction(1), "")
    with pytest.raises(ValueError, match="a source"):
        Movement("a", IN, Instant.parse("2020-01-01"), 1, USD, "")


def test_traced_money_goes_to_its_owner_up_to_the_loss() -> None:
    split = proprietary({"a": 30, "b": 900, "x": 5}, {"a": 100, "b": 50, "c": 70})
    assert {claim: (each.owned, each.remaining) for claim, each in split.items()} == {
        "a": (30, 70), "b": (50, 0), "c": (0, 70),
    }  # fmt: skip
