"""From a complaint to a recorded distribution, every step through the one write path, on both databases.

Then what an outsider can check of it: proofs, a witness of another agency, and the audit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.casework.trace_made import sealed
from tests.rooms.evidence.build import at
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer
from tests.rooms.restitution.runs import HUBER, run
from tests.rooms.store.base import VERIFIER, Bench, settling
from tests.rooms.store.fixtures import bench, server

from recoup.casework.book import Stale
from recoup.casework.complain import amend_complaint, file_complaint, read_complaint
from recoup.casework.people import erase_subject
from recoup.casework.record import RUN, TRACE, TraceRecord, record_run, record_trace
from recoup.complaints import Complaint, Person
from recoup.evidence import Code, Event, Finding, Log, Shredded, WitnessView
from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import parse_signatures
from recoup.evidence.policy import Policy
from recoup.evidence.witness import Request, Status, Witness
from recoup.evidence.witnessstore import WitnessFile
from recoup.store.book import DatabaseBook

__all__ = ["bench", "server"]
OFFICER = "officer-7"
COMPLAINTS = [
    Complaint(f"c-{number}", Person(f"Victim the {number}th"), at(number), narrative="they took it")
    for number in range(8)
]


def casework(book: DatabaseBook, folder: Path) -> None:
    """Complaints filed by many at once, one amended, the trace and the run recorded, word of both sent."""

    def file(number: int) -> None:
        file_complaint(book, COMPLAINTS[number], f"victim-{number}", f"officer-{number % 3}", at(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(file, range(len(COMPLAINTS))))
    amend_complaint(book, replace(COMPLAINTS[2], country="DE"), 1, OFFICER, at(20))
    record_trace(book, sealed(folder), "case-1", OFFICER, at(21), tell=("agency-b.example",))
    record_run(book, run(folder, HUBER).record, "case-1", OFFICER, at(22), tell=("agency-b.example",))


def witnessed(book: DatabaseBook) -> WitnessView:
    """What another agency's witness remembers after it cosigned the newest checkpoint."""
    log, store = Log(book.log, signer()), WitnessFile(":memory:")
    node = Witness(cosigner(), [VERIFIER], store, lambda: 1_800_000_000)
    note = log.checkpoint()
    answer = node.add_checkpoint(str(Request(0, (), note)))
    assert answer.status is Status.COSIGNED
    log.add_cosignatures(note, parse_signatures(answer.body), [node.cosigner.verifier])
    return WitnessView(node.cosigner.verifier, store.seen(ORIGIN))


def test_a_case_through_the_write_path(bench: Bench, tmp_path: Path) -> None:
    book = bench.book()
    casework(book, tmp_path)
    assert [read_complaint(book, one.id) for one in COMPLAINTS[:2]] == COMPLAINTS[:2]
    amended = read_complaint(book, "c-2")
    assert amended is not None and amended.country == "DE"
    ((trace,), (distribution,)) = book.rows(TRACE), book.rows(RUN)
    assert trace.read(TraceRecord).rule == "fifo"
    assert [one.message.type for one in book.pending_messages()] == ["trace.sealed", "run.sealed"]
    kinds = [Event.parse(leaf).kind for _, leaf in book.log.leaves(0, 99)]
    assert kinds == ["complaint.filed"] * 8 + ["complaint.amended", "trace.sealed", "run.sealed"]
    assert distribution.entry == 10
    assert book.audit([VERIFIER]) == []


def test_what_was_sent_is_settled_and_not_sent_again(bench: Bench, tmp_path: Path) -> None:
    book = bench.book()
    casework(book, tmp_path)
    for pending in book.pending_messages():
        book.commit(settling(pending.place))
        with pytest.raises(Stale):
            book.commit(settling(pending.place))
    assert bench.book().pending_messages() == []
    assert book.audit([VERIFIER]) == []


def test_an_outsider_can_check_it_and_an_insider_cannot_hide(bench: Bench, tmp_path: Path) -> None:
    book = bench.book()
    casework(book, tmp_path)
    view = witnessed(book)
    log, policy = Log(book.log, signer()), Policy.of([VERIFIER], [view.key], 1)
    (trace,) = book.rows(TRACE)
    ((_, leaf),) = book.log.leaves(trace.entry, trace.entry + 1)
    assert log.proof(trace.entry).verify(leaf_hash(leaf), policy).size == Checkpoint.parse(log.checkpoint().text).size
    assert book.audit([VERIFIER], [view]) == []
    bench.sql("DELETE FROM log_entry WHERE idx = 10")
    bench.sql("DELETE FROM book_row WHERE entry = 10")
    bench.sql("DELETE FROM book_message WHERE entry = 10")
    found = {one.code for one in book.audit([VERIFIER], [view]) if isinstance(one, Finding)}
    assert Code.ENTRY_MISSING in found


def test_a_victim_can_be_forgotten_and_the_rest_still_proves(bench: Bench, tmp_path: Path) -> None:
    book = bench.book()
    casework(book, tmp_path)
    view = witnessed(book)
    erase_subject(book, "victim-2", OFFICER, at(30))
    with pytest.raises(Shredded):
        read_complaint(book, "c-2")
    assert [stored.erased for stored in book.history("complaint", "c-2")] == [True, True]
    assert read_complaint(book, "c-3") == COMPLAINTS[3]
    with pytest.raises(Shredded):
        file_complaint(book, replace(COMPLAINTS[2], id="c-99"), "victim-2", OFFICER, at(31))
    assert book.audit([VERIFIER], [view]) == []
