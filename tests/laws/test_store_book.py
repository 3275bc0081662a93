"""Laws of the book: any sequence of steps gives what a plain dictionary gives, and a clean audit."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.rooms.store.base import Bench, audited, change, event, file_address, message, settling

from recoup.casework.book import Place, Row, Seen, Stale
from recoup.casework.codec import from_json, to_json
from recoup.complaints import Complaint, Payment, Person
from recoup.evidence import Shredded
from recoup.ground import Asset, Instant, Money, canonical_json
from recoup.store.book import DatabaseBook

IDS, SUBJECTS = ["a", "B", "a.1", "z"], ["", "person-1", "person-2"]
json_values: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab\0ü", max_size=3), inner, max_size=3),
    max_leaves=6,
)


class BookMachine(RuleBasedStateMachine):
    """A book on SQLite beside a dictionary that holds what should be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.bench = Bench(file_address(Path(self.folder.name) / "recoup.sqlite3"))
        self.book: DatabaseBook = self.bench.book()
        self.rows: dict[str, list[tuple[Any, str]]] = {}
        self.sent: dict[Place, tuple[Any, str]] = {}
        self.erased: set[str] = set()
        self.size = 0

    def teardown(self) -> None:
        self.bench.opened.close()
        self.folder.cleanup()

    def version(self, id: str) -> int:
        return len(self.rows.get(id, []))

    @rule(
        id=st.sampled_from(IDS), subject=st.sampled_from(SUBJECTS), body=json_values, off=st.sampled_from([0, 0, 0, 1])
    )
    def write(self, id: str, subject: str, body: Any, off: int) -> None:
        read = (Seen("case", id, self.version(id) + off),)
        told = change(Row("case", id, body, subject), messages=(message(1), message(2, subject)), seen=read)
        try:
            entry = self.book.commit(told).first
        except Stale:
            assert off
        except Shredded:
            assert subject in self.erased
        else:
            assert not off and subject not in self.erased and entry == self.size
            self.rows.setdefault(id, []).append((body, subject))
            self.sent |= {Place(entry, at): (one.body, one.subject) for at, one in enumerate(told.messages)}
            self.size += 1

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.sent)))
        self.book.commit(settling(place))
        del self.sent[place]
        self.size += 1

    @rule(subject=st.sampled_from(SUBJECTS[1:]))
    def erase(self, subject: str) -> None:
        self.book.erase(subject, event(subject, "subject.erased"))
        self.size += subject not in self.erased
        self.erased.add(subject)

    @rule()
    def open_again(self) -> None:
        self.book = self.bench.book()

    @invariant()
    def it_is_what_the_dictionary_says(self) -> None:
        expected = {
            id: [(None if who in self.erased else body) for body, who in told] for id, told in self.rows.items()
        }
        found = {one.id: [each.body for each in self.book.history("case", one.id)] for one in self.book.rows("case")}
        assert found == expected
        assert list(found) == sorted(expected)
        left = {place: told for place, told in self.sent.items() if told[1] not in self.erased}
        assert {one.place: (one.message.body, one.message.subject) for one in self.book.pending_messages()} == left
        assert self.book.log.size() == self.size
        assert audited(self.book) == []


TestBook = BookMachine.TestCase
TestBook.settings = settings(
    max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
amounts = st.integers(0, 2**256 - 1)
instants = st.datetimes(timezones=st.just(Instant.parse("2026-01-01").start.tzinfo)).map(Instant)
payments = st.builds(
    Payment,
    paid=st.none() | instants,
    money=st.none() | st.builds(Money, amounts, st.sampled_from([Asset("EUR"), Asset("ETH")])),
    written=texts,
    line=st.integers(0, 2**60),
)
complaints = st.builds(
    Complaint,
    id=st.just("c-1"),
    victim=st.builds(Person, name=texts, email=texts),
    narrative=texts,
    payments=st.lists(payments, max_size=3).map(tuple),
)


@given(complaints)
def test_any_complaint_goes_there_and_back(complaint: Complaint) -> None:
    assert from_json(Complaint, json.loads(canonical_json(to_json(complaint)))) == complaint
