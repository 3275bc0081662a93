"""The power fails below SQLite and vault at once, at every operation of a working day in a case home."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.rooms.evidence.faulty import PowerCut, SimulatedDisk
from tests.rooms.evidence.keys import signer
from tests.rooms.evidence.power import Machine
from tests.rooms.evidence.test_custody import ANNA, BERT, COLLECTED

from recoup.evidence.audit import Code
from recoup.evidence.custody import Action, HandOver, State, Step, sign_step
from recoup.evidence.home import Home, SealOrder, audit_home, chain_of, enrol, erase, extend, people, seal_file
from recoup.evidence.home.erasure import is_erased
from recoup.evidence.vault import Address

# SQLite closes its journal when the power is off already; Python can only say that it could not.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
KEY = signer().verifier
# Of work that was under way and not acknowledged: an item before its entry, an erasure before its key is gone.
UNDER_WAY = {Code.ITEM_UNKNOWN, Code.KEY_NOT_ERASED}


@dataclass
class Acknowledged:
    """What callers were told is done."""

    size: int = 0
    items: dict[str, Address] = field(default_factory=dict)
    transferred: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[SealOrder]:
    folder, orders = tmp_path_factory.mktemp("sources"), []
    for number, (size, subject) in enumerate([(300, "case-1"), (40, "case-2"), (150, "case-1")]):
        path = folder / f"file{number}"
        path.write_bytes(random.Random(number).randbytes(size))
        orders.append(SealOrder(path, subject, COLLECTED))
    return orders


def day(home: Home, sources: list[SealOrder], done: Acknowledged) -> None:
    """Enrol, seal, hand over, erase; each step is skipped where it is done already."""
    enrol(home, ANNA.verifier)
    enrol(home, BERT.verifier, ANNA.verifier)
    done.size = home.log.size
    for order in sources:
        if not is_erased(home, order.subject):
            result = seal_file(home, order, ANNA)
            done.items[result.item] = result.sealed.address
            done.size = home.log.size
    first = next(iter(done.items))
    chain = chain_of(home, first)
    if chain.state is State.SEALED:
        over = HandOver(ANNA.name, BERT.name, "analysis", "Bamberg", "sealed")
        step = Step(first, Action.TRANSFER, home.clock(), ANNA.name, over, chain.head)
        extend(home, sign_step(step, [ANNA, BERT]), ANNA.verifier)
    done.transferred.add(first)
    erase(home, "case-2", ANNA.verifier)
    done.erased.add("case-2")
    done.size = home.log.size


def wrong(home: Home, done: Acknowledged) -> list[str]:
    """What was acknowledged and is not so."""
    found = [f"{finding}" for finding in audit_home(home, [KEY]) if finding.code not in UNDER_WAY]
    if home.log.size < done.size:
        found.append(f"{done.size - home.log.size} acknowledged entries are lost")
    there = set(home.vault.addresses())
    for item, address in done.items.items():
        if not home.storage.indexes_of(item):
            found.append(f"{item} is lost from the log")
        elif not is_erased(home, address.subject):
            found += [] if address in there else [f"{address.name} is lost from the vault"]
            moved = chain_of(home, item).state is State.TRANSFERRED
            found += [] if moved or item not in done.transferred else [f"the hand-over of {item} is lost"]
    return found + [f"{subject} is here again" for subject in done.erased if home.keys.has(subject)]


def operations(sources: list[SealOrder]) -> int:
    machine = Machine(SimulatedDisk())
    day(machine.on(), sources, Acknowledged())
    count = machine.disk.operations
    assert audit_home(machine.home, [KEY]) == []
    machine.off()
    return count


def cut(sources: list[SealOrder], at: int, synchronous: str = "FULL") -> tuple[SimulatedDisk, Acknowledged]:
    """The disk as it is when the power fails at one operation, and what was acknowledged by then."""
    disk, done = SimulatedDisk(cut_after=at), Acknowledged()
    machine = Machine(disk)
    try:
        day(machine.on(synchronous), sources, done)
    except BaseException:
        if not disk.dead:
            raise
    machine.off()
    return disk, done


def restart(disk: SimulatedDisk, done: Acknowledged, sources: list[SealOrder], chance: random.Random) -> list[str]:
    """Power on; what is wrong then, and what is still wrong after the day was done again."""
    machine = Machine(disk.after_cut(chance))
    home = machine.on()
    found = wrong(home, done)
    if not found:
        day(home, sources, Acknowledged())
        home.vault.sweep()
        found = [f"after recovery: {finding}" for finding in audit_home(home, [KEY])]
        assert people(home) == [ANNA.verifier, BERT.verifier]
    machine.off()
    return found


def points(sources: list[SealOrder], cuts: range, outcomes: int) -> int:
    """Cut at each point, restart in several ways; the number of restarts, all without loss."""
    count = 0
    for at in cuts:
        disk, done = cut(sources, at)
        for outcome in range(outcomes):
            found = restart(disk, done, sources, random.Random(f"{at} {outcome}"))
            assert found == [], (at, outcome)
            count += 1
    return count


def test_no_acknowledged_write_is_lost(sources: list[SealOrder]) -> None:
    assert points(sources, range(0, operations(sources), 3), 2) >= 180


@pytest.mark.torture
def test_no_acknowledged_write_is_lost_at_any_point(sources: list[SealOrder]) -> None:
    total = operations(sources)
    done = points(sources, range(total), -(-20_000 // total))
    print(f"{done} power-loss points, 0 acknowledged writes lost, 0 orphans")
    assert done >= 20_000


def test_the_harness_sees_loss_without_full_synchronisation(sources: list[SealOrder]) -> None:
    """Negative control: synchronous=NORMAL does not flush the write-ahead log, and acknowledged entries are lost."""
    lost = 0
    total = operations(sources)
    for at in range(total // 2, total, 11):
        disk, done = cut(sources, at, synchronous="NORMAL")
        for outcome in range(3):
            machine = Machine(disk.after_cut(random.Random(f"{at} {outcome}")))
            lost += any("lost" in each for each in wrong(machine.on(), done))
            machine.off()
    assert lost >= 5


def test_a_cut_is_not_an_exception_that_code_can_catch() -> None:
    assert not issubclass(PowerCut, Exception)
    disk = SimulatedDisk(cut_after=0)
    with pytest.raises(PowerCut):
        disk.create("x")
    assert disk.dead and Path("x").exists() is False
