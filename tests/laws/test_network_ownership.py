"""Bounds of ownership against brute force on random registers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from random import Random

import numpy as np
import pytest

from recoup.network.ownership import Band, Graph, Holding, Interest, Nature, Party, Register, bounds, graph_above

CASES = 250
ENTITIES = "ABC"


def random_register(random: Random) -> Register:
    """Two persons and up to three entities, bands in tenths, cycles and self-holdings allowed."""
    entities = ENTITIES[: random.randrange(1, 4)]
    holdings: list[Holding] = []
    for subject in entities:
        holders = random.sample(["P", "Q", *entities], random.randrange(1, 3 if len(entities) > 1 else 4))
        left = 10
        for holder in holders:
            low = random.randrange(0, left + 1)
            high = random.randrange(low, 11)
            left -= low
            band = Band(Fraction(low, 10), Fraction(high, 10))
            holdings.append(Holding(f"s{len(holdings)}", holder, subject, Interest.SHARES, band))
    natures = {"P": Nature.PERSON, "Q": Nature.PERSON} | dict.fromkeys(entities, Nature.ENTITY)
    return Register({name: Party(name, name, nature) for name, nature in natures.items()}, tuple(holdings))


def corners(graph: Graph, entity: str) -> Iterator[dict[str, float]]:
    """Every vector of shares that fills the whole greedily in some order; undeclared is worth one to anybody."""
    bands = {link.holder: link.band(Interest.SHARES) for link in graph.links[entity]}
    rest = float(1 - sum(band.low for band in bands.values()))
    seen = set()
    for order in permutations([*bands, "?"]):
        left, shares = rest, {holder: float(band.low) for holder, band in bands.items()} | {"?": 0.0}
        for holder in order:
            room = left if holder == "?" else min(left, float(bands[holder].high - bands[holder].low))
            shares[holder] += room
            left -= room
        if tuple(shares.values()) not in seen:
            seen.add(tuple(shares.values()))
            yield shares


def worth(shares: dict[str, dict[str, float]], person: str, target: str) -> float:
    """The least fixed point by iteration from zero."""
    names = list(shares)
    matrix = np.array([[shares[row].get(column, 0.0) for column in names] for row in names])
    constant = np.array([shares[row].get(person, 0.0) + shares[row].get("?", 0.0) for row in names])
    values = np.zeros(len(names))
    for _ in range(3000):
        following = matrix @ values + constant
        if abs(following - values).max() < 1e-12:
            break
        values = following
    return float(values[names.index(target)])


@pytest.mark.parametrize("seed", range(5))
def test_high_bound_is_the_best_corner_and_low_the_least_shares(seed: int) -> None:
    random = Random(f"ownership {seed}")
    for _ in range(CASES // 5):
        graph = graph_above(random_register(random), "A")
        low, high = bounds(graph, "P", Interest.SHARES)
        entities = list(graph.entities)
        options = [list(corners(graph, entity)) for entity in entities]
        best = max(worth(dict(zip(entities, choice, strict=True)), "P", "A") for choice in product(*options))
        least = {
            entity: {link.holder: float(link.band(Interest.SHARES).low) for link in graph.links[entity]}
            for entity in entities
        }
        assert abs(float(high) - min(1.0, best)) < 1e-6
        assert abs(float(low) - worth(least, "P", "A")) < 1e-6


def test_bounds_are_ordered_and_within_the_whole() -> None:
    random = Random("ordered")
    for _ in range(300):
        graph = graph_above(random_register(random), "A")
        for person in "PQ":
            low, high = bounds(graph, person, Interest.SHARES)
            strict_low, strict_high = bounds(graph, person, Interest.SHARES, strict=True)
            assert 0 <= low <= high <= 1
            assert low <= strict_low and strict_high <= high


def test_certain_shares_of_all_persons_never_exceed_the_whole() -> None:
    random = Random("sum")
    for _ in range(300):
        graph = graph_above(random_register(random), "A")
        assert sum(bounds(graph, person, Interest.SHARES)[0] for person in "PQ") <= 1


def test_narrowing_a_band_never_widens_a_bound() -> None:
    random = Random("narrow")
    for _ in range(200):
        register = random_register(random)
        graph = graph_above(register, "A")
        at = random.randrange(len(register.holdings))
        held = register.holdings[at]
        exact = Holding(held.statement, held.holder, held.subject, held.interest, Band(held.band.low, held.band.low))
        narrowed = Register(register.parties, (*register.holdings[:at], exact, *register.holdings[at + 1 :]))
        before, after = (bounds(each, "P", Interest.SHARES) for each in (graph, graph_above(narrowed, "A")))
        assert after[0] == before[0]
