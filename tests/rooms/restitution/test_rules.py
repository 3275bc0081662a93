"""Each rule on cases that can be checked by hand, several of them published."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rooms.restitution.build import answered, awards, claims, losses

from recoup.restitution.sharing.catalogue import ALIASES, NAMES, UnknownRule, rule_named
from recoup.restitution.sharing.rules import RULES, Options, terms_for

HUBER = [
    {"id": "a", "gross": 150_000, "withdrawn": 60_000},
    {"id": "b", "gross": 150_000, "withdrawn": 30_000},
    {"id": "c", "gross": 150_000},
]


def test_huber_net_loss() -> None:
    """SEC v. Huber, 702 F.3d 903 (7th Cir. 2012): the example of the opinion."""
    assert awards("net-loss", 60_000, HUBER) == [15_000, 20_000, 25_000]
    assert awards("net-loss", 60_000, losses(90_000, 120_000, 150_000)) == [15_000, 20_000, 25_000]


def test_huber_rising_tide() -> None:
    answer = answered("rising-tide", 60_000, HUBER)
    assert (list(answer["awards"].values()), answer["level"]) == ([0, 15_000, 45_000], "3/10")


def test_rising_tide_without_withdrawals_shares_by_what_was_paid_in() -> None:
    assert awards("rising-tide", 60_000, HUBER, withdrawals="ignored") == [20_000] * 3
    assert awards("rising-tide-without-withdrawals", 60_000, HUBER) == [20_000] * 3
    assert awards("rising-tide", 60_000, HUBER, withdrawals="considered") == [0, 15_000, 45_000]


def test_gross_shares_are_bounded_by_the_loss() -> None:
    rows = [{"id": "a", "gross": 100, "withdrawn": 95}, {"id": "b", "gross": 100}]
    assert awards("pro-rata-gross", 60, rows) == [5, 55]


def test_maximum_balance_does_not_count_money_paid_in_again() -> None:
    """a paid 100, took 80 out and paid it in again: gross 180, highest balance 100."""
    rows = [
        {"id": "a", "gross": 180, "balance": 100, "withdrawn": 0},
        {"id": "b", "gross": 100, "balance": 100, "withdrawn": 20},
    ]
    assert awards("maximum-balance", 80, rows) == [50, 30]


def test_contested_garment() -> None:
    """Mishnah Bava Metzia 2a; Aumann & Maschler (1985), section 1."""
    assert awards("contested-garment", 100, losses(50, 100)) == [25, 75]


@pytest.mark.parametrize(("pool", "expected"), [(200, [50, 75, 75]), (300, [50, 100, 150])])
def test_aumann_maschler(pool: int, expected: list[int]) -> None:
    assert awards("talmud", pool, losses(100, 200, 300)) == expected


def test_aumann_maschler_thirds() -> None:
    """100 among three: 33 1/3 each; the odd unit goes to one of them."""
    answer = answered("talmud", 100, losses(100, 200, 300))
    assert (sorted(answer["awards"].values()), answer["level"]) == ([33, 33, 34], "100/3")
    interim = answered("talmud", 100, losses(100, 200, 300), rounding="interim")
    assert (list(interim["awards"].values()), interim["undivided"]) == ([33, 33, 33], 1)


def test_talmud_halves_of_odd_losses() -> None:
    assert sorted(awards("talmud", 3, losses(3, 3))) == [1, 2]
    assert awards("talmud", 4, losses(3, 5)) == sorted(awards("talmud", 4, losses(3, 5)))


def test_talmud_over_two_rounds_is_talmud_once() -> None:
    first = awards("talmud", 200, losses(100, 200, 300))
    rows = [row | {"paid": paid} for row, paid in zip(losses(100, 200, 300), first, strict=True)]
    assert [a + b for a, b in zip(first, awards("talmud", 100, rows), strict=True)] == [50, 100, 150]


def test_equal_losses() -> None:
    assert awards("cel", 200, losses(100, 200, 300)) == [0, 50, 150]


def test_equal_awards() -> None:
    assert awards("cea", 250, losses(50, 200, 300)) == [50, 100, 100]


def test_minimum_then_pro_rata() -> None:
    assert awards("minimum-pro-rata", 130, losses(10, 100, 900), minimum=20) == [10, 20, 100]


def test_minimum_that_cannot_be_met_is_shared_equally() -> None:
    assert awards("minimum-pro-rata", 35, losses(10, 100, 900), minimum=20) in ([10, 12, 13], [10, 13, 12])


def test_cap_per_person_counts_earlier_rounds() -> None:
    rows = [{"id": "a", "loss": 1000, "paid": 60}, {"id": "b", "loss": 1000}, {"id": "c", "loss": 50}]
    answer = answered("per-person-cap", 300, rows, cap=85)
    assert (list(answer["awards"].values()), answer["surplus"]) == ([25, 85, 50], 140)


def test_hotchpot_brings_receipts_from_other_states_in() -> None:
    rows = [{"id": "a", "loss": 100, "elsewhere": 30}, {"id": "b", "loss": 100}]
    assert awards("hotchpot", 50, rows) == [10, 40]
    assert awards("hotchpot", 20, rows) == [0, 20]


def test_top_up_brings_late_claims_level() -> None:
    rows = [{"id": "a", "loss": 100, "paid": 20}, {"id": "late", "loss": 100}]
    assert awards("top-up", 60, rows) == [20, 40]
    assert awards("pro-rata", 60, rows, catch_up=False) == [30, 30]


def test_collateral_recoveries_lower_the_loss() -> None:
    assert awards("pro-rata", 90, [{"id": "a", "loss": 100, "collateral": 40}, {"id": "b", "loss": 120}]) == [30, 60]


def test_a_late_insurer_payment_never_makes_an_award_negative() -> None:
    rows = [{"id": "a", "loss": 100, "paid": 50, "collateral": 80}, {"id": "b", "loss": 100, "paid": 50}]
    assert awards("pro-rata", 30, rows) == [0, 30]


def test_net_winners_receive_nothing() -> None:
    rows = [{"id": "won", "gross": 100, "withdrawn": 150}, {"id": "b", "gross": 100}]
    for rule in ("pro-rata", "pro-rata-gross", "rising-tide", "cea", "cel", "talmud"):
        assert awards(rule, 100, rows)[1] == 0, rule


def test_own_weights_and_bounds() -> None:
    rows = [{"id": "a", "weight": 1}, {"id": "b", "weight": 2, "upper": 10}, {"id": "c", "weight": 1, "lower": 30}]
    assert awards("weights", 60, rows) == [20, 10, 30]
    assert awards("cea", 60, [{"id": "a", "loss": 100, "weight": 3}, {"id": "b", "loss": 100}]) == [45, 15]


def test_interest_from_a_surplus_goes_to_those_paid_in_full() -> None:
    rows = [{"id": "a", "loss": 100, "interest": 10}, {"id": "b", "loss": 100, "interest": 30}]
    answer = answered("pro-rata", 220, rows, surplus="interest")
    assert (list(answer["awards"].values()), answer["interest"], answer["surplus"]) == (
        [105, 115], {"a": 5, "b": 15}, 0,
    )  # fmt: skip
    assert answered("pro-rata", 220, rows, surplus="hold")["surplus"] == 20
    assert answered("pro-rata", 150, rows, surplus="interest")["interest"] == {"a": 0, "b": 0}


def test_wei_amounts_are_exact() -> None:
    answer = answered("pro-rata", 10**21 + 1, [{"id": "a", "loss": str(2**255)}, {"id": "b", "loss": str(2**255)}])
    assert sum(answer["awards"].values()) == 10**21 + 1
    assert abs(answer["awards"]["a"] - answer["awards"]["b"]) == 1


def test_every_alias_names_a_rule() -> None:
    assert {rule_named(name) for name in ALIASES} <= set(NAMES)
    assert rule_named(" Rising_Tide ") == "rising-tide"


@pytest.mark.parametrize("name", ["", "cell", "rising", "pari-passu"])
def test_unknown_rules_are_said_with_a_hint(name: str) -> None:
    with pytest.raises(UnknownRule, match=r"did you mean|known rules"):
        rule_named(name)


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("options", [Options(), Options(cap=70), Options(minimum=20), Options(catch_up=False)])
def test_no_rule_pays_more_than_the_loss_or_less_than_nothing(rule: str, options: Options) -> None:
    found = claims(
        [100, 80, 60, 0, 50],
        withdrawn=[0, 90, 20, 0, 10],
        paid=[10, 0, 5, 0, 50],
        collateral=[0, 0, 10, 3, 0],
        balance=[100, 80, 60, 0, 50],
        weight=[1, 2, 3, 4, 5],
    )
    for pool in (0, 1, 17, 60, 1000):
        terms = terms_for(rule, found, pool, options)
        assert (terms.lower >= 0).all()
        if rule != "maximum-balance":
            assert (terms.upper <= found.outstanding * terms.scale).all()


def test_level_of_a_rule_is_reported_as_a_fraction() -> None:
    answer: dict[str, Any] = answered("pro-rata", 1, losses(1, 2))
    assert answer["level"] == "1/3"
