"""Edges of participation: days, ranks, withdrawals and returns, pairs from either side, rows that are refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.law.cases import first, instruments, request

from recoup.ground import Answer, Refused
from recoup.law import tables
from recoup.law.codes import VerifyMark
from recoup.law.party import REVIEW_DAYS, Participation, Status
from recoup.law.planner import built_in_law
from recoup.law.standing import Parties, Table
from recoup.law.tables import COLUMNS, built_in, read_parties
from recoup.law.weigh import Law

DAY = date(2026, 11, 21)
FOLDER = Path(__file__).parents[3] / "src" / "recoup" / "law" / "participation"
READ, MEMORY = VerifyMark.READ, VerifyMark.MEMORY


def row(status: Status = Status.BOUND, **changes: object) -> Participation:
    return replace(Participation("FR", status, "list", DAY, READ), **changes)  # type: ignore[arg-type]


def answers(*rows: Participation, day: date = DAY, closed: bool = False, state: str = "FR") -> Answer:
    return Parties({"T": Table("T", "Treaty", closed, READ, rows)}).standing("T", state, day).answer


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (Status.BOUND, "yes"), (Status.BY_EXTENSION, "yes"), (Status.RATIFIED, "yes"), (Status.SIGNATORY, "no"),
        (Status.NOT_BOUND, "no"), (Status.UNKNOWN, "unknown"),
    ],
)  # fmt: skip
def test_each_status_on_the_day_it_was_seen(status: Status, answer: str) -> None:
    assert answers(row(status)) == answer


@pytest.mark.parametrize("status", [Status.BOUND, Status.BY_EXTENSION, Status.RATIFIED])
@pytest.mark.parametrize(
    ("shift", "answer"), [(-1, "no"), (0, "yes"), (10, "yes"), (11, "no")], ids=["before", "first", "last", "after"]
)
def test_both_ends_of_participation_count(status: Status, shift: int, answer: str) -> None:
    """In force from the first day to the last, both included."""
    one = row(status, valid_from=DAY, valid_to=DAY + timedelta(days=10))
    assert answers(one, day=DAY + timedelta(days=shift)) == answer


@pytest.mark.parametrize(("shift", "stale"), [(0, False), (REVIEW_DAYS, False), (REVIEW_DAYS + 1, True), (-5, False)])
def test_a_row_is_stale_a_year_after_it_was_seen(shift: int, stale: bool) -> None:
    assert row().stale_on(DAY + timedelta(days=shift)) is stale


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_break_nothing(day: date) -> None:
    """A table dated in the last year of the calendar has no day of review; that must not overflow."""
    for seen in (date.min, date.max, None):
        assert row(as_of=seen).stale_on(day) in (True, False)
        assert answers(row(as_of=seen), day=day) is Answer.YES


def test_an_undated_page_is_stale_from_the_start() -> None:
    assert row(as_of=None).stale_on(date.min)


def test_a_state_that_left_and_came_back() -> None:
    """Two periods of one list: neither hides the other, and between them the State is out."""
    first_time = row(valid_from=date(2000, 1, 1), valid_to=date(2010, 6, 30))
    again = row(valid_from=date(2015, 1, 1))
    for rows in ((first_time, again), (again, first_time)):
        assert answers(*rows, day=date(2010, 6, 30)) is Answer.YES
        assert answers(*rows, day=date(2012, 1, 1)) is Answer.NO
        assert answers(*rows, day=date(2015, 1, 1)) is Answer.YES


def test_the_later_list_of_one_year_goes_first() -> None:
    """Ranks compare days, not years: the list of November corrects that of January."""
    january = row(as_of=date(2026, 1, 5))
    november = row(Status.NOT_BOUND, as_of=date(2026, 11, 1))
    for rows in ((january, november), (november, january)):
        assert answers(*rows) is Answer.NO


def test_a_page_without_a_date_goes_last_among_equals() -> None:
    undated = row(Status.NOT_BOUND, as_of=None)
    assert answers(undated, row(as_of=date(2001, 1, 1))) is Answer.YES


@pytest.mark.parametrize(
    ("confidence", "answer"), [("high", "yes"), ("medium", "yes"), ("low", "unknown")], ids=["high", "medium", "low"]
)
def test_a_recalled_row_counts_by_its_confidence(confidence: str, answer: str) -> None:
    assert answers(row(verify=MEMORY, confidence=confidence)) == answer


def test_a_checked_row_goes_before_a_recalled_one_even_if_older() -> None:
    recalled = row(Status.BOUND, verify=MEMORY, confidence="high")
    checked = row(Status.NOT_BOUND, as_of=DAY - timedelta(days=300))
    assert answers(recalled, checked) is Answer.NO


@pytest.mark.parametrize("status", [Status.SIGNATORY, Status.NOT_BOUND, Status.UNKNOWN])
def test_old_bad_news_gives_way_to_a_recalled_ratification(status: Status) -> None:
    """A signature of 2014 says little about 2026; a recalled row of medium confidence says more."""
    old = row(status, as_of=date(2014, 1, 1))
    assert answers(old, row(verify=MEMORY, confidence="medium")) is Answer.YES
    assert answers(old, row(verify=MEMORY, confidence="low")) is not Answer.YES
    fresh = row(status, as_of=DAY)
    assert answers(fresh, row(verify=MEMORY, confidence="medium")) is not Answer.YES


@pytest.mark.parametrize(("closed", "answer"), [(True, "no"), (False, "unknown")])
def test_a_state_that_is_not_listed(closed: bool, answer: str) -> None:
    assert answers(row(), state="XX", closed=closed) == answer
    assert answers(closed=closed, state="XX") == answer


def _pairs(*rows: Participation, closed: bool = False) -> Parties:
    return Parties({"B": Table("B", "Bilateral", closed, READ, rows)})


@pytest.mark.parametrize("closed", [True, False])
def test_a_pair_is_found_from_either_side(closed: bool) -> None:
    """In a closed table the side that is not listed said no before the listed side was asked."""
    parties = _pairs(row(partner="US"), closed=closed)
    assert parties.pair("B", "FR", "US", DAY).answer is Answer.YES
    assert parties.pair("B", "US", "FR", DAY).answer is Answer.YES
    assert parties.pair("B", "US", "DE", DAY).answer is (Answer.NO if closed else Answer.UNKNOWN)


ROWS = st.builds(
    row,
    st.sampled_from(list(Status)),
    partner=st.just("US"),
    as_of=st.sampled_from([None, date(2014, 1, 1), date(2026, 1, 1), DAY]),
    valid_from=st.sampled_from([None, date(2000, 1, 1), date(2030, 1, 1)]),
    valid_to=st.sampled_from([None, date(2020, 1, 1), date(2040, 1, 1)]),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(ROWS, max_size=3), st.lists(ROWS, max_size=3))
def test_who_asks_changes_nothing_about_a_pair(one: list[Participation], other: list[Participation]) -> None:
    """The same rows from either side give the same answer; a bilateral treaty has no direction."""
    mirrored = [replace(each, jurisdiction="US", partner="FR") for each in other]
    parties = _pairs(*one, *mirrored)
    forward, back = parties.pair("B", "FR", "US", DAY), parties.pair("B", "US", "FR", DAY)
    ranks = [each.rank for each in (*one, *mirrored)]
    if len(set(ranks)) == len(ranks):
        assert forward.answer is back.answer
    bound = (Status.BOUND, Status.BY_EXTENSION, Status.RATIFIED)
    if not any(each.status in bound for each in (*one, *other)):
        assert Answer.YES not in (forward.answer, back.answer)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(ROWS, max_size=4))
def test_yes_always_rests_on_a_row_that_covers_the_day(rows: list[Participation]) -> None:
    """Whatever the rows, yes is said only where one of them binds on that day; unknown never becomes yes."""
    found = _pairs(*rows).pair("B", "FR", "US", DAY)
    assert found.says and found.source
    if found.answer is Answer.YES:
        assert any(each.answer_on(DAY) is Answer.YES for each in rows)


def test_asking_twice_gives_the_same_answer_object() -> None:
    parties = built_in()
    assert parties.standing("UNTOC", "FR", DAY) is parties.standing("UNTOC", "FR", DAY)
    assert parties.pair("BILATERAL", "US", "CY", DAY) is parties.pair("BILATERAL", "US", "CY", DAY)


@pytest.mark.parametrize(
    ("table", "one", "other", "instrument", "day"),
    [
        ("EU_2018_1805", "FR", "CY", "EU_2018_1805", date(2020, 12, 19)),
        ("EU_UK_TCA_TITLE_XI", "GB", "BG", "EU_UK_TCA_XI", date(2021, 1, 1)),
        ("E_EVIDENCE_2023_1543", "FR", "IE", "E_EVIDENCE", date(2026, 8, 18)),
    ],
)
def test_an_instrument_opens_on_its_first_day_and_not_before(
    table: str, one: str, other: str, instrument: str, day: date
) -> None:
    host = {"id": "a", "class": "hosting-account", "situs": other, "controller": {"kind": "host", "state": other}}
    online = instrument == "E_EVIDENCE"
    base = request(requesting__state=one, measure="subscriber-data" if online else "freeze")
    base["assets"] = [host] if online else [{**base["assets"][0], "situs": other}]
    base["orders"] = []
    assert table in built_in().tables
    assert instrument in instruments(first({**base, "as_of": day.isoformat()}))
    assert instrument not in instruments(first({**base, "as_of": (day - timedelta(days=1)).isoformat()}))


def test_leaving_a_treaty_closes_its_routes_from_the_next_day() -> None:
    """A denunciation in the table: the last day still counts, the next does not."""
    law, last = built_in_law(), date(2026, 11, 21)
    # by another list of the same State with an end: it ranks first because it is the latest
    leaving = Participation("CY", Status.BOUND, "OJ", date(2027, 1, 1), READ, valid_to=last)
    changed = Law(law.catalogue, law.parties.with_rows("EU_2018_1805", leaving))
    assert "EU_2018_1805" in instruments(first(request(as_of="2026-11-21"), changed))
    after = first(request(as_of="2026-11-22"), changed)
    assert "EU_2018_1805" not in instruments(after) and after.portfolio[0].instrument != "EU_2018_1805"
    assert any("until 2026-11-21, and so not on 2026-11-22" in one.because for one in after.dropped)


def _folder(tmp_path: Path, line: str) -> Path:
    folder = tmp_path / "participation"
    folder.mkdir()
    (folder / "tables.yaml").write_text("T: {title: Own, closed: true, verify: read}\n", encoding="utf-8")
    shutil.copy(FOLDER / "sources.yaml", folder)
    (folder / "T.csv").write_text(",".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ÅÅ,,bound,,,s02,read,,", "'ÅÅ' is not an ISO 3166"),
        ("FR,Cyprus,bound,,,s02,read,,", "'Cyprus' is not an ISO 3166"),
        ("FR,cy,bound,,,s02,read,,", "'cy' is not an ISO 3166"),
        ("FR,,bound,2020-01-02,2020-01-01,s02,read,,", "it ends on 2020-01-01, before it begins"),
        ("FR,,bound,2020-02-30,,s02,read,,", "row not readable"),
        ("FR,,Bound,,,s02,read,,", "not a valid Status"),
        ("FR,,bound,,,,read,,", "row not readable"),
        (",,bound,,,s02,read,,", "'' is not an ISO 3166"),
        ("FR,,bound", "row not readable"),
    ],
)
def test_a_row_that_could_never_be_found_is_refused(tmp_path: Path, line: str, message: str) -> None:
    """A partner by its name would match no State and silently bind nobody."""
    with pytest.raises(Refused, match=r"T\.csv:2") as refusal:
        read_parties(_folder(tmp_path, line))
    assert message in str(refusal.value)


def test_a_period_of_one_day_is_a_period(tmp_path: Path) -> None:
    parties = read_parties(_folder(tmp_path, "FR,,bound,2020-01-01,2020-01-01,s02,read,,"))
    found = [parties.standing("T", "FR", date(2020, 1, 1) + timedelta(days=n)).answer for n in (-1, 0, 1)]
    assert found == [Answer.NO, Answer.YES, Answer.NO]


def test_rows_of_a_table_are_limited_at_their_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_MAX", 2)
    line = "FR,,bound,,,s02,read,,"
    assert len(read_parties(_folder(tmp_path, f"{line}\n{line}")).tables["T"].rows) == 2
    more = tmp_path / "more"
    more.mkdir()
    with pytest.raises(Refused, match=r"T\.csv:4: more than 2 rows"):
        read_parties(_folder(more, f"{line}\n{line}\n{line}"))
