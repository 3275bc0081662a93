"""Accounts, postings, entries, and what the books know of a claim and of an attempt to pay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from recoup.ground import Instant, canonical_json, sha256_hex
from recoup.restitution.fund.roles import Role

START = "0" * 64


class AccountKind(StrEnum):
    """Debit balances are positive. Income and what is owed stand on the credit side and are negative."""

    BANK = "bank"
    IN_TRANSIT = "in-transit"  # sent to the bank, not booked there yet
    RECEIVABLE = "receivable"  # overpaid, to be paid back
    RECOVERIES = "recoveries"
    INTEREST = "interest"
    FX = "fx"
    COSTS = "costs"
    TAX = "tax"
    ALLOCATED = "allocated"  # everything promised so far: the other side of entitlements and reserves
    ENTITLEMENT = "entitlement"  # per claim
    RESERVE_DISPUTED = "reserve-disputed"
    RESERVE_ROUNDING = "reserve-rounding"
    RESERVE_APPEAL = "reserve-appeal"
    BLOCKED = "blocked"  # a sanctions hit: owed, not paid
    UNCLAIMED = "unclaimed"
    SURPLUS = "surplus"


_KINDS: dict[str, AccountKind] = {str(kind): kind for kind in AccountKind}


class Operation(StrEnum):
    RECEIVE = "receive"
    INTEREST = "interest"
    FX = "fx"
    COST = "cost"
    TAX = "tax"
    ALLOCATE = "allocate"
    RELEASE = "release-reserve"
    BLOCK = "block"
    UNBLOCK = "unblock"
    SEND = "send"
    SETTLE = "settle"
    REJECT = "reject"
    RETURN = "return"
    UNCLAIM = "unclaim"
    REOPEN = "reopen"
    OFFSET = "offset"
    REPAID = "repaid"
    SURPLUS = "surplus"
    RECONCILE = "reconcile"


class AttemptState(StrEnum):
    SENT = "sent"
    SETTLED = "settled"
    REJECTED = "rejected"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, in which role."""

    person: str
    role: Role


@dataclass(frozen=True, slots=True)
class Posting:
    """A signed amount on an account (`entitlement:<claim>`, `bank`): debit positive."""

    account: str
    amount: int

    @property
    def kind(self) -> AccountKind:
        return _KINDS[self.account.partition(":")[0]]


@dataclass(frozen=True)
class Entry:
    """One operation: its postings, its actors and reason, chained to the entry before."""

    number: int
    time: Instant
    operation: Operation
    by: tuple[Actor, ...]
    reason: str
    reference: str
    postings: tuple[Posting, ...]
    before: str = START

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the entry and of the hash before it."""
        return sha256_hex(canonical_json(self.json()))

    def json(self) -> dict[str, object]:
        return {
            "number": self.number, "time": str(self.time), "operation": str(self.operation),
            "by": [[actor.person, str(actor.role)] for actor in self.by], "reason": self.reason,
            "reference": self.reference, "postings": [[each.account, str(each.amount)] for each in self.postings],
            "before": self.before,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimState:
    """Per claim, in the smallest unit: `allowed` less offsets is the most it may get, `entitled` what was promised.

    `held` is its share in the reserve for disputes while `disputed`; `blocked` and `unclaimed` are parts of `entitled`.
    """

    person: str
    allowed: int
    entitled: int = 0
    paid: int = 0
    in_transit: int = 0
    held: int = 0
    blocked: int = 0
    unclaimed: int = 0
    overpaid: int = 0

    @property
    def open(self) -> int:
        """What could be sent now."""
        return self.entitled - self.paid - self.in_transit - self.blocked - self.unclaimed


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to pay a claim."""

    claim: str
    amount: int
    state: AttemptState


@dataclass(frozen=True, slots=True)
class Defendant:
    """What a defendant was ordered to pay, and what was applied of it."""

    ordered: int
    applied: int = 0
