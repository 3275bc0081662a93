"""What the picture shows is what the steps say: no payer is tied to a payee but by a fact or by the rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.formats.exhibit.made import BTC, holding, move, result, step, stop

from recoup.formats.exhibit.graph import CLEAN, NOWHERE, Graph, Node, Part, graph_of, key_of, summed
from recoup.tracing import Granularity, Result, Rule

Found = dict[tuple[str, str], dict[str, int]]


def named(graph: Graph) -> Found:
    """Bands by the names of their nodes."""
    nodes = graph.nodes

    def name(key: str) -> str:
        return "" if key == NOWHERE else f"{nodes[key].part}:{nodes[key].name}"

    return {(name(source), name(target)): shares for (source, target), shares in graph.bands.items()}


def entering(account: str, **claims: int) -> Result:
    total = sum(claims.values())
    return result(
        claims,
        [holding(account, total, **claims)],
        steps=[step("e1", [move("outside", total)], [move(account, total, **claims)])],
    )


def test_a_claim_that_never_moved_lies_where_it_entered() -> None:
    assert named(graph_of(entering("mule", anna=100))) == {("claim:anna", "holding:mule"): {"anna": 100}}


def test_a_claim_on_part_of_a_receipt_shows_the_clean_rest_as_a_stub() -> None:
    steps = [step("e1", [move("outside", 100)], [move("mule", 100, anna=60)])]
    graph = graph_of(result({"anna": 60}, [holding("mule", 100, anna=60)], steps=steps))
    assert named(graph) == {("claim:anna", "holding:mule"): {"anna": 60}, ("", "holding:mule"): {CLEAN: 40}}


def paying() -> Result:
    """Anna's 100 enters mule, which pays 70 to shop (a service) and keeps 30."""
    steps = [
        step("e1", [move("outside", 100)], [move("mule", 100, anna=100)]),
        step("e2", [move("mule", 70, anna=70)], [move("shop", 70, anna=70)]),
    ]
    return result({"anna": 100}, [holding("mule", 30, anna=30)], [stop("shop", "Shop", "merchant", anna=70)], steps)


def test_what_stays_and_what_goes_are_two_bands() -> None:
    assert named(graph_of(paying())) == {
        ("claim:anna", "pot:mule"): {"anna": 100},
        ("pot:mule", "stop:shop"): {"anna": 70},
        ("pot:mule", "holding:mule"): {"anna": 30},
    }


def test_ends_carry_the_figures_of_the_result() -> None:
    amounts = {(node.part, node.name): node.amount for node in graph_of(paying()).nodes.values() if node.amount}
    assert amounts == {(Part.CLAIM, "anna"): 100, (Part.STOP, "shop"): 70, (Part.HOLDING, "mule"): 30}


def test_several_payers_meet_in_a_transaction() -> None:
    steps = [
        step("e1", [move("outside", 60)], [move("A", 60, "e1:o0", anna=60)]),
        step(
            "t", [move("A", 60, "e1:o0", anna=60), move("B", 40, "e0:o0")],
            [move("C", 50, "t:o0", anna=50), move("D", 45, "t:o1", anna=5)], move("fees", 5, anna=5),
        ),
    ]  # fmt: skip
    held = [holding("C", 50, "t:o0", anna=50), holding("D", 45, "t:o1", anna=5)]
    made = result({"anna": 60}, held, steps=steps, fees={"anna": 5}, asset=BTC, granularity=Granularity.COIN)
    assert named(graph_of(made)) == {
        ("claim:anna", "pot:A"): {"anna": 60},
        ("pot:A", "transaction:t"): {"anna": 60},
        ("", "transaction:t"): {CLEAN: 40},
        ("transaction:t", "holding:C"): {"anna": 50},
        ("transaction:t", "holding:D"): {"anna": 5, CLEAN: 40},
        ("transaction:t", "fees:fees"): {"anna": 5},
    }


def test_two_coins_of_one_account_are_two_places() -> None:
    steps = [step("e1", [move("outside", 9)], [move("A", 4, "e1:o0", anna=4), move("A", 5, "e1:o1", anna=5)])]
    held = [holding("A", 4, "e1:o0", anna=4), holding("A", 5, "e1:o1", anna=5)]
    graph = graph_of(result({"anna": 9}, held, steps=steps, asset=BTC))
    assert sorted(node.detail for node in graph.nodes.values() if node.part is Part.HOLDING) == ["e1:o0", "e1:o1"]


def test_value_that_leaves_the_data_has_its_own_end() -> None:
    steps = [
        step("e1", [move("outside", 10)], [move("mule", 10, anna=10)]),
        step("e2", [move("mule", 10, anna=10)], [move("outside", 10, anna=10)]),
    ]
    graph = graph_of(result({"anna": 10}, steps=steps, left={"anna": 10}))
    assert named(graph)[("pot:mule", "left:left")] == {"anna": 10}


def test_a_fee_without_a_payee_goes_to_fees() -> None:
    steps = [
        step("e1", [move("outside", 10)], [move("mule", 10, anna=10)]),
        step("e2", [move("mule", 1, anna=1)], [], move("fees", 1, anna=1)),
    ]
    graph = graph_of(result({"anna": 10}, [holding("mule", 9, anna=9)], steps=steps, fees={"anna": 1}))
    assert named(graph)[("pot:mule", "fees:fees")] == {"anna": 1}


def test_a_payee_that_gets_only_clean_value_is_a_stub() -> None:
    steps = [
        step("e1", [move("outside", 10)], [move("mule", 10, anna=5)]),
        step("e2", [move("mule", 10, anna=5)], [move("A", 5, anna=5), move("B", 5)]),
    ]
    graph = graph_of(result({"anna": 5}, [holding("A", 5, anna=5)], steps=steps))
    assert named(graph)[("pot:mule", "")] == {CLEAN: 5}
    assert not any(node.name == "B" for node in graph.nodes.values())


def test_without_steps_ends_are_fed_from_their_claims() -> None:
    made = result({"anna": 10, "ben": 5}, [holding("mule", 20, anna=6, ben=5)], left={"anna": 4}, rule=Rule.PARI_PASSU)
    assert named(graph_of(made)) == {
        ("claim:anna", "holding:mule"): {"anna": 6},
        ("claim:ben", "holding:mule"): {"ben": 5},
        ("claim:anna", "left:left"): {"anna": 4},
    }


def test_what_an_earlier_claim_displaces_stops_at_its_claim() -> None:
    steps = [step("e1", [move("outside", 10)], [move("mule", 10, anna=10)])]
    stopped = [stop("mule", "already traced to an earlier claim", "senior-claim", ben=4)]
    graph = graph_of(result({"anna": 10, "ben": 4}, [holding("mule", 10, anna=10)], stopped, steps))
    assert named(graph)[("claim:ben", "stop:mule")] == {"ben": 4}
    assert named(graph)[("claim:anna", "holding:mule")] == {"anna": 10}


def test_a_link_takes_value_up_and_sets_it_down() -> None:
    steps = [
        step("e1", [move("outside", 10)], [move("mule", 10, anna=10)]),
        step("e2", [move("mule", 10, anna=10)], [move("bridge-in", 10)]),
        step("e3", [move("outside", 10)], [move("thief", 10, anna=10)]),
    ]
    found = named(graph_of(result({"anna": 10}, [holding("thief", 10, anna=10)], steps=steps)))
    assert found[("pot:mule", "link:link")] == {"anna": 10}
    assert found[("link:link", "holding:thief")] == {"anna": 10}
    assert sum(found[("claim:anna", "pot:mule")].values()) == 10


def test_units_lost_to_rounding_for_the_eye_feed_nothing_and_take_nothing() -> None:
    steps = [
        step("e1", [move("outside", 100)], [move("mule", 100, anna=100)]),
        step("e2", [move("mule", 100, anna=99)], [move("A", 60, anna=59), move("B", 40, anna=39)]),
    ]
    held = [holding("A", 60, anna=60), holding("B", 40, anna=40)]
    graph = graph_of(result({"anna": 100}, held, steps=steps, rule=Rule.HAIRCUT))
    assert Part.LINK not in {node.part for node in graph.nodes.values()}
    assert not any(source == key_of(Part.CLAIM, "anna") for source, target in graph.bands if "holding" in target)


def test_backward_the_outside_is_where_value_came_from() -> None:
    made = result({"bill": 10}, [], [stop("payer", "e1", "source", bill=10)], [
        step("e2", [move("shop", 10, bill=10)], [move("payer", 10, bill=10)]),
        step("e1", [move("payer", 10, bill=10)], [move("outside", 10, bill=10)]),
    ])  # fmt: skip
    made = replace(made, parameters=replace(made.parameters, backward=True))
    found = named(graph_of(made))
    assert found[("pot:shop", "stop:payer")] == {"bill": 10}
    assert not any("left" in target for _, target in found)


def test_through_is_the_larger_side_and_counts_no_clean_value() -> None:
    graph = Graph()
    a, b, c = (graph.node(Part.POT, name) for name in "abc")
    graph.band(a, b, {"anna": 7, CLEAN: 100})
    graph.band(b, c, {"anna": 5})
    assert graph.through() == {a: 7, b: 7, c: 5}


def test_bands_add_up_and_a_band_to_itself_is_none() -> None:
    graph = Graph()
    a, b = graph.node(Part.POT, "a"), graph.node(Part.POT, "b")
    graph.band(a, b, {"anna": 1, "ben": 0})
    graph.band(a, b, {"anna": 2, "ben": 3})
    graph.band(a, a, {"anna": 9})
    assert graph.bands == {(a, b): {"anna": 3, "ben": 3}}


def test_merging_sums_what_stays_between_and_drops_what_stays_inside() -> None:
    graph = Graph()
    a, b, c = (graph.node(Part.POT, name) for name in "abc")
    graph.band(a, b, {"anna": 1})
    graph.band(a, c, {"anna": 2})
    graph.band(b, c, {"anna": 4})
    one = summed([graph.nodes[b], graph.nodes[c]], key="one")
    merged = graph.merged({b: one, c: one})
    assert list(merged.nodes) == [a, "one"] and merged.bands == {(a, "one"): {"anna": 3}}


def test_a_sum_of_nodes_counts_places_and_amounts() -> None:
    nodes = [Node("a", Part.HOLDING, "a", amount=3), Node("b", Part.HOLDING, "b", count=2, amount=4)]
    assert summed(nodes, "c") == Node("c", Part.HOLDING, "", count=3, amount=7)


@pytest.mark.parametrize("names", [("a", "b c"), ("a b", "c"), ("", "a")])
def test_keys_of_different_places_differ(names: tuple[str, str]) -> None:
    assert key_of(Part.POT, *names) != key_of(Part.POT, names[0] + names[1])
    assert key_of(Part.POT, *names) != key_of(Part.HOLDING, *names)
