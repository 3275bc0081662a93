"""Statements made from the models, and the questions that a batch asks, at and beyond one page of values."""

from __future__ import annotations

import pytest
from tests.rooms.store.base import change, event, message, row, settling

from recoup.casework.book import Place
from recoup.store.book import DatabaseBook
from recoup.store.sql import VALUES_MAX, erased_among, insert, newest_versions, unsettled_among
from recoup.store.tables import models

MANY = 2 * VALUES_MAX + 1


def test_statements_name_every_column() -> None:
    assert insert(models.BookErased) == "INSERT INTO book_erased (subject, entry) VALUES (%s, %s)"
    assert insert(models.LogTile, replace=True) == (
        "INSERT INTO log_tile (level, idx, hashes) VALUES (%s, %s, %s)"
        " ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes"
    )
    assert insert(models.BookRow).startswith("INSERT INTO book_row (kind, row_id, version, entry, subject, body) ")


def test_newest_versions_of_many_rows(book: DatabaseBook) -> None:
    book.commit_all([change(*(row(0, f"c{at}") for at in range(start, start + 90))) for start in range(0, 900, 90)])
    book.commit(change(row(1, "c7")))
    with book.database.transaction() as cursor:
        found = newest_versions(cursor, [("case", f"c{at}") for at in range(MANY)] + [("case", "none"), ("no", "c1")])
        assert newest_versions(cursor, []) == {}
    assert len(found) == MANY and found["case", "c7"] == 2 and found["case", "c8"] == 1
    assert ("case", "none") not in found and ("no", "c1") not in found


def test_unsettled_among_many_messages(book: DatabaseBook) -> None:
    book.commit(change(row(), messages=tuple(message(at) for at in range(MANY))))
    book.commit(settling(*(Place(0, at) for at in range(0, MANY, 2))))
    places = [Place(0, at) for at in range(MANY)] + [Place(1, 0)]
    with book.database.transaction() as cursor:
        assert unsettled_among(cursor, places) == {(0, at) for at in range(1, MANY, 2)}
        assert unsettled_among(cursor, []) == set()


def test_erased_among_many_subjects(book: DatabaseBook) -> None:
    for number in (3, VALUES_MAX + 3):
        book.erase(f"person-{number}", event(f"person-{number}", "subject.erased"))
    with book.database.transaction() as cursor:
        found = erased_among(cursor, [f"person-{at}" for at in range(MANY)])
    assert found == {"person-3", f"person-{VALUES_MAX + 3}"}


def test_a_transaction_that_fails_leaves_nothing_and_the_next_goes_on(book: DatabaseBook) -> None:
    sql = insert(models.BookErased)
    with pytest.raises(KeyboardInterrupt), book.database.transaction() as cursor:
        cursor.execute(sql, ["person-1", 0])
        raise KeyboardInterrupt
    with book.database.transaction() as cursor:
        assert erased_among(cursor, ["person-1"]) == set()
    assert book.commit(change(row())).first == 0
