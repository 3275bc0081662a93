"""Claims at the edges of their clocks, and every deed in every state it may not be done in."""

from __future__ import annotations

import pytest
from tests.rooms.restitution.test_lifecycle import at, deficient, determined, refused, reviewed

from recoup.restitution.claims.lifecycle import ANY_OPEN, RULES, Claim, Deed, Party, Rules, State
from recoup.restitution.claims.reasons import DENIALS, QUESTIONS, Reason

P, D, S = Party, Deed, State


def drafted() -> Claim:
    return Claim("c1", "vera", Rules())


def filed() -> Claim:
    claim = drafted()
    claim.do(D.FILE, "vera", P.CLAIMANT, at(0))
    return claim


def acknowledged() -> Claim:
    claim = filed()
    claim.do(D.ACKNOWLEDGE, "ian", P.INTAKE, at(0))
    return claim


def final() -> Claim:
    claim = determined()
    claim.do(D.CONFIRM, "sara", P.SECOND, at(3))
    claim.do(D.FINISH, "rolf", P.REVIEWER, at(63))
    return claim


def payable() -> Claim:
    claim = final()
    claim.do(D.RELEASE, "pia", P.PAYMENTS, at(64))
    return claim


def paid() -> Claim:
    claim = payable()
    claim.do(D.PAY, "pia", P.PAYMENTS, at(65))
    return claim


def satisfied() -> Claim:
    claim = paid()
    claim.do(D.SATISFY, "pia", P.PAYMENTS, at(66))
    return claim


def reconsidered() -> Claim:
    claim = determined()
    claim.do(D.RECONSIDER, "vera", P.CLAIMANT, at(3))
    return claim


def appealed() -> Claim:
    claim = determined()
    claim.do(D.APPEAL, "vera", P.CLAIMANT, at(3))
    return claim


def withdrawn() -> Claim:
    claim = reviewed()
    claim.do(D.WITHDRAW, "vera", P.CLAIMANT, at(5))
    return claim


def merged() -> Claim:
    claim = reviewed()
    claim.do(D.MERGE, "rolf", P.REVIEWER, at(5), Reason.DUPLICATE, other="c2")
    return claim


def warned(claim: Claim, day: int) -> None:
    claim.do(D.REMIND, "ian", P.INTAKE, at(day), text="letter")
    claim.do(D.REMIND, "ian", P.INTAKE, at(day), text="telephone")


def unclaimed() -> Claim:
    claim = payable()
    warned(claim, 70)
    claim.do(D.SILENT, "pia", P.PAYMENTS, at(161), Reason.NO_ANSWER)
    return claim


def dormant() -> Claim:
    claim = deficient()
    warned(claim, 5)
    claim.do(D.SILENT, "rolf", P.REVIEWER, at(96), Reason.NO_ANSWER)
    return claim


MAKE = {
    S.DRAFT: drafted, S.FILED: filed, S.ACKNOWLEDGED: acknowledged, S.IN_REVIEW: reviewed, S.DEFICIENT: deficient,
    S.DETERMINED: determined, S.RECONSIDERED: reconsidered, S.APPEALED: appealed, S.FINAL: final, S.PAYABLE: payable,
    S.PAID_IN_PART: paid, S.SATISFIED: satisfied, S.UNCLAIMED: unclaimed, S.DORMANT: dormant,
    S.WITHDRAWN: withdrawn, S.MERGED: merged,
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(State))
def test_every_state_can_be_reached_and_replayed(state: State) -> None:
    claim = MAKE[state]()
    assert claim.state is state
    again = Claim("c1", "vera", Rules(), claim.steps)
    assert (again.state, again.allowed, again.acting) == (claim.state, claim.allowed, claim.acting)


@pytest.mark.parametrize(
    ("deed", "state"), [(deed, state) for deed in Deed for state in sorted(State) if state not in RULES[deed][0]]
)
def test_a_deed_outside_its_states_changes_nothing(deed: Deed, state: State) -> None:
    party = min(RULES[deed][1])
    refused(MAKE[state](), f"not while the claim is {state}", deed, "vera", party, 900)


@pytest.mark.parametrize(
    ("deed", "party"), [(deed, party) for deed in Deed for party in Party if party not in RULES[deed][1]]
)
def test_a_deed_by_another_office_changes_nothing(deed: Deed, party: Party) -> None:
    refused(MAKE[min(RULES[deed][0])](), f"not by the {party}", deed, "vera", party, 900)


def test_what_is_over_stays_open_to_nobody() -> None:
    assert {S.WITHDRAWN, S.MERGED, S.SATISFIED}.isdisjoint(ANY_OPEN)
    assert [deed for deed, (states, _, _) in RULES.items() if S.MERGED in states or S.WITHDRAWN in states] == []


@pytest.mark.parametrize("reason", sorted(DENIALS))
def test_every_denial_allows_nothing_and_waits_for_a_second_person(reason: Reason) -> None:
    claim = reviewed(Rules(second_above=10**9))
    claim.do(D.DETERMINE, "rolf", P.REVIEWER, at(2), reason, 0)
    refused(claim, "second reviewer must confirm", D.FINISH, "rolf", P.REVIEWER, 70)


@pytest.mark.parametrize("reason", sorted(set(Reason) - QUESTIONS))
def test_a_deficiency_asks_a_question(reason: Reason) -> None:
    refused(reviewed(), "what is missing", D.ASK, "rolf", P.REVIEWER, 2, reason)


@pytest.mark.parametrize("reason", sorted(QUESTIONS | {Reason.NO_ANSWER, Reason.CAME_BACK}))
def test_a_question_is_no_decision(reason: Reason) -> None:
    refused(reviewed(), "an amount and a reason", D.DETERMINE, "rolf", P.REVIEWER, 2, reason, 5)


@pytest.mark.parametrize("amount", [1.5, 1.0, True, "100"])
def test_decisions_are_whole_amounts(amount: object) -> None:
    refused(reviewed(), "an amount and a reason", D.DETERMINE, "rolf", P.REVIEWER, 2, Reason.ALLOWED, amount)


@pytest.mark.parametrize("amount", [1, 2**53 + 1, 10**21, 2**256 - 1])
def test_allowed_amounts_of_any_size_are_kept_exactly(amount: int) -> None:
    claim = determined(amount)
    assert claim.allowed == amount
    assert claim.steps[-1].hash != determined(amount - 1 or 2).steps[-1].hash


@pytest.mark.parametrize(("amount", "second"), [(99, False), (100, False), (101, True)])
def test_the_limit_of_one_reviewer_belongs_to_one(amount: int, second: bool) -> None:
    claim = reviewed(Rules(second_above=100))
    claim.do(D.DETERMINE, "rolf", P.REVIEWER, at(2), Reason.ALLOWED, amount)
    if second:
        refused(claim, "second reviewer must confirm", D.FINISH, "rolf", P.REVIEWER, 63)
    else:
        claim.do(D.FINISH, "rolf", P.REVIEWER, at(63))


def test_the_longer_window_decides_when_a_decision_is_final() -> None:
    """30 days to reconsider, 60 to appeal from day 2: day 62 is still the claimant's."""
    claim = reviewed(Rules(reconsideration_days=30, second_above=100))
    claim.do(D.DETERMINE, "rolf", P.REVIEWER, at(2), Reason.ALLOWED, 5)
    refused(claim, "window closed", D.RECONSIDER, "vera", P.CLAIMANT, 33)
    refused(claim, "may still act until", D.FINISH, "rolf", P.REVIEWER, 62)
    claim.do(D.APPEAL, "vera", P.CLAIMANT, at(62))


def test_a_decision_of_the_appeal_body_is_the_last() -> None:
    claim = appealed()
    claim.do(D.DETERMINE, "anna", P.APPEAL, at(10), Reason.ALLOWED, 90)
    assert claim.deadline() is None
    for deed in (D.RECONSIDER, D.APPEAL):
        refused(claim, "the appeal body has decided", deed, "vera", P.CLAIMANT, 11)
    claim.do(D.FINISH, "anna", P.APPEAL, at(11))


def test_an_appeal_needs_another_head_than_the_first_decision() -> None:
    refused(appealed(), "another person must decide", D.DETERMINE, "rolf", P.APPEAL, 10, Reason.ALLOWED, 90)


def test_confirmation_binds_the_decision_it_followed_only() -> None:
    """The first decision was confirmed; the one after reconsideration needs its own second reviewer."""
    claim = determined()
    claim.do(D.CONFIRM, "sara", P.SECOND, at(3))
    claim.do(D.RECONSIDER, "vera", P.CLAIMANT, at(4))
    claim.do(D.DETERMINE, "rita", P.REVIEWER, at(5), Reason.ALLOWED, 90)
    refused(claim, "second reviewer must confirm", D.FINISH, "rita", P.REVIEWER, 90)
    refused(claim, "second reviewer is the first", D.CONFIRM, "sara", P.SECOND, 90)
    claim.do(D.CONFIRM, "sven", P.SECOND, at(90))
    claim.do(D.FINISH, "rita", P.REVIEWER, at(91))


def test_silence_is_counted_anew_after_coming_back() -> None:
    claim = unclaimed()
    claim.do(D.REOPEN, "vera", P.CLAIMANT, at(200), Reason.CAME_BACK)
    refused(claim, "2 channels first", D.SILENT, "pia", P.PAYMENTS, 900, Reason.NO_ANSWER)
    warned(claim, 901)
    refused(claim, "wait until", D.SILENT, "pia", P.PAYMENTS, 991, Reason.NO_ANSWER)
    claim.do(D.SILENT, "pia", P.PAYMENTS, at(992), Reason.NO_ANSWER)
    assert claim.deadline() == ("reserve", at(992 + 730))


def test_reminders_before_a_returned_payment_do_not_count() -> None:
    claim = payable()
    warned(claim, 64)
    claim.do(D.PAY, "pia", P.PAYMENTS, at(65))
    claim.do(D.RETURNED, "pia", P.PAYMENTS, at(300))
    refused(claim, "2 channels first", D.SILENT, "pia", P.PAYMENTS, 301, Reason.NO_ANSWER)


def test_one_channel_twice_is_one_channel() -> None:
    claim = deficient()
    for day in (5, 6):
        claim.do(D.REMIND, "ian", P.INTAKE, at(day), text="letter")
    refused(claim, "2 channels first", D.SILENT, "rolf", P.REVIEWER, 300, Reason.NO_ANSWER)


def test_a_long_cure_period_outlasts_ninety_days_of_silence() -> None:
    """Asked on day 2 with 120 days: reminders of day 5 end on 95, the cure period on 122."""
    claim = reviewed(Rules(cure_days=120))
    claim.do(D.ASK, "rolf", P.REVIEWER, at(2), Reason.MISSING_PAYEE)
    assert claim.deadline() == ("cure", at(122))
    warned(claim, 5)
    refused(claim, "wait until", D.SILENT, "rolf", P.REVIEWER, 122, Reason.NO_ANSWER)
    claim.do(D.SILENT, "rolf", P.REVIEWER, at(123), Reason.NO_ANSWER)


def test_a_dormant_claim_goes_back_to_review() -> None:
    claim = dormant()
    claim.do(D.REOPEN, "ian", P.INTAKE, at(100), Reason.CAME_BACK)
    assert (claim.state, claim.deadline()) == (S.IN_REVIEW, None)


def test_a_claim_is_not_merged_into_itself() -> None:
    refused(reviewed(), "into itself", D.MERGE, "rolf", P.REVIEWER, 5, Reason.DUPLICATE, other="c1")


def test_a_stranger_cannot_file_withdraw_or_appeal() -> None:
    refused(drafted(), "neither the claimant nor", D.FILE, "eve", P.CLAIMANT, 0)
    refused(reviewed(), "neither the claimant nor", D.WITHDRAW, "eve", P.CLAIMANT, 5)
    refused(determined(), "neither the claimant nor", D.APPEAL, "eve", P.CLAIMANT, 5)


def test_a_claim_that_was_paid_in_part_cannot_be_withdrawn() -> None:
    refused(paid(), "not while the claim is paid-in-part", D.WITHDRAW, "vera", P.CLAIMANT, 70)


def test_an_heir_acts_and_the_old_mandate_is_gone() -> None:
    claim = determined()
    claim.do(D.REPRESENT, "vera", P.CLAIMANT, at(5), text="mandate", other="lars")
    claim.do(D.DIED, "ian", P.INTAKE, at(6))
    claim.do(D.SUCCEED, "rolf", P.REVIEWER, at(7), text="certificate", other="heir")
    refused(claim, "neither the claimant nor", D.APPEAL, "lars", P.CLAIMANT, 8)
    claim.do(D.APPEAL, "heir", P.CLAIMANT, at(8))
