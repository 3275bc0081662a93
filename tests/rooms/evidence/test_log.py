from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.rooms.evidence.build import Agency, at, grown
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer
from tests.rooms.evidence.shared import ROOT

from recoup.evidence.audit import audit
from recoup.evidence.checkpoint import Checkpoint, open_checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.growth import Edge, Growth, edge_of, grow
from recoup.evidence.leaf import Entry, Event
from recoup.evidence.log import BATCH_ENTRIES_MAX, Damaged, Log
from recoup.evidence.logstore import Behind, LogFile
from recoup.evidence.merkle import MemoryTree, leaf_hash, verify_consistency
from recoup.evidence.note import Untrusted
from recoup.evidence.policy import Policy
from recoup.evidence.tiles import Tile


def entries(start: int, count: int) -> list[Entry]:
    return [Entry(Event("item.examined", at(number), "o", f"r{number}").leaf) for number in range(start, start + count)]


@pytest.mark.parametrize("steps", [[1], [1, 1, 1], [255, 1, 1], [256], [300, 300], [65_535, 2], [7] * 100])
def test_growth_equals_the_tree_of_its_leaves(steps: Sequence[int]) -> None:
    tree, edge = MemoryTree(), Edge()
    tiles: dict[tuple[int, int], bytes] = {}
    for count in steps:
        more = entries(edge.size, count)
        growth = grow(edge, more, ORIGIN, signer())
        for entry in more:
            tree.append(leaf_hash(entry.leaf))
        tiles |= {(tile.level, tile.index): hashes for tile, hashes in growth.tiles}
        edge = growth.edge
        head = open_checkpoint(growth.checkpoint, [signer().verifier])
        assert (head.size, head.root) == (len(tree), tree.root()) == (edge.size, edge.root())
    assert edge_of(edge.size, lambda tile: tiles[tile.level, tile.index][: 32 * tile.width]) == edge
    for (level, index), hashes in tiles.items():
        assert hashes[:32] == tree.subtree(8 * level, 256 * index)


def test_growth_is_the_same_bytes_every_time() -> None:
    assert grow(Edge(), entries(0, 300), ORIGIN, signer()) == grow(Edge(), entries(0, 300), ORIGIN, signer())


def test_reopened_log_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite3"
    for number in range(5):
        log = Log(LogFile(path), signer())
        assert log.size == number * 100
        receipt = log.append(entries(log.size, 100))
        assert (receipt.first, receipt.count) == (number * 100, 100)
    assert audit(LogFile(path), [signer().verifier]) == []


def test_a_log_opens_with_its_own_key_only(tmp_path: Path) -> None:
    Log(LogFile(tmp_path / "log.sqlite3"), signer()).append(entries(0, 1))
    with pytest.raises(Untrusted):
        Log(LogFile(tmp_path / "log.sqlite3"), signer("other.example"))


def test_a_log_with_a_broken_edge_takes_nothing_more() -> None:
    agency = grown(20)
    agency.file.db.execute("UPDATE tile SET hashes = zeroblob(640)")
    with pytest.raises(Damaged, match="root"):
        Log(agency.file, signer())
    agency.file.db.execute("DELETE FROM tile")
    with pytest.raises(Damaged, match="missing"):
        Log(agency.file, signer())


def test_every_entry_has_a_proof_under_the_cosigned_checkpoint() -> None:
    agency = grown(300)
    agency.add(5)
    policy = Policy.of([signer().verifier], [cosigner().verifier], 1)
    for index, leaf in agency.file.leaves(0, 300):
        assert agency.log.proof(index).verify(leaf_hash(leaf), policy).size == 300
    proof = agency.log.proof(303)
    with pytest.raises(Untrusted, match="quorum"):
        proof.verify(leaf_hash(b""), policy)
    assert Checkpoint.parse(proof.checkpoint.text).size == 305
    with pytest.raises(IndexError):
        agency.log.proof(305)


def test_consistency_from_the_stored_tiles() -> None:
    agency = Agency()
    roots = {}
    for _ in range(6):
        agency.add(90)
        roots[agency.log.size] = Checkpoint.parse(agency.log.checkpoint().text).root
    for old, old_root in roots.items():
        for new, new_root in roots.items():
            if old <= new:
                assert verify_consistency(old, new, old_root, new_root, agency.log.consistency(old, new))


def test_an_empty_log_signs_its_empty_tree() -> None:
    note = Agency().log.checkpoint()
    assert open_checkpoint(note, [signer().verifier]).size == 0


def test_cosignatures_of_one_checkpoint_are_joined_and_strangers_left_out() -> None:
    agency = grown(8, witnesses=("b.example/w", "c.example/w"))
    kept = agency.file.cosigned()
    assert [text.count("— ") for text in kept] == [3, 3]
    stranger = cosigner("stranger.example/w").cosign(agency.log.checkpoint().text, 9)
    note = agency.log.add_cosignatures(agency.log.checkpoint(), [stranger], [cosigner("b.example/w").verifier])
    assert "stranger" not in str(note)
    false = cosigner("b.example/w").cosign("other\n", 9)
    with pytest.raises(Untrusted):
        agency.log.add_cosignatures(agency.log.checkpoint(), [false], [cosigner("b.example/w").verifier])
    assert agency.file.cosigned() == kept


CALLERS = 100


class Gathering(LogFile):
    """Holds the first commit until every other caller waits for the next one; keeps the sizes of commits."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.sizes: list[int] = []
        self.waiting: Callable[[], int] = int

    def write(self, growth: Growth) -> None:
        deadline = time.monotonic() + 60
        while not self.sizes and self.waiting() < CALLERS - 1 and time.monotonic() < deadline:
            time.sleep(0.001)
        super().write(growth)
        self.sizes.append(len(growth.entries))


def test_callers_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    """All that came while one commit was under way are in the next one, together."""
    storage = Gathering(tmp_path / "log.sqlite3")
    log = Log(storage, signer())
    storage.waiting = lambda: len(log._waiting)
    with ThreadPoolExecutor(CALLERS) as pool:
        receipts = list(pool.map(lambda number: log.append(entries(number, 1)), range(CALLERS)))
    assert sorted(receipt.first for receipt in receipts) == list(range(CALLERS))
    assert storage.sizes == [1, CALLERS - 1]
    for receipt in receipts:
        assert Checkpoint.parse(receipt.checkpoint.text).size > receipt.first
    assert audit(storage, [signer().verifier]) == []


def test_a_batch_closes_at_its_limit() -> None:
    """Calls are never split; no call joins a commit that already holds BATCH_ENTRIES_MAX entries."""
    sizes: list[int] = []

    class Measuring(LogFile):
        def write(self, growth: Growth) -> None:
            time.sleep(0.05)
            super().write(growth)
            sizes.append(len(growth.entries))

    log = Log(Measuring(":memory:"), signer())
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: log.append(entries(number * 1_000, BATCH_ENTRIES_MAX // 2)), range(12)))
    assert sum(sizes) == log.size == 6 * BATCH_ENTRIES_MAX
    assert max(sizes) <= BATCH_ENTRIES_MAX
    assert log.append(entries(0, BATCH_ENTRIES_MAX + 1)).count == BATCH_ENTRIES_MAX + 1
    assert log.append([]).count == 0


def test_two_processes_may_write_one_log(tmp_path: Path) -> None:
    logs = [Log(LogFile(tmp_path / "log.sqlite3"), signer()) for _ in range(2)]
    firsts = [logs[number % 2].append(entries(number, 1)).first for number in range(20)]
    assert firsts == list(range(20))
    with pytest.raises(Behind):
        logs[0].storage.write(grow(Edge(), entries(0, 1), ORIGIN, signer()))


def test_disk_full_loses_nothing_and_goes_on_after_room_is_made(tmp_path: Path) -> None:
    storage = LogFile(tmp_path / "log.sqlite3")
    log = Log(storage, signer())
    storage.db.execute("PRAGMA max_page_count = 60")
    acknowledged = 0
    with pytest.raises(sqlite3.OperationalError, match="full"):
        while True:
            log.append(entries(acknowledged, 50))
            acknowledged += 50
    assert acknowledged > 0
    with pytest.raises(sqlite3.OperationalError, match="full"):
        log.append(entries(acknowledged, 5_000))
    assert storage.size() == log.size == acknowledged
    assert audit(storage, [signer().verifier]) == []
    storage.db.execute("PRAGMA max_page_count = 100000")
    assert log.append(entries(acknowledged, 50)).first == acknowledged
    assert audit(storage, [signer().verifier]) == []


def test_a_failed_commit_reaches_every_caller_of_it() -> None:
    class Refusing(LogFile):
        def write(self, growth: Growth) -> None:
            time.sleep(0.02)
            raise OSError("no space left on device")

    log = Log(Refusing(":memory:"), signer())

    def attempt(number: int) -> str:
        try:
            log.append(entries(number, 1))
        except OSError as error:
            return str(error)
        return "acknowledged"

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(attempt, range(16))) == {"no space left on device"}
    assert log.size == 0


def test_readers_see_nothing_before_it_is_durable(tmp_path: Path) -> None:
    storage = LogFile(tmp_path / "log.sqlite3")
    log = Log(storage, signer())
    seen: list[int] = []

    def watch() -> None:
        other = LogFile(tmp_path / "log.sqlite3")
        for _ in range(300):
            note = storage.checkpoint()
            size = Checkpoint.parse(note.partition("\n\n")[0] + "\n").size if note else 0
            seen.append(size - other.size())

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        for number in range(100):
            log.append(entries(number, 1))
        watching.result()
    assert max(seen) <= 0


def test_tiles_below_the_stored_width_are_prefixes() -> None:
    agency = grown(20)
    assert agency.file.tile(Tile(0, 0, 5)) == agency.file.tile(Tile(0, 0, 20))[:160]
    with pytest.raises(Malformed):
        agency.file.tile(Tile(0, 0, 21))


def test_erasing_waits_for_readers_of_the_old_pages(tmp_path: Path) -> None:
    agency = grown(20, path=tmp_path / "log.sqlite3")
    reader = sqlite3.connect(tmp_path / "log.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entry").fetchall()
    agency.file.db.execute("PRAGMA busy_timeout = 50")
    sealed = next(agency.file.entries(4, 5))[1].sealed or b""
    with pytest.raises(Behind, match="again"):
        agency.file.erase_payloads([4])
    reader.execute("ROLLBACK")
    agency.file.erase_payloads([4])
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert sealed and sealed not in raw


WRITER = """
import sys
from recoup.evidence.log import Log
from recoup.evidence.logstore import LogFile
from tests.rooms.evidence.keys import signer
from tests.rooms.evidence.test_log import entries
log = Log(LogFile(sys.argv[1]), signer())
while True:
    receipt = log.append(entries(log.size, 3))
    print(receipt.first + receipt.count, flush=True)
"""


def kill_writers(path: Path, rounds: int) -> None:
    """SIGKILL at any moment: what was printed as acknowledged is there, signed, and audits clean."""
    for number in range(rounds):
        command = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(1 + 7 * number % 40)]
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.readlines()
        acknowledged = max(int(line) for line in lines if line.endswith("\n"))
        storage = LogFile(path)
        assert Log(storage, signer()).size >= acknowledged > 0
        assert audit(storage, [signer().verifier]) == []
        storage.close()


def test_killed_writers_lose_no_acknowledged_entry(tmp_path: Path) -> None:
    kill_writers(tmp_path / "log.sqlite3", 6)


@pytest.mark.torture
def test_two_hundred_killed_writers_lose_no_acknowledged_entry(tmp_path: Path) -> None:
    kill_writers(tmp_path / "log.sqlite3", 200)
