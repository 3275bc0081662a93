"""Who controls whom: a majority at every level, or a right to control; true or false, never multiplied."""

from __future__ import annotations

from fractions import Fraction

from recoup.network.ownership.graph import Graph
from recoup.network.ownership.model import OWNERSHIP, ZERO, Interest, Nature

MAJORITY = Fraction(1, 2)
RIGHTS = frozenset({Interest.BOARD, Interest.CONTROL})


def controlled_by(
    graph: Graph, party: str, possible: bool = False, rights: frozenset[Interest] = RIGHTS
) -> tuple[str, ...]:
    """Entities under the party's control, in the order found: those where it and what it controls hold more than
    half (AMLR art. 53: `50 % plus one` at each level), or where it has a right to control.

    `possible` counts the highest declared shares instead of the lowest.
    """
    found: list[str] = []
    inside = {party}
    growing = True
    while growing:
        growing = False
        for entity in graph.entities:
            if entity not in inside and (
                _majority(graph, entity, inside, possible) or _right(graph, entity, inside, rights)
            ):
                inside.add(entity)
                found.append(entity)
                growing = True
    return tuple(found)


def held_directly(graph: Graph, holders: set[str], entity: str, possible: bool, dimension: Interest) -> Fraction:
    """Sum of the bands of several holders in one entity, at their low or their high ends."""
    total = ZERO
    for link in graph.links.get(entity, ()):
        if link.holder in holders:
            band = link.band(dimension)
            total += band.high if possible else band.low
    return min(total, Fraction(1))


def _majority(graph: Graph, entity: str, inside: set[str], possible: bool) -> bool:
    for dimension in OWNERSHIP:
        links = [link for link in graph.links[entity] if link.holder in inside and dimension in link.bands]
        low = sum((link.bands[dimension].high if possible else link.bands[dimension].low for link in links), ZERO)
        opened = not possible and any(link.bands[dimension].low_open for link in links)
        if low > MAJORITY or (low == MAJORITY and opened):
            return True
    return False


def _right(graph: Graph, entity: str, inside: set[str], rights: frozenset[Interest]) -> bool:
    return any(
        holding.subject == entity and holding.holder in inside and holding.interest in rights
        for holding in graph.others
    )


def role_holders(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Persons with a role in each arrangement of the graph (settlor, trustee, protector, beneficiary, nominator)."""
    found: dict[str, list[str]] = {}
    for holding in graph.others:
        arranged = graph.register.nature(holding.subject) is Nature.ARRANGEMENT
        roled = holding.interest is Interest.ROLE or (holding.interest is Interest.NOMINATOR and arranged)
        if roled and graph.register.nature(holding.holder) is Nature.PERSON:
            found.setdefault(holding.subject, []).append(holding.holder)
    return {entity: tuple(sorted(set(persons))) for entity, persons in found.items()}
