"""Use conditions that travel with every datum: speciality, FIU consent, originator control."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from recoup.ground import Answer, Instant, Verdict

ANY = "*"


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent of the source to one use more, with who gave it and the hash of the record."""

    purpose: str
    person: str
    state: str
    given_by: str
    at: Instant
    record: str

    def covers(self, use: Use) -> bool:
        pairs = ((self.purpose, use.purpose), (self.person, use.person), (self.state, use.state))
        return all(allowed in (ANY, wanted) for allowed, wanted in pairs)


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody wants to do with a datum: for which purpose, about whom, in which State."""

    purpose: str
    person: str
    state: str


@dataclass(frozen=True, slots=True)
class UseCondition:
    """What the source allowed (`*`: any). `guard` is K09 for FIU information, K10 otherwise. Past `expiry`: nothing."""

    source: str
    guard: str
    purposes: frozenset[str]
    persons: frozenset[str]
    states: frozenset[str]
    expiry: date | None = None
    consents: tuple[Consent, ...] = ()

    def __post_init__(self) -> None:
        if self.guard not in ("K09", "K10"):
            raise ValueError(f"a use condition is of guard K09 or K10, not {self.guard!r}")

    def allows(self, use: Use, day: date) -> Verdict:
        """Yes only where the condition or a recorded consent covers purpose, person and State.

        Past `expiry` nothing is allowed; a consent counts from the day (UTC) on which it was given.
        """
        if self.expiry is not None and day > self.expiry:
            return Verdict.no(f"{self.guard}: the use that {self.source} allowed ended on {self.expiry}")
        wanted = ((self.purposes, use.purpose), (self.persons, use.person), (self.states, use.state))
        if all(ANY in allowed or value in allowed for allowed, value in wanted):
            return Verdict.yes(f"{self.guard}: {self.source} allowed it")
        for consent in self.consents:
            if consent.covers(use) and consent.at.start.date() <= day:
                return Verdict.yes(f"{self.guard}: {consent.given_by} consented at {consent.at}")
        return Verdict.no(f"{self.guard}: {self.source} did not allow {use.purpose} on {use.person} in {use.state}")

    def with_consent(self, consent: Consent) -> UseCondition:
        return replace(self, consents=(*self.consents, consent))


@dataclass(frozen=True, slots=True)
class Datum:
    """One item of information by the hash of its bytes. `conditions` None: its conditions are not known."""

    id: str
    sha256: str
    conditions: tuple[UseCondition, ...] | None = ()

    def may(self, use: Use, day: date) -> Verdict:
        """Every condition must allow the use; conditions that are not known leave it unknown."""
        if self.conditions is None:
            return Verdict.unknown(f"K10: the conditions on {self.id} are not known")
        return Verdict.all_of(condition.allows(use, day) for condition in self.conditions)


def derived(id: str, sha256: str, origins: Sequence[Datum]) -> Datum:
    """A datum made from others carries all their conditions; one origin that is not known makes it not known."""
    conditions: list[UseCondition] = []
    for origin in origins:
        if origin.conditions is None:
            return Datum(id, sha256, None)
        conditions.extend(one for one in origin.conditions if one not in conditions)
    return Datum(id, sha256, tuple(conditions))


def exported(data: Iterable[Datum], use: Use, day: date) -> tuple[tuple[Datum, ...], tuple[tuple[str, Verdict], ...]]:
    """What may leave for this use, in order, and what stays with its reason. Only yes leaves."""
    leaves, stays = [], []
    for datum in data:
        verdict = datum.may(use, day)
        if verdict.answer is Answer.YES:
            leaves.append(datum)
        else:
            stays.append((datum.id, verdict))
    return tuple(leaves), tuple(stays)
