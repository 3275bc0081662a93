"""A case of the shape of Yukom: 86,674 first deposits, 12 countries, three frozen pools, two rounds, every invariant.

The numbers of victims and countries follow public records (United States v. Elbaz, D. Md.); amounts are drawn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from tests.rooms.restitution.funds import ONE, PAY, PEOPLE, REVIEWER, SECOND, TWO, at
from tests.rooms.restitution.plans import example

from recoup.ground import Asset, Defects
from recoup.restitution.claims.file import read_claims
from recoup.restitution.fund import AccountKind, Books, Roles, Terms
from recoup.restitution.payment import BankEvent, Desk, EventKind
from recoup.restitution.plan import Plan
from recoup.restitution.run import (
    Inputs,
    Run,
    check_receipt,
    compute,
    read_money,
    receipt_for,
    verify_bundle,
    write_bundle,
)
from recoup.restitution.run.report import letter, report

DEPOSITS = 86_674
COUNTRIES = ("US", "CA", "GB", "DE", "FR", "ES", "AU", "SG", "ZA", "BR", "IN", "AE")
POOLS = {"US": "us", "CA": "us;il"}  # the others: the European and the Israeli pool
SECRET = b"\x2a" * 32
DISPUTED = "y0000500"


@dataclass(frozen=True)
class Case:
    """The story so far."""

    folder: Path
    plan: Plan
    first: Run
    books: Books
    desk: Desk


def write_claims(folder: Path, paid: dict[str, int], insurer: dict[str, int], dispute: str) -> Path:
    draw = np.random.default_rng(2014)
    gross = np.clip(np.rint(np.exp(draw.normal(10.6, 1.3, DEPOSITS))), 25_000, 5 * 10**8).astype(np.int64)
    share = draw.choice([0, 5, 30, 80, 120], DEPOSITS, p=[0.62, 0.12, 0.1, 0.08, 0.08])  # 8 % are net winners
    withdrawn = gross * share // 100
    withdrawn[int(DISPUTED[1:])] = 0
    split = draw.random(DEPOSITS) < 0.01  # 1 % are second accounts of the person before
    rows = ["claim,person,gross,withdrawn,collateral,paid,maximum,state,pools"]
    person = "v0000000"
    for number in range(DEPOSITS):
        claim = f"y{number:07d}"
        person = person if split[number] and number else f"v{number:07d}"
        country = COUNTRIES[int(person[1:]) % len(COUNTRIES)]
        state, maximum = ("", 0)
        if claim == DISPUTED:
            state, maximum = dispute, int(gross[number]) * 3
        rows.append(
            f"{claim},{person},{gross[number]},{withdrawn[number]},{insurer.get(claim, 0)},{paid.get(claim, 0)},"
            f"{maximum},{state},{POOLS.get(country, 'eu;il')}"
        )
    path = folder / f"claims-{len(paid)}.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def inputs(folder: Path, plan: Plan, claims: Path, run: str, pools: dict[str, int], rounding: str) -> Inputs:
    money = {"run": run, "as_at": "2026-05-01", "pools": pools, "rounding": rounding}
    return Inputs(plan, claims, None, read_money(json.dumps(money), "money.json"), SECRET)


def book(books: Books, run: Run, day: int) -> None:
    awards = {claim: int(award) for claim, award in zip(run.claims, run.awards.tolist(), strict=True) if award}
    held = {claim: int(share) for claim, share in zip(run.claims, run.held.tolist(), strict=True) if share}
    books.allocate(awards, held, int(str(run.record.data["undivided"])), at(day), TWO, run.record.seal)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("yukom")
    plan = example(sharing__rule="leximin-pools", sharing__parameters={"rule": "rising-tide"}, plan__case="yukom")
    given = inputs(folder, plan, write_claims(folder, {}, {}, "disputed"), "round 1", POOL_1, "interim")
    first = compute(given)
    write_bundle(given, first, folder / "round-1")
    books = Books(Terms("yukom", Asset("USD")), Roles(PEOPLE))
    found = read_claims(given.claims, Defects())
    for claim, person, most in zip(found.claims.ids, found.persons, found.maximum.tolist(), strict=True):
        books.register(claim, person, most)
    books.receive(sum(POOL_1.values()), at(0), ONE, "three frozen accounts")
    book(books, first, 1)
    desk = Desk(books, "round 1", PAY, ONE)
    return Case(folder, plan, first, books, desk)


POOL_1 = {"us": 40_000_000, "eu": 900_000_000, "il": 300_000_000}
POOL_2 = {"us": 20_000_000, "eu": 250_000_000, "il": 0}


def test_the_first_round_shares_three_pools(case: Case) -> None:
    record = case.first.record
    assert record.data["claims"] == DEPOSITS
    assert 85_000 < int(str(record.data["beneficiaries"])) < DEPOSITS
    parts = [record.amount(name) for name in ("awards", "costs", "reserve", "surplus")]
    assert sum(parts) == record.amount("pool") == sum(POOL_1.values())
    assert record.amount("surplus") == 0
    assert len(case.first.steps) >= 2, "the American pool is tighter than the others"


def test_the_disputed_claim_is_reserved_at_its_maximum(case: Case) -> None:
    row = case.first.place[DISPUTED]
    assert case.first.held[row] > 0
    assert int(case.first.held.sum()) == case.first.held[row] == int(str(case.first.record.data["held"]))


def test_net_winners_and_second_accounts_are_not_paid(case: Case) -> None:
    """A person's accounts together: no person whose withdrawals exceed the deposits receives anything."""
    found = read_claims(case.folder / "claims-0.csv", Defects())
    persons: dict[str, list[int]] = {}
    for row, person in enumerate(found.persons):
        persons.setdefault(person, []).append(row)
    assert sum(len(rows) > 1 for rows in persons.values()) > 500
    for rows in persons.values():
        net = sum(int(found.claims.gross[row] - found.claims.withdrawn[row]) for row in rows)
        award = sum(int(case.first.awards[row]) for row in rows)
        assert award <= max(0, net)


def test_every_receipt_that_is_asked_for_holds(case: Case) -> None:
    for claim in (*case.first.claims[:50], DISPUTED):
        assert check_receipt(receipt_for(case.first, claim), case.first.record.seal) == ()


def test_the_bundle_recomputes(case: Case) -> None:
    assert verify_bundle(case.folder / "round-1") == ()


def test_reports_are_readable(case: Case) -> None:
    court = report(case.first, "Yukom: first round")
    assert "| **the pool** | 12,400,000.00 USD |" in court
    assert "recoup run verify" in court
    assert case.first.record.seal in court
    ours = case.first.claims[0]
    mine = letter(case.first, ours, "Yukom fund", ["Ask for reconsideration until 1 July 2026."])
    assert f"your claim {ours}" in mine
    assert "We never ask for a fee" in mine
    assert not [claim for claim in case.first.claims[1:200] if claim in mine]
    assert max(len(line) for line in mine.splitlines()) < 180
    assert "more is kept for you" in letter(case.first, DISPUTED, "Yukom fund", [])


def test_two_rounds_with_returns_an_insurer_and_a_lost_dispute(case: Case) -> None:
    books, desk = case.books, case.desk
    desk.release(desk.due(), "batch 1", at(2))
    names = list(books.state.attempts)
    returned = set(names[::500])
    for name in names:
        amount = books.state.attempts[name].amount
        desk.take(BankEvent(EventKind.SETTLED, name, amount, "USD", "", name), at(3))
        if name in returned:
            desk.take(BankEvent(EventKind.RETURNED, name, amount, "USD", "AC04", f"{name}-r"), at(3))
    assert books.audit() == ()
    assert len(desk.due()) == len(returned)
    desk.release(desk.due(), "batch 2", at(4))
    for name in desk.under_way():
        desk.take(BankEvent(EventKind.SETTLED, name, 0, "USD", "", name), at(5))
    paid = {claim: known.paid for claim, known in books.state.claims.items()}
    assert sum(paid.values()) == case.first.record.amount("awards")

    insured = next(claim for claim, amount in sorted(paid.items()) if amount > 10_000)
    outstanding = int(case.first.outstanding[case.first.place[insured]])
    insurance = outstanding - paid[insured] // 2  # together half of what was paid too much
    books.offset(
        insured, insurance + (books.state.claims[insured].allowed - outstanding), at(6), (REVIEWER, SECOND), "insurer"
    )
    assert books.balance(AccountKind.RECEIVABLE) == paid[insured] - paid[insured] // 2
    books.release(
        [DISPUTED], at(7), TWO, "denied in the appeal", rounding=int(str(case.first.record.data["undivided"]))
    )
    books.receive(sum(POOL_2.values()), at(8), ONE, "second confiscation")

    second_pools = _second_pools(case)
    claims = write_claims(case.folder, paid, {insured: insurance}, "denied")
    given = inputs(case.folder, case.plan, claims, "round 2", second_pools, "final")
    second = compute(given)
    assert DISPUTED not in second.place
    assert second.awards[second.place[insured]] == 0
    assert int(second.awards.min()) >= 0
    assert second.record.amount("undivided") == 0
    book(books, second, 9)
    later = Desk(books, "round 2", PAY, ONE)
    later.release(later.due(), "batch 3", at(10))
    for name in later.under_way():
        later.take(BankEvent(EventKind.SETTLED, name, 0, "USD", "", name), at(11))
    books.reconcile(books.balance(AccountKind.BANK), at(12), ONE, "closing statement")
    assert books.audit() == ()
    total = sum(known.paid for known in books.state.claims.values())
    assert total == case.first.record.amount("awards") + second.record.amount("awards")
    assert verify_after_writing(case.folder, given, second) == ()


def _second_pools(case: Case) -> dict[str, int]:
    """New money, and what the first round kept: the pools' own books are those of the run."""
    kept = case.first.record.amount("reserve")
    return POOL_2 | {"il": POOL_2["il"] + kept}


def verify_after_writing(folder: Path, given: Inputs, run: Run) -> tuple[object, ...]:
    write_bundle(given, run, folder / "round-2")
    return verify_bundle(folder / "round-2")
