"""Edges of requests: what is negative, empty, later than it seems, decided without a result."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from recoup.ground import Answer, Instant
from recoup.requests import IllegalMove, stages
from recoup.requests.actions import CHECKS, ActionDay, Frozen, Part, earliest_common, may_freeze, over_frozen
from recoup.requests.answer import Answer as Reply
from recoup.requests.answer import Next, Outcome, follows
from recoup.requests.conditions import ANY, Consent, Datum, Use, UseCondition, derived, exported
from recoup.requests.disputes import CRITERIA, MEDIATION_DAYS, POSITIONS_DAYS, Dispute, Kind, Phase, Position
from recoup.requests.parties import Notice, Objection, ObjectionKind, distributable, open_claims
from recoup.requests.request import Request, cured, superseded
from recoup.requests.stages import CaseTrack, Stage

DAY = date(2026, 11, 21)
T0 = datetime(2026, 12, 1, 6, tzinfo=UTC)
USE = Use("mla-annex", "X", "EE")
CLOSED = UseCondition("FIU of Cyprus", "K09", frozenset({"intelligence"}), frozenset({ANY}), frozenset({"FR"}))


def consent(at: str, **changes: str) -> Consent:
    words = {"purpose": "mla-annex", "person": "X", "state": "EE", **changes}
    return Consent(**words, given_by="FIU of Cyprus", at=Instant.parse(at), record="ab" * 32)


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-11-20T23:59:59Z", "yes"), ("2026-11-21", "yes"), ("2026-11-21T23:59:59Z", "yes"),
        ("2026-11-22T00:00:00Z", "no"), ("2026-11-22T01:00:00+02:00", "yes"),
    ],
)  # fmt: skip
def test_a_consent_counts_from_its_day(at: str, answer: str) -> None:
    """What leaves today cannot rest on a consent of tomorrow; the day is that of UTC."""
    assert CLOSED.with_consent(consent(at)).allows(USE, DAY).answer == answer


@pytest.mark.parametrize("name", ["purpose", "person", "state"])
def test_a_star_in_a_consent_opens_that_question_alone(name: str) -> None:
    """`*` for one of the three leaves the other two as they are."""
    wide = CLOSED.with_consent(consent("2026-11-01", **{name: ANY}))
    assert wide.allows(replace(USE, **{name: "anything"}), DAY).answer is Answer.YES
    for other in {"purpose", "person", "state"} - {name}:
        assert wide.allows(replace(USE, **{other: "else"}), DAY).answer is Answer.NO


@pytest.mark.parametrize("word", ["*", "", " X", "x", "X\u200b"])
def test_a_use_is_covered_only_by_its_exact_words(word: str) -> None:
    """A star in the use asked for is no joker: whoever asks for everybody was allowed nobody."""
    assert CLOSED.with_consent(consent("2026-11-01")).allows(replace(USE, person=word), DAY).answer is Answer.NO


@pytest.mark.parametrize(("shift", "answer"), [(-1, "yes"), (0, "yes"), (1, "no")])
def test_the_last_day_of_a_use_counts(shift: int, answer: str) -> None:
    open_until = UseCondition("CH", "K10", frozenset({ANY}), frozenset({ANY}), frozenset({ANY}), expiry=DAY)
    assert open_until.allows(USE, DAY + timedelta(days=shift)).answer == answer


def test_no_condition_is_free_and_unknown_conditions_are_not() -> None:
    assert Datum("a", "1").may(USE, DAY).answer is Answer.YES
    assert Datum("a", "1", None).may(USE, DAY).answer is Answer.UNKNOWN
    assert derived("c", "2", []).conditions == ()
    leaves, stays = exported([Datum("a", "1", None)], USE, DAY)
    assert leaves == () and stays[0][1].reasons[0].startswith("K10")


def test_a_derived_datum_keeps_consents_with_their_conditions() -> None:
    """The consent of one source does not open what another source closed."""
    opened = CLOSED.with_consent(consent("2026-11-01"))
    other = replace(CLOSED, source="FIU of Malta")
    made = derived("m", "0", [Datum("a", "1", (opened,)), Datum("b", "2", (other,))])
    refused = made.may(USE, DAY)
    assert refused.answer is Answer.NO and refused.reasons == ("K09: FIU of Malta did not allow mla-annex on X in EE",)


def claim(**changes: object) -> Objection:
    return replace(Objection("o", "a", ObjectionKind.THIRD_PARTY, DAY), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "blocks", "left"),
    [
        ({}, True, 0), ({"amount": 300}, True, 700), ({"amount": 0}, True, 1000),
        ({"amount": 1000}, True, 0), ({"amount": 1001}, True, 0),
        ({"decided": DAY, "upheld": False}, False, 1000), ({"decided": DAY, "upheld": True}, False, 0),
        ({"decided": DAY}, True, 0), ({"decided": DAY, "amount": 300}, True, 700), ({"upheld": False}, True, 0),
        ({"kind": ObjectionKind.HARDSHIP}, False, 1000), ({"kind": ObjectionKind.HARDSHIP, "amount": 5}, False, 1000),
        ({"asset": "b"}, False, 1000),
    ],
)  # fmt: skip
def test_what_a_claim_holds_back(changes: dict[str, object], blocks: bool, left: int) -> None:
    """A decision whose result nobody knows holds the money as an open claim does: unknown never pays out."""
    assert (open_claims([claim(**changes)], "a") != ()) is blocks
    assert distributable(1000, [claim(**changes)], "a") == left


def test_claims_together_never_take_more_than_there_is() -> None:
    claims = [claim(id=str(number), amount=400) for number in range(5)]
    assert [distributable(total, claims, "a") for total in (0, 1, 2000, 2001)] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("changes", "message"), [({"amount": -1}, "not negative"), ({"decided": DAY - timedelta(days=1)}, "before it was")]
)
def test_a_claim_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    """A negative claim would have paid out more than the whole."""
    with pytest.raises(ValueError, match=message):
        claim(**changes)


def test_a_negative_total_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        distributable(-1, [], "a")


def test_a_frozen_amount_is_not_negative() -> None:
    """A negative hold would have made room for one beyond the order (K17)."""
    with pytest.raises(ValueError, match="not negative"):
        Frozen("EE", "o", "EUR", -1)
    assert over_frozen([Frozen("EE", "o", "EUR", 0)], "o", "EUR", 0) == 0


@pytest.mark.parametrize("coordinated", [None, False])
def test_beyond_the_order_only_with_coordination(coordinated: bool | None) -> None:
    full = [Frozen("EE", "o", "EUR", 10)]
    may_freeze(full, Frozen("CY", "o", "EUR", 0), 10, coordinated)
    may_freeze(full, Frozen("CY", "o", "USD", 9), 10, coordinated)
    may_freeze(full, Frozen("CY", "p", "EUR", 10), 10, coordinated)
    with pytest.raises(IllegalMove) as illegal:
        may_freeze(full, Frozen("CY", "o", "EUR", 1), 10, coordinated)
    assert illegal.value.guard == "K17"


def part(**changes: object) -> Part:
    whole = Part("EE", ("a",), T0, timedelta(hours=2), frozenset(CHECKS))
    return replace(whole, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"earliest": datetime(2026, 12, 1, 6)}, "in UTC"),
        ({"earliest": T0.astimezone(timezone(timedelta(hours=2)))}, "in UTC"),
        ({"window": timedelta(hours=-1)}, "not negative"),
        ({"done": frozenset({"translations"})}, "no check is called translations"),
        ({"not_needed": frozenset({"coffee"})}, "no check is called coffee"),
    ],
)
def test_a_part_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    """A moment without its zone broke the comparison at T0; a check by a wrong name stayed open unseen."""
    with pytest.raises(ValueError, match=message):
        part(**changes)


def test_an_action_day_without_states_is_not_ready_but_refused() -> None:
    """Nobody's checks are all done; that must not read as ready."""
    with pytest.raises(ValueError, match="at least one State"):
        ActionDay(T0, ())
    with pytest.raises(ValueError, match="at least one State"):
        earliest_common(())


@pytest.mark.parametrize(("minutes", "ready"), [(-1, False), (0, True), (120, True), (121, False)])
def test_the_window_has_two_ends(minutes: int, ready: bool) -> None:
    moment = T0 + timedelta(minutes=minutes)
    assert (ActionDay(moment, (part(),)).ready().answer is Answer.YES) is ready


def test_a_check_that_is_not_needed_is_not_missing() -> None:
    bare = part(done=frozenset(), not_needed=frozenset(CHECKS))
    assert bare.missing == () and ActionDay(T0, (bare,)).ready().answer is Answer.YES
    assert part(done=frozenset()).missing == CHECKS


def test_every_obstacle_of_an_action_day_is_told() -> None:
    """A co-ordinator mends all of them at once, not one per telephone call."""
    late = part(state="CY", earliest=T0 + timedelta(hours=1), done=frozenset())
    reasons = ActionDay(T0, (part(), late)).ready().reasons
    assert len(reasons) == 2 and all(reason.startswith("CY") for reason in reasons)


def notice(**changes: object) -> Notice:
    return replace(Notice("X", "a", DAY, "appeal"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "fine"), [(0, False), (1, True), (180, True), (181, False), (-1, False)])
def test_a_delay_is_reviewed_in_time(days: int, fine: bool) -> None:
    review = DAY + timedelta(days=days)
    if fine:
        assert notice().delayed("searches", review, DAY).review == review
    else:
        with pytest.raises(IllegalMove, match="NOTICE"):
            notice().delayed("searches", review, DAY)


def test_a_served_notice_is_never_overdue() -> None:
    assert not notice(served=DAY).overdue(date.max) and notice().overdue(DAY + timedelta(days=1))
    assert not notice().overdue(DAY)


def dispute() -> Dispute:
    return Dispute("d", Kind.SHARE, ("FR", "US"), ("a",), DAY)


DISPUTE_MOVES = {
    Phase.RAISED: {Phase.POSITIONS},
    Phase.POSITIONS: {Phase.CONSULTATION},
    Phase.CONSULTATION: {Phase.MEDIATION, Phase.DECIDED, Phase.DISAGREED},
    Phase.MEDIATION: {Phase.DECIDED, Phase.DISAGREED},
    Phase.DECIDED: set(),
    Phase.DISAGREED: set(),
}


@pytest.mark.parametrize("since", list(Phase))
@pytest.mark.parametrize("to", list(Phase))
def test_every_move_of_a_dispute(since: Phase, to: Phase) -> None:
    """Where both States were heard and an outcome is given only the arrows decide."""
    heard = tuple(Position(state, CRITERIA[0], "x") for state in ("FR", "US"))
    here = replace(dispute(), phase=since, positions=heard)
    if to in DISPUTE_MOVES[since]:
        assert here.move(to, "agreed").phase is to
    else:
        with pytest.raises(IllegalMove) as illegal:
            here.move(to, "agreed")
        assert illegal.value.guard == "MOVE"


@pytest.mark.parametrize("phase", list(Phase))
def test_positions_are_stated_while_a_dispute_is_open(phase: Phase) -> None:
    """A position added to a decided dispute would change what was decided upon."""
    here = replace(dispute(), phase=phase)
    if here.open:
        assert here.stated(Position("FR", CRITERIA[0], "x")).positions
    else:
        with pytest.raises(IllegalMove, match="MOVE"):
            here.stated(Position("FR", CRITERIA[0], "x"))


@pytest.mark.parametrize(
    ("phase", "days"),
    [
        (Phase.RAISED, POSITIONS_DAYS), (Phase.POSITIONS, POSITIONS_DAYS), (Phase.CONSULTATION, None),
        (Phase.MEDIATION, POSITIONS_DAYS + MEDIATION_DAYS), (Phase.DECIDED, None), (Phase.DISAGREED, None),
    ],
)  # fmt: skip
def test_when_a_phase_should_be_over(phase: Phase, days: int | None) -> None:
    due = replace(dispute(), phase=phase).due
    assert due == (None if days is None else DAY + timedelta(days=days))


FIRST = Request("r", 1, "EU_2018_1805", "freeze", "CY", ("a",), (("F01", "PNF"),))


@pytest.mark.parametrize("state", ["draft", "granted", "cured", "closed", "withdrawn", "", "REFUSED"])
def test_only_a_refused_request_is_cured(state: str) -> None:
    with pytest.raises(IllegalMove) as illegal:
        cured(FIRST, state, "x", [])
    assert illegal.value.guard == "CURE"


def test_the_last_version_has_no_cure() -> None:
    with pytest.raises(ValueError, match="version 101"):
        cured(replace(FIRST, version=100), "refused", "x", [])


def test_another_route_of_the_same_instrument_supersedes() -> None:
    other = superseded(FIRST, "refused", "EU_2018_1805", "enforce", "CY")
    assert (other.id, other.version, other.cures) == ("r+EU_2018_1805", 1, "")


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.REFUSED])
def test_grounds_beside_an_answer_that_is_no_refusal_change_nothing(outcome: Outcome) -> None:
    conditions = ("x",) if outcome is Outcome.CONDITIONAL else ()
    plain = Reply("r/v1", outcome, Instant.parse("2026-11-21"), (), conditions)
    assert follows(plain) is follows(replace(plain, grounds=("G05",))) is not Next.REVIEW


def test_a_track_of_stages_is_limited_at_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "ENTRIES_MAX", 2)
    track = CaseTrack.opened("t", DAY).loop(Stage.INTAKE, DAY, "again")
    with pytest.raises(IllegalMove) as illegal:
        track.loop(Stage.INTAKE, DAY, "again")
    assert illegal.value.guard == "LIMIT"


SKIPS = {(Stage.INTAKE, Stage.RESTRAINT), (Stage.RESTRAINT, Stage.CONFISCATION), (Stage.CONFISCATION, Stage.RETURN)}


@pytest.mark.parametrize("since", list(Stage))
@pytest.mark.parametrize("to", list(Stage))
def test_every_move_between_stages(since: Stage, to: Stage) -> None:
    """Forward by one or by a named skip when the exit is met; back by a loop; nothing else."""
    here = CaseTrack("t", (stages.Entry(since, DAY),))
    forward = to == since + 1 or (since, to) in SKIPS
    if forward:
        assert here.advance(to, DAY, exit_met=True, why="x").stage is to
    else:
        with pytest.raises(IllegalMove) as illegal:
            here.advance(to, DAY, exit_met=True, why="x")
        assert illegal.value.guard == "MOVE"
    if to <= since:
        looped = here.loop(to, DAY, "x")
        assert looped.stage is to and looped.entries[0].left == DAY
    else:
        with pytest.raises(IllegalMove):
            here.loop(to, DAY, "x")
