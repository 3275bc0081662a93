"""Every move of the three machines against a table written by hand: guards in their order, clocks started and stopped.

A move that is not in the table is forbidden; a move that is must carry these guards and no others.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recoup.ground import Instant
from recoup.law.clock import clocks
from recoup.law.load import built_in
from recoup.requests import ASSET, ORDER, REQUEST, Circumstances, IllegalMove, Machine, Step, Track, machine

AT = Instant.parse("2026-11-21T10:00:00Z")
GOOD = Circumstances(
    drafted_by="A. Martin", approved_by="B. Roy", sender_competent=True, in_force=True, translated=True,
    proportionality_noted=True, located=True, order_final=True, order_under_appeal=False, live_elsewhere=False,
    coordinated=True, cure="value in words", order_follows=True,
)  # fmt: skip
# from, to: guards in their order; clocks started +, stopped -
REQUEST_MOVES = """
draft reviewed: K02 K07 K16
draft withdrawn:
reviewed draft:
reviewed authorised: K01 K06 K15 K17
reviewed withdrawn:
authorised translated: K05
authorised withdrawn:
translated transmitted: F K05 K09 K16 +C20
translated withdrawn:
transmitted acknowledged:
transmitted refused: -C20
transmitted withdrawn: -C20
acknowledged examining:
acknowledged withdrawn: -C20
examining supplement:
examining postponed:
examining granted: -C20
examining partial: -C20
examining conditional: -C20
examining refused: -C20
examining withdrawn: -C20
supplement supplemented: F K09
supplement withdrawn: -C20
supplemented examining:
postponed examining:
postponed withdrawn: -C20
granted executing:
partial executing:
conditional executing:
conditional withdrawn:
refused cured: CURE
refused superseded:
refused closed:
executing executed:
executing impossible:
executed closed:
impossible superseded:
impossible closed:
"""
ORDER_MOVES = """
applied granted_ex_parte: K07
applied lapsed:
granted_ex_parte served: +C21
granted_ex_parte lapsed:
served contested:
served continued:
served lapsed: -C21
contested continued:
contested varied:
contested discharged: -C21
continued contested:
continued varied:
continued appealed:
continued final: -C21
continued lapsed: -C21
varied continued:
varied appealed:
varied final: -C21
varied lapsed: -C21
appealed continued:
appealed varied:
appealed discharged: -C21
appealed final: -C21
discharged appealed:
"""
ASSET_MOVES = """
suspected traced:
suspected closed:
traced held_voluntary: HOLD +C19
traced suspended_fiu: HOLD +C02
traced frozen_provisional: K02 K17
traced restrained_court: K02
traced dissipated:
held_voluntary frozen_provisional: K02 K17 -C19
held_voluntary restrained_court: K02 -C19
held_voluntary dissipated: -C02 -C19
held_voluntary released: K15 -C02 -C19
suspended_fiu frozen_provisional: K02 K17 -C02
suspended_fiu restrained_court: K02 -C02
suspended_fiu dissipated: -C02 -C19
suspended_fiu released: K15 -C02 -C19
frozen_provisional restrained_court: K02
frozen_provisional contested:
frozen_provisional dissipated: -C02 -C19
frozen_provisional released: K15 -C02 -C19
restrained_court contested:
restrained_court varied:
restrained_court confiscated_nonfinal:
restrained_court dissipated: -C02 -C19
restrained_court released: K15 -C02 -C19
contested varied:
contested restrained_court:
contested released: K15
varied contested:
varied restrained_court:
varied confiscated_nonfinal:
varied dissipated: -C02 -C19
varied released: K15 -C02 -C19
confiscated_nonfinal confiscated_final: K01
confiscated_nonfinal restrained_court:
confiscated_nonfinal dissipated: -C02 -C19
confiscated_nonfinal released: K15 -C02 -C19
confiscated_final enforcement_requested: K01 K15 K16
confiscated_final realised: K14
enforcement_requested recognised_abroad:
enforcement_requested confiscated_final:
recognised_abroad realised: K14
realised shared: K14 K15
realised returned: K14 K15
shared distributed: K14 K15
returned distributed: K14 K15
distributed closed:
dissipated traced:
dissipated closed:
released traced:
released closed:
"""
TABLES = {"request": (REQUEST, REQUEST_MOVES), "order": (ORDER, ORDER_MOVES), "asset": (ASSET, ASSET_MOVES)}
Move = tuple[Machine[Circumstances], str, str, list[str], list[str], list[str]]


def _moves() -> list[Move]:
    found: list[Move] = []
    for room, text in TABLES.values():
        for line in text.strip().splitlines():
            states, _, rest = line.partition(":")
            since, to = states.split()
            words = rest.split()
            started = [word[1:] for word in words if word[0] == "+"]
            stopped = [word[1:] for word in words if word[0] == "-"]
            found.append((room, since, to, [word for word in words if word[0] not in "+-"], started, stopped))
    return found


MOVES = _moves()
# What makes each guard say no, and what leaves it not known.
FAILS: dict[str, list[dict[str, object]]] = {
    "K01": [{"order_final": False}, {"order_final": None}, {"order_under_appeal": True}, {"order_under_appeal": None}],
    "K02": [{"located": False}, {"located": None}],
    "K05": [{"translated": False}, {"translated": None}],
    "K06": [{"sender_competent": False}, {"sender_competent": None}],
    "K07": [{"proportionality_noted": False}, {"proportionality_noted": None}],
    "K09": [{"withheld": ("fiu-7",)}],
    "K14": [{"open_claims": ("claim-1",)}],
    "K15": [{"approved_by": ""}, {"drafted_by": " "}, {"approved_by": "A. Martin"}, {"approved_by": "a.  MARTIN"}],
    "K16": [{"in_force": False}, {"in_force": None}],
    "K17": [
        {"live_elsewhere": True, "coordinated": False}, {"live_elsewhere": True, "coordinated": None},
        {"live_elsewhere": None, "coordinated": None},
    ],
    "F": [{"missing": ("F21",)}],
    "CURE": [{"cure": ""}, {"cure": "  "}],
    "HOLD": [{"order_follows": False}, {"order_follows": None}],
}  # fmt: skip


def at_state(room: Machine[Circumstances], state: str) -> Track[Circumstances]:
    """A track that stands in a state, as one that was taken over from elsewhere."""
    return Track(room, "x", (Step("before", state, AT, "A", "B", "C"),)) if state != room.first else Track(room, "x")


def go(track: Track[Circumstances], to: str, now: Circumstances = GOOD) -> Track[Circumstances]:
    return track.move(to, now, at=AT, actor="A. Martin", authority="PNF", basis="art. 706-160 CPP", evidence="ab" * 32)


@pytest.mark.parametrize("name", list(TABLES))
def test_the_table_holds_every_move_and_no_other(name: str) -> None:
    """Every pair of states that is not in the table is refused with MOVE and the list of what is allowed."""
    room, _ = TABLES[name]
    allowed = {(since, to) for each, since, to, *_ in MOVES if each is room}
    for since in room.states:
        for to in room.states:
            if (since, to) in allowed:
                assert room.arrow(since, to).to == to
                continue
            with pytest.raises(IllegalMove, match="allowed: ") as illegal:
                go(at_state(room, since), to)
            assert illegal.value.guard == "MOVE"


@pytest.mark.parametrize(("room", "since", "to", "guards", "started", "stopped"), MOVES)
def test_a_move_and_its_effect(
    room: Machine[Circumstances], since: str, to: str, guards: list[str], started: list[str], stopped: list[str]
) -> None:
    """Guards in their order, clocks as the table says, and a step that keeps who, why and on what evidence."""
    arrow = room.arrow(since, to)
    assert [guard for guard, _ in arrow.guards] == guards
    step = go(at_state(room, since), to).steps[-1]
    assert (list(step.clocks_started), list(step.clocks_stopped)) == (started, stopped)
    assert (step.since, step.to, step.actor, step.authority) == (since, to, "A. Martin", "PNF")
    assert (step.basis, step.evidence, step.at) == ("art. 706-160 CPP", "ab" * 32, AT)


BARRED = [(room, since, to, guard, change) for room, since, to, guards, *_ in MOVES for guard in guards
          for change in FAILS[guard]]  # fmt: skip


@pytest.mark.parametrize(("room", "since", "to", "guard", "change"), BARRED)
def test_every_guard_of_every_move_stops_it_when_no_and_when_not_known(
    room: Machine[Circumstances], since: str, to: str, guard: str, change: dict[str, object]
) -> None:
    now = replace(GOOD, confiscation=True, **change)  # type: ignore[arg-type]
    track = at_state(room, since)
    with pytest.raises(IllegalMove, match=f"^{guard}: {room.name} x may not go to {to}: .+") as illegal:
        go(track, to, now)
    assert illegal.value.guard == guard == room.open_to(since, now)[to]
    assert room.open_to(since, replace(GOOD, confiscation=True))[to] == ""


def test_finality_is_asked_only_of_a_confiscation() -> None:
    """A freezing request needs no final order (K01 is for what cannot be undone)."""
    now = replace(GOOD, order_final=False, order_under_appeal=True, confiscation=False)
    assert go(at_state(REQUEST, "reviewed"), "authorised", now).state == "authorised"


def test_a_freeze_elsewhere_that_nobody_asked_about_is_not_taken_as_none() -> None:
    """K17 passed by default; what was never asked now stops the request."""
    now = Circumstances(drafted_by="A", approved_by="B", sender_competent=True)
    assert REQUEST.open_to("reviewed", now)["authorised"] == "K17"
    assert ASSET.open_to("traced", replace(now, located=True))["frozen_provisional"] == "K17"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A. Martin", "a. martin", True), ("A. Martin", " A.\tMartin ", True), ("Ａ. Martin", "A. Martin", True),
        ("STRASSE", "straße", True), ("A. Martin", "A. Martine", False), ("A. Martin", "B. Martin", False),
    ],
)  # fmt: skip
def test_four_eyes_are_two_persons_however_the_name_is_written(one: str, other: str, same: bool) -> None:
    now = replace(GOOD, drafted_by=one, approved_by=other)
    assert (REQUEST.open_to("reviewed", now)["authorised"] == "K15") is same


@pytest.mark.parametrize("name", list(TABLES))
def test_no_clock_runs_in_an_end_state_on_any_way_there(name: str) -> None:
    """Every way without repeats from the first state to an end: no clock is left that would warn of nothing."""
    room, _ = TABLES[name]
    ends, frontier = 0, [Track(room, "x")]
    while frontier:
        track = frontier.pop()
        arrows = room.arrows[track.state]
        seen = {room.first, *(step.to for step in track.steps)}
        if not arrows:
            ends += 1
            assert track.clocks == (), [step.to for step in track.steps]
        frontier.extend(go(track, arrow.to) for arrow in arrows if arrow.to not in seen and len(track.steps) < 9)
    assert ends > 3


@pytest.mark.parametrize(
    ("path", "running"),
    [
        (["traced", "held_voluntary"], ("C19",)),
        (["traced", "held_voluntary", "dissipated"], ()),
        (["traced", "held_voluntary", "released"], ()),
        (["traced", "suspended_fiu", "released", "traced", "held_voluntary"], ("C19",)),
        (["traced", "suspended_fiu", "restrained_court"], ()),
    ],
)
def test_a_hold_that_ended_leaves_no_clock(path: list[str], running: tuple[str, ...]) -> None:
    """The clock of a hold ran on after the property was gone or released, and would have breached."""
    track = Track(ASSET, "x")
    for state in path:
        track = go(track, state)
    assert track.clocks == running


def test_every_guard_and_clock_of_a_move_is_of_the_catalogue() -> None:
    own = {"F", "CURE", "HOLD"}
    for _, _, _, guards, started, stopped in MOVES:
        assert set(guards) - own <= set(built_in().guards)
        assert {*started, *stopped} <= set(clocks())


def test_the_same_clock_is_not_started_twice() -> None:
    twice = (Step("a", "b", AT, "A", "B", "C", clocks_started=("C20",)),) * 2
    assert Track(REQUEST, "x", twice).clocks == ("C20",)


def test_a_clock_that_never_ran_can_be_stopped() -> None:
    assert Track(REQUEST, "x", (Step("a", "b", AT, "A", "B", "C", clocks_stopped=("C20",)),)).clocks == ()


@pytest.mark.parametrize("part", ["actor", "authority", "basis"])
@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_step_without_who_or_why_is_refused(part: str, text: str) -> None:
    words = {"actor": "A", "authority": "B", "basis": "C", part: text}
    with pytest.raises(ValueError, match=f"names its {part}"):
        Step("a", "b", AT, words["actor"], words["authority"], words["basis"])


def test_steps_may_share_a_moment_but_not_run_back() -> None:
    track = go(Track(REQUEST, "x"), "reviewed")
    assert go(track, "draft").steps[-1].at == AT
    earlier = Instant(AT.start - timedelta(microseconds=1))
    with pytest.raises(IllegalMove) as illegal:
        track.move("draft", GOOD, at=earlier, actor="A", authority="B", basis="C")
    assert illegal.value.guard == "TIME" and len(track.steps) == 1


def test_the_number_of_steps_is_limited_at_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STEPS_MAX", 2)
    track = go(go(Track(REQUEST, "x"), "reviewed"), "draft")
    with pytest.raises(IllegalMove) as illegal:
        go(track, "reviewed")
    assert illegal.value.guard == "LIMIT"


def test_a_guard_speaks_before_time_and_limit() -> None:
    """The first thing that forbids a move is what a person must mend first: the arrow, then the guard."""
    track = go(Track(REQUEST, "x"), "reviewed")
    before = Instant(AT.start - timedelta(days=1))
    with pytest.raises(IllegalMove) as illegal:
        track.move("authorised", replace(GOOD, approved_by=""), at=before, actor="A", authority="B", basis="C")
    assert illegal.value.guard == "K15"


@pytest.mark.parametrize("hostile", ["\u202e", "<b>", "x" * 10_000, "'; DROP TABLE", "\x00"])
def test_hostile_words_in_a_step_change_no_state(hostile: str) -> None:
    """Names and bases are text; a machine that is asked for a strange state names it and stays where it is."""
    track = Track(REQUEST, hostile).move("reviewed", GOOD, at=AT, actor=f"A{hostile}", authority="B", basis="C")
    assert track.state == "reviewed" and track.steps[0].actor == f"A{hostile}"
    with pytest.raises(IllegalMove):
        go(track, hostile)
