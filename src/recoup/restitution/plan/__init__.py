"""Plan: every parameter of a distribution as sealed, versioned data.

In: TOML or JSON. Out: a plan with its seal, the difference of two versions, a history of comments and approvals,
and a comparison of rules on the same claims.
Always true: the seal changes with any change; nobody approves what they drafted; a plan is in force only after its
comment period, with every comment answered and enough approvals.
"""

from recoup.restitution.plan.diff import Change, diff
from recoup.restitution.plan.document import Plan, read_plan
from recoup.restitution.plan.history import Act, History, PlanState, read_history, status
from recoup.restitution.plan.picture import picture
from recoup.restitution.plan.simulate import RULES_COMPARED, Outcome, compared, simulate

__all__ = [
    "RULES_COMPARED",
    "Act",
    "Change",
    "History",
    "Outcome",
    "Plan",
    "PlanState",
    "compared",
    "diff",
    "picture",
    "read_history",
    "read_plan",
    "simulate",
    "status",
]
