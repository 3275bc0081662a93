"""What a statement rests on, and the days on which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recoup.law.codes import (
    VerifyMark,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a statement rests on: a public source, the date it was seen, how it was checked, when to look again."""

    source: str
    as_of: date
    verify: VerifyMark
    review_by: date

    def stale_on(self, day: date) -> bool:
        return day > self.review_by


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `valid_from` to `valid_to`, both included; no `valid_from` means not in force on any day."""

    valid_from: date | None
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        return (
            self.valid_from is not None and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Days:
    """Planning figures: half of the cases are done within `p50`, nine in ten within `p90` (calendar days)."""

    p50: int
    p90: int

    def __post_init__(self) -> None:
        if not 0 < self.p50 <= self.p90:
            raise ValueError(f"P50 {self.p50} and P90 {self.p90} days are not 0 < P50 <= P90")
