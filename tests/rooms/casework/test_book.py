"""The nouns of the book refuse what would not be safe to keep."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rooms.evidence.build import at

from recoup.casework import book
from recoup.casework.book import Change, Message, Place, Row, Seen, Stored, pages_left
from recoup.evidence import Event, Malformed, Shredded

EVENT = Event("case.changed", at(0), "officer-7", "case-1")


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row("case", f"c{number}", None) for number in range(count))


@pytest.mark.parametrize("kind", ["", "Case", "case 1", "1case", "c" * 51, "case\n"])
def test_a_kind_is_a_short_word(kind: str) -> None:
    Row("c" * 50, "id", None)
    with pytest.raises(Malformed, match="kind"):
        Row(kind, "id", None)


@pytest.mark.parametrize("id", ["", "Maria Musterfrau", "maria@example.org", "+4989123", "x" * 101, "a\n", "a/b", "ü"])
def test_an_id_is_opaque(id: str) -> None:
    Row("case", "x" * 100, None, "p" * 100)
    with pytest.raises(Malformed):
        Row("case", id, None)
    with pytest.raises(Malformed):
        Message(id, "freeze.asked", None)
    if id:
        with pytest.raises(Malformed):
            Row("case", "id", None, id)
        with pytest.raises(Malformed):
            Message("agency-b", "freeze.asked", None, id)


@pytest.mark.parametrize("subject", ["book", "people"])
def test_subjects_of_the_house_are_not_for_rows(subject: str) -> None:
    with pytest.raises(Malformed, match="of the house itself"):
        Row("case", "id", None, subject)


@pytest.mark.parametrize("type", ["", "freeze", "Freeze.asked", "freeze asked", f"freeze.{'a' * 94}"])
def test_a_message_type_is_noun_and_verb(type: str) -> None:
    Message("agency-b", f"freeze.{'a' * 93}", None)
    with pytest.raises(Malformed):
        Message("agency-b", type, None)


@pytest.mark.parametrize("version", [-1, 2**31])
def test_a_version_is_in_its_range(version: int) -> None:
    assert Seen("case", "id", 0) and Seen("case", "id", 2**31 - 1)
    with pytest.raises(Malformed, match="between 0 and"):
        Seen("case", "id", version)


def test_a_change_has_its_limits() -> None:
    assert Change((EVENT,) * 1_000, rows(1_000), (Message("agency-b", "a.b", None),) * 1_000)
    too_much: tuple[dict[str, Any], ...] = (
        {"events": ()},
        {"events": (EVENT,) * 1_001},
        {"rows": rows(1_001)},
        {"messages": (Message("agency-b", "a.b", None),) * 1_001},
        {"settled": tuple(Place(number, 0) for number in range(1_001))},
        {"rows": (*rows(3), *rows(1))},
        {"settled": (Place(1, 0), Place(1, 0))},
    )
    for each in too_much:
        with pytest.raises(Malformed):
            Change(**{"events": (EVENT,), **each})


@pytest.mark.parametrize(
    "event",
    [
        Event("case.changed", at(0), "officer-7", "case-1", "person-1"),
        Event("case.changed", at(0), "officer-7", "case-1", "person-1", "0" * 64),
        Event("subject.erased", at(0), "officer-7", "person-1"),
    ],
)
def test_an_event_of_a_change_is_about_nobody(event: Event) -> None:
    with pytest.raises(Malformed):
        Change((event,))
    with pytest.raises(Malformed):
        Change((EVENT, event))


def test_a_page_is_limited() -> None:
    assert pages_left(1) == 1
    assert pages_left(10**9) == book.PAGE_ROWS_MAX
    with pytest.raises(ValueError, match="at least one row"):
        pages_left(0)


def test_a_version_is_read_as_its_dataclass_or_not_at_all() -> None:
    stored = Stored("seen", "x", 4, 9, {"kind": "case", "id": "x", "version": 3})
    assert stored.read(Seen) == Seen("case", "x", 3)
    assert stored.seen == Seen("seen", "x", 4)
    with pytest.raises(Malformed):
        stored.read(Place)
    with pytest.raises(Shredded, match="version 4 of seen x was erased with person-1"):
        Stored("seen", "x", 4, 9, None, "person-1", erased=True).read(Seen)
