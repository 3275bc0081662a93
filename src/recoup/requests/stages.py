"""The seven stages of a case, with parallel tracks and loops, and the durations they leave behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from recoup.requests.machine import IllegalMove

ENTRIES_MAX = 10_000


class Stage(IntEnum):
    """Numbered as a case runs; a track may go back to an earlier one (loop) and several may be open at once."""

    INTAKE = 0
    INVESTIGATION = 1
    RESTRAINT = 2
    REQUEST = 3
    FOREIGN_RESTRAINT = 4
    CONFISCATION = 5
    FOREIGN_ENFORCEMENT = 6
    RETURN = 7


# What must be true to leave a stage for a later one, and the guard that says so.
EXITS: dict[Stage, tuple[str, str]] = {
    Stage.INTAKE: ("OPEN", "the case is opened or referred"),
    Stage.INVESTIGATION: ("K03", "offence and nexus are documented for each asset"),
    Stage.RESTRAINT: ("ORDER", "a sealed order is in force"),
    Stage.REQUEST: ("F", "mandatory contents are complete and the channel is valid"),
    Stage.FOREIGN_RESTRAINT: ("HOLD", "the property is frozen abroad"),
    Stage.CONFISCATION: ("K01", "the order is final and enforceable, with proof of notice"),
    Stage.FOREIGN_ENFORCEMENT: ("NET", "net proceeds are determined"),
    Stage.RETURN: ("K14", "everything is accounted for and no claim is open"),
}
# Stages to which a track may go straight: non-conviction proceedings skip trial, a home track skips what is abroad.
_SKIPS: dict[Stage, frozenset[Stage]] = {
    Stage.INTAKE: frozenset({Stage.RESTRAINT}),
    Stage.RESTRAINT: frozenset({Stage.CONFISCATION}),
    Stage.CONFISCATION: frozenset({Stage.RETURN}),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A stage that a track was in. `left` None: still in it. `why` says what the move rested on."""

    stage: Stage
    entered: date
    left: date | None = None
    why: str = ""

    @property
    def days(self) -> int | None:
        return None if self.left is None else (self.left - self.entered).days


@dataclass(frozen=True, slots=True)
class CaseTrack:
    """One track of a case (an asset abroad, the non-conviction proceedings, the civil claim) through the stages."""

    name: str
    entries: tuple[Entry, ...]

    @classmethod
    def opened(cls, name: str, on: date) -> CaseTrack:
        return cls(name, (Entry(Stage.INTAKE, on),))

    @property
    def stage(self) -> Stage:
        return self.entries[-1].stage

    @property
    def closed(self) -> bool:
        return self.entries[-1].left is not None

    def advance(self, to: Stage, on: date, *, exit_met: bool | None, why: str) -> CaseTrack:
        """On to the next stage (or one that may be skipped to); IllegalMove with the exit guard unless it is met."""
        self._check(on, why)
        if to != self.stage + 1 and to not in _SKIPS.get(self.stage, frozenset()):
            raise IllegalMove("MOVE", f"{self.name} cannot go from {self.stage.name} to {to.name}")
        guard, says = EXITS[self.stage]
        if exit_met is not True:
            raise IllegalMove(guard, f"{self.name} stays in {self.stage.name}: not shown that {says}")
        return self._moved(to, on, why)

    def loop(self, to: Stage, on: date, why: str) -> CaseTrack:
        """Back to an earlier or the same stage: a refusal to cure, a renewal, an asset that moved on."""
        self._check(on, why)
        if to > self.stage:
            raise IllegalMove("MOVE", f"{self.name}: a loop leads back, not from {self.stage.name} to {to.name}")
        return self._moved(to, on, why)

    def close(self, on: date, *, exit_met: bool | None, why: str) -> CaseTrack:
        """The end of a track, from the last stage and only when its exit guard is met."""
        self._check(on, why)
        if self.stage is not Stage.RETURN:
            raise IllegalMove("MOVE", f"{self.name} is in {self.stage.name}, not in RETURN")
        if exit_met is not True:
            raise IllegalMove("K14", f"{self.name} stays open: not shown that {EXITS[Stage.RETURN][1]}")
        return replace(self, entries=(*self.entries[:-1], replace(self.entries[-1], left=on, why=why)))

    def _check(self, on: date, why: str) -> None:
        if self.closed:
            raise IllegalMove("MOVE", f"{self.name} is closed")
        if not why.strip():
            raise IllegalMove("MOVE", f"{self.name}: a move says what it rests on")
        if on < self.entries[-1].entered:
            raise IllegalMove("TIME", f"{self.name}: {on} is before {self.entries[-1].entered}")
        if len(self.entries) >= ENTRIES_MAX:
            raise IllegalMove("LIMIT", f"{self.name}: more than {ENTRIES_MAX} entries")

    def _moved(self, to: Stage, on: date, why: str) -> CaseTrack:
        left = replace(self.entries[-1], left=on, why=why)
        return replace(self, entries=(*self.entries[:-1], left, Entry(to, on)))
