"""Restitution: who gets what, paid, and provable to every victim.

In: claims, a plan, a fund's money. Out: awards, reserves, receipts, ledger entries, payment files.
Always true: amounts are exact integers; every unit of a pool is an award, a cost, a reserve or a surplus; no award is
negative or above the loss; the same problem gives the same bytes in any order of its claims.
"""

from recoup.restitution.sharing.answer import answer_json
from recoup.restitution.sharing.catalogue import ALIASES, NAMES, UnknownRule, rule_named
from recoup.restitution.sharing.kernel import Fill, Rounding, Terms, waterfill
from recoup.restitution.sharing.model import Allocation, Claims, Step
from recoup.restitution.sharing.problem import Problem, read_problem, solve
from recoup.restitution.sharing.shapes import Shared

__all__ = [
    "ALIASES",
    "NAMES",
    "Allocation",
    "Claims",
    "Fill",
    "Problem",
    "Rounding",
    "Shared",
    "Step",
    "Terms",
    "UnknownRule",
    "answer_json",
    "read_problem",
    "rule_named",
    "solve",
    "waterfill",
]
