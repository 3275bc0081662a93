"""Ownership: who stands behind an entity, under which law, and how surely.

In: what registers state at one date. Out: persons with exact bounds of their share, control, chains of statements.
Always true: shares are fractions; nothing is rounded or averaged; undeclared shares widen the upper bound of every
person; a cycle ends; contradictions are findings.
"""

from recoup.network.ownership.assess import Assessment, assessed
from recoup.network.ownership.bounds import bounds, declared_high
from recoup.network.ownership.control import controlled_by
from recoup.network.ownership.graph import Graph, graph_above
from recoup.network.ownership.model import Band, Finding, Holding, Interest, Nature, Party, Register
from recoup.network.ownership.owners import Manager, Owner, Ownership, owners_of
from recoup.network.ownership.regimes import REGIMES, Regime

__all__ = [
    "REGIMES",
    "Assessment",
    "Band",
    "Finding",
    "Graph",
    "Holding",
    "Interest",
    "Manager",
    "Nature",
    "Owner",
    "Ownership",
    "Party",
    "Regime",
    "Register",
    "assessed",
    "bounds",
    "controlled_by",
    "declared_high",
    "graph_above",
    "owners_of",
]
