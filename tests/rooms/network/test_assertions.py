"""Assertions: nothing is collapsed, nothing is lost, everything leads to its evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from recoup.ground import Instant, Source
from recoup.network.assertions import CONFIDENCE_MAX, HANDLING, VALUE_CHARACTERS_MAX, Assertion, AssertionLog

NOW = Instant.parse("2024-03-05T10:00:00Z")
LATER = Instant.parse("2024-03-06T10:00:00Z")
ONE = Assertion("evil.com", "operator", "Yukom", Source("a" * 64, "page 2"), NOW, author="officer 7")


@pytest.fixture
def log(tmp_path: Path) -> AssertionLog:
    return AssertionLog(tmp_path / "log")


def test_the_same_words_from_two_complaints_remain_two(log: AssertionLog) -> None:
    other = replace(ONE, source=Source("b" * 64, "page 2"))
    assert log.add([ONE, other]) == 2
    assert log.about("evil.com") == [ONE, other]


@pytest.mark.parametrize(
    "change",
    [
        {"source": Source("a" * 64, "page 3")}, {"author": "officer 8"}, {"method": "extractor 1.0"},
        {"confidence": 999}, {"observed": NOW}, {"recorded": LATER}, {"handling": "TLP:RED"}, {"value": "yukom"},
    ],
)  # fmt: skip
def test_every_field_makes_another_assertion(change: dict[str, object]) -> None:
    assert replace(ONE, **change).id != ONE.id  # type: ignore[arg-type]


def test_adding_the_same_act_twice_changes_nothing(log: AssertionLog) -> None:
    assert (log.add([ONE]), log.add([ONE, ONE])) == (1, 0)
    assert len(list(log.folder.iterdir())) == 1


def test_a_withdrawal_is_added_and_hides_only_from_then_on(log: AssertionLog) -> None:
    log.add([ONE])
    withdrawal = log.retracted(ONE, "officer 8", LATER, Source("c" * 64))
    assert log.about("evil.com") == []
    assert log.about("evil.com", at=NOW) == [ONE]
    assert log.all() == [ONE, withdrawal]
    assert withdrawal.retracts == ONE.id


def test_a_withdrawal_leaves_the_twin_of_the_withdrawn(log: AssertionLog) -> None:
    twin = replace(ONE, source=Source("b" * 64))
    log.add([ONE, twin])
    log.retracted(ONE, "officer 8", LATER, Source("c" * 64))
    assert log.about("evil.com") == [twin]


def test_rows_come_back_as_they_went_in_and_in_order(log: AssertionLog) -> None:
    random = Random(3)
    made = [
        Assertion(
            f"subject {random.randrange(20)}",
            random.choice(["operator", "phone", "имя"]),
            random.choice(["", 'x,"y"', "новое", "a\nb", "'; DROP VIEW log; --"]),
            Source(f"{number:064x}", f"line {number}"),
            NOW,
            method="test 1",
            confidence=random.randrange(CONFIDENCE_MAX + 1),
            observed=random.choice([None, NOW, Instant.parse("2024-01-01")]),
            handling=random.choice(HANDLING),
        )
        for number in range(500)
    ]
    for at in range(0, 500, 100):
        log.add(made[at : at + 100])
    assert log.all() == made
    for number in range(20):
        assert log.about(f"subject {number}") == [each for each in made if each.subject == f"subject {number}"]


def test_a_row_changed_after_recording_is_found(log: AssertionLog) -> None:
    log.add([ONE])
    (part,) = log.folder.iterdir()
    table = pq.read_table(part)
    changed = table.set_column(3, "value", [["Numaris"]])
    pq.write_table(changed, part)
    with pytest.raises(ValueError, match="was changed after it was recorded"):
        log.all()


def test_an_empty_log_says_nothing(log: AssertionLog) -> None:
    assert log.all() == log.about("evil.com") == []
    assert log.add([]) == 0 and not log.folder.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"subject": ""}, {"property": ""}, {"source": Source("")}, {"author": ""}, {"confidence": -1},
        {"confidence": CONFIDENCE_MAX + 1}, {"handling": "secret"}, {"value": "x" * (VALUE_CHARACTERS_MAX + 1)},
    ],
)  # fmt: skip
def test_what_is_no_assertion_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needs|confidence|handling"):
        replace(ONE, **change)  # type: ignore[arg-type]


def test_limits_at_their_edge() -> None:
    assert replace(ONE, value="x" * VALUE_CHARACTERS_MAX, confidence=0).confidence == 0
