"""Working days and time zones of States."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from recoup.law.yaml_file import read_yaml

SEARCH_DAYS_MAX = 60  # no State has so many days off in a row
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True)
class Calendar:
    """Days off and time zone of one State. `remarks` says what is not known: then only weekends, or UTC, are used."""

    state: str
    zone: tzinfo
    remarks: tuple[str, ...]

    def works(self, day: date) -> bool:
        """False on the weekend of the State and on its public holidays (`holidays` package)."""
        weekend, off = _year_off(self.state, day.year)
        return day.weekday() not in weekend and day not in off

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, otherwise the first one after it."""
        for ahead in range(SEARCH_DAYS_MAX):
            if self.works(day + timedelta(days=ahead)):
                return day + timedelta(days=ahead)
        raise ValueError(f"no working day of {self.state} within {SEARCH_DAYS_MAX} days of {day}")

    def working_days_between(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, both included."""
        return sum(self.works(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last hour of the day expires: midnight at its end, in UTC."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)


@lru_cache(maxsize=512)
def calendar_of(state: str | None) -> Calendar:
    """The calendar of a State; None, or a State without data, gives weekends and UTC, and says so."""
    names = read_yaml(Path(__file__).parent / "zones.yaml")["zones"]
    remarks = []
    if state is None or state not in names:
        remarks.append(f"time zone of {state or 'the authority'} not known: UTC is used")
    if state is None or state not in _supported():
        remarks.append(f"public holidays of {state or 'the authority'} not known: only weekends are left out")
    zone = ZoneInfo(names[state]) if state in names else UTC
    return Calendar(state or "", zone, tuple(remarks))


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == 2)


@lru_cache(maxsize=4096)
def _year_off(state: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    if state not in _supported():
        return _WEEKEND, frozenset()
    found = holidays.country_holidays(state, years=year)
    return frozenset(found.weekend), frozenset(found)
