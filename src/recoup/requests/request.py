"""Requests by version, answers, and what follows an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from recoup.ground import Instant
from recoup.requests.machine import IllegalMove
from recoup.requests.states import REQUEST

VERSIONS_MAX = 100


class Outcome(StrEnum):
    GRANTED = "granted"
    PARTIAL = "partial"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    POSTPONED = "postponed"
    SUPPLEMENT = "supplement"


class Next(StrEnum):
    """What follows an answer."""

    EXECUTE = "execute"
    ACCEPT_CONDITIONS = "accept-conditions"
    SUPPLEMENT = "supplement"
    CURE = "cure"
    REPLEAD = "replead"
    OTHER_ROUTE = "other-route"
    COORDINATE = "coordinate"
    REVIEW = "policy-review"


@dataclass(frozen=True, slots=True)
class Request:
    """One version of a request under one instrument. `fields` are content codes F with their text."""

    id: str
    version: int
    instrument: str
    route: str
    addressee: str
    assets: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    annex: tuple[str, ...] = ()
    cures: str = ""
    supersedes: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.version <= VERSIONS_MAX:
            raise ValueError(f"version {self.version} is not from 1 to {VERSIONS_MAX}")
        if not self.assets:
            raise ValueError("a request names at least one asset")

    @property
    def key(self) -> str:
        return f"{self.id}/v{self.version}"

    def missing(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Content codes that are wanted and have no text here."""
        written = {code for code, text in self.fields if text.strip()}
        return tuple(code for code in wanted if code not in written)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back on one version: grounds G, conditions in words, and what is asked for (content codes F)."""

    request: str
    outcome: Outcome
    at: Instant
    grounds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.outcome is Outcome.REFUSED and not self.grounds:
            raise ValueError("a refusal names its grounds; ask for them (consultation) before it is recorded")
        if self.outcome is Outcome.CONDITIONAL and not self.conditions:
            raise ValueError("a conditional answer names its conditions")


# Ground -> what follows, the hardest first: a refusal on several grounds follows the hardest of them.
_FOLLOWS: tuple[tuple[frozenset[str], Next], ...] = (
    (frozenset({"G03", "G04", "G05", "G14", "G15"}), Next.REVIEW),
    (frozenset({"G02", "G06", "G09", "G10", "G11", "G12", "G16", "G18", "G19", "G22", "G23"}), Next.OTHER_ROUTE),
    (frozenset({"G01"}), Next.REPLEAD),
    (frozenset({"G20"}), Next.COORDINATE),
    (frozenset({"G07", "G08", "G13", "G17", "G21"}), Next.CURE),
)


def follows(answer: Answer) -> Next:
    """The loop that an answer opens: cure and resend, replead the conduct, another route, coordinate, or policy review.

    A ground that nobody knows goes to policy review.
    """
    plain = {
        Outcome.GRANTED: Next.EXECUTE, Outcome.PARTIAL: Next.EXECUTE, Outcome.CONDITIONAL: Next.ACCEPT_CONDITIONS,
        Outcome.SUPPLEMENT: Next.SUPPLEMENT, Outcome.POSTPONED: Next.COORDINATE,
    }  # fmt: skip
    if answer.outcome in plain:
        return plain[answer.outcome]
    known = frozenset().union(*(grounds for grounds, _ in _FOLLOWS))
    if not set(answer.grounds) <= known:
        return Next.REVIEW
    return next(move for grounds, move in _FOLLOWS if grounds & set(answer.grounds))


def cured(old: Request, state: str, cures: str, fields: Sequence[tuple[str, str]]) -> Request:
    """The next version of a refused request: new fields go over the old ones, and it says what it cures."""
    if state != "refused":
        raise IllegalMove("CURE", f"{old.key} is {state}; only a refused request has a cure")
    if not cures.strip():
        raise IllegalMove("CURE", f"{old.key}: a new version says what it cures")
    merged = {**dict(old.fields), **dict(fields)}
    return replace(old, version=old.version + 1, fields=tuple(sorted(merged.items())), cures=cures, supersedes=old.key)


def superseded(old: Request, state: str, instrument: str, route: str, addressee: str) -> Request:
    """A first version under another instrument in the place of one that was refused or proved impossible."""
    if "superseded" not in {arrow.to for arrow in REQUEST.arrows.get(state, ())}:
        raise IllegalMove("MOVE", f"{old.key} is {state}; only a refused or impossible request is superseded")
    if instrument == old.instrument and route == old.route:
        raise IllegalMove("MOVE", f"{old.key}: the same route is cured, not superseded")
    name = f"{old.id}+{instrument}"
    return Request(name, 1, instrument, route, addressee, old.assets, old.fields, old.annex, supersedes=old.key)
