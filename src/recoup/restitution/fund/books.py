"""The books of a fund: every operation is one entry by named persons, checked, or leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from recoup.ground import Asset, Instant
from recoup.restitution.fund import check
from recoup.restitution.fund.check import Broken, InvariantBroken, Limits
from recoup.restitution.fund.model import (
    START,
    AccountKind,
    Actor,
    Attempt,
    AttemptState,
    ClaimState,
    Defendant,
    Entry,
    Operation,
    Posting,
)
from recoup.restitution.fund.roles import Role, Roles
from recoup.restitution.fund.state import State

# Which roles must act together; reading needs none.
NEEDED: Mapping[Operation, tuple[Role, ...]] = {
    Operation.RECEIVE: (Role.RECONCILER,),
    Operation.INTEREST: (Role.RECONCILER,),
    Operation.FX: (Role.RECONCILER,),
    Operation.COST: (Role.APPROVER, Role.RELEASER),
    Operation.TAX: (Role.APPROVER, Role.RELEASER),
    Operation.ALLOCATE: (Role.ALLOCATION, Role.APPROVER),
    Operation.RELEASE: (Role.ALLOCATION, Role.APPROVER),
    Operation.BLOCK: (Role.RELEASER,),
    Operation.UNBLOCK: (Role.RELEASER, Role.APPROVER),
    Operation.SEND: (Role.RELEASER, Role.APPROVER),
    Operation.SETTLE: (Role.RECONCILER,),
    Operation.REJECT: (Role.RECONCILER,),
    Operation.RETURN: (Role.RECONCILER,),
    Operation.UNCLAIM: (Role.RELEASER, Role.APPROVER),
    Operation.REOPEN: (Role.REVIEWER,),
    Operation.OFFSET: (Role.REVIEWER, Role.SECOND_REVIEWER),
    Operation.REPAID: (Role.RECONCILER,),
    Operation.SURPLUS: (Role.ALLOCATION, Role.APPROVER),
    Operation.RECONCILE: (Role.RECONCILER,),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fund is: its name, its one asset, the cost cap, and persons' losses and receipts over all other funds."""

    fund: str
    asset: Asset
    cost_cap: Fraction = Fraction(0)
    losses: Mapping[str, int] = field(default_factory=dict)
    elsewhere: Mapping[str, int] = field(default_factory=dict)


class Books:
    """The books of one fund in one asset. `by` names the acting persons; roles are those of the case.

    An operation that a role forbids raises Forbidden; one that would break an invariant raises InvariantBroken (a
    ValueError); one that does not fit the state (an unknown claim, a closed attempt) raises ValueError. None leaves a
    trace.
    """

    def __init__(self, terms: Terms, roles: Roles) -> None:
        self.terms, self.roles = terms, roles
        self.state = State()
        self.anchors: list[str] = []
        self._limits = Limits(terms.cost_cap, dict(terms.losses), dict(terms.elsewhere))

    @property
    def head(self) -> str:
        """The hash of the last entry: publish it, and nobody can change a row unseen."""
        return self.state.entries[-1].hash if self.state.entries else START

    def balance(self, kind: AccountKind) -> int:
        return self.state.kinds.get(kind, 0)

    def register(self, claim: str, person: str, allowed: int) -> None:
        """Make a claim known with what it may get at most (allowed less offsets); a second time raises ValueError."""
        if claim in self.state.claims or allowed < 0:
            raise ValueError(f"claim {claim} is known already, or allowed below zero")
        self.state.claims[claim] = ClaimState(person, allowed)

    def order(self, defendant: str, ordered: int) -> None:
        """Make known what a defendant was ordered to pay."""
        if defendant in self.state.defendants:
            raise ValueError(f"{defendant} is known already")
        self.state.defendants[defendant] = Defendant(ordered)

    def audit(self) -> tuple[Broken, ...]:
        """Every invariant, from the entries alone."""
        return check.audit(self.state, self._limits, self.anchors)

    def anchor(self) -> str:
        """The head, noted as anchored outside (in a seal, a log, a newspaper)."""
        self.anchors.append(self.head)
        return self.head

    def published(self) -> Mapping[str, str]:
        """Totals that may be published, with the head they belong to (invariant 10)."""
        names = {str(kind): str(self.balance(kind)) for kind in AccountKind}
        return {"fund": self.terms.fund, "asset": self.terms.asset.code, "head": self.head, **names}

    def publication_holds(self, published: Mapping[str, str]) -> bool:
        """Whether published totals are those of the books at the head they name (invariant 10)."""
        kinds: dict[AccountKind, int] = {}
        for entry in self.state.entries:
            for posting in entry.postings:
                kinds[posting.kind] = kinds.get(posting.kind, 0) + posting.amount
            if entry.hash == published.get("head"):
                return all(published.get(str(kind)) == str(kinds.get(kind, 0)) for kind in AccountKind)
        return False

    def receive(
        self,
        amount: int,
        at: Instant,
        by: Sequence[str],
        reference: str,
        defendant: str = "",
        kind: Operation = Operation.RECEIVE,
    ) -> Entry:
        """Money came in: a recovery (of a defendant, up to the order), or interest."""
        income = {Operation.RECEIVE: AccountKind.RECOVERIES, Operation.INTEREST: AccountKind.INTEREST}[kind]

        def applied() -> Collection[str]:
            if defendant:
                known = self.state.defendants[defendant]
                new = Defendant(known.ordered, known.applied + amount)
                self.state.put(self.state.defendants, defendant, new)
            return ()

        postings = (Posting(AccountKind.BANK, _positive(amount)), Posting(income, -amount))
        return self._book(kind, at, by, reference, postings, applied)

    def exchange(self, result: int, at: Instant, by: Sequence[str], reference: str) -> Entry:
        """The result of a conversion, gain (above zero) or loss, on its own account."""
        postings = (Posting(AccountKind.BANK, result), Posting(AccountKind.FX, -result))
        return self._book(Operation.FX, at, by, reference, postings)

    def spend(
        self, amount: int, at: Instant, by: Sequence[str], reason: str, reference: str, kind: Operation = Operation.COST
    ) -> Entry:
        """Pay a cost (under the cap) or a tax."""
        account = {Operation.COST: AccountKind.COSTS, Operation.TAX: AccountKind.TAX}[kind]
        postings = (Posting(account, _positive(amount)), Posting(AccountKind.BANK, -amount))
        return self._book(kind, at, by, reference, postings, reason=reason)

    def allocate(
        self,
        awards: Mapping[str, int],
        held: Mapping[str, int],
        undivided: int,
        at: Instant,
        by: Sequence[str],
        seal: str,
    ) -> Entry:
        """Book a run: awards per claim, shares held for disputes, units that flooring left. `seal` is the run's."""
        if any(entry.reference == seal and entry.operation is Operation.ALLOCATE for entry in self.state.entries):
            raise ValueError("this run is booked already")

        def applied() -> Collection[str]:
            for claim, amount in awards.items():
                self.state.change_claim(claim, entitled=amount)
            for claim, amount in held.items():
                self.state.change_claim(claim, held=amount)
            self.state.add("held", sum(held.values()))
            return awards.keys() | held.keys()

        promised = sum(awards.values()) + sum(held.values()) + undivided
        postings = [Posting(AccountKind.ALLOCATED, promised)]
        postings += [
            Posting(f"{AccountKind.ENTITLEMENT}:{claim}", -amount) for claim, amount in awards.items() if amount
        ]
        postings += _unless_zero(AccountKind.RESERVE_DISPUTED, -sum(held.values()))
        postings += _unless_zero(AccountKind.RESERVE_ROUNDING, -undivided)
        return self._book(Operation.ALLOCATE, at, by, seal, tuple(postings), applied)

    def release(self, claims: Collection[str], at: Instant, by: Sequence[str], reason: str, rounding: int = 0) -> Entry:
        """Give back to the undistributed money what was held for decided disputes, and units kept for rounding."""
        amounts = {claim: self.state.claims[claim].held for claim in claims}

        def applied() -> Collection[str]:
            for claim, amount in amounts.items():
                self.state.change_claim(claim, held=-amount)
            self.state.add("held", -sum(amounts.values()))
            return amounts.keys()

        whole = sum(amounts.values())
        postings = (
            *_unless_zero(AccountKind.RESERVE_DISPUTED, whole), *_unless_zero(AccountKind.RESERVE_ROUNDING, rounding),
            Posting(AccountKind.ALLOCATED, -whole - rounding),
        )  # fmt: skip
        return self._book(Operation.RELEASE, at, by, ",".join(sorted(claims)), postings, applied, reason)

    def block(self, claim: str, at: Instant, by: Sequence[str], reason: str) -> Entry:
        """A sanctions hit: what is open is owed on its own account, not denied."""
        return self._set_aside(Operation.BLOCK, claim, at, by, reason, AccountKind.BLOCKED, "blocked")

    def unblock(self, claim: str, at: Instant, by: Sequence[str], reason: str) -> Entry:
        """The hit was cleared: the entitlement is open again."""
        return self._bring_back(Operation.UNBLOCK, claim, at, by, reason, AccountKind.BLOCKED, "blocked")

    def unclaim(self, claim: str, at: Instant, by: Sequence[str], reason: str) -> Entry:
        """Nobody could be paid: the money waits on its own account."""
        return self._set_aside(Operation.UNCLAIM, claim, at, by, reason, AccountKind.UNCLAIMED, "unclaimed")

    def reopen(self, claim: str, at: Instant, by: Sequence[str], reason: str) -> Entry:
        """The claimant came back: one step, one person."""
        return self._bring_back(Operation.REOPEN, claim, at, by, reason, AccountKind.UNCLAIMED, "unclaimed")

    def send(self, attempts: Mapping[str, tuple[str, int]], at: Instant, by: Sequence[str], batch: str) -> Entry:
        """Release a batch: attempt id -> (claim, amount). One open attempt per claim; an id is used once."""

        def applied() -> Collection[str]:
            for name, (claim, amount) in attempts.items():
                if name in self.state.attempts:
                    raise ValueError(f"attempt {name} exists already")
                if claim in self.state.open_attempts:
                    raise InvariantBroken([Broken(8, f"claim {claim} has an open attempt")])
                self.state.put(self.state.attempts, name, Attempt(claim, _positive(amount), AttemptState.SENT))
                self.state.put(self.state.open_attempts, claim, name)
                self.state.change_claim(claim, in_transit=amount)
            self.state.add("in_transit", sum(amount for _, amount in attempts.values()))
            return {claim for claim, _ in attempts.values()}

        postings = [Posting(f"{AccountKind.ENTITLEMENT}:{claim}", amount) for claim, amount in attempts.values()]
        postings.append(Posting(AccountKind.IN_TRANSIT, -sum(amount for _, amount in attempts.values())))
        return self._book(Operation.SEND, at, by, batch, tuple(postings), applied)

    def settle(self, attempt: str, at: Instant, by: Sequence[str], reference: str) -> Entry:
        """The bank booked the payment."""
        return self._close(Operation.SETTLE, attempt, AttemptState.SETTLED, at, by, reference)

    def reject(self, attempt: str, at: Instant, by: Sequence[str], reference: str) -> Entry:
        """The bank refused the order (pain.002): nothing left the account."""
        return self._close(Operation.REJECT, attempt, AttemptState.REJECTED, at, by, reference)

    def take_back(self, attempt: str, at: Instant, by: Sequence[str], reference: str) -> Entry:
        """The payment came back (camt.054, pacs.004), booked before or not."""
        return self._close(Operation.RETURN, attempt, AttemptState.RETURNED, at, by, reference)

    def offset(self, claim: str, amount: int, at: Instant, by: Sequence[str], reason: str) -> Entry:
        """An insurer or settlement paid for the same loss later: the claim may get `amount` less than before.

        What was promised above that and is still open is taken back; what was paid above it becomes a receivable, never
        a negative award. While a payment is under way the offset waits (ValueError).
        """
        known = self._claim(claim)
        if known.in_transit or not 0 < _positive(amount) <= known.allowed:
            raise ValueError(f"claim {claim}: a payment is under way, or {amount} is above what is allowed")
        excess = max(0, known.entitled - known.overpaid - (known.allowed - amount))
        taken = min(excess, known.open)
        owed = excess - taken
        if owed > known.paid - known.overpaid:
            raise ValueError(f"claim {claim}: unblock or reopen it before the offset")

        def applied() -> Collection[str]:
            self.state.change_claim(claim, allowed=-amount, entitled=-taken, overpaid=owed)
            self.state.add("overpaid", owed)
            return (claim,)

        postings = (
            *((Posting(f"{AccountKind.ENTITLEMENT}:{claim}", taken),) if taken else ()),
            *((Posting(f"{AccountKind.RECEIVABLE}:{claim}", owed),) if owed else ()),
            *_unless_zero(AccountKind.ALLOCATED, -excess),
        )
        return self._book(Operation.OFFSET, at, by, claim, postings, applied, reason)

    def repaid(self, claim: str, amount: int, at: Instant, by: Sequence[str], reference: str) -> Entry:
        """An overpayment came back to the bank."""
        if not 0 < amount <= self.state.balances.get(f"{AccountKind.RECEIVABLE}:{claim}", 0):
            raise ValueError(f"claim {claim} owes less than {amount}")
        postings = (Posting(AccountKind.BANK, amount), Posting(f"{AccountKind.RECEIVABLE}:{claim}", -amount))
        return self._book(Operation.REPAID, at, by, reference, postings)

    def to_surplus(self, amount: int, at: Instant, by: Sequence[str], reason: str) -> Entry:
        """Undistributed money that no claim can take, set aside for the plan's surplus rule."""
        postings = (Posting(AccountKind.ALLOCATED, _positive(amount)), Posting(AccountKind.SURPLUS, -amount))
        return self._book(Operation.SURPLUS, at, by, "", postings, reason=reason)

    def reconcile(self, statement: int, at: Instant, by: Sequence[str], reference: str) -> Entry:
        """Invariant 2: the bank's closing balance is that of the books; otherwise InvariantBroken, with the gap."""
        gap = statement - self.balance(AccountKind.BANK)
        if gap:
            raise InvariantBroken([Broken(2, f"the statement {reference} differs from the books by {gap}")])
        return self._book(Operation.RECONCILE, at, by, reference, (), reason=f"closing balance {statement}")

    def _set_aside(
        self,
        operation: Operation,
        claim: str,
        at: Instant,
        by: Sequence[str],
        reason: str,
        kind: AccountKind,
        name: str,
    ) -> Entry:
        amount = self._claim(claim).open
        postings = (
            Posting(f"{AccountKind.ENTITLEMENT}:{claim}", _positive(amount)),
            Posting(f"{kind}:{claim}", -amount),
        )
        return self._book(operation, at, by, claim, postings, lambda: self._moved(claim, name, amount), reason)

    def _bring_back(
        self,
        operation: Operation,
        claim: str,
        at: Instant,
        by: Sequence[str],
        reason: str,
        kind: AccountKind,
        name: str,
    ) -> Entry:
        amount = -self.state.balances.get(f"{kind}:{claim}", 0)
        postings = (
            Posting(f"{kind}:{claim}", _positive(amount)),
            Posting(f"{AccountKind.ENTITLEMENT}:{claim}", -amount),
        )
        return self._book(operation, at, by, claim, postings, lambda: self._moved(claim, name, -amount), reason)

    def _moved(self, claim: str, name: str, amount: int) -> Collection[str]:
        self.state.change_claim(claim, **{name: amount})
        return (claim,)

    def _claim(self, claim: str) -> ClaimState:
        if claim not in self.state.claims:
            raise ValueError(f"claim {claim} is not known")
        return self.state.claims[claim]

    def _close(
        self, operation: Operation, name: str, to: AttemptState, at: Instant, by: Sequence[str], reference: str
    ) -> Entry:
        attempt = self.state.attempts.get(name)
        allowed = (AttemptState.SENT, AttemptState.SETTLED) if to is AttemptState.RETURNED else (AttemptState.SENT,)
        if attempt is None or attempt.state not in allowed:
            raise ValueError(f"attempt {name} is {attempt.state if attempt else 'not known'} and cannot be {to}")
        was_sent, amount, claim = attempt.state is AttemptState.SENT, attempt.amount, attempt.claim

        def applied() -> Collection[str]:
            self.state.put(self.state.attempts, name, Attempt(claim, amount, to))
            gone = -amount if was_sent else 0
            paid = amount if to is AttemptState.SETTLED else (0 if was_sent else -amount)
            self.state.change_claim(claim, in_transit=gone, paid=paid)
            self.state.add("in_transit", gone)
            self.state.add("paid", paid)
            if was_sent:
                self.state.forget(self.state.open_attempts, claim)
            return (claim,)

        cash = AccountKind.IN_TRANSIT if was_sent else AccountKind.BANK
        other = AccountKind.BANK if to is AttemptState.SETTLED else f"{AccountKind.ENTITLEMENT}:{claim}"
        postings = (Posting(cash, amount), Posting(other, -amount))
        return self._book(operation, at, by, f"{name} {reference}", postings, applied)

    def _book(
        self,
        operation: Operation,
        at: Instant,
        by: Sequence[str],
        reference: str,
        postings: tuple[Posting, ...],
        applied: Callable[[], Collection[str]] = tuple,
        reason: str = "",
    ) -> Entry:
        self.roles.require(str(operation), by, NEEDED[operation])
        if self.state.entries and at < self.state.entries[-1].time:
            raise ValueError("an entry cannot be older than the one before it")
        actors = tuple(Actor(person, self.roles.role(person)) for person in by)
        number = len(self.state.entries) + 1
        entry = Entry(number, at, operation, actors, reason, reference, postings, self.head)
        with self.state.together():
            self.state.append(entry)
            broken = list(check.touched(self.state, self._limits, entry, applied()))
            if broken:
                raise InvariantBroken(broken)
        return entry


def _positive(amount: int) -> int:
    if type(amount) is not int or amount <= 0:
        raise ValueError(f"the amount {amount!r} is not a whole number above zero")
    return amount


def _unless_zero(kind: AccountKind, amount: int) -> tuple[Posting, ...]:
    return (Posting(kind, amount),) if amount else ()
