"""The binary-options networks as a reference case."""

from __future__ import annotations

import json

import pytest
from tests.rooms.complaints.shared import data

from recoup.complaints import Complaint, Method, Payment
from recoup.complaints.selectors import Gazetteer, selectors_of
from recoup.network.cases import facts_of, known_names, reference_networks, sightings_of_facts
from recoup.network.operators import mapped
from recoup.network.sightings import sightings_of

FACTS = reference_networks()


def values(network: str, kind: str) -> set[str]:
    return {fact.value for fact in FACTS if fact.network == network and fact.kind == kind}


def test_every_network_is_one_operator_and_no_two_are_joined() -> None:
    network = mapped(sightings_of_facts(FACTS))
    assert sorted(operator.subjects for operator in network.operators) == [
        ("Banc de Binary",), ("Citrades",), ("SpotFN",), ("SpotOption",), ("Yukom",),
    ]  # fmt: skip


def test_a_platform_links_its_vendor_and_its_customer_without_making_them_one() -> None:
    (link,) = mapped(sightings_of_facts(FACTS)).platforms
    assert link.key == "platform:SpotOption" and len(link.operators) == 2


def test_every_fact_names_its_public_source() -> None:
    assert all(fact.source.item for fact in FACTS)
    with pytest.raises(ValueError, match="names no source"):
        list(facts_of({"network": [{"id": "x", "brands": ["y"]}]}))
    with pytest.raises(ValueError, match="juggler"):
        list(facts_of({"network": [{"id": "x", "sources": ["s"], "companies": [{"name": "y", "role": "juggler"}]}]}))


def test_stage_names_lead_to_the_person() -> None:
    stage = {fact.value: fact.detail for fact in FACTS if fact.kind == "stage-name"}
    assert stage["Lena Green"] == "Lee Elbaz" and stage["Monica Sanders"] == "Lissa Mel"


def test_complaints_of_one_network_join_by_brand_and_descriptor_and_not_across_networks() -> None:
    names = Gazetteer(known_names(FACTS))
    told = [
        Complaint("1", narrative="I lost money on BinaryBook; Lena Green called me."),
        Complaint("2", narrative="The site BinaryBook took it all."),
        Complaint("3", narrative="Banc de Binary, www.bbinary.com"),
        Complaint("4", payments=(Payment(method=Method.CARD, recipient="BANCDEBINARY.COM"),)),
        Complaint("5", narrative="Found bancdebinary.com, then bbinary.com, run by Banc de Binary Ltd."),
        Complaint("6", narrative="Lena Green from another firm, citrades.com"),
    ]
    network = mapped(each for filed in told for each in sightings_of(filed, selectors_of(filed, names)))
    groups = {operator.subjects for operator in network.operators}
    assert groups == {("1", "2"), ("3", "4", "5"), ("6",)}


@pytest.mark.shared_data
def test_the_table_holds_what_the_public_seed_lists() -> None:
    seed = json.loads(data("entities/binary_options_seed.json").read_text())
    names = {"yukom": "Yukom", "bancdebinary": "Banc de Binary", "spotoption": "SpotOption"}
    names |= {"citrades": "Citrades", "spotfn": "SpotFN"}
    wanted, found = 0, 0
    for network in seed["networks"]:
        ours = names[network["id"]]
        listed = [("company", each["name"]) for each in network.get("companies", [])]
        listed += [("brand", each) for each in network.get("brands", [])]
        listed += [("person", each["name"]) for each in network.get("people", [])]
        listed += [("stage-name", each) for person in network.get("people", []) for each in person.get("aliases", [])]
        wanted += len(listed)
        found += sum(value in values(ours, kind) for kind, value in listed)
    assert found / wanted >= 0.9
