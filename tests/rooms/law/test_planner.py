"""The answers that a prosecutor must get, each with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.rooms.law.cases import (
    ACCOUNT,
    CONFISCATION,
    FREEZE,
    ORDER,
    Json,
    dropped,
    first,
    instruments,
    item,
    plans,
    request,
)

from recoup.ground import Answer
from recoup.law.codes import Leg, Measure
from recoup.law.expected import held_permille
from recoup.law.load import with_files
from recoup.law.planner import built_in_law
from recoup.law.weigh import Law

FOLDER = Path(__file__).parents[3] / "src" / "recoup" / "law" / "catalogue"


def test_french_order_against_a_cypriot_account() -> None:
    """Regulation 2018/1805 first, with 48 h + 48 h and no check of dual criminality; the conventions give way."""
    found = first(FREEZE)
    best = found.portfolio[0]
    assert (best.instrument, best.rank, best.leg, best.availability) == ("EU_2018_1805", 1, Leg.CONVERT, Answer.YES)
    assert "C08" in best.clocks and best.addressee.startswith("CY: ")
    waiver = next(reason for reason in best.reasons if reason.rule == "EU_2018_1805.3")
    assert (waiver.clause, waiver.result) == ("art. 3(1)", Answer.YES)
    assert "G01" not in {risk.code for risk in best.risks}
    assert "CETS_198" not in instruments(found) and "MLAT_BI" not in instruments(found)
    assert dropped(found)["MLAT_BI"].startswith("pre-empted by")
    convert = {one.instrument: one.because for one in found.dropped if one.leg is Leg.CONVERT}
    assert all(convert[name].startswith("pre-empted by EU_2018_1805") for name in ("CETS_198", "CETS_141", "MLAT_BI"))
    assert {"hold", "convert", "evidence"} == {one.leg.value for one in found.portfolio}


def test_without_urgency_no_urgent_clock_and_a_longer_time() -> None:
    best = first(request(urgency=[])).portfolio[0]
    assert "C08" not in best.clocks
    assert (best.time.p50, first(FREEZE).portfolio[0].time.p50) == (10, 4)


def test_below_three_years_dual_criminality_is_a_risk_again() -> None:
    best = first(request(conduct__max_penalty_years=2)).portfolio[0]
    assert best.instrument == "EU_2018_1805"
    assert "G01" in {risk.code for risk in best.risks}


def test_penalty_not_known_leaves_dual_criminality_open() -> None:
    best = first(request(conduct__max_penalty_years=None)).portfolio[0]
    risk = next(risk for risk in best.risks if risk.code == "G01")
    assert risk.live is Answer.UNKNOWN


@pytest.mark.parametrize("state", ["IE", "DK"])
def test_ireland_and_denmark_are_not_bound(state: str) -> None:
    found = first(request(asset__situs=state, asset__controller={"name": "B", "kind": "bank", "state": state}))
    assert "EU_2018_1805" not in instruments(found)
    assert f"{state} does not take part" in dropped(found)["EU_2018_1805"]
    assert found.portfolio[0].instrument == "EU_FD_577_783"
    assert "C10" in found.portfolio[0].clocks and "C08" not in found.portfolio[0].clocks
    assert dropped(found)["EIO"]  # Directive 2014/41/EU binds neither


@pytest.mark.parametrize("order_known", [True, False])
def test_british_request_to_bulgaria(order_known: bool) -> None:
    orders = [{**ORDER, "state": "GB"}] if order_known else []
    data = request(requesting__state="GB", asset__situs="BG", orders=orders)
    found = first(data)
    assert found.portfolio[0].instrument == "EU_UK_TCA_XI"
    assert "C11" in found.portfolio[0].clocks
    assert "EU_2018_1805" not in instruments(found)
    assert "GB is not listed" in dropped(found)["EU_2018_1805"]


def test_situs_goes_before_incorporation() -> None:
    """A Marshall Islands company with an Estonian account: ask Estonia."""
    data = request(asset__situs="EE", asset__holder={"name": "Island Holdings Ltd", "state": "MH"})
    found = first(data)
    assert found.state == "EE"
    assert all(one.addressee.startswith("EE: ") for one in found.portfolio)
    assert found.portfolio[0].instrument == "EU_2018_1805"
    assert any("MH" in warning and "situs goes before incorporation" in warning for warning in found.warnings)
    assert dropped(found)["MH_MLA_ACT"] == "it is the law of MH, not of EE"


def test_enforcement_under_appeal_is_blocked_with_alternatives() -> None:
    order = {**CONFISCATION, "final": False, "under_appeal": True}
    found = first(request(measure="enforce-confiscation", evidence="confiscation-order", orders=[order]))
    block = next(block for block in found.blocked if block.guard == "K01")
    assert "under appeal" in block.because and "EU_2018_1805" in block.instruments
    assert any("55(1)(a)" in text for text in block.alternatives)
    assert any(text.startswith("EU_2018_1805: Have the freezing order") for text in block.alternatives)
    assert not {"enforce", "return"} & {one.leg.value for one in found.portfolio}
    assert "EU_2018_1805" in instruments(found, "convert")


def test_enforcement_of_a_final_order() -> None:
    found = first(request(measure="enforce-confiscation", evidence="confiscation-order", orders=[CONFISCATION]))
    best = found.portfolio[0]
    assert (best.instrument, best.leg) == ("EU_2018_1805", Leg.ENFORCE)
    assert "C09" in best.clocks
    assert not {"F11", "F12", "F13"} & set(best.missing)
    assert not [block for block in found.blocked if block.guard == "K01"]


def test_finality_not_known_leaves_enforcement_open_and_never_available() -> None:
    order = {**CONFISCATION, "final": None, "under_appeal": None}
    found = first(request(measure="enforce-confiscation", evidence="confiscation-order", orders=[order]))
    assert {one.availability for one in found.portfolio if one.leg is Leg.ENFORCE} == {Answer.UNKNOWN}


def test_no_order_at_all_blocks_enforcement() -> None:
    found = first(request(measure="enforce-confiscation", orders=[]))
    assert "K01" in {block.guard for block in found.blocked}


@pytest.mark.parametrize(("name", "states"), [("BUDAPEST_2AP", ("JP", "HU")), ("UN_CYBERCRIME", ("FR", "AU"))])
def test_a_treaty_not_in_force_is_not_offered_until_its_date_is_set(
    tmp_path: Path, name: str, states: tuple[str, str]
) -> None:
    measure = "subscriber-data" if name == "BUDAPEST_2AP" else "freeze"
    asset = {**ACCOUNT, "class": "hosting-account", "situs": states[1]}
    data = request(measure=measure, requesting__state=states[0], assets=[asset], as_of="2027-03-01")
    before = first(data)
    assert name not in instruments(before)
    assert dropped(before)[name].startswith("not in force on 2027-03-01")
    path = tmp_path / f"{name}.yaml"
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("valid_from: null", "valid_from: 2027-03-01"), encoding="utf-8")
    law = Law(with_files(built_in_law().catalogue, [path]), built_in_law().parties)
    assert name in instruments(first(data, law))
    assert name not in instruments(first({**data, "as_of": "2027-02-28"}, law))


def test_fiu_material_without_consent_is_kept_out() -> None:
    items: list[Json] = [
        {"id": "fiu-7", "origin": "FIU", "consent": False},
        {"id": "stmt", "origin": "own", "consent": None},
    ]
    found = first(request(materials=items))
    block = next(block for block in found.blocked if block.guard == "K09")
    assert block.materials == ("fiu-7",) and block.alternatives
    assert item(found, "EU_2018_1805").annex == ("stmt",)
    items[0]["consent"] = True
    allowed = first(request(materials=items))
    assert not allowed.blocked and item(allowed, "EU_2018_1805").annex == ("fiu-7", "stmt")


@pytest.mark.parametrize(
    ("origin", "guard"),
    [("privileged", "K08"), ("egmont", "K09"), ("mla:CH", "K10"), (None, "K10"), ("hearsay", "K10"), ("victim", "K13")],
)
def test_origin_decides_the_guard(origin: str | None, guard: str) -> None:
    found = first(request(materials=[{"id": "m", "origin": origin, "consent": None}]))
    assert [block.guard for block in found.blocked] == [guard]


def test_pure_fraud_is_not_uncac() -> None:
    data = request(requesting__state="IL", asset__situs="MU")
    found = first(data)
    assert "UNTOC" in instruments(found, "convert") and "UNCAC" not in instruments(found)
    assert "not a corruption offence" in dropped(found)["UNCAC"]
    corrupt = first(request(data, conduct__labels=["fraud", "corruption"]))
    assert "UNCAC" in instruments(corrupt, "convert")


def test_untoc_needs_four_years_a_group_and_a_border() -> None:
    base = request(requesting__state="IL", asset__situs="MU")
    for name, value in (("max_penalty_years", 3), ("organised_group", False), ("transnational", False)):
        assert "UNTOC" not in instruments(first(request(base, **{f"conduct__{name}": value})))
    unknown = first(request(base, conduct__organised_group=None))
    assert item(unknown, "UNTOC", "freeze").availability is Answer.UNKNOWN


def test_e_evidence_does_not_reach_banks() -> None:
    host = {
        **FREEZE["assets"][0],
        "class": "hosting-account",
        "controller": {"kind": "hosting provider", "state": "IE"},
    }
    online = first(request(measure="subscriber-data", assets=[{**host, "situs": "IE"}]))
    assert online.portfolio[0].instrument == "E_EVIDENCE" and "C14" in online.portfolio[0].clocks
    bank = first(request(measure="subscriber-data"))
    assert "E_EVIDENCE" not in instruments(bank)
    assert "financial institution" in dropped(bank)["E_EVIDENCE"]


def test_the_united_states_enforce_for_a_party_to_vienna_1988() -> None:
    found = first(request(requesting__state="CY", asset__situs="US"))
    assert item(found, "US_28USC2467").availability is Answer.YES
    assert {"C05", "C06", "C07"} == set(item(found, "US_28USC2467").clocks)
    assert "VIENNA_1988" not in instruments(found)  # the treaty itself: drug offences only
    early = first(request(requesting__state="CY", asset__situs="US", as_of="2010-12-21"))
    assert "US_28USC2467" not in instruments(early)


def test_police_cannot_sign_a_freezing_certificate() -> None:
    found = first(request(requesting__authority="police"))
    assert "EU_2018_1805" not in instruments(found)
    entry = next(one for one in found.dropped if one.instrument == "EU_2018_1805")
    assert entry.rule == "K06" and "PROS" in entry.needs


def test_authority_of_an_unknown_kind_leaves_every_route_open() -> None:
    found = first(request(requesting__authority="Bureau 12"))
    assert {one.availability for one in found.portfolio} == {Answer.UNKNOWN}
    assert any("K06" in warning for warning in found.warnings)


def test_suspicion_alone_is_too_little_for_a_freezing_order() -> None:
    found = first(request(evidence="suspicion", orders=[]))
    assert instruments(found, "convert") == [] and instruments(found, "hold")
    assert "takes E1" in next(one.because for one in found.dropped if one.rule == "LADDER")


def test_stablecoin_in_an_unhosted_wallet() -> None:
    wallet: Json = {
        "id": "w", "class": "stablecoin", "situs": None, "holder": {}, "controller": {}, "custody": "unhosted",
        "token": {"symbol": "USDT", "issuer": "Tether"}, "value": {"amount": 5, "asset": "USDT@tron:T"}, "flags": [],
    }  # fmt: skip
    found = first(request(assets=[wallet], orders=[], evidence="reasonable-grounds"))
    hold = item(found, "VOLUNTARY_ISSUER")
    assert hold.availability is Answer.YES and hold.addressee == "SV: issuer Tether"
    assert "VOLUNTARY_VASP" not in instruments(found)
    circle = first(request(assets=[{**wallet, "token": {"symbol": "USDC"}}], orders=[], evidence="reasonable-grounds"))
    assert "VOLUNTARY_ISSUER" not in instruments(circle)
    ordered = first(request(assets=[{**wallet, "token": {"symbol": "USDC"}}]))
    assert item(ordered, "VOLUNTARY_ISSUER").availability is Answer.YES


def test_asset_that_nobody_can_place() -> None:
    found = first(request(asset__situs=None, asset__controller={}, asset__holder={}))
    assert found.state is None and "K02" in {block.guard for block in found.blocked}
    assert not {"convert", "enforce"} & {one.leg.value for one in found.portfolio}


def test_asset_at_home_needs_no_request_abroad() -> None:
    found = first(request(asset__situs="FR"))
    assert instruments(found, "convert") == ["DOMESTIC"]
    assert dropped(found)["EU_2018_1805"] == "the property lies in FR itself"


def test_confidential_case_does_not_contact_the_holder() -> None:
    found = first(request(constraints=["confidential"]))
    block = next(block for block in found.blocked if block.guard == "K12")
    assert "VOLUNTARY_BANK" in block.instruments
    assert "VOLUNTARY_BANK" not in instruments(found)


def test_parallel_freezing_request_must_be_coordinated() -> None:
    found = first(request(asset__flags=["frozen-elsewhere"]))
    assert "K17" in {block.guard for block in found.blocked} and instruments(found, "convert") == []
    agreed = first(request(asset__flags=["frozen-elsewhere", "coordinated"]))
    assert instruments(agreed, "convert") == ["EU_2018_1805"]


def test_contested_property_is_not_distributed() -> None:
    base = request(measure="return", evidence="confiscation-order", orders=[CONFISCATION])
    assert instruments(first(base), "return")
    contested = first(request(base, asset__flags=["third-party-claim"]))
    assert "K14" in {block.guard for block in contested.blocked} and instruments(contested, "return") == []


def test_red_notice_needs_its_screens() -> None:
    base = request(measure="locate-person", evidence="charge")
    assert item(first(base), "INTERPOL_RED").availability is Answer.UNKNOWN
    screened = request(base, constraints=["article-3-screened", "extradition-intended"])
    assert item(first(screened), "INTERPOL_RED").availability is Answer.YES
    failed = first(request(base, constraints=["article-3-failed", "extradition-intended"]))
    assert "INTERPOL_RED" not in instruments(failed) and "K11" in {block.guard for block in failed.blocked}


def test_fast_routes_for_a_fresh_wire() -> None:
    data = request(requesting={"state": "US", "authority": "police"}, urgency=["within 72 hours"])
    found = first(data)
    assert {"FINCEN_RRP", "IGRIP"} <= set(instruments(found, "hold"))
    assert "C01" in item(found, "FINCEN_RRP").clocks


def test_civil_track_only_where_a_claim_is_pursued() -> None:
    assert instruments(first(FREEZE), "civil") == []
    civil = first(request(constraints=["civil-claim"]))
    assert {"EAPO_655_2014", "CIVIL_COMMON_LAW"} <= set(instruments(civil, "civil"))


def test_domestic_order_of_another_state_is_named() -> None:
    orders = [{"id": "x", "kind": "freezing", "state": "DE"}]
    assert any("is of DE, not of FR" in text for text in first(request(orders=orders)).warnings)


def test_every_reason_reaches_its_source_and_mark() -> None:
    for one in first(FREEZE).portfolio:
        assert len(one.reasons) >= 3
        for reason in one.reasons:
            assert reason.rule and reason.clause and reason.source and reason.verify, reason


def test_ranks_run_from_one_and_plans_keep_the_order_of_assets() -> None:
    assets = [{**ACCOUNT, "id": name, "situs": state} for name, state in (("z", "CY"), ("a", "EE"))]
    found = plans(request(assets=assets))
    assert [one.id for one in found] == ["z", "a"]
    assert [one.rank for one in found[0].portfolio] == list(range(1, len(found[0].portfolio) + 1))


def test_expected_value_is_whole_and_follows_the_half_life() -> None:
    assert [held_permille(days, 24) for days in (1, 2, 10)] == [500, 250, 0]
    assert held_permille(3, 72) == 500
    assert held_permille(4, 72) == 396
    best = first(FREEZE).portfolio[0]
    assert (best.held_permille, best.expected) == (396, 9_900_000)
    assert item(first(FREEZE), "EIO").expected is None


def test_dropped_routes_say_what_would_make_them_available() -> None:
    found = first(request(requesting__state="IL", asset__situs="MU", conduct__max_penalty_years=3))
    entry = next(one for one in found.dropped if one.instrument == "UNTOC" and one.measure is Measure.FREEZE)
    assert entry.rule == "UNTOC.3" and "the maximum penalty in years is at least 4" in entry.needs


def test_day_of_decision_before_the_regulation() -> None:
    found = first(request(as_of="2020-12-18"))
    assert found.portfolio[0].instrument == "EU_FD_577_783" and "EU_2018_1805" not in instruments(found)
    assert found.as_of == date(2020, 12, 18)
