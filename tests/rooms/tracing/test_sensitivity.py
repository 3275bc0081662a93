"""The sensitivity sheet: every admissible choice once, the declared one marked, least and most honest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.tracing.worked import BTC, EUR, bank, chain, claim

from recoup.tracing import (
    HELD,
    Cell,
    ClusterMember,
    FeePolicy,
    Granularity,
    Parameters,
    Question,
    Rule,
    Service,
    Sheet,
    Trace,
    run_trace,
    sensitivity,
)
from recoup.tracing.sensitivity import choices

# Own 10 and the victim's 10 in one account; 12 go to B, 3 to the exchange X.
LEDGER = bank("e: in A 10", "f: in A 10", "g: out A 12; in B 12", "h: out A 3; in X 3")
ASKED = Question((claim("v f/0 10"),), (Service("X", "Bourse", "exchange"),))
DECLARED = Parameters(Rule.FIFO, Granularity.ACCOUNT)

SPENT = chain(
    "t0: in P 60 opening",
    "t1: in P 40 opening",
    "t2: out P 60 coin t0:o0; out P 40 coin t1:o0; in Q 50 coin; in P 40 coin",
)
THEFT = Question((claim("v t1/o0 40"),))


def sheet(parameters: Parameters = DECLARED) -> Sheet:
    (only,) = sensitivity(LEDGER, ASKED, parameters)
    return only


def test_a_sheet_has_each_rule_once_on_an_account_ledger_without_fees() -> None:
    asked = list(choices(Trace(LEDGER, ASKED), DECLARED))
    assert [choice.rule for choice in asked] == list(Rule)
    assert {choice.fee_policy for choice in asked} == {FeePolicy.LAST}


def test_coins_add_a_granularity_and_fees_a_policy() -> None:
    asked = list(choices(Trace(SPENT, THEFT), Parameters(Rule.FIFO)))
    fifo = {(choice.granularity, choice.fee_policy) for choice in asked if choice.rule is Rule.FIFO}
    assert fifo == {(granularity, policy) for granularity in ("coin", "account") for policy in ("last", "first")}
    lowest = {choice.granularity for choice in asked if choice.rule is Rule.LOWEST_INTERMEDIATE}
    assert lowest == {Granularity.COIN}, "asked as declared; it runs on accounts and says so"


def test_clusters_are_compared_with_clusters_only() -> None:
    asked = replace(THEFT, clusters=(ClusterMember("P", "one", "x"), ClusterMember("Q", "one", "x")))
    declared = Parameters(Rule.FIFO, Granularity.CLUSTER)
    (only,) = sensitivity(SPENT, asked, declared)
    assert {cell.granularity for cell in only.cells} == {Granularity.CLUSTER}
    assert {cell.target for cell in only.cells if cell.kind == HELD} == {"one"}


def test_backward_leaves_pari_passu_out() -> None:
    asked = [choice.rule for choice in choices(Trace(LEDGER, ASKED), replace(DECLARED, backward=True))]
    assert Rule.PARI_PASSU not in asked
    assert len(asked) == len(Rule) - 1


def test_the_declared_choice_is_marked_and_agrees_with_its_run() -> None:
    (result,) = run_trace(LEDGER, ASKED, DECLARED)
    held = {cell.target: cell.traced for cell in sheet().cells if cell.chosen and cell.kind == HELD}
    assert held == {holding.account: holding.traced for holding in result.holdings}
    assert {cell.rule for cell in sheet().cells if cell.chosen} == {Rule.FIFO}


def test_least_most_and_chosen_by_hand() -> None:
    """A after 12 and 3 of 20, victim's 10 second.

    To B: fifo 2 (own 10 first), lifo 10, haircut 6, lowest intermediate 2, tainted first and tiho 10; pari passu never
    leaves A. So B lies between 0 and 10, and poison reaches all 12.
    """
    found = {target.target: target for target in sheet().targets() if target.kind == HELD}
    assert (found["B"].minimum, found["B"].chosen, found["B"].maximum, found["B"].reach) == (0, 2, 10, 12)


def test_a_stop_is_a_target_by_its_label_and_kind() -> None:
    found = {(target.target, target.kind): target for target in sheet().targets()}
    stop = found["Bourse", "exchange"]
    # fifo 3 of the victim's 8 left; haircut 3*4/8 = 1.5, a unit by rounding; lifo and the rest 0
    assert stop.chosen == 3
    assert stop.minimum == 0
    assert stop.reach == 3


def test_a_choice_with_nothing_there_makes_the_least_nothing() -> None:
    cells = (
        Cell("A", HELD, Rule.FIFO, Granularity.ACCOUNT, FeePolicy.LAST, 5, 5, 5, chosen=True),
        Cell("A", HELD, Rule.LIFO, Granularity.ACCOUNT, FeePolicy.LAST, 7, 6, 8, chosen=False),
        Cell("B", HELD, Rule.LIFO, Granularity.ACCOUNT, FeePolicy.LAST, 3, 3, 3, chosen=False),
    )
    a, b = Sheet(EUR, cells).targets()
    assert (a.minimum, a.maximum, a.chosen, a.reach) == (5, 8, 5, None)
    assert (b.minimum, b.maximum, b.chosen) == (0, 3, 0), "FIFO put nothing into B"


def test_poison_alone_bounds_nothing() -> None:
    """A reach is no amount: it never widens least and most."""
    cells = (
        Cell("A", HELD, Rule.FIFO, Granularity.ACCOUNT, FeePolicy.LAST, 5, 5, 5, chosen=True),
        Cell("A", HELD, Rule.POISON, Granularity.ACCOUNT, FeePolicy.LAST, 90, 90, 90, chosen=False),
        Cell("C", HELD, Rule.POISON, Granularity.ACCOUNT, FeePolicy.LAST, 40, 40, 40, chosen=False),
    )
    a, c = Sheet(EUR, cells).targets()
    assert (a.maximum, a.reach) == (5, 90)
    assert (c.minimum, c.maximum, c.chosen, c.reach) == (0, 0, 0, 40)


def test_coins_of_one_account_are_one_target() -> None:
    ledger = chain("t0: in P 10 opening", "t1: out P 10 coin t0:o0; in Q 4 coin; in Q 6 coin")
    (only,) = sensitivity(ledger, Question((claim("v t0/o0 10"),)), Parameters(Rule.FIFO))
    (cell,) = (cell for cell in only.cells if cell.chosen)
    assert (cell.target, cell.traced) == ("Q", 10)


def test_targets_stand_in_the_order_of_the_declared_run() -> None:
    declared = [cell.target for cell in sheet().cells if cell.chosen]
    assert [target.target for target in sheet().targets()][: len(declared)] == declared


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.PARI_PASSU])
def test_each_asset_has_its_sheet(rule: Rule) -> None:
    (only,) = sensitivity(SPENT, THEFT, Parameters(rule))
    assert only.asset == BTC
    assert {cell.rule for cell in only.cells if cell.chosen} <= {rule}
