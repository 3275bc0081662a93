"""Nouns of the question that a plan answers: case, conduct, orders, materials, assets. None is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recoup.law.codes import AuthorityType, Measure
from recoup.law.vocabulary import AssetClass


@dataclass(frozen=True, slots=True)
class Conduct:
    """What was done. `labels` name it; `elements` describe it; `max_penalty_years` under the requesting State's law."""

    labels: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    max_penalty_years: int | None = None
    organised_group: bool | None = None
    transnational: bool | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A court order. `confiscation` false: a freezing order. `criminal` false: civil or administrative."""

    id: str
    confiscation: bool
    criminal: bool
    state: str | None
    final: bool | None = None
    under_appeal: bool | None = None
    certified: bool | None = None
    conviction_based: bool | None = None

    @property
    def doubt(self) -> int:
        """0 final and not under appeal, 1 not known, 2 not so."""
        if self.final is False or self.under_appeal is True:
            return 2
        return 0 if self.final and self.under_appeal is False else 1


@dataclass(frozen=True, slots=True)
class Material:
    """An item that may go into an annex. `consent` of whoever its use depends on."""

    id: str
    origin: str | None
    consent: bool | None


@dataclass(frozen=True, slots=True)
class Party:
    """A holder or controller by name, kind and State of seat; any may be unknown."""

    name: str | None = None
    kind: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """`amount` in smallest units of `asset`."""

    amount: int
    asset: str


@dataclass(frozen=True, slots=True)
class Token:
    symbol: str
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class AssetAsked:
    """One asset. `situs` is where it lies, as the requester knows it; `hosted` whether a custodian holds the keys."""

    id: str
    kind: AssetClass | None
    class_text: str
    situs: str | None
    holder: Party
    controller: Party
    hosted: bool | None
    token: Token | None
    value: Value | None
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One request for a plan. `urgency` and `constraints` are slugs; `contents` are F-codes already at hand."""

    as_of: date
    state: str
    authority: str
    sender: AuthorityType | None
    measure: Measure
    conduct: Conduct
    evidence_level: int | None
    evidence: str | None
    orders: tuple[Order, ...]
    urgency: tuple[str, ...]
    constraints: frozenset[str]
    materials: tuple[Material, ...]
    contents: frozenset[str]
    model_rules: frozenset[str]
    assets: tuple[AssetAsked, ...]

    @property
    def freezing_orders(self) -> tuple[Order, ...]:
        return tuple(order for order in self.orders if not order.confiscation and order.state in (self.state, None))

    @property
    def confiscation_orders(self) -> tuple[Order, ...]:
        return tuple(order for order in self.orders if order.confiscation and order.state in (self.state, None))

    @property
    def leading_confiscation(self) -> Order | None:
        """The order to be enforced: the one nearest to finality, the earlier of equals."""
        ranked = sorted(self.confiscation_orders, key=lambda order: order.doubt)
        return ranked[0] if ranked else None
