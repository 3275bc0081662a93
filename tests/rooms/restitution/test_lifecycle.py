"""The life of a claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from recoup.ground import Instant
from recoup.restitution.claims.lifecycle import RULES, Claim, Deed, Party, Rules, State
from recoup.restitution.claims.reasons import DENIALS, QUESTIONS, TEXTS, Reason

ROOT = Path(__file__).parents[3]
P, D = Party, Deed


def at(day: int) -> Instant:
    return Instant(Instant.parse("2026-01-01T12:00:00Z").start + timedelta(days=day))


def reviewed(rules: Rules | None = None) -> Claim:
    claim = Claim("c1", "vera", rules or Rules())
    claim.do(D.FILE, "vera", P.CLAIMANT, at(0))
    claim.do(D.ACKNOWLEDGE, "ian", P.INTAKE, at(0))
    claim.do(D.REVIEW, "rolf", P.REVIEWER, at(1))
    return claim


def determined(amount: int = 100, reason: Reason = Reason.ALLOWED) -> Claim:
    claim = reviewed()
    claim.do(D.DETERMINE, "rolf", P.REVIEWER, at(2), reason, amount)
    return claim


def refused(
    claim: Claim, words: str, deed: Deed, by: str, party: Party, day: int, *rest: object, **more: object
) -> None:
    before = (claim.state, list(claim.steps), claim.holder, set(claim.acting), claim.allowed)
    with pytest.raises(ValueError, match=words):
        claim.do(deed, by, party, at(day), *rest, **more)  # type: ignore[arg-type]
    assert before == (claim.state, claim.steps, claim.holder, claim.acting, claim.allowed)


def test_from_filing_to_the_last_payment() -> None:
    claim = determined()
    claim.do(D.CONFIRM, "sara", P.SECOND, at(3))
    claim.do(D.FINISH, "rolf", P.REVIEWER, at(63))
    claim.do(D.RELEASE, "pia", P.PAYMENTS, at(64))
    claim.do(D.PAY, "pia", P.PAYMENTS, at(65))
    claim.do(D.RETURNED, "pia", P.PAYMENTS, at(66))
    claim.do(D.PAY, "pia", P.PAYMENTS, at(67))
    claim.do(D.SATISFY, "pia", P.PAYMENTS, at(68))
    assert (claim.state, claim.allowed, len(claim.steps)) == (State.SATISFIED, 100, 11)
    assert Claim("c1", "vera", Rules(), claim.steps).state is State.SATISFIED


def test_a_decision_becomes_final_after_its_windows_and_a_second_pair_of_eyes() -> None:
    claim = determined()
    assert claim.deadline() == ("reconsideration or appeal", at(62))
    refused(claim, "second reviewer must confirm", D.FINISH, "rolf", P.REVIEWER, 63)
    refused(claim, "the second reviewer is the first", D.CONFIRM, "rolf", P.SECOND, 3)
    claim.do(D.CONFIRM, "sara", P.SECOND, at(3))
    refused(claim, "may still act until", D.FINISH, "rolf", P.REVIEWER, 62)
    claim.do(D.FINISH, "rolf", P.REVIEWER, at(63))


def test_small_allowances_need_one_reviewer_and_denials_always_two() -> None:
    claim = reviewed(Rules(second_above=100))
    claim.do(D.DETERMINE, "rolf", P.REVIEWER, at(2), Reason.ALLOWED, 100)
    claim.do(D.FINISH, "rolf", P.REVIEWER, at(63))
    denied = reviewed(Rules(second_above=100))
    denied.do(D.DETERMINE, "rolf", P.REVIEWER, at(2), Reason.NO_PROOF, 0)
    refused(denied, "second reviewer must confirm", D.FINISH, "rolf", P.REVIEWER, 63)


def test_reconsideration_is_another_persons_and_appeal_another_bodys() -> None:
    claim = determined(0, Reason.NO_PROOF)
    claim.do(D.RECONSIDER, "vera", P.CLAIMANT, at(62))
    refused(claim, "another person must decide", D.DETERMINE, "rolf", P.REVIEWER, 70, Reason.ALLOWED, 5)
    refused(claim, "decided by the appeal body", D.DETERMINE, "anna", P.APPEAL, 70, Reason.ALLOWED, 5)
    claim.do(D.DETERMINE, "rita", P.REVIEWER, at(70), Reason.ALLOWED_IN_PART, 40)
    refused(claim, "one reconsideration was had", D.RECONSIDER, "vera", P.CLAIMANT, 71)
    claim.do(D.APPEAL, "vera", P.CLAIMANT, at(130))
    refused(claim, "decided by the appeal body", D.DETERMINE, "rob", P.REVIEWER, 131, Reason.ALLOWED, 5)
    claim.do(D.DETERMINE, "anna", P.APPEAL, at(140), Reason.ALLOWED, 90)
    claim.do(D.FINISH, "anna", P.APPEAL, at(140))
    assert (claim.state, claim.allowed) == (State.FINAL, 90)


@pytest.mark.parametrize("deed", [D.RECONSIDER, D.APPEAL])
def test_windows_close(deed: Deed) -> None:
    refused(determined(), "window closed on", deed, "vera", P.CLAIMANT, 63)
    determined().do(deed, "vera", P.CLAIMANT, at(62))


@pytest.mark.parametrize(
    ("reason", "amount", "words"),
    [
        (None, 5, "an amount and a reason"),
        (Reason.ALLOWED, None, "an amount and a reason"),
        (Reason.NO_ANSWER, 0, "an amount and a reason"),
        (Reason.NO_PROOF, 5, "a denial allows nothing"),
        (Reason.ALLOWED, 0, "only a denial"),
        (Reason.ALLOWED, -1, "only a denial"),
    ],
)
def test_decisions_have_amounts_and_reasons(reason: Reason | None, amount: int | None, words: str) -> None:
    refused(reviewed(), words, D.DETERMINE, "rolf", P.REVIEWER, 2, reason, amount)


def deficient() -> Claim:
    claim = reviewed()
    claim.do(D.ASK, "rolf", P.REVIEWER, at(2), Reason.MISSING_PAYMENT, text="statement of May")
    return claim


def test_deficiency_and_cure() -> None:
    claim = deficient()
    assert claim.deadline() == ("cure", at(92))
    claim.do(D.CURE, "vera", P.CLAIMANT, at(200), text="statement")
    assert claim.state is State.IN_REVIEW
    refused(reviewed(), "says what is missing", D.ASK, "rolf", P.REVIEWER, 2)


def test_nothing_ends_by_silence_alone() -> None:
    claim = deficient()
    refused(claim, "2 channels", D.SILENT, "rolf", P.REVIEWER, 500, Reason.NO_ANSWER)
    claim.do(D.REMIND, "ian", P.INTAKE, at(10), text="letter")
    claim.do(D.REMIND, "ian", P.INTAKE, at(20), text="letter")
    refused(claim, "2 channels", D.SILENT, "rolf", P.REVIEWER, 500, Reason.NO_ANSWER)
    claim.do(D.REMIND, "ian", P.INTAKE, at(30), text="telephone")
    refused(claim, "wait until", D.SILENT, "rolf", P.REVIEWER, 100, Reason.NO_ANSWER)
    claim.do(D.SILENT, "rolf", P.REVIEWER, at(101), Reason.NO_ANSWER)
    assert (claim.state, claim.deadline()) == (State.DORMANT, ("reserve", at(101 + 730)))
    claim.do(D.REOPEN, "vera", P.CLAIMANT, at(2000), Reason.CAME_BACK)
    assert claim.state is State.IN_REVIEW


def test_silence_about_the_payee_keeps_the_decision() -> None:
    claim = determined()
    claim.do(D.CONFIRM, "sara", P.SECOND, at(3))
    claim.do(D.FINISH, "rolf", P.REVIEWER, at(63))
    claim.do(D.RELEASE, "pia", P.PAYMENTS, at(64))
    for day, channel in ((70, "e-mail"), (80, "letter")):
        claim.do(D.REMIND, "pia", P.PAYMENTS, at(day), text=channel)
    refused(claim, "wait until", D.SILENT, "pia", P.PAYMENTS, 160, Reason.NO_ANSWER)
    claim.do(D.SILENT, "pia", P.PAYMENTS, at(161), Reason.NO_ANSWER)
    assert (claim.state, claim.deadline()) == (State.UNCLAIMED, ("reserve", at(161 + 730)))
    claim.do(D.REOPEN, "heir of vera", P.CLAIMANT, at(900), Reason.CAME_BACK)
    assert (claim.state, claim.allowed) == (State.PAYABLE, 100)


def test_no_rule_of_the_table_ends_an_open_claim_without_a_person_or_its_owner() -> None:
    ends = {State.WITHDRAWN, State.MERGED, State.FINAL, State.SATISFIED}
    for deed, (_, parties, after) in RULES.items():
        if after in ends:
            assert parties, deed
    assert RULES[D.WITHDRAW][1] == {P.CLAIMANT}


def test_representation_death_heirs_and_assignment() -> None:
    claim = reviewed()
    refused(claim, "neither the claimant nor", D.WITHDRAW, "lars", P.CLAIMANT, 5)
    refused(claim, "shows no paper", D.REPRESENT, "vera", P.CLAIMANT, 5, other="lars")
    claim.do(D.REPRESENT, "vera", P.CLAIMANT, at(5), text="mandate of 2026-01-04", other="lars")
    claim.do(D.ASK, "rolf", P.REVIEWER, at(6), Reason.MISSING_IDENTITY)
    claim.do(D.CURE, "lars", P.CLAIMANT, at(7))
    refused(claim, "not known to have died", D.SUCCEED, "rolf", P.REVIEWER, 8, text="will", other="estate of vera")
    claim.do(D.DIED, "ian", P.INTAKE, at(9), text="register")
    refused(claim, "neither the claimant nor", D.WITHDRAW, "lars", P.CLAIMANT, 10)
    claim.do(D.SUCCEED, "rolf", P.REVIEWER, at(11), text="certificate of inheritance", other="estate of vera")
    assert claim.holder == "estate of vera"
    refused(claim, "does not allow assignment", D.ASSIGN, "estate of vera", P.CLAIMANT, 12, text="deed", other="bank")
    sold = reviewed(Rules(assignable=True))
    sold.do(D.ASSIGN, "vera", P.CLAIMANT, at(12), text="deed", other="buyer")
    assert (sold.holder, sold.acting) == ("buyer", {"buyer"})


def test_withdrawn_and_merged_claims_stay_so() -> None:
    gone = reviewed()
    gone.do(D.WITHDRAW, "vera", P.CLAIMANT, at(5))
    refused(gone, "while the claim is withdrawn", D.REMIND, "ian", P.INTAKE, 6, text="letter")
    merged = reviewed()
    refused(merged, "names the claim that stays", D.MERGE, "rolf", P.REVIEWER, 5, other="c2")
    merged.do(D.MERGE, "rolf", P.REVIEWER, at(5), Reason.DUPLICATE, other="c2")
    assert merged.state is State.MERGED


def test_wrong_party_order_and_time_are_refused() -> None:
    refused(reviewed(), "not by the claimant", D.DETERMINE, "vera", P.CLAIMANT, 5, Reason.ALLOWED, 5)
    refused(reviewed(), "not while the claim is in-review", D.FINISH, "rolf", P.REVIEWER, 5)
    refused(reviewed(), "older than the step before", D.ASK, "rolf", P.REVIEWER, 0, Reason.MISSING_PAYEE)
    refused(reviewed(), "names the channel", D.REMIND, "ian", P.INTAKE, 5)


def test_a_changed_history_is_found() -> None:
    steps = determined().steps
    changed = [*steps[:1], replace(steps[1], by="eve"), *steps[2:]]
    for broken in (changed, steps[1:], [steps[0], *steps[2:]]):
        with pytest.raises(ValueError, match=r"does not follow|not while"):
            Claim("c1", "vera", Rules(), broken)


def test_cure_periods_have_a_floor() -> None:
    with pytest.raises(ValueError, match="at least 90"):
        Rules(cure_days=89)


def test_every_reason_has_a_text() -> None:
    assert set(TEXTS) == set(Reason)
    assert len(DENIALS) == 10
    assert len(QUESTIONS) == 4
    assert all(text.endswith(".") and len(text) < 140 for text in TEXTS.values())


def test_the_page_lists_every_reason_with_its_text() -> None:
    page = (ROOT / "docs" / "reference" / "claims-lifecycle.md").read_text("utf-8")
    for reason, text in TEXTS.items():
        assert f"| {reason.value} | {text} |" in page
