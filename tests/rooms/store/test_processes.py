"""Many processes on one database, and processes that are killed while they write."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.house.tree import ROOT
from tests.rooms.store.base import Bench, audited
from tests.rooms.store.hand import keys_of

from recoup.casework.book import Stored
from recoup.store.book import DatabaseBook

KILLS, KILLS_TORTURE = 20, 220
WAIT_SECONDS = 120


def start(bench: Bench, keys: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.rooms.store.hand", bench.address, str(keys), name, str(count)]
    paths = f"{ROOT}:{ROOT / 'src'}"
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": paths})


def acknowledged(output: str) -> dict[str, int]:
    """Row id -> entry, from whole lines: a line that was cut was not said."""
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return {name: int(entry) for name, entry in lines}


def everything(book: DatabaseBook, kind: str = "case") -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    while page := book.rows(kind, max(found, default="")):
        found |= {stored.id: stored for stored in page}
    return found


def refuse_loss(book: DatabaseBook, told: dict[str, int]) -> None:
    """Every acknowledged change is there whole and once: row, leaf, message; and nothing is there by half."""
    with book.database.transaction():
        pass  # a server may still be busy with the commit of a process that is gone
    found = everything(book)
    shared = found.pop("all", None)
    assert {name: found[name].entry for name in told} == told
    assert all(stored.version == 1 for stored in found.values())
    entries = sorted(stored.entry for stored in found.values())
    assert entries == list(range(book.log.size()))
    assert sorted(one.place.entry for one in book.pending_messages()) == entries[:1_000]
    assert (shared.version if shared else 0) == len(entries)
    assert audited(book) == []


def test_processes_that_race_do_not_fork_the_log(bench: Bench, tmp_path: Path) -> None:
    keys, count = tmp_path / "keys.sqlite3", 25
    keys_of(keys).ensure("person-1")
    racing = [start(bench, keys, f"p{number}", count) for number in range(3)]
    told: dict[str, int] = {}
    for process in racing:
        output, _ = process.communicate(timeout=WAIT_SECONDS)
        assert process.returncode == 0
        told |= acknowledged(output)
    assert sorted(told.values()) == list(range(3 * count))
    bench.keys = keys_of(keys)
    refuse_loss(bench.book(), told)


def killed(bench: Bench, keys: Path, name: str, chance: random.Random) -> dict[str, int]:
    """What a writer acknowledged before it was killed at a moment that it cannot know."""
    process = start(bench, keys, name, 10_000)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(chance.uniform(0, 0.08))
    process.send_signal(signal.SIGKILL)
    output = first + process.communicate(timeout=WAIT_SECONDS)[0]
    assert process.returncode == -signal.SIGKILL
    return acknowledged(output)


def kill_often(bench: Bench, keys: Path, times: int) -> int:
    keys_of(keys).ensure("person-1")
    bench.keys = keys_of(keys)
    told: dict[str, int] = {}
    for number in range(times):
        told |= killed(bench, keys, f"k{number}", random.Random(number))
        if number % 20 == 19 or number < 3:
            refuse_loss(bench.book(), told)
    refuse_loss(bench.book(), told)
    return len(told)


def test_a_killed_writer_loses_nothing(bench: Bench, tmp_path: Path) -> None:
    assert kill_often(bench, tmp_path / "keys.sqlite3", KILLS // 2) >= KILLS // 2


@pytest.mark.torture
def test_many_killed_writers_lose_nothing(bench: Bench, tmp_path: Path) -> None:
    total = kill_often(bench, tmp_path / "keys.sqlite3", KILLS_TORTURE // 2)
    print(f"{KILLS_TORTURE // 2} SIGKILLs, {total} acknowledged changes, 0 lost, 0 by half")
