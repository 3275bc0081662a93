"""Laws of the rules in exact numbers: every amount is scaled so that no unit is odd, and equalities are equalities."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.build import awards, claims

from recoup.restitution.sharing.allocate import Rulebook, Way, allocate
from recoup.restitution.sharing.kernel import Rounding

RULES = ("pro-rata", "cea", "cel", "talmud")
SCALE = 2 * 2520  # every level of up to ten claims divides it, and half of it
EXAMPLES = settings(max_examples=200, deadline=None)
INTERIM = Way(Rounding.INTERIM)

losses = st.lists(st.integers(0, 400), min_size=1, max_size=6)


def shared(rule: str, amounts: list[int], pool: int) -> list[int]:
    found: list[int] = allocate(Rulebook(rule), claims(amounts), pool).awards.tolist()
    return found


def scaled(amounts: list[int], part: int) -> tuple[list[int], int]:
    """Losses and a pool of `part` of 16, both whole multiples of the scale."""
    return [amount * SCALE for amount in amounts], sum(amounts) * part // 16 * SCALE


@EXAMPLES
@given(losses, st.integers(0, 16))
def test_talmud_is_exactly_its_own_dual(amounts: list[int], part: int) -> None:
    """Aumann & Maschler (1985), section 3: awards of E are losses of C - E."""
    whole, pool = scaled(amounts, part)
    gains, lost = shared("talmud", whole, pool), shared("talmud", whole, sum(whole) - pool)
    assert [a + b for a, b in zip(gains, lost, strict=True)] == whole


@EXAMPLES
@given(losses, st.integers(0, 16))
def test_equal_awards_and_equal_losses_are_exact_duals(amounts: list[int], part: int) -> None:
    """Thomson, Axiomatic and game-theoretic analysis of bankruptcy (2003), section 5."""
    whole, pool = scaled(amounts, part)
    gains, lost = shared("cea", whole, pool), shared("cel", whole, sum(whole) - pool)
    assert [a + b for a, b in zip(gains, lost, strict=True)] == whole


@EXAMPLES
@given(losses, st.integers(0, 16), st.sampled_from(["cea", "cel", "talmud"]), st.data())
def test_those_who_stay_share_the_rest_as_before(amounts: list[int], part: int, rule: str, data: st.DataObject) -> None:
    """Consistency: some leave with their awards; the others share what is left and get the same (Thomson 2003)."""
    whole, pool = scaled(amounts, part)
    all_awards = shared(rule, whole, pool)
    stay = [place for place in range(len(whole)) if data.draw(st.booleans())]
    rest = sum(all_awards[place] for place in stay)
    assert shared(rule, [whole[place] for place in stay], rest) == [all_awards[place] for place in stay]


@EXAMPLES
@given(losses, st.integers(0, 16), st.sampled_from(RULES))
def test_a_larger_loss_gets_no_less_and_loses_no_less(amounts: list[int], part: int, rule: str) -> None:
    """Order preservation of awards and of losses, up to the odd unit."""
    pool = sum(amounts) * part // 16
    rows = sorted(zip(amounts, shared(rule, amounts, pool), strict=True))
    for (small, less), (large, more) in pairwise(rows):
        assert less <= more + 1
        assert small - less <= large - more + 1


@EXAMPLES
@given(losses, st.integers(0, 16), st.sampled_from(["cea", "cel", "talmud"]), st.integers(2, 10**9))
def test_the_unit_of_account_does_not_matter(amounts: list[int], part: int, rule: str, factor: int) -> None:
    """Homogeneity: everything a factor larger gives awards a factor larger."""
    whole, pool = scaled(amounts, part)
    larger = shared(rule, [amount * factor for amount in whole], pool * factor)
    assert larger == [award * factor for award in shared(rule, whole, pool)]


@EXAMPLES
@given(losses, st.integers(0, 16), st.sampled_from(RULES))
def test_claims_of_nothing_do_not_matter(amounts: list[int], part: int, rule: str) -> None:
    pool = sum(amounts) * part // 16
    assert shared(rule, [*amounts, 0, 0], pool) == [*shared(rule, amounts, pool), 0, 0]


@EXAMPLES
@given(losses, st.integers(0, 16))
def test_equal_awards_do_not_look_at_what_is_beyond_the_pool(amounts: list[int], part: int) -> None:
    """Claims truncation: a claim above the pool counts as the pool (Dagan 1996), for equal awards and Talmud."""
    whole, pool = scaled(amounts, part)
    for rule in ("cea", "talmud"):
        assert shared(rule, [min(amount, pool) for amount in whole], pool) == shared(rule, whole, pool)


@EXAMPLES
@given(losses, st.integers(0, 16))
def test_equal_losses_pay_first_what_nobody_contests(amounts: list[int], part: int) -> None:
    """Minimal rights: what the others leave uncontested is paid first and changes nothing (CEL and Talmud)."""
    whole, pool = scaled(amounts, part)
    sure = [max(0, pool - (sum(whole) - amount)) for amount in whole]
    rest = pool - sum(sure)
    for rule in ("cel", "talmud"):
        later = shared(rule, [amount - paid for amount, paid in zip(whole, sure, strict=True)], rest)
        assert [a + b for a, b in zip(sure, later, strict=True)] == shared(rule, whole, pool)


@EXAMPLES
@given(losses, st.integers(0, 15), st.sampled_from(["cea", "cel", "talmud"]))
def test_levels_of_talmud_lie_between_equal_awards_and_equal_losses(amounts: list[int], part: int, rule: str) -> None:
    """The smallest loss gets most under equal awards and least under equal losses (Lorenz order, Thomson 2003)."""
    whole, pool = scaled(amounts, part)
    smallest = whole.index(min(whole))
    found = shared(rule, whole, pool)[smallest]
    assert shared("cel", whole, pool)[smallest] <= found <= shared("cea", whole, pool)[smallest]


@EXAMPLES
@given(losses, st.integers(0, 3000), st.sampled_from(RULES))
def test_one_unit_more_raises_somebody_and_lowers_nobody(amounts: list[int], pool: int, rule: str) -> None:
    found = claims(amounts)
    less, more = (allocate(Rulebook(rule), found, money, INTERIM) for money in (pool, pool + 1))
    assert all(a <= b for a, b in zip(less.awards.tolist(), more.awards.tolist(), strict=True))
    assert less.level is not None
    assert more.level is not None
    assert less.level <= more.level or rule == "talmud"


@EXAMPLES
@given(st.lists(st.integers(1, 400), min_size=2, max_size=6), st.integers(1, 15))
def test_only_pro_rata_ignores_a_split(amounts: list[int], part: int) -> None:
    """Moulin (1987): half of the first claim twice, in numbers that halve exactly."""
    total = sum(amounts)
    whole, pool = [amount * 2 * total for amount in amounts], 2 * part * total
    split = shared("pro-rata", [whole[0] // 2, whole[0] // 2, *whole[1:]], pool)
    assert split[0] + split[1] == shared("pro-rata", whole, pool)[0]


@pytest.mark.parametrize(("rule", "sign"), [("cea", 1), ("cel", -1)])
def test_splitting_pays_under_equal_awards_and_costs_under_equal_losses(rule: str, sign: int) -> None:
    """100 and 100 from 60: 30 each; 50, 50, 100: equal awards 20 + 20, equal losses 3 + 3 and 54."""
    alone = awards(rule, 60, [{"id": "a", "loss": 100}, {"id": "b", "loss": 100}])[0]
    parts = awards(rule, 60, [{"id": "a", "loss": 50}, {"id": "aa", "loss": 50}, {"id": "b", "loss": 100}])
    assert (parts[0] + parts[1] - alone) * sign > 0
