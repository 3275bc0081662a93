"""Operators: what ties complaints together, what never does."""

from __future__ import annotations

from random import Random

import pytest

from recoup.complaints import Complaint, Method, Payment, Person
from recoup.complaints.selectors import Gazetteer, Known, selectors_of
from recoup.ground import Source
from recoup.network.operators import RULES, Bond, NetworkMap, Rule, Sighting, mapped
from recoup.network.sightings import sightings_of

WALLET = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


def groups(network: NetworkMap) -> list[tuple[str, ...]]:
    return [operator.subjects for operator in network.operators]


def test_one_operator_by_any_key_of_its_own() -> None:
    network = mapped(
        [
            Sighting("a", "domain", "x.com"),
            Sighting("b", "domain", "x.com"),
            Sighting("b", "btc", WALLET),
            Sighting("c", "btc", WALLET),
            Sighting("d", "domain", "y.com"),
        ]
    )
    assert groups(network) == [("a", "b", "c"), ("d",)]
    assert network.operators[0].keys == (f"btc:{WALLET}", "domain:x.com")
    assert [(edge.subject, edge.key) for edge in network.operators[0].edges if edge.kind == "btc"] == [
        ("b", f"btc:{WALLET}"),
        ("c", f"btc:{WALLET}"),
    ]


def test_one_platform_is_not_one_operator() -> None:
    seen = [Sighting(name, "domain", f"{name}.com") for name in "abc"]
    seen += [Sighting(name, "white-label", "SpotOption") for name in "abc"]
    network = mapped(seen)
    assert sorted(groups(network)) == [("a",), ("b",), ("c",)]
    (link,) = network.platforms
    assert link.key == "white-label:SpotOption" and len(link.operators) == 3
    assert all(edge.kind != "white-label" for operator in network.operators for edge in operator.edges)


@pytest.mark.parametrize(("count", "joined"), [(3, True), (4, False)])
def test_a_key_on_too_many_subjects_ties_nothing_and_is_named(count: int, joined: bool) -> None:
    rules = dict(RULES) | {"phone": Rule(Bond.OPERATOR, 3)}
    network = mapped([Sighting(f"s{n}", "phone", "+44") for n in range(count)], rules)
    assert (len(network.operators) == 1) is joined
    assert [(each.key, each.subjects, each.most) for each in network.too_common] == (
        [] if joined else [("phone:+44", 4, 3)]
    )


def test_a_kind_nobody_defined_is_an_error() -> None:
    with pytest.raises(KeyError):
        mapped([Sighting("a", "shoe-size", "43")])


def test_two_sightings_of_one_key_stay_two() -> None:
    seen = [
        Sighting("a", "domain", "x.com", Source("item1", "line 1")),
        Sighting("a", "domain", "x.com", Source("item2")),
    ]
    (operator,) = mapped(seen).operators
    assert len(operator.edges) == 2


def test_order_and_repetition_do_not_matter() -> None:
    random = Random(5)
    seen = [Sighting(f"s{random.randrange(300)}", "domain", f"{random.randrange(400)}.com") for _ in range(500)]
    shuffled = seen * 2
    random.shuffle(shuffled)
    assert mapped(seen) == mapped(shuffled)


def complaint(number: int, **fields: str) -> Complaint:
    return Complaint(str(number), Person(email=fields.pop("email", "")), country="GB", **fields)  # type: ignore[arg-type]


def tied(*complaints: Complaint, names: Gazetteer | None = None) -> list[tuple[str, ...]]:
    known = names or Gazetteer(())
    found = mapped(each for filed in complaints for each in sightings_of(filed, selectors_of(filed, known)))
    return groups(found)


def test_the_victims_own_contacts_tie_nothing() -> None:
    one = complaint(1, email="ana@mail.com", narrative="I am ana@mail.com and saw evil.com")
    other = complaint(2, narrative="my friend ana@mail.com told me about worse.com")
    assert sorted(tied(one, other)) == [("1",), ("2",)]


def test_services_that_anyone_uses_tie_nothing() -> None:
    one = complaint(1, narrative="bought at crypto.com, lost on evil.com")
    other = complaint(2, narrative="bought at crypto.com, lost on worse.com")
    assert len(tied(one, other)) == 2


def test_a_selector_that_fails_its_check_ties_nothing() -> None:
    broken = "DE89370400440532013001"
    assert tied(complaint(1, narrative=f"to {broken}"), complaint(2, narrative=f"to {broken}")) == []
    sound = "DE89370400440532013000"
    assert tied(complaint(1, narrative=f"to {sound}"), complaint(2, narrative=f"to {sound}")) == [("1", "2")]


def test_brands_descriptors_and_known_names_tie() -> None:
    assert tied(complaint(1, operator="BinaryBook Ltd."), complaint(2, operator="binarybook LTD")) == [("1", "2")]
    card = Payment(method=Method.CARD, recipient="BANC DE BINARY")
    paid = [Complaint(str(n), payments=(card,)) for n in (1, 2)]
    assert tied(*paid) == [("1", "2")]
    names = Gazetteer([Known("Big Option", "bigoption", "brand")])
    told = [complaint(n, narrative=text) for n, text in ((1, "It was Big Option."), (2, "BIG OPTION called me"))]
    assert tied(*told, names=names) == [("1", "2")]


def test_white_label_marks_link_platforms_not_operators() -> None:
    marks = [
        complaint(n, narrative=f"http://{name}.com/x?rs=1&action=enterAccount") for n, name in ((1, "one"), (2, "two"))
    ]
    network = mapped(each for filed in marks for each in sightings_of(filed, selectors_of(filed)))
    assert len(network.operators) == 2
    assert network.platforms[0].key == "white-label:SpotOption"


def test_every_edge_says_where_it_was_seen() -> None:
    filed = complaint(7, narrative="lost on evil.com")
    (edge,) = sightings_of(filed, selectors_of(filed))
    assert str(edge.source) == "complaint 7#narrative 8-16"
