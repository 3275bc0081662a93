"""Participation: who takes part, since when, and what is recalled or stale."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from recoup.ground import Answer, Refused
from recoup.law.codes import VerifyMark
from recoup.law.coverage import coverage
from recoup.law.load import built_in as catalogue
from recoup.law.party import Participation, Status
from recoup.law.tables import COLUMNS, built_in, read_parties

DAY = date(2026, 11, 21)
FOLDER = Path(__file__).parents[3] / "src" / "recoup" / "law" / "participation"


@pytest.mark.parametrize(
    ("table", "state", "answer", "verify"),
    [
        ("EU_2018_1805", "FR", "yes", "secondary"),
        ("EU_2018_1805", "IE", "no", "secondary"),
        ("EU_2018_1805", "DK", "no", "secondary"),
        ("EU_2018_1805", "GB", "no", "secondary"),  # closed table
        ("EU_UK_TCA_TITLE_XI", "BG", "yes", "memory"),
        ("CETS_198", "EE", "unknown", "memory"),  # recalled with low confidence
        ("UNTOC", "JP", "yes", "memory"),  # signatory in 2014, recalled as party since
        ("UNTOC", "MH", "yes", "read"),
        ("UNTOC", "ZZ", "unknown", "read"),  # table not complete
        ("BUDAPEST_2AP_224", "JP", "yes", "read"),
        ("BUDAPEST_2AP_224", "FR", "no", "read"),  # signed only, seen less than a year before
        ("EGMONT", "MH", "yes", "memory"),
    ],
)
def test_standing(table: str, state: str, answer: str, verify: str) -> None:
    found = built_in().standing(table, state, DAY)
    assert (found.answer, found.verify) == (Answer(answer), VerifyMark(verify))


def test_dates_bound_what_is_said() -> None:
    assert built_in().standing("EU_2018_1805", "FR", date(2020, 12, 18)).answer is Answer.NO
    assert built_in().standing("EU_2018_1805", "FR", date(2020, 12, 19)).answer is Answer.YES


def test_a_signature_grows_old() -> None:
    fresh = built_in().standing("BUDAPEST_2AP_224", "FR", date(2027, 2, 5))
    old = built_in().standing("BUDAPEST_2AP_224", "FR", date(2027, 2, 6))
    assert (fresh.answer, old.answer, old.stale) == (Answer.NO, Answer.UNKNOWN, True)


def test_bilateral_pairs_are_known_from_either_side() -> None:
    parties = built_in()
    assert parties.pair("BILATERAL", "US", "CY", DAY).answer is Answer.YES
    assert parties.pair("BILATERAL", "CY", "US", DAY).answer is Answer.YES
    assert parties.pair("BILATERAL", "FR", "CY", DAY).answer is Answer.UNKNOWN
    assert parties.pair("BILATERAL", "US", "MH", DAY).answer is Answer.NO


def test_a_row_added_goes_before_the_others() -> None:
    row = Participation("IE", Status.BOUND, "OJ L 1", date(2027, 1, 1), VerifyMark.READ, valid_from=date(2027, 1, 1))
    changed = built_in().with_rows("EU_2018_1805", row)
    assert changed.standing("EU_2018_1805", "IE", date(2027, 1, 1)).answer is Answer.YES
    assert built_in().standing("EU_2018_1805", "IE", date(2027, 1, 1)).answer is Answer.NO


def test_every_row_has_its_source_and_recalled_rows_are_flagged() -> None:
    rows = [row for table in built_in().tables.values() for row in table.rows]
    assert len(rows) > 2000
    for row in rows:
        assert row.source and (row.as_of is None or row.as_of <= DAY)
        assert (row.verify is VerifyMark.MEMORY) == bool(row.confidence) == row.source.startswith("Recalled")


def test_end_of_participation() -> None:
    row = Participation("FR", Status.BOUND, "x", DAY, VerifyMark.READ, valid_to=date(2026, 11, 20))
    assert row.answer_on(date(2026, 11, 20)) is Answer.YES
    assert row.answer_on(DAY) is Answer.NO
    assert row.stale_on(date(2027, 11, 21)) is False
    assert row.stale_on(date(2027, 11, 22)) is True


def test_coverage_of_a_pair() -> None:
    report = {one.instrument: one for one in coverage(catalogue(), built_in(), "FR", "CY", DAY)}
    assert report["EU_2018_1805"].answer is Answer.YES and report["EU_2018_1805"].stale
    assert report["CETS_198"].answer is Answer.YES and report["CETS_198"].recalled
    assert report["BUDAPEST_2AP"].answer is Answer.NO
    assert report["BUDAPEST_2AP"].reasons[0] == f"not in force on {DAY}"
    assert report["MLAT_BI"].answer is Answer.UNKNOWN
    assert report["US_28USC2467"].reasons[0] == "it is the law of US, not of CY"
    assert list(report) == sorted(report)
    assert coverage(catalogue(), built_in(), "CY", "US", DAY)[-3].answer is Answer.YES  # US_28USC2467


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "participation"
    folder.mkdir()
    (folder / "tables.yaml").write_text("ASEAN_MLAT: {title: ASEAN, closed: true, verify: memory}\n", encoding="utf-8")
    shutil.copy(FOLDER / "sources.yaml", folder)
    shutil.copy(FOLDER / "ASEAN_MLAT.csv", folder)
    return folder


def test_a_folder_of_tables_lies_over_the_built_in(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    with (folder / "ASEAN_MLAT.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["TL", "", "bound", "2026-01-01", "", "s28", "memory", "medium", "new member"])
    parties = read_parties(folder, built_in())
    assert parties.standing("ASEAN_MLAT", "TL", DAY).answer is Answer.YES
    assert len(parties.tables) == len(built_in().tables)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("France,,bound,,,s28,memory,high,", "not an ISO 3166"),
        ("FR,,perhaps,,,s28,memory,high,", "not a valid Status"),
        ("FR,,bound,01/02/2020,,s28,memory,high,", "Invalid isoformat"),
        ("FR,,bound,,,s99,memory,high,", "s99"),
        ("FR,,bound,,,s28,hearsay,high,", "hearsay"),
        ("FR,,bound,,,s28,memory,sure,", "not a confidence"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    folder = _copy(tmp_path)
    (folder / "ASEAN_MLAT.csv").write_text(",".join(COLUMNS) + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(Refused, match=rf"ASEAN_MLAT.csv:2.*{message}"):
        read_parties(folder)


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "ASEAN_MLAT.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"ASEAN_MLAT.csv:1: not the columns"):
        read_parties(folder)
