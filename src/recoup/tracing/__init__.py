"""Tracing: where value went, under a declared rule.

In: a ledger, a question (claims, services, links, clusters), parameters. Out: a result per asset, a sensitivity sheet.
Always true: every conserving rule accounts for each unit of each claim; no unit has two colours; no edge of a coin
transaction exists but by a named rule; every stop has a reason; links and clusters are claims with an author.
`docs/reference/tracing-rules.md` defines each rule to the unit.
"""

from recoup.tracing.clusters import co_spend
from recoup.tracing.file import (
    CLAIM_COLUMNS,
    CLUSTER_COLUMNS,
    LINK_COLUMNS,
    SERVICE_COLUMNS,
    read_claims,
    read_clusters,
    read_links,
    read_services,
)
from recoup.tracing.model import (
    RULE_ALIASES,
    Claim,
    ClusterMember,
    FeePolicy,
    Gap,
    Granularity,
    Holding,
    Link,
    LinkKind,
    Move,
    Parameters,
    Question,
    Result,
    Rule,
    Service,
    Shares,
    Step,
    Stop,
)
from recoup.tracing.run import Trace, run_trace
from recoup.tracing.sensitivity import sensitivity
from recoup.tracing.sheet import HELD, Cell, Sheet, Target

__all__ = [
    "CLAIM_COLUMNS",
    "CLUSTER_COLUMNS",
    "HELD",
    "LINK_COLUMNS",
    "RULE_ALIASES",
    "SERVICE_COLUMNS",
    "Cell",
    "Claim",
    "ClusterMember",
    "FeePolicy",
    "Gap",
    "Granularity",
    "Holding",
    "Link",
    "LinkKind",
    "Move",
    "Parameters",
    "Question",
    "Result",
    "Rule",
    "Service",
    "Shares",
    "Sheet",
    "Step",
    "Stop",
    "Target",
    "Trace",
    "co_spend",
    "read_claims",
    "read_clusters",
    "read_links",
    "read_services",
    "run_trace",
    "sensitivity",
]
