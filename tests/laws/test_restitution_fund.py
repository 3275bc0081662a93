"""Any operations in any order: the books hold after each, and a refused one leaves no trace."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.restitution.funds import ONE, PAY, RELEASER, REVIEWER, SECOND, TWO, at, books

from recoup.restitution.fund import Books


def one_operation(found: Books, chance: random.Random, step: int) -> None:
    claim, amount, day = chance.choice(["c1", "c2"]), chance.choice([0, 1, 50, 300, 900]), at(step % 300)
    attempt = f"a{chance.randrange(12)}"
    operations = [
        lambda: found.receive(amount, day, ONE, f"s{step}"),
        lambda: found.spend(amount // 20, day, PAY, "cost", f"i{step}"),
        lambda: found.allocate({claim: amount}, {}, amount % 3, day, TWO, f"seal {step}"),
        lambda: found.allocate({claim: amount // 2}, {claim: amount // 4}, 0, day, TWO, f"seal {step}"),
        lambda: found.release([claim], day, TWO, "decided"),
        lambda: found.block(claim, day, (RELEASER,), "hit"),
        lambda: found.unblock(claim, day, PAY, "cleared"),
        lambda: found.unclaim(claim, day, PAY, "returned"),
        lambda: found.reopen(claim, day, (REVIEWER,), "came back"),
        lambda: found.send({attempt: (claim, amount)}, day, PAY, "batch"),
        lambda: found.settle(attempt, day, ONE, "s"),
        lambda: found.reject(attempt, day, ONE, "s"),
        lambda: found.take_back(attempt, day, ONE, "s"),
        lambda: found.offset(claim, amount, day, (REVIEWER, SECOND), "insurer"),
        lambda: found.repaid(claim, amount, day, ONE, "s"),
        lambda: found.to_surplus(amount, day, TWO, "rest"),
        lambda: found.exchange(amount - 100, day, ONE, "fx"),
    ]
    chance.choice(operations)()


def run_schedule(seed: int, steps: int) -> tuple[int, int]:
    """(operations booked, refused) of one random life; every step is audited from the entries alone."""
    chance, found = random.Random(seed), books(losses={"p1": 700})
    booked = 0
    for step in range(steps):
        before = (found.head, dict(found.state.balances), dict(found.state.claims), dict(found.state.attempts),
                  dict(found.state.open_attempts), dict(found.state.totals), dict(found.state.persons))  # fmt: skip
        try:
            one_operation(found, chance, step)
            booked += 1
        except ValueError:
            state = found.state
            assert before == (found.head, state.balances, state.claims, state.attempts, state.open_attempts,
                              state.totals, state.persons)  # fmt: skip
        assert found.audit() == ()
    return booked, steps - booked


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_books_hold_after_every_operation(seed: int) -> None:
    run_schedule(seed, 60)


def test_schedules_reach_both_sides() -> None:
    booked, refused = (sum(each) for each in zip(*(run_schedule(seed, 60) for seed in range(30)), strict=True))
    assert booked > 300
    assert refused > 300


@pytest.mark.torture
def test_long_lives() -> None:
    for seed in range(1000):
        run_schedule(seed, 150)
