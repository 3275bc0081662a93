"""Erasing a subject: nothing readable is left in any file, and every proof still verifies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rooms.evidence.keys import signer
from tests.rooms.store.base import AGENCY, Bench, audited, change, event, file_address, message, row

from recoup.casework.book import Change, Message, Row
from recoup.evidence import Event, Log, Malformed, Shredded, SubjectKeys
from recoup.evidence.keystore import KeyFile
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.policy import Policy
from recoup.store import Target, open_database
from recoup.store.book import DatabaseBook

NAMES = [f"Maria Musterfrau the {number}th of Wolfratshausen" for number in range(40)]


def person(number: int) -> str:
    return f"person-{number}"


def told(number: int) -> Change:
    body = {"name": NAMES[number], "iban": f"DE{number:020d}"}
    sent = Message("agency-b", "person.named", body, person(number))
    return change(Row("victim", f"v{number}", body, person(number)), messages=(sent,))


def erasure(subject: str) -> Event:
    return event(subject, "subject.erased")


class Watched(KeyFile):
    """A key file that shows every wrapped key that it ever held."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.wrapped: dict[str, bytes] = {}

    def put(self, subject: str, wrapped: bytes) -> None:
        self.wrapped[subject] = wrapped
        super().put(subject, wrapped)


@pytest.fixture
def keyfile(bench: Bench, tmp_path: Path) -> Watched:
    held = Watched(tmp_path / "subjects.sqlite3")
    bench.keys = SubjectKeys(AGENCY, held)
    return held


def files(*folders: Path) -> Iterator[bytes]:
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            if path.is_file():
                yield path.read_bytes()


def places(bench: Bench, tmp_path: Path) -> list[Path]:
    """Every folder in which the database keeps something."""
    if not bench.is_postgres:
        return [tmp_path]
    ((folder, number),) = bench.read(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
    )
    return [tmp_path, Path(folder, "base", str(number)), Path(folder, "pg_wal"), Path(folder).parent / "log"]


def found(needles: list[bytes], folders: list[Path]) -> int:
    """How many of the needles are in some file."""
    return len({needle for data in files(*folders) for needle in needles if needle in data})


def test_no_word_and_no_key_is_left(bench: Bench, keyfile: Watched, tmp_path: Path) -> None:
    book = bench.book()
    for number in range(20):
        book.commit(told(number))
    sealed = [bytes(body) for (body,) in bench.read("SELECT body FROM book_row WHERE kind = 'victim'")]
    keys = list(keyfile.wrapped.values())
    folders = places(bench, tmp_path)
    if bench.is_postgres:
        bench.sql("CHECKPOINT")  # the write-ahead log cuts a record at its page ends; a row lies whole in its table
    assert found(keys, folders) == len(keys) and found(sealed, folders) == 20  # the search can find
    for number in range(20):
        book.erase(person(number), erasure(person(number)))
    gone = [keyfile.wrapped[person(number)] for number in range(20)]
    words = [name.encode() for name in NAMES[:20]]
    assert found(gone, folders) == 0
    assert found(words, folders) == 0
    if not bench.is_postgres:  # there the sealed bytes stay until the server reuses their pages
        assert found(sealed, folders) == 0
    assert audited(book) == []


def test_the_write_ahead_log_is_where_removed_pages_would_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the last step of an erasure the sealed bytes are still there."""
    bench = Bench(file_address(tmp_path / "recoup.sqlite3"))
    book = bench.book()
    book.commit(told(0))
    ((body,),) = bench.read("SELECT body FROM book_row WHERE kind = 'victim'")
    monkeypatch.setattr("recoup.store.database.Database.forget_removed", lambda self: None)
    book.erase(person(0), erasure(person(0)))
    assert found([bytes(body)], [tmp_path]) == 1
    monkeypatch.undo()
    book.erase(person(0), erasure(person(0)))
    assert found([bytes(body)], [tmp_path]) == 0


def test_proofs_still_verify(book: DatabaseBook) -> None:
    for number in range(5):
        book.commit(told(number))
    log, policy = Log(book.log, signer()), Policy.of([signer().verifier], [], 0)
    leaves = [leaf for _, leaf in book.log.leaves(0, 5)]
    before = [log.proof(index) for index in range(5)]
    book.erase(person(2), erasure(person(2)))
    after = Log(book.log, signer())
    for index, leaf in enumerate(leaves):
        assert before[index].verify(leaf_hash(leaf), policy).size == 5
        assert after.proof(index).verify(leaf_hash(leaf), policy).size == 6
    assert audited(book) == []


def test_what_is_erased_says_so_and_the_rest_is_read(book: DatabaseBook) -> None:
    for number in range(3):
        book.commit(told(number))
    book.commit(change(row(1, "mixed"), row(2, "sealed", person(1)), messages=(message(1), message(2, person(1)))))
    book.erase(person(1), erasure(person(1)))
    assert [stored.erased for stored in book.rows("victim")] == [False, True, False]
    stored = book.rows("victim")[1]
    assert stored.body is None
    with pytest.raises(Shredded, match="was erased"):
        stored.read(Row)
    assert [stored.erased for stored in book.rows("case")] == [False, True]
    assert [one.message.subject for one in book.pending_messages()] == [person(0), person(2), ""]


def test_an_erasure_that_was_cut_is_finished_by_the_next_call(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    book = bench.book()
    book.commit(told(0))

    def cut(subject: str) -> None:
        raise OSError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(bench.keys, "shred", cut)
        with pytest.raises(OSError, match="cut"):
            book.erase(person(0), erasure(person(0)))
    assert bench.keys.has(person(0))
    again = bench.book()
    assert again.erase(person(0), erasure(person(0))).first == 1
    assert not bench.keys.has(person(0))
    assert again.log.size() == 2
    assert audited(again) == []


def test_another_process_that_still_holds_the_key_in_memory_cannot_write(bench: Bench, keyfile: Watched) -> None:
    mine = bench.book()
    mine.commit(told(0))
    bench.keys = SubjectKeys(AGENCY, keyfile)
    bench.book().erase(person(0), erasure(person(0)))
    with pytest.raises(Shredded):
        mine.commit(told(0))
    assert mine.row("victim", "v0") == mine.history("victim", "v0")[0]
    assert audited(mine) == []


@pytest.mark.parametrize("subject", ["book", "people", "", "Maria Musterfrau"])
def test_the_house_itself_is_not_erased(book: DatabaseBook, subject: str) -> None:
    with pytest.raises(Malformed):
        book.erase(subject, erasure("person-1"))


def test_an_erasure_needs_its_own_event(book: DatabaseBook) -> None:
    for wrong in (erasure("person-2"), event("person-1", "subject.changed")):
        with pytest.raises(Malformed, match=r"is an event subject\.erased on it"):
            book.erase("person-1", wrong)
    with pytest.raises(Malformed, match="written by `erase` alone"):
        Change((erasure("person-1"),))
    assert book.log.size() == 0


def test_a_reader_that_never_ends_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoup.store.database.BUSY_SECONDS", 0.2)
    monkeypatch.setattr("recoup.store.target.BUSY_SECONDS", 0.2)
    path = tmp_path / "recoup.sqlite3"
    book = open_database(Target.file(path), signer(), Bench("").keys)
    book.commit(told(0))
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM book_row").fetchone()
    with pytest.raises(TimeoutError, match="a long reader keeps removed pages"):
        book.erase(person(0), erasure(person(0)))
    reader.close()
    assert book.erase(person(0), erasure(person(0))).first == 1
    assert path.with_name("recoup.sqlite3-wal").stat().st_size == 0
    book.close()
