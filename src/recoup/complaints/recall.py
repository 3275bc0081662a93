"""Payments so young that the bank or service may still call them back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from recoup.complaints.model import Complaint, Method, Payment
from recoup.ground import Instant, Verdict

RECALL_HOURS = 72


@dataclass(frozen=True, slots=True)
class Recall:
    """A payment and whether it may be younger than RECALL_HOURS; `hours_left` is None where that is not certain."""

    complaint: str
    payment: Payment
    verdict: Verdict
    hours_left: int | None


def recalls(complaints: Iterable[Complaint], as_of: Instant) -> list[Recall]:
    """Payments that are, or may be, inside the recall window at `as_of`, in order of the complaints.

    The window is the 72 hours of the FBI's Financial Fraud Kill Chain (IC3 annual reports): later recalls seldom
    reach the money. Cash and vouchers are left out. A payment without a time, or of a day on the edge, is unknown.
    """
    found = []
    for complaint in complaints:
        for payment in complaint.payments:
            verdict = _young(payment, as_of)
            if verdict.answer != "no":
                found.append(Recall(complaint.id, payment, verdict, _hours_left(payment, as_of)))
    return found


def _young(payment: Payment, as_of: Instant) -> Verdict:
    if payment.method in (Method.CASH, Method.VOUCHER):
        return Verdict.no("cash and vouchers cannot be recalled")
    if payment.paid is None:
        return Verdict.unknown("the complaint gives no time of payment")
    if payment.paid.start > as_of.end:
        return Verdict.unknown(f"paid {payment.paid} is after {as_of}")
    if payment.paid.start >= _opens(as_of.end):
        return Verdict.yes(f"paid {payment.paid}, less than {RECALL_HOURS} hours before {as_of}")
    if payment.paid.end < _opens(as_of.start):
        return Verdict.no(f"paid {payment.paid}, more than {RECALL_HOURS} hours before {as_of}")
    return Verdict.unknown(f"paid {payment.paid}: a day on the edge of the {RECALL_HOURS} hours before {as_of}")


def _opens(moment: datetime) -> datetime:
    """The beginning of the window that ends at `moment`; the calendar starts with the year 1."""
    return moment - min(timedelta(hours=RECALL_HOURS), moment - datetime.min.replace(tzinfo=UTC))


def _hours_left(payment: Payment, as_of: Instant) -> int | None:
    if payment.paid is None or not payment.paid.precise or not as_of.precise or payment.paid > as_of:
        return None
    return max(0, RECALL_HOURS - int((as_of.start - payment.paid.start).total_seconds() // 3600))
