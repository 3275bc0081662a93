"""Where nothing proves the order of entries, each target carries the interval over six orders (§9)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.tracing.worked import bank, chain, claim

from recoup.ground import Instant
from recoup.ledger import Ledger
from recoup.tracing import Parameters, Question, Result, Rule, run_trace

DAY = Instant.parse("2024-01-01")


def same_day(*bookings: str) -> Ledger:
    """Bookings of one day without times or positions: their order is not proven."""
    return Ledger(tuple(replace(entry, time=DAY) for entry in bank(*bookings)))


def booked(*bookings: str) -> Ledger:
    """The same day, but with the bank's own sequence."""
    numbered = enumerate(same_day(*bookings), start=1)
    return Ledger(tuple(replace(entry, position=position) for position, entry in numbered))


BOOKINGS = ("e: in A 10", "f: in A 10", "g: out A 10")
CLAIM = Question((claim("v f/0 10"),))


def only(ledger: Ledger, rule: Rule) -> Result:
    (result,) = run_trace(ledger, CLAIM, Parameters(rule))
    return result


@pytest.mark.parametrize(("rule", "declared", "low", "high"), [(Rule.FIFO, 10, 0, 10), (Rule.LIFO, 0, 0, 10)])
def test_one_day_s_bookings_give_an_interval(rule: Rule, declared: int, low: int, high: int) -> None:
    """Own 10, victim's 10, 10 out: FIFO pays with what came first, and nothing says which did."""
    (holding,) = only(same_day(*BOOKINGS), rule).holdings
    assert (holding.traced, holding.low, holding.high) == (declared, low, high)


def test_a_sequence_of_bookings_proves_the_order() -> None:
    result = only(booked(*BOOKINGS), Rule.FIFO)
    (holding,) = result.holdings
    assert (holding.traced, holding.low, holding.high) == (10, 10, 10)
    assert result.unproven_groups == 0


def test_pari_passu_does_not_care_for_dates_only_for_what_arrived_unseen() -> None:
    """Debits first: the 10 out arrived unseen before, so that the account holds 20 at the end and not 10."""
    (holding,) = only(same_day(*BOOKINGS), Rule.PARI_PASSU).holdings
    assert (holding.traced, holding.low, holding.high) == (5, 5, 10)


def test_a_target_that_only_another_order_reaches_is_shown_with_nothing() -> None:
    ledger = same_day("e: in A 10", "f: in A 10", "g: out A 10; in B 10")
    result = only(ledger, Rule.FIFO)
    reached = {
        holding.account: (holding.traced, holding.low, holding.high, holding.balance) for holding in result.holdings
    }
    assert reached["B"] == (0, 0, 10, 10)
    assert result.conserved


def test_debits_before_credits_and_credits_before_debits_are_tried() -> None:
    """A pays 10 on the day it receives the victim's 10: it may have paid with value of its own that nobody saw."""
    ledger = same_day("f: in A 10", "g: out A 10; in B 10")
    found = {holding.account: (holding.low, holding.high) for holding in only(ledger, Rule.FIFO).holdings}
    assert found == {"A": (0, 10), "B": (0, 10)}


def test_an_unproven_group_is_counted() -> None:
    assert only(same_day(*BOOKINGS), Rule.FIFO).unproven_groups == 1


def test_coins_prove_their_order_by_what_they_spend() -> None:
    transactions = chain("t0: in P 10 opening", "t1: out P 10 coin t0:o0; in Q 10 coin")
    ledger = Ledger(tuple(replace(entry, time=DAY) for entry in reversed(transactions.entries)))
    (result,) = run_trace(ledger, Question((claim("v t0/o0 10"),)), Parameters(Rule.FIFO))
    assert [(holding.account, holding.low, holding.high) for holding in result.holdings] == [("Q", 10, 10)]


def test_the_declared_figures_are_those_of_the_file_s_order() -> None:
    declared, proven = only(same_day(*BOOKINGS), Rule.HAIRCUT), only(booked(*BOOKINGS), Rule.HAIRCUT)
    assert [(h.account, h.traced) for h in declared.holdings] == [(h.account, h.traced) for h in proven.holdings]


def test_an_entry_after_the_last_moment_is_left_out_and_its_claim_does_not_enter() -> None:
    until = Parameters(Rule.FIFO, until=Instant.parse("2023-12-31"))
    (result,) = run_trace(same_day(*BOOKINGS), CLAIM, until)
    assert (result.injected_total, result.holdings, result.conserved) == (0, (), True)


def test_until_a_day_holds_the_whole_day() -> None:
    (result,) = run_trace(same_day(*BOOKINGS), CLAIM, Parameters(Rule.FIFO, until=DAY))
    assert result.injected_total == 10
