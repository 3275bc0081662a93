"""A case home with a book: custody, people and rows are one history in one log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.evidence.build import at
from tests.rooms.evidence.test_custody import ANNA, BERT, COLLECTED
from tests.rooms.store.base import change, event, row
from tests.rooms.store.postgres import Server

from recoup.casework.book import Row
from recoup.evidence import Damaged
from recoup.evidence.home import (
    Held,
    Home,
    SealOrder,
    audit_home,
    chain_of,
    create_home,
    enrol,
    erase,
    hold,
    items,
    open_home,
    people,
    release,
    seal_file,
)
from recoup.store import CaseStore, open_case

NO_ENVIRONMENT: dict[str, str] = {}
ORIGIN = "agency-a.example/log"


@pytest.fixture(params=["sqlite", "postgres"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CaseStore]:
    create_home(tmp_path / "home", ORIGIN, NO_ENVIRONMENT)
    environment = {}
    if request.param == "postgres":
        server: Server = request.getfixturevalue("server")
        environment = {"RECOUP_DATABASE": server.database()}
    case = open_case(tmp_path / "home", environment)
    yield replace(case, home=replace(case.home, clock=lambda: at(0)))
    case.book.close()


def order(home: Home, subject: str = "case-1") -> SealOrder:
    path = home.root.parent / "statement.csv"
    path.write_text("date,amount\n2026-01-02,5\n")
    return SealOrder(path, subject, COLLECTED)


def test_items_and_rows_stand_in_one_log(case: CaseStore) -> None:
    enrol(case.home, ANNA.verifier)
    case.book.commit(change(row(1)))
    enrol(case.home, BERT.verifier, ANNA.verifier)
    sealed = seal_file(case.home, order(case.home), ANNA)
    case.book.commit(change(Row("case", "case-1", {"item": sealed.item})))
    assert people(case.home) == [ANNA.verifier, BERT.verifier]
    assert [index for _, index in items(case.home)] == [sealed.entry + 1]
    assert chain_of(case.home, sealed.item).head
    assert case.book.log.size() == 6
    assert audit_home(case.home, [case.home.signer.verifier]) == []
    assert case.book.audit([case.home.signer.verifier]) == []


def test_an_item_is_erased_with_the_rows_of_its_subject(case: CaseStore) -> None:
    enrol(case.home, ANNA.verifier)
    seal_file(case.home, order(case.home, "person-1"), ANNA)
    case.book.commit(change(row(1, "case-1", "person-1")))
    hold(case.home, "person-1", "order 7", ANNA.verifier)
    with pytest.raises(Held):
        erase(case.home, "person-1", ANNA.verifier)
    release(case.home, "person-1", "order 7 lifted", ANNA.verifier)
    case.book.erase("person-1", event("person-1", "subject.erased"))
    assert [entry.sealed for _, entry in case.book.log.entries(1, 3)] == [None, None]
    stored = case.book.row("case", "case-1")
    assert stored is not None and stored.erased
    assert erase(case.home, "person-1", ANNA.verifier) > 0  # what is left: the item in the vault
    assert audit_home(case.home, [case.home.signer.verifier]) == []
    assert case.book.audit([case.home.signer.verifier]) == []


def test_the_book_of_a_home_is_opened_again(tmp_path: Path) -> None:
    create_home(tmp_path / "home", ORIGIN, NO_ENVIRONMENT)
    for number in range(2):
        case = open_case(tmp_path / "home", NO_ENVIRONMENT)
        assert case.book.commit(change(row(number))).first == number
        case.book.close()
    assert (tmp_path / "home" / "recoup.sqlite3").is_file()


def test_a_home_with_a_log_file_of_its_own_is_refused(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home", ORIGIN, NO_ENVIRONMENT)
    enrol(home, ANNA.verifier)
    with pytest.raises(Damaged, match="would be a fork"):
        open_case(tmp_path / "home", NO_ENVIRONMENT)
    assert open_home(tmp_path / "home", NO_ENVIRONMENT).log.size == 1
