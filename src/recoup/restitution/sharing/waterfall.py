"""Classes in order of priority: costs under their cap, owners, then each class with its own rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from recoup.restitution.sharing.allocate import Rulebook, Way, allocate
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.model import Allocation, Claims, Step


@dataclass(frozen=True, slots=True)
class Costs:
    """What running the fund costs, `due` now and `taken` before, capped at `cap` of all `recoveries` so far."""

    due: int = 0
    taken: int = 0
    recoveries: int = 0
    cap: Fraction = Fraction(1)

    @property
    def payable(self) -> int:
        """min(due, cap * recoveries - taken), floored, never negative."""
        room = self.cap.numerator * self.recoveries // self.cap.denominator - self.taken
        return max(0, min(self.due, room))


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """A class and the rule among its claims; what its claims cannot take falls to the next class."""

    name: str
    book: Rulebook


def cascade(
    classes: tuple[PriorityClass, ...], claims: Claims, member: Column, costs: Costs, amount: int, way: Way
) -> Allocation:
    """Share `amount`: costs first, then `classes` in order; `member` is each claim's position in `classes`.

    In an interim round the units that a class leaves undivided stay in the fund and do not fall to the next class.
    """
    if len(member) and (member.min() < 0 or member.max() >= len(classes)):
        raise ValueError("a claim belongs to no class")
    taken = min(costs.payable, amount)
    steps = [Step("costs", "capped", 0, amount, taken, None, f"due {costs.due}, payable {costs.payable}")]
    left, undivided, level = amount - taken, 0, None
    awards = np.zeros_like(claims.gross)
    for place, each in enumerate(classes):
        index = np.flatnonzero(member == place)
        shared = allocate(each.book, claims.take(index), left, way)
        awards[index] = shared.awards
        steps += [_named(step, each.name) for step in shared.steps]
        left, undivided = shared.surplus, undivided + shared.undivided
        level = shared.level
    assert total(awards) + left + undivided + taken == amount, "money was lost between the classes"
    return Allocation(awards, level, left, undivided, np.zeros_like(awards), tuple(steps))


def _named(step: Step, name: str) -> Step:
    return Step(name, step.rule, step.claims, step.amount, step.paid, step.level, step.note)
