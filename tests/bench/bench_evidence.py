"""Evidence at size: `python -m tests.bench evidence [ENTRIES]`. Real files in a temporary folder, every flush real.

Goals: 5,000 durable audited events/s with group commit; inclusion proof from disk at 1,000,000 entries in 5 ms;
re-audit of 1,000,000 entries in 10 s; sealed ingest 200 MB/s. Every answer is checked.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.rooms.evidence.build import MemoryKeys, at
from tests.rooms.evidence.keys import signer

from recoup.evidence.audit import audit
from recoup.evidence.disk import LocalDisk
from recoup.evidence.keys import AgencyKey, SubjectKeys
from recoup.evidence.leaf import Entry, Event, entry_of
from recoup.evidence.log import BATCH_ENTRIES_MAX, Log
from recoup.evidence.logstore import LogFile
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.policy import Policy
from recoup.evidence.vault import Vault

ENTRIES = 1_000_000
EVENTS_EACH = 250
CALLERS = 128
PROOFS = 200
INGEST_BYTES = 1 << 29
POLICY = Policy.of([signer().verifier], [], 0)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def keys() -> SubjectKeys:
    held = SubjectKeys(AgencyKey(os.urandom(32)), MemoryKeys())
    held.ensure("case")
    return held


def events(root: Path) -> str:
    """Callers that each record one event after the other: sealed payload, leaf, tree, signature, flush."""
    log, held = Log(LogFile(root / "events.sqlite3"), signer()), keys()
    waits: list[float] = []

    def caller(number: int) -> None:
        for step in range(EVENTS_EACH):
            event = Event("item.examined", at(0), f"officer-{number}", f"item-{step}", "case")
            started = time.perf_counter()
            log.append([entry_of(event, {"note": f"seen {step}"}, held)])
            waits.append(time.perf_counter() - started)

    started = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(caller, range(CALLERS)))
    seconds = time.perf_counter() - started
    waits.sort()
    assert audit(log.storage, [signer().verifier], keys=held) == []
    middle, late = (1_000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
    return (
        f"{len(waits) / seconds:,.0f} durable events/s from {CALLERS} callers, p50 {middle:.1f} ms, p99 {late:.1f} ms"
    )


def batches(root: Path) -> str:
    """One caller that records 32 events a commit."""
    log, held = Log(LogFile(root / "batches.sqlite3"), signer()), keys()
    event = Event("item.examined", at(0), "officer-1", "item-1", "case")
    started, count = time.perf_counter(), 0
    while count < 32 * 200:
        log.append([entry_of(event, {"note": f"seen {count + number}"}, held) for number in range(32)])
        count += 32
    return f"{count / (time.perf_counter() - started):,.0f} durable events/s in commits of 32"


def filled(root: Path, count: int) -> Log:
    """A log of `count` entries, committed in the largest batches."""
    log = Log(LogFile(root / "large.sqlite3"), signer())
    started = time.perf_counter()
    while log.size < count:
        size = min(BATCH_ENTRIES_MAX, count - log.size)
        events = (Event("item.examined", at(0), "officer-1", f"item-{log.size + number}") for number in range(size))
        log.append([Entry(event.leaf) for event in events])
    print(f"filled {count:,} entries, {count / (time.perf_counter() - started):,.0f}/s", flush=True)
    return log


def proofs(log: Log) -> str:
    """Proofs of entries all over the log; each from a connection that has nothing in memory."""
    waits = []
    for number in range(PROOFS):
        index = number * 7_919 % log.size
        ((_, leaf),) = log.storage.leaves(index, index + 1)
        cold = Log(LogFile(log.storage.path), signer()) if isinstance(log.storage, LogFile) else log
        started = time.perf_counter()
        proof = cold.proof(index)
        waits.append(time.perf_counter() - started)
        assert proof.verify(leaf_hash(leaf), POLICY).size == log.size
    waits.sort()
    return f"inclusion proof at {log.size:,}: p50 {1e3 * waits[len(waits) // 2]:.2f} ms, worst {1e3 * waits[-1]:.2f} ms"


def reaudit(log: Log) -> str:
    started, cpu = time.perf_counter(), time.process_time()
    assert audit(log.storage, [signer().verifier]) == []
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return f"re-audit of {log.size:,} entries: {seconds:.1f} s wall, {cpu:.1f} s CPU"


def ingest(root: Path) -> str:
    """A file hashed twice, encrypted and flushed; then read back whole."""
    source = root / "source"
    source.write_bytes(os.urandom(1 << 20) * (INGEST_BYTES >> 20))
    vault = Vault(LocalDisk(root / "vault"), keys())
    started, cpu = time.perf_counter(), time.process_time()
    with source.open("rb") as stream:
        item = vault.ingest(stream, "case")
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    read = time.perf_counter()
    assert vault.check(item.address) == item.content
    read = time.perf_counter() - read
    rates = [INGEST_BYTES / 1e6 / each for each in (seconds, cpu, read)]
    return "sealed ingest {:,.0f} MB/s wall ({:,.0f} MB/s CPU), checked read {:,.0f} MB/s".format(*rates)


def main() -> None:
    counts = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    with folder() as root:
        for part in (events, batches, ingest):
            print(part(root), flush=True)
        log = filled(root, counts[0] if counts else ENTRIES)
        print(proofs(log), flush=True)
        print(reaudit(log), flush=True)


if __name__ == "__main__":
    main()
