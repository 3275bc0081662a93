"""Fund: the money of one case as append-only double entry, with the duties of its people kept apart.

In: operations by named persons in named roles. Out: entries chained by hash, balances, findings, exports.
Always true: every entry adds up to zero; the eleven invariants of docs/reference/fund-ledger.md hold after every
operation, or the operation leaves no trace; nobody does alone what needs two.
"""

from recoup.restitution.fund.books import Books, Terms
from recoup.restitution.fund.check import Broken, audit
from recoup.restitution.fund.export import beancount, entries_csv
from recoup.restitution.fund.model import AccountKind, Actor, AttemptState, Entry, Operation, Posting
from recoup.restitution.fund.roles import Forbidden, Role, Roles

__all__ = [
    "AccountKind",
    "Actor",
    "AttemptState",
    "Books",
    "Broken",
    "Entry",
    "Forbidden",
    "Operation",
    "Posting",
    "Role",
    "Roles",
    "Terms",
    "audit",
    "beancount",
    "entries_csv",
]
