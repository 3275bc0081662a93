"""Loss figures, consolidation and the comparison of rules at their edges."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.build import claims
from tests.rooms.restitution.test_consolidate import link
from tests.rooms.restitution.test_loss import BACK, BTC, EUR, IN, OUT, figures, moved

from recoup.ground import Defects, Instant, Refused
from recoup.restitution.claims.consolidate import LinkKind, LinkState, consolidate
from recoup.restitution.claims.loss import Movement, MovementKind, Rate, Rates, Valuation, figures_of, proprietary
from recoup.restitution.plan import RULES_COMPARED, compared, simulate
from recoup.restitution.plan.simulate import QUANTILES
from recoup.restitution.sharing.allocate import Rulebook
from recoup.restitution.sharing.columns import column

DAY = date(2020, 1, 1)
FEW = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize("rate", [0.5, 1.0, float("nan"), "1/2", None])
def test_a_rate_is_exact(rate: object) -> None:
    with pytest.raises(ValueError, match="never a float"):
        Rate(BTC, DAY, rate, "exchange")  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(-1, 2)])
def test_a_rate_is_above_zero(rate: Fraction) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Rate(BTC, DAY, rate, "exchange")


def test_wei_at_a_long_rate_are_exact() -> None:
    """10**21 units at 1/(10**18) are 1000; one unit less is 999.99..., floored to 999."""
    rates = Rates([Rate(BTC, DAY, Fraction(1, 10**18), "exchange")])
    assert figures(moved(IN, "2020-01-01", 10**21, BTC), rates=rates).gross == 1000
    assert figures(moved(IN, "2020-01-01", 10**21 - 1, BTC), rates=rates).gross == 999


def test_each_figure_is_floored_once() -> None:
    """5/3 in, 4/3 out: 1 and 1, never a loss of 1/3 made a unit."""
    rates = Rates([Rate(EUR, DAY, Fraction(1, 3), "ECB")])
    found = figures(moved(IN, "2020-01-01", 5, EUR), moved(OUT, "2020-01-01", 4, EUR), rates=rates)
    assert (found.gross, found.withdrawn, found.loss) == (1, 1, 0)


def test_a_fixed_day_needs_a_rate_for_that_day_only() -> None:
    rates = Rates([Rate(EUR, date(2022, 1, 1), Fraction(2), "ECB")])
    found = figures(moved(IN, "2020-01-01", 5, EUR), valuation=Valuation(moved(IN, "2020-01-01", 1).asset,
                    date(2022, 1, 1)), rates=rates)  # fmt: skip
    assert found.gross == 10


def test_money_in_stands_before_money_out_of_the_same_moment() -> None:
    """100 in and 100 out in one day: the highest balance is 100, all of it left since."""
    found = figures(moved(OUT, "2020-01-01", 100), moved(IN, "2020-01-01", 100))
    assert (found.balance, found.since_peak, found.loss) == (100, 100, 0)


def test_a_claim_that_only_took_out_has_no_balance() -> None:
    found = figures(moved(OUT, "2020-01-01", 50))
    assert (found.gross, found.balance, found.since_peak, found.loss) == (0, 0, 50, 0)


def test_collateral_and_earlier_payments_move_no_balance() -> None:
    earlier = MovementKind.EARLIER
    found = figures(moved(IN, "2020-01-01", 100), moved(BACK, "2020-01-02", 30), moved(earlier, "2020-01-03", 20))
    assert (found.balance, found.since_peak, found.loss, found.earlier) == (100, 0, 70, 20)


def test_one_movement_without_a_rate_leaves_out_the_claim_wherever_it_stands() -> None:
    for order in (1, -1):
        defects = Defects()
        movements = [moved(IN, "2020-01-01", 5, EUR), moved(IN, "2020-01-02", 5)][::order]
        assert figures_of(movements, Valuation(moved(IN, "2020-01-01", 1).asset), Rates(), defects) == {}
        assert next(iter(defects)).mend.startswith("Add the rate with its source")


@pytest.mark.parametrize(("traced", "owned"), [(0, 0), (99, 99), (100, 100), (101, 100)])
def test_an_owner_takes_at_most_the_loss(traced: int, owned: int) -> None:
    found = proprietary({"a": traced}, {"a": 100})["a"]
    assert (found.owned, found.remaining) == (owned, 100 - owned)


steps = st.lists(st.tuples(st.sampled_from([IN, OUT, BACK]), st.integers(1, 10**6), st.integers(0, 50)), min_size=1)


@FEW
@given(steps, st.randoms(use_true_random=False))
def test_figures_do_not_depend_on_the_order_of_the_rows(
    rows: list[tuple[MovementKind, int, int]], chance: object
) -> None:
    movements = [
        Movement("a", kind, Instant.from_unix(86_400 * day), amount, moved(IN, "2020-01-01", 1).asset, f"row {place}")
        for place, (kind, amount, day) in enumerate(rows)
    ]
    shuffled = list(movements)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = figures(*movements)
    assert found == figures(*shuffled)
    assert found.balance <= found.gross
    assert found.balance - found.since_peak == found.gross - found.withdrawn


def test_confirmed_and_rejected_at_once_is_refused() -> None:
    links = [link("p", "q"), link("q", "p", state=LinkState.REJECTED)]
    with pytest.raises(Refused, match=r"link same-person between p and q is confirmed and rejected\. Keep one of them"):
        consolidate(claims([1, 2]), ["p", "q"], links)


def test_a_rejected_link_of_another_kind_contradicts_nothing() -> None:
    links = [link("p", "q", LinkKind.JOINT), link("p", "q", LinkKind.NOMINEE, LinkState.REJECTED)]
    assert len(consolidate(claims([1, 2]), ["p", "q"], links).claims) == 1


def test_every_open_question_is_named_at_once() -> None:
    links = [link("p", "q", state=LinkState.SUGGESTED), link("q", "r", state=LinkState.SUGGESTED)]
    with pytest.raises(Refused) as refused:
        consolidate(claims([1, 2, 3]), ["p", "q", ""], links)
    assert len(refused.value.defects) == 3


@FEW
@given(st.lists(st.integers(0, 10**21), min_size=1, max_size=8), st.integers(0, 10**22), st.integers(1, 4))
def test_what_is_spread_is_what_was_awarded(gross: list[int], award: int, persons: int) -> None:
    owners = [f"p{place % persons}" for place in range(len(gross))]
    found = consolidate(claims(gross), owners, [])
    awards = column([award + row for row in range(len(found.claims))])
    spread = found.spread(awards).tolist()
    for row, person in enumerate(found.claims.ids):
        assert sum(units for units, owner in zip(spread, owners, strict=True) if owner == person) == award + row


def test_recoveries_of_many_times_the_payment_stand_at_the_whole() -> None:
    """3 * (2**49 - 1) back on a payment of 1: in 64 bits ten thousand times that would turn negative."""
    edge = 2**49 - 1
    found = claims([1], withdrawn=[edge], collateral=[edge], paid=[edge])
    assert set(simulate(found, 0, "cea", {"cea": Rulebook("cea")})[0].curve) == {10_000}


def test_figures_of_two_rules_by_hand() -> None:
    """10 and 90 share 20. Pro rata 2 and 18; equal awards 10 and 10: one gains 8, one loses 8."""
    found = claims([10, 90])
    books = {rule: Rulebook(rule) for rule in ("pro-rata", "cea")}
    base, equal = simulate(found, 20, "pro-rata", books)
    assert (equal.gainers, equal.losers, equal.moved) == (1, 1, 8)
    # Gini of (2, 18): |2 - 18| / (2 * 20) = 16/40; of (10, 10): 0. Of what stays lost, (8, 72): 64/160.
    assert (base.gini, equal.gini, base.gini_loss) == (Fraction(2, 5), Fraction(0), Fraction(2, 5))
    assert (base.curve[0], base.curve[-1]) == (2000, 2000)
    # 10 of 10 and 10 of 90: the worst off recovers 1111 basis points, floored.
    assert (equal.curve[0], equal.curve[QUANTILES - 1]) == (1111, 10_000)


@pytest.mark.parametrize("pool", [0, 1, 149, 360_000, 10**21])
def test_every_compared_rule_answers_any_pool(pool: int) -> None:
    found = claims([150_000] * 3, withdrawn=[60_000, 30_000, 0])
    baseline, books = compared(found)
    for outcome in simulate(found, pool, baseline, books):
        assert outcome.paid <= min(pool, 360_000)
        assert outcome.open == 3
        assert list(outcome.curve) == sorted(outcome.curve)
        assert all(0 <= point <= 10_000 for point in outcome.curve)
    assert set(RULES_COMPARED) <= set(books)


def test_nothing_is_compared_with_nobody() -> None:
    baseline, books = compared(claims([]))
    for outcome in simulate(claims([]), 5, baseline, books):
        assert (outcome.paid, outcome.open, outcome.gini) == (0, 0, Fraction(0))
