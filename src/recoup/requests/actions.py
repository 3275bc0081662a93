"""Action days, and the guard against freezing more than was ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from recoup.ground import Verdict
from recoup.requests.machine import IllegalMove

INVENTORY_HOURS_MAX = 24
CHECKS = ("order sealed", "translation", "custodian contact", "wallet for seizure", "confidentiality")


@dataclass(frozen=True, slots=True)
class Part:
    """What one State does: the earliest lawful moment, the window, and the readiness checks that are done."""

    state: str
    assets: tuple[str, ...]
    earliest: datetime
    window: timedelta
    done: frozenset[str]
    not_needed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.earliest.utcoffset() != timedelta() or self.window < timedelta():
            raise ValueError(f"{self.state}: the earliest moment is in UTC, the window not negative")
        strange = sorted((self.done | self.not_needed) - set(CHECKS))
        if strange:
            raise ValueError(f"{self.state}: no check is called {', '.join(strange)}")

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(check for check in CHECKS if check not in self.done | self.not_needed)

    def can_start(self, moment: datetime) -> bool:
        return self.earliest <= moment <= self.earliest + self.window


@dataclass(frozen=True, slots=True)
class ActionDay:
    """A joint action at one moment `t0` (UTC) in several States."""

    t0: datetime
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if self.t0.tzinfo is None or self.t0.utcoffset() != timedelta():
            raise ValueError("T0 is one moment in UTC")
        if not self.parts:
            raise ValueError("an action day has at least one State")

    def ready(self) -> Verdict:
        """Yes when every State has done its checks and may act at T0; otherwise no, with what is in the way."""
        verdicts = []
        for part in self.parts:
            if part.missing:
                verdicts.append(Verdict.no(f"{part.state}: {', '.join(part.missing)}"))
            if not part.can_start(self.t0):
                verdicts.append(
                    Verdict.no(f"{part.state} may act from {part.earliest:%Y-%m-%dT%H:%MZ} for {part.window}")
                )
        return Verdict.all_of(verdicts)

    def inventory_due(self) -> datetime:
        return self.t0 + timedelta(hours=INVENTORY_HOURS_MAX)


def earliest_common(parts: Sequence[Part]) -> datetime:
    """The first moment at which every State may act; IllegalMove where their windows do not meet."""
    if not parts:
        raise ValueError("an action day has at least one State")
    first = max(part.earliest for part in parts)
    if not all(part.can_start(first) for part in parts):
        raise IllegalMove("T0", "the windows of the States do not meet")
    return first.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Frozen:
    """An amount that is frozen in one State for one order, in smallest units of one asset code."""

    state: str
    order: str
    code: str
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"{self.state}: a frozen amount is not negative: {self.amount}")


def over_frozen(holds: Sequence[Frozen], order: str, code: str, ordered: int) -> int:
    """Smallest units frozen beyond what the order allows, over all States (guard K17); 0 when there are none."""
    return max(0, sum(one.amount for one in holds if (one.order, one.code) == (order, code)) - ordered)


def may_freeze(holds: Sequence[Frozen], more: Frozen, ordered: int, coordinated: bool | None) -> None:
    """Raises IllegalMove K17 where the freeze would go beyond the order and is not coordinated to release elsewhere."""
    excess = over_frozen([*holds, more], more.order, more.code, ordered)
    if excess and coordinated is not True:
        raise IllegalMove("K17", f"{more.state} would freeze {excess} more than order {more.order} allows")
