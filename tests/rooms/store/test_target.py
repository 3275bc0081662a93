"""Addresses of databases, and databases that are refused because they acknowledge too early."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.rooms.evidence.keys import signer
from tests.rooms.store.base import Bench, audited, change, row
from tests.rooms.store.postgres import Absent, Server, running

from recoup.store import NotDurable, Target, open_database
from recoup.store.database import Database
from recoup.store.target import _PRAGMAS


def test_an_address_of_postgresql() -> None:
    target = Target.parse("postgresql://anna:p%40ss@db.example:5433/recoup%20a?sslmode=verify-full")
    settings = target.settings
    assert settings["NAME"] == "recoup a" and settings["PASSWORD"] == "p@ss" and settings["PORT"] == "5433"
    assert settings["OPTIONS"] == {"sslmode": "verify-full", "options": "-c synchronous_commit=on"}
    assert "p@ss" not in repr(target)


def test_an_address_of_a_file() -> None:
    assert Target.parse("sqlite:///a/b.sqlite3") == Target.file(Path("a/b.sqlite3"))
    assert Target.parse("sqlite:////a%20b") == Target.file(Path("/a b"))


@pytest.mark.parametrize("address", ["", "x", "mysql://h/d", "sqlite://host/x", "sqlite:///", "postgres:8"])
def test_another_address_is_refused(address: str) -> None:
    if address.startswith("postgres"):
        assert Target.parse(address).host == ""
        return
    with pytest.raises(ValueError, match="a database is given as"):
        Target.parse(address)


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "journal_mode=DELETE", "secure_delete=OFF"])
def test_a_file_that_acknowledges_early_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str
) -> None:
    monkeypatch.setattr("recoup.store.target._PRAGMAS", (*_PRAGMAS, pragma))
    with pytest.raises(NotDurable, match=pragma.split("=")[0]):
        open_database(Target.file(tmp_path / "x.sqlite3"), signer(), Bench("").keys)


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(NotDurable):
        open_database(Target.file(Path(":memory:")), signer(), Bench("").keys)


def test_a_server_without_flushes_is_refused() -> None:
    try:
        with running("fsync=off") as server, pytest.raises(NotDurable, match="SHOW fsync: off"):
            open_database(Target.parse(server.database()), signer(), Bench("").keys)
    except Absent as reason:
        pytest.skip(f"NOT CHECKED ON POSTGRESQL: {reason}")


def test_a_session_asks_for_its_own_durability(server: Server) -> None:
    address = server.database()
    name = address.rsplit("/", 1)[1]
    Bench(address).sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    book = Bench(address).book()
    with book.database.transaction() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == "on"
    book.close()


def test_a_server_that_was_killed_gives_everything_back() -> None:
    """PostgreSQL stopped at once, without a checkpoint, and started again: acknowledged changes are there."""
    try:
        with running() as server:
            bench = Bench(server.database())
            book = bench.book()
            for number in range(10):
                book.commit(change(row(number)))
            server.restart_at_once()
            again = bench.book()
            assert len(again.history("case", "case-1")) == 10
            assert audited(again) == []
            with pytest.raises(Exception, match=r"terminat|closed"):
                book.commit(change(row(10)))  # its connection is gone, and with it what it was about to write
            assert book.commit(change(row(11))).first == 10
            again.close()
            book.close()
    except Absent as reason:
        pytest.skip(f"NOT CHECKED ON POSTGRESQL: {reason}")


def test_tables_are_made_once_and_models_have_no_change_without_a_migration(bench: Bench) -> None:
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.state import ProjectState

    database = bench.book().database
    executor = MigrationExecutor(database._writing)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    from django.apps import apps

    changes = MigrationAutodetector(executor.loader.project_state(), ProjectState.from_apps(apps)).changes(
        executor.loader.graph
    )
    assert changes == {}


def test_the_file_is_what_the_documents_say(tmp_path: Path) -> None:
    path = tmp_path / "recoup.sqlite3"
    database = Database(Target.file(path))
    tables = {name for (name,) in database.read("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"book_row", "book_message", "book_settled", "book_erased", "log_entry", "log_tile"} <= tables
    database.close()
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)
