"""Written times to UTC."""

from __future__ import annotations

import pytest

from recoup.formats.fields import BadRow
from recoup.formats.profile import Cell
from recoup.formats.times import clock
from recoup.ground import Refused


def at(text: str, format_: str = "rfc3339", zone: str = "", start: str = "") -> str:
    return str(clock(Cell(column="t", format=format_, timezone=zone, start=start), "my.toml")(text))


FULL = "%Y-%m-%d %H:%M:%S"


@pytest.mark.parametrize(
    ("text", "format_", "zone", "utc"),
    [
        ("2020-09-13T12:26:40Z", "rfc3339", "", "2020-09-13T12:26:40Z"),
        ("2020-09-13T14:26:40+02:00", "rfc3339", "", "2020-09-13T12:26:40Z"),
        ("2020-09-13", "rfc3339", "", "2020-09-13"),
        ("1600000000", "unix", "", "2020-09-13T12:26:40Z"),
        ("1600000000250", "unix-ms", "", "2020-09-13T12:26:40.250000Z"),
        ("2020-09-13 12:26:40", FULL, "", "2020-09-13T12:26:40Z"),
        ("2020-09-13 12:26:40", FULL, "UTC", "2020-09-13T12:26:40Z"),
        ("2020-09-13 14:26:40", FULL, "Europe/Berlin", "2020-09-13T12:26:40Z"),
        ("2020-12-13 13:26:40", FULL, "Europe/Berlin", "2020-12-13T12:26:40Z"),
        ("13/09/2020 02:26 PM", "%d/%m/%Y %I:%M %p", "Europe/Berlin", "2020-09-13T12:26:00Z"),
        ("2020-09-13 14:26 +0200", "%Y-%m-%d %H:%M %z", "", "2020-09-13T12:26:00Z"),
        ("13.09.20", "%d.%m.%y", "Europe/Berlin", "2020-09-13"),
        ("2020-10-25 02:30:00", FULL, "Europe/Berlin", "2020-10-25"),
    ],
)
def test_times(text: str, format_: str, zone: str, utc: str) -> None:
    assert at(text, format_, zone) == utc


def test_steps_are_days() -> None:
    assert at("0", "days", start="2017-01-01") == "2017-01-01"
    assert at("59", "days", start="2017-01-01") == "2017-03-01"


@pytest.mark.parametrize(
    ("text", "format_", "zone"),
    [
        ("2020-09-13 12:26:40", "rfc3339", ""),
        ("", "rfc3339", ""),
        ("-5", "unix", ""),
        ("1e9", "unix", ""),
        ("٣", "unix", ""),
        ("9" * 18, "unix", ""),
        ("9" * 18, "unix-ms", ""),
        ("13.13.2020", "%d.%m.%Y", ""),
        ("2021-03-28 02:30:00", FULL, "Europe/Berlin"),
        ("0001-01-01 00:00:00", FULL, "Asia/Tokyo"),
        ("9" * 18, "days", ""),
    ],
)
def test_what_is_no_time_is_a_bad_row(text: str, format_: str, zone: str) -> None:
    with pytest.raises(BadRow, match="cannot be read"):
        at(text, format_, zone, start="2017-01-01")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "/etc/passwd"])
def test_an_unknown_timezone_is_refused(zone: str) -> None:
    with pytest.raises(Refused, match="is not known here"):
        at("x", FULL, zone)
