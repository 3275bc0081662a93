"""State machines whose every step is kept: who, by which authority, on what basis, with what effect on clocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from recoup.ground import Instant

C = TypeVar("C")
Guarding = Callable[[C], str]

STEPS_MAX = 10_000


class IllegalMove(ValueError):
    """A move that the machine or a guard forbids; `guard` is its id (`MOVE` where there is no such arrow)."""

    def __init__(self, guard: str, what: str) -> None:
        self.guard = guard
        super().__init__(f"{guard}: {what}")


@dataclass(frozen=True)
class Arrow(Generic[C]):
    """A move that exists; every guard `(id, check)` must pass. A check returns why not, or an empty text."""

    to: str
    guards: tuple[tuple[str, Guarding[C]], ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One move that was made. `basis` names the law or order; `evidence` the SHA-256 of what shows it."""

    since: str
    to: str
    at: Instant
    actor: str
    authority: str
    basis: str
    evidence: str = ""
    clocks_started: tuple[str, ...] = ()
    clocks_stopped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, text in (("actor", self.actor), ("authority", self.authority), ("basis", self.basis)):
            if not text.strip():
                raise ValueError(f"a step names its {name}")


@dataclass(frozen=True)
class Machine(Generic[C]):
    """States and the arrows between them. `first` is where a track begins."""

    name: str
    first: str
    arrows: Mapping[str, Sequence[Arrow[C]]]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, by first appearance."""
        found = dict.fromkeys([self.first, *self.arrows])
        found.update(dict.fromkeys(arrow.to for arrows in self.arrows.values() for arrow in arrows))
        return tuple(found)

    def arrow(self, since: str, to: str) -> Arrow[C]:
        """The arrow between two states; IllegalMove with guard `MOVE` where there is none."""
        for arrow in self.arrows.get(since, ()):
            if arrow.to == to:
                return arrow
        allowed = ", ".join(arrow.to for arrow in self.arrows.get(since, ())) or "nothing: it is an end"
        raise IllegalMove("MOVE", f"{self.name} cannot go from {since} to {to}; allowed: {allowed}")

    def open_to(self, since: str, circumstances: C) -> Mapping[str, str]:
        """Every state that can follow, with the guard that forbids it now (empty: none)."""
        return {
            arrow.to: next((guard for guard, check in arrow.guards if check(circumstances)), "")
            for arrow in self.arrows.get(since, ())
        }


@dataclass(frozen=True)
class Track(Generic[C]):
    """One thing on its way through a machine, with all its steps."""

    machine: Machine[C]
    id: str
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        return self.steps[-1].to if self.steps else self.machine.first

    @property
    def clocks(self) -> tuple[str, ...]:
        """Clocks that run now, in the order in which they were started."""
        running: list[str] = []
        for step in self.steps:
            running = [code for code in running if code not in step.clocks_stopped]
            running.extend(code for code in step.clocks_started if code not in running)
        return tuple(running)

    def move(
        self, to: str, circumstances: C, *, at: Instant, actor: str, authority: str, basis: str, evidence: str = ""
    ) -> Track[C]:
        """The track one step on. Raises IllegalMove where there is no arrow, a guard forbids it, or time runs back."""
        arrow = self.machine.arrow(self.state, to)
        for guard, check in arrow.guards:
            why_not = check(circumstances)
            if why_not:
                raise IllegalMove(guard, f"{self.machine.name} {self.id} may not go to {to}: {why_not}")
        if self.steps and at < self.steps[-1].at:
            raise IllegalMove("TIME", f"{self.id}: a step at {at} cannot follow one at {self.steps[-1].at}")
        if len(self.steps) >= STEPS_MAX:
            raise IllegalMove("LIMIT", f"{self.id}: more than {STEPS_MAX} steps")
        step = Step(self.state, to, at, actor, authority, basis, evidence, arrow.starts, arrow.stops)
        return replace(self, steps=(*self.steps, step))
