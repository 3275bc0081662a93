"""Every edit of a table is found and named to its entry, and nothing that was edited is handed out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import DatabaseError
from tests.rooms.evidence.keys import private, signer
from tests.rooms.store.base import Bench, audited, change, event, message, row, settling

from recoup.casework.book import Place, Row
from recoup.casework.commitment import BookCode, BookFinding
from recoup.evidence import Code, Damaged, Edge, Entry, Finding, Signer, Untrusted, grow
from recoup.store import Target, open_database
from recoup.store.book import DatabaseBook


@pytest.fixture
def book(bench: Bench) -> DatabaseBook:
    """Entries 0 to 5: three versions of a case, a sealed row, a settled message, an erased subject."""
    book = bench.book()
    for number in range(3):
        book.commit(change(row(number), messages=(message(number), message(number, "person-2"))))
    book.commit(change(row(3, "case-2", "person-1"), row(4, "case-3", "person-2")))
    book.commit(settling(Place(1, 0)))
    book.erase("person-1", event("person-1", "subject.erased"))
    assert audited(book) == []
    return book


@dataclass(frozen=True)
class Edit:
    """What the administrator runs, and what the audit must say of which entry."""

    sql: str
    code: BookCode
    entry: int
    values: tuple[object, ...] = ()
    also: tuple[int, ...] = ()


_ROW, _MESSAGE = "UPDATE book_row SET", "UPDATE book_message SET"
_ONE = "WHERE row_id = 'case-1' AND version = 2"
_OTHER = "(SELECT body FROM (SELECT * FROM book_row) o WHERE row_id = 'case-1' AND version = 1)"
EDITS = {
    "body": Edit(f"{_ROW} body = %s {_ONE}", BookCode.ROW_CHANGED, 1, (b'{"number":7}',)),
    "one digit": Edit(f"{_ROW} body = %s {_ONE}", BookCode.ROW_CHANGED, 1, (b'{"number":0}',)),
    "spaces": Edit(f"{_ROW} body = %s {_ONE}", BookCode.ROW_CHANGED, 1, (b'{"number": 1}',)),
    "older body": Edit(f"{_ROW} body = {_OTHER} {_ONE}", BookCode.ROW_CHANGED, 1),
    "emptied": Edit(f"{_ROW} body = NULL {_ONE}", BookCode.ROW_CHANGED, 1),
    "sealed body": Edit(f"{_ROW} body = %s WHERE row_id = 'case-3'", BookCode.ROW_CHANGED, 3, (b"x" * 99,)),
    "unsealed": Edit(f"{_ROW} subject = '' WHERE row_id = 'case-3'", BookCode.ROW_CHANGED, 3),
    "other subject": Edit(f"{_ROW} subject = 'person-9' WHERE row_id = 'case-3'", BookCode.ROW_CHANGED, 3),
    "as if erased": Edit(f"{_ROW} body = NULL WHERE row_id = 'case-3'", BookCode.ROW_CHANGED, 3),
    "row of the erased": Edit(f"{_ROW} body = %s WHERE row_id = 'case-2'", BookCode.ROW_CHANGED, 3, (b"{}",)),
    "renamed": Edit(f"{_ROW} row_id = 'case-9' {_ONE}", BookCode.ROW_MISSING, 1),
    "renamed, the new name": Edit(f"{_ROW} row_id = 'case-9' {_ONE}", BookCode.ROW_UNKNOWN, 1),
    "other version": Edit(f"{_ROW} version = 9 {_ONE}", BookCode.ROW_MISSING, 1),
    "other entry": Edit(f"{_ROW} entry = 2 {_ONE}", BookCode.ROW_MISSING, 1, also=(2,)),
    "other entry, there": Edit(f"{_ROW} entry = 2 {_ONE}", BookCode.ROW_UNKNOWN, 2, also=(1,)),
    "removed": Edit(f"DELETE FROM book_row {_ONE}", BookCode.ROW_MISSING, 1),
    "newest removed": Edit("DELETE FROM book_row WHERE row_id = 'case-1' AND version = 3", BookCode.ROW_MISSING, 2),
    "added": Edit(
        "INSERT INTO book_row VALUES ('case', 'case-1', 4, 2, '', %s)", BookCode.ROW_UNKNOWN, 2, (b'{"number":9}',)
    ),
    "added behind the log": Edit(
        "INSERT INTO book_row VALUES ('case', 'case-8', 1, 77, '', %s)", BookCode.ROW_UNKNOWN, 77, (b"{}",)
    ),
    "message": Edit(f"{_MESSAGE} body = %s WHERE entry = 2", BookCode.MESSAGE_CHANGED, 2, (b"{}",)),
    "message turned": Edit(f"{_MESSAGE} agency = 'agency-c' WHERE entry = 0", BookCode.MESSAGE_CHANGED, 0),
    "message of another type": Edit(f"{_MESSAGE} type = 'freeze.lifted' WHERE entry = 0", BookCode.MESSAGE_CHANGED, 0),
    "message removed": Edit("DELETE FROM book_message WHERE entry = 0", BookCode.MESSAGE_MISSING, 0),
    "message added": Edit(
        "INSERT INTO book_message VALUES (2, 7, 'agency-c', 'a.b', '', %s)",
        BookCode.MESSAGE_UNKNOWN,
        2,
        (b"{}",),
    ),
    "unsettled": Edit("DELETE FROM book_settled", BookCode.SETTLED_DIFFERS, 4),
    "settled by nobody": Edit("INSERT INTO book_settled VALUES (0, 0, 2)", BookCode.SETTLED_DIFFERS, 2),
}


def test_there_are_enough_kinds() -> None:
    assert len(EDITS) >= 20


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_found_and_named(bench: Bench, book: DatabaseBook, name: str) -> None:
    edit = EDITS[name]
    bench.sql(edit.sql, *edit.values)
    found = audited(book)
    assert (edit.code, edit.entry) in {(one.code, one.entry) for one in found if isinstance(one, BookFinding)}
    assert {one.entry for one in found if isinstance(one, BookFinding)} <= {edit.entry, *edit.also}
    assert not [one for one in found if isinstance(one, Finding)]
    assert f"entry {edit.entry}: " in "".join(map(str, found))


@pytest.mark.parametrize("name", ["body", "older body", "emptied", "unsealed", "renamed", "other version", "added"])
def test_what_was_edited_is_not_handed_out(bench: Bench, book: DatabaseBook, name: str) -> None:
    edit = EDITS[name]
    bench.sql(edit.sql, *edit.values)
    with pytest.raises(Damaged):
        list(book.history("case", "case-1")), list(book.rows("case"))


@pytest.mark.parametrize("name", ["message", "message turned", "message of another type", "message added"])
def test_an_edited_message_is_not_handed_out(bench: Bench, book: DatabaseBook, name: str) -> None:
    edit = EDITS[name]
    bench.sql(edit.sql, *edit.values)
    with pytest.raises(Damaged):
        book.pending_messages()


_FIRST = "SELECT leaf FROM log_entry WHERE idx = 0"
LOG_EDITS = {
    "leaf": (f"UPDATE log_entry SET leaf = ({_FIRST}) WHERE idx = 1", Code.ENTRY_CHANGED),
    "leaf removed": ("DELETE FROM log_entry WHERE idx = 1", Code.ENTRY_MISSING),
    "payload": (f"UPDATE log_payload SET sealed = ({_FIRST}) WHERE idx = 1", Code.PAYLOAD_CHANGED),
    "payload removed": ("UPDATE log_payload SET sealed = NULL WHERE idx = 1", Code.PAYLOAD_MISSING),
    "payload filed elsewhere": ("UPDATE log_payload SET record = 'case-7' WHERE idx = 1", Code.PAYLOAD_INDEX),
    "tail dropped": ("DELETE FROM log_entry WHERE idx = 5", Code.ENTRY_MISSING),
    "checkpoint": ("UPDATE log_checkpoint SET note = replace(note, '6', '5')", Code.CHECKPOINT_FALSE),
    "checkpoint removed": ("DELETE FROM log_checkpoint", Code.CHECKPOINT_MISSING),
    "tile": (f"UPDATE log_tile SET hashes = ({_FIRST})", Code.TILE_MISSING),
}  # fmt: skip


@pytest.mark.parametrize("name", LOG_EDITS)
def test_an_edit_of_the_log_is_found_through_the_same_audit(bench: Bench, book: DatabaseBook, name: str) -> None:
    sql, code = LOG_EDITS[name]
    bench.sql(sql)
    found = audited(book)
    assert code in {one.code for one in found if isinstance(one, Finding)}, found


@pytest.mark.parametrize("name", ["payload", "payload removed", "leaf removed"])
def test_a_row_whose_entry_is_damaged_is_unproven_and_not_handed_out(
    bench: Bench, book: DatabaseBook, name: str
) -> None:
    bench.sql(LOG_EDITS[name][0])
    found = {(one.code, one.entry) for one in audited(book) if isinstance(one, BookFinding)}
    assert (BookCode.UNPROVEN, 1) in found or (BookCode.ROW_UNKNOWN, 1) in found
    with pytest.raises(Damaged):
        book.history("case", "case-1")


@pytest.mark.parametrize("name", ["tail dropped", "checkpoint removed", "tile"])
def test_a_damaged_log_does_not_grow(bench: Bench, book: DatabaseBook, name: str) -> None:
    bench.sql(LOG_EDITS[name][0])
    again = bench.book()
    with pytest.raises((Damaged, Untrusted)):
        again.commit(change(row(9)))
    with pytest.raises((Damaged, Untrusted)):
        again.commit(change(row(9)))


def test_a_log_of_another_key_does_not_grow(bench: Bench, book: DatabaseBook) -> None:
    stranger = Signer(signer().name, private("stranger"))
    other = open_database(Target.parse(bench.address), stranger, bench.keys)
    with pytest.raises(Untrusted):
        other.commit(change(row(9)))
    other.close()


def test_a_body_that_came_back_after_its_erasure_is_found(bench: Bench) -> None:
    book = bench.book()
    book.commit(change(row(0, "case-1", "person-1")))
    ((body,),) = bench.read("SELECT body FROM book_row")
    book.erase("person-1", event("person-1", "subject.erased"))
    bench.sql("UPDATE book_row SET body = %s", bytes(body))
    assert [(one.code, one.entry) for one in audited(book) if isinstance(one, BookFinding)] == [
        (BookCode.NOT_ERASED, 0)
    ]
    with pytest.raises(Damaged):
        book.row("case", "case-1")


def test_a_text_in_the_place_of_bytes_is_found(bench: Bench, book: DatabaseBook) -> None:
    if bench.is_postgres:
        with pytest.raises(DatabaseError):
            bench.sql(f"{_ROW} body = 'text' || entry {_ONE}")
        return
    bench.sql(f"{_ROW} body = '{{\"number\":1}} ' {_ONE}")
    assert BookCode.ROW_CHANGED in {one.code for one in audited(book)}


def test_a_rewritten_history_with_the_same_rows_is_unproven(bench: Bench, book: DatabaseBook) -> None:
    """The insider with the log's key who drops a change: rows of entries that moved are not theirs any more."""
    kept = [entry for index, entry in book.log.entries(0, 6) if index != 1]
    for table in ("entry", "payload", "tile", "checkpoint"):
        bench.sql(f"DELETE FROM log_{table}")
    book.log.write(grow(Edge(), [Entry(one.leaf, one.sealed, one.record) for one in kept], signer().name, signer()))
    found = {(one.code, one.entry) for one in audited(book) if isinstance(one, BookFinding)}
    assert (BookCode.ROW_MISSING, 1) in found and (BookCode.ROW_UNKNOWN, 2) in found


def test_a_thousand_clean_rows_raise_no_alarm(book: DatabaseBook) -> None:
    for number in range(10):
        book.commit(change(*(Row("many", f"m{at}", {"n": number}, f"person-{2 + at % 3}") for at in range(100))))
    assert audited(book) == []
    assert len(book.rows("many")) == 100
