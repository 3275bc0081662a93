"""Claims: what was lost, by whom, and the life of a claim until it is final.

In: movements with their sources, confirmed links between persons, acts of officers and claimants.
Out: loss figures, beneficiaries, claim histories.
Always true: a missing rate is a defect, never a guess; only confirmed links merge; no claim ends by silence alone.
"""

from recoup.restitution.claims.consolidate import Consolidated, Link, LinkKind, LinkState, consolidate
from recoup.restitution.claims.loss import Figures, Movement, MovementKind, Rate, Rates, Valuation, figures_of

__all__ = [
    "Consolidated",
    "Figures",
    "Link",
    "LinkKind",
    "LinkState",
    "Movement",
    "MovementKind",
    "Rate",
    "Rates",
    "Valuation",
    "consolidate",
    "figures_of",
]
