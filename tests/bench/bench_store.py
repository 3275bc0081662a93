"""Durable audited changes per second through the write path: group commit beside one commit for each change.

A change is a row, a sealed and signed leaf and an outgoing message, flushed before it is acknowledged.
`python -m tests.bench.bench_store [postgresql://…]` measures a server as well.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.rooms.evidence.build import at
from tests.rooms.store.base import Bench, audited, file_address

from recoup.casework.book import Change, Message, Row
from recoup.evidence import Event
from recoup.store.book import DatabaseBook

SECONDS = 6
CALLERS = (1, 32, 128)
BATCHES = (32, 256, 1_024)
_numbers = count()


def a_change() -> Change:
    name = f"case-{next(_numbers)}"
    body = {"state": "open", "note": "seen by the officer on duty", "amount": "8180340000000000000"}
    event = Event("case.opened", at(0), "officer-7", name)
    return Change((event,), (Row("case", name, body),), (Message("agency-b.example", "case.opened", body),))


@contextmanager
def fresh(address: str = "") -> Iterator[DatabaseBook]:
    with tempfile.TemporaryDirectory() as folder:
        book = Bench(address or file_address(Path(folder) / "recoup.sqlite3")).book()
        yield book
        book.close()


def waiting(book: DatabaseBook, callers: int) -> str:
    """Callers that each write one change after the other, and wait for each."""
    waits: list[float] = []
    ends = time.perf_counter() + SECONDS

    def caller(number: int) -> None:
        while (started := time.perf_counter()) < ends:
            book.commit(a_change())
            waits.append(time.perf_counter() - started)

    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(caller, range(callers)))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    waits.sort()
    middle, late = (1_000 * waits[int(len(waits) * share)] for share in (0.5, 0.99))
    rate = f"{len(waits) / seconds:8,.0f}/s ({len(waits) / cpu:,.0f} per CPU second)"
    return f"{rate}, p50 {middle:.1f} ms, p99 {late:.1f} ms, callers: {callers}"


def batched(book: DatabaseBook, size: int) -> str:
    """One caller that hands over `size` changes a commit."""
    done, started, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - started < SECONDS:
        book.commit_all([a_change() for _ in range(size)])
        done += size
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return f"{done / seconds:8,.0f}/s ({done / cpu:,.0f} per CPU second), commits of {size}"


def measured(name: str, address: str = "") -> None:
    print(f"{name}: durable audited changes", flush=True)
    with fresh(address) as book:
        for callers in CALLERS:
            print(f"  {waiting(book, callers)}", flush=True)
        for size in BATCHES:
            print(f"  {batched(book, size)}", flush=True)
        started, size = time.perf_counter(), book.log.size()
        assert audited(book) == []
        print(f"  audit of {size:,} changes: {time.perf_counter() - started:.1f} s", flush=True)


def main() -> None:
    measured("SQLite")
    for address in sys.argv[1:]:
        if address.startswith("postgres"):
            measured("PostgreSQL", address)


if __name__ == "__main__":
    main()
