"""The reference against things plainer than itself: unit by unit, and exact fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.tracing.ledgers import Case, Wanted, seeded_case
from tests.rooms.tracing.reference import Circle, Outcome, reference
from tests.rooms.tracing.reference_flow import FlowBuilder, groups
from tests.rooms.tracing.reference_line import CLEAN, Lots, Units
from tests.rooms.tracing.reference_rules import FINE
from tests.rooms.tracing.worked import bank, leg

from recoup.tracing.model import Granularity, Rule

LINES = st.lists(st.tuples(st.sampled_from([CLEAN, "a", "b"]), st.integers(0, 5)), max_size=8)
UNLIMITED = Wanted(backward=0, links=0, stops=0)


def spread(line: Lots) -> list[str]:
    return [colour for colour, amount in line.runs for _ in range(amount)]


@given(LINES, st.data())
def test_lots_are_units(lots: list[tuple[str, int]], data: st.DataObject) -> None:
    units, runs = Units.of(lots), Lots.of(lots)
    n = data.draw(st.integers(0, units.size))
    assert runs.size == units.size
    assert [spread(part) for part in runs.cut(n)] == [list(part.units) for part in units.cut(n)]
    assert spread(runs.coloured() + runs.clean()) == list((units.coloured() + units.clean()).units)
    assert spread(runs.mirrored()) == list(units.mirrored().units)
    for paint in (CLEAN, "c"):
        assert spread(runs.recoloured(n, paint=paint)) == list(units.recoloured(n, paint=paint).units)


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO, Rule.TIHO, Rule.TAINTED_FIRST])
def test_every_line_rule_is_the_same_unit_by_unit(rule: Rule) -> None:
    for seed in range(250):
        case = seeded_case(seed)
        parameters = replace(case.parameters, rule=rule)
        try:
            by_unit = reference(case.ledger, case.question, parameters, units=True)
        except Circle:
            continue
        by_lot = reference(case.ledger, case.question, parameters, units=False)
        assert {asset: outcome.targets for asset, outcome in by_unit.items()} == {
            asset: outcome.targets for asset, outcome in by_lot.items()
        }


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_haircut_stays_within_its_bound_of_the_exact_shares(start: int) -> None:
    """Every end of a flow rounds once, by less than one grain, and shares only ever shrink what was rounded before.

    So a target is off by less than one grain for each end: a unit for whole coins, 2^-16 of a unit for accounts.
    Between colours a second rounding doubles it, and each other colour may stand in a claim's way.
    """
    for seed in range(start, start + 100):
        case = seeded_case(seed, UNLIMITED)
        parameters = replace(case.parameters, rule=Rule.HAIRCUT)
        whole = reference(case.ledger, case.question, parameters)
        exact = reference(case.ledger, case.question, parameters, exact=True)
        ends = sum(len(flow.outs) + len(flow.ins) for flow in _flows(case).flows)
        grain = FINE if parameters.granularity is Granularity.COIN else 1
        for asset, outcome in whole.items():
            _assert_near(outcome, exact[asset], ends * grain)


def _flows(case: Case) -> FlowBuilder:
    return FlowBuilder(case.ledger, case.question, replace(case.parameters, rule=Rule.HAIRCUT))


def _assert_near(outcome: Outcome, exact: Outcome, bound: int) -> None:
    for target in {*outcome.targets, *exact.targets}:
        assert abs(Fraction(outcome.traced(target)) - exact.traced(target)) < bound
        mine, true = outcome.targets.get(target, {}), exact.targets.get(target, {})
        for claim in {*mine, *true}:
            assert abs(Fraction(mine.get(claim, 0)) - true.get(claim, 0)) < 2 * 3 * bound


def test_the_exact_shares_are_exact() -> None:
    # 1 of 3 is stolen; one of the three goes to N, of it one half to O: 1/3 of a unit at N, half of it at O.
    ledger = bank("e0: in M 1", "e1: in M 2", "e2: out M 1; in N 1", "e3: in N 1", "e4: out N 1; in O 1")
    case = seeded_case(0)
    claims = (replace(case.question.claims[0], claim="v", entry="e0", leg="0", amount=1),)
    question = replace(case.question, claims=claims, services=(), links=(), clusters=())
    parameters = replace(case.parameters, rule=Rule.HAIRCUT, until=None, min_amount=0, max_hops=None, backward=False)
    (outcome,) = reference(ledger, question, parameters, exact=True).values()
    shares = {target[1]: Fraction(row["v"]) / outcome.scale for target, row in outcome.targets.items()}
    assert shares == {"M": Fraction(2, 3), "N": Fraction(1, 6), "O": Fraction(1, 6)}


@pytest.mark.parametrize(
    ("legs", "sizes"),
    [
        (["out A 5", "in B 5", "out C 3", "in D 3"], [2, 2]),
        (["out A 5", "out C 3", "in B 5", "in D 3"], [4]),
        (["out A 5", "in B 4", "out C 3", "in D 4"], [4]),  # the ins do not cover the outs yet
        (["out A 5", "in B 5", "out A 1 fee", "out C 3", "in D 3"], [3, 2]),  # a fee ends no group
        (["in A 9 opening", "out A 5", "in B 5"], [3]),
        (["in A 9", "out A 5", "in B 5"], [1, 2]),
    ],
)
def test_groups(legs: list[str], sizes: list[int]) -> None:
    assert [len(group) for group in groups([leg(text) for text in legs])] == sizes


def test_ethereum_addresses_are_one_account_whatever_their_case() -> None:
    upper, lower = "0x" + "AB" * 20, "0x" + "ab" * 20
    case = seeded_case(0)
    ledger = bank(f"e0: in {upper} 5", f"e1: out {lower} 5; in N 5")
    flows = FlowBuilder(ledger, replace(case.question, services=(), clusters=()), case.parameters)
    assert not any(flow.shortfall for flow in flows.flows)
