"""What a run has found so far, in grains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recoup.tracing.machine import Grains, Machine, merged
from recoup.tracing.model import Gap, Step

SENIOR_CLAIM = "senior-claim"
BELOW_MINIMUM = "below-minimum"
HOP_LIMIT = "hop-limit"
CLAIMED = 0  # flows since the claim, where it enters
SOURCE = "source"  # backward: where value came from

StopKey = tuple[str, str, str]  # account, label, kind


@dataclass(slots=True)
class Sink:
    """Traced value that is not followed further, in grains; `total` counts no value twice."""

    by_colour: Grains = field(default_factory=dict)
    total: int = 0

    def add(self, by_colour: Grains, total: int) -> None:
        """One more arrival."""
        self.by_colour = merged(self.by_colour, by_colour)
        self.total += total


@dataclass(frozen=True, slots=True)
class Carried:
    """What links bring into an asset, by the link's name: grains per colour, and flows since the claim."""

    by_link: Mapping[str, Grains] = field(default_factory=dict)
    hops: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """A finished run, in grains."""

    machine: Machine[Any]
    injected: Grains = field(default_factory=dict)
    stops: dict[StopKey, Sink] = field(default_factory=dict)
    fees: Sink = field(default_factory=Sink)
    left: Sink = field(default_factory=Sink)
    captured: dict[str, Grains] = field(default_factory=dict)  # what links carry away
    captured_hops: dict[str, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    gaps: dict[int, Gap] = field(default_factory=dict)  # history missing, by pot
    shortfalls: list[Gap] = field(default_factory=list)

    def stop(self, key: StopKey, by_colour: Grains, total: int | None = None) -> None:
        """Traced value that is not followed further; `total` where colours overlap."""
        if by_colour:
            self.stops.setdefault(key, Sink()).add(by_colour, sum(by_colour.values()) if total is None else total)


def senior_claim(account: str) -> StopKey:
    """The stop of what an earlier claim on the same value holds."""
    return (account, "already traced to an earlier claim", SENIOR_CLAIM)
