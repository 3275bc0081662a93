"""Payments inside the 72 hours of recall."""

from __future__ import annotations

import pytest

from recoup.complaints import Complaint, Method, Payment, recalls
from recoup.ground import Instant

AS_OF = "2024-03-10T12:00:00Z"


def found(paid: str | None, as_of: str = AS_OF, method: Method = Method.BANK) -> tuple[str, int | None] | None:
    payment = Payment(paid=Instant.parse(paid) if paid else None, method=method)
    hits = recalls([Complaint("1", payments=(payment,))], Instant.parse(as_of))
    return (hits[0].verdict.answer.value, hits[0].hours_left) if hits else None


@pytest.mark.parametrize(
    ("paid", "expect"),
    [
        ("2024-03-10T11:00:00Z", ("yes", 71)),
        ("2024-03-07T12:00:00Z", ("yes", 0)),
        ("2024-03-07T11:59:59Z", None),
        ("2024-03-07", ("unknown", None)),
        ("2024-03-08", ("yes", None)),
        ("2024-03-06", None),
        ("2024-03-11", ("unknown", None)),
        (None, ("unknown", None)),
    ],
)
def test_the_edge_of_the_window(paid: str | None, expect: tuple[str, int | None] | None) -> None:
    assert found(paid) == expect


def test_a_day_as_as_of_is_not_read_as_midnight() -> None:
    assert found("2024-03-07T12:00:00Z", "2024-03-10") == ("unknown", None)
    assert found("2024-03-08T00:00:00Z", "2024-03-10") == ("yes", None)


@pytest.mark.parametrize("method", [Method.CASH, Method.VOUCHER])
def test_cash_and_vouchers_cannot_be_recalled(method: Method) -> None:
    assert found("2024-03-10T11:00:00Z", method=method) is None


def test_the_reason_names_both_times() -> None:
    payment = Payment(paid=Instant.parse("2024-03-10T11:00:00Z"))
    (hit,) = recalls([Complaint("7", payments=(payment,))], Instant.parse(AS_OF))
    assert hit.complaint == "7"
    assert hit.verdict.reasons == ("paid 2024-03-10T11:00:00Z, less than 72 hours before 2024-03-10T12:00:00Z",)
