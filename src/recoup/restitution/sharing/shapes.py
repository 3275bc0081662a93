"""The shapes of an allocation problem: one pool, classes, several pools, defendants, advances, assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

import numpy as np

from recoup.restitution.sharing.advances import with_advances
from recoup.restitution.sharing.allocate import Rulebook, Way, allocate, interest
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.crypto import Price, paid_in_asset, value_of
from recoup.restitution.sharing.kernel import settled_at
from recoup.restitution.sharing.model import Allocation, Claims, Step
from recoup.restitution.sharing.pools import PoolShares, leximin
from recoup.restitution.sharing.reserves import with_disputes
from recoup.restitution.sharing.rules import terms_for
from recoup.restitution.sharing.waterfall import Costs, PriorityClass, cascade

Amounts = Mapping[str, int]
Tables = Mapping[str, Amounts | Mapping[str, Amounts]]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What a shape returns: awards in the order of the claims, and named figures for its own tables.

    Sum of awards + costs + surplus + undivided + held = pool.
    """

    awards: Column
    level: Fraction | None
    surplus: int
    undivided: int
    held: Column
    steps: tuple[Step, ...]
    costs: int = 0
    tables: Tables = field(default_factory=dict)


class Shape(Protocol):
    """One kind of problem."""

    def share(self, claims: Claims, pool: int, way: Way) -> Shared: ...


@dataclass(frozen=True, slots=True, eq=False)
class OnePool:
    """One pool under one rule; `maximum` where claims are disputed; `pays_interest` on a surplus."""

    book: Rulebook
    elects: Column | None = None
    maximum: Column | None = None
    pays_interest: bool = False

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        if self.maximum is not None:
            return _shared(with_disputes(self.book, claims, self.maximum, pool, way))
        shared = allocate(self.book, claims, pool, way, self.elects)
        return self._with_interest(claims, shared, way) if self.pays_interest else _shared(shared)

    def _with_interest(self, claims: Claims, shared: Allocation, way: Way) -> Shared:
        extra = interest(claims, shared.awards, shared.surplus, way)
        step = Step("interest", "pro-rata", len(claims), shared.surplus, total(extra.awards), extra.level)
        tables = {"interest": _by_id(claims.ids, extra.awards)}
        return Shared(shared.awards + extra.awards, shared.level, extra.surplus, shared.undivided + extra.undivided,
                      shared.held, (*shared.steps, step), tables=tables)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """A waterfall: costs under their cap, then classes in order."""

    classes: tuple[PriorityClass, ...]
    member: Column
    costs: Costs

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        shared = cascade(self.classes, claims, self.member, self.costs, pool, way)
        return Shared(shared.awards, shared.level, shared.surplus, shared.undivided, shared.held, shared.steps,
                      costs=shared.steps[0].paid)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """Several pools by leximin; `pool` of the problem is their sum."""

    book: Rulebook
    names: tuple[str, ...]
    amounts: tuple[int, ...]
    eligible: Column
    maximum: Column | None = None

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        high = claims if self.maximum is None else replace(claims, gross=self.maximum)
        terms = terms_for(self.book.rule, high, pool, self.book.options)
        shares = leximin(terms, self.eligible, self.amounts, way, claims.ids, self.book.rule)
        shared = _from_pools(claims, shares, self.names, "pools")
        return shared if self.maximum is None else self._with_disputes(claims, pool, shared, shares)

    def _with_disputes(self, claims: Claims, pool: int, shared: Shared, shares: PoolShares) -> Shared:
        """Of a disputed claim's share only what the allowed part earns at its level is paid; the rest is held."""
        low = terms_for(self.book.rule, claims, pool, self.book.options)
        awards = shared.awards.copy()
        for row in np.flatnonzero(self.maximum > claims.gross).tolist():
            level = shares.tight[shares.piece[row]].level if shares.piece[row] >= 0 else None
            one = low.take(np.array([row]))
            sure = one.upper[0] if level is None else settled_at(one, level)[0][0]
            awards[row] = min(awards[row], sure)
        return replace(shared, awards=awards, held=shared.awards - awards)


@dataclass(frozen=True, slots=True, eq=False)
class Defendants:
    """Joint and several orders: each defendant pays at most what is ordered, each victim receives at most the loss.

    `collected` now and `applied` before, against `ordered`; what exceeds an order goes back (18 USC 3664(h), (j)).
    """

    book: Rulebook
    names: tuple[str, ...]
    ordered: tuple[int, ...]
    applied: tuple[int, ...]
    collected: tuple[int, ...]
    eligible: Column

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        rooms = zip(self.collected, self.ordered, self.applied, strict=True)
        usable = tuple(min(collected, max(0, ordered - applied)) for collected, ordered, applied in rooms)
        terms = terms_for(self.book.rule, claims, sum(usable), self.book.options)
        shares = leximin(terms, self.eligible, usable, way, claims.ids, self.book.rule)
        excess = tuple(collected - use for collected, use in zip(self.collected, usable, strict=True))
        shared = _from_pools(claims, shares, self.names, "defendants")
        back = {"beyond_order": dict(zip(self.names, excess, strict=True))}
        return Shared(shared.awards, shared.level, shared.surplus + sum(excess), shared.undivided, shared.held,
                      shared.steps, tables={**shared.tables, **back})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Advances:
    """SIPA: pro rata shares, an advance up to `cap` per customer, subrogation for the advance."""

    book: Rulebook
    before: Column
    cap: int

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        shared = allocate(self.book, claims, pool, way)
        split = with_advances(claims, shared.awards, self.before, self.cap)
        tables = {
            "customer": _by_id(claims.ids, split.customer),
            "guarantor": _by_id(claims.ids, split.guarantor),
            "advance": _by_id(claims.ids, split.advance),
        }
        plain = _shared(shared)
        return Shared(plain.awards, plain.level, plain.surplus, plain.undivided, plain.held, plain.steps, tables=tables)


@dataclass(frozen=True, slots=True, eq=False)
class InKind:
    """Coin for coin: each asset is a pool of its own, in its own smallest unit; `pool` of the problem is not used."""

    book: Rulebook
    assets: tuple[str, ...]
    amounts: tuple[int, ...]
    member: Column

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        awards, steps = np.zeros_like(claims.gross), []
        left, undivided = {}, 0
        for place, asset in enumerate(self.assets):
            index = np.flatnonzero(self.member == place)
            shared = allocate(self.book, claims.take(index), self.amounts[place], way)
            awards[index] = shared.awards
            left[asset], undivided = shared.surplus, undivided + shared.undivided
            steps += [Step(asset, step.rule, step.claims, step.amount, step.paid, step.level) for step in shared.steps]
        return Shared(awards, None, sum(left.values()), undivided, np.zeros_like(awards), tuple(steps),
                      tables={"surplus_by_asset": left})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Dollarised:
    """A pool of an asset for claims in base currency: valued and paid at one named price; `pool` in asset units."""

    book: Rulebook
    price: Price

    def share(self, claims: Claims, pool: int, way: Way) -> Shared:
        shared = allocate(self.book, claims, value_of(pool, self.price), way)
        paid = paid_in_asset(shared.awards, self.price)
        tables = {"valued": _by_id(claims.ids, shared.awards)}
        left = pool - total(paid.awards)
        return Shared(paid.awards, shared.level, left, 0, np.zeros_like(paid.awards), shared.steps, tables=tables)


def _shared(allocation: Allocation) -> Shared:
    return Shared(allocation.awards, allocation.level, allocation.surplus, allocation.undivided, allocation.held,
                  allocation.steps)  # fmt: skip


def _from_pools(claims: Claims, shares: PoolShares, names: tuple[str, ...], title: str) -> Shared:
    drawn = [each.tolist() for each in shares.drawn]
    by_claim = {
        claim: {name: drawn[p][i] for p, name in enumerate(names) if drawn[p][i]} for i, claim in enumerate(claims.ids)
    }
    levels = [each.level for each in shares.tight if each.level is not None]
    left = dict(zip(names, shares.left, strict=True))
    over = sum(shares.left)
    # Below every level only flooring leaves units; a pool that its claimants cannot use up has a surplus.
    steps = tuple(
        replace(step, name="+".join(name for p, name in enumerate(names) if each.pools >> p & 1))
        for step, each in zip(shares.steps, shares.tight, strict=True)
    )
    exhausted = {p for each in shares.tight if each.level is not None for p in range(len(names)) if each.pools >> p & 1}
    undivided = sum(shares.left[p] for p in exhausted)
    tables: Tables = {f"by_{title}": by_claim, f"left_in_{title}": left}
    return Shared(shares.awards, min(levels, default=None), over - undivided, undivided, np.zeros_like(shares.awards),
                  steps, tables=tables)  # fmt: skip


def _by_id(ids: Sequence[str], values: Column) -> dict[str, int]:
    return dict(zip(ids, values.tolist(), strict=True))
