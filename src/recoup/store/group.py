"""Group commit: threads that wait share one transaction, and each is told of its own work when that is durable."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

W = TypeVar("W")
R = TypeVar("R")
BATCH_MAX = 1_024


@dataclass(slots=True, eq=False)
class _Waiting(Generic[W, R]):
    """A caller: woken when its work is done or has failed, or to lead the next batch."""

    work: W
    outcome: R | BaseException | None = None
    woken: Event = field(default_factory=Event)


Commit = Callable[[Sequence[W]], Sequence[R | BaseException]]


class GroupCommit(Generic[W, R]):
    """`commit` takes a batch and gives one outcome for each; what it raises reaches every caller of the batch.

    The first caller leads: it commits what waits, itself first, and hands the lead to the oldest that has come since.
    """

    def __init__(self, commit: Commit[W, R], batch_max: int = BATCH_MAX) -> None:
        self._commit = commit
        self._batch_max = batch_max
        self._waiting: deque[_Waiting[W, R]] = deque()
        self._queue = Lock()
        self._led = False

    def submit(self, work: W) -> R:
        """Returns when the work is durable; raises its own failure, or the batch's."""
        (outcome,) = self.submit_all([work])
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def submit_all(self, works: Sequence[W]) -> list[R | BaseException]:
        """Returns when all are durable or have failed; an outcome for each, in order."""
        mine: list[_Waiting[W, R]] = [_Waiting(work) for work in works]
        with self._queue:
            self._waiting.extend(mine)
            leads, self._led = bool(mine) and not self._led, self._led or bool(mine)
        for one in mine:
            if not leads:
                self._wait(one, mine)
            if one.outcome is None:
                self._lead()
            leads = False
        return [self._told(one) for one in mine]

    def _told(self, one: _Waiting[W, R]) -> R | BaseException:
        assert one.outcome is not None
        return one.outcome

    def _wait(self, one: _Waiting[W, R], mine: Sequence[_Waiting[W, R]]) -> None:
        """Until woken. A caller that is interrupted leaves the queue, and the lead to the next, as if never there."""
        try:
            one.woken.wait()
        except BaseException:
            with self._queue:
                leads = any(each.woken.is_set() and each.outcome is None for each in mine)
                for each in mine:
                    if each in self._waiting:
                        self._waiting.remove(each)
                if leads:
                    self._pass_on()
            raise

    def _pass_on(self) -> None:
        self._led = bool(self._waiting)
        if self._led:
            self._waiting[0].woken.set()

    def _lead(self) -> None:
        with self._queue:
            batch = [self._waiting.popleft() for _ in range(min(self._batch_max, len(self._waiting)))]
        try:
            outcomes = self._commit([one.work for one in batch])
            for one, outcome in zip(batch, outcomes, strict=True):
                one.outcome = outcome
        except BaseException as error:
            for one in batch:
                one.outcome = error
        finally:
            with self._queue:
                self._pass_on()
            for one in batch:
                one.woken.set()
