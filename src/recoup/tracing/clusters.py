"""Clusters: accounts that one party is said to control. A cluster is a claim with a method, never a fact."""

from __future__ import annotations

from collections import Counter

from recoup.ledger import Entry, Ledger, Side
from recoup.tracing.book import identity
from recoup.tracing.model import ClusterMember

CO_SPEND = "co-spend/1"
COINJOIN_EQUAL_OUTPUTS_MIN = 3
COINJOIN_ACCOUNTS_MIN = 3


def co_spend(ledger: Ledger) -> tuple[ClusterMember, ...]:
    """Accounts whose coins one transaction spends are one cluster, named after its first account in the ledger.

    Transactions that look like a CoinJoin (at least 3 equal outputs and 3 paying accounts) join nothing.
    Source: Meiklejohn et al., A Fistful of Bitcoins (IMC 2013), heuristic 1.
    """
    parent: dict[str, str] = {}
    seen: dict[str, int] = {}
    for entry in ledger:
        if entry.ledger in ledger.coin_ledgers and not looks_like_coinjoin(entry):
            payers = [identity(leg.account) for leg in entry.legs if leg.side is Side.OUT]
            for payer in payers:
                _join(parent, seen, payers[0], payer)
    roots = {account: _root(parent, account) for account in parent}
    sizes = Counter(roots.values())
    return tuple(
        ClusterMember(account, f"cluster:{root}", CO_SPEND) for account, root in roots.items() if sizes[root] > 1
    )


def looks_like_coinjoin(entry: Entry) -> bool:
    """At least 3 equal outputs paid from at least 3 accounts."""
    received = [leg.amount for leg in entry.legs if leg.side is Side.IN]
    payers = {leg.account for leg in entry.legs if leg.side is Side.OUT}
    most = max(Counter(received).values(), default=0)
    return most >= COINJOIN_EQUAL_OUTPUTS_MIN and len(payers) >= COINJOIN_ACCOUNTS_MIN


def _root(parent: dict[str, str], account: str) -> str:
    while parent[account] != account:
        parent[account] = parent[parent[account]]
        account = parent[account]
    return account


def _join(parent: dict[str, str], seen: dict[str, int], a: str, b: str) -> None:
    """The account seen first becomes the root, so that a cluster's name does not depend on later transactions."""
    for account in (a, b):
        parent.setdefault(account, account)
        seen.setdefault(account, len(seen))
    first, second = sorted((_root(parent, a), _root(parent, b)), key=seen.__getitem__)
    parent[second] = first
