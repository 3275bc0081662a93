"""The engine and the reference, which share no code, agree to the unit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from tests.rooms.tracing.compare import disagreements
from tests.rooms.tracing.ledgers import Case, Wanted, cases, seeded_case

from recoup.tracing.model import Rule

LEDGERS, CHUNK = 10_000, 500
LEDGERS_TORTURE, CHUNK_TORTURE = 200_000, 5_000
RULES_PER_LEDGER = 2  # of eight, in turn: every rule meets 2,500 ledgers
WANTED = (
    Wanted(),
    Wanted(links=0, backward=0),
    Wanted(links=0, backward=100),
    Wanted(links=100, stops=20, violations=0),
    Wanted(amount_max=3, stops=0, links=0),
    Wanted(amount_max=2**40, stops=0, entries_max=12, unproven=0),
)


def rules_of(seed: int) -> list[Rule]:
    rules = list(Rule)
    return [rules[(RULES_PER_LEDGER * seed + seed // 4 + k) % len(rules)] for k in range(RULES_PER_LEDGER)]


def assert_agreement(seeds: range) -> None:
    found = [
        f"seeded_case({seed}, WANTED[{seed % len(WANTED)}]) {rule}: {differing[:3]}"
        for seed in seeds
        for rule in rules_of(seed)
        if (differing := disagreements(seeded_case(seed, WANTED[seed % len(WANTED)]), rule))
    ]
    assert not found, "\n".join([f"{len(found)} disagreements", *found[:10]])


@pytest.mark.parametrize("start", range(0, LEDGERS, CHUNK))
def test_engine_and_reference_agree(start: int) -> None:
    assert_agreement(range(start, start + CHUNK))


@pytest.mark.torture
@pytest.mark.parametrize("start", range(LEDGERS, LEDGERS + LEDGERS_TORTURE, CHUNK_TORTURE))
def test_engine_and_reference_agree_at_length(start: int) -> None:
    assert_agreement(range(start, start + CHUNK_TORTURE))


@pytest.mark.parametrize("rule", Rule)
@given(case=cases())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_engine_and_reference_agree_on_drawn_ledgers(rule: Rule, case: Case) -> None:
    assert disagreements(case, rule) == []


def test_every_rule_and_every_shape_is_met() -> None:
    """The sample is not thin: what it must contain, it contains."""
    met = {rule for seed in range(32) for rule in rules_of(seed)}
    sample = [seeded_case(seed, WANTED[seed % len(WANTED)]) for seed in range(600)]
    assert met == set(Rule)
    assert any(len({claim.claim for claim in case.question.claims}) == 3 for case in sample)
    assert {case.parameters.granularity for case in sample} == {"coin", "account", "cluster"}
    assert {link.kind for case in sample for link in case.question.links} == {
        "election", "coordination", "bridge", "disclosure", "swap"
    }  # fmt: skip
    assert any(case.parameters.max_hops is not None and case.parameters.min_amount for case in sample)
    assert any(case.ledger.coin_ledgers and len({entry.ledger for entry in case.ledger}) > 1 for case in sample)
