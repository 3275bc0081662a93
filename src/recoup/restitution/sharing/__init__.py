"""Sharing: one exact kernel, the rules as its parameters, and the shapes of a problem.

In: claims as columns, an amount, a rule. Out: awards, level, surplus, reserve, steps.
Always true: awards + costs + reserve + surplus = amount; no float, no order of claims, no clock decides a unit.
"""

from recoup.restitution.sharing.allocate import Rulebook, Way, allocate
from recoup.restitution.sharing.kernel import Rounding, Terms, fill, waterfill
from recoup.restitution.sharing.model import Allocation, Claims, Step

__all__ = ["Allocation", "Claims", "Rounding", "Rulebook", "Step", "Terms", "Way", "allocate", "fill", "waterfill"]
