"""Counting of time at its edges: every kind of term, days off, changes of summer time, the ends of the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Instant
from recoup.law import calendars
from recoup.law.calendars import SEARCH_DAYS_MAX, Calendar, calendar_of
from recoup.law.clock import Clock, Counting, Term, Unit, clocks
from recoup.law.clocks import ClockState, MayNotPause, pause, read, start
from recoup.law.counting import ends

EU, PLAIN = Counting.EU, Counting.PLAIN


def last_day(event: str, length: int, unit: str, state: str, counting: Counting = EU) -> str:
    """The last day of a term in the place of the authority."""
    calendar = calendar_of(state)
    due = ends(Instant.parse(event).start, Term("t", length, Unit(unit)), counting, calendar)
    return (due - timedelta(microseconds=1)).astimezone(calendar.zone).date().isoformat()


@pytest.mark.parametrize(
    ("event", "length", "unit", "state", "counting", "expected"),
    [
        # article 3(1) second paragraph: the day of the event is left out, so one day from Monday is Tuesday
        ("2026-11-23T12:00:00Z", 1, "cal_d", "DE", EU, "2026-11-24"),
        # article 3(4): one day from Friday ends on Saturday and moves to Monday; plain counting stays on Saturday
        ("2026-11-27T12:00:00Z", 1, "cal_d", "DE", EU, "2026-11-30"),
        ("2026-11-27T12:00:00Z", 1, "cal_d", "DE", PLAIN, "2026-11-28"),
        # article 3(3): days off inside the term count
        ("2026-12-21T12:00:00Z", 9, "cal_d", "DE", EU, "2026-12-30"),
        # article 3(5): two days from Friday 3 April 2026 (Good Friday) hold no working day; Easter Monday is off too
        ("2026-04-03T12:00:00Z", 2, "cal_d", "DE", EU, "2026-04-08"),
        ("2026-04-03T12:00:00Z", 2, "cal_d", "DE", PLAIN, "2026-04-05"),
        # one day has no such floor: it moves to the first working day alone
        ("2026-04-03T12:00:00Z", 1, "cal_d", "DE", EU, "2026-04-07"),
        # two working days lie inside, nothing to add
        ("2026-11-23T12:00:00Z", 2, "cal_d", "DE", EU, "2026-11-25"),
        # working days skip weekend and holidays; Christmas in Germany, two days of it
        ("2026-12-23T12:00:00Z", 1, "work_d", "DE", EU, "2026-12-24"),
        ("2026-12-23T12:00:00Z", 2, "work_d", "DE", EU, "2026-12-28"),
        ("2026-12-23T12:00:00Z", 2, "work_d", "DE", PLAIN, "2026-12-28"),
        # an event on a day off: counting begins on the next day all the same
        ("2026-11-28T12:00:00Z", 1, "work_d", "DE", EU, "2026-11-30"),
        # holidays of one State are working days of another: 15 August in Paris, 14 July not in Berlin
        ("2026-07-13T12:00:00Z", 1, "work_d", "FR", EU, "2026-07-15"),
        ("2026-07-13T12:00:00Z", 1, "work_d", "DE", EU, "2026-07-14"),
        # Orthodox Easter: 13 April 2026 is off in Nicosia and Athens, not in Berlin
        ("2026-04-10T06:00:00Z", 1, "work_d", "CY", EU, "2026-04-14"),
        ("2026-04-10T06:00:00Z", 1, "work_d", "DE", EU, "2026-04-13"),
        # Friday and Saturday are the weekend of Israel: Thursday plus one working day is Sunday
        ("2026-11-26T06:00:00Z", 1, "work_d", "IL", PLAIN, "2026-11-29"),
        # Saturday and Sunday in the Emirates since 2022; Friday and Saturday before
        ("2026-11-19T06:00:00Z", 1, "work_d", "AE", PLAIN, "2026-11-20"),
        # leap day
        ("2028-02-28T12:00:00Z", 1, "cal_d", "DE", PLAIN, "2028-02-29"),
        ("2027-02-28T12:00:00Z", 1, "cal_d", "DE", PLAIN, "2027-03-01"),
    ],
)
def test_the_last_day(event: str, length: int, unit: str, state: str, counting: Counting, expected: str) -> None:
    assert last_day(event, length, unit, state, counting) == expected


@pytest.mark.parametrize(
    ("event", "state", "due"),
    [
        # a day that has 23 hours in Paris ends at 22:00 UTC, the day before it at 23:00
        ("2027-03-26T12:00:00Z", "FR", "2027-03-27T23:00"),
        ("2027-03-27T12:00:00Z", "FR", "2027-03-28T22:00"),
        # a day that has 25 hours
        ("2026-10-23T12:00:00Z", "FR", "2026-10-24T22:00"),
        ("2026-10-24T12:00:00Z", "FR", "2026-10-25T23:00"),
        # the change of New York is another day than that of Paris
        ("2027-03-13T12:00:00Z", "US", "2027-03-15T04:00"),
        # a State without summer time
        ("2027-03-27T12:00:00Z", "MU", "2027-03-28T20:00"),
        # half an hour off the full hour
        ("2027-03-27T12:00:00Z", "IN", "2027-03-28T18:30"),
        # east of the date line: the local day has begun
        ("2027-03-27T12:00:00Z", "MH", "2027-03-29T12:00"),
        ("2027-03-27T11:59:59Z", "MH", "2027-03-28T12:00"),
    ],
)
def test_a_day_ends_at_midnight_where_the_authority_is(event: str, state: str, due: str) -> None:
    found = ends(Instant.parse(event).start, Term("t", 1, Unit.CALENDAR_DAYS), PLAIN, calendar_of(state))
    assert found.strftime("%Y-%m-%dT%H:%M") == due


@pytest.mark.parametrize(
    ("event", "counting", "due"),
    [
        ("2026-11-20T10:00:00Z", EU, "2026-11-20T13:00"),  # a full hour is still left out (3(1) first paragraph)
        ("2026-11-20T10:59:59Z", EU, "2026-11-20T13:00"),
        ("2026-11-20T11:00:00Z", EU, "2026-11-20T14:00"),
        ("2026-11-20T10:59:59Z", PLAIN, "2026-11-20T12:59"),
        ("2026-11-21T23:30:00Z", EU, "2026-11-22T02:00"),  # over midnight into Sunday: hours never move
        ("2027-03-27T23:30:00Z", EU, "2027-03-28T02:00"),  # over the change to summer time
        ("2026-12-31T23:30:00Z", EU, "2027-01-01T02:00"),  # into a public holiday
    ],
)
def test_hours_are_hours(event: str, counting: Counting, due: str) -> None:
    found = ends(Instant.parse(event).start, Term("t", 2, Unit.HOURS), counting, calendar_of("FR"))
    assert found.strftime("%Y-%m-%dT%H:%M") == due


@pytest.mark.parametrize("code", sorted(clocks()))
def test_every_clock_of_the_catalogue_runs_warns_and_breaches(code: str) -> None:
    """Running, then a warning with what to do, then breach with what to do; all met at the end."""
    clock, event = clocks()[code], Instant.parse("2026-11-20T10:20:00Z")
    running = start(clock, event, "FR")
    if not running.deadlines:
        assert code == "C21"
        with pytest.raises(ValueError, match="national law sets it"):
            read(running, event)
        return
    first = running.deadlines[0]
    assert read(running, Instant(first.warn - timedelta(seconds=1))).state is ClockState.RUNNING
    assert read(running, Instant(first.warn)).action == clock.on_warn != ""
    assert read(running, Instant(first.due - timedelta(seconds=1))).state is ClockState.WARN
    assert read(running, Instant(first.due)).action == clock.on_breach != ""
    names = [one.term.name for one in running.deadlines]
    assert read(running, Instant(first.due), met=names).state is ClockState.MET
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", sorted(clocks()))
def test_only_silence_may_be_paused(code: str) -> None:
    """A request for supplements stops no freezing certificate and no hold."""
    running = start(clocks()[code], Instant.parse("2026-11-20T10:20:00Z"), "FR")
    since, until = Instant.parse("2026-11-20T11:00:00Z"), Instant.parse("2026-11-20T12:00:00Z")
    if code == "C20":
        assert pause(running, since, until).paused == timedelta(hours=1)
    else:
        with pytest.raises(MayNotPause, match=code):
            pause(running, since, until)


MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 6, 1), timezones=st.just(UTC)).map(Instant)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_pause_shortens_nothing_and_keeps_the_chain(event: Instant, one: Instant, other: Instant) -> None:
    """Whatever the pause: no term ends earlier, none overlaps the next, each ends after it warns."""
    running = start(clocks()["C20"], event, "FR")
    since, until = sorted([one, other])
    paused = pause(running, since, until)
    for before, after in zip(running.deadlines, paused.deadlines, strict=True):
        assert timedelta() <= after.due - before.due <= until.start - since.start
        assert after.starts < after.due and after.warn <= after.due
    for left, right in zip(paused.deadlines, paused.deadlines[1:], strict=False):
        assert left.due == right.starts


@pytest.mark.parametrize("code", ["C02", "C08", "C09", "C20"])
def test_the_end_of_the_calendar_is_said_in_words(code: str) -> None:
    """An event in the last days of the year 9999 overflowed."""
    with pytest.raises(ValueError, match=f"{code} from .* after the year 9999"):
        start(clocks()[code], Instant.parse("9999-12-31T10:00:00Z"), "FR")


def test_a_state_that_never_works_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken table of holidays ends in words, not in a search without end."""
    monkeypatch.setattr(calendars, "_year_off", lambda state, year: (frozenset(range(7)), frozenset()))
    with pytest.raises(ValueError, match=f"within {SEARCH_DAYS_MAX} days"):
        Calendar("FR", UTC, ()).next_working(date(2026, 1, 1))


@pytest.mark.parametrize(("state", "remarks"), [("FR", 0), ("ZZ", 2), (None, 2), ("MH", 0), ("VU", 0)])
def test_what_is_not_known_of_a_calendar_is_said(state: str | None, remarks: int) -> None:
    assert len(calendar_of(state).remarks) == remarks


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.integers(1, 60),
    st.sampled_from(["CY", "EE", "IL", "AE", "FR", "US", "IE", "ZZ"]),
)
def test_working_days_are_counted_one_by_one(day: date, length: int, state: str) -> None:
    """Between the event and the end lie exactly that many working days, and the last is one of them."""
    calendar = calendar_of(state)
    event = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    last = calendar.local_date(ends(event, Term("t", length, Unit.WORKING_DAYS), EU, calendar) - timedelta(seconds=1))
    first = calendar.local_date(event) + timedelta(days=1)
    assert calendar.works(last) and calendar.working_days_between(first, last) == length


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.integers(2, 100),
    st.sampled_from(["CY", "EE", "FR", "IE", "GB", "ZZ"]),
)
def test_a_term_of_days_is_never_shorter_under_the_regulation(day: date, length: int, state: str) -> None:
    """Regulation 1182/71 only moves an end onward, by a few days, and keeps two working days in it."""
    calendar = calendar_of(state)
    event, term = datetime(day.year, day.month, day.day, 12, tzinfo=UTC), Term("t", length, Unit.CALENDAR_DAYS)
    eu, plain = (ends(event, term, counting, calendar) for counting in (EU, PLAIN))
    assert timedelta() <= eu - plain <= timedelta(days=12, hours=1)
    first = calendar.local_date(event) + timedelta(days=1)
    assert calendar.working_days_between(first, calendar.local_date(eu - timedelta(seconds=1))) >= 2


def _clock(**changes: object) -> Clock:
    return replace(clocks()["C09"], **changes)  # type: ignore[arg-type]


def test_a_day_term_after_hours_begins_with_the_next_day() -> None:
    """A chain of 24 hours, then one day: the day in which the hours ended is left out."""
    chain = _clock(terms=(Term("a", 24, Unit.HOURS), Term("b", 1, Unit.CALENDAR_DAYS)), counting=PLAIN)
    found = start(chain, Instant.parse("2026-11-23T10:00:00Z"), "GB").deadlines
    assert [one.due.isoformat() for one in found] == ["2026-11-24T10:00:00+00:00", "2026-11-26T00:00:00+00:00"]


def test_urgent_is_the_same_where_a_clock_has_no_urgent_terms() -> None:
    event = Instant.parse("2026-11-23T10:00:00Z")
    assert start(clocks()["C09"], event, "FR", urgent=True) == start(clocks()["C09"], event, "FR")
