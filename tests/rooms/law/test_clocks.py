"""Time limits: hours, calendar days, working days, holidays, Regulation 1182/71, pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Instant
from recoup.law.calendars import calendar_of
from recoup.law.clock import Clock, Counting, Term, Unit, clocks
from recoup.law.clocks import ClockState, MayNotPause, pause, read, start
from recoup.law.counting import ends
from recoup.law.load import built_in


def at(text: str) -> Instant:
    return Instant.parse(text)


def dues(code: str, event: str, state: str | None, urgent: bool = False) -> list[str]:
    return [one.due.strftime("%Y-%m-%dT%H:%MZ") for one in start(clocks()[code], at(event), state, urgent).deadlines]


@pytest.mark.parametrize(
    ("code", "event", "state", "expected"),
    [
        # 48 h + 48 h from the hour after receipt (12:20 in Nicosia): 3(1) and 3(2)(a) of Regulation 1182/71
        ("C08", "2026-11-20T10:20:00Z", "CY", ["2026-11-22T11:00Z", "2026-11-24T11:00Z"]),
        ("C08", "2026-11-20T10:00:00Z", "CY", ["2026-11-22T11:00Z", "2026-11-24T11:00Z"]),
        # across the change to summer time in Paris, hours are hours
        ("C08", "2027-03-27T10:20:00Z", "FR", ["2027-03-29T11:00Z", "2027-03-31T11:00Z"]),
        # 45 days end on 5 January; from one day later they would end on Epiphany, a holiday in Cyprus, and move on
        ("C09", "2026-11-21T08:00:00Z", "CY", ["2027-01-05T22:00Z"]),
        ("C09", "2026-11-22T08:00:00Z", "CY", ["2027-01-07T22:00Z"]),
        # 10 working days over Christmas in Estonia, ending at midnight in Tallinn
        ("C02", "2026-12-18T09:00:00Z", "EE", ["2027-01-06T22:00Z"]),
        ("C03", "2026-12-18T09:00:00Z", "EE", ["2026-12-29T22:00Z"]),
        # 30 + 90 days; the second term ends on a Sunday and moves to Monday
        ("C12", "2026-11-21T09:00:00Z", "FR", ["2026-12-21T23:00Z", "2027-03-22T23:00Z"]),
        # wall-clock hours of no EU act start at the event itself
        ("C01", "2026-11-20T10:20:00Z", "US", ["2026-11-23T10:20Z"]),
        ("C11", "2026-11-20T10:20:00Z", "BG", ["2026-11-24T10:20Z"]),
        # the week of Israel: Friday and Saturday off
        ("C19", "2026-11-21T08:00:00Z", "IL", ["2026-12-05T22:00Z"]),
    ],
)
def test_deadlines(code: str, event: str, state: str, expected: list[str]) -> None:
    assert dues(code, event, state) == expected


def test_urgent_terms_take_the_place_of_the_others() -> None:
    assert dues("C14", "2026-11-20T10:20:00Z", "IE", urgent=True) == ["2026-11-20T19:00Z"]


def test_ten_days_of_a_production_order() -> None:
    assert dues("C14", "2026-11-20T10:20:00Z", "IE") == ["2026-12-01T00:00Z"]


def test_a_day_in_the_place_of_the_authority_decides() -> None:
    """22:30 UTC on Monday is Tuesday in Tallinn: the day left out is Tuesday."""
    clock = clocks()["C18"]
    early, late = (start(clock, at(f"2026-11-23T{hour}:30:00Z"), "EE").deadlines[0].due for hour in ("21", "22"))
    assert late - early == timedelta(days=1)


def test_two_working_days_at_least() -> None:
    """Article 3(5): three days from Thursday before Easter hold no two working days, so the term runs on."""
    calendar, event = calendar_of("DE"), datetime(2027, 3, 25, 9, tzinfo=UTC)
    term = Term("answer", 3, Unit.CALENDAR_DAYS)
    assert calendar.local_date(ends(event, term, Counting.EU, calendar) - timedelta(seconds=1)) == date(2027, 3, 31)
    assert calendar.local_date(ends(event, term, Counting.PLAIN, calendar) - timedelta(seconds=1)) == date(2027, 3, 28)
    one = Term("answer", 1, Unit.CALENDAR_DAYS)
    assert calendar.local_date(ends(event, one, Counting.EU, calendar) - timedelta(seconds=1)) == date(2027, 3, 30)


def test_warn_then_breach_with_what_to_do() -> None:
    running = start(clocks()["C08"], at("2026-11-20T10:20:00Z"), "CY")
    assert read(running, at("2026-11-21T22:00:00Z")).state is ClockState.RUNNING
    warned = read(running, at("2026-11-21T23:00:00Z"))
    assert (warned.state, warned.term, warned.action) == (ClockState.WARN, "decision", "call the executing authority")
    breach = read(running, at("2026-11-22T11:00:00Z"))
    assert breach.state is ClockState.BREACH and "reasons of delay" in breach.action
    assert read(running, at("2026-11-22T11:00:00Z"), met=["decision"]).state is ClockState.RUNNING
    done = read(running, at("2027-01-01"), met=["decision", "execution"])
    assert (done.state, done.action) == (ClockState.MET, "")


def test_just_before_the_end_there_is_no_breach() -> None:
    running = start(clocks()["C08"], at("2026-11-20T10:20:00Z"), "CY")
    assert read(running, at("2026-11-22T10:59:59Z")).state is ClockState.WARN


def test_preservation_warns_at_day_45() -> None:
    running = start(clocks()["C15"], at("2026-11-20T10:20:00Z"), "IE")
    assert running.deadlines[0].warn == datetime(2027, 1, 5, tzinfo=UTC)
    assert running.deadlines[0].due == datetime(2027, 1, 20, tzinfo=UTC)
    assert running.clock.extended_max is not None and running.clock.extended_max.length == 90


def test_supplements_stop_no_freeze() -> None:
    running = start(clocks()["C08"], at("2026-11-20T10:20:00Z"), "CY")
    with pytest.raises(MayNotPause, match="C08"):
        pause(running, at("2026-11-20T12:00:00Z"), at("2026-11-21T12:00:00Z"))


def test_a_pause_moves_what_is_still_to_come() -> None:
    running = start(clocks()["C20"], at("2026-11-01T00:00:00Z"), "MU")
    since, until = at("2026-11-20T00:00:00Z"), at("2026-11-25T00:00:00Z")
    paused = pause(running, since, until)
    moved = [after.due - before.due for before, after in zip(running.deadlines, paused.deadlines, strict=True)]
    assert moved == [timedelta(), timedelta(days=5), timedelta(days=5)]
    assert paused.paused == timedelta(days=5)
    with pytest.raises(ValueError, match="before it begins"):
        pause(running, until, since)


def test_what_is_assumed_is_said() -> None:
    assert start(clocks()["C02"], at("2026-11-20"), "EE").remarks == (
        "the hour of the event is not known: counted from the start of that day",
    )
    unknown = start(clocks()["C02"], at("2026-11-20T10:00:00Z"), "ZZ").remarks
    assert len(unknown) == 2 and "only weekends" in unknown[1]
    assert "UTC is used" in start(clocks()["C02"], at("2026-11-20T10:00:00Z"), None).remarks[0]


def test_objection_has_no_length_of_its_own() -> None:
    running = start(clocks()["C21"], at("2026-11-20T10:00:00Z"), "CY")
    assert running.deadlines == ()
    with pytest.raises(ValueError, match="national law"):
        read(running, at("2026-11-20T10:00:00Z"))


def test_only_the_silence_clock_may_pause() -> None:
    assert [code for code, clock in clocks().items() if clock.pausable] == ["C20"]


def test_the_eu_clocks_count_by_the_regulation_and_every_code_is_there() -> None:
    assert list(clocks()) == list(built_in().codes.clocks)
    plain = {"C01", "C04", "C05", "C06", "C07", "C11", "C16", "C19", "C20", "C21", "C22"}
    assert {code for code, clock in clocks().items() if clock.counting is Counting.PLAIN} == plain


def test_words() -> None:
    assert clocks()["C08"].words == "decision 48 h, then execution 48 h"
    assert clocks()["C02"].words == "suspension 10 working days"


def _some_clock() -> st.SearchStrategy[Clock]:
    return st.sampled_from([clock for clock in clocks().values() if clock.terms])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    _some_clock(),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["CY", "EE", "IL", "AE", "GB", "US", "ZZ", None]),
)
def test_terms_end_after_they_begin_and_warn_in_between(clock: Clock, event: datetime, state: str | None) -> None:
    running = start(clock, Instant(event), state)
    begins = event
    for deadline in running.deadlines:
        assert begins <= deadline.starts < deadline.warn < deadline.due
        begins = deadline.due
    later = start(clock, Instant(event + timedelta(hours=1)), state)
    assert all(a.due <= b.due for a, b in zip(running.deadlines, later.deadlines, strict=True))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(["CY", "EE", "IL", "AE", "FR", "US"]))
def test_an_eu_term_ends_on_a_working_day(day: date, state: str) -> None:
    calendar = calendar_of(state)
    event = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    last = calendar.local_date(
        ends(event, Term("x", 7, Unit.CALENDAR_DAYS), Counting.EU, calendar) - timedelta(seconds=1)
    )
    assert calendar.works(last)
    assert last >= day + timedelta(days=7)
