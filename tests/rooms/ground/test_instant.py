"""Instants: UTC, with their precision, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.ground import Instant


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2021-06-07T17:29:41Z", "2021-06-07T17:29:41Z"),
        ("2021-06-07t17:29:41z", "2021-06-07T17:29:41Z"),
        ("2021-06-07 17:29:41+02:00", "2021-06-07T15:29:41Z"),
        ("2021-06-07T00:30:00+01:00", "2021-06-06T23:30:00Z"),
        ("2021-06-07T17:29:41.5Z", "2021-06-07T17:29:41.500000Z"),
        ("2021-06-07", "2021-06-07"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_rfc_3339_and_dates_are_read(text: str, written: str) -> None:
    assert str(Instant.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021-06-07T17:29:41",  # no offset: whose clock?
        "2021-06-07T17:29Z",
        "07.06.2021",
        "2021-13-01",
        "2021-02-29",
        "2021-06-07T24:01:00Z",
        "2016-12-31T23:59:60Z",  # a leap second has no place in Python's clock
        "2021-06-07T17:29:41.1234567Z",  # digits would be lost
        "2021-06-07T17:29:41+99:99",
        "0001-01-01T00:00:00+14:00",  # before the year 1 in UTC
        "9999-12-31T23:59:59-14:00",
        "２０２１-06-07",
        "2021-06-07T17:29:41Z\n",
        "1623086981",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Instant.parse(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_written_instants_are_read_back(moment: datetime) -> None:
    assert Instant.parse(str(Instant(moment))) == Instant(moment)


@given(st.dates())
def test_written_days_are_read_back(day: object) -> None:
    read = Instant.parse(str(day))
    assert str(read) == str(day) and not read.precise
    assert read.end - read.start == timedelta(days=1, microseconds=-1)


def test_what_is_not_utc_or_not_a_whole_day_is_refused() -> None:
    midnight = datetime(2021, 6, 7)
    for start, precise in (
        (midnight, True),
        (midnight.replace(tzinfo=timezone(timedelta(hours=1))), True),
        (datetime(2021, 6, 7, 1, tzinfo=UTC), False),
    ):
        with pytest.raises(ValueError, match="not UTC"):
            Instant(start, precise)


def test_unix_seconds() -> None:
    assert str(Instant.from_unix(1_623_086_981)) == "2021-06-07T17:29:41Z"
    assert str(Instant.from_unix(-1)) == "1969-12-31T23:59:59Z"
    assert str(Instant.from_unix(253_402_300_799)) == "9999-12-31T23:59:59Z"
    for seconds in (253_402_300_800, 10**20, -(10**20)):
        with pytest.raises(ValueError, match="out of range"):
            Instant.from_unix(seconds)


def test_a_day_overlaps_its_instants_and_no_others() -> None:
    day = Instant.parse("2021-06-07")
    inside = [Instant.parse("2021-06-07T00:00:00Z"), Instant.parse("2021-06-07T23:59:59.999999Z"), day]
    outside = [Instant.parse("2021-06-06T23:59:59.999999Z"), Instant.parse("2021-06-08T00:00:00Z")]
    assert all(day.overlaps(one) and one.overlaps(day) for one in inside)
    assert not any(day.overlaps(one) or one.overlaps(day) for one in outside)
    assert inside[0].overlaps(inside[0]) and not inside[0].overlaps(inside[1])


def test_order_is_by_start_and_a_day_stands_before_its_instants() -> None:
    texts = ["2021-06-08", "2021-06-07T00:00:00Z", "2021-06-07", "2021-06-07T10:00:00Z"]
    assert [str(one) for one in sorted(map(Instant.parse, texts))] == [
        "2021-06-07",
        "2021-06-07T00:00:00Z",
        "2021-06-07T10:00:00Z",
        "2021-06-08",
    ]
