"""Several pools: published case, a certificate of optimality, and no dependence on the order of the pools."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import numpy as np
import pytest
from tests.rooms.restitution.build import answered, awards, losses

from recoup.restitution import read_problem, solve
from recoup.restitution.sharing.allocate import Way
from recoup.restitution.sharing.columns import column, total
from recoup.restitution.sharing.kernel import Rounding, Terms
from recoup.restitution.sharing.pools import POOLS_MAX, PoolShares, leximin
from recoup.restitution.sharing.transport import transport

ABC = [
    {"id": "a", "loss": 100, "pools": ["north"]},
    {"id": "b", "loss": 100, "pools": ["north", "south"]},
    {"id": "c", "loss": 100, "pools": ["south"]},
]


def simple(amounts: list[int]) -> Terms:
    upper = column(amounts)
    return Terms(upper, np.zeros_like(upper), np.zeros_like(upper), upper)


def random_case(chance: random.Random) -> tuple[list[int], list[int], tuple[int, ...]]:
    count, n = chance.randrange(1, 5), chance.randrange(1, 9)
    amounts = [chance.choice([0, 1, 7, chance.randint(0, 100), chance.randint(0, 10**6), 2**60]) for _ in range(n)]
    eligible = [chance.randrange(0, 1 << count) for _ in range(n)]
    most = max(1, sum(amounts))
    return amounts, eligible, tuple(chance.choice([0, 1, chance.randint(0, most), most // 3]) for _ in range(count))


def share(amounts: list[int], eligible: list[int], pools: tuple[int, ...], rounding: Rounding) -> PoolShares:
    ids = tuple(f"{place:04d}" for place in range(len(amounts)))
    return leximin(simple(amounts), column(eligible), pools, Way(rounding), ids)


def test_two_overlapping_states() -> None:
    answer = answered("leximin-pools", None, ABC, pools={"north": 60, "south": 60})
    assert answer["awards"] == {"a": 40, "b": 40, "c": 40}
    assert answer["by_pools"] == {"a": {"north": 40}, "b": {"north": 20, "south": 20}, "c": {"south": 40}}


def test_a_poor_pool_does_not_pull_down_those_who_have_another() -> None:
    assert awards("leximin-pools", None, ABC, pools={"north": 10, "south": 90}) == [10, 45, 45]


def test_a_rich_pool_keeps_what_its_claimants_cannot_take() -> None:
    answer = answered("leximin-pools", None, ABC, pools={"north": 10, "south": 900})
    assert (answer["awards"], answer["surplus"]) == ({"a": 10, "b": 100, "c": 100}, 700)
    assert answer["left_in_pools"] == {"north": 0, "south": 700}


def test_rising_tide_over_pools() -> None:
    rows = [
        {"id": "a", "gross": 100, "withdrawn": 50, "pools": ["north"]},
        {"id": "b", "gross": 100, "pools": ["north"]},
    ]
    parameters = {"pools": {"north": 70}, "rule": "rising-tide"}
    problem = read_problem(json.dumps({"rule": "leximin", "claims": rows, "parameters": parameters}), "p")
    assert solve(problem).awards.tolist() == [10, 60]


def test_joint_and_several_orders_cap_each_defendant() -> None:
    """Elbaz was ordered 28 million of 140.3 million: what is collected beyond an order goes back."""
    defendants = {
        "elbaz": {"ordered": 28, "applied": 20, "collected": 15},
        "other": {"ordered": 140, "applied": 0, "collected": 40},
    }
    rows = [{"id": "a", "loss": 30}, {"id": "b", "loss": 60, "defendants": ["other"]}]
    answer = answered("joint-and-several", None, rows, defendants=defendants)
    assert answer["beyond_order"] == {"elbaz": 7, "other": 0}
    assert answer["awards"] == {"a": 16, "b": 32}
    assert (answer["surplus"], answer["pool"]) == (7, 55)


def test_nobody_could_be_raised_at_the_cost_of_somebody_better_off() -> None:
    """Leximin certificate on whole units: along chains of shared pools nobody keeps more than a unit above."""
    chance = random.Random(11)
    for _ in range(1500):
        amounts, eligible, pools = random_case(chance)
        shares = share(amounts, eligible, pools, Rounding.FINAL)
        _check_books(shares, amounts, eligible, pools)
        for poor in range(len(amounts)):
            if shares.awards[poor] < amounts[poor]:
                _check_unimprovable(shares, amounts, eligible, poor)


def _check_books(shares: PoolShares, amounts: list[int], eligible: list[int], pools: tuple[int, ...]) -> None:
    drawn = [each.tolist() for each in shares.drawn]
    assert [sum(each[i] for each in drawn) for i in range(len(amounts))] == shares.awards.tolist()
    assert [pool - sum(each) for pool, each in zip(pools, drawn, strict=True)] == list(shares.left)
    assert min(shares.left) >= 0
    for i, award in enumerate(shares.awards.tolist()):
        assert 0 <= award <= amounts[i]
        assert all(drawn[p][i] >= 0 and (drawn[p][i] == 0 or eligible[i] >> p & 1) for p in range(len(pools)))


def _check_unimprovable(shares: PoolShares, amounts: list[int], eligible: list[int], poor: int) -> None:
    award = shares.awards.tolist()
    reachable, seen, waiting = set(), {poor}, [poor]
    while waiting:
        claim = waiting.pop()
        for pool in range(len(shares.drawn)):
            if eligible[claim] >> pool & 1 and pool not in reachable:
                reachable.add(pool)
                payees = [i for i in range(len(award)) if shares.drawn[pool][i] > 0 and i not in seen]
                seen |= set(payees)
                waiting += payees
    assert all(shares.left[pool] == 0 for pool in reachable), "money lies idle beside an unpaid claim"
    for rich in seen - {poor}:
        if award[rich]:
            assert Fraction(award[rich] - 1, amounts[rich]) <= Fraction(award[poor] + 1, amounts[poor])


def test_the_order_of_the_pools_does_not_matter() -> None:
    chance = random.Random(12)
    for _ in range(400):
        amounts, eligible, pools = random_case(chance)
        order = list(range(len(pools)))
        chance.shuffle(order)
        moved = [sum(1 << order[p] for p in range(len(pools)) if mask >> p & 1) for mask in eligible]
        turned = [0] * len(pools)
        for place, pool in enumerate(pools):
            turned[order[place]] = pool
        here = share(amounts, eligible, pools, Rounding.INTERIM)
        there = share(amounts, moved, tuple(turned), Rounding.INTERIM)
        assert here.awards.tolist() == there.awards.tolist()


def test_interim_rounds_pay_floors() -> None:
    shares = share([1, 1, 1], [1, 1, 1], (2,), Rounding.INTERIM)
    assert (shares.awards.tolist(), shares.left) == ([0, 0, 0], (2,))


def test_a_claim_without_a_pool_receives_nothing() -> None:
    shares = share([10, 10], [0, 1], (30,), Rounding.FINAL)
    assert (shares.awards.tolist(), shares.left) == ([0, 10], (20,))


def test_pools_at_their_limit() -> None:
    share([5], [1], (1,) * POOLS_MAX, Rounding.FINAL)
    with pytest.raises(ValueError, match="at most"):
        share([5], [1], (1,) * (POOLS_MAX + 1), Rounding.FINAL)


def test_wrong_pools_are_refused() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        share([5], [4], (1, 1), Rounding.FINAL)
    terms = simple([5])
    with pytest.raises(ValueError, match="without minimum"):
        leximin(Terms(terms.weight, terms.received, terms.upper, terms.upper), column([1]), (9,), Way(), ("a",))


def test_large_amounts_stay_exact() -> None:
    shares = share([10**30, 10**30 + 1], [1, 3], (10**29, 10**29 + 7), Rounding.FINAL)
    assert total(shares.awards) == 2 * 10**29 + 7


def test_transport_steps_back_where_a_pool_was_taken_too_early() -> None:
    assert transport({0b01: 5, 0b11: 5}, {0: 5, 1: 5}) == {(0b01, 0): 5, (0b11, 1): 5}
    assert transport({0b011: 4, 0b101: 3, 0b001: 2}, {0: 3, 1: 4, 2: 2})[0b011, 1] == 4
    with pytest.raises(ValueError, match="cannot meet"):
        transport({0b01: 6}, {0: 5, 1: 5})


def test_losses_name_themselves() -> None:
    assert awards("leximin-pools", None, losses(10, 20), pools={"only": 15}) == [5, 10]
