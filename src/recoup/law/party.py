"""One row of a table of parties: a State, its status, its days, and what the row rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.ground import Answer
from recoup.law.codes import VerifyMark

REVIEW_DAYS = 365  # clock C22 for tables of parties


class Status(StrEnum):
    BOUND = "bound"
    BY_EXTENSION = "by_extension"
    RATIFIED = "ratified"
    SIGNATORY = "signatory"
    NOT_BOUND = "not_bound"
    UNKNOWN = "unknown"


BINDS = frozenset({Status.BOUND, Status.BY_EXTENSION, Status.RATIFIED})


@dataclass(frozen=True, slots=True)
class Participation:
    """One row: `jurisdiction` (ISO 3166 alpha-2) in a table; `partner` for bilateral treaties. Recalled rows have a
    confidence; `as_of` None means that the page bore no date."""

    jurisdiction: str
    status: Status
    source: str
    as_of: date | None
    verify: VerifyMark
    partner: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: str = ""
    note: str = ""

    def stale_on(self, day: date) -> bool:
        return self.as_of is None or (day - self.as_of).days > REVIEW_DAYS

    @property
    def doubtful(self) -> bool:
        return self.verify is VerifyMark.MEMORY and self.confidence == "low"

    @property
    def rank(self) -> tuple[int, int]:
        """Checked rows first, then recalled ones by confidence; the later one first, undated ones last."""
        strength = {"": 0, "high": 1, "medium": 2, "low": 3}[self.confidence]
        return (strength, 0 if self.as_of is None else -self.as_of.toordinal())

    def answer_on(self, day: date) -> Answer:
        if self.status is Status.UNKNOWN or self.doubtful:
            return Answer.UNKNOWN
        if self.status is Status.SIGNATORY:
            return Answer.UNKNOWN if self.stale_on(day) else Answer.NO
        begun = self.valid_from is None or self.valid_from <= day
        running = self.valid_to is None or day <= self.valid_to
        return Answer.YES if self.status in BINDS and begun and running else Answer.NO
