"""Affected persons: notices with lawful delay, objections and claims that block distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from recoup.requests.machine import IllegalMove

DELAY_DAYS_MAX = 180  # policy: a delay is reviewed at least twice a year


class ObjectionKind(StrEnum):
    THIRD_PARTY = "third-party claim"
    APPEAL = "appeal"
    STAY = "stay"
    HARDSHIP = "hardship"


@dataclass(frozen=True, slots=True)
class Notice:
    """Information that an affected person is owed (Regulation 2018/1805 art. 32, Directive 2024/1260 art. 23).

    A delay has a reason and a day of review; the text names the remedy (CJEU C-505/20).
    """

    person: str
    asset: str
    due: date
    remedy: str
    delayed_because: str = ""
    review: date | None = None
    served: date | None = None

    def __post_init__(self) -> None:
        if not self.remedy.strip():
            raise ValueError("a notice names the remedy that the person has")

    def delayed(self, because: str, review: date, on: date) -> Notice:
        """The notice put off for a reason, to be reviewed after at most DELAY_DAYS_MAX days."""
        if not because.strip():
            raise IllegalMove("NOTICE", "a delay of notice has a reason")
        if not 0 < (review - on).days <= DELAY_DAYS_MAX:
            raise IllegalMove("NOTICE", f"a delay is reviewed within {DELAY_DAYS_MAX} days, not on {review}")
        return replace(self, delayed_because=because, review=review)

    def overdue(self, day: date) -> bool:
        """True when it should have been served, or its delay reviewed, before this day."""
        return self.served is None and day > (self.review or self.due)


@dataclass(frozen=True, slots=True)
class Objection:
    """A claim against a hold or order on one asset. `amount` in smallest units, None: all.

    Open until it is decided and the outcome (`upheld`) is known: a decision nobody has read frees nothing.
    """

    id: str
    asset: str
    kind: ObjectionKind
    raised: date
    amount: int | None = None
    decided: date | None = None
    upheld: bool | None = None

    def __post_init__(self) -> None:
        if self.amount is not None and self.amount < 0:
            raise ValueError(f"{self.id}: a claim is not negative: {self.amount}")
        if self.decided is not None and self.decided < self.raised:
            raise ValueError(f"{self.id}: decided on {self.decided}, before it was raised")

    @property
    def open(self) -> bool:
        return self.decided is None or self.upheld is None


def open_claims(objections: Sequence[Objection], asset: str) -> tuple[str, ...]:
    """Ids of objections that block distribution of the asset (guard K14). Hardship alone blocks nothing."""
    return tuple(
        one.id for one in objections if one.asset == asset and one.open and one.kind is not ObjectionKind.HARDSHIP
    )


def distributable(total: int, objections: Sequence[Objection], asset: str) -> int:
    """Smallest units that no open or upheld claim touches; an open claim on all of it leaves nothing."""
    if total < 0:
        raise ValueError(f"nothing below zero can be distributed: {total}")
    left = total
    for one in objections:
        if one.asset == asset and (one.open or one.upheld) and one.kind is not ObjectionKind.HARDSHIP:
            left -= left if one.amount is None else min(one.amount, left)
    return left
