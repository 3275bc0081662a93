"""The power fails after every single operation of the vault: nothing acknowledged is lost, nothing half is seen."""

from __future__ import annotations

import errno
import io
import random

import pytest
from tests.rooms.evidence.faulty import PowerCut, SimulatedDisk
from tests.rooms.evidence.test_vault import content_of, keys, read

from recoup.evidence.keys import Unopened
from recoup.evidence.sealedfile import Content
from recoup.evidence.vault import Address, Vault

KEYS = keys()
SOURCES = [random.Random(number).randbytes(size) for number, size in enumerate((0, 30, 64, 700))]
OUTCOMES = 12


def run(disk: SimulatedDisk, done: list[Address]) -> None:
    """Ingest every source, one of them twice, and take a working copy; each is in `done` once acknowledged."""
    vault = Vault(disk, KEYS, chunk_bytes=64, sync_bytes=192)
    for number, data in enumerate(SOURCES):
        done.append(vault.ingest(io.BytesIO(data), "case-1", token=f"source {number}").address)
    done.append(vault.ingest(io.BytesIO(SOURCES[1]), "case-1").address)
    done.append(vault.working_copy(done[3]).address)


def operations() -> int:
    disk = SimulatedDisk()
    run(disk, [])
    return disk.operations


def lost_or_half(disk: SimulatedDisk, done: list[Address]) -> list[str]:
    """What is wrong after a restart: an acknowledged item that is gone, or any item that does not open."""
    vault = Vault(disk, KEYS, chunk_bytes=64, sync_bytes=192)
    wrong = []
    there = set(vault.addresses())
    wrong += [f"lost {address.name}" for address in done if address not in there]
    for address in there:
        try:
            vault.check(address)
        except Unopened as error:
            wrong.append(f"half {address.name}: {error}")
    return wrong


def test_no_acknowledged_item_is_lost_at_any_point() -> None:
    points = 0
    for cut in range(operations()):
        disk, done = SimulatedDisk(cut_after=cut), list[Address]()
        with pytest.raises(PowerCut):
            run(disk, done)
        for outcome in range(OUTCOMES):
            after = disk.after_cut(random.Random(cut * 1_000 + outcome))
            assert lost_or_half(after, done) == [], (cut, outcome)
            again: list[Address] = []
            run(after, again)
            vault = Vault(after, KEYS)
            assert [read(vault, address) for address in again[:4]] == SOURCES
            assert sorted(set(again)) == list(vault.addresses())
            vault.sweep()
            assert vault.unfinished() == []
            points += 1
    assert points >= 900


def test_a_second_cut_while_resuming_loses_nothing_either() -> None:
    chance = random.Random(7)
    for _ in range(300):
        disk, done = SimulatedDisk(cut_after=chance.randrange(operations())), list[Address]()
        for _ in range(3):
            try:
                run(disk, done)
            except PowerCut:
                disk = disk.after_cut(chance)
                assert lost_or_half(disk, done) == []
                disk.cut_after = chance.randrange(operations())


def test_the_harness_sees_a_disk_that_lies() -> None:
    """Negative control: where sync does nothing, acknowledged items are lost or half."""
    seen = 0
    for cut in range(operations() - 5, operations()):
        disk, done = SimulatedDisk(cut_after=cut, honest=False), list[Address]()
        with pytest.raises(PowerCut):
            run(disk, done)
        seen += sum(bool(lost_or_half(disk.after_cut(random.Random(outcome)), done)) for outcome in range(20))
    assert seen >= 50


@pytest.mark.parametrize("room", range(100, 1_900, 150))
def test_disk_full_loses_nothing_and_resumes(room: int) -> None:
    disk, done = SimulatedDisk(room_bytes=room), list[Address]()
    with pytest.raises(OSError, match="space") as raised:
        run(disk, done)
    assert raised.value.errno == errno.ENOSPC
    assert lost_or_half(disk, done) == []
    disk.room_bytes = None
    again: list[Address] = []
    run(disk, again)
    assert again[: len(done)] == done
    vault = Vault(disk, KEYS)
    contents: list[Content] = [vault.check(address) for address in again[:4]]
    assert contents == [content_of(data) for data in SOURCES]
