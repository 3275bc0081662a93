"""What a tracing report is made of: results, and the facts about their inputs that a reader must have."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.ground import Asset
from recoup.tracing import Granularity, Link, Result, Rule, Service, Sheet

_SHARES = frozenset({Rule.HAIRCUT, Rule.LOWEST_INTERMEDIATE})


def noise(result: Result, figures: int) -> int:
    """How far a sum of that many figures of steps may be off: rules on shares round each of them down for the eye."""
    shared = result.parameters.rule in _SHARES and result.granularity is not Granularity.COIN
    return figures if shared else 0


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One row of the claims file with the account, time and asset of its leg. `amount` in smallest units."""

    claim: str
    entry: str
    leg: str
    account: str
    time: str
    asset: Asset
    amount: int


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input by its name in the bundle. `role`: ledger, claims, services, clusters or links."""

    role: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much data there is; `first` and `last` are empty where there is none."""

    entries: int
    legs: int
    first: str
    last: str


@dataclass(frozen=True)
class Exhibit:
    """Everything that a report says. `results`: the declared rule, one per asset; `others`: the other rules asked."""

    language: str
    results: tuple[Result, ...]
    others: tuple[Result, ...]
    sheets: tuple[Sheet, ...]
    claims: tuple[ClaimLine, ...]
    services: tuple[Service, ...]
    links: tuple[Link, ...]
    inputs: tuple[InputFile, ...]
    extent: Extent
    versions: tuple[tuple[str, str], ...]

    def label(self, account: str) -> str:
        """What the services file calls an account; empty where it says nothing."""
        return next((service.label for service in self.services if service.account == account), "")
