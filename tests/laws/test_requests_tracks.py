"""Tracks and use conditions: nothing is lost, nothing passes that is not known."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Answer, Instant
from recoup.requests import ASSET, ORDER, REQUEST, Circumstances, IllegalMove, Machine, Track
from recoup.requests.answer import Answer as Reply
from recoup.requests.answer import Next, Outcome, follows
from recoup.requests.conditions import ANY, Consent, Datum, Use, UseCondition, derived, exported
from recoup.requests.parties import Objection, ObjectionKind, distributable, open_claims
from recoup.requests.request import Request, cured

STEADY = settings(max_examples=120, deadline=None, derandomize=True)
MACHINES = st.sampled_from([REQUEST, ORDER, ASSET])
DAY = date(2026, 11, 21)
AT = Instant.parse("2026-11-21T10:00:00Z")
GOOD = Circumstances(
    drafted_by="A", approved_by="B", sender_competent=True, in_force=True, translated=True, proportionality_noted=True,
    located=True, order_final=True, order_under_appeal=False, coordinated=True,
    live_elsewhere=False, cure="x", order_follows=True,
)  # fmt: skip
BOOLS = [one.name for one in fields(Circumstances) if "None" in str(one.type)]


@STEADY
@given(MACHINES, st.sampled_from(BOOLS), st.data())
def test_what_is_open_while_a_fact_is_not_known_is_open_whatever_it_is(
    machine: Machine[Circumstances], name: str, data: st.DataObject
) -> None:
    """A move that passes without knowing a fact does not rest on it; so no move passes because it is not known."""
    state = data.draw(st.sampled_from(machine.states))
    others: dict[str, object] = {one: data.draw(st.sampled_from([None, True, False])) for one in BOOLS}
    unknown = machine.open_to(state, replace(GOOD, **{**others, name: None}))  # type: ignore[arg-type]
    for value in (True, False):
        known = machine.open_to(state, replace(GOOD, **{**others, name: value}))  # type: ignore[arg-type]
        assert all(known[to] == "" for to, guard in unknown.items() if guard == "")


@STEADY
@given(MACHINES, st.lists(st.integers(0, 9), max_size=30), st.data())
def test_a_barred_move_changes_nothing(
    machine: Machine[Circumstances], choices: list[int], data: st.DataObject
) -> None:
    track = Track(machine, "x")
    for choice in choices:
        states = [*machine.states, "nowhere"]
        to = states[choice % len(states)] if choice > 6 else None
        arrows = machine.arrows[track.state]
        target = to or (arrows[choice % len(arrows)].to if arrows else "nowhere")
        before = track
        try:
            track = track.move(target, GOOD, at=AT, actor="A", authority="B", basis="C")
        except IllegalMove as illegal:
            assert illegal.guard and track is before
        else:
            assert track.steps[:-1] == before.steps and track.steps[-1].since == before.state


NAMES = st.sampled_from(["x", "y", "z"])
USES = st.builds(Use, NAMES, NAMES, NAMES)
SETS = st.frozensets(st.sampled_from(["x", "y", "z", ANY]), max_size=3)
CONDITIONS = st.builds(UseCondition, NAMES, st.sampled_from(["K09", "K10"]), SETS, SETS, SETS)
DATA = st.builds(Datum, NAMES, NAMES, st.one_of(st.none(), st.lists(CONDITIONS, max_size=3).map(tuple)))


@STEADY
@given(CONDITIONS, USES)
def test_consent_opens_the_use_it_names(condition: UseCondition, use: Use) -> None:
    consent = Consent(use.purpose, use.person, use.state, "source", AT, "00")
    assert condition.with_consent(consent).allows(use, DAY).answer is Answer.YES


@STEADY
@given(CONDITIONS, USES, USES)
def test_removing_consent_closes_what_only_it_opened(condition: UseCondition, use: Use, consented: Use) -> None:
    consent = Consent(consented.purpose, consented.person, consented.state, "source", AT, "00")
    with_it, without = condition.with_consent(consent).allows(use, DAY), condition.allows(use, DAY)
    if without.answer is Answer.NO and use != consented:
        assert with_it.answer is Answer.NO
    assert not (without.answer is Answer.YES and with_it.answer is not Answer.YES)


@STEADY
@given(st.lists(DATA, max_size=5), USES)
def test_an_export_splits_the_data_and_lets_only_yes_out(data: list[Datum], use: Use) -> None:
    leaves, stays = exported(data, use, DAY)
    assert len(leaves) + len(stays) == len(data)
    assert all(one.may(use, DAY).answer is Answer.YES for one in leaves)
    assert all(verdict.answer is not Answer.YES for _, verdict in stays)


@STEADY
@given(st.lists(DATA, min_size=1, max_size=4), USES)
def test_what_is_made_is_never_freer_than_what_it_is_made_of(data: list[Datum], use: Use) -> None:
    made = derived("made", "00", data)
    if made.may(use, DAY).answer is Answer.YES:
        assert all(one.may(use, DAY).answer is Answer.YES for one in data)


OBJECTIONS = st.builds(
    Objection,
    NAMES,
    st.just("a"),
    st.sampled_from(list(ObjectionKind)),
    st.just(DAY),
    st.one_of(st.none(), st.integers(0, 500)),
    st.one_of(st.none(), st.just(DAY + timedelta(days=1))),
    st.sampled_from([None, True, False]),
)


@STEADY
@given(st.integers(0, 1000), st.lists(OBJECTIONS, max_size=6))
def test_distributable_is_between_nothing_and_all(total: int, objections: list[Objection]) -> None:
    left = distributable(total, objections, "a")
    assert 0 <= left <= total
    assert distributable(total, objections[:-1], "a") >= left
    if not open_claims(objections, "a") and not any(one.upheld for one in objections):
        assert left == total


GROUNDS = [f"G{number:02}" for number in range(1, 24)]


@STEADY
@given(st.lists(st.sampled_from(GROUNDS), min_size=1, max_size=4))
def test_more_grounds_never_soften_what_follows(grounds: list[str]) -> None:
    hardness = [Next.CURE, Next.COORDINATE, Next.REPLEAD, Next.OTHER_ROUTE, Next.REVIEW]
    each = [follows(Reply("r", Outcome.REFUSED, AT, (ground,))) for ground in grounds]
    together = follows(Reply("r", Outcome.REFUSED, AT, tuple(grounds)))
    assert hardness.index(together) == max(hardness.index(one) for one in each)


@STEADY
@given(st.dictionaries(st.sampled_from(["F01", "F04", "F21"]), st.text(min_size=1, max_size=5), max_size=3))
def test_a_cure_adds_and_never_loses_a_field(more: dict[str, str]) -> None:
    old = Request("r", 1, "X", "freeze", "CY", ("a",), (("F01", "one"), ("F10", "ten")))
    new = cured(old, "refused", "because", list(more.items()))
    assert set(dict(new.fields)) == {"F01", "F10", *more}
    assert new.version == 2 and new.supersedes == old.key and dict(old.fields)["F01"] == "one"
