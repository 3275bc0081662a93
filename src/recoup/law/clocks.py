"""Time limits that run: when each term ends, when to warn, what to do on breach, and which may be paused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from recoup.ground import Instant
from recoup.law.calendars import Calendar, calendar_of
from recoup.law.load import mark_from, read_yaml
from recoup.law.model import Mark

_HOUR = timedelta(hours=1)


class Unit(StrEnum):
    HOURS = "h"
    CALENDAR_DAYS = "cal_d"
    WORKING_DAYS = "work_d"


class Counting(StrEnum):
    """`eu`: Regulation (EEC, Euratom) No 1182/71; `plain`: the day of the event is left out, no last day moves."""

    EU = "eu"
    PLAIN = "plain"


class ClockState(StrEnum):
    RUNNING = "running"
    WARN = "warn"
    BREACH = "breach"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Term:
    """`length` > 0 in its unit."""

    name: str
    length: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Clock:
    """One kind of time limit (C01-C22). Its terms run one after the other; `extended_max` bounds them together."""

    code: str
    title: str
    starts: str
    terms: tuple[Term, ...]
    urgent_terms: tuple[Term, ...]
    extended_max: Term | None
    warn_after: Term | None
    counting: Counting
    pausable: bool
    on_warn: str
    on_breach: str
    mark: Mark

    @property
    def words(self) -> str:
        """`decision 48 h, then execution 48 h`."""
        units = {Unit.HOURS: "h", Unit.CALENDAR_DAYS: "days", Unit.WORKING_DAYS: "working days"}
        return ", then ".join(f"{term.name} {term.length} {units[term.unit]}" for term in self.terms)


@dataclass(frozen=True, slots=True)
class Deadline:
    """End of one term, and when to warn of it; both UTC."""

    term: Term
    starts: datetime
    warn: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that was started for an authority of a State. `remarks`: what was assumed."""

    clock: Clock
    state: str | None
    deadlines: tuple[Deadline, ...]
    remarks: tuple[str, ...]
    paused: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock says at a moment: the term that counts now, and what to do (empty while there is nothing to do)."""

    state: ClockState
    term: str
    due: datetime
    action: str


class MayNotPause(ValueError):
    """The instrument does not let this clock stop."""


@lru_cache(maxsize=1)
def clocks() -> Mapping[str, Clock]:
    """Every clock of the catalogue by code."""
    data = read_yaml(Path(__file__).parent / "clocks.yaml")
    return {code: _clock(code, row, data["sources"]) for code, row in data["clocks"].items()}


def start(clock: Clock, event: Instant, state: str | None, urgent: bool = False) -> Running:
    """The clock from its event, counted where the authority is. A day without an hour starts at its earliest.

    ValueError where it would end after the year 9999.
    """
    calendar = calendar_of(state)
    remarks = [*calendar.remarks]
    if not event.precise:
        remarks.append("the hour of the event is not known: counted from the start of that day")
    terms = clock.urgent_terms if urgent and clock.urgent_terms else clock.terms
    try:
        deadlines = _run(clock, terms, event.start, calendar)
    except OverflowError as error:
        raise ValueError(f"{clock.code} from {event} would end after the year 9999") from error
    return Running(clock, state, tuple(deadlines), tuple(remarks))


def read(running: Running, now: Instant, met: Sequence[str] = ()) -> Reading:
    """The first term that is not met: running, to be warned of, or in breach. All met: the last one."""
    for deadline in running.deadlines:
        if deadline.term.name not in met:
            return _reading(running.clock, deadline, now.start)
    if not running.deadlines:
        raise ValueError(f"{running.clock.code} has no length of its own; national law sets it")
    last = running.deadlines[-1]
    return Reading(ClockState.MET, last.term.name, last.due, "")


def pause(running: Running, since: Instant, until: Instant) -> Running:
    """The clock with the time between left out, where the instrument lets it stop; otherwise MayNotPause.

    A request for supplements stops no freezing certificate and no hold: their terms run on.
    """
    if not running.clock.pausable:
        raise MayNotPause(f"{running.clock.code} {running.clock.title}: the instrument lets nothing stop this clock")
    if until.start < since.start:
        raise ValueError("a pause cannot end before it begins")
    length = until.start - since.start
    moved = [_moved(deadline, since.start, length) for deadline in running.deadlines]
    return replace(running, deadlines=tuple(moved), paused=running.paused + length)


def ends(event: datetime, term: Term, counting: Counting, calendar: Calendar) -> datetime:
    """When a term that an event starts has run out, in UTC.

    Regulation 1182/71: the hour or day of the event is left out (3(1)); a term of days ends with its last hour (3(2));
    holidays count unless the term is in working days (3(3)); a last day that is a day off moves to the next working day
    (3(4), not for hours); a term of two days or more holds at least two working days (3(5)).
    """
    eu = counting is Counting.EU
    if term.unit is Unit.HOURS:
        return (_next_hour(event) if eu else event) + timedelta(hours=term.length)
    first = calendar.local_date(event) + timedelta(days=1)
    if term.unit is Unit.WORKING_DAYS:
        return calendar.end_of(_nth_working(first, term.length, calendar))
    last = first + timedelta(days=term.length - 1)
    return calendar.end_of(_eu_last(first, last, calendar) if eu else last)


def _eu_last(first: date, last: date, calendar: Calendar) -> date:
    whole_days = (last - first).days + 1
    last = calendar.next_working(last)
    if whole_days >= 2:
        while calendar.working_days_between(first, last) < 2:
            last = calendar.next_working(last + timedelta(days=1))
    return last


def _nth_working(first: date, count: int, calendar: Calendar) -> date:
    day = calendar.next_working(first)
    for _ in range(count - 1):
        day = calendar.next_working(day + timedelta(days=1))
    return day


def _next_hour(moment: datetime) -> datetime:
    """The start of the hour after the one in which the moment falls."""
    return moment.replace(minute=0, second=0, microsecond=0) + _HOUR


def _run(clock: Clock, terms: Sequence[Term], event: datetime, calendar: Calendar) -> list[Deadline]:
    found, begins = [], event
    for number, term in enumerate(terms):
        # Within a chain the next term begins where the last one ended, at a full hour or midnight.
        due = ends(begins, term, clock.counting, calendar) if number == 0 else _follow(begins, term, clock, calendar)
        warn = begins + (due - begins) * 3 / 4
        if clock.warn_after and number == 0:
            warn = ends(begins, clock.warn_after, clock.counting, calendar)
        found.append(Deadline(term, begins, warn.astimezone(UTC), due))
        begins = due
    return found


def _follow(begins: datetime, term: Term, clock: Clock, calendar: Calendar) -> datetime:
    """A term that follows another: hours run on at once; days count from the day after the one that ended."""
    if term.unit is Unit.HOURS:
        return begins + timedelta(hours=term.length)
    return ends(begins - timedelta(microseconds=1), term, clock.counting, calendar)


def _moved(deadline: Deadline, since: datetime, length: timedelta) -> Deadline:
    if deadline.due <= since:
        return deadline
    starts = deadline.starts if deadline.starts <= since else deadline.starts + length
    warn = deadline.warn if deadline.warn <= since else deadline.warn + length
    return replace(deadline, starts=starts, warn=warn, due=deadline.due + length)


def _reading(clock: Clock, deadline: Deadline, now: datetime) -> Reading:
    if now >= deadline.due:
        return Reading(ClockState.BREACH, deadline.term.name, deadline.due, clock.on_breach)
    if now >= deadline.warn:
        return Reading(ClockState.WARN, deadline.term.name, deadline.due, clock.on_warn)
    return Reading(ClockState.RUNNING, deadline.term.name, deadline.due, "")


def _clock(code: str, row: Mapping[str, Any], sources: Mapping[str, Any]) -> Clock:
    return Clock(
        code=code,
        title=row["title"],
        starts=row["starts"],
        terms=tuple(map(_term, row["terms"])),
        urgent_terms=tuple(map(_term, row.get("urgent_terms", ()))),
        extended_max=_term({"name": "extended", **row["extended_max"]}) if "extended_max" in row else None,
        warn_after=_term({"name": "warn", **row["warn_after"]}) if "warn_after" in row else None,
        counting=Counting(row["counting"]),
        pausable=row["pausable"],
        on_warn=row["on_warn"],
        on_breach=row["on_breach"],
        mark=mark_from(row, sources),
    )


def _term(row: Mapping[str, Any]) -> Term:
    if type(row["length"]) is not int or row["length"] < 1:
        raise ValueError(f"{row['length']!r} is not a length")
    return Term(row["name"], row["length"], Unit(row["unit"]))
