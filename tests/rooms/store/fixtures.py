"""Fixtures: every test that takes `bench` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rooms.store.base import Bench, file_address
from tests.rooms.store.postgres import Absent, Server, running

from recoup.store.book import DatabaseBook


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    try:
        with running() as server:
            yield server
    except Absent as reason:
        pytest.skip(f"NOT CHECKED ON POSTGRESQL: {reason}")


@pytest.fixture(params=["sqlite", "postgres"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "sqlite":
        bench = Bench(file_address(tmp_path / "recoup.sqlite3"))
    else:
        bench = Bench(request.getfixturevalue("server").database())
    with bench.opened:
        yield bench


@pytest.fixture
def book(bench: Bench) -> DatabaseBook:
    return bench.book()
