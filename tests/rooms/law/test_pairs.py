"""Which instrument leads between two States, for fraud with a freezing order and urgency; read by hand.

Columns: requesting, requested, formal freeze, its availability, fast hold, first evidence route.
"""

from __future__ import annotations

from functools import lru_cache

import pytest
from tests.rooms.law.cases import ORDER, first, request

from recoup.ground import Answer
from recoup.law.codes import Leg
from recoup.law.plan import Plan
from recoup.law.tables import built_in

LEADING = [
    ("FR", "DE", "EU_2018_1805", "yes", "AMLD4_FIU", "EIO"),
    ("DE", "FR", "EU_2018_1805", "yes", "AMLD4_FIU", "EIO"),
    ("BG", "CY", "EU_2018_1805", "yes", "AMLD4_FIU", "EIO"),
    ("FR", "IE", "EU_FD_577_783", "yes", "AMLD4_FIU", "COE_1959"),
    ("IE", "FR", "EU_FD_577_783", "yes", "AMLD4_FIU", "COE_1959"),
    ("DK", "SE", "EU_FD_577_783", "yes", "AMLD4_FIU", "BUDAPEST"),
    ("SE", "DK", "EU_FD_577_783", "yes", "AMLD4_FIU", "BUDAPEST"),
    ("IE", "DK", "EU_FD_577_783", "yes", "AMLD4_FIU", "COE_1959"),
    ("GB", "FR", "EU_UK_TCA_XI", "yes", "EGMONT", "BUDAPEST"),
    ("GB", "IE", "EU_UK_TCA_XI", "yes", "EGMONT", "COE_1959"),
    ("FR", "GB", "EU_UK_TCA_XI", "yes", "EGMONT", "BUDAPEST"),
    ("US", "FR", "MLAT_BI", "yes", "EGMONT", "MLAT_BI"),
    ("US", "GB", "UK_POCA_ORDER", "yes", "EGMONT", "MLAT_BI"),
    ("GB", "US", "US_28USC2467", "yes", "EGMONT", "MLAT_BI"),
    ("FR", "US", "US_28USC2467", "yes", "EGMONT", "MLAT_BI"),
    ("US", "CH", "MLAT_BI", "yes", "EGMONT", "MLAT_BI"),
    ("CH", "US", "US_28USC2467", "yes", "EGMONT", "MLAT_BI"),
    ("CH", "FR", "CETS_141", "yes", "EGMONT", "BUDAPEST"),
    ("FR", "CH", "CETS_141", "yes", "EGMONT", "BUDAPEST"),
    ("UA", "DE", "CETS_198", "yes", "EGMONT", "BUDAPEST"),
    ("DE", "UA", "CETS_198", "yes", "EGMONT", "BUDAPEST"),
    ("IL", "EE", "UNTOC", "yes", "EGMONT", "BUDAPEST"),
    ("EE", "IL", "UNTOC", "yes", "EGMONT", "BUDAPEST"),
    ("US", "IL", "MLAT_BI", "yes", "EGMONT", "MLAT_BI"),
    ("IL", "US", "US_28USC2467", "yes", "EGMONT", "MLAT_BI"),
    ("US", "AI", "MLAT_BI", "yes", "EGMONT", "MLAT_BI"),
    ("AI", "US", "MLAT_BI", "yes", "EGMONT", "MLAT_BI"),
    ("GB", "MU", "UNTOC", "yes", "EGMONT", "BUDAPEST"),
    ("MU", "GB", "UK_POCA_ORDER", "yes", "EGMONT", "BUDAPEST"),
    ("SG", "MY", "ASEAN_MLAT", "yes", "EGMONT", "ASEAN_MLAT"),
    ("TH", "VN", "ASEAN_MLAT", "yes", "VOLUNTARY_BANK", "ASEAN_MLAT"),
    ("MY", "HK", "UNTOC", "yes", "EGMONT", "UNTOC"),
    ("IN", "AE", "UNTOC", "yes", "EGMONT", "UNTOC"),
    ("BR", "US", "US_28USC2467", "yes", "EGMONT", "MLAT_BI"),
    ("BR", "AR", "OAS_1992", "yes", "EGMONT", "BUDAPEST"),
    ("CA", "JM", "OAS_1992", "yes", "EGMONT", "OAS_1992"),
    ("AU", "NZ", "UNTOC", "yes", "EGMONT", "UNTOC"),
    ("NG", "GH", "UNTOC", "yes", "VOLUNTARY_BANK", "BUDAPEST"),
    ("FR", "SG", "UNTOC", "yes", "EGMONT", "UNTOC"),
    ("FR", "AE", "UNTOC", "yes", "EGMONT", "UNTOC"),
    ("JP", "KR", "UNTOC", "yes", "EGMONT", "UNTOC"),
    ("FR", "RU", "UNTOC", "yes", "VOLUNTARY_BANK", "UNTOC"),
    ("FR", "VG", "MLAT_BI", "unknown", "EGMONT", "MLAT_BI"),
    ("US", "VG", "MLAT_BI", "yes", "EGMONT", "MLAT_BI"),
    ("FR", "MH", "MH_MLA_ACT", "yes", "EGMONT", "MH_MLA_ACT"),
    ("FR", "CN", "UNTOC", "yes", "VOLUNTARY_BANK", "UNTOC"),
    ("FR", "TR", "CETS_198", "yes", "EGMONT", "BUDAPEST"),
    ("NO", "DK", "CETS_141", "yes", "EGMONT", "BUDAPEST"),
    ("LI", "AT", "CETS_141", "yes", "EGMONT", "BUDAPEST"),
    ("GE", "AM", "CETS_198", "yes", "EGMONT", "BUDAPEST"),
]
MEMBERS = {row.jurisdiction for row in built_in().tables["EU_MEMBERS"].rows}
EU = sorted(state for state in MEMBERS if state not in ("DK", "IE"))


@lru_cache(maxsize=1024)
def between(one: str, other: str) -> Plan:
    controller = {"name": "Bank", "kind": "bank", "state": other}
    data = request(requesting__state=one, asset__situs=other, asset__controller=controller)
    data["orders"] = [{**ORDER, "state": one}]
    return first(data)


def leading(found: Plan, leg: str) -> tuple[str, str]:
    for item in found.portfolio:
        if item.leg == leg:
            return item.instrument, item.availability
    return "", ""


@pytest.mark.parametrize(("one", "other", "freeze", "answer", "hold", "evidence"), LEADING)
def test_leading_routes(one: str, other: str, freeze: str, answer: str, hold: str, evidence: str) -> None:
    found = between(one, other)
    assert leading(found, Leg.CONVERT) == (freeze, answer)
    assert leading(found, Leg.HOLD)[0] == hold
    assert leading(found, Leg.EVIDENCE)[0] == evidence


@pytest.mark.parametrize("other", [state for state in EU if state != "FR"])
def test_between_bound_states_the_regulation_leads_and_stands_alone(other: str) -> None:
    found = between("FR", other)
    formal = [item.instrument for item in found.portfolio if item.leg is Leg.CONVERT]
    assert formal == ["EU_2018_1805"]
    assert found.portfolio[0].availability is Answer.YES


@pytest.mark.parametrize("other", EU)
def test_with_the_united_kingdom_the_title_leads_and_the_regulation_never_appears(other: str) -> None:
    for found in (between("GB", other), between(other, "GB")):
        names = {item.instrument for item in found.portfolio}
        assert found.portfolio[0].instrument == "EU_UK_TCA_XI"
        assert not names & {"EU_2018_1805", "EU_FD_577_783", "EIO"}
        assert "CETS_198" not in {item.instrument for item in found.portfolio if item.leg is Leg.CONVERT}


@pytest.mark.parametrize("other", [*EU, "IE", "DK"])
def test_ireland_and_denmark_never_use_the_regulation(other: str) -> None:
    for state in ("IE", "DK"):
        if other != state:
            names = {item.instrument for item in between(state, other).portfolio}
            assert "EU_2018_1805" not in names and "EIO" not in names
            assert "EU_FD_577_783" in names


@pytest.mark.parametrize("state", ["FR", "CY", "IL", "MU", "GB"])
def test_the_united_states_as_requested_state(state: str) -> None:
    names = {item.instrument for item in between(state, "US").portfolio}
    assert "US_28USC2467" in names and "VIENNA_1988" not in names


@pytest.mark.parametrize("pair", [("FR", "CY"), ("US", "MH"), ("GB", "BG"), ("IL", "EE"), ("CH", "UA")])
def test_nothing_that_is_not_in_force_is_offered(pair: tuple[str, str]) -> None:
    names = {item.instrument for item in between(*pair).portfolio}
    assert not names & {"BUDAPEST_2AP", "UN_CYBERCRIME", "AMLD6_FIU", "DIR_2024_1260"}


def test_no_plan_depends_on_the_order_in_which_pairs_are_asked() -> None:
    one = between("FR", "CY")
    between.cache_clear()
    between("GB", "BG")
    assert between("FR", "CY") == one
