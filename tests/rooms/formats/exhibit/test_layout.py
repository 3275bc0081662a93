"""Bars do not overlap, bands fill their bars, everything lies on the sheet, and widths are amounts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.formats.exhibit.test_reduce import chain, fan

from recoup.formats.exhibit.graph import CLEAN, Graph, Part
from recoup.formats.exhibit.layout import BAR, FULL, PIXEL, WIDTH, Layout, laid_out
from recoup.formats.exhibit.reduce import pictured


def drawn(graph: Graph, claimed: int, colours: tuple[str, ...] = ("anna",)) -> Layout:
    return laid_out(pictured(graph), colours, claimed)


def check(layout: Layout) -> None:
    columns: dict[int, list[tuple[int, int]]] = {}
    for bar in layout.bars:
        assert 0 <= bar.x <= WIDTH - BAR and bar.y >= 0 and bar.y + bar.height <= layout.height
        columns.setdefault(bar.x, []).append((bar.y, bar.y + bar.height))
    for spans in columns.values():
        for above, below in pairwise(sorted(spans)):
            assert above[1] <= below[0], "bars overlap"
    for strip in layout.strips:
        assert strip.thickness > 0 and strip.x0 <= strip.x1
        assert max(strip.y0, strip.y1) + strip.thickness <= layout.height


@pytest.mark.parametrize("ends", [1, 2, 13, 400])
def test_fans_fit(ends: int) -> None:
    check(drawn(fan(ends), ends * (ends + 1) // 2))


@pytest.mark.parametrize("length", [1, 4, 5, 90])
def test_chains_fit(length: int) -> None:
    check(drawn(chain(length), length + 10))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 2**256)), min_size=1, max_size=25))
def test_any_graph_fits(bands: list[tuple[int, int, int]]) -> None:
    graph = Graph()
    claim, pots = graph.node(Part.CLAIM, "anna"), [graph.node(Part.POT, f"p{i}") for i in range(6)]
    for source, target, amount in bands:
        graph.band(claim, pots[source], {"anna": amount})
        graph.band(pots[source], pots[target], {"anna": amount, CLEAN: amount // 3})
        graph.band(pots[target], graph.end(Part.HOLDING, f"h{target}", "", amount), {"anna": amount})
    check(drawn(graph, sum(amount for _, _, amount in bands)))


def test_the_fullest_column_has_the_full_height_and_halves_are_halves() -> None:
    graph = Graph()
    claim = graph.node(Part.CLAIM, "anna")
    graph.band(claim, graph.end(Part.HOLDING, "a", "", 50), {"anna": 50})
    graph.band(claim, graph.end(Part.HOLDING, "b", "", 50), {"anna": 50})
    heights = {bar.node.name: bar.height for bar in drawn(graph, 100).bars}
    assert heights == {"anna": FULL, "a": FULL // 2, "b": FULL // 2}


def test_clean_value_is_drawn_at_most_half_of_what_is_claimed_and_that_is_known() -> None:
    graph = Graph()
    claim, mule = graph.node(Part.CLAIM, "anna"), graph.node(Part.POT, "mule")
    graph.band(claim, mule, {"anna": 100})
    graph.band(mule, graph.end(Part.HOLDING, "h", "", 100), {"anna": 100, CLEAN: 5000})
    layout = drawn(graph, 100)
    wide = {strip.colour: strip.thickness for strip in layout.strips}
    assert layout.cut and wide[CLEAN] * 2 == wide["anna"]
    assert not drawn(fan(3), 6).cut


def test_a_tiny_amount_is_still_seen() -> None:
    graph = Graph()
    claim = graph.node(Part.CLAIM, "anna")
    graph.band(claim, graph.end(Part.HOLDING, "a", "", 10**30), {"anna": 10**30})
    graph.band(claim, graph.node(Part.FEES, "fees"), {"anna": 1})
    assert min(strip.thickness for strip in drawn(graph, 10**30 + 1).strips) > 0


def test_colours_keep_their_order_inside_a_band_and_clean_comes_last() -> None:
    graph = Graph()
    pot = graph.node(Part.POT, "mule")
    for claim in ("ben", "anna"):
        graph.band(graph.node(Part.CLAIM, claim), pot, {claim: 10})
    graph.band(pot, graph.end(Part.HOLDING, "h", "", 20), {"ben": 10, "anna": 10, CLEAN: 5})
    strips = [s for s in drawn(graph, 20, ("anna", "ben")).strips if s.x0 > WIDTH // 4]
    assert [strip.colour for strip in sorted(strips, key=lambda strip: strip.y0)] == ["anna", "ben", CLEAN]


def test_stubs_and_returns_are_short() -> None:
    graph = Graph()
    claim, a, b = graph.node(Part.CLAIM, "anna"), graph.node(Part.POT, "a"), graph.node(Part.POT, "b")
    graph.band(claim, a, {"anna": 10})
    graph.band("", a, {CLEAN: 3})
    graph.band(a, b, {"anna": 10})
    graph.band(b, a, {"anna": 4})
    graph.band(b, "", {CLEAN: 2})
    graph.band(b, graph.end(Part.HOLDING, "b", "", 6), {"anna": 6})
    layout = drawn(graph, 10)
    kinds = {strip.kind: strip.x1 - strip.x0 for strip in layout.strips if strip.kind != "band"}
    assert set(kinds) == {"stub-in", "stub-out", "return"} and max(kinds.values()) < 40 * PIXEL


def test_the_same_graph_is_drawn_the_same() -> None:
    assert drawn(chain(30), 40) == drawn(chain(30), 40)


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn(Graph(), 0).bars == ()
