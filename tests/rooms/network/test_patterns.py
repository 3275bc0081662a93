"""The patterns report: its sums, its words, its tables."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from recoup.complaints import Complaint, Method, Payment, Person
from recoup.complaints.selectors import selectors_of
from recoup.complaints.victims import consolidate
from recoup.ground import Asset, Instant, Money
from recoup.network.operators import mapped
from recoup.network.patterns import Patterns, patterns_of
from recoup.network.report import ROWS_SHOWN_MAX, report_html, spreadsheet_safe, write_report
from recoup.network.sightings import sightings_of


def euros(cents: int) -> Payment:
    return Payment(money=Money(cents, Asset("EUR")), method=Method.BANK)


def patterns(*complaints: Complaint, as_of: str | None = None) -> Patterns:
    network = mapped(each for filed in complaints for each in sightings_of(filed, selectors_of(filed)))
    return patterns_of(complaints, consolidate(complaints), network, Instant.parse(as_of) if as_of else None)


ANA = Person("Ana Rothenberg", email="ana@mail.com")
FILED = (
    Complaint(
        "1", ANA, Instant.parse("2024-03-05"), country="DE", website="evil.com", payments=(euros(100), euros(250))
    ),
    Complaint(
        "2", ANA, Instant.parse("2024-03-06"), country="DE", website="evil.com", payments=(Payment(written="?"),)
    ),
    Complaint("3", Person("Ben Keller"), country="FR", operator="=cmd|evil", payments=(Payment(method=Method.CASH),)),
)


def test_sums_are_exact_and_what_is_unreadable_is_said() -> None:
    found = patterns(*FILED)
    assert (found.complaints, found.victims, found.unreadable) == (3, 2, 2)
    assert found.total.sums == (("EUR", 350),)
    assert [(each.label, each.complaints, each.payments, each.sums) for each in found.by_method] == [
        ("bank", 1, 2, (("EUR", 350),)),
        ("cash", 1, 1, ()),
        ("unknown", 1, 1, ()),
    ]
    assert [(each.label, each.complaints) for each in found.by_country] == [("DE", 2), ("FR", 1)]
    assert [each.label for each in found.by_week] == ["2024-W10", "unknown"]


def test_operators_count_victims_not_complaints() -> None:
    top = patterns(*FILED).operators[0]
    assert (top.names, top.victims, top.tally.complaints) == (("evil.com",), 1, 2)


@pytest.mark.parametrize(("as_of", "new"), [("2024-03-11", True), ("2024-03-12", False), (None, False)])
def test_what_is_new_this_week(as_of: str | None, new: bool) -> None:
    assert patterns(*FILED, as_of=as_of).operators[0].new is new


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_can_be_run_by_a_spreadsheet(start: str) -> None:
    assert spreadsheet_safe(f"{start}cmd|' /C calc'!A0")[0] == "'"
    assert spreadsheet_safe("evil=1") == "evil=1"


def test_the_page_escapes_what_complaints_say_and_fetches_nothing() -> None:
    bad = Complaint("1", operator="<script>alert(1)</script> & co", country="DE")
    page = report_html(patterns(bad))
    assert "<script" not in page and "script alert" in page
    assert "src=" not in page and "http" not in page


def test_files_are_the_same_every_time(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_report(patterns(*FILED), tmp_path / "a")]
    second = [path.read_bytes() for path in write_report(patterns(*FILED), tmp_path / "b")]
    assert first == second
    rows = list(csv.reader((tmp_path / "a" / "methods.csv").open()))
    assert rows[1] == ["bank", "1", "2", "EUR", "350"]


def test_long_tables_say_how_much_is_left_out() -> None:
    many = [Complaint(str(n), filed=Instant.parse(f"{1950 + n}-06-05")) for n in range(ROWS_SHOWN_MAX + 2)]
    assert "2 more are in the table file" in report_html(patterns(*many))


def test_an_empty_set_has_an_empty_report() -> None:
    assert "0 complaints by 0 victims" in report_html(patterns())
