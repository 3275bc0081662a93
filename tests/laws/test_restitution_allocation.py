"""Laws of sharing, for every rule and any claims."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.build import claims

from recoup.restitution.sharing.allocate import Rulebook, Way, allocate
from recoup.restitution.sharing.columns import column, total
from recoup.restitution.sharing.kernel import Rounding, fill
from recoup.restitution.sharing.model import Claims
from recoup.restitution.sharing.reserves import with_disputes
from recoup.restitution.sharing.rules import Options, terms_for

EXAMPLES = settings(max_examples=300, deadline=None)
INTERIM, FINAL = Way(Rounding.INTERIM), Way(Rounding.FINAL)
RULES = ("pro-rata", "pro-rata-gross", "rising-tide", "rising-tide-without-withdrawals", "cea", "cel", "talmud")
LINES = tuple(rule for rule in RULES if rule != "talmud")

amounts = st.one_of(st.integers(0, 12), st.integers(0, 10**6), st.sampled_from([2**53 - 1, 2**53, 2**53 + 1, 10**21]))


@st.composite
def books(draw: st.DrawFn, paid: bool = False) -> Claims:
    n = draw(st.integers(1, 7))
    listed = st.lists(amounts, min_size=n, max_size=n)
    gross = draw(listed)
    withdrawn = [value if draw(st.booleans()) else 0 for value in draw(listed)]
    earlier = [min(value, g) if paid else 0 for value, g in zip(draw(listed), gross, strict=True)]
    return claims(gross, withdrawn=withdrawn, paid=earlier)


def pool_for(found: Claims, part: int) -> int:
    return total(found.outstanding) * part // 16


@EXAMPLES
@given(books(paid=True), st.sampled_from(RULES), st.integers(0, 20), st.sampled_from([INTERIM, FINAL]))
def test_every_unit_is_accounted_for_and_nobody_gets_more_than_the_loss(
    found: Claims, rule: str, part: int, way: Way
) -> None:
    pool = pool_for(found, part)
    shared = allocate(Rulebook(rule), found, pool, way)
    assert total(shared.awards) + shared.surplus + shared.undivided == pool
    assert all(
        0 <= award <= most for award, most in zip(shared.awards.tolist(), found.outstanding.tolist(), strict=True)
    )
    assert shared.undivided < len(found)
    assert way is INTERIM or shared.undivided == 0


@EXAMPLES
@given(books(paid=True), st.sampled_from(["pro-rata", "rising-tide", "cea"]), st.integers(0, 16))
def test_nobody_paid_stands_above_the_level_and_nobody_unpaid_below_it(found: Claims, rule: str, part: int) -> None:
    """Leximin: a paid claim's total over its weight is at most level + 1 unit, an open claim's at least level - 1."""
    terms = terms_for(rule, found, 0, Options())
    filled = fill(terms, pool_for(found, part))
    rows = zip(*(each.tolist() for each in (terms.weight, terms.received, terms.upper, filled.awards)), strict=True)
    for weight, received, upper, award in rows:
        if weight and award:
            assert Fraction(received + award - 1, weight) <= filled.level
        if weight and award < upper:
            assert Fraction(received + award + 1, weight) >= filled.level


@EXAMPLES
@given(books(), st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(found: Claims, rule: str, chance: st.DataObject) -> None:
    order = list(range(len(found)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    pool = pool_for(found, 7)
    here = allocate(Rulebook(rule), found, pool, FINAL)
    there = allocate(Rulebook(rule), found.take(np.array(order, dtype=np.intp)), pool, FINAL)
    assert [here.awards[i] for i in order] == there.awards.tolist()
    assert here.level == there.level


@EXAMPLES
@given(books(), st.sampled_from(RULES))
def test_more_money_never_lowers_a_floor(found: Claims, rule: str) -> None:
    rounds = [
        allocate(Rulebook(rule), found, pool_for(found, part), INTERIM).awards.tolist() for part in range(0, 18, 2)
    ]
    for less, more in pairwise(rounds):
        assert all(a <= b for a, b in zip(less, more, strict=True))


@EXAMPLES
@given(books(), st.sampled_from(RULES), st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_rounds_never_take_back_and_end_where_one_round_would(found: Claims, rule: str, parts: list[int]) -> None:
    """Interim rounds, each with what the last left undivided, then a final one: within a unit of one single round."""
    pool, given_out, carried = 0, np.zeros_like(found.gross), 0
    for part in parts:
        money = pool_for(found, part)
        pool += money
        later = Claims.of(found.ids, found.gross, withdrawn=found.withdrawn, paid=given_out)
        shared = allocate(Rulebook(rule), later, money + carried, INTERIM)
        assert min(shared.awards.tolist()) >= 0
        given_out, carried = given_out + shared.awards, shared.undivided
        if shared.surplus:
            break
    whole = allocate(Rulebook(rule), found, pool, INTERIM)
    assert all(abs(a - b) <= 1 for a, b in zip(given_out.tolist(), whole.awards.tolist(), strict=True))


@EXAMPLES
@given(books(), st.sampled_from(LINES), st.data())
def test_reserve_covers_every_outcome_of_every_dispute(found: Claims, rule: str, data: st.DataObject) -> None:
    extra = data.draw(st.lists(st.integers(0, 1000), min_size=len(found), max_size=len(found)))
    won = [data.draw(st.integers(0, more)) for more in extra]
    maximum = column([gross + more for gross, more in zip(found.gross.tolist(), extra, strict=True)])
    pool = pool_for(found, 9)
    interim = with_disputes(Rulebook(rule), found, maximum, pool, INTERIM)
    assert total(interim.awards) + total(interim.held) + interim.surplus + interim.undivided == pool
    decided = column([gross + more for gross, more in zip(found.gross.tolist(), won, strict=True)])
    final = allocate(Rulebook(rule), Claims.of(found.ids, decided, withdrawn=found.withdrawn), pool, INTERIM)
    assert all(a <= b for a, b in zip(interim.awards.tolist(), final.awards.tolist(), strict=True))


@EXAMPLES
@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=6), st.data())
def test_pro_rata_is_blind_to_splitting_and_merging(losses: list[int], data: st.DataObject) -> None:
    pool = data.draw(st.integers(0, sum(losses)))
    cut = data.draw(st.integers(0, losses[0]))
    whole, split = claims(losses), claims([cut, losses[0] - cut, *losses[1:]])
    level = [fill(terms_for("pro-rata", each, pool, Options()), pool).level for each in (whole, split)]
    assert level[0] == level[1]


@EXAMPLES
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.data())
def test_talmud_is_its_own_dual(losses: list[int], data: st.DataObject) -> None:
    """What is awarded of E is what is lost of sum - E (Aumann & Maschler 1985), up to the odd unit."""
    pool = data.draw(st.integers(0, sum(losses)))
    gains = allocate(Rulebook("talmud"), claims(losses), pool, INTERIM).awards.tolist()
    lost = allocate(Rulebook("talmud"), claims(losses), sum(losses) - pool, INTERIM).awards.tolist()
    assert all(abs(loss - award - other) <= 1 for loss, award, other in zip(losses, gains, lost, strict=True))


@EXAMPLES
@given(st.lists(st.integers(1, 10**4), min_size=2, max_size=6), st.data())
def test_talmud_agrees_with_the_contested_garment_for_every_pair(losses: list[int], data: st.DataObject) -> None:
    """Consistency on claims scaled so that every half and level is whole: any two share their sum as two would."""
    scale = 2 * 60
    scaled = [loss * scale for loss in losses]
    pool = data.draw(st.integers(0, sum(losses))) * scale
    awards = allocate(Rulebook("talmud"), claims(scaled), pool, FINAL).awards.tolist()
    for i in range(len(losses) - 1):
        both = awards[i] + awards[i + 1]
        concede_i, concede_j = max(0, both - scaled[i + 1]), max(0, both - scaled[i])
        expected = concede_i + (both - concede_i - concede_j) // 2
        assert abs(awards[i] - expected) <= 1


@EXAMPLES
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.data())
def test_equal_awards_and_equal_losses_are_duals(losses: list[int], data: st.DataObject) -> None:
    pool = data.draw(st.integers(0, sum(losses)))
    awards = allocate(Rulebook("cel"), claims(losses), pool, INTERIM).awards.tolist()
    lost = allocate(Rulebook("cea"), claims(losses), sum(losses) - pool, INTERIM).awards.tolist()
    assert all(abs(loss - award - other) <= 1 for loss, award, other in zip(losses, awards, lost, strict=True))
