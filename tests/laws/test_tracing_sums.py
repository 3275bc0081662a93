"""Laws of sums: nothing is lost, nothing is made, and every rule keeps to its bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.rooms.tracing.compare import table
from tests.rooms.tracing.ledgers import PLAIN, Case, Wanted, cases

from recoup.ledger import Ledger
from recoup.tracing import run_trace
from recoup.tracing.model import Granularity, Question, Result, Rule, Service

FORWARD = Wanted(backward=0, links=0)
laws = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
CONSERVING = [rule for rule in Rule if rule.conserves]


def run(case: Case, rule: Rule, question: Question | None = None) -> tuple[Result, ...]:
    return run_trace(case.ledger, question or case.question, replace(case.parameters, rule=rule))


@pytest.mark.parametrize("rule", CONSERVING)
@given(case=cases(Wanted(backward=0)))
@laws
def test_every_claim_is_accounted_for_to_the_unit(rule: Rule, case: Case) -> None:
    for result in run(case, rule):
        rows = table(result)
        for claim, amount in result.injected.items():
            assert sum(row.get(claim, 0) for row in rows.values()) == amount
        assert result.conserved and result.difference == 0


@pytest.mark.parametrize("rule", [rule for rule in CONSERVING if rule is not Rule.PARI_PASSU])
@given(case=cases(Wanted(backward=100, links=0)))
@laws
def test_every_target_is_accounted_for_backward(rule: Rule, case: Case) -> None:
    assert all(result.conserved for result in run(case, rule))


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(Wanted(backward=0)))
@laws
def test_colours_sum_to_the_whole_and_the_whole_is_there(rule: Rule, case: Case) -> None:
    for result in run(case, rule):
        for holding in result.holdings:
            assert 0 <= holding.traced <= holding.balance
            if rule.conserves:
                assert sum(holding.by_claim.values()) == holding.traced
            assert all(0 < amount <= holding.traced for amount in holding.by_claim.values())
        if rule.conserves:
            assert all(sum(stop.by_claim.values()) == stop.traced for stop in result.stopped)


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(Wanted(backward=0, unproven=60)))
@laws
def test_the_declared_order_lies_inside_the_interval(rule: Rule, case: Case) -> None:
    for result in run(case, rule):
        spans = [(holding.low, holding.traced, holding.high) for holding in result.holdings]
        spans += [(stop.low, stop.traced, stop.high) for stop in result.stopped]
        assert all(low <= traced <= high for low, traced, high in spans)
        assert result.unproven_groups or all(low == high for low, _, high in spans)


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(Wanted(backward=0)))
@laws
def test_steps_balance(rule: Rule, case: Case) -> None:
    for result in run(case, rule):
        for step in result.steps:
            fee = step.fee.amount if step.fee else 0
            assert sum(move.amount for move in step.outs) == sum(move.amount for move in step.ins) + fee


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.POISON])
@given(case=cases(Wanted(backward=0)))
@laws
def test_poison_contains_the_reach_of_every_rule(rule: Rule, case: Case) -> None:
    """Without limits of size and hops: what a rule traces anywhere, poison reaches there."""
    no_coins = rule in (Rule.LOWEST_INTERMEDIATE, Rule.PARI_PASSU)
    granularity = Granularity.ACCOUNT if no_coins else case.parameters.granularity
    unlimited = replace(case, parameters=replace(case.parameters, granularity=granularity, min_amount=0, max_hops=None))
    for result, poison in zip(run(unlimited, rule), run(unlimited, Rule.POISON), strict=True):
        reach = table(poison)
        for target, row in table(result).items():
            bookkeeping = target[-1] in ("senior-claim", "link") or (rule is Rule.PARI_PASSU and target == ("left",))
            for claim, amount in row.items():
                assert bookkeeping or not amount or reach.get(target, {}).get(claim, 0) >= amount


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(FORWARD))
@laws
def test_a_service_stops_everything(rule: Rule, case: Case) -> None:
    accounts = dict.fromkeys(leg.account for _, leg in case.ledger.legs())
    everywhere = tuple(Service(account, account, "exchange") for account in accounts)
    for result in run(case, rule, replace(case.question, services=everywhere)):
        assert result.holdings == () and not any(result.fees.values()) and not any(result.left_data.values())
        assert {stop.kind for stop in result.stopped} <= {"exchange", "senior-claim"}


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(FORWARD), data=st.data())
@laws
def test_until_is_the_ledger_without_what_comes_later(rule: Rule, case: Case, data: st.DataObject) -> None:
    until = data.draw(st.sampled_from([entry.time for entry in case.ledger]))
    kept = Ledger(tuple(entry for entry in case.ledger if entry.time.start <= until.end))
    there = {(entry.id, leg.id) for entry, leg in kept.legs()}
    claims = tuple(claim for claim in case.question.claims if claim.key in there)
    assume(claims and kept.coin_ledgers == {entry.ledger for entry in kept} & case.ledger.coin_ledgers)
    question = replace(case.question, claims=claims)
    cut = run_trace(case.ledger, question, replace(case.parameters, rule=rule, until=until))
    short = run_trace(kept, question, replace(case.parameters, rule=rule, until=None))
    assert [replace(result, parameters=case.parameters) for result in cut] == [
        replace(result, parameters=case.parameters) for result in short
    ]


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(PLAIN))
@laws
def test_same_input_same_result(rule: Rule, case: Case) -> None:
    assert run(case, rule) == run(case, rule)
