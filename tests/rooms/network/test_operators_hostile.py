"""Operators and sightings under attack: edge classes never mixed, caps at their edges, what ties nothing."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from recoup.complaints import Complaint, Method, Payment, Person
from recoup.complaints.selectors import Gazetteer, Known, Selector, Type, selectors_of
from recoup.ground import Source
from recoup.network.operators import RULES, Bond, NetworkMap, Rule, Sighting, mapped
from recoup.network.services import KNOWN_SERVICES
from recoup.network.sightings import sightings_of

OPERATOR_KINDS = [kind for kind, rule in RULES.items() if rule.bond is Bond.OPERATOR]
PLATFORM_KINDS = [kind for kind, rule in RULES.items() if rule.bond is Bond.PLATFORM]


def of(*seen: str) -> NetworkMap:
    """`subject kind:value`, one sighting each."""
    pairs = [text.replace(":", " ", 1).split() for text in seen]
    return mapped(Sighting(subject, kind, value) for subject, kind, value in pairs)


def seen(complaint: Complaint, names: Gazetteer | None = None) -> set[str]:
    return {each.key for each in sightings_of(complaint, selectors_of(complaint, names or Gazetteer(())))}


@pytest.mark.parametrize("kind", PLATFORM_KINDS)
def test_a_key_of_a_platform_never_joins_two_operators(kind: str) -> None:
    found = of(f"a {kind}:x", f"b {kind}:x", "a domain:a.com", "b domain:b.com")
    assert [operator.subjects for operator in found.operators] == [("a",), ("b",)]
    (link,) = found.platforms
    assert link.key == f"{kind}:x" and set(link.operators) == {each.id for each in found.operators}
    assert all(edge.kind not in PLATFORM_KINDS for operator in found.operators for edge in operator.edges)


@pytest.mark.parametrize("kind", OPERATOR_KINDS)
def test_a_key_of_an_operator_joins_and_makes_no_platform(kind: str) -> None:
    found = of(f"a {kind}:x", f"b {kind}:x")
    assert [operator.subjects for operator in found.operators] == [("a", "b")]
    assert found.platforms == ()


@pytest.mark.parametrize("kind", sorted(RULES))
def test_the_cap_of_each_kind_at_its_edge_and_one_beyond(kind: str) -> None:
    most = RULES[kind].most
    at = mapped(Sighting(f"s{n}", kind, "x") for n in range(most))
    beyond = mapped(Sighting(f"s{n}", kind, "x") for n in range(most + 1))
    assert at.too_common == ()
    assert [(each.key, each.subjects, each.most) for each in beyond.too_common] == [(f"{kind}:x", most + 1, most)]
    assert beyond.operators == () and beyond.platforms == ()


def test_the_cap_counts_subjects_and_not_sightings() -> None:
    rules = {"domain": Rule(Bond.OPERATOR, 2)}
    many = [Sighting(subject, "domain", "x", Source("f", f"line {n}")) for subject in "ab" for n in range(50)]
    assert mapped(many, rules).too_common == ()
    assert len(mapped(many, rules).operators[0].edges) == 100


def test_a_barred_key_takes_no_other_key_with_it() -> None:
    rules = {"domain": Rule(Bond.OPERATOR, 2), "iban": Rule(Bond.OPERATOR, 9)}
    sightings = [Sighting(s, "domain", "x") for s in "abc"] + [Sighting(s, "iban", "i") for s in "ab"]
    found = mapped(sightings, rules)
    assert [operator.subjects for operator in found.operators] == [("a", "b")]
    assert found.operators[0].keys == ("iban:i",)


def test_an_unknown_kind_raises() -> None:
    with pytest.raises(KeyError):
        of("a shoe:x")


def test_one_value_of_two_kinds_is_two_keys() -> None:
    assert len(of("a btc:x", "b tron:x").operators) == 2


def test_the_order_and_the_repetition_of_sightings_decide_nothing() -> None:
    sightings = [Sighting("a", "domain", "x"), Sighting("b", "domain", "x"), Sighting("b", "iban", "i"),
                 Sighting("c", "iban", "i"), Sighting("c", "template", "t")]  # fmt: skip
    assert len({mapped(order) for order in permutations(sightings)}) == 1
    assert mapped([*sightings, *sightings]) == mapped(sightings)


def test_a_long_chain_is_one_operator_and_every_edge_is_kept() -> None:
    chain = [Sighting(f"s{n + step:05d}", "iban", f"i{n}") for n in range(3000) for step in (0, 1)]
    Random("chain").shuffle(chain)
    (operator,) = mapped(chain).operators
    assert len(operator.subjects) == 3001 and set(operator.edges) == set(chain)


def test_a_platform_on_subjects_without_an_operator_names_the_subjects() -> None:
    (link,) = of("a template:t", "b template:t", "b domain:b.com").platforms
    assert "a" in link.operators and len(link.operators) == 2
    assert of("a template:t", "a template:t").platforms == ()


def test_customers_inside_one_operator_are_no_platform_link() -> None:
    assert of("a template:t", "b template:t", "a iban:i", "b iban:i").platforms == ()


def test_nothing_gives_nothing() -> None:
    assert mapped([]) == NetworkMap((), (), ())


@pytest.mark.parametrize("key", ["IC3#123", "#", "a#b#c"])
def test_a_complaint_id_with_a_locator_sign_is_cited(key: str) -> None:
    complaint = Complaint(key, website="evil.com", operator="Evil Pay")
    found = list(sightings_of(complaint, selectors_of(complaint)))
    assert {each.subject for each in found} == {key}
    assert all(Source.parse(str(each.source)) == each.source for each in found)
    assert {each.source.item for each in found} == {"complaint " + key.replace("#", "%23")}


def test_the_victims_own_contacts_tie_nothing_wherever_they_stand() -> None:
    victim = Person(email="Ana@mail-of-ana.com", phone="+44 20 7946 0018")
    complaint = Complaint("1", victim, narrative="I am ana@mail-of-ana.com, +442079460018; he is x@evil.com")
    assert seen(complaint) == {"email:x@evil.com"}


@pytest.mark.parametrize("site", sorted(KNOWN_SERVICES)[::29])
def test_a_known_service_ties_nothing(site: str) -> None:
    assert not seen(Complaint("1", narrative=f"I used www.{site} and https://{site}/x"))


def test_a_case_adds_services_of_its_own() -> None:
    complaint = Complaint("1", website="bank-of-ana.com")
    assert [each.value for each in sightings_of(complaint, selectors_of(complaint))] == ["bank-of-ana.com"]
    assert list(sightings_of(complaint, selectors_of(complaint), {"bank-of-ana.com"})) == []


@pytest.mark.parametrize(("valid", "ties"), [(True, True), (None, True), (False, False)])
def test_a_failed_check_ties_nothing_and_an_unknown_one_does(valid: bool | None, ties: bool) -> None:
    selector = Selector(Type.IBAN, "x", "X", 0, 1, "narrative", valid)
    assert bool(list(sightings_of(Complaint("1"), [selector]))) is ties


@pytest.mark.parametrize("kind", ["amount", "date", "card", "tx", "bic"])
def test_figures_and_cards_tie_nothing(kind: str) -> None:
    assert list(sightings_of(Complaint("1"), [Selector(Type(kind), "x", "X", 0, 1, "narrative")])) == []


def test_a_known_name_ties_as_the_kind_it_is() -> None:
    names = Gazetteer(
        [
            Known("Evil Pay", "evilpay", "brand"),
            Known("Evil Pay Ltd", "e-ltd", "company"),
            Known("Lena Green", "l", "person"),
        ]
    )
    assert seen(Complaint("1", narrative="Evil Pay Ltd, then Evil Pay, by Lena Green"), names) == {
        "brand:evilpay",
        "company:e-ltd",
    }


def test_the_operator_field_is_a_brand_unless_it_is_a_site() -> None:
    assert seen(Complaint("1", operator="Évil  PAY!")) == {"brand:evil pay"}
    assert seen(Complaint("1", operator="evil-pay.com")) == {"domain:evil-pay.com"}
    assert seen(Complaint("1", operator="  !! ")) == set()


def test_a_descriptor_of_a_card_payment_ties() -> None:
    payment = Payment(method=Method.CARD, recipient="EVILPAY*1234 LIMASSOL")
    assert seen(Complaint("1", payments=(payment,))) == {"descriptor:EVILPAY 1234 LIMASSOL"}


def test_marks_of_a_white_label_are_a_platform() -> None:
    url = "https://evil.com/?MODULE=Customer&COMMAND=add"
    assert "white-label:SpotOption" in seen(Complaint("1", narrative=url))
    assert RULES["white-label"].bond is Bond.PLATFORM
