"""Nouns of a trace: what is asked, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from recoup.ground import Asset, Instant
from recoup.ledger import Order


class Rule(StrEnum):
    """A tracing rule; `docs/reference/tracing-rules.md` defines each to the unit."""

    POISON = "poison"
    HAIRCUT = "haircut"
    FIFO = "fifo"
    LIFO = "lifo"
    TIHO = "tiho"
    TAINTED_FIRST = "tainted-first"
    LOWEST_INTERMEDIATE = "lowest-intermediate"
    PARI_PASSU = "pari-passu"

    @property
    def conserves(self) -> bool:
        """False where the result is a reach and not an amount."""
        return self is not Rule.POISON


RULE_ALIASES = {"rolling-charge": Rule.HAIRCUT}


class Granularity(StrEnum):
    """What a pot is: each coin, each account, or each cluster of accounts."""

    COIN = "coin"
    ACCOUNT = "account"
    CLUSTER = "cluster"


class FeePolicy(StrEnum):
    """Whether a fee is served after what a flow pays out, or before it."""

    LAST = "last"  # the fee bears what the outputs leave
    FIRST = "first"  # the fee is served before the outputs


class LinkKind(StrEnum):
    """What an evidenced link says; each kind's authority is in the tracing rules, §7."""

    ELECTION = "election"
    COORDINATION = "coordination"
    BRIDGE = "bridge"
    DISCLOSURE = "disclosure"
    SWAP = "swap"


LegKey = tuple[str, str]  # (entry, leg)


@dataclass(frozen=True, slots=True)
class Claim:
    """`amount` smallest units of stolen value that entered on an `in` leg. `claim` is its colour: a victim."""

    claim: str
    entry: str
    leg: str
    amount: int
    file: str = ""
    line: int = 0

    @property
    def key(self) -> LegKey:
        """The leg that it names."""
        return (self.entry, self.leg)


@dataclass(frozen=True, slots=True)
class Service:
    """An account at which a trace stops, and who says so."""

    account: str
    label: str
    kind: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An evidenced link with its author and basis; `to_*` are empty for an election. `amount` None: no cap."""

    link: str
    kind: LinkKind
    from_entry: str
    from_leg: str
    to_entry: str
    to_leg: str
    amount: int | None
    author: str
    basis: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ClusterMember:
    """A claim that `account` belongs to `cluster`, with the method or author that says so."""

    account: str
    cluster: str
    method: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything a run declares. `min_amount` in smallest units; `max_hops` None: no limit; `until` inclusive."""

    rule: Rule
    granularity: Granularity = Granularity.COIN
    fee_policy: FeePolicy = FeePolicy.LAST
    order: Order = Order.FILE
    until: Instant | None = None
    min_amount: int = 0
    max_hops: int | None = None
    backward: bool = False


@dataclass(frozen=True)
class Question:
    """What one trace is about, apart from its ledger and parameters."""

    claims: tuple[Claim, ...]
    services: tuple[Service, ...] = ()
    links: tuple[Link, ...] = ()
    clusters: tuple[ClusterMember, ...] = ()


Shares = dict[str, int]  # claim -> smallest units; claims with nothing are absent


@dataclass(frozen=True, slots=True)
class Holding:
    """Traced value that still lies in an account, coin or cluster when the data ends. All in smallest units."""

    account: str
    coin: str
    traced: int
    balance: int
    by_claim: Shares
    low: int = 0  # over the orders that nothing proves; equal to `traced` where the order is proven
    high: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Traced value that the trace does not follow, and why (`kind`)."""

    account: str
    label: str
    kind: str
    traced: int
    by_claim: Shares
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """What the data does not say. `code`: history-not-in-data, spent-coin-not-in-data, balance-below-zero …"""

    code: str
    entry: str
    account: str
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """One leg of a step: how much moved, and how much of it is whose."""

    account: str
    coin: str
    amount: int
    by_claim: Shares


@dataclass(frozen=True, slots=True)
class Step:
    """One flow that moved traced value, for the arithmetic in plain words. `fee` is None where there was none."""

    entry: str
    time: str
    outs: tuple[Move, ...]
    ins: tuple[Move, ...]
    fee: Move | None
    shortfall: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """One rule on one asset. Σ holdings + stopped + fees + left_data = injected for every conserving rule."""

    parameters: Parameters
    granularity: Granularity  # the one used: lowest-intermediate has no coins
    asset: Asset
    injected: Shares
    holdings: tuple[Holding, ...]
    stopped: tuple[Stop, ...]
    fees: Shares
    left_data: Shares
    steps: tuple[Step, ...] = ()
    gaps: tuple[Gap, ...] = ()
    violations: tuple[str, ...] = ()
    unproven_groups: int = 0
    accounted_total: int | None = field(default=None)  # poison: the reach of all claims together

    @property
    def injected_total(self) -> int:
        """Smallest units that entered, all claims together."""
        return sum(self.injected.values())

    @property
    def accounted(self) -> int:
        """Smallest units in holdings, stops, fees and outflow together; under poison the reach of all claims."""
        if self.accounted_total is not None:
            return self.accounted_total
        parts = [holding.traced for holding in self.holdings] + [stop.traced for stop in self.stopped]
        return sum(parts) + sum(self.fees.values()) + sum(self.left_data.values())

    @property
    def difference(self) -> int:
        """What is accounted for beyond what entered; 0 for every conserving rule."""
        return self.accounted - self.injected_total

    @property
    def conserved(self) -> bool:
        """Whether every unit is accounted for; never true of a reach."""
        return self.parameters.rule.conserves and self.difference == 0
