"""A binary-options case of the Yukom shape: one scheme, eight jurisdictions, a plan a prosecutor could discuss.

Shape from public records (United States v. Elbaz, D. Md.; CFTC v. Yukom Communications): call centre in Israel,
companies in Mauritius, the Marshall Islands and Anguilla, accounts in Estonia and Cyprus. Names and sums are invented.
"""

from __future__ import annotations

import json
from functools import lru_cache

import pytest
from tests.rooms.law.cases import Json

from recoup.law.explain import explain
from recoup.law.plan import Plan
from recoup.law.planner import built_in_law, plan
from recoup.law.question import Question
from recoup.law.question_json import read_question


def _asset(name: str, kind: str, situs: str | None, holder: str, controller: Json, **more: object) -> Json:
    return {
        "id": name, "class": kind, "situs": situs, "holder": {"name": f"Company of {holder}", "state": holder},
        "controller": controller, "custody": None, "token": None, "value": {"amount": "100000000", "asset": "USD"},
        "flags": [], **more,
    }  # fmt: skip


ASSETS: list[Json] = [
    _asset("account-ee", "bank-account", "EE", "MH", {"name": "Bank in Tallinn", "kind": "bank", "state": "EE"}),
    _asset("account-cy", "bank-account", "CY", "AI", {"name": "Bank in Limassol", "kind": "bank", "state": "CY"}),
    _asset("usdt", "stablecoin", None, "MU", {}, custody="unhosted", token={"symbol": "USDT", "issuer": "Tether"},
           value={"amount": "4000000000000", "asset": "USDT@tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"}),
    _asset("exchange-lt", "exchange-claim", "LT", "MU", {"name": "Exchange UAB", "kind": "exchange", "state": "LT"},
           custody="hosted"),
    _asset("host-ie", "hosting-account", "IE", "MH", {"name": "Host Ltd", "kind": "hosting provider", "state": "IE"}),
    _asset("office-il", "real-estate", "IL", "IL", {}),
    _asset("company-mh", "company-share", "MH", "IL", {}),
    _asset("company-mu", "company-share", "MU", "IL", {}),
]  # fmt: skip


def _request(state: str, **changes: object) -> Question:
    data = {
        "as_of": "2026-11-21",
        "requesting": {"state": state, "authority": "prosecutor"},
        "measure": "freeze",
        "conduct": {"labels": ["binary options fraud", "money laundering"], "elements": ["false results"],
                    "max_penalty_years": 10, "organised_group": True, "transnational": True},
        "evidence": "restraint-order",
        "orders": [{"id": "r1", "kind": "restraint", "state": state, "certified": True}],
        "urgency": ["withdrawals under way"],
        "constraints": [],
        "materials": [{"id": "fiu-report", "origin": "egmont:CY", "consent": None},
                      {"id": "trace", "origin": "chain analysis", "consent": None}],
        "assets": ASSETS,
        **changes,
    }  # fmt: skip
    return read_question(json.dumps(data))


@lru_cache
def _plans(state: str) -> dict[str, Plan]:
    return {found.id: found for found in plan(_request(state), built_in_law())}


def _best(state: str, asset: str) -> tuple[str, str]:
    item = _plans(state)[asset].portfolio[0]
    return item.instrument, item.availability


@pytest.mark.parametrize(
    ("asset", "state", "instrument"),
    [
        ("account-ee", "EE", "EU_2018_1805"),
        ("account-cy", "CY", "EU_2018_1805"),
        ("exchange-lt", "LT", "EU_2018_1805"),
        ("host-ie", "IE", "EU_FD_577_783"),
        ("office-il", "IL", "UNTOC"),
        ("company-mh", "MH", "MH_MLA_ACT"),
        ("company-mu", "MU", "UNTOC"),
    ],
)
def test_france_asks_where_the_property_lies(asset: str, state: str, instrument: str) -> None:
    assert _plans("FR")[asset].state == state
    assert _best("FR", asset) == (instrument, "yes")


def test_incorporation_moves_nothing() -> None:
    for asset, holder in (("account-ee", "MH"), ("account-cy", "AI"), ("exchange-lt", "MU")):
        found = _plans("FR")[asset]
        assert all(item.addressee.startswith(f"{found.state}: ") for item in found.portfolio)
        assert any(f"The holder is of {holder}" in warning for warning in found.warnings)


def test_every_asset_that_can_be_moved_has_a_fast_hold_and_an_order_that_follows() -> None:
    for asset in ("account-ee", "account-cy", "exchange-lt", "usdt"):
        legs = {item.leg for item in _plans("FR")[asset].portfolio}
        assert {"hold", "convert", "evidence"} <= legs, asset
        hold = next(item for item in _plans("FR")[asset].portfolio if item.leg == "hold")
        assert hold.time.p50 <= 2


def test_the_token_is_held_by_its_issuer_in_a_day() -> None:
    item = next(one for one in _plans("FR")["usdt"].portfolio if one.instrument == "VOLUNTARY_ISSUER")
    assert item.addressee.endswith("issuer Tether") and "C19" in item.clocks
    assert {"F27"} <= set(item.missing)
    assert "G21" in {risk.code for risk in item.risks}


def test_the_united_states_ask_by_bilateral_treaty_and_reach_the_islands_by_palermo() -> None:
    assert _best("US", "account-cy")[0] == "MLAT_BI"
    assert _best("US", "company-mh")[0] == "MH_MLA_ACT"
    assert _best("US", "company-mu") == ("UNTOC", "yes")
    uncac = [one for found in _plans("US").values() for one in found.dropped if one.instrument == "UNCAC"]
    assert uncac and all("corruption" in one.because or "lies in" in one.because for one in uncac if one.rule != "K02")


def test_israel_itself_needs_no_request_for_its_own_office() -> None:
    assert _best("IL", "office-il")[0] == "DOMESTIC"
    assert _best("IL", "account-ee")[0] in ("MLAT_BI", "UNTOC")


def test_the_report_of_the_fiu_stays_out_of_every_annex() -> None:
    for found in _plans("FR").values():
        assert "K09" in {block.guard for block in found.blocked}
        assert all("fiu-report" not in item.annex for item in found.portfolio)
    formal = _plans("FR")["account-cy"].portfolio[0]
    assert formal.annex == ("trace",)


def test_recalled_and_stale_law_is_said_aloud() -> None:
    text = "\n".join(warning for found in _plans("FR").values() for warning in found.warnings)
    assert "recalled and not checked" in text and "is stale (C22)" in text


def test_the_explanation_can_be_read_through() -> None:
    question = _request("FR")
    lines = list(explain(question, plan(question, built_in_law()), built_in_law().catalogue.codes))
    text = "\n".join(lines)
    for asset in ASSETS:
        assert f"== {asset['id']}: " in text
    assert "Urgent freezing under Regulation 2018/1805: decision 48 h, then execution 48 h" in text
    assert "F21 Translation" in text and "instead: Ask that FIU for consent" in text
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 700
