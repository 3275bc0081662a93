"""Assertions: only ever added, withdrawn without loss, and never collapsed."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recoup.ground import Instant, Source
from recoup.network.assertions import COLUMNS, CONFIDENCE_MAX, HANDLING, VALUE_CHARACTERS_MAX, Assertion, AssertionLog

DAYS = [Instant.parse(f"2024-01-{day:02d}T00:00:00Z") for day in range(1, 10)]
BASE = Assertion("site:evil.com", "phone", "+49", Source("complaint A", "narrative 0-4"), DAYS[0], "officer 7")


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "x"}, {"property": "x"}, {"value": "x"}, {"source": Source("complaint B", "narrative 0-4")},
        {"source": Source("complaint A", "narrative 1-4")}, {"recorded": DAYS[1]}, {"author": "officer 8"},
        {"method": "m 1"}, {"confidence": 999}, {"observed": DAYS[0]}, {"retracts": "x"}, {"handling": "TLP:RED"},
    ],
)  # fmt: skip
def test_every_field_is_in_the_id(changed: dict[str, object]) -> None:
    other = replace(BASE, **changed)  # type: ignore[arg-type]
    assert other.id != BASE.id
    assert {each.name for each in fields(Assertion)} >= changed.keys()


def test_fields_that_flow_into_each_other_have_other_ids() -> None:
    assert replace(BASE, subject="a", property="bc").id != replace(BASE, subject="ab", property="c").id
    assert replace(BASE, author="a", method="").id != replace(BASE, author="", method="a").id


@pytest.mark.parametrize("changed", [{"subject": ""}, {"property": ""}, {"source": Source("")}, {"author": ""}])
def test_what_must_not_be_empty(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="needs a subject"):
        replace(BASE, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("confidence", [-1, CONFIDENCE_MAX + 1])
def test_confidence_one_beyond(confidence: int) -> None:
    with pytest.raises(ValueError, match="confidence is 0"):
        replace(BASE, confidence=confidence)
    assert replace(BASE, confidence=0).confidence == 0


def test_a_value_at_its_longest() -> None:
    assert replace(BASE, value="x" * VALUE_CHARACTERS_MAX).value
    with pytest.raises(ValueError, match="at most 100,000"):
        replace(BASE, value="x" * (VALUE_CHARACTERS_MAX + 1))


@pytest.mark.parametrize("handling", ["", "TLP:WHITE", "tlp:red", "RED"])
def test_handling_is_one_of_the_protocols(handling: str) -> None:
    with pytest.raises(ValueError, match="handling is one of"):
        replace(BASE, handling=handling)
    assert [replace(BASE, handling=each).handling for each in HANDLING] == list(HANDLING)


@pytest.mark.parametrize(
    "name", ["plain", "O'Brien", "case[1]", "a*b", "q?", "back\\slash", 'quo"te', "ü 中", "semi;--"]
)
def test_a_folder_of_any_name_holds_a_log(tmp_path: Path, name: str) -> None:
    log = AssertionLog(tmp_path / name)
    assert log.all() == [] and log.about("x") == []
    assert (log.add([BASE]), log.add([BASE]), log.all()) == (1, 0, [BASE])


def test_duplicates_from_two_complaints_remain_two(tmp_path: Path) -> None:
    other = replace(BASE, source=Source("complaint B", "narrative 0-4"))
    log = AssertionLog(tmp_path)
    assert log.add([BASE, other, BASE]) == 2
    assert log.about(BASE.subject) == [BASE, other]


def test_parts_are_written_once_and_in_order(tmp_path: Path) -> None:
    log = AssertionLog(tmp_path)
    before: dict[str, bytes] = {}
    for number in range(12):
        log.add([replace(BASE, value=str(number))])
        now = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert before.items() <= now.items() and len(now) == number + 1
        before = now
    assert [each.value for each in log.all()] == [str(number) for number in range(12)]
    assert log.add([]) == 0 and len(list(tmp_path.iterdir())) == 12


def test_a_withdrawn_assertion_stays_and_stands_no_more(tmp_path: Path) -> None:
    log = AssertionLog(tmp_path)
    other = replace(BASE, value="+50")
    log.add([BASE, other])
    words = log.retracted(BASE, "officer 8", DAYS[3], Source("memo 1"))
    assert log.about(BASE.subject) == [other]
    assert log.all() == [BASE, other, words]
    assert (words.retracts, words.author) == (BASE.id, "officer 8")


@pytest.mark.parametrize(("day", "count"), [(0, 1), (1, 1), (2, 1), (3, 0), (8, 0)])
def test_the_log_as_it_was_known_then(tmp_path: Path, day: int, count: int) -> None:
    log = AssertionLog(tmp_path)
    log.add([BASE])
    log.retracted(BASE, "officer 8", DAYS[3], Source("memo 1"))
    assert len(log.about(BASE.subject, DAYS[day])) == count


def test_what_was_recorded_later_was_not_known_before(tmp_path: Path) -> None:
    log = AssertionLog(tmp_path)
    log.add([replace(BASE, recorded=DAYS[4])])
    assert log.about(BASE.subject, DAYS[3]) == []
    assert len(log.about(BASE.subject, DAYS[4])) == 1


def test_a_withdrawal_under_another_subject_counts_for_the_assertion(tmp_path: Path) -> None:
    log = AssertionLog(tmp_path)
    log.add([BASE, replace(BASE, subject="other", retracts=BASE.id)])
    assert log.about(BASE.subject) == [] and log.about("other") == []


@pytest.mark.parametrize("value", ["", "'; DROP VIEW log; --", "\x00", "中" * 99, "\n\r\t", '"'])
def test_any_value_comes_back_as_it_went(tmp_path: Path, value: str) -> None:
    log = AssertionLog(tmp_path)
    made = replace(BASE, value=value, subject=f"s {value}")
    log.add([made])
    assert log.about(made.subject) == log.all() == [made]


@pytest.mark.parametrize("column", COLUMNS[:-1])
def test_a_row_that_was_changed_is_refused(tmp_path: Path, column: str) -> None:
    log = AssertionLog(tmp_path)
    log.add([replace(BASE, observed=DAYS[0], method="m 1")])
    (part,) = tmp_path.iterdir()
    table = pq.read_table(part)
    new = {"confidence": "1", "observed": "2020-01-01", "recorded": "2020-01-01"}.get(column, "forged")
    at = table.column_names.index(column)
    pq.write_table(table.set_column(at, column, pa.array([new], pa.string())), part)
    with pytest.raises(ValueError, match="was changed"):
        log.all()
