"""Timing: the best of several runs, in CPU seconds of this process, beside a peer."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """`count` pieces of work in `seconds` of CPU time (the least of the runs)."""

    name: str
    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds


def timed(name: str, count: int, work: Callable[[], object], runs: int = 3) -> Timing:
    """Run the work `runs` times; collection is done before each run, not within it."""
    best = float("inf")
    for _ in range(runs):
        gc.collect()
        gc.disable()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
        gc.enable()
    return Timing(name, count, best)


def show(title: str, unit: str, timings: list[Timing], peer: Timing | None = None) -> None:
    """One line per timing: how much per second, and how many times the peer."""
    print(title)
    for timing in timings:
        ratio = f"  {timing.per_second / peer.per_second:8.2f} × {peer.name}" if peer and timing is not peer else ""
        print(f"  {timing.name:34} {timing.seconds:9.3f} s  {timing.per_second:14,.0f} {unit}/s{ratio}", flush=True)
