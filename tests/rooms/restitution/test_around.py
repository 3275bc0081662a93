"""What stands around a rule: de minimis, convenience class, disputes, waterfall, advances, assets."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.rooms.restitution.build import answered, awards, claims, losses

from recoup.restitution.sharing.advances import with_advances
from recoup.restitution.sharing.allocate import Convenience, Rulebook, Way, allocate
from recoup.restitution.sharing.columns import column, total
from recoup.restitution.sharing.crypto import Price, paid_in_asset, value_of
from recoup.restitution.sharing.kernel import Rounding
from recoup.restitution.sharing.reserves import with_disputes
from recoup.restitution.sharing.rules import Options
from recoup.restitution.sharing.waterfall import Costs, PriorityClass, cascade


def test_de_minimis_drops_the_smallest_until_every_share_reaches_it() -> None:
    # 60 to 10+20+90+480 is a tenth each: a and b fall. Without them c has 60*90/570 = 9.47 and falls: d is alone.
    assert awards("de-minimis", 60, losses(10, 20, 90, 480), de_minimis=10) == [0, 0, 0, 60]
    assert awards("de-minimis", 60, losses(10, 20, 90, 480), de_minimis=9) in ([0, 0, 9, 51], [0, 0, 10, 50])


def test_de_minimis_gives_nobody_a_share_below_it_and_drops_nobody_who_reached_it() -> None:
    rows = losses(5, 8, 13, 21, 34, 55, 89)
    for pool in range(0, 226, 9):
        for rule in ("pro-rata", "cea", "cel", "talmud"):
            shares = awards(rule, pool, rows, de_minimis=7, rounding="interim")
            kept = [place for place, share in enumerate(shares) if share]
            assert all(shares[place] >= 7 for place in kept), (rule, pool)
            assert kept == list(range(len(rows) - len(kept), len(rows))), "a prefix of the sorted claims is dropped"


def test_de_minimis_of_every_claim_leaves_the_pool() -> None:
    answer = answered("de-minimis", 5, losses(10, 20), de_minimis=100)
    assert (answer["surplus"], sum(answer["awards"].values())) == (5, 0)


def test_de_minimis_needs_a_rule_that_keeps_the_order() -> None:
    with pytest.raises(ValueError, match="keeps the order"):
        Rulebook("rising-tide", de_minimis=5)


def test_convenience_class_with_election() -> None:
    rows = [*losses(40, 100, 300), {"id": "z", "loss": 110, "elects": True}]
    answer = answered("convenience", 200, rows, convenience={"threshold": 50, "share": "80%"})
    # a: 80 % of 40; z elects down to 50: 80 % of 50; the rest, 128, pro rata to 100 and 300.
    assert answer["awards"] == {"a": 32, "b": 32, "c": 96, "z": 40}


def test_convenience_class_larger_than_the_pool_is_cut_pro_rata() -> None:
    assert awards("convenience", 24, losses(40, 20, 900), convenience={"threshold": 50, "share": "80%"}) == [16, 8, 0]


@pytest.mark.parametrize(("threshold", "share"), [(0, Fraction(1, 2)), (5, Fraction(0)), (5, Fraction(3, 2))])
def test_wrong_convenience_classes_are_refused(threshold: int, share: Fraction) -> None:
    with pytest.raises(ValueError, match="threshold above 0"):
        Convenience(threshold, share)


def test_disputed_claim_is_counted_at_its_maximum_and_its_share_held() -> None:
    rows = [{"id": "a", "loss": 100}, {"id": "b", "loss": 0, "disputed": True, "maximum": 300}]
    answer = answered("pro-rata", 100, rows)
    assert (answer["awards"], answer["held"], answer["reserve"]) == ({"a": 25, "b": 0}, {"b": 75}, 75)


def test_partly_allowed_claim_is_paid_on_the_allowed_part() -> None:
    rows = [{"id": "a", "loss": 100}, {"id": "b", "loss": 100, "disputed": True, "maximum": 300}]
    answer = answered("pro-rata", 100, rows)
    assert (answer["awards"], answer["held"]) == ({"a": 25, "b": 25}, {"b": 50})


def test_reserve_is_released_in_the_next_round() -> None:
    """The dispute is lost: what was held goes to everyone in the next round."""
    rows = [{"id": "a", "loss": 100, "paid": 25}, {"id": "b", "loss": 100, "paid": 25}]
    assert awards("pro-rata", 50, rows) == [25, 25]


def test_equal_losses_with_a_dispute_pay_the_allowed_part_at_the_disputed_level() -> None:
    found = claims([100, 100])
    shared = with_disputes(Rulebook("cel"), found, column([100, 300]), 200, Way())
    assert (shared.awards.tolist(), shared.held.tolist()) == ([0, 0], [0, 200])
    shared = with_disputes(Rulebook("cel"), found, column([100, 300]), 320, Way())
    assert (shared.awards.tolist(), shared.held.tolist()) == ([60, 60], [0, 200])


@pytest.mark.parametrize(
    "book",
    [
        Rulebook("talmud"),
        Rulebook("pro-rata", de_minimis=3),
        Rulebook("cea", Options(), 0, Convenience(5, Fraction(1))),
    ],
)
def test_disputes_are_refused_where_no_level_is_common(book: Rulebook) -> None:
    with pytest.raises(ValueError, match="disputed claims need"):
        with_disputes(book, claims([5, 5]), column([5, 9]), 3, Way())


def test_a_maximum_below_the_allowed_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="below its allowed"):
        with_disputes(Rulebook("pro-rata"), claims([5, 5]), column([5, 4]), 3, Way())


def test_waterfall_pays_costs_under_their_cap_then_owners_then_classes() -> None:
    rows = [
        {"id": "o", "loss": 100, "class": "owners"}, {"id": "p", "loss": 300, "class": "victims"},
        {"id": "q", "loss": 600, "class": "victims"}, {"id": "s", "loss": 50, "class": "state"},
    ]  # fmt: skip
    classes = [{"name": "owners"}, {"name": "victims", "rule": "rising-tide"}, {"name": "state"}]
    costs = {"due": 80, "taken": 30, "recoveries": 1000, "cap": "10%"}
    answer = answered("waterfall", 470, rows, classes=classes, costs=costs)
    assert (answer["costs"], answer["awards"]) == (70, {"o": 100, "p": 100, "q": 200, "s": 0})
    assert [step["step"] for step in answer["trace"]] == ["costs", "owners", "victims", "state"]


def test_waterfall_without_a_cap_pays_costs_as_due() -> None:
    rows = [{"id": "o", "loss": 100, "class": "only"}]
    answer = answered("waterfall", 90, rows, classes=[{"name": "only"}], costs={"due": 80})
    assert (answer["costs"], answer["awards"]["o"]) == (80, 10)


def test_costs_never_exceed_the_cap_nor_turn_negative() -> None:
    assert Costs(due=50, taken=90, recoveries=1000, cap=Fraction(1, 10)).payable == 10
    assert Costs(due=50, taken=120, recoveries=1000, cap=Fraction(1, 10)).payable == 0


def test_units_that_flooring_leaves_do_not_fall_to_the_next_class() -> None:
    classes = (PriorityClass("first", Rulebook("pro-rata")), PriorityClass("second", Rulebook("pro-rata")))
    shared = cascade(classes, claims([10, 10, 10, 5]), column([0, 0, 0, 1]), Costs(), 29, Way(Rounding.INTERIM))
    assert (shared.awards.tolist(), shared.undivided, shared.surplus) == ([9, 9, 9, 0], 2, 0)


def test_a_claim_outside_every_class_is_refused() -> None:
    with pytest.raises(ValueError, match="no class"):
        cascade((PriorityClass("a", Rulebook("cea")),), claims([1]), column([1]), Costs(), 1, Way())


def test_advances_come_first_and_the_guarantor_takes_what_the_customer_no_longer_needs() -> None:
    found = claims([1_000, 300])
    first = with_advances(found, column([200, 60]), column([0, 0]), cap=500)
    assert (first.advance.tolist(), first.customer.tolist(), first.guarantor.tolist()) == (
        [500, 240],
        [200, 60],
        [0, 0],
    )
    later = claims([1_000, 300], paid=[200, 60])
    second = with_advances(later, column([700, 210]), first.advance, cap=500)
    assert (second.customer.tolist(), second.guarantor.tolist()) == ([300, 0], [400, 210])
    assert second.advance.tolist() == [0, 0]


def test_sipa_problem() -> None:
    answer = answered("sipa", 260, losses(1_000, 300), advance_cap=500)
    assert answer["advance"] == {"a": 500, "b": 240}
    assert answer["customer"] == answer["awards"] == {"a": 200, "b": 60}


def test_in_kind_pools_never_mix() -> None:
    rows = [
        {"id": "a", "loss": 10, "asset": "BTC"},
        {"id": "b", "loss": 30, "asset": "BTC"},
        {"id": "e", "loss": 7, "asset": "ETH"},
    ]
    answer = answered("in-kind", None, rows, assets={"BTC": 20, "ETH": 9})
    assert (answer["awards"], answer["surplus_by_asset"]) == ({"a": 5, "b": 15, "e": 7}, {"BTC": 0, "ETH": 2})


def test_dollarised_awards_are_floored_to_the_satoshi() -> None:
    """Celsius paid at 118,019.7455 USD for a BTC: 118019.7455 cents for 10**6 satoshi."""
    price = {"base_per_unit": "1180197455/10000000000", "source": "third distribution notice"}
    answer = answered("dollarised", 10_000_000, losses(500_000, 1_500_000), price=price)
    assert answer["valued"] == {"a": 295_049, "b": 885_148}
    assert answer["awards"] == {"a": 295_049 * 10**10 // 1180197455, "b": 885_148 * 10**10 // 1180197455}
    assert answer["surplus"] == 10_000_000 - 2_499_996 - 7_499_999


def test_dollarised_never_exceeds_the_asset_pool() -> None:
    price = Price(Fraction(7, 3), "stated")
    paid = paid_in_asset(column([10, 11]), price)
    assert (paid.awards.tolist(), paid.unpaid) == ([4, 4], (Fraction(2, 3), Fraction(5, 3)))
    assert value_of(9, price) == 21
    with pytest.raises(ValueError, match="above 0"):
        Price(Fraction(0), "stated")


def test_allocation_of_no_claims_is_all_surplus() -> None:
    shared = allocate(Rulebook("pro-rata"), claims([]), 7)
    assert (total(shared.awards), shared.surplus) == (0, 7)
