"""The sensitivity sheet's nouns: cells, targets, least and most."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.ground import Asset
from recoup.tracing.model import FeePolicy, Granularity, Rule

HELD = "held"


@dataclass(frozen=True, slots=True)
class Cell:
    """One target under one choice. `kind` is `held`, or the kind of the stop; amounts in smallest units.

    `low` and `high` differ only where the order of entries is not proven. `chosen` marks the declared run.
    """

    target: str
    kind: str
    rule: Rule
    granularity: Granularity
    fee_policy: FeePolicy
    traced: int
    low: int
    high: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Target:
    """One target over all choices that conserve; `reach` is poison's outer bound, None where it was not run."""

    target: str
    kind: str
    minimum: int
    maximum: int
    chosen: int
    reach: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All cells of one asset, targets in the order in which the declared run reports them."""

    asset: Asset
    cells: tuple[Cell, ...]

    def targets(self) -> tuple[Target, ...]:
        """Least, most and chosen per target."""
        by_target: dict[tuple[str, str], list[Cell]] = {}
        for cell in self.cells:
            by_target.setdefault((cell.target, cell.kind), []).append(cell)
        choices = self._choices()
        return tuple(_target(name, kind, cells, choices) for (name, kind), cells in by_target.items())

    def _choices(self) -> int:
        """How many choices that conserve were run; a target without a cell for one of them had nothing there."""
        return len({(c.rule, c.granularity, c.fee_policy) for c in self.cells if c.rule.conserves})


def _target(name: str, kind: str, cells: list[Cell], choices: int) -> Target:
    amounts = [cell for cell in cells if cell.rule.conserves]
    somewhere_nothing = len({(c.rule, c.granularity, c.fee_policy) for c in amounts}) < choices
    return Target(
        name,
        kind,
        minimum=0 if somewhere_nothing else min(cell.low for cell in amounts),
        maximum=max((cell.high for cell in amounts), default=0),
        chosen=next((cell.traced for cell in cells if cell.chosen), 0),
        reach=max((cell.high for cell in cells if not cell.rule.conserves), default=None),
    )
