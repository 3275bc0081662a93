"""Parties and what they hold in entities, as registers state it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


class Interest(StrEnum):
    """What an interest gives; registers' codes map to these."""

    SHARES = "shares"
    VOTES = "votes"
    PROFIT = "profit"
    BOARD = "board"  # right to appoint or remove the majority of the board
    CONTROL = "control"  # control by rules, articles or law
    INFLUENCE = "influence"  # other influence or control
    ROLE = "role"  # settlor, trustee, protector, beneficiary of an arrangement
    NOMINEE = "nominee"
    NOMINATOR = "nominator"
    MANAGER = "manager"  # senior managing official: a fallback, never an owner
    UNKNOWN = "unknown"


OWNERSHIP = (Interest.SHARES, Interest.VOTES, Interest.PROFIT)


class Nature(StrEnum):
    PERSON = "person"
    ENTITY = "entity"
    ARRANGEMENT = "arrangement"
    STATE = "state"
    UNKNOWN = "unknown"  # a party that the register does not name


@dataclass(frozen=True, slots=True)
class Party:
    """A person, entity, arrangement or state with the id its register gives it."""

    id: str
    name: str
    nature: Nature


@dataclass(frozen=True, slots=True)
class Band:
    """A share between `low` and `high` of the whole; `low_open`, `high_open`: the bound itself is not reached."""

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if not ZERO <= self.low <= self.high <= ONE:
            raise ValueError(f"a share lies between 0 and 1, its low bound below its high one: {self.low}, {self.high}")

    def within(self, margin: Fraction) -> Band:
        """The band with its open bounds moved inwards by a margin smaller than any stated difference."""
        low = self.low + margin if self.low_open else self.low
        high = self.high - margin if self.high_open else self.high
        return Band(low, high) if low <= high else Band(self.low, self.low)


WHOLE = Band(ZERO, ONE)


@dataclass(frozen=True, slots=True)
class Holding:
    """`holder` has an interest of a kind in `subject`, as `statement` says. Holder empty: the register names nobody,
    and `reason` says why. `band` counts for ownership interests only."""

    statement: str
    holder: str
    subject: str
    interest: Interest
    band: Band = WHOLE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the register that a reader of the result must know."""

    code: str
    statements: tuple[str, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """What registers say at one date. `findings` come from reading."""

    parties: Mapping[str, Party]
    holdings: tuple[Holding, ...]
    findings: tuple[Finding, ...] = ()

    def name(self, party: str) -> str:
        return self.parties[party].name if party in self.parties else ""

    def nature(self, party: str) -> Nature:
        return self.parties[party].nature if party in self.parties else Nature.UNKNOWN
