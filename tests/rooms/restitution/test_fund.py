"""The fund's books: operations, the eleven invariants, duties."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.rooms.restitution.funds import (
    ALLOCATION,
    APPROVER,
    AUDITOR,
    OMBUD,
    ONE,
    PAY,
    RECONCILER,
    RELEASER,
    REVIEWER,
    SECOND,
    TWO,
    at,
    books,
    funded,
)
from tests.rooms.restitution.test_cli_allocate import ROOT, run

from recoup.ground import Asset, Refused
from recoup.restitution.fund import (
    AccountKind,
    Books,
    Entry,
    Forbidden,
    Operation,
    Posting,
    Role,
    Roles,
    Terms,
    beancount,
    entries_csv,
)
from recoup.restitution.fund.check import InvariantBroken
from recoup.restitution.fund.journal import replay

PAGE = (ROOT / "docs" / "reference" / "commands" / "fund.md").read_text("utf-8")


def refused(found: Books, work: Callable[[], object], number: int) -> None:
    """The work breaks invariant `number` and leaves no trace."""
    before = (found.head, dict(found.state.balances), dict(found.state.claims), dict(found.state.totals))
    with pytest.raises(InvariantBroken) as broken:
        work()
    assert number in {each.number for each in broken.value.broken}
    assert before == (found.head, found.state.balances, found.state.claims, found.state.totals)
    assert found.audit() == ()


def test_money_through_the_fund() -> None:
    found = funded()
    found.spend(50, at(2), PAY, "notices", "invoice 7")
    found.send({"a1": ("c1", 500)}, at(3), PAY, "batch 1")
    found.settle("a1", at(4), ONE, "statement 2")
    found.reconcile(450, at(5), ONE, "statement 2")
    assert found.audit() == ()
    assert {kind: found.balance(kind) for kind in AccountKind if found.balance(kind)} == {
        AccountKind.BANK: 450, AccountKind.RECOVERIES: -1000, AccountKind.COSTS: 50, AccountKind.ALLOCATED: 902,
        AccountKind.ENTITLEMENT: -300, AccountKind.RESERVE_DISPUTED: -100, AccountKind.RESERVE_ROUNDING: -2,
    }  # fmt: skip
    assert (found.state.claims["c1"].paid, found.state.claims["c1"].open) == (500, 0)


def test_a_return_brings_the_entitlement_back_and_it_is_paid_again() -> None:
    found = funded()
    found.send({"a1": ("c1", 500)}, at(3), PAY, "batch 1")
    found.settle("a1", at(4), ONE, "camt 1")
    found.take_back("a1", at(5), ONE, "AC04")
    assert (found.state.claims["c1"].paid, found.state.claims["c1"].open, found.balance(AccountKind.BANK)) == (
        0,
        500,
        1000,
    )
    found.send({"a2": ("c1", 500)}, at(6), PAY, "batch 2")
    found.reject("a2", at(7), ONE, "AC01")
    found.send({"a3": ("c1", 500)}, at(8), PAY, "batch 3")
    found.take_back("a3", at(9), ONE, "returned before booking")
    assert found.state.claims["c1"].open == 500
    assert found.audit() == ()


def test_sanctions_hit_is_owed_and_not_denied() -> None:
    found = funded()
    found.block("c1", at(2), (RELEASER,), "name match, list of 2026-01-02")
    refused(found, lambda: found.send({"a1": ("c1", 500)}, at(3), PAY, "b"), 4)
    found.unblock("c1", at(4), PAY, "another birth date")
    found.send({"a1": ("c1", 500)}, at(5), PAY, "b")


def test_unclaimed_money_waits_and_comes_back_in_one_step() -> None:
    found = funded()
    found.unclaim("c2", at(2), PAY, "three returns")
    assert found.balance(AccountKind.UNCLAIMED) == -300
    found.reopen("c2", at(3), (REVIEWER,), "wrote from a new address")
    assert (found.balance(AccountKind.UNCLAIMED), found.state.claims["c2"].open) == (0, 300)


def test_a_late_insurer_payment_takes_back_what_is_open_then_becomes_a_receivable() -> None:
    found = funded()
    found.offset("c1", 300, at(2), (REVIEWER, SECOND), "insurer paid")
    assert found.state.claims["c1"].open == 500
    found.offset("c1", 200, at(3), (REVIEWER, SECOND), "insurer paid more")
    assert found.state.claims["c1"].open == 400
    found.send({"a1": ("c1", 400)}, at(4), PAY, "b")
    with pytest.raises(ValueError, match="under way"):
        found.offset("c1", 10, at(5), (REVIEWER, SECOND), "x")
    found.settle("a1", at(5), ONE, "s")
    found.offset("c1", 150, at(6), (REVIEWER, SECOND), "insurer paid again")
    assert found.state.balances["receivable:c1"] == 150
    with pytest.raises(ValueError, match="owes less"):
        found.repaid("c1", 151, at(7), ONE, "s")
    found.repaid("c1", 150, at(7), ONE, "s")
    assert found.audit() == ()
    with pytest.raises(ValueError, match="above what is allowed"):
        found.offset("c2", 601, at(8), (REVIEWER, SECOND), "x")


def test_decided_dispute_releases_its_reserve() -> None:
    found = funded()
    found.release(["c2"], at(2), TWO, "denied on appeal", rounding=2)
    assert (found.balance(AccountKind.RESERVE_DISPUTED), found.balance(AccountKind.ALLOCATED)) == (0, 800)
    assert found.audit() == ()


def test_interest_exchange_tax_and_surplus() -> None:
    found = funded()
    found.receive(7, at(2), ONE, "s", kind=Operation.INTEREST)
    found.exchange(-3, at(3), ONE, "USD/EUR")
    found.spend(2, at(4), PAY, "fund tax", "t", kind=Operation.TAX)
    found.to_surplus(100, at(5), TWO, "no claim can take it")
    assert found.audit() == ()
    refused(found, lambda: found.to_surplus(1, at(6), TWO, "x"), 3)


def test_invariant_1_every_entry_adds_up() -> None:
    found = funded()
    broken = replace(found.state.entries[0], postings=(Posting("bank", 5),))
    found.state.entries[0] = broken
    assert {each.number for each in found.audit()} >= {1, 3, 11}


def test_invariant_2_the_bank_statement() -> None:
    found = funded()
    refused(found, lambda: found.reconcile(999, at(2), ONE, "statement 1"), 2)
    found.reconcile(1000, at(2), ONE, "statement 1")


def test_invariant_3_nothing_is_promised_that_did_not_come_in() -> None:
    found = funded()
    refused(found, lambda: found.allocate({"c1": 99}, {}, 0, at(2), TWO, "seal 2"), 3)
    found.allocate({"c1": 98}, {}, 0, at(2), TWO, "seal 2")


def test_invariant_4_no_claim_above_its_entitlement_or_allowance() -> None:
    found = funded()
    refused(found, lambda: found.send({"a1": ("c1", 501)}, at(2), PAY, "b"), 4)
    found.receive(1000, at(2), ONE, "s")
    refused(found, lambda: found.allocate({"c1": 401}, {}, 0, at(3), TWO, "seal 2"), 4)


def test_invariant_5_no_person_above_the_loss_over_all_funds() -> None:
    found = funded(losses={"p1": 900}, elsewhere={"p1": 401})
    refused(found, lambda: found.send({"a1": ("c1", 500)}, at(2), PAY, "b"), 5)
    found.send({"a1": ("c1", 499)}, at(2), PAY, "b")


def test_invariant_6_costs_stay_under_their_cap() -> None:
    found = funded()
    refused(found, lambda: found.spend(51, at(2), PAY, "notices", "i"), 6)
    found.spend(50, at(2), PAY, "notices", "i")


def test_invariant_7_the_reserve_covers_every_dispute() -> None:
    found = funded()
    found.state.kinds[AccountKind.RESERVE_DISPUTED] = -99
    assert 7 in {each.number for each in found.audit()}


def test_invariant_8_one_open_attempt_per_claim() -> None:
    found = funded()
    found.send({"a1": ("c1", 100)}, at(2), PAY, "b")
    refused(found, lambda: found.send({"a2": ("c1", 100)}, at(3), PAY, "b"), 8)
    with pytest.raises(ValueError, match="exists already"):
        found.send({"a1": ("c2", 100)}, at(3), PAY, "b")
    found.state.open_attempts.clear()
    assert 8 in {each.number for each in found.audit()}


def test_invariant_9_no_defendant_above_the_order() -> None:
    found = books()
    found.order("elbaz", 28)
    found.receive(20, at(1), ONE, "s", defendant="elbaz")
    refused(found, lambda: found.receive(9, at(2), ONE, "s", defendant="elbaz"), 9)
    found.receive(8, at(2), ONE, "s", defendant="elbaz")
    with pytest.raises(ValueError, match="known already"):
        found.order("elbaz", 5)


def test_invariant_10_published_totals_are_those_of_their_head() -> None:
    found = funded()
    published = found.published()
    found.spend(50, at(2), PAY, "notices", "i")
    assert found.publication_holds(published)
    assert not found.publication_holds({**published, "bank": "1001"})
    assert not found.publication_holds({**published, "head": "f" * 64})


def test_invariant_11_no_row_is_changed_and_anchors_stay() -> None:
    found = funded()
    found.anchor()
    found.spend(50, at(2), PAY, "notices", "i")
    assert found.audit() == ()
    entry = found.state.entries[1]
    found.state.entries[1] = replace(entry, reason="changed")
    assert any(each.number == 11 and "anchored" in each.what for each in found.audit())
    found.state.entries[1] = entry
    del found.state.entries[1]
    assert 11 in {each.number for each in found.audit()}


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda found: found.allocate({"c1": 1}, {}, 0, at(9), (ALLOCATION,), "s"), "allocate needs approver"),
        (lambda found: found.allocate({"c1": 1}, {}, 0, at(9), (ALLOCATION, ALLOCATION), "s"), "cannot act twice"),
        (lambda found: found.send({"a": ("c1", 1)}, at(9), (RELEASER,), "b"), "send needs approver"),
        (lambda found: found.send({"a": ("c1", 1)}, at(9), (APPROVER, RECONCILER), "b"), "needs payment-releaser"),
        (lambda found: found.spend(1, at(9), (APPROVER,), "x", "y"), "cost needs payment-releaser"),
        (lambda found: found.offset("c1", 1, at(9), (REVIEWER,), "x"), "offset needs second-reviewer"),
        (lambda found: found.unclaim("c1", at(9), (RELEASER,), "x"), "unclaim needs approver"),
        (lambda found: found.unblock("c1", at(9), PAY, "x"), ""),
        (lambda found: found.receive(1, at(9), (AUDITOR,), "x"), "receive needs reconciler"),
        (lambda found: found.receive(1, at(9), (RECONCILER, OMBUD), "x"), "olga may not take part"),
        (lambda found: found.receive(1, at(9), ("mallory",), "x"), "no role in this case"),
    ],
)
def test_four_eyes_are_enforced(work: Callable[[Books], object], words: str) -> None:
    found = funded()
    head = found.head
    if not words:
        with pytest.raises(ValueError, match="above zero"):
            work(found)
    else:
        with pytest.raises(Forbidden, match=words):
            work(found)
    assert found.head == head


def test_nobody_holds_two_roles() -> None:
    roles = Roles([("x", Role.APPROVER)])
    roles.grant("x", Role.APPROVER)
    with pytest.raises(Forbidden, match="cannot be auditor too"):
        roles.grant("x", Role.AUDITOR)


@pytest.mark.parametrize(
    "work",
    [
        lambda found: found.receive(0, at(9), ONE, "x"),
        lambda found: found.receive(True, at(9), ONE, "x"),
        lambda found: found.settle("none", at(9), ONE, "x"),
        lambda found: found.block("none", at(9), (RELEASER,), "x"),
        lambda found: found.allocate({"c1": 1}, {}, 0, at(9), TWO, "seal 1"),
        lambda found: found.receive(5, at(0), ONE, "older than the last entry"),
        lambda found: found.register("c1", "p", 5),
    ],
)
def test_operations_that_do_not_fit_leave_no_trace(work: Callable[[Books], object]) -> None:
    found = funded()
    before = (found.head, dict(found.state.balances))
    with pytest.raises(ValueError, match=r"."):
        work(found)
    assert before == (found.head, found.state.balances)
    assert found.audit() == ()


def test_settled_and_rejected_attempts_are_closed() -> None:
    found = funded()
    found.send({"a1": ("c1", 500)}, at(2), PAY, "b")
    found.settle("a1", at(3), ONE, "s")
    for again in (found.settle, found.reject):
        with pytest.raises(ValueError, match="is settled and cannot"):
            again("a1", at(4), ONE, "s")
    found.take_back("a1", at(5), ONE, "s")
    with pytest.raises(ValueError, match="is returned and cannot"):
        found.take_back("a1", at(6), ONE, "s")


def test_exports_hold_every_posting() -> None:
    found = funded()
    found.register("Zoë, 7", "p3", 50)
    found.allocate({"Zoë, 7": 50}, {}, 0, at(2), TWO, 'seal "2"')
    rows = list(csv.DictReader(io.StringIO(entries_csv(found))))
    assert sum(int(row["amount"]) for row in rows) == 0
    assert rows[-1]["hash"] == found.head
    text = beancount(found)
    for block in re.findall(r"^\d{4}-\d\d-\d\d \*.*(?:\n  .*)+", text, re.MULTILINE):
        amounts = re.findall(r"  \w+:[\w:-]+  (-?\d+\.\d\d) USD", block)
        assert len(amounts) >= 2
        assert sum(Fraction(amount) for amount in amounts) == 0
    assert text.count(" open ") == len(found.state.balances)
    assert f"Liabilities:Entitlement:X-{'Zoë, 7'.encode().hex()}" in text
    assert beancount(Books(Terms("empty", Asset("USD")), Roles())).count("\n") == 3


def journal() -> str:
    text: str = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0]
    return text


def test_journal_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "j.jsonl").write_text(journal())
    done = run("fund", "check", str(tmp_path / "j.jsonl"))
    assert done.returncode == 0
    assert done.stdout.startswith(re.findall(r"```output\n(.*?)```", PAGE, re.DOTALL)[0])
    assert "Assets:Bank" in run("fund", "export", str(tmp_path / "j.jsonl"), "--format", "beancount").stdout
    assert run("fund", "check", str(tmp_path / "j.jsonl"), "--json").stdout.startswith('{"fund": "example"')
    (tmp_path / "j.jsonl").write_text(journal().replace('["alma", "anton"]', '["alma"]'))
    alone = run("fund", "check", str(tmp_path / "j.jsonl"))
    assert (alone.returncode, "j.jsonl:4: allocate needs approver" in alone.stderr) == (3, True)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"op": "open"', '"op": "begin"', "the first line opens the fund"),
        ('"op": "settle"', '"op": "setle"', "unknown operation 'setle'"),
        ('"amount": 60000', '"amount": 6.5', "at /amount: 6.5"),
        ('"amount": 60000', '"amount": 60', "invariant 3"),
        ('"awards": {"c1": 50000}, ', "", "allocate lacks awards"),
        ('["c1", 50000]', '["c1"]', "an attempt is [claim, amount]"),
        ('"statement": 10000', '"statement": 9999', "j:7: invariant 2"),
        ('"reconciler"', '"boss"', "is not a valid Role"),
        ('"reference": "statement 1"', '"referense": "statement 1"', "lacks reference|Did you mean"),
        ("2026-04-04T18", "2026-04-03T18", "older than the one before"),
    ],
)
def test_a_wrong_line_is_named(old: str, new: str, words: str) -> None:
    assert old in journal()
    with pytest.raises(Refused) as refused_line:
        replay(journal().replace(old, new, 1), "j")
    assert any(word in str(refused_line.value) for word in words.split("|"))


def test_an_empty_journal() -> None:
    with pytest.raises(Refused, match="is empty"):
        replay("\n", "j")


def test_hash_covers_every_member() -> None:
    entry = funded().state.entries[1]
    changed: list[Entry] = [
        replace(entry, number=9), replace(entry, reason="x"), replace(entry, by=()), replace(entry, reference="x"),
        replace(entry, postings=()), replace(entry, before="f" * 64), replace(entry, time=at(20)),
        replace(entry, operation=Operation.FX),
    ]  # fmt: skip
    assert len({entry.hash, *(each.hash for each in changed)}) == 9
