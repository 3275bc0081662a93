"""Instants in UTC that know how precisely they are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import total_ordering

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class Instant:
    """A moment (`precise`) or a whole day (not `precise`), in UTC. Ordered by its start.

    `start` is timezone-aware UTC, midnight where not `precise`; anything else raises ValueError.
    Two instants `overlap` when their order is not proven by time alone.
    """

    start: datetime
    precise: bool = True

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or (not self.precise and self.start.time() != time.min):
            raise ValueError(f"{self.start.isoformat()} is not UTC, or a day that does not start at midnight")

    @classmethod
    def parse(cls, text: str) -> Instant:
        """From RFC 3339 text with its offset, or an ISO 8601 date; anything else raises ValueError."""
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            return cls(datetime(day.year, day.month, day.day, tzinfo=UTC), precise=False)
        if not _RFC3339.fullmatch(text):
            raise ValueError(f"time {text[:40]!r} is neither RFC 3339 with an offset nor a date")
        try:
            return cls(datetime.fromisoformat(text.upper()).astimezone(UTC))
        except OverflowError as error:
            raise ValueError(f"time {text!r} falls outside the years 1 to 9999 in UTC") from error

    @classmethod
    def from_unix(cls, seconds: int) -> Instant:
        """From seconds since 1970-01-01T00:00:00Z; out of range raises ValueError."""
        try:
            return cls(datetime.fromtimestamp(seconds, UTC))
        except (OverflowError, OSError) as error:
            raise ValueError(f"unix time {seconds} is out of range") from error

    @property
    def end(self) -> datetime:
        """The last moment this may stand for."""
        return self.start if self.precise else self.start + timedelta(days=1, microseconds=-1)

    def overlaps(self, other: Instant) -> bool:
        """Could both be the same moment?"""
        return self.start <= other.end and other.start <= self.end

    def __lt__(self, other: Instant) -> bool:
        return (self.start, self.precise) < (other.start, other.precise)

    def __str__(self) -> str:
        if not self.precise:
            return self.start.date().isoformat()
        return self.start.replace(tzinfo=None).isoformat() + "Z"
