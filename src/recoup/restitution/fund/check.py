"""The eleven invariants of a fund (docs/reference/fund-ledger.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recoup.restitution.fund.model import START, AccountKind, AttemptState, Entry
from recoup.restitution.fund.state import State

OWED = (
    AccountKind.RESERVE_DISPUTED, AccountKind.RESERVE_ROUNDING, AccountKind.RESERVE_APPEAL, AccountKind.BLOCKED,
    AccountKind.UNCLAIMED, AccountKind.SURPLUS, AccountKind.ENTITLEMENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold: its number, and what is wrong."""

    number: int
    what: str

    def __str__(self) -> str:
        return f"invariant {self.number}: {self.what}"


class InvariantBroken(ValueError):
    """An operation that would break an invariant; it left no trace."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        self.broken = tuple(broken)
        super().__init__("; ".join(map(str, broken)))


@dataclass(frozen=True, slots=True)
class Limits:
    """What the plan fixes: costs as a share of recoveries, and persons' losses over all funds."""

    cost_cap: Fraction
    losses: dict[str, int]
    elsewhere: dict[str, int]


def touched(state: State, limits: Limits, entry: Entry, claims: Collection[str]) -> Iterator[Broken]:
    """The invariants that one entry and the claims it touched can break."""
    if sum(posting.amount for posting in entry.postings):
        yield Broken(1, f"entry {entry.number} does not add up to zero")
    yield from _sums(state, limits)
    for claim in claims:
        yield from _claim(state, limits, claim)


def audit(state: State, limits: Limits, anchors: Collection[str] = ()) -> tuple[Broken, ...]:
    """Everything, from the entries alone: balances recomputed, chain, every claim, every attempt."""
    return tuple(_audit(state, limits, anchors))


def _audit(state: State, limits: Limits, anchors: Collection[str]) -> Iterator[Broken]:
    balances: dict[str, int] = {}
    before = START
    heads = set()
    for number, entry in enumerate(state.entries, 1):
        if sum(posting.amount for posting in entry.postings):
            yield Broken(1, f"entry {number} does not add up to zero")
        if entry.before != before or entry.number != number:
            yield Broken(11, f"entry {number} does not follow the one before it")
        before = type(entry)(**{name: getattr(entry, name) for name in entry.__dataclass_fields__}).hash
        heads.add(before)
        for posting in entry.postings:
            balances[posting.account] = balances.get(posting.account, 0) + posting.amount
    for anchor in anchors:
        if anchor not in heads:
            yield Broken(11, f"the head {anchor[:16]}… that was anchored outside is not in the chain")
    if balances != state.balances:
        yield Broken(3, "balances are not those of the entries")
    yield from _sums(state, limits)
    for claim in state.claims:
        yield from _claim(state, limits, claim)
    yield from _attempts(state)


def _sums(state: State, limits: Limits) -> Iterator[Broken]:
    kinds = state.kinds
    income = -sum(kinds.get(kind, 0) for kind in (AccountKind.RECOVERIES, AccountKind.INTEREST, AccountKind.FX))
    costs, tax = kinds.get(AccountKind.COSTS, 0), kinds.get(AccountKind.TAX, 0)
    owed = -sum(kinds.get(kind, 0) for kind in OWED)
    cash = kinds.get(AccountKind.BANK, 0) + kinds.get(AccountKind.IN_TRANSIT, 0) + kinds.get(AccountKind.RECEIVABLE, 0)
    undistributed = income - costs - tax - kinds.get(AccountKind.ALLOCATED, 0)
    gone = state.totals.get("paid", 0) + state.totals.get("in_transit", 0) + state.totals.get("disposed", 0)
    if income != costs + tax + gone + owed + undistributed - state.totals.get("overpaid", 0):
        yield Broken(3, "income is not costs, payments, reserves, blocked, unclaimed, surplus and undistributed cash")
    if cash != owed + undistributed:
        yield Broken(3, "cash is not what is owed and undistributed")
    if undistributed < 0:
        yield Broken(3, f"{-undistributed} more is promised than came in")
    recoveries = -kinds.get(AccountKind.RECOVERIES, 0)
    if costs * limits.cost_cap.denominator > limits.cost_cap.numerator * recoveries:
        yield Broken(6, f"costs of {costs} are above {limits.cost_cap} of {recoveries} recovered")
    held = state.totals.get("held", 0)
    if -kinds.get(AccountKind.RESERVE_DISPUTED, 0) < held:
        yield Broken(7, "the reserve is below the shares of the disputed claims")
    for name, defendant in state.defendants.items():
        if defendant.applied > defendant.ordered:
            yield Broken(9, f"{defendant.applied} applied to {name} of {defendant.ordered} ordered")


def _claim(state: State, limits: Limits, claim: str) -> Iterator[Broken]:
    known = state.claims[claim]
    if known.open < 0 or min(known.paid, known.in_transit, known.blocked, known.unclaimed, known.held) < 0:
        yield Broken(4, f"claim {claim}: paid, in transit, blocked and unclaimed are more than its entitlement")
    if known.entitled - known.overpaid > known.allowed:
        yield Broken(4, f"claim {claim}: entitlement {known.entitled} above {known.allowed} allowed less offsets")
    owed = -state.balances.get(f"{AccountKind.ENTITLEMENT}:{claim}", 0)
    if owed != known.open:
        yield Broken(4, f"claim {claim}: its account says {owed}, its figures {known.open}")
    loss = limits.losses.get(known.person)
    total = state.persons.get(known.person, 0) + limits.elsewhere.get(known.person, 0)
    if loss is not None and total > loss:
        yield Broken(5, f"{known.person} receives {total} over all funds for a loss of {loss}")


def _attempts(state: State) -> Iterator[Broken]:
    open_now: dict[str, int] = {}
    for name, attempt in state.attempts.items():
        if attempt.state is AttemptState.SENT:
            open_now[attempt.claim] = open_now.get(attempt.claim, 0) + 1
            if state.open_attempts.get(attempt.claim) != name:
                yield Broken(8, f"attempt {name} is open and not the one known")
    for claim, count in open_now.items():
        if count > 1:
            yield Broken(8, f"claim {claim} has {count} open attempts")
