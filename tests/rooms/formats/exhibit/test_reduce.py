"""However large the graph, the picture is small, says what it summed, and loses no unit."""

from __future__ import annotations

import pytest

from recoup.formats.exhibit.graph import CLEAN, ENDS, Graph, Part
from recoup.formats.exhibit.reduce import (
    BARS_PER_COLUMN_MAX,
    CLAIMS_SHOWN_MAX,
    COLUMNS_MAX,
    ENDS_SHOWN_MAX,
    OTHER_CLAIMS,
    Picture,
    colours_shown,
    pictured,
    recoloured,
)


def fan(ends: int) -> Graph:
    """One claim, one account, many holdings of 1, 2, 3 …"""
    graph = Graph()
    claim, mule = graph.node(Part.CLAIM, "anna"), graph.node(Part.POT, "mule")
    graph.band(claim, mule, {"anna": ends * (ends + 1) // 2})
    for i in range(1, ends + 1):
        graph.band(mule, graph.end(Part.HOLDING, f"h{i}", "", i), {"anna": i})
    return graph


def chain(length: int, peel: bool = True) -> Graph:
    """A peel chain: each account keeps 1 and passes the rest on."""
    graph = Graph()
    before, left = graph.node(Part.CLAIM, "anna"), length + 10
    for i in range(length):
        here = graph.node(Part.POT, f"p{i}")
        graph.band(before, here, {"anna": left})
        if peel:
            graph.band(here, graph.end(Part.HOLDING, f"peel{i}", "", 1), {"anna": 1})
            left -= 1
        before = here
    graph.band(before, graph.end(Part.STOP, "exchange", "Exchange", left), {"anna": left})
    return graph


def arriving_at_ends(picture: Picture) -> int:
    return sum(
        sum(shares.values())
        for (_, target), shares in picture.graph.bands.items()
        if target in picture.graph.nodes and picture.graph.nodes[target].part in ENDS
    )


@pytest.mark.parametrize("ends", [1, ENDS_SHOWN_MAX, ENDS_SHOWN_MAX + 1])
def test_up_to_the_limit_every_end_stays(ends: int) -> None:
    picture = pictured(fan(ends))
    assert picture.merged == 0 and sum(node.part is Part.HOLDING for node in picture.graph.nodes.values()) == ends


def test_beyond_the_limit_the_largest_stay_and_the_rest_is_one() -> None:
    ends = ENDS_SHOWN_MAX + 2
    picture = pictured(fan(ends))
    holdings = [node for node in picture.graph.nodes.values() if node.part is Part.HOLDING]
    assert len(holdings) == ENDS_SHOWN_MAX + 1 and picture.merged == 2
    (others,) = [node for node in holdings if node.count > 1]
    assert others.count == 2 and others.amount == 1 + 2
    assert {node.name for node in holdings if node.count == 1} == {f"h{i}" for i in range(3, ends + 1)}


@pytest.mark.parametrize("ends", [5, 50, 5000])
def test_no_unit_is_lost_in_others(ends: int) -> None:
    assert arriving_at_ends(pictured(fan(ends))) == ends * (ends + 1) // 2


def test_ties_keep_the_earlier() -> None:
    graph = Graph()
    claim = graph.node(Part.CLAIM, "anna")
    for i in range(ENDS_SHOWN_MAX + 5):
        graph.band(claim, graph.end(Part.STOP, f"s{i}", "", 7), {"anna": 7})
    kept = [node.name for node in pictured(graph).graph.nodes.values() if node.part is Part.STOP and node.count == 1]
    assert kept == [f"s{i}" for i in range(ENDS_SHOWN_MAX)]


@pytest.mark.parametrize("length", [1, COLUMNS_MAX, COLUMNS_MAX + 1, 60, 2000])
def test_chains_of_any_length_fit_in_the_columns(length: int) -> None:
    picture = pictured(chain(length))
    assert picture.last <= COLUMNS_MAX + 1
    assert picture.folded == (length > COLUMNS_MAX)
    assert arriving_at_ends(picture) == length + 10
    assert picture.returns == frozenset()


def test_a_folded_bar_counts_its_places() -> None:
    picture = pictured(chain(40, peel=False))
    passing = [node for node in picture.graph.nodes.values() if node.part is Part.POT]
    assert sum(node.count for node in passing) == 40 and all(node.row for node in passing)


def test_claims_stand_first_and_ends_last() -> None:
    picture = pictured(chain(3))
    for key, node in picture.graph.nodes.items():
        if node.part is Part.CLAIM:
            assert picture.columns[key] == 0
        elif node.part in ENDS:
            assert picture.columns[key] == picture.last
        else:
            assert 0 < picture.columns[key] < picture.last


def test_a_payment_back_is_a_return_and_lengthens_nothing() -> None:
    graph = Graph()
    claim, a, b = graph.node(Part.CLAIM, "anna"), graph.node(Part.POT, "a"), graph.node(Part.POT, "b")
    graph.band(claim, a, {"anna": 10})
    graph.band(a, b, {"anna": 10})
    graph.band(b, a, {"anna": 4})
    graph.band(b, graph.end(Part.HOLDING, "b", "", 6), {"anna": 6})
    picture = pictured(graph)
    assert picture.returns == {(b, a)}
    assert picture.columns[a] == 1 and picture.columns[b] == 2


def test_a_column_shows_its_largest_bars() -> None:
    graph = Graph()
    claim = graph.node(Part.CLAIM, "anna")
    for i in range(30):
        pot = graph.node(Part.POT, f"p{i}")
        graph.band(claim, pot, {"anna": i + 1})
        graph.band(pot, graph.node(Part.FEES, "fees"), {"anna": i + 1})
    picture = pictured(graph)
    bars = [node for node in picture.graph.nodes.values() if node.part is Part.POT]
    assert len(bars) == BARS_PER_COLUMN_MAX + 1 and sum(node.count for node in bars) == 30
    assert picture.merged == 30 - BARS_PER_COLUMN_MAX


def test_few_claims_keep_their_colours() -> None:
    injected = {f"c{i}": 1 for i in range(CLAIMS_SHOWN_MAX + 1)}
    assert colours_shown(injected) == {name: name for name in injected}


def test_many_claims_share_one_colour_beyond_the_largest() -> None:
    injected = {f"c{i}": i for i in range(CLAIMS_SHOWN_MAX + 2)}
    shown = colours_shown(injected)
    assert [name for name, colour in shown.items() if colour == OTHER_CLAIMS] == ["c0", "c1"]


def test_recoloured_claims_become_one_node_with_all_their_value() -> None:
    graph = Graph()
    pot = graph.node(Part.POT, "mule")
    injected = {f"c{i}": 10 + i for i in range(20)}
    for name, amount in injected.items():
        graph.band(graph.end(Part.CLAIM, name, "", amount), pot, {name: amount, CLEAN: 1})
    made = recoloured(graph, colours_shown(injected))
    claims = [node for node in made.nodes.values() if node.part is Part.CLAIM]
    assert len(claims) == CLAIMS_SHOWN_MAX + 1
    (others,) = [node for node in claims if node.count > 1]
    assert others.count == 20 - CLAIMS_SHOWN_MAX
    assert sum(made.arriving[pot].values()) == sum(injected.values()) + 20
    assert others.amount == sum(sorted(injected.values())[: 20 - CLAIMS_SHOWN_MAX])


def test_recolouring_few_claims_changes_nothing() -> None:
    graph = fan(3)
    assert recoloured(graph, {"anna": "anna"}) is graph
