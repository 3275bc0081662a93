"""Several pools, each for its own claimants, shared by leximin: no pool's claimants are served before another's.

Sequential hotchpot depends on the order of the pools; leximin does not. For every set Q of live pools the claimants
who can draw on nothing else reach at most the level at which they exhaust Q. The tightest Q is settled, then the rest.
Source: lexicographically optimal flows, Megiddo (1974); Moulin & Sethuraman, The bipartite rationing problem (2013).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from recoup.restitution.sharing.allocate import Way
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.kernel import Rounding, Terms, Tie, level_of, next_units, settled_at
from recoup.restitution.sharing.model import Step
from recoup.restitution.sharing.transport import transport

POOLS_MAX = 8

Ids = Sequence[str]


@dataclass(frozen=True, slots=True)
class Tight:
    """A set of pools (bit mask) that its claimants exhaust at `level`; None where money is left over."""

    pools: int
    level: Fraction | None


@dataclass(frozen=True, slots=True, eq=False)
class PoolShares:
    """`awards` per claim; `drawn[p]` per claim from pool p (columns of it add up to `awards`); `left[p]` stays in p."""

    awards: Column
    drawn: tuple[Column, ...]
    left: tuple[int, ...]
    tight: tuple[Tight, ...]
    steps: tuple[Step, ...]
    piece: Column  # position in `tight` of the set that settled each claim; -1 for a claim without a pool


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Claims with the same pools."""

    pools: int
    index: Column
    terms: Terms


def leximin(terms: Terms, eligible: Column, pools: tuple[int, ...], way: Way, ids: Ids, rule: str = "") -> PoolShares:
    """Share `pools` (amounts) by one rule; `eligible` is each claim's bit mask of pools. Lower bounds must be zero.

    More than `POOLS_MAX` pools, an unknown pool, or lower bounds raise ValueError. A claim without a pool gets nothing.
    """
    if len(pools) > POOLS_MAX:
        raise ValueError(f"{len(pools)} pools; at most {POOLS_MAX} can be shared together")
    if len(eligible) and (eligible.min() < 0 or eligible.max() >= 1 << len(pools)):
        raise ValueError("a claim names a pool that does not exist")
    if total(terms.lower) or terms.scale != 1:
        raise ValueError("several pools are shared without minimum payments and without the Talmud rule")
    awards = np.zeros_like(terms.upper)
    groups = [_group(terms, eligible, mask) for mask in np.unique(eligible).tolist() if mask]
    drawn = [np.zeros_like(awards) for _ in pools]
    tight: list[Tight] = []
    steps: list[Step] = []
    settled_in = np.full(len(awards), -1)
    for piece, members in _settled(groups, pools):
        _pay(members, piece, pools, way, ids, awards)
        _draw(members, piece, pools, awards, drawn)
        size, paid = sum(len(group.index) for group in members), sum(total(awards[group.index]) for group in members)
        for group in members:
            settled_in[group.index] = len(tight)
        tight.append(piece)
        steps.append(Step(f"pools {piece.pools:b}", rule, size, _sum(pools, piece.pools), paid, piece.level))
    left = tuple(amount - total(each) for amount, each in zip(pools, drawn, strict=True))
    return PoolShares(awards, tuple(drawn), left, tuple(tight), tuple(steps), settled_in)


def _group(terms: Terms, eligible: Column, mask: int) -> _Group:
    index = np.flatnonzero(eligible == mask)
    return _Group(mask, index, terms.take(index))


def _settled(groups: list[_Group], pools: tuple[int, ...]) -> Iterator[tuple[Tight, list[_Group]]]:
    """The tightest set of live pools with the claimants confined to it, again and again."""
    live, waiting = (1 << len(pools)) - 1, groups
    while waiting:
        best = Tight(live, None)
        for mask in _subsets(live):
            confined = [group for group in waiting if group.pools & live & ~mask == 0]
            level = level_of(_joined(confined), _sum(pools, mask)) if confined else None
            if level is not None and _tighter(level, mask, best):
                best = Tight(mask, level)
        members = [group for group in waiting if group.pools & live & ~best.pools == 0]
        yield best, members
        waiting = [group for group in waiting if group not in members]
        live &= ~best.pools


def _tighter(level: Fraction, mask: int, best: Tight) -> bool:
    if best.level is None or level != best.level:
        return best.level is None or level < best.level
    return mask.bit_count() > best.pools.bit_count()


def _subsets(live: int) -> Iterator[int]:
    mask = live
    while mask:
        yield mask
        mask = (mask - 1) & live


def _joined(groups: list[_Group]) -> Terms:
    if len(groups) == 1:
        return groups[0].terms
    names = ("weight", "received", "lower", "upper")
    w, r, low, high = (np.concatenate([getattr(group.terms, name) for group in groups]) for name in names)
    return Terms(w, r, low, high)


def _sum(pools: tuple[int, ...], mask: int) -> int:
    return sum(amount for place, amount in enumerate(pools) if mask >> place & 1)


def _pay(members: list[_Group], piece: Tight, pools: tuple[int, ...], way: Way, ids: Ids, awards: Column) -> None:
    """Write the awards of one settled set of pools."""
    if piece.level is None:
        for group in members:
            awards[group.index] = np.where(group.terms.weight > 0, group.terms.upper, 0)
        return
    settled = [settled_at(group.terms, piece.level) for group in members]
    rests = [sum(each.tolist()) if each.dtype == object else _total_wide(each) for _, each in settled]
    extra = [0] * len(members)
    if way.rounding is Rounding.FINAL:
        floors = [total(each) for each, _ in settled]
        extra = _rounded_up(members, floors, rests, piece, pools)
    for group, (award, rest), units in zip(members, settled, extra, strict=True):
        if units:
            award[next_units(rest, units, _tie(group, way, ids))] += 1
        awards[group.index] = award


def _total_wide(values: Column) -> int:
    """The exact sum of int64 values whose sum may need more than 64 bits."""
    return (int((values >> 30).sum()) << 30) + int((values & (2**30 - 1)).sum())


def _tie(group: _Group, way: Way, ids: Ids) -> Tie:
    key = way.tie(ids)
    return lambda i: key(int(group.index[i]))


def _rounded_up(
    members: list[_Group], floors: list[int], rests: list[int], piece: Tight, pools: tuple[int, ...]
) -> list[int]:
    """Units above the claims' floors for each group, so that the pools are exhausted and nobody overdraws one.

    Each group gets its exact total rounded down or up; the largest fractions go up first where the pools allow it.
    """
    assert piece.level is not None
    den = piece.level.denominator
    extra = [rest // den for rest in rests]
    taken = {group.pools & piece.pools: 0 for group in members}
    for group, floor, units in zip(members, floors, extra, strict=True):
        taken[group.pools & piece.pools] += floor + units
    left = _sum(pools, piece.pools) - sum(taken.values())
    for place in sorted(range(len(members)), key=lambda j: (-(rests[j] % den), members[j].pools)):
        mask = members[place].pools & piece.pools
        if left and rests[place] % den and _has_room(mask, taken, piece.pools, pools):
            extra[place] += 1
            taken[mask] += 1
            left -= 1
    assert left == 0, "a whole-number flow exists wherever a fractional one does"
    return extra


def _has_room(mask: int, taken: dict[int, int], whole: int, pools: tuple[int, ...]) -> bool:
    """Whether one unit more for the claimants of `mask` leaves every set of pools above what is confined to it."""
    return all(
        sum(units for each, units in taken.items() if each & ~subset == 0) < _sum(pools, subset)
        for subset in _subsets(whole)
        if mask & ~subset == 0
    )


def _draw(members: list[_Group], piece: Tight, pools: tuple[int, ...], awards: Column, drawn: list[Column]) -> None:
    """Who pays whom: within a group pool after pool in the order of the claims, so that most have one payer."""
    demand: dict[int, int] = {}
    for group in members:
        mask = group.pools & piece.pools
        demand[mask] = demand.get(mask, 0) + total(awards[group.index])
    supply = {place: amount for place, amount in enumerate(pools) if piece.pools >> place & 1}
    flow = transport(demand, supply)
    used = dict.fromkeys(flow, 0)
    for group in members:
        mask, start, upto = group.pools & piece.pools, 0, np.cumsum(awards[group.index])
        before = upto - awards[group.index]
        for pool in supply:
            units = min(flow.get((mask, pool), 0) - used.get((mask, pool), 0), total(awards[group.index]) - start)
            if units:
                drawn[pool][group.index] = np.clip(upto, start, start + units) - np.clip(before, start, start + units)
                used[mask, pool] += units
                start += units
