"""The recall window in time zones, on days, and at the ends of the calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.complaints import RECALL_HOURS, Complaint, Method, Payment, recalls
from recoup.ground import Instant


def answer(paid: str, as_of: str) -> tuple[str, int | None]:
    hits = recalls([Complaint("1", payments=(Payment(paid=Instant.parse(paid)),))], Instant.parse(as_of))
    return (hits[0].verdict.answer.value, hits[0].hours_left) if hits else ("no", None)


@pytest.mark.parametrize("offset", ["+14:00", "+05:45", "+00:00", "-03:30", "-12:00"])
def test_an_offset_changes_nothing_about_the_moment(offset: str) -> None:
    sign = -1 if offset[0] == "-" else 1
    shift = sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    edge = Instant.parse("2024-03-07T12:00:00Z").start
    written = (edge + shift).replace(tzinfo=None).isoformat() + offset
    before = (edge + shift - timedelta(seconds=1)).replace(tzinfo=None).isoformat() + offset
    assert answer(written, "2024-03-10T12:00:00Z") == ("yes", 0)
    assert answer(before, "2024-03-10T12:00:00Z") == ("no", None)


def test_clocks_that_change_in_between_do_not_lengthen_the_window() -> None:
    assert answer("2024-03-29T12:00:00+01:00", "2024-04-01T13:00:00+02:00") == ("yes", 0)
    assert answer("2024-03-29T11:59:59+01:00", "2024-04-01T13:00:00+02:00") == ("no", None)


@pytest.mark.parametrize(
    ("paid", "as_of", "expect"),
    [
        ("2024-03-07T12:00:00.000001Z", "2024-03-10T12:00:00Z", ("yes", 1)),
        ("2024-03-07T11:59:59.999999Z", "2024-03-10T12:00:00Z", ("no", None)),
        ("2024-03-07", "2024-03-10", ("unknown", None)),
        ("2024-03-06", "2024-03-10", ("no", None)),
        ("2024-03-08", "2024-03-10", ("yes", None)),
        ("2024-03-05", "2024-03-10", ("no", None)),
        ("2024-03-10T13:00:00Z", "2024-03-10", ("yes", None)),
        ("2024-03-11T00:00:00Z", "2024-03-10", ("unknown", None)),
        ("2024-03-10T12:00:00.000001Z", "2024-03-10T12:00:00Z", ("unknown", None)),
        ("2024-02-28T00:00:00Z", "2024-03-02T00:00:00Z", ("yes", 0)),
        ("2023-02-28T00:00:00Z", "2023-03-03T00:00:00Z", ("yes", 0)),
    ],
)
def test_moments_and_days_at_the_edge(paid: str, as_of: str, expect: tuple[str, int | None]) -> None:
    assert answer(paid, as_of) == expect


@pytest.mark.parametrize("as_of", ["0001-01-01", "0001-01-02T00:00:00Z", "9999-12-31", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("paid", ["0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_do_not_throw(paid: str, as_of: str) -> None:
    same_end = paid[:4] == as_of[:4]
    assert answer(paid, as_of)[0] in (("yes", "unknown") if same_end else ("no", "unknown"))


@given(st.integers(-400, 400))
def test_hours_left_and_verdict_agree_at_any_moment(quarters: int) -> None:
    as_of = Instant.parse("2024-03-10T12:00:00Z")
    paid = Instant(as_of.start - timedelta(minutes=15 * quarters))
    hits = recalls([Complaint("1", payments=(Payment(paid=paid),))], as_of)
    hours = quarters / 4
    expected = "unknown" if hours < 0 else "yes" if hours <= RECALL_HOURS else "no"
    assert (hits[0].verdict.answer.value if hits else "no") == expected
    if expected == "yes":
        assert hits[0].hours_left == RECALL_HOURS - int(hours)


@pytest.mark.parametrize("method", list(Method))
def test_each_method_of_payment(method: Method) -> None:
    payment = Payment(paid=Instant.parse("2024-03-10T11:00:00Z"), method=method)
    found = recalls([Complaint("1", payments=(payment,))], Instant.parse("2024-03-10T12:00:00Z"))
    assert bool(found) is (method not in (Method.CASH, Method.VOUCHER))


def test_cash_without_a_time_is_left_out_and_others_stay_unknown() -> None:
    payments = (Payment(method=Method.CASH), Payment(method=Method.BANK), Payment(method=Method.UNKNOWN))
    found = recalls([Complaint("1", payments=payments)], Instant.parse("2024-03-10"))
    assert [each.payment.method for each in found] == [Method.BANK, Method.UNKNOWN]
    assert {each.verdict.reasons for each in found} == {("the complaint gives no time of payment",)}


def test_the_order_is_that_of_the_complaints_and_their_payments() -> None:
    paid = [Payment(paid=Instant.parse(f"2024-03-{day:02d}T00:00:00Z")) for day in (9, 8, 10)]
    complaints = [Complaint("b", payments=tuple(paid)), Complaint("a", payments=(paid[0],))]
    found = recalls(complaints, Instant.parse("2024-03-10T12:00:00Z"))
    assert [(each.complaint, each.payment) for each in found] == [("b", each) for each in paid] + [("a", paid[0])]
    assert recalls([], Instant.parse("2024-03-10")) == []
