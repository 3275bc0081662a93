"""Group commit: many threads, one transaction, each its own outcome."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError
from tests.rooms.store.base import Bench, audited, change, message, row, seen

from recoup.casework.book import Row, Stale
from recoup.evidence import Malformed, Receipt
from recoup.store.book import DatabaseBook
from recoup.store.group import BATCH_MAX, GroupCommit

THREADS = 32
# A rule of the database itself, which only the database can break: one change, by its number, is refused.
_REFUSING = {
    False: ("CREATE TRIGGER no BEFORE INSERT ON book_row WHEN NEW.row_id = 'bad' BEGIN SELECT RAISE(ABORT, 'n'); END",),
    True: (
        "CREATE FUNCTION no() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER no BEFORE INSERT ON book_row FOR EACH ROW WHEN (NEW.row_id = 'bad') EXECUTE FUNCTION no()",
    ),
}


def written(book: DatabaseBook, number: int, each: int) -> list[int]:
    receipts = [book.commit(change(row(at, f"t{number}"), messages=(message(at),))) for at in range(each)]
    return [receipt.first for receipt in receipts]


def test_many_threads_share_commits_and_lose_nothing(book: DatabaseBook) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        entries = list(pool.map(lambda number: written(book, number, 6), range(THREADS)))
    assert sorted(entry for each in entries for entry in each) == list(range(6 * THREADS))
    assert all(each == sorted(each) for each in entries)
    assert [len(book.history("case", f"t{number}")) for number in range(THREADS)] == [6] * THREADS
    assert len(book.pending_messages()) == 6 * THREADS
    assert audited(book) == []


def together(book: DatabaseBook, changes: Sequence[object]) -> list[object]:
    """The outcomes of changes that are in one batch for sure."""
    return list(book._writer.commit(changes))  # type: ignore[arg-type]


def test_one_bad_change_fails_alone(book: DatabaseBook) -> None:
    changes = [change(row(number, f"c{number}"), messages=(message(number),)) for number in range(9)]
    changes[4] = change(row(4, "c4"), seen=seen(7, "c4"))
    changes[6] = change(Row("case", "c6", 1.5))
    outcomes = together(book, changes)
    assert [type(one) for one in outcomes] == [Receipt] * 4 + [Stale] + [Receipt] + [Malformed] + [Receipt] * 2
    assert [one.first for one in outcomes if isinstance(one, Receipt)] == list(range(7))
    assert [stored.id for stored in book.rows("case")] == ["c0", "c1", "c2", "c3", "c5", "c7", "c8"]
    assert book.log.size() == 7 == len(book.pending_messages())
    assert audited(book) == []


def test_what_the_database_refuses_fails_alone_and_leaves_no_leaf(bench: Bench) -> None:
    book = bench.book()
    for sql in _REFUSING[bench.is_postgres]:
        bench.sql(sql)
    names = ["c0", "bad", "c2", "bad", "c4"]
    outcomes = together(book, [change(row(0, name), messages=(message(),)) for name in names])
    assert [isinstance(one, DatabaseError) for one in outcomes] == [False, True, False, True, False]
    assert [one.first for one in outcomes if isinstance(one, Receipt)] == [0, 1, 2]
    assert [stored.id for stored in book.rows("case")] == ["c0", "c2", "c4"]
    assert book.log.size() == 3 == len(book.pending_messages())
    with pytest.raises(DatabaseError):
        book.commit(change(row(0, "bad")))
    assert book.commit(change(row(0, "c5"))).first == 3
    assert audited(book) == []


def test_a_batch_where_all_fail_writes_nothing(book: DatabaseBook) -> None:
    outcomes = together(book, [change(row(), seen=seen(3)) for _ in range(3)])
    assert [type(one) for one in outcomes] == [Stale] * 3
    assert book.log.size() == 0
    assert book.commit(change(row())).first == 0


def test_changes_of_one_batch_see_each_other(book: DatabaseBook) -> None:
    outcomes = together(book, [change(row(number), seen=seen(at)) for number, at in enumerate((0, 0, 1, 1, 2))])
    assert [type(one) for one in outcomes] == [Receipt, Stale, Receipt, Stale, Receipt]
    assert [stored.body["number"] for stored in book.history("case", "case-1")] == [0, 2, 4]


def test_only_one_of_many_that_read_the_same_wins(book: DatabaseBook) -> None:
    def attempt(number: int) -> bool:
        try:
            book.commit(change(row(number), seen=seen(0)))
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(attempt, range(THREADS))) == 1
    assert len(book.history("case", "case-1")) == 1 == book.log.size()


def test_callers_that_wait_share_a_batch_up_to_its_limit() -> None:
    gate, sizes = threading.Event(), list[int]()

    def commit(batch: Sequence[int]) -> Sequence[int]:
        gate.wait()
        sizes.append(len(batch))
        return [2 * number for number in batch]

    group = GroupCommit[int, int](commit, batch_max=3)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(group.submit, 0)
        while not group._led:
            pass
        rest = [pool.submit(group.submit, number) for number in range(1, 8)]
        while len(group._waiting) < 7:
            pass
        gate.set()
        assert [each.result() for each in (first, *rest)] == [2 * number for number in range(8)]
    assert sizes == [1, 3, 3, 1]
    assert BATCH_MAX == 1_024


def test_many_works_of_one_caller_keep_their_order_over_several_batches() -> None:
    sizes = list[int]()

    def commit(batch: Sequence[int]) -> Sequence[int | BaseException]:
        sizes.append(len(batch))
        return [ValueError(number) if number % 5 == 4 else number for number in batch]

    group = GroupCommit[int, int](commit, batch_max=3)
    outcomes = group.submit_all(range(10))
    assert [one for one in outcomes if isinstance(one, int)] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert [str(one) for one in outcomes if isinstance(one, ValueError)] == ["4", "9"]
    assert sizes == [3, 3, 3, 1]
    assert group.submit_all([]) == []
    assert group.submit(11) == 11


def test_an_import_is_told_of_each_change(book: DatabaseBook) -> None:
    outcomes = book.commit_all(
        [change(row(number, f"c{number % 3}"), seen=seen(0, f"c{number % 3}")) for number in range(5)]
    )
    assert [type(one) for one in outcomes] == [Receipt] * 3 + [Stale] * 2
    assert audited(book) == []


def test_what_a_commit_raises_reaches_all_and_the_next_goes_on() -> None:
    calls = list[int]()

    def commit(batch: Sequence[int]) -> Sequence[int]:
        calls.append(len(batch))
        if len(calls) == 1:
            raise OSError("no space left")
        return batch

    group = GroupCommit[int, int](commit)
    with pytest.raises(OSError, match="no space"):
        group.submit(1)
    assert group.submit(2) == 2


def test_a_caller_that_is_interrupted_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    group = GroupCommit[int, int](lambda batch: batch)
    group._led = True  # somebody leads; this caller waits and is interrupted

    def interrupted(self: threading.Event, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            group.submit_all([1, 2])
    assert not group._waiting
    with group._queue:
        group._pass_on()
    assert group.submit(2) == 2
