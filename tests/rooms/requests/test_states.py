"""The machines: every arrow, every guard, and what no circumstance may pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Instant
from recoup.requests import ASSET, ORDER, REQUEST, Circumstances, IllegalMove, Machine, Step, Track

GOOD = Circumstances(
    drafted_by="A. Martin", approved_by="B. Roy", sender_competent=True, in_force=True, translated=True,
    proportionality_noted=True, located=True, order_final=True, order_under_appeal=False, coordinated=True,
    live_elsewhere=False,
    cure="value in words", order_follows=True,
)  # fmt: skip
CONFISCATED = ["traced", "restrained_court", "confiscated_nonfinal"]
MACHINES = [REQUEST, ORDER, ASSET]
DAY = Instant.parse("2026-11-21T10:00:00Z")


def walk(machine: Machine[Circumstances], *states: str, circumstances: Circumstances = GOOD) -> Track[Circumstances]:
    track = Track(machine, "x")
    for state in states:
        track = track.move(state, circumstances, at=DAY, actor="A. Martin", authority="PNF", basis="art. 706-160 CPP")
    return track


def test_a_request_from_draft_to_closed() -> None:
    track = walk(
        REQUEST, "reviewed", "authorised", "translated", "transmitted", "acknowledged", "examining", "supplement",
        "supplemented", "examining", "postponed", "examining", "granted", "executing", "executed", "closed",
    )  # fmt: skip
    assert track.state == "closed" and len(track.steps) == 15
    assert track.steps[3].clocks_started == ("C20",) and track.steps[11].clocks_stopped == ("C20",)
    assert track.clocks == ()


def test_the_clock_of_silence_runs_from_transmission_to_the_answer() -> None:
    sent = ["reviewed", "authorised", "translated", "transmitted"]
    assert walk(REQUEST, *sent).clocks == ("C20",)
    assert walk(REQUEST, *sent, "acknowledged", "examining", "supplement").clocks == ("C20",)
    assert walk(REQUEST, *sent, "acknowledged", "examining", "refused").clocks == ()


def test_an_asset_from_suspicion_to_the_victims() -> None:
    track = walk(
        ASSET, "traced", "suspended_fiu", "frozen_provisional", "restrained_court", "confiscated_nonfinal",
        "confiscated_final", "enforcement_requested", "recognised_abroad", "realised", "returned", "distributed",
        "closed",
    )  # fmt: skip
    assert track.state == "closed"
    assert "C02" in track.steps[1].clocks_started and "C02" in track.steps[2].clocks_stopped


def test_an_order_through_contest_and_appeal() -> None:
    track = walk(ORDER, "granted_ex_parte", "served", "contested", "varied", "appealed", "continued", "final")
    assert track.state == "final" and track.clocks == ()


@pytest.mark.parametrize(
    ("machine", "path", "to", "change", "guard"),
    [
        (REQUEST, [], "reviewed", {"located": False}, "K02"),
        (REQUEST, [], "reviewed", {"located": None}, "K02"),
        (REQUEST, [], "reviewed", {"proportionality_noted": None}, "K07"),
        (REQUEST, [], "reviewed", {"in_force": None}, "K16"),
        (REQUEST, [], "reviewed", {"in_force": False}, "K16"),
        (REQUEST, ["reviewed"], "authorised", {"sender_competent": None}, "K06"),
        (REQUEST, ["reviewed"], "authorised", {"approved_by": "A. Martin"}, "K15"),
        (REQUEST, ["reviewed"], "authorised", {"approved_by": " A. Martin "}, "K15"),
        (REQUEST, ["reviewed"], "authorised", {"approved_by": ""}, "K15"),
        (REQUEST, ["reviewed"], "authorised", {"confiscation": True, "order_under_appeal": True}, "K01"),
        (REQUEST, ["reviewed"], "authorised", {"confiscation": True, "order_final": None}, "K01"),
        (REQUEST, ["reviewed"], "authorised", {"live_elsewhere": True, "coordinated": False}, "K17"),
        (REQUEST, ["reviewed"], "authorised", {"live_elsewhere": None, "coordinated": None}, "K17"),
        (REQUEST, ["reviewed", "authorised"], "translated", {"translated": False}, "K05"),
        (REQUEST, ["reviewed", "authorised", "translated"], "transmitted", {"missing": ("F21",)}, "F"),
        (REQUEST, ["reviewed", "authorised", "translated"], "transmitted", {"withheld": ("fiu-1",)}, "K09"),
        (ORDER, [], "granted_ex_parte", {"proportionality_noted": False}, "K07"),
        (ASSET, ["traced"], "held_voluntary", {"order_follows": None}, "HOLD"),
        (ASSET, ["traced"], "frozen_provisional", {"live_elsewhere": True, "coordinated": None}, "K17"),
        (ASSET, CONFISCATED, "confiscated_final", {"order_final": False}, "K01"),
        (ASSET, CONFISCATED, "confiscated_final", {"order_under_appeal": None}, "K01"),
        (ASSET, ["traced", "restrained_court"], "released", {"approved_by": ""}, "K15"),
    ],
)  # fmt: skip
def test_a_guard_names_itself(
    machine: Machine[Circumstances], path: list[str], to: str, change: dict[str, object], guard: str
) -> None:
    track = walk(machine, *path)
    with pytest.raises(IllegalMove, match=guard) as illegal:
        track.move(to, replace(GOOD, **change), at=DAY, actor="A", authority="B", basis="C")  # type: ignore[arg-type]
    assert illegal.value.guard == guard
    assert machine.open_to(track.state, replace(GOOD, **change))[to] == guard  # type: ignore[arg-type]
    assert machine.open_to(track.state, GOOD)[to] == ""


def test_distribution_waits_for_every_claim() -> None:
    path = ["traced", "restrained_court", "confiscated_nonfinal", "confiscated_final", "realised", "shared"]
    track = walk(ASSET, *path)
    with pytest.raises(IllegalMove, match=r"K14.*claim-7"):
        track.move("distributed", replace(GOOD, open_claims=("claim-7",)), at=DAY, actor="A", authority="B", basis="C")
    assert walk(ASSET, *path, "distributed").state == "distributed"


@pytest.mark.parametrize(
    ("machine", "path", "to"),
    [
        (REQUEST, [], "transmitted"),
        (REQUEST, ["withdrawn"], "draft"),
        (REQUEST, ["reviewed", "authorised"], "transmitted"),
        (ORDER, ["lapsed"], "served"),
        (ASSET, [], "confiscated_final"),
        (ASSET, ["traced", "restrained_court"], "confiscated_final"),
        (ASSET, [], "nowhere"),
    ],
)
def test_where_there_is_no_arrow(machine: Machine[Circumstances], path: list[str], to: str) -> None:
    with pytest.raises(IllegalMove, match="allowed: ") as illegal:
        walk(machine, *path, to)
    assert illegal.value.guard == "MOVE"


def test_a_step_says_who_and_why_and_time_does_not_run_back() -> None:
    with pytest.raises(ValueError, match="names its basis"):
        Step("a", "b", DAY, "A", "B", " ")
    track = walk(REQUEST, "reviewed")
    with pytest.raises(IllegalMove, match="TIME"):
        track.move("draft", GOOD, at=Instant.parse("2026-11-20T10:00:00Z"), actor="A", authority="B", basis="C")


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_is_reached_and_every_arrow_leads_to_a_state(machine: Machine[Circumstances]) -> None:
    reached, frontier = {machine.first}, [machine.first]
    while frontier:
        for arrow in machine.arrows[frontier.pop()]:
            if arrow.to not in reached:
                reached.add(arrow.to)
                frontier.append(arrow.to)
    assert reached == set(machine.states) == set(machine.arrows)


NOTHING = Circumstances()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sampled_from(MACHINES), st.data())
def test_what_is_not_known_passes_no_guard(machine: Machine[Circumstances], data: st.DataObject) -> None:
    """Where nothing is known only arrows without guards, or with guards on what would be listed, are open."""
    state = data.draw(st.sampled_from(machine.states))
    lists_only = {"F", "K09", "K14"}  # they ask for something that is listed, and nothing is
    for arrow in machine.arrows[state]:
        asks = {guard for guard, _ in arrow.guards} - lists_only
        if asks - {"K01"}:
            assert machine.open_to(state, NOTHING)[arrow.to] != ""


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(MACHINES), st.lists(st.integers(0, 9), max_size=25))
def test_steps_form_a_chain(machine: Machine[Circumstances], choices: list[int]) -> None:
    track = Track(machine, "x")
    for choice in choices:
        arrows = machine.arrows[track.state]
        if not arrows:
            break
        to = arrows[choice % len(arrows)].to
        track = track.move(to, GOOD, at=DAY, actor="A", authority="B", basis="C")
    assert all(before.to == after.since for before, after in zip(track.steps, track.steps[1:], strict=False))
    assert track.state == (track.steps[-1].to if track.steps else machine.first)
