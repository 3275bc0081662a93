"""When a term ends: hours, calendar days, working days; Regulation (EEC, Euratom) No 1182/71."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from recoup.law.calendars import Calendar
from recoup.law.clock import Counting, Term, Unit

_HOUR = timedelta(hours=1)


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
