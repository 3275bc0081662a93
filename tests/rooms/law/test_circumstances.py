"""From a request to the facts that rules ask about, and the place where property lies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, ORDER, Json, request

from recoup.law.asset_facts import asset_facts
from recoup.law.at_hand import fields_at_hand
from recoup.law.circumstances import pair_facts, shared_facts
from recoup.law.facts import Value
from recoup.law.order_facts import enforcement_facts
from recoup.law.question import AssetAsked, Question
from recoup.law.question_json import read_question
from recoup.law.situs import place_of, token_issuer
from recoup.law.tables import built_in


def question(**changes: Any) -> Question:
    return read_question(json.dumps(request(**changes)))


def asset(**changes: Any) -> AssetAsked:
    return question(assets=[{**ACCOUNT, **changes}]).assets[0]


@pytest.mark.parametrize(
    ("labels", "fact", "value"),
    [
        (["fraud"], "offence.fraud", True),
        (["Wire fraud"], "offence.fraud", True),
        (["betrug"], "offence.fraud", True),
        (["money_laundering"], "offence.laundering", True),
        (["bribery"], "offence.corruption", True),
        (["computer-related fraud"], "offence.computer", True),
        (["fraud"], "offence.corruption", False),
        (["fraud", "sorcery"], "offence.corruption", None),
        ([], "offence.fraud", None),
        (["fraud"], "offence.listed_32", True),
        (["unlicensed options"], "offence.listed_32", False),
        (["unlicensed options", "fraud"], "offence.listed_32", True),
        (["sorcery"], "offence.listed_32", None),
        (["fraud", "sorcery"], "offence.listed_32", True),
        (["tax fraud"], "offence.listed_32", None),
        (["tax fraud"], "offence.fiscal_only", True),
        (["tax fraud", "fraud"], "offence.fiscal_only", False),
        (["unlicensed options"], "offence.regulatory_only", True),
        (["unlicensed options", "fraud"], "offence.regulatory_only", False),
        (["sorcery"], "offence.regulatory_only", False),
        (["drugs"], "offence.drugs", True),
    ],
)
def test_labels_carry_facts(labels: list[str], fact: str, value: Value) -> None:
    assert shared_facts(question(conduct__labels=labels))[fact] is value


@pytest.mark.parametrize(
    ("changes", "fact", "value"),
    [
        ({"urgency": []}, "request.urgent", False),
        ({"urgency": ["imminent"]}, "request.urgent", True),
        ({"urgency": ["within 72 hours"]}, "request.recent_transfer", True),
        ({"urgency": ["recent transfer"]}, "request.recent_transfer", True),
        ({"urgency": ["imminent"]}, "request.recent_transfer", False),
        ({"constraints": ["No tip-off"]}, "request.no_contact", True),
        ({"constraints": ["confidential"]}, "request.no_contact", True),
        ({"constraints": []}, "request.no_contact", False),
        ({"constraints": ["death penalty risk"]}, "request.rights_risk", True),
        ({"constraints": ["political"]}, "request.political", True),
        ({"constraints": ["article-3-failed"]}, "request.article3_screened", False),
        ({"constraints": []}, "request.article3_screened", None),
        ({"constraints": ["no-extradition"]}, "request.extradition_intended", False),
        ({"constraints": ["translated"]}, "request.translated", True),
        ({"contents": ["F21"]}, "request.translated", True),
        ({"constraints": []}, "request.translated", None),
        ({"requesting__authority": "liquidator"}, "request.civil_claim", True),
        ({"constraints": ["civil claim"]}, "request.civil_claim", True),
        ({"evidence": None}, "evidence.level", None),
        ({"evidence": "confiscation-order"}, "evidence.level", 4),
    ],
)
def test_facts_of_the_request(changes: Json, fact: str, value: Value) -> None:
    assert shared_facts(question(**changes))[fact] == value


@pytest.mark.parametrize(
    ("orders", "evidence", "fact", "value"),
    [
        ([], "charge", "order.freezing", False),
        ([], "restraint-order", "order.freezing", True),
        ([ORDER], "charge", "order.freezing", True),
        ([{**ORDER, "state": "DE"}], "charge", "order.freezing", False),
        ([{**ORDER, "state": None}], "charge", "order.freezing", True),
        ([ORDER], "charge", "order.confiscation", False),
        ([CONFISCATION], "charge", "order.confiscation", True),
        ([], "confiscation-order", "order.confiscation", True),
        ([], "confiscation-order", "order.final", None),
        ([CONFISCATION], "charge", "order.final", True),
        ([{**CONFISCATION, "under_appeal": None}], "charge", "order.under_appeal", False),
        ([{**CONFISCATION, "final": None, "under_appeal": None}], "charge", "order.under_appeal", None),
        ([ORDER], "charge", "order.criminal", True),
        ([{**ORDER, "kind": "civil freezing"}], "charge", "order.criminal", False),
        ([{**ORDER, "kind": "civil freezing"}, ORDER], "charge", "order.criminal", True),
    ],
)
def test_facts_of_the_orders(orders: list[Json], evidence: str, fact: str, value: Value) -> None:
    assert shared_facts(question(orders=orders, evidence=evidence))[fact] is value


@pytest.mark.parametrize(
    ("authority", "value"),
    [("prosecutor", True), ("police", True), ("regulator", False), ("Bureau 12", None), ("", None)],
)
def test_without_an_order_the_sender_says_whether_it_is_criminal(authority: str, value: Value) -> None:
    asked = question(requesting__authority=authority, orders=[])
    assert shared_facts(asked)["order.criminal"] is value
    assert enforcement_facts(asked)["order.criminal"] is value


def test_the_order_to_be_enforced_has_its_own_character() -> None:
    asked = question(orders=[ORDER, {**CONFISCATION, "kind": "civil forfeiture"}])
    assert shared_facts(asked)["order.criminal"] is True
    assert enforcement_facts(asked)["order.criminal"] is False


@pytest.mark.parametrize(
    ("changes", "fact", "value"),
    [
        ({}, "holder.financial", True),
        ({"class": "house", "controller": {}}, "holder.financial", False),
        ({"class": "gizmo", "controller": {}}, "holder.financial", None),
        ({"class": "coin", "custody": "hosted", "controller": {}}, "holder.financial", True),
        ({"class": "coin", "controller": {"kind": "Crypto Exchange"}}, "holder.financial", True),
        ({"class": "coin", "controller": {"kind": "person"}}, "holder.financial", False),
        ({"class": "domain", "controller": {}}, "holder.online_service", True),
        ({"controller": {"kind": "hosting provider"}}, "holder.online_service", True),
        ({}, "holder.online_service", False),
        ({"class": "gizmo", "controller": {}}, "holder.online_service", None),
        ({}, "asset.hosted", False),
        ({"class": "exchange"}, "asset.hosted", True),
        ({"class": "coin"}, "asset.hosted", None),
        ({"class": "coin", "custody": "unhosted"}, "asset.hosted", False),
        ({"class": "gizmo"}, "asset.hosted", None),
        ({"class": "stablecoin", "token": {"symbol": "USDT"}}, "asset.issuer_can_freeze", True),
        ({"class": "stablecoin", "token": {"symbol": "DAI"}}, "asset.issuer_can_freeze", False),
        ({"class": "stablecoin", "token": {"symbol": "ZZZ"}}, "asset.issuer_can_freeze", None),
        ({"class": "stablecoin", "token": {"symbol": "USDC"}}, "asset.issuer_needs_order", True),
        ({"class": "stablecoin", "token": None}, "asset.issuer", False),
        ({}, "asset.issuer", False),
        ({"class": "gizmo"}, "asset.issuer", None),
        ({"flags": ["third-party-claim"]}, "asset.contested", True),
        ({"flags": []}, "asset.contested", False),
        ({"flags": ["frozen elsewhere"]}, "asset.frozen_elsewhere", True),
        ({"flags": ["coordinated"]}, "asset.coordinated", True),
        ({"flags": ["sharing-agreed"]}, "asset.return_agreed", True),
        ({"flags": []}, "asset.return_agreed", None),
    ],
)
def test_facts_of_the_asset(changes: Json, fact: str, value: Value) -> None:
    assert asset_facts(asset(**changes))[fact] is value


def test_facts_of_the_pair() -> None:
    found = pair_facts(question(), "CY", built_in())
    assert (found["requesting.eu"], found["requested.eu"], found["abroad"]) == (True, True, True)
    assert pair_facts(question(), "FR", built_in())["abroad"] is False
    assert pair_facts(question(), "US", built_in())["requested.eu"] is False
    assert pair_facts(question(), "GB", built_in())["requested.comity"] is True
    assert pair_facts(question(), "MH", built_in())["requested.comity"] is None
    nowhere = pair_facts(question(), None, built_in())
    assert nowhere["abroad"] is None and nowhere["requested.eu"] is None


@pytest.mark.parametrize(
    ("changes", "state", "basis"),
    [
        ({}, "CY", "situs as stated"),
        ({"situs": "EE", "controller": {"state": "LT"}}, "EE", "situs as stated"),
        ({"situs": None}, "CY", "entity that controls"),
        ({"situs": None, "class": "exchange", "controller": {"state": "LT"}}, "LT", "entity that controls"),
        ({"situs": None, "class": "stablecoin", "custody": "unhosted", "controller": {}, "token": {"symbol": "USDC"}},
         "US", "seat of the issuer Circle"),
        ({"situs": None, "class": "stablecoin", "custody": "unhosted", "controller": {"state": "IL"},
          "token": {"symbol": "DAI"}}, "IL", "holds the keys"),
        ({"situs": None, "class": "coin", "custody": "unhosted", "controller": {}, "holder": {"state": "TH"}},
         "TH", "holds the keys"),
        ({"situs": None, "class": "house", "controller": {}, "holder": {"state": "TH"}}, None, "not known"),
        ({"situs": None, "controller": {}, "holder": {"state": "MH"}}, None, "not known"),
    ],
)  # fmt: skip
def test_where_property_lies(changes: Json, state: str | None, basis: str) -> None:
    found = place_of(asset(**changes))
    assert found.state == state and basis in found.basis


def test_incorporation_is_remarked_and_moves_nothing() -> None:
    found = place_of(asset(holder={"state": "MH"}))
    assert found.state == "CY" and any("MH" in remark for remark in found.remarks)
    assert place_of(asset()).remarks == ()
    assert any("confirm which entity" in text for text in place_of(asset(controller={"state": "LT"})).remarks)
    assert any("'gizmo' is not known" in text for text in place_of(asset(**{"class": "gizmo"})).remarks)


def test_an_issuer_that_only_the_request_knows() -> None:
    found = token_issuer(asset(token={"symbol": "ZZZ", "issuer": "Zed Ltd"}))
    assert found is not None and (found.issuer, found.can_freeze) == ("Zed Ltd", None)
    assert token_issuer(asset()) is None


def test_contents_at_hand() -> None:
    asked = question(constraints=["confidential", "translated"], contents=["F04"])
    at_hand = fields_at_hand(asked, asked.assets[0], enforcing=False)
    assert {"F01", "F04", "F05", "F07", "F10", "F11", "F15", "F16", "F21", "F24"} <= at_hand
    assert not {"F12", "F13", "F22"} & at_hand
    bare = question(urgency=[], conduct__max_penalty_years=None, orders=[], asset__holder={}, asset__value=None)
    assert not {"F05", "F07", "F10", "F11", "F15", "F24"} & fields_at_hand(bare, bare.assets[0], enforcing=False)
    final = question(orders=[CONFISCATION])
    assert {"F11", "F12", "F13"} <= fields_at_hand(final, final.assets[0], enforcing=True)
    assert not {"F11", "F12", "F13"} & fields_at_hand(final, final.assets[0], enforcing=False)
