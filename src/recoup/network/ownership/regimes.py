"""Rule sets: who is a beneficial owner under which law. Each is named and says its source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recoup.network.ownership.control import RIGHTS
from recoup.network.ownership.model import Interest


@dataclass(frozen=True, slots=True)
class Regime:
    """`threshold` is reached at the value itself where `inclusive`. `indirect`: `multiplied` along chains and added, or
    `attributed` whole through majority stakes. `coexistence`: control and ownership combine (AMLR art. 54)."""

    name: str
    threshold: Fraction
    inclusive: bool
    indirect: Literal["multiplied", "attributed"]
    coexistence: bool
    rights: frozenset[Interest]
    source: str

    def reached(self, share: Fraction) -> bool:
        """Whether a share (open bounds already moved inwards) reaches the threshold."""
        return share >= self.threshold if self.inclusive else share > self.threshold


REGIMES = {
    "eu-amlr": Regime(
        "eu-amlr", Fraction(1, 4), True, "multiplied", True, RIGHTS, "Regulation (EU) 2024/1624, articles 51 to 58"
    ),
    "uk-psc": Regime(
        "uk-psc",
        Fraction(1, 4),
        False,
        "attributed",
        False,
        RIGHTS | {Interest.INFLUENCE},
        "Companies Act 2006, section 790C and schedule 1A",
    ),
    "fatf": Regime(
        "fatf", Fraction(1, 4), False, "multiplied", False, RIGHTS, "FATF Recommendation 24 and its interpretive note"
    ),
}
