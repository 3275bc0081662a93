"""Crashes, retries, repeated and late words of the bank, returns: nobody is paid twice, and no return is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from tests.rooms.restitution.funds import ONE, PAY, TWO, at, books

from recoup.restitution.fund import Books
from recoup.restitution.payment import BankEvent, Desk, EventKind

SCHEDULES = 2_000
SCHEDULES_TORTURE = 10_000

Written = Callable[[Books], object]


class Crash(Exception):
    """The desk's machine stops here; only what was written survives."""


@dataclass
class Bank:
    """Executes a message once, whatever is sent again; pays, rejects or returns; repeats itself and is late."""

    chance: random.Random
    messages: set[str] = field(default_factory=set)
    paid: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    waiting: list[BankEvent] = field(default_factory=list)
    said: list[BankEvent] = field(default_factory=list)

    def execute(self, message: str, attempts: dict[str, tuple[str, int]]) -> None:
        if message in self.messages:
            return
        self.messages.add(message)
        for name, (claim, amount) in attempts.items():
            outcome = self.chance.choice(["pay", "pay", "reject", "return", "return"])
            if outcome == "reject":
                self._say(EventKind.REJECTED, name, amount, "AC01")
                continue
            self.paid[claim] = self.paid.get(claim, 0) + amount
            self.most[claim] = max(self.most.get(claim, 0), self.paid[claim])
            self._say(EventKind.SETTLED, name, amount, "")
            if outcome == "return":
                self.paid[claim] -= amount
                self._say(EventKind.RETURNED, name, amount, self.chance.choice(["AC04", "AC06"]))

    def _say(self, kind: EventKind, name: str, amount: int, reason: str) -> None:
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            reference = f"{name}-{kind}-{self.chance.randrange(2)}"
            self.waiting.append(BankEvent(kind, name, amount, "USD", reason, reference))

    def words(self) -> list[BankEvent]:
        """Some of what waits, in any order; now and then something said before."""
        self.chance.shuffle(self.waiting)
        count = self.chance.randrange(len(self.waiting) + 1)
        now, self.waiting = self.waiting[:count], self.waiting[count:]
        if self.said and self.chance.random() < 0.3:
            now.append(self.chance.choice(self.said))
        self.said += now
        return now


class Life:
    """One payment life: a desk that may crash between any two steps, and starts again from what was written."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.bank = Bank(self.chance)
        self.written: list[Written] = [
            lambda found: found.receive(1000, at(0), ONE, "s"),
            lambda found: found.allocate({"c1": 500, "c2": 300}, {}, 0, at(1), TWO, "seal"),
        ]
        self.messages: dict[str, dict[str, tuple[str, int]]] = {}  # written together with the entry that sends them
        self.unmatched, self.crashes = 0, 15  # percent, at each point between two steps

    def start(self) -> Desk:
        found = books()
        for work in self.written:
            work(found)
        return Desk(found, "r1", PAY, ONE, attempts_max=3)

    def maybe_crash(self) -> None:
        if self.chance.randrange(100) < self.crashes:
            raise Crash

    def step(self, desk: Desk) -> None:
        attempts, batch = dict(desk.due()), f"batch {len(self.written)}"
        self.maybe_crash()
        if attempts:
            desk.release(attempts, batch, at(2))
            self.written.append(lambda found: found.send(attempts, at(2), PAY, batch))
            self.messages[batch] = attempts
        self.maybe_crash()
        self.send_what_is_under_way(desk)
        self.maybe_crash()
        for event in self.bank.words():
            self.take(desk, event)
            self.maybe_crash()

    def send_what_is_under_way(self, desk: Desk) -> None:
        """Every message with an attempt that the bank has not answered goes out, again if need be, under its own id."""
        under_way = set(desk.under_way())
        for message, attempts in self.messages.items():
            if under_way & attempts.keys():
                self.bank.execute(message, attempts)

    def take(self, desk: Desk, event: BankEvent) -> None:
        before = len(desk.books.state.entries)
        if desk.take(event, at(2)) is not None:
            self.unmatched += 1
        if len(desk.books.state.entries) > before:
            entry = desk.books.state.entries[-1]
            self.written.append(lambda found: _again(found, event, entry.reference.partition(" ")[2]))


def _again(found: Books, event: BankEvent, reference: str) -> None:
    work = {
        EventKind.SETTLED: found.settle,
        EventKind.REJECTED: found.reject,
        EventKind.RETURNED: found.take_back,
    }[event.kind]
    work(event.id, at(2), ONE, reference)


def live(seed: int) -> Life:
    """Run one schedule to its end: the bank says everything, and nothing more is due that may be tried."""
    life = Life(seed)
    desk = life.start()
    for _ in range(12):
        try:
            life.step(desk)
        except Crash:
            life.bank.waiting += life.bank.said  # the bank's files are read again from the start
            life.bank.said = []
            desk = life.start()
    life.crashes = 0
    for _ in range(20):
        life.step(desk)
        while life.bank.waiting:
            for event in life.bank.words():
                life.take(desk, event)
    _check(life, desk)
    return life


def _check(life: Life, desk: Desk) -> None:
    state = desk.books.state
    assert desk.books.audit() == ()
    for claim, known in state.claims.items():
        assert life.bank.most.get(claim, 0) <= known.entitled, "paid twice"
        assert known.paid == life.bank.paid.get(claim, 0), "a return or a booking is lost"
        assert known.paid + known.open == known.entitled
    assert not desk.under_way()
    assert life.unmatched == 0


@pytest.mark.parametrize("part", range(4))
def test_nobody_is_paid_twice_and_no_return_is_lost(part: int) -> None:
    for seed in range(part * SCHEDULES // 4, (part + 1) * SCHEDULES // 4):
        live(seed)


@pytest.mark.torture
def test_ten_thousand_schedules() -> None:
    for seed in range(SCHEDULES_TORTURE):
        live(seed)
