"""Laws of symmetry: names, scale, the number of colours and the direction of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.rooms.tracing.compare import table
from tests.rooms.tracing.ledgers import PLAIN, Case, Wanted, cases
from tests.rooms.tracing.reference import Outcome, Target, reference
from tests.rooms.tracing.worked import bank

from recoup.ledger import FROM_OUTSIDE, Entry, Ledger, Leg, Side
from recoup.tracing import run_trace
from recoup.tracing.model import Claim, ClusterMember, Granularity, Holding, LegKey, Parameters, Question, Rule

FORWARD = Wanted(backward=0, links=0)
UNLIMITED = Wanted(backward=0, links=0, stops=0)
LINES = [Rule.FIFO, Rule.LIFO, Rule.TIHO, Rule.TAINTED_FIRST]
SHARES = [Rule.HAIRCUT, Rule.LOWEST_INTERMEDIATE]
laws = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

Rows = dict[Target, dict[str, int]]


def rows(case: Case, rule: Rule) -> list[Rows]:
    found = run_trace(case.ledger, case.question, replace(case.parameters, rule=rule))
    return [{target: {c: n for c, n in row.items() if n} for target, row in table(result).items()} for result in found]


def with_legs(ledger: Ledger, change: Callable[[Leg], Leg]) -> Ledger:
    return Ledger(tuple(replace(entry, legs=tuple(change(leg) for leg in entry.legs)) for entry in ledger))


def new_name(name: str) -> str:
    """Turns the order of names round, so that nothing may lean on it."""
    return "~" + "".join(chr(158 - ord(letter)) for letter in name)


def renamed(case: Case) -> Case:
    question = case.question
    return Case(
        with_legs(case.ledger, lambda leg: replace(leg, account=new_name(leg.account))),
        Question(
            tuple(replace(claim, claim=new_name(claim.claim)) for claim in question.claims),
            tuple(replace(service, account=new_name(service.account)) for service in question.services),
            question.links,
            tuple(ClusterMember(new_name(m.account), new_name(m.cluster), m.method) for m in question.clusters),
        ),
        case.parameters,
    )


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(Wanted(backward=0)))
@laws
def test_names_do_not_matter(rule: Rule, case: Case) -> None:
    def renamed_target(target: Target) -> Target:
        return (target[0], new_name(target[1]), *target[2:]) if len(target) > 1 else target

    expected = [
        {renamed_target(target): {new_name(c): n for c, n in row.items()} for target, row in found.items()}
        for found in rows(case, rule)
    ]
    assert rows(renamed(case), rule) == expected


def scaled(case: Case, k: int) -> Case:
    question = case.question
    return Case(
        with_legs(case.ledger, lambda leg: replace(leg, amount=leg.amount * k)),
        replace(question, claims=tuple(replace(claim, amount=claim.amount * k) for claim in question.claims)),
        replace(case.parameters, min_amount=case.parameters.min_amount * k),
    )


@pytest.mark.parametrize("rule", [*LINES, Rule.POISON])
@given(case=cases(FORWARD), k=st.integers(2, 2**60))
@laws
def test_line_rules_scale_exactly(rule: Rule, case: Case, k: int) -> None:
    times_k = [{t: {c: n * k for c, n in row.items()} for t, row in found.items()} for found in rows(case, rule)]
    assert rows(scaled(case, k), rule) == times_k


@pytest.mark.parametrize("rule", [*SHARES, Rule.PARI_PASSU])
@given(case=cases(UNLIMITED), k=st.integers(2, 2**60))
@laws
def test_share_rules_scale_within_their_rounding(rule: Rule, case: Case, k: int) -> None:
    """Each of the unit's roundings moves at most one unit of a coin, 2^-16 of an account; two colours at a time."""
    legs = sum(1 for _ in case.ledger.legs())
    for small, large in zip(rows(case, rule), rows(scaled(case, k), rule), strict=True):
        for target in {*small, *large}:
            for claim in {*small.get(target, {}), *large.get(target, {})}:
                one, many = small.get(target, {}).get(claim, 0), large.get(target, {}).get(claim, 0)
                assert abs(many - one * k) <= k * (2 + 4 * legs)


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(replace(FORWARD, overlaps=False)))
@laws
def test_the_number_of_colours_does_not_change_the_whole(rule: Rule, case: Case) -> None:
    """All claims in one colour: the same total at every target; rounding once may move a unit between targets."""
    one = replace(case.question, claims=tuple(replace(claim, claim="all") for claim in case.question.claims))
    many = run_trace(case.ledger, case.question, replace(case.parameters, rule=rule))
    single = run_trace(case.ledger, one, replace(case.parameters, rule=rule))
    slack = {**dict.fromkeys(SHARES, 1), Rule.PARI_PASSU: 3}.get(rule, 0)
    for several, alone in zip(many, single, strict=True):
        left, right = totals(several.holdings), totals(alone.holdings)
        whole_units = rule is Rule.HAIRCUT and several.granularity is Granularity.COIN
        within = 0 if whole_units else slack
        assert all(abs(left.get(target, 0) - right.get(target, 0)) <= within for target in {*left, *right})
        assert several.injected_total == alone.injected_total


def totals(holdings: tuple[Holding, ...]) -> dict[tuple[str, str], int]:
    return {(holding.account, holding.coin): holding.traced for holding in holdings if holding.traced}


@pytest.mark.parametrize("rule", Rule)
@given(case=cases(FORWARD), data=st.data())
@laws
def test_a_claim_in_two_parts_is_the_same_claim(rule: Rule, case: Case, data: st.DataObject) -> None:
    claims = list(case.question.claims)
    at = data.draw(st.integers(0, len(claims) - 1))
    assume(claims[at].amount > 1)
    first = data.draw(st.integers(1, claims[at].amount - 1))
    parts = [replace(claims[at], amount=first), replace(claims[at], amount=claims[at].amount - first)]
    split = replace(case, question=replace(case.question, claims=(*claims[:at], *parts, *claims[at + 1 :])))
    assert rows(split, rule) == rows(case, rule)


def sources(ledger: Ledger) -> dict[LegKey, Leg]:
    """In legs whose value comes from outside the data."""
    found: dict[LegKey, Leg] = {}
    for entry in ledger:
        alone = all(leg.side is Side.IN or leg.asset != other.asset for leg in entry.legs for other in entry.legs)
        for leg in entry.legs:
            if leg.side is Side.IN and leg.amount and (alone or leg.kind in FROM_OUTSIDE):
                found[entry.id, leg.id] = leg
    return found


def a_target(data: st.DataObject, ledger: Ledger) -> tuple[Entry, Leg]:
    """An in leg of an account that pays nothing in its entry: naming it changes no flow."""
    targets = [
        (entry, leg)
        for entry in ledger
        for leg in entry.legs
        if leg.side is Side.IN
        and leg.amount
        and leg.account not in {other.account for other in entry.legs if other.side is Side.OUT}
    ]
    assume(targets)
    return data.draw(st.sampled_from(targets))


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO])
@given(case=cases(PLAIN), data=st.data())
@laws
def test_backward_is_the_exact_inverse_leg_by_leg(rule: Rule, case: Case, data: st.DataObject) -> None:
    """The part of a target that forward brings from a source leg is what backward takes from the target to it."""
    entry, leg = a_target(data, case.ledger)
    target = (entry.id, leg.id)
    origins = sources(case.ledger)
    assume(target not in origins)
    forward = Question(tuple(Claim("/".join(key), *key, origin.amount) for key, origin in origins.items()))
    backward = Question((Claim("target", *target, leg.amount),))
    parameters = Parameters(rule, case.parameters.granularity, case.parameters.fee_policy)
    none = Outcome(leg.asset, 1)
    brought = reference(case.ledger, forward, parameters).get(leg.asset, none).arrived.get(target, {})
    back = reference(case.ledger, backward, replace(parameters, backward=True))[leg.asset]
    taken = {"/".join(key): back.left_leg.get(key, {}).get("target", 0) for key in origins}
    assert taken == {name: brought.get(name, 0) for name in taken}

    (result,) = run_trace(case.ledger, backward, replace(parameters, backward=True))
    by_entry: dict[tuple[str, str], int] = defaultdict(int)
    for key, origin in origins.items():
        by_entry[origin.account, key[0]] += int(brought.get("/".join(key), 0))
    found = {(stop.account, stop.label): stop.traced for stop in result.stopped if stop.label != "unseen"}
    if case.parameters.granularity is not Granularity.CLUSTER:
        assert found == {key: amount for key, amount in by_entry.items() if amount}


@given(amounts=st.lists(st.integers(1, 2**80), min_size=1, max_size=6), hops=st.integers(1, 5))
@laws
def test_rules_agree_where_nothing_is_commingled(amounts: list[int], hops: int) -> None:
    """Each victim's value runs alone through accounts of its own, whole: every rule says where it is."""
    bookings, claims = [], []
    for n, amount in enumerate(amounts):
        bookings.append(f"in{n}: in v{n}h0 {amount}")
        claims.append(Claim(f"v{n}", f"in{n}", "0", amount))
        bookings += [f"m{n}h{h}: out v{n}h{h} {amount}; in v{n}h{h + 1} {amount}" for h in range(hops)]
    question, ledger = Question(tuple(claims)), bank(*bookings)
    for rule in Rule:
        if rule is not Rule.PARI_PASSU:
            (result,) = run_trace(ledger, question, Parameters(rule))
            held = {holding.account: holding.by_claim for holding in result.holdings}
            assert held == {f"v{n}h{hops}": {f"v{n}": amount} for n, amount in enumerate(amounts)}
