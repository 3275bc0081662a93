"""Facts of the orders: what was made, whether it is final, criminal or civil."""

from __future__ import annotations

from recoup.law.codes import AuthorityType
from recoup.law.facts import Values
from recoup.law.question import Order, Question

_CRIMINAL_SENDERS = frozenset(
    {AuthorityType.PROSECUTOR, AuthorityType.COURT, AuthorityType.POLICE, AuthorityType.CENTRAL, AuthorityType.ARO}
)
_OTHER_SENDERS = frozenset({AuthorityType.REGULATOR, AuthorityType.CIVIL})


def order_facts(question: Question) -> Values:
    leading = question.leading_confiscation
    return {
        "order.freezing": bool(question.freezing_orders) or question.evidence == "restraint-order",
        "order.confiscation": leading is not None or question.evidence == "confiscation-order",
        "order.criminal": _is_criminal(question, question.freezing_orders),
        "order.final": leading.final if leading else None,
        "order.under_appeal": leading.under_appeal if leading else None,
        "order.conviction_based": leading.conviction_based if leading else None,
    }


def enforcement_facts(question: Question) -> Values:
    """`order.criminal` of the order to be enforced, in place of that of the freezing order."""
    return {"order.criminal": _is_criminal(question, question.confiscation_orders)}


def _is_criminal(question: Question, orders: tuple[Order, ...]) -> bool | None:
    if orders:
        return any(order.criminal for order in orders)
    if question.sender in _CRIMINAL_SENDERS:
        return True
    return False if question.sender in _OTHER_SENDERS else None
