"""The payment desk: attempts in the books, messages to the bank, and the bank's words back, safe against any crash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recoup.ground import Instant
from recoup.restitution.fund import AttemptState, Books
from recoup.restitution.payment.events import BankEvent, EventKind
from recoup.restitution.payment.model import attempt_id

CLOSED_ACCOUNT = frozenset({"AC04", "AC07"})  # closed account; closed creditor account


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A word of the bank that fits no attempt: a person must look, the money is not lost."""

    event: BankEvent
    why: str


@dataclass
class Desk:
    """Works on the books of a fund. Every step is safe to repeat: the books decide, not the desk's memory.

    `seen` holds the bank's events that are booked, so that a message read twice counts once.
    """

    books: Books
    round: str
    releasers: tuple[str, ...]
    reconciler: tuple[str, ...]
    attempts_max: int = 3
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    closed_accounts: set[str] = field(default_factory=set)
    accounts: dict[str, str] = field(default_factory=dict)  # attempt -> IBAN, for accounts reported closed

    def due(self) -> Mapping[str, tuple[str, int]]:
        """attempt id -> (claim, amount) of everything open, not under way, with attempts left.

        The number of an attempt is one more than the claim's closed ones in the books: the same until one more is sent.
        """
        found = {}
        for claim, known in self.books.state.claims.items():
            tries = self._tries(claim)
            if known.open > 0 and claim not in self.books.state.open_attempts and tries < self.attempts_max:
                found[attempt_id(self.books.terms.fund, self.round, claim, tries + 1)] = (claim, known.open)
        return found

    def exhausted(self) -> tuple[str, ...]:
        """Claims that came back as often as the plan allows: to `unclaim`, after two channels and 90 days."""
        state = self.books.state
        return tuple(
            claim for claim, known in state.claims.items()
            if known.open > 0 and claim not in state.open_attempts and self._tries(claim) >= self.attempts_max
        )  # fmt: skip

    def _tries(self, claim: str) -> int:
        """Failed attempts of this round; those that settled do not count against a later instalment."""
        names = (attempt_id(self.books.terms.fund, self.round, claim, number) for number in range(1, 1000))
        count = 0
        for name in names:
            if name not in self.books.state.attempts:
                return count
            count += 1
        return count

    def release(self, attempts: Mapping[str, tuple[str, int]], batch: str, at: Instant) -> None:
        """Write the attempts into the books before the file goes out: from here on only the bank can close them."""
        if attempts:
            self.books.send(attempts, at, self.releasers, batch)

    def under_way(self) -> Sequence[str]:
        """Attempts that the bank has not answered: after a crash their message is sent again, under the same ids."""
        return [name for name, each in self.books.state.attempts.items() if each.state is AttemptState.SENT]

    def take(self, event: BankEvent, at: Instant) -> Unmatched | None:
        """Book one word of the bank; one that was booked before changes nothing; one that fits nothing is returned."""
        key = (str(event.kind), event.id, event.reference)
        if key in self.seen:
            return None
        attempt = self.books.state.attempts.get(event.id)
        why = self._misfit(event)
        if why or attempt is None:
            return Unmatched(event, why or "no such attempt")
        if _said_before(event.kind, attempt.state):
            return None
        work = {
            EventKind.SETTLED: self.books.settle,
            EventKind.REJECTED: self.books.reject,
            EventKind.RETURNED: self.books.take_back,
        }[event.kind]
        work(event.id, at, self.reconciler, f"{event.reason} {event.reference}".strip())
        self.seen.add(key)
        if event.reason in CLOSED_ACCOUNT and (iban := event.iban or self.accounts.get(event.id, "")):
            self.closed_accounts.add(iban)
        return None

    def _misfit(self, event: BankEvent) -> str:
        attempt = self.books.state.attempts.get(event.id)
        if event.kind is EventKind.REJECTED_MESSAGE:
            return "a whole message was rejected: reject its attempts one by one after reading why"
        if attempt is None:
            return "no such attempt"
        if event.amount and event.amount != attempt.amount:
            return f"the bank says {event.amount}, the attempt is {attempt.amount}"
        fits = {
            EventKind.SETTLED: (AttemptState.SENT, AttemptState.SETTLED, AttemptState.RETURNED),
            EventKind.REJECTED: (AttemptState.SENT, AttemptState.REJECTED),
            EventKind.RETURNED: (AttemptState.SENT, AttemptState.SETTLED, AttemptState.RETURNED),
        }[event.kind]
        return "" if attempt.state in fits else f"the attempt is {attempt.state} already"


def _said_before(kind: EventKind, state: AttemptState) -> bool:
    """The same word a second time (camt.053 and camt.054 say the same), or a booking that its return overtook."""
    return (kind, state) in (
        (EventKind.SETTLED, AttemptState.SETTLED),
        (EventKind.SETTLED, AttemptState.RETURNED),
        (EventKind.REJECTED, AttemptState.REJECTED),
        (EventKind.RETURNED, AttemptState.RETURNED),
    )
