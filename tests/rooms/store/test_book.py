"""The book on both databases: what is written is read back, stale changes are refused, pages stand in order."""

from __future__ import annotations

import pytest
from tests.rooms.evidence.build import at
from tests.rooms.evidence.keys import signer
from tests.rooms.store.base import (
    Bench,
    audited,
    change,
    event,
    message,
    row,
    seen,
    settling,
)

from recoup.casework.book import BODY_BYTES_MAX, PAGE_ROWS_MAX, Change, Message, Pending, Place, Row, Stale, Stored
from recoup.evidence import Entry, Event, Log, Malformed, Shredded
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.policy import Policy
from recoup.store.book import DatabaseBook


def test_a_row_is_read_back(book: DatabaseBook) -> None:
    body = {"a": ["ü", None, True, 2**53 - 1, "9" * 80], "b": {}}
    receipt = book.commit(change(Row("case", "case-1", body)))
    assert receipt.first == 0 and receipt.count == 1
    assert book.row("case", "case-1") == Stored("case", "case-1", 1, 0, body)
    assert book.row("case", "case-2") is None
    assert book.row("other", "case-1") is None


def test_a_change_is_rows_events_and_messages(book: DatabaseBook) -> None:
    both = Change((event(), event("case-2", "case.seen")), (row(1), row(2, "case-2")), (message(3),))
    receipt = book.commit(both)
    assert (receipt.first, receipt.count) == (0, 2)
    assert [leaf for _, leaf in book.log.leaves(1, 2)] == [event("case-2", "case.seen").leaf]
    assert book.pending_messages() == [Pending(Place(0, 0), message(3))]
    assert [stored.entry for stored in book.rows("case")] == [0, 0]
    assert book.commit(change(row(4))).first == 2


def test_nothing_is_changed_in_place(book: DatabaseBook) -> None:
    for number in range(5):
        book.commit(change(row(number)))
    newest = book.row("case", "case-1")
    assert newest is not None and (newest.version, newest.entry, newest.body) == (5, 4, {"number": 4})
    assert [stored.body["number"] for stored in book.history("case", "case-1")] == [0, 1, 2, 3, 4]
    assert [stored.version for stored in book.history("case", "case-1", after=2, limit=2)] == [3, 4]
    assert book.history("case", "case-1", after=5) == []


def test_pages_stand_in_ascii_order_on_both_databases(book: DatabaseBook) -> None:
    names = ["Z", "a", "B", "b-2", "b.1", "b:1", "b_1", "0", "ab", "a.b"]
    book.commit(change(*(row(number, name) for number, name in enumerate(names))))
    book.commit(change(row(99, "b-2"), row(0, "other", kind="else")))
    found: list[str] = []
    while page := book.rows("case", found[-1] if found else "", 3):
        assert len(page) <= 3
        found += [stored.id for stored in page]
    assert found == sorted(names)
    assert {stored.version for stored in book.rows("case") if stored.id == "b-2"} == {2}


def test_a_page_has_a_limit(book: DatabaseBook) -> None:
    book.commit(change(*(row(0, f"c{number}") for number in range(1_000))))
    book.commit(change(row(0, "c1000")))
    assert len(book.rows("case", limit=5_000)) == PAGE_ROWS_MAX
    with pytest.raises(ValueError, match="at least one row"):
        book.rows("case", limit=0)


def test_a_stale_change_writes_nothing(book: DatabaseBook) -> None:
    book.commit(change(row(1), seen=seen(0)))
    book.commit(change(row(2), seen=seen(1)))
    for version in (0, 1, 3):
        with pytest.raises(Stale, match="is at version 2"):
            book.commit(change(row(3), messages=(message(),), seen=seen(version)))
    with pytest.raises(Stale):
        book.commit(change(row(3, "case-2"), seen=seen(1)))
    assert book.log.size() == 2
    assert book.row("case", "case-2") is None
    assert book.pending_messages() == []
    assert audited(book) == []


def test_a_message_is_settled_once(book: DatabaseBook) -> None:
    book.commit(change(row(), messages=(message(0), message(1), message(2))))
    assert [one.message.body["number"] for one in book.pending_messages(limit=2)] == [0, 1]
    assert [one.place for one in book.pending_messages(Place(0, 1))] == [Place(0, 2)]
    book.commit(settling(Place(0, 1)))
    assert [one.place for one in book.pending_messages()] == [Place(0, 0), Place(0, 2)]
    for place in (Place(0, 1), Place(0, 3), Place(7, 0)):
        with pytest.raises(Stale, match="is settled, or was never sent"):
            book.commit(settling(place))
    assert audited(book) == []


def test_messages_of_later_entries_follow(book: DatabaseBook) -> None:
    for number in range(3):
        book.commit(change(row(number), messages=(message(number), message(number))))
    places = [one.place for one in book.pending_messages(Place(0, 1))]
    assert places == [Place(1, 0), Place(1, 1), Place(2, 0), Place(2, 1)]


def test_a_body_about_a_person_is_sealed(bench: Bench) -> None:
    book = bench.book()
    told = Row("case", "case-1", {"name": "Maria Musterfrau"}, "person-1")
    book.commit(change(told, messages=(Message("agency-b", "person.named", told.body, "person-1"),)))
    kept = [bytes(each[0]) for table in ("row", "message") for each in bench.read(f"SELECT body FROM book_{table}")]
    assert len(kept) == 2 and all(b"Maria" not in each for each in kept)
    newest = book.row("case", "case-1")
    assert newest is not None and newest.body == told.body
    assert book.pending_messages()[0].message.body == told.body


@pytest.mark.parametrize("body", [1.5, {"a": 2**53}, {1: "a"}, {"a": {1, 2}}, "\ud800", {"a": b"x"}])
def test_an_inexact_body_is_refused(book: DatabaseBook, body: object) -> None:
    with pytest.raises(Malformed, match="cannot hold exactly"):
        book.commit(change(Row("case", "case-1", body)))
    assert book.log.size() == 0


def test_a_body_has_a_limit(book: DatabaseBook) -> None:
    longest = "x" * (BODY_BYTES_MAX - 2)
    book.commit(change(Row("case", "case-1", longest)))
    with pytest.raises(Malformed, match="at most 1,000,000 bytes"):
        book.commit(change(Row("case", "case-1", longest + "x")))
    assert book.log.size() == 1


def test_a_book_that_is_opened_again_goes_on(bench: Bench) -> None:
    for number in range(3):
        book = bench.book()
        assert book.commit(change(row(number))).first == number
    assert [stored.body["number"] for stored in book.history("case", "case-1")] == [0, 1, 2]
    assert audited(book) == []


def test_proofs_and_witnessing_work_on_the_same_log(book: DatabaseBook) -> None:
    for number in range(40):
        book.commit(change(row(number)))
    log = Log(book.log, signer())
    ((_, leaf),) = book.log.leaves(7, 8)
    assert log.proof(7).verify(leaf_hash(leaf), Policy.of([signer().verifier], [], 0)).size == 40
    assert len(log.consistency(30, 40)) > 0
    book.log.keep_cosigned(40, log.checkpoint())
    assert book.log.cosigned() == [str(log.checkpoint())]
    assert audited(book) == []


def test_other_entries_stand_in_the_same_log(book: DatabaseBook) -> None:
    log = Log(book.log, signer())
    custody = Event("item.examined", at(0), "officer-7", "item-1")
    assert book.commit(change(row(0))).first == 0
    assert log.append([Entry(custody.leaf, None, "item-1")]).first == 1
    assert book.commit(change(row(1))).first == 2
    assert log.append([Entry(custody.leaf, None, "item-1")]).first == 3
    assert book.log.indexes_of("item-1") == [1, 3]
    assert audited(book) == []


def test_an_erased_subject_is_never_written_again(book: DatabaseBook) -> None:
    book.commit(change(row(1, subject="person-1")))
    book.erase("person-1", event("person-1", "subject.erased"))
    with pytest.raises(Shredded, match="nothing is written under it again"):
        book.commit(change(row(2, subject="person-1")))
    with pytest.raises(Shredded):
        book.commit(change(row(2), messages=(message(0, "person-1"),)))
    assert book.commit(change(row(3, "case-2", "person-2"))).first == 2
    assert audited(book) == []
