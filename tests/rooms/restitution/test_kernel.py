"""The kernel against the oracle, to the unit."""

from __future__ import annotations

import importlib.util
import itertools
import os
from fractions import Fraction

import numpy as np
import pytest
from tests.rooms.restitution.reference import Answer, Problem, problems, shares, solve

from recoup.restitution.sharing import kernel
from recoup.restitution.sharing.columns import SMALL_BITS, alike, column, constant, fits_small, total
from recoup.restitution.sharing.exact import ExactEngine
from recoup.restitution.sharing.kernel import Fill, Rounding, Terms, fill, level_of, reach, settled_at, waterfill
from recoup.restitution.sharing.search import find_level

needs_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="the extra `fast` is not installed")
SAMPLE = 12_000
TORTURE = int(os.environ.get("RECOUP_TORTURE_PROBLEMS", "100000"))


def terms_of(problem: Problem) -> Terms:
    w, r, low, high = alike(*map(column, (problem.weight, problem.received, problem.lower, problem.upper)))
    return Terms(w, r, low, high, problem.scale)


def answer_of(filled: Fill) -> Answer:
    return Answer(filled.awards.tolist(), filled.level, filled.surplus, filled.undivided)


def check_all(seed: int, count: int) -> int:
    different = 0
    for problem in problems(seed, count):
        for rounding in Rounding:
            expected = solve(problem, final=rounding is Rounding.FINAL)
            different += answer_of(fill(terms_of(problem), problem.amount, rounding)) != expected
    return different


def test_sample_agrees_with_oracle() -> None:
    assert check_all(seed=1, count=SAMPLE) == 0


@needs_numba
def test_sample_agrees_with_oracle_on_the_compiled_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "FAST_CLAIMS_MIN", 0)
    assert check_all(seed=2, count=SAMPLE) == 0


@pytest.mark.torture
@pytest.mark.parametrize("smallest", [0, 10**9], ids=["compiled", "exact"])
def test_torture(monkeypatch: pytest.MonkeyPatch, smallest: int) -> None:
    monkeypatch.setattr(kernel, "FAST_CLAIMS_MIN", smallest)
    assert check_all(seed=smallest + 3, count=TORTURE) == 0


@needs_numba
def test_engines_agree_on_many_claims() -> None:
    draw = np.random.default_rng(7)
    n = 30_000
    gross = draw.integers(0, 10**8, n)
    received = np.where(draw.random(n) < 0.3, draw.integers(0, 10**8, n), 0)
    upper = np.maximum(0, gross - received)
    zero = np.zeros(n, dtype=np.int64)
    amount = int(upper.sum()) // 3
    fast = fill(Terms(gross, received, zero, upper), amount)
    wide = fill(Terms(gross.astype(object), received.astype(object), zero.astype(object), upper.astype(object)), amount)
    assert fast.awards.dtype == np.int64
    assert (fast.awards.tolist(), fast.level) == (wide.awards.tolist(), wide.level)
    assert total(fast.awards) == amount


@needs_numba
def test_a_level_too_wide_for_64_bits_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "FAST_CLAIMS_MIN", 0)
    edge = 2**SMALL_BITS - 1
    problem = Problem([edge, edge - 2], [0, edge], [0, 0], [edge, edge], edge, 2)
    monkeypatch.setattr("recoup.restitution.sharing.fast.DENOMINATOR_BITS_MAX", 3)
    assert answer_of(fill(terms_of(problem), problem.amount)) == solve(problem)


@needs_numba
@pytest.mark.parametrize("limit", ["NUMERATOR_BITS_MAX", "DENOMINATOR_BITS_MAX"])
def test_levels_and_floors_fall_back_too(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(kernel, "FAST_CLAIMS_MIN", 0)
    monkeypatch.setattr(f"recoup.restitution.sharing.fast.{limit}", 2)
    problem = Problem([7, 9, 4], [3, 0, 0], [0, 0, 0], [40, 50, 60], 61)
    level = level_of(terms_of(problem), 61)
    assert level == solve(problem).level
    assert level is not None
    assert settled_at(terms_of(problem), level)[0].tolist() == [int(share) for share in shares(problem, level)]


def test_without_numba_the_exact_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "FAST_CLAIMS_MIN", 0)
    monkeypatch.setattr(kernel, "fast_available", lambda: False)
    assert isinstance(kernel._engine(terms_of(Problem([1], [0], [0], [5], 3)), 3), ExactEngine)


def test_binary_search_over_kinks_ends_where_newton_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoup.restitution.sharing.search.NEWTON_STEPS_MAX", 0)
    assert check_all(seed=5, count=1500) == 0


def test_bracketed_steps_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoup.restitution.sharing.search.NEWTON_STEPS_FREE", 0)
    assert check_all(seed=6, count=1500) == 0


def test_level_is_the_smallest_on_a_flat_stretch() -> None:
    # The first claim is full at level 1; the second starts at level 5: every level between pays 10.
    filled = waterfill([10, 10], [0, 50], [0, 0], [10, 10], 10)
    assert (filled.awards.tolist(), filled.level) == ([10, 0], Fraction(1))


def test_flat_stretch_is_reached_from_below_without_a_slope() -> None:
    terms = terms_of(Problem([1, 1], [0, 1000], [0, 0], [1, 5], 3))
    engine = ExactEngine(terms.weight, terms.received, terms.lower, terms.upper)
    assert find_level(engine, Fraction(2), 3) == Fraction(1002)


def test_nothing_to_pay_and_more_than_anyone_can_take() -> None:
    assert waterfill([3, 4], [0, 0], [0, 0], [3, 4], 0).awards.tolist() == [0, 0]
    filled = waterfill([3, 4], [0, 0], [0, 0], [3, 4], 100)
    assert (filled.awards.tolist(), filled.level, filled.surplus) == ([3, 4], Fraction(1), 93)


def test_no_claims_leaves_everything() -> None:
    filled = waterfill([], [], [], [], 5)
    assert (len(filled.awards), filled.surplus) == (0, 5)


def test_claim_without_weight_stays_at_its_lower_bound() -> None:
    filled = waterfill([0, 1], [0, 0], [2, 0], [9, 3], 20)
    assert (filled.awards.tolist(), filled.surplus) == ([2, 3], 15)
    assert reach(terms_of(Problem([0, 1], [0, 0], [2, 0], [9, 3], 20))) == 5


def test_tie_key_decides_between_equal_remainders() -> None:
    keys = [b"b", b"c", b"a"]
    assert waterfill([1] * 3, [0] * 3, [0] * 3, [9] * 3, 4, tie=keys.__getitem__).awards.tolist() == [1, 1, 2]
    assert waterfill([1] * 3, [0] * 3, [0] * 3, [9] * 3, 4).awards.tolist() == [2, 1, 1]


def test_interim_round_keeps_the_units_that_flooring_leaves() -> None:
    filled = waterfill([1] * 3, [0] * 3, [0] * 3, [9] * 3, 5, Rounding.INTERIM)
    assert (filled.awards.tolist(), filled.undivided) == ([1, 1, 1], 2)


def test_largest_remainder_can_take_a_unit_back_and_floors_never_do() -> None:
    """The Alabama paradox: a larger pool gives the smallest claim less, hence floors until the final round."""
    claims = [11, 11, 4]
    final = [waterfill(claims, [0] * 3, [0] * 3, claims, pool).awards.tolist()[2] for pool in range(27)]
    floors = [
        waterfill(claims, [0] * 3, [0] * 3, claims, pool, Rounding.INTERIM).awards.tolist()[2] for pool in range(27)
    ]
    assert any(after < before for before, after in itertools.pairwise(final))
    assert all(after >= before for before, after in itertools.pairwise(floors))


@pytest.mark.parametrize(
    ("columns", "amount", "words"),
    [
        (([1], [0], [0], [1]), -1, "negative"),
        (([-1], [0], [0], [1]), 1, "not negative"),
        (([1], [0], [2], [1]), 5, "above its upper"),
        (([1], [0], [2], [3]), 1, "does not cover"),
        (([1, 1], [0], [0], [1]), 1, "differ in length"),
    ],
)
def test_wrong_terms_are_refused(columns: tuple[list[int], ...], amount: int, words: str) -> None:
    weight, received, lower, upper = columns
    with pytest.raises(ValueError, match=words):
        waterfill(weight, received, lower, upper, amount)


@pytest.mark.parametrize("wrong", [[1.0], ["1"], [True], [None]])
def test_columns_hold_integers_only(wrong: list[int]) -> None:
    with pytest.raises(TypeError):
        column(wrong)


def test_a_float_array_is_refused() -> None:
    with pytest.raises(TypeError, match="float64"):
        column(np.zeros(2))


def test_columns_at_the_edge_of_64_bits() -> None:
    assert column([2**SMALL_BITS - 1]).dtype == np.int64
    assert column([2**SMALL_BITS]).dtype == object
    assert column([2**48] * 2**11).dtype == np.int64
    assert column([2**48] * 2**12).dtype == object
    assert column(np.array([2**60])).dtype == object
    assert not fits_small(np.array([1], dtype=object))
    assert fits_small(np.array([], dtype=np.int64))
    assert total(column([2**200, 1])) == 2**200 + 1
    assert constant(3, column([2**70, 1])).tolist() == [3, 3]


@needs_numba
def test_radix_selection_equals_sorting() -> None:
    from recoup.restitution.sharing.fast import largest_first

    draw = np.random.default_rng(3)
    for top in (5, 2**20, 2**61):
        rests = draw.integers(0, top, 400)
        for left in (1, 7, 399):
            sure, tied, wanted = largest_first(rests, left)
            best = sorted(rests.tolist(), reverse=True)[:left]
            assert sorted(rests[sure].tolist() + rests[tied].tolist()[:wanted], reverse=True) == best
