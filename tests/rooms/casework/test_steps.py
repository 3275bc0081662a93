"""The first steps that write through the book, on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.casework.trace_made import sealed
from tests.rooms.evidence.build import at
from tests.rooms.restitution.runs import HUBER, run
from tests.rooms.store.base import audited
from tests.rooms.store.fixtures import bench, book, server

from recoup.casework.book import Stale
from recoup.casework.complain import amend_complaint, file_complaint, read_complaint
from recoup.casework.people import erase_subject, hold_subject, release_subject
from recoup.casework.record import RUN, TRACE, RunRecord, TraceRecord, record_run, record_trace
from recoup.complaints import Complaint, Payment, Person
from recoup.evidence import Event, Malformed, Shredded
from recoup.evidence.home import Held
from recoup.ground import Asset, Money
from recoup.store.book import DatabaseBook

__all__ = ["bench", "book", "server"]
PAID = Payment(money=Money(2**90, Asset("ETH")), recipient="0xabc")
COMPLAINT = Complaint("c-1", Person("Maria Rossi", email="m@example.org"), at(0), narrative="…", payments=(PAID,))


def test_a_complaint_is_filed_and_read(book: DatabaseBook) -> None:
    receipt = file_complaint(book, COMPLAINT, "victim-1", "officer-7", at(1))
    assert read_complaint(book, "c-1") == COMPLAINT
    assert read_complaint(book, "c-2") is None
    ((_, leaf),) = book.log.leaves(receipt.first, receipt.first + 1)
    told = Event.parse(leaf)
    assert (told.kind, told.record, told.actor) == ("complaint.filed", "c-1", "officer-7")
    assert b"Maria" not in leaf


def test_a_complaint_is_filed_once(book: DatabaseBook) -> None:
    file_complaint(book, COMPLAINT, "victim-1", "officer-7", at(1))
    with pytest.raises(Stale):
        file_complaint(book, COMPLAINT, "victim-1", "officer-7", at(2))
    assert book.log.size() == 1


def test_an_amendment_is_a_version(book: DatabaseBook) -> None:
    file_complaint(book, COMPLAINT, "victim-1", "officer-7", at(1))
    amended = replace(COMPLAINT, narrative="more")
    amend_complaint(book, amended, 1, "officer-8", at(2))
    assert read_complaint(book, "c-1") == amended
    assert [stored.read(Complaint).narrative for stored in book.history("complaint", "c-1")] == ["…", "more"]
    with pytest.raises(Stale):
        amend_complaint(book, amended, 1, "officer-9", at(3))
    with pytest.raises(KeyError):
        amend_complaint(book, replace(COMPLAINT, id="c-9"), 1, "officer-9", at(3))


def test_a_complaint_whose_id_tells_a_name_is_refused(book: DatabaseBook) -> None:
    with pytest.raises(Malformed):
        file_complaint(book, replace(COMPLAINT, id="Maria Rossi"), "victim-1", "officer-7", at(1))


def test_a_trace_is_recorded_with_word_to_others(book: DatabaseBook, tmp_path: Path) -> None:
    bundle = sealed(tmp_path)
    record_trace(book, bundle, "case-1", "officer-7", at(1), tell=("agency-b", "agency-c"))
    stored = book.row(TRACE, bundle.sha256)
    assert stored is not None
    expected = TraceRecord(bundle.sha256, "case-1", "fifo", "coin", 2, True)
    assert replace(stored.read(TraceRecord), granularity="coin") == expected
    assert [(one.message.to, one.message.body["manifest"]) for one in book.pending_messages()] == [
        ("agency-b", bundle.sha256),
        ("agency-c", bundle.sha256),
    ]
    with pytest.raises(Stale):
        record_trace(book, bundle, "case-1", "officer-7", at(2))
    assert audited(book) == []


def test_a_run_is_recorded(book: DatabaseBook, tmp_path: Path) -> None:
    record = run(tmp_path, HUBER).record
    receipt = record_run(book, record, "case-1", "officer-7", at(1))
    stored = book.row(RUN, record.seal)
    assert stored is not None and stored.entry == receipt.first
    kept = stored.read(RunRecord)
    assert kept.awards + kept.costs + kept.reserve + kept.surplus == kept.pool > 0
    with pytest.raises(Stale):
        record_run(book, record, "case-1", "officer-7", at(2))


def test_a_hold_forbids_the_erasure(book: DatabaseBook) -> None:
    file_complaint(book, COMPLAINT, "victim-1", "officer-7", at(1))
    hold_subject(book, "victim-1", "order 7", "officer-7", at(2))
    with pytest.raises(Held):
        erase_subject(book, "victim-1", "officer-7", at(3))
    assert read_complaint(book, "c-1") == COMPLAINT
    release_subject(book, "victim-1", "order 7 lifted", "officer-7", at(4))
    assert erase_subject(book, "victim-1", "officer-7", at(5)).first == 3
    with pytest.raises(Shredded):
        read_complaint(book, "c-1")
    with pytest.raises(Shredded):
        amend_complaint(book, COMPLAINT, 1, "officer-7", at(6))
    assert [Event.parse(leaf).kind for _, leaf in book.log.leaves(1, 9)] == [
        "subject.held",
        "subject.released",
        "subject.erased",
    ]
    assert audited(book) == []


def test_an_erasure_of_a_subject_that_was_never_held(book: DatabaseBook) -> None:
    assert erase_subject(book, "victim-9", "officer-7", at(1)).first == 0
    assert erase_subject(book, "victim-9", "officer-7", at(2)).first == 0
    assert book.log.size() == 1
