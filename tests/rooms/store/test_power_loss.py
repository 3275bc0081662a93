"""The power fails below the store at every operation of a day: nothing acknowledged is lost, nothing is half."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import pytest
from tests.rooms.evidence.build import MemoryKeys
from tests.rooms.evidence.faulty import SimulatedDisk
from tests.rooms.evidence.keys import signer
from tests.rooms.store.base import AGENCY, audited, change, event, message, row, seen, settling

from recoup.casework.book import Place
from recoup.evidence import SubjectKeys
from recoup.store import Target, open_database
from recoup.store.book import DatabaseBook

pytest.importorskip("apsw", reason="NOT CHECKED: apsw is not installed, no power loss below the store")
from tests.rooms.store.power.base import Machine

DAYS_CHANGES = 12
POINTS_TORTURE = 20_000


@dataclass
class Told:
    """What callers were told is durable: row id -> entry; messages settled; subjects erased."""

    rows: dict[str, int] = field(default_factory=dict)
    settled: set[Place] = field(default_factory=set)
    erased: bool = False
    size: int = 0


@contextmanager
def switched_on(disk: SimulatedDisk, keys: SubjectKeys, synchronous: str = "FULL") -> Iterator[DatabaseBook]:
    machine = Machine(disk, synchronous)
    book = None
    try:
        book = open_database(Target("tests.rooms.store.power", machine.name), signer(), keys)
        yield book
    finally:
        machine.off()
        if book is not None:
            book.close()


def fresh_keys() -> SubjectKeys:
    return SubjectKeys(AGENCY, MemoryKeys())


@cache
def installed() -> SimulatedDisk:
    """A disk with the tables on it, everything durable."""
    disk = SimulatedDisk()
    with switched_on(disk, fresh_keys()):
        return disk.after_cut(random.Random(0))


def day(book: DatabaseBook, told: Told) -> None:
    """Changes with rows, messages, settlements and one erasure, single and in batches."""
    for number in range(DAYS_CHANGES):
        name = f"c{number}"
        told.rows[name] = book.commit(
            change(row(number, name, f"person-{number % 2}"), row(number, "all"), messages=(message(number),))
        ).first
        told.size = book.log.size()
    book.commit(settling(Place(told.rows["c3"], 0)))
    told.settled.add(Place(told.rows["c3"], 0))
    batch = [change(row(number, f"b{number}", seen_in), seen=seen(0, f"b{number}")) for number, seen_in in _BATCH]
    for (number, _), outcome in zip(_BATCH, book._writer.commit(batch), strict=True):
        told.rows[f"b{number}"] = outcome.first  # type: ignore[union-attr]
    book.erase("person-1", event("person-1", "subject.erased"))
    told.erased = True
    told.size = book.log.size()


_BATCH = [(0, ""), (1, "person-0"), (2, "")]


def operations(keys: SubjectKeys) -> int:
    disk = copy.deepcopy(installed())
    with switched_on(disk, keys) as book:
        day(book, Told())
        assert audited(book) == []
        return disk.operations


def cut(at: int, keys: SubjectKeys, synchronous: str = "FULL") -> tuple[SimulatedDisk, Told]:
    """The disk as the power fails at one operation, and what was told by then."""
    disk, told = copy.deepcopy(installed()), Told()
    disk.cut_after = at
    try:
        with switched_on(disk, keys, synchronous) as book:
            day(book, told)
    except BaseException:
        if not disk.dead:
            raise
    return disk, told


def wrong(book: DatabaseBook, told: Told) -> list[str]:
    """What was told and is not so, or is there by half."""
    rows = {stored.id: stored for stored in book.rows("case")}
    shared = rows.pop("all", None)
    found = [f"{name} is lost" for name, entry in told.rows.items() if name not in rows or rows[name].entry != entry]
    found += [f"{finding}" for finding in audited(book) if "not-erased" not in str(finding)]
    if book.log.size() < told.size:
        found.append("acknowledged entries are lost")
    pending = {one.place for one in book.pending_messages()}
    found += [f"{place} is to be sent again" for place in told.settled & pending]
    singles = [name for name in rows if name.startswith("c")]
    if (shared.version if shared else 0) != len(singles):
        found.append("rows of one change are there by half")
    if told.erased and any(not stored.erased for stored in rows.values() if stored.subject == "person-1"):
        found.append("what was erased is here again")
    return found


def restart(disk: SimulatedDisk, told: Told, keys: SubjectKeys, chance: random.Random) -> list[str]:
    with switched_on(disk.after_cut(chance), keys) as book:
        found = wrong(book, told)
        size = book.log.size()
        if book.commit(change(row(0, "after"))).first != size:
            found.append("the book does not go on")
    return found


def points(cuts: range, outcomes: int) -> int:
    """Cut at each point, restart in several ways; the number of restarts, all without loss."""
    count = 0
    for at in cuts:
        keys = fresh_keys()
        disk, told = cut(at, keys)
        for outcome in range(outcomes):
            assert restart(disk, told, keys, random.Random(f"{at} {outcome}")) == [], (at, outcome)
            count += 1
    return count


def test_no_acknowledged_change_is_lost() -> None:
    total = operations(fresh_keys())
    assert total > 100
    assert points(range(1, total, max(1, total // 25)), 2) >= 50


@pytest.mark.torture
def test_no_acknowledged_change_is_lost_at_any_point() -> None:
    total = operations(fresh_keys())
    done = points(range(total), -(-POINTS_TORTURE // total))
    print(f"{done} power-loss points of {total} operations, 0 acknowledged changes lost, 0 by half")
    assert done >= POINTS_TORTURE


def test_the_harness_sees_loss_without_full_synchronisation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: synchronous=NORMAL does not flush the write-ahead log at each commit."""
    monkeypatch.setattr("recoup.store.database.Database._refuse_fickle", lambda self: None)
    lost, total = 0, operations(fresh_keys())
    for at in range(total // 3, total, 9):
        keys = fresh_keys()
        disk, told = cut(at, keys, "NORMAL")
        for outcome in range(2):
            with switched_on(disk.after_cut(random.Random(f"{at} {outcome}")), keys) as book:
                lost += any("lost" in each for each in wrong(book, told))
    assert lost >= 5


def test_a_full_disk_loses_nothing_and_the_book_goes_on() -> None:
    keys, disk = fresh_keys(), copy.deepcopy(installed())
    refused, told = 0, dict[str, int]()
    with switched_on(disk, keys) as book:
        disk.room_bytes = sum(len(file.live) for file in disk.live.values()) + 900_000
        for number in range(60):
            name = f"c{number}"
            try:
                told[name] = book.commit(change(row(number, name), messages=(message(number),))).first
            except Exception as error:
                assert "full" in str(error), error
                refused += 1
        assert refused > 5 and len(told) > 5
        disk.room_bytes = None
        entry = book.commit(change(row(0, "room"))).first
        assert entry == len(told)
        assert {stored.id: stored.entry for stored in book.rows("case") if stored.id != "room"} == told
        assert len(book.pending_messages()) == len(told)
        assert audited(book) == []
