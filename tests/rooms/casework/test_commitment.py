"""What a leaf commits to, compared with what tables hold: every difference is named once, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.evidence.build import MemoryKeys, at

from recoup.casework.book import BOOK, Place
from recoup.casework.commitment import (
    BookCode,
    BookFinding,
    Found,
    Manifest,
    MessageLine,
    RowLine,
    audit_entries,
    compare,
    hash_of,
    manifest_of,
    sealed_entry,
)
from recoup.evidence import AgencyKey, Entry, Event, SubjectKeys, Unopened, payload_of

ROW = RowLine("case", "case-1", 1, "", "a" * 64)
SEALED = RowLine("case", "case-2", 1, "person-1", "b" * 64)
SENT = MessageLine(0, "agency-b", "freeze.asked", "", "c" * 64)
MANIFEST = Manifest((ROW, SEALED), (SENT,), (Place(3, 0),))
FOUND = Found((ROW, SEALED), (SENT,), (Place(3, 0),))
EVENT = Event("case.changed", at(0), "officer-7", "case-1")


@pytest.fixture
def keys() -> SubjectKeys:
    held = SubjectKeys(AgencyKey(b"k" * 32), MemoryKeys())
    held.ensure(BOOK)
    return held


def codes(found: Found, erased: set[str] = frozenset()) -> list[BookCode]:  # type: ignore[assignment]
    return [one.code for one in compare(7, MANIFEST, found, erased)]


def test_what_agrees_is_not_mentioned() -> None:
    assert codes(FOUND) == []


def test_the_order_of_rows_does_not_matter() -> None:
    assert codes(replace(FOUND, rows=(SEALED, ROW))) == []


@pytest.mark.parametrize("change", [{"subject": "person-9"}, {"sha256": "d" * 64}, {"sha256": ""}])
def test_a_line_that_differs_is_a_changed_row(change: dict[str, str]) -> None:
    assert codes(replace(FOUND, rows=(replace(ROW, **change), SEALED))) == [BookCode.ROW_CHANGED]  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"kind": "hold"}, {"id": "case-9"}, {"version": 2}])
def test_a_row_under_another_name_is_missing_and_unknown(change: dict[str, object]) -> None:
    moved = replace(FOUND, rows=(replace(ROW, **change), SEALED))  # type: ignore[arg-type]
    assert codes(moved) == [BookCode.ROW_MISSING, BookCode.ROW_UNKNOWN]


@pytest.mark.parametrize("change", [{"to": "agency-c"}, {"type": "a.b"}, {"subject": "person-1"}, {"sha256": "d" * 64}])
def test_a_message_that_differs_is_changed(change: dict[str, str]) -> None:
    assert codes(replace(FOUND, messages=(replace(SENT, **change),))) == [BookCode.MESSAGE_CHANGED]  # type: ignore[arg-type]


def test_messages_that_are_gone_or_new() -> None:
    assert codes(replace(FOUND, messages=())) == [BookCode.MESSAGE_MISSING]
    assert codes(replace(FOUND, messages=(SENT, replace(SENT, position=1)))) == [BookCode.MESSAGE_UNKNOWN]


@pytest.mark.parametrize("settled", [(), (Place(3, 1),), (Place(3, 0), Place(4, 0))])
def test_settlements_are_those_that_the_entry_names(settled: tuple[Place, ...]) -> None:
    assert codes(replace(FOUND, settled=settled)) == [BookCode.SETTLED_DIFFERS]


def test_an_erased_body_is_allowed_for_an_erased_subject_only() -> None:
    emptied = replace(FOUND, rows=(ROW, replace(SEALED, sha256=hash_of(None))))
    assert codes(emptied, {"person-1"}) == []
    assert codes(emptied) == [BookCode.ROW_CHANGED]
    assert codes(FOUND, {"person-1"}) == [BookCode.NOT_ERASED]
    other = replace(FOUND, rows=(ROW, replace(SEALED, sha256="d" * 64)))
    assert codes(other, {"person-1"}) == [BookCode.ROW_CHANGED]


def test_a_finding_names_its_entry() -> None:
    (finding,) = compare(7, MANIFEST, replace(FOUND, rows=(SEALED,)), set())
    assert str(finding) == "row-missing: entry 7: version 1 of case case-1 is gone"


def test_an_entry_holds_its_manifest_sealed(keys: SubjectKeys) -> None:
    entry = sealed_entry(EVENT, MANIFEST, keys)
    assert manifest_of(entry, keys) == MANIFEST
    assert entry.record == "case-1"
    leaf = Event.parse(entry.leaf)
    assert (leaf.kind, leaf.subject, len(leaf.commitment)) == ("case.changed", BOOK, 64)
    assert entry.sealed is not None and b"case-2" not in entry.sealed and b"person-1" not in entry.leaf


def test_two_entries_of_the_same_change_cannot_be_linked(keys: SubjectKeys) -> None:
    one, other = (sealed_entry(EVENT, MANIFEST, keys) for _ in range(2))
    assert one.leaf != other.leaf and one.sealed != other.sealed
    assert payload_of(one, keys) == payload_of(other, keys)


def test_a_manifest_does_not_open_under_another_leaf(keys: SubjectKeys) -> None:
    one, other = sealed_entry(EVENT, MANIFEST, keys), sealed_entry(EVENT, Manifest(), keys)
    with pytest.raises(Unopened):
        manifest_of(Entry(one.leaf, other.sealed), keys)


def test_entries_from_elsewhere_have_no_manifest(keys: SubjectKeys) -> None:
    assert manifest_of(Entry(EVENT.leaf), keys) is None
    assert manifest_of(Entry(b"\xff no leaf"), keys) is None


def audited(found: list[tuple[int, Found]], entries: list[Entry], keys: SubjectKeys) -> list[tuple[int, BookCode]]:
    findings: list[BookFinding] = list(audit_entries(list(enumerate(entries)), found, set(), keys))
    return [(one.entry, one.code) for one in findings]


def test_entries_and_tables_are_walked_side_by_side(keys: SubjectKeys) -> None:
    plain, full = Entry(EVENT.leaf), sealed_entry(EVENT, MANIFEST, keys)
    empty = sealed_entry(EVENT, Manifest(), keys)
    entries = [plain, full, empty, full, plain]
    one = Found((ROW,))
    assert audited([(1, FOUND), (3, FOUND)], entries, keys) == []
    assert audited([(3, FOUND)], entries, keys) == [
        (1, BookCode.ROW_MISSING),
        (1, BookCode.ROW_MISSING),
        (1, BookCode.MESSAGE_MISSING),
        (1, BookCode.SETTLED_DIFFERS),
    ]
    for stray in (0, 2, 4, 9):
        found = sorted([(1, FOUND), (3, FOUND), (stray, one)], key=lambda pair: pair[0])
        assert audited(found, entries, keys) == [(stray, BookCode.ROW_UNKNOWN)]
    assert audited([(-5, one), (1, FOUND), (3, FOUND)], entries, keys) == [(-5, BookCode.ROW_UNKNOWN)]


def test_rows_of_an_entry_that_is_gone_are_unknown(keys: SubjectKeys) -> None:
    full = sealed_entry(EVENT, MANIFEST, keys)
    findings = list(audit_entries([(0, full), (2, full)], [(0, FOUND), (1, Found((ROW,))), (2, FOUND)], set(), keys))
    assert [(one.entry, one.code) for one in findings] == [(1, BookCode.ROW_UNKNOWN)]


@pytest.mark.parametrize("sealed", [None, b"", b"x" * 200])
def test_an_entry_that_does_not_open_leaves_its_rows_unproven(keys: SubjectKeys, sealed: bytes | None) -> None:
    entry = Entry(sealed_entry(EVENT, MANIFEST, keys).leaf, sealed, "case-1")
    assert audited([(0, FOUND)], [entry], keys) == [(0, BookCode.UNPROVEN)]


def test_without_the_key_of_the_book_nothing_is_proven(keys: SubjectKeys) -> None:
    entry = sealed_entry(EVENT, MANIFEST, keys)
    stranger = SubjectKeys(AgencyKey(b"x" * 32), MemoryKeys())
    assert audited([(0, FOUND)], [entry], stranger) == [(0, BookCode.UNPROVEN)]
