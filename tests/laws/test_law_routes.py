"""Properties that every plan keeps, whatever the request."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, ORDER, Json

from recoup.ground import Answer
from recoup.law.codes import Leg, VerifyMark
from recoup.law.party import Participation, Status
from recoup.law.plan import Plan
from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import read_question
from recoup.law.weigh import Law

STATES = ["FR", "CY", "IE", "DK", "GB", "BG", "US", "IL", "MU", "MH", "AI", "JP", "CH", "AE", "SG"]
AUTHORITIES = ["prosecutor", "court", "police", "FIU", ""]
CLASSES = ["bank-account", "stablecoin", "coin", "exchange-claim", "house", "domain", "thing"]
LABELS = ["fraud", "corruption", "unlicensed-trading", "other"]
MAYBE = st.sampled_from([None, True, False])
STRICT = settings(max_examples=25, deadline=None, derandomize=True)


def assets(name: str) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {
            "id": st.just(name),
            "class": st.sampled_from(CLASSES),
            "situs": st.sampled_from([*STATES, None]),
            "holder": st.fixed_dictionaries({"name": st.just("H"), "state": st.sampled_from([*STATES, None])}),
            "controller": st.fixed_dictionaries(
                {"kind": st.sampled_from([None, "bank", "host"]), "state": st.sampled_from([*STATES, None])}
            ),
            "custody": st.sampled_from([None, "hosted", "unhosted"]),
            "token": st.sampled_from([None, {"symbol": "USDT"}, {"symbol": "USDC"}, {"symbol": "ZZZ"}]),
            "value": st.sampled_from([None, {"amount": "1000000", "asset": "EUR"}]),
            "flags": st.lists(st.sampled_from(["third-party-claim", "frozen-elsewhere", "coordinated"]), unique=True),
        }
    )


@st.composite
def requests(draw: st.DrawFn, measure: str | None = None) -> Json:
    """A request with anything known, unknown or denied."""
    state = draw(st.sampled_from(STATES))
    return {
        "as_of": draw(st.sampled_from(["2026-11-21", "2021-06-01", "2019-01-01", "2028-01-01"])),
        "requesting": {
            "state": state,
            "authority": draw(st.sampled_from(AUTHORITIES)),
        },
        "measure": measure or draw(st.sampled_from(["freeze", "evidence", "enforce-confiscation", "locate-assets"])),
        "conduct": {
            "labels": draw(st.lists(st.sampled_from(LABELS), max_size=2)),
            "elements": draw(st.sampled_from([[], ["deception"]])),
            "max_penalty_years": draw(st.sampled_from([None, 1, 3, 4, 10])),
            "organised_group": draw(MAYBE),
            "transnational": draw(MAYBE),
        },
        "evidence": draw(st.sampled_from([None, "suspicion", "reasonable-grounds", "charge", "restraint-order"])),
        "orders": draw(st.sampled_from([[], [{**ORDER, "state": state}]])),
        "urgency": draw(st.sampled_from([[], ["imminent transfer"], ["within 72 hours"]])),
        "constraints": draw(st.lists(st.sampled_from(["confidential", "civil-claim", "translated"]), unique=True)),
        "materials": [{"id": "m", "origin": draw(st.sampled_from(["fiu", "mla", "own"])), "consent": draw(MAYBE)}],
        "assets": [draw(assets("a1"))],
    }


@lru_cache(maxsize=1)
def law() -> Law:
    return built_in_law()


def planned(data: Json, rules: Law | None = None) -> list[Plan]:
    return plan(read_question(json.dumps(data)), rules or law())


def routes(found: Plan) -> dict[tuple[str, str], Answer]:
    return {(item.instrument, item.route): item.availability for item in found.portfolio}


@STRICT
@given(requests(), assets("a2"), assets("a3"))
def test_permuted_assets_have_permuted_plans(data: Json, second: Json, third: Json) -> None:
    data["assets"] += [second, third]
    forward = planned(data)
    data["assets"].reverse()
    assert planned(data) == forward[::-1]


@STRICT
@given(requests())
def test_equal_assets_have_equal_plans(data: Json) -> None:
    data["assets"].append({**copy.deepcopy(data["assets"][0]), "id": "twin"})
    one, twin = (found.as_json() for found in planned(data))
    assert {**one, "id": ""} == {**twin, "id": ""}


@STRICT
@given(requests(measure="freeze"))
def test_a_final_order_only_adds_enforcement(data: Json) -> None:
    before = planned(data)[0]
    data["orders"] = [*data["orders"], {**CONFISCATION, "state": data["requesting"]["state"]}]
    after = planned(data)[0]
    kept = [item for item in after.portfolio if item.leg not in (Leg.ENFORCE, Leg.RETURN)]
    assert kept == list(before.portfolio)


@STRICT
@given(requests())
def test_without_consent_the_item_is_in_no_annex(data: Json) -> None:
    data["materials"][0] = {"id": "m", "origin": "fiu", "consent": True}
    allowed = planned(data)[0]
    for consent in (False, None):
        data["materials"][0]["consent"] = consent
        found = planned(data)[0]
        assert all("m" not in item.annex for item in found.portfolio)
        assert "K09" in {block.guard for block in found.blocked}
        assert routes(found) == routes(allowed)


@STRICT
@given(requests())
def test_no_route_before_its_instrument_is_in_force(data: Json) -> None:
    known = law().catalogue.instruments
    for item in planned(data)[0].portfolio:
        since = known[item.instrument].period.valid_from
        assert since is not None and since <= date.fromisoformat(data["as_of"])
        earlier = planned({**data, "as_of": (since - timedelta(days=1)).isoformat()})[0]
        assert item.instrument not in {one.instrument for one in earlier.portfolio}


def _forget(data: Json, place: tuple[str, ...]) -> Json:
    """The same request with one thing no longer known."""
    less = copy.deepcopy(data)
    where: Any = less
    for step in place[:-1]:
        where = where[int(step)] if step.isdigit() else where[step]
    where[place[-1]] = [] if isinstance(where[place[-1]], list) else None
    return less


PLACES = [
    ("conduct", "max_penalty_years"), ("conduct", "organised_group"), ("conduct", "transnational"),
    ("conduct", "labels"), ("evidence",), ("requesting", "authority"), ("assets", "0", "custody"),
    ("assets", "0", "controller"),
]  # fmt: skip


@STRICT
@given(requests(), st.sampled_from(PLACES))
def test_unknown_never_becomes_yes(data: Json, place: tuple[str, ...]) -> None:
    """What is no longer known can open a question; it never turns a no into a yes."""
    if place == ("assets", "0", "controller") and data["assets"][0]["situs"] is None:
        return  # the controller also decides the State to ask
    if place == ("evidence",) and data["evidence"] == "restraint-order":
        return  # stands for a freezing order, which is a fact of its own
    known, less = planned(data)[0], planned(_forget(data, place))[0]
    yes = {name for name, answer in routes(less).items() if answer is Answer.YES}
    gone = {(one.instrument, one.measure) for one in known.dropped if "pre-empted" not in one.because}
    refused = {(item.instrument, item.measure) for item in less.portfolio if (item.instrument, item.route) in yes}
    assert not refused & gone


TABLES = ["CETS_198", "EGMONT", "EIO_2014_41", "EU_2018_1805", "UNTOC"]


@STRICT
@given(requests(), st.sampled_from(TABLES), st.sampled_from(STATES))
def test_a_new_party_removes_no_route_but_by_preemption(data: Json, table: str, state: str) -> None:
    row = Participation(state, Status.BOUND, "test", date(2026, 1, 1), VerifyMark.READ, valid_from=date(2000, 1, 1))
    before = planned(data)[0]
    after = planned(data, Law(law().catalogue, law().parties.with_rows(table, row)))[0]
    lost = set(routes(before)) - set(routes(after))
    because = {(one.instrument, one.measure, one.leg): one.because for one in after.dropped}
    for item in before.portfolio:
        if (item.instrument, item.route) in lost:
            assert because[(item.instrument, item.measure, item.leg)].startswith("pre-empted by ")
    assert all(routes(after)[name] is not Answer.NO for name in routes(after))


@STRICT
@given(requests())
def test_every_item_rests_on_reasons_and_no_reason_of_an_available_route_denies_it(data: Json) -> None:
    deciding = ("K16", "K06", "LADDER")
    for item in planned(data)[0].portfolio:
        answers = [reason.result for reason in item.reasons if reason.rule in deciding]
        assert answers and Answer.NO not in answers
        if item.availability is Answer.YES:
            assert set(answers) == {Answer.YES}


@STRICT
@given(requests())
def test_same_request_same_plan(data: Json) -> None:
    assert planned(data) == planned(copy.deepcopy(data))


@STRICT
@given(requests())
def test_nothing_is_planned_and_dropped_for_the_same_reason_twice(data: Json) -> None:
    found = planned(data)[0]
    assert [item.rank for item in found.portfolio] == list(range(1, len(found.portfolio) + 1))
    assert len(set(found.dropped)) == len(found.dropped)
    assert len({block.guard for block in found.blocked}) == len(found.blocked)


def test_the_base_case_is_not_empty() -> None:
    assert planned(FREEZE)[0].portfolio and planned({**FREEZE, "assets": [ACCOUNT]})[0].dropped
