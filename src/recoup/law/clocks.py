"""Time limits that run: when each term ends, when to warn, what to do on breach, and which may be paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from recoup.ground import Instant
from recoup.law.calendars import Calendar, calendar_of
from recoup.law.clock import Clock, Term, Unit
from recoup.law.counting import ends


class ClockState(StrEnum):
    RUNNING = "running"
    WARN = "warn"
    BREACH = "breach"
    MET = "met"


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
