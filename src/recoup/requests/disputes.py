"""Disputes between States on priority, jurisdiction and allocation: recorded and computed, never decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from recoup.requests.machine import IllegalMove

POSITIONS_DAYS = 14
MEDIATION_DAYS = 30
CRITERIA = (
    "place of most harm", "location of suspects, evidence and assets", "stage of proceedings", "number of victims",
    "ability to return to victims", "date of first restraint", "cost borne", "human-rights risk",
)  # fmt: skip


class Kind(StrEnum):
    PROSECUTION = "who prosecutes"
    PRIORITY = "whose order comes first"
    SAME_ASSET = "two claims on one asset"
    VICTIMS = "allocation between victims of different States"
    SHARE = "share"
    HANDLING = "breach of handling"


class Phase(StrEnum):
    RAISED = "raised"
    POSITIONS = "positions"
    CONSULTATION = "consultation"
    MEDIATION = "mediation"
    DECIDED = "decided"
    DISAGREED = "disagreement recorded"


_NEXT = {
    Phase.RAISED: (Phase.POSITIONS,),
    Phase.POSITIONS: (Phase.CONSULTATION,),
    Phase.CONSULTATION: (Phase.MEDIATION, Phase.DECIDED, Phase.DISAGREED),
    Phase.MEDIATION: (Phase.DECIDED, Phase.DISAGREED),
    Phase.DECIDED: (),
    Phase.DISAGREED: (),
}


@dataclass(frozen=True, slots=True)
class Position:
    """What one State says on one criterion, in its own words."""

    state: str
    criterion: str
    says: str

    def __post_init__(self) -> None:
        if self.criterion not in CRITERIA:
            raise ValueError(f"{self.criterion!r} is not one of the criteria")


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute about assets between States; while it is open these assets are only preserved."""

    id: str
    kind: Kind
    states: tuple[str, ...]
    assets: tuple[str, ...]
    raised: date
    phase: Phase = Phase.RAISED
    positions: tuple[Position, ...] = ()
    outcome: str = ""

    def __post_init__(self) -> None:
        if len(set(self.states)) < 2:
            raise ValueError("a dispute is between at least two States")

    @property
    def open(self) -> bool:
        return self.phase not in (Phase.DECIDED, Phase.DISAGREED)

    @property
    def due(self) -> date | None:
        """When the present phase should be over (policy), counted from the day the dispute was raised."""
        days = {Phase.RAISED: POSITIONS_DAYS, Phase.POSITIONS: POSITIONS_DAYS,
                Phase.MEDIATION: POSITIONS_DAYS + MEDIATION_DAYS}  # fmt: skip
        return self.raised + timedelta(days=days[self.phase]) if self.phase in days else None

    def stated(self, position: Position) -> Dispute:
        """With one more position, of a State that is party to it, while the dispute is open."""
        if not self.open:
            raise IllegalMove("MOVE", f"dispute {self.id} is {self.phase}")
        if position.state not in self.states:
            raise IllegalMove("PARTY", f"{position.state} is not party to {self.id}")
        return replace(self, positions=(*self.positions, position))

    def unheard(self) -> tuple[str, ...]:
        """States that have said nothing yet."""
        heard = {position.state for position in self.positions}
        return tuple(state for state in self.states if state not in heard)

    def move(self, to: Phase, outcome: str = "") -> Dispute:
        """The next phase. Consultation begins when every State was heard; an end records its outcome in words."""
        if to not in _NEXT[self.phase]:
            raise IllegalMove("MOVE", f"dispute {self.id} cannot go from {self.phase} to {to}")
        if to is Phase.CONSULTATION and self.unheard():
            raise IllegalMove("HEARD", f"not heard: {', '.join(self.unheard())}")
        if to in (Phase.DECIDED, Phase.DISAGREED) and not outcome.strip():
            raise IllegalMove("OUTCOME", f"dispute {self.id}: the outcome is recorded in words")
        return replace(self, phase=to, outcome=outcome)


def preserve_only(disputes: Sequence[Dispute], asset: str) -> tuple[str, ...]:
    """Ids of open disputes because of which the asset may be kept and nothing else."""
    return tuple(one.id for one in disputes if one.open and asset in one.assets)
