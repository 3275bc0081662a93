"""One route considered, pre-emption, and the JSON of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.rooms.law.cases import CONFISCATION, FREEZE, first, request

from recoup.ground import Answer, canonical_json
from recoup.law.codes import AuthorityType, Leg, Measure, RuleKind
from recoup.law.consider import Considered, consider, pair_of
from recoup.law.effects import codes_of, notes_of, risks
from recoup.law.facts import Facts, Value
from recoup.law.load import built_in
from recoup.law.model import Instrument, Route
from recoup.law.plan import Plan
from recoup.law.preemption import preempted
from recoup.law.tables import built_in as tables

DAY = date(2026, 11, 21)
PROS, POLICE = AuthorityType.PROSECUTOR, AuthorityType.POLICE
FRAUD: dict[str, Value] = {
    "order.criminal": True, "evidence.level": 2, "offence.listed_32": True, "offence.max_penalty_years": 5,
    "request.urgent": True, "request.rights_risk": False, "requesting.eu": True, "requested.eu": True,
    "requesting.state": "FR", "requested.state": "CY",
}  # fmt: skip


def named(instrument: str, route: str) -> tuple[Instrument, Route]:
    found = built_in().instruments[instrument]
    return found, next(one for one in found.routes if one.id == route)


def considered(
    instrument: str,
    route: str,
    *,
    facts: dict[str, Value] | None = None,
    sender: AuthorityType | None = PROS,
    states: tuple[str, str] = ("FR", "CY"),
    day: date = DAY,
) -> Considered:
    found, way = named(instrument, route)
    pair = pair_of(found, tables(), *states, day)
    return consider(found, way, pair, Facts(FRAUD if facts is None else facts), sender, day)


def test_every_reason_of_an_available_route() -> None:
    found = considered("EU_2018_1805", "freeze")
    assert found.answer is Answer.YES and found.dropped is None
    rules = [reason.rule for reason in found.reasons]
    assert rules[:5] == ["K16", "K16", "K16", "K06", "LADDER"]
    assert {"EU_2018_1805.1", "EU_2018_1805.3", "EU_2018_1805.9"} <= set(rules)
    assert found.reasons[0].says == "In force on 2026-11-21, since 2020-12-19"


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"states": ("FR", "IE")}, "K16", "IE does not take part"),
        ({"states": ("GB", "CY")}, "K16", "GB is not listed"),
        ({"day": date(2020, 12, 18)}, "K16", "not in force on 2020-12-18"),
        ({"facts": {**FRAUD, "order.criminal": False}}, "EU_2018_1805.1", "not made in criminal proceedings"),
        ({"sender": POLICE}, "K06", "POL may not sign it"),
        ({"facts": {**FRAUD, "evidence.level": 0}}, "LADDER", "it takes E1"),
    ],
)
def test_the_first_rule_that_says_no_is_kept(change: dict[str, object], rule: str, words: str) -> None:
    found = considered("EU_2018_1805", "freeze", **change)  # type: ignore[arg-type]
    assert found.answer is Answer.NO and found.dropped is not None
    assert found.dropped.rule == rule and words in found.dropped.because and found.dropped.needs


@pytest.mark.parametrize(
    "change",
    [
        {"sender": None},
        {"facts": {**FRAUD, "order.criminal": None}},
        {"facts": {**FRAUD, "evidence.level": None}},
    ],
)
def test_one_open_question_leaves_the_route_open(change: dict[str, object]) -> None:
    found = considered("EU_2018_1805", "freeze", **change)  # type: ignore[arg-type]
    assert found.answer is Answer.UNKNOWN
    assert any(reason.result is Answer.UNKNOWN for reason in found.reasons)


def test_a_waived_ground_is_no_risk() -> None:
    found = considered("EU_2018_1805", "freeze")
    assert "G01" not in [risk.code for risk in risks(found, Facts(FRAUD), DAY)]
    less = Facts({**FRAUD, "offence.max_penalty_years": 2})
    assert "G01" in [risk.code for risk in risks(found, less, DAY)]
    unknown = Facts({**FRAUD, "offence.max_penalty_years": None})
    assert [risk.live for risk in risks(found, unknown, DAY) if risk.code == "G01"] == [Answer.UNKNOWN]


def test_contents_hold_when_open_and_clocks_only_when_certain() -> None:
    found, facts = considered("EU_2018_1805", "freeze"), Facts({**FRAUD, "request.urgent": None})
    assert {"F15", "F24"} <= set(codes_of(found, RuleKind.CONTENT, facts, DAY))
    assert "C08" not in codes_of(found, RuleKind.CLOCK, facts, DAY)
    assert "C08" in codes_of(found, RuleKind.CLOCK, Facts(FRAUD), DAY)
    calm = Facts({**FRAUD, "request.urgent": False})
    assert not {"F15", "F24"} & set(codes_of(found, RuleKind.CONTENT, calm, DAY))


def test_notes_carry_language_use_and_disposal() -> None:
    kinds = {note.split(",")[0] for note in notes_of(considered("EU_2018_1805", "freeze"), Facts(FRAUD), DAY)}
    assert kinds == {"language", "use", "disposal"}


def _all() -> list[Considered]:
    ways = [("CETS_198", "freeze"), ("CETS_198", "postpone"), ("CETS_141", "freeze"), ("EU_2018_1805", "freeze"),
            ("MLAT_BI", "freeze"), ("MLAT_BI", "evidence")]  # fmt: skip
    facts = {**FRAUD, "offence.elements_stated": True, "offence.regulatory_only": False, "holder.financial": True}
    return [considered(name, way, facts=facts) for name, way in ways]


def test_preemption_is_for_the_same_measure_and_leg() -> None:
    every = _all()
    gone = preempted([one for one in every if one.answer is not Answer.NO], every, Facts(FRAUD), DAY)
    assert {(one.instrument, one.measure, one.leg) for one in gone} == {
        ("CETS_198", Measure.FREEZE, Leg.CONVERT),
        ("CETS_141", Measure.FREEZE, Leg.CONVERT),
        ("MLAT_BI", Measure.FREEZE, Leg.CONVERT),
    }
    assert all(one.because.startswith("pre-empted by EU_2018_1805, art. 39") for one in gone)


def test_what_is_only_unknown_preempts_nothing() -> None:
    every = [replace(one, answer=Answer.UNKNOWN) if one.instrument.id == "EU_2018_1805" else one for one in _all()]
    gone = preempted(every, every, Facts(FRAUD), DAY)
    assert {one.instrument for one in gone} == {"CETS_141"}  # by CETS_198, which is available


def test_a_preempted_instrument_preempts_nothing_itself() -> None:
    every = _all()
    gone = preempted(every, every, Facts(FRAUD), DAY)
    assert next(one.rule for one in gone if one.instrument == "CETS_141") == "EU_2018_1805.39"


ITEM = {
    "leg", "rank", "instrument", "measure", "availability", "addressee", "channel", "clocks", "missing", "risks",
    "time", "reasons",
}  # fmt: skip


def shape(found: Plan) -> dict[str, object]:
    return found.as_json()


@pytest.mark.parametrize(
    "data",
    [
        FREEZE,
        request(measure="enforce-confiscation", orders=[CONFISCATION], evidence="confiscation-order"),
        request(measure="locate-assets"),
        request(asset__situs=None, asset__controller={}, asset__holder={}),
        request(materials=[{"id": "m", "origin": "fiu", "consent": False}], constraints=["confidential"]),
    ],
)
def test_the_json_has_the_shape_of_the_door(data: dict[str, object]) -> None:
    found = shape(first(data))
    assert {"id", "portfolio", "dropped", "blocked", "warnings"} <= set(found)
    portfolio, dropped, blocked = found["portfolio"], found["dropped"], found["blocked"]
    assert isinstance(portfolio, list) and isinstance(dropped, list) and isinstance(blocked, list)
    for item in portfolio:
        assert set(item) >= ITEM
        assert item["leg"] in {leg.value for leg in Leg} and item["availability"] in ("yes", "unknown")
        assert set(item["time"]) == {"p50_days", "p90_days"} and item["time"]["p50_days"] <= item["time"]["p90_days"]
        assert all({"code", "mitigation"} <= set(risk) for risk in item["risks"])
        assert all({"rule", "clause", "result", "source", "verify"} <= set(reason) for reason in item["reasons"])
        assert set(item["missing"]) <= set(item["contents"])
    assert all({"instrument", "because", "rule"} <= set(one) for one in dropped)
    assert all({"guard", "because", "alternatives"} <= set(one) and one["alternatives"] for one in blocked)
    canonical_json(found)
