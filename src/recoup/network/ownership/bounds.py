"""Exact bounds of what one party holds in the target, through every chain and cycle.

Low: every declared share at its minimum. High: the best vector of shares within the bands and within the whole, with
everything undeclared given to the party: a fractional knapsack per entity, policy iteration on cycles (Howard, 1960).
Fractions only; no rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from recoup.network.ownership.graph import Graph
from recoup.network.ownership.model import ONE, ZERO, Interest, Nature

CYCLE_ENTITIES_MAX = 40
MARGIN = Fraction(1, 10**15)

Shares = dict[str, Fraction]
Values = dict[str, Fraction]
UNDECLARED = "?"


class CycleTooLarge(ValueError):
    """A cycle of more than CYCLE_ENTITIES_MAX entities is not solved exactly."""


def bounds(graph: Graph, party: str, dimension: Interest, strict: bool = False) -> tuple[Fraction, Fraction]:
    """Least and greatest share of `party` in the target. `strict` moves open bounds inwards, for comparisons."""
    low = _solved(graph, party, dimension, best=False, strict=strict)
    high = _solved(graph, party, dimension, best=True, strict=strict)
    return min(ONE, low.get(graph.target, ZERO)), min(ONE, high.get(graph.target, ZERO))


def declared_high(graph: Graph, party: str, dimension: Interest) -> Fraction:
    """The greatest share if nothing undeclared belonged to the party."""
    values = _solved(graph, party, dimension, best=True, strict=False, undeclared=ZERO)
    return min(ONE, values.get(graph.target, ZERO))


def _solved(
    graph: Graph, party: str, dimension: Interest, best: bool, strict: bool, undeclared: Fraction = ONE
) -> Values:
    """Value of each entity to the party, cycle by cycle, holders first."""
    values: Values = {party: ONE, UNDECLARED: undeclared if best else ZERO}
    for cycle in _components(graph):
        entities = [entity for entity in cycle if entity != party]
        if len(entities) > CYCLE_ENTITIES_MAX:
            raise CycleTooLarge(f"a cycle of {len(entities)} entities, at most {CYCLE_ENTITIES_MAX}")
        if best:
            _improve(graph, entities, dimension, values, strict)
        else:
            shares = {entity: _least(graph, entity, dimension, strict) for entity in entities}
            values |= _evaluated(shares, values)
    return values


def _least(graph: Graph, entity: str, dimension: Interest, strict: bool) -> Shares:
    shares: Shares = {}
    for link in graph.links[entity]:
        band = link.band(dimension).within(MARGIN) if strict else link.band(dimension)
        shares[link.holder or UNDECLARED] = shares.get(link.holder or UNDECLARED, ZERO) + band.low
    return shares


def _improve(graph: Graph, entities: list[str], dimension: Interest, values: Values, strict: bool) -> None:
    """Policy iteration: best shares for the current values, exact values for those shares, until nothing improves."""
    current = dict.fromkeys(entities, ZERO)
    policy: dict[str, Shares] = {}
    while True:
        changed = False
        for entity in entities:
            made = _greatest(graph, entity, dimension, values | current, strict)
            worth = _worth(made, values | current)
            if entity not in policy or worth > _worth(policy[entity], values | current):
                policy[entity] = made
                changed = True
        if not changed:
            break
        current = _evaluated(policy, values)
    values |= current


def _worth(shares: Shares, values: Mapping[str, Fraction]) -> Fraction:
    return sum((share * values.get(holder, ZERO) for holder, share in shares.items()), ZERO)


def _greatest(graph: Graph, entity: str, dimension: Interest, values: Mapping[str, Fraction], strict: bool) -> Shares:
    """Fill the whole with the holders worth most, each within its band; what nobody declares is worth `undeclared`."""
    if graph.register.nature(entity) is Nature.STATE:
        return {}
    bands = [(link.holder or UNDECLARED, link.band(dimension)) for link in graph.links[entity]]
    bands = [(holder, band.within(MARGIN)) if strict else (holder, band) for holder, band in bands]
    left = max(ZERO, ONE - sum((band.low for _, band in bands), ZERO))
    shares: Shares = {}
    ranked = sorted(bands, key=lambda each: (-values.get(each[0], ZERO), each[0]))
    worth_undeclared = values.get(UNDECLARED, ZERO)
    for holder, band in ranked:
        more = min(left, band.high - band.low) if values.get(holder, ZERO) >= worth_undeclared else ZERO
        shares[holder] = shares.get(holder, ZERO) + band.low + more
        left -= more
    shares[UNDECLARED] = shares.get(UNDECLARED, ZERO) + left
    return shares


def _evaluated(policy: Mapping[str, Shares], values: Mapping[str, Fraction]) -> Values:
    """Least solution of v = A v + b for the entities of one cycle; entities that only own each other are worth 0."""
    names = [name for name in policy if _reaches(name, policy, values)]
    place = {name: at for at, name in enumerate(names)}
    rows = []
    for name in names:
        row = [ZERO] * (len(names) + 1)
        row[place[name]] = ONE
        for holder, share in policy[name].items():
            if holder in place:
                row[place[holder]] -= share
            elif holder not in policy:
                row[-1] += share * values.get(holder, ZERO)
        rows.append(row)
    solution = _eliminated(rows)
    return {name: solution[place[name]] if name in place else ZERO for name in policy}


def _reaches(name: str, policy: Mapping[str, Shares], values: Mapping[str, Fraction]) -> bool:
    """Whether any value flows to an entity under these shares."""
    seen, ahead = {name}, [name]
    while ahead:
        for holder, share in policy[ahead.pop()].items():
            if share > 0 and holder not in policy and values.get(holder, ZERO) > 0:
                return True
            if share > 0 and holder in policy and holder not in seen:
                seen.add(holder)
                ahead.append(holder)
    return False


def _eliminated(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gauss-Jordan on exact fractions. A cycle that owns itself wholly has no single solution and counts as 0."""
    size = len(rows)
    for column in range(size):
        pivot = next((at for at in range(column, size) if rows[at][column] != 0), None)
        if pivot is None:
            continue
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for at in range(size):
            if at != column and rows[at][column] != 0:
                factor = rows[at][column]
                rows[at] = [value - factor * own for value, own in zip(rows[at], rows[column], strict=True)]
    return [max(ZERO, min(ONE, rows[at][-1])) if rows[at][at] != 0 else ZERO for at in range(size)]


def _components(graph: Graph) -> Iterable[list[str]]:
    """Strongly connected components of the entities, holders before what they hold (Tarjan, 1972, no recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    done: set[str] = set()
    stack: list[str] = []
    for root in graph.entities:
        if root in order:
            continue
        work = [(root, iter(_holders(graph, root)))]
        order[root] = low[root] = len(order)
        stack.append(root)
        while work:
            entity, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[entity])
                if low[entity] == order[entity]:
                    at = stack.index(entity)
                    component, stack[at:] = stack[at:], []
                    done.update(component)
                    yield sorted(component)
            elif following not in order:
                order[following] = low[following] = len(order)
                stack.append(following)
                work.append((following, iter(_holders(graph, following))))
            elif following not in done:
                low[entity] = min(low[entity], order[following])


def _holders(graph: Graph, entity: str) -> list[str]:
    return [link.holder for link in graph.links[entity] if link.holder in graph.links]
