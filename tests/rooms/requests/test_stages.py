"""The seven stages, and disputes between States."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.requests import IllegalMove
from recoup.requests.disputes import CRITERIA, Dispute, Kind, Phase, Position, preserve_only
from recoup.requests.durations import durations, percentile
from recoup.requests.stages import EXITS, CaseTrack, Stage

DAY = date(2026, 1, 1)


def walk(*stages: Stage) -> CaseTrack:
    track = CaseTrack.opened("account-cy", DAY)
    for number, stage in enumerate(stages, start=1):
        track = track.advance(stage, DAY + timedelta(days=10 * number), exit_met=True, why="order of 3 January")
    return track


def test_the_whole_way() -> None:
    track = walk(*list(Stage)[1:])
    assert track.stage is Stage.RETURN and not track.closed
    end = track.close(date(2026, 6, 1), exit_met=True, why="distribution report")
    assert end.closed and [entry.days for entry in end.entries[:-1]] == [10] * 7


@pytest.mark.parametrize("stage", list(Stage)[:-1])
def test_every_exit_has_its_guard(stage: Stage) -> None:
    track = walk(*list(Stage)[1 : stage + 1])
    for met in (False, None):
        with pytest.raises(IllegalMove) as illegal:
            track.advance(Stage(stage + 1), date(2026, 6, 1), exit_met=met, why="x")
        assert illegal.value.guard == EXITS[stage][0]


def test_the_last_exit_waits_for_every_claim() -> None:
    with pytest.raises(IllegalMove, match="K14"):
        walk(*list(Stage)[1:]).close(date(2026, 6, 1), exit_met=None, why="x")
    with pytest.raises(IllegalMove, match="MOVE"):
        walk(Stage.INVESTIGATION).close(date(2026, 6, 1), exit_met=True, why="x")


def test_tracks_that_skip_and_that_may_not() -> None:
    assert walk(Stage.INVESTIGATION, Stage.RESTRAINT, Stage.CONFISCATION, Stage.RETURN).stage is Stage.RETURN
    assert walk(Stage.RESTRAINT).stage is Stage.RESTRAINT
    with pytest.raises(IllegalMove, match="MOVE"):
        walk(Stage.INVESTIGATION, Stage.RETURN)
    with pytest.raises(IllegalMove, match="MOVE"):
        walk(Stage.CONFISCATION)


def test_a_refusal_loops_back_and_both_passages_count() -> None:
    track = walk(*list(Stage)[1:5]).loop(Stage.REQUEST, DAY + timedelta(days=60), "refused G08, cured")
    again = track.advance(Stage.FOREIGN_RESTRAINT, DAY + timedelta(days=65), exit_met=True, why="version 2")
    assert durations([again], Stage.REQUEST) == (5, 10)
    assert percentile(durations([again], Stage.REQUEST), 50) == 5
    assert percentile(durations([again], Stage.REQUEST), 90) == 10
    with pytest.raises(IllegalMove, match="leads back"):
        again.loop(Stage.RETURN, DAY + timedelta(days=70), "x")


def test_moves_need_a_reason_and_time_runs_on() -> None:
    with pytest.raises(IllegalMove, match="rests on"):
        walk().advance(Stage.INVESTIGATION, DAY, exit_met=True, why=" ")
    with pytest.raises(IllegalMove, match="TIME"):
        walk().loop(Stage.INTAKE, DAY - timedelta(days=1), "x")
    closed = walk(*list(Stage)[1:]).close(date(2026, 6, 1), exit_met=True, why="x")
    with pytest.raises(IllegalMove, match="is closed"):
        closed.loop(Stage.REQUEST, date(2026, 7, 1), "x")


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=40), st.integers(1, 100))
def test_percentile_is_a_value_that_enough_do_not_exceed(values: list[int], percent: int) -> None:
    days = sorted(values)
    found = percentile(days, percent)
    assert found in days
    assert sum(value <= found for value in days) * 100 >= percent * len(days)
    assert percentile([], percent) is None


def test_percentile_refuses_what_is_no_percentage() -> None:
    for percent in (0, 101):
        with pytest.raises(ValueError, match="percentage"):
            percentile([1], percent)


def _dispute() -> Dispute:
    return Dispute("d1", Kind.SAME_ASSET, ("FR", "US"), ("a1",), DAY)


def test_a_dispute_hears_every_state_before_consultation() -> None:
    dispute = _dispute().move(Phase.POSITIONS).stated(Position("FR", CRITERIA[0], "9 000 victims"))
    assert dispute.unheard() == ("US",)
    with pytest.raises(IllegalMove, match=r"HEARD.*US"):
        dispute.move(Phase.CONSULTATION)
    dispute = dispute.stated(Position("US", CRITERIA[5], "first restraint in March")).move(Phase.CONSULTATION)
    with pytest.raises(IllegalMove, match="OUTCOME"):
        dispute.move(Phase.DECIDED)
    assert not dispute.move(Phase.DECIDED, "shares by loss").open
    assert dispute.move(Phase.MEDIATION).move(Phase.DISAGREED, "each goes on at home").phase is Phase.DISAGREED


def test_an_open_dispute_leaves_the_asset_preserved_only() -> None:
    assert preserve_only([_dispute()], "a1") == ("d1",)
    assert preserve_only([_dispute()], "a2") == ()
    ended = _dispute().move(Phase.POSITIONS)
    ended = ended.stated(Position("FR", CRITERIA[0], "x")).stated(Position("US", CRITERIA[0], "y"))
    ended = ended.move(Phase.CONSULTATION).move(Phase.DECIDED, "agreed")
    assert preserve_only([ended], "a1") == ()


def test_terms_and_parties_of_a_dispute() -> None:
    assert _dispute().due == DAY + timedelta(days=14)
    with pytest.raises(IllegalMove, match="PARTY"):
        _dispute().stated(Position("DE", CRITERIA[0], "x"))
    with pytest.raises(IllegalMove, match="MOVE"):
        _dispute().move(Phase.DECIDED, "x")
    with pytest.raises(ValueError, match="at least two"):
        Dispute("d", Kind.SHARE, ("FR", "FR"), (), DAY)
    with pytest.raises(ValueError, match="criteria"):
        Position("FR", "charm", "x")
