"""What came back on a request, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from recoup.ground import Instant


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
