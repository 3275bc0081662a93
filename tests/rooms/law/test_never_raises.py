"""No request of the right shape raises; a malformed one is refused with its place; every plan can be explained."""

from __future__ import annotations

import copy
import json
import re
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, ORDER, Json, first, request

from recoup.ground import Answer, Refused, canonical_json
from recoup.law.codes import Leg, Measure
from recoup.law.explain import LEG_TITLES, explain
from recoup.law.load import built_in
from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import read_question
from recoup.law.ranking import PLANNED
from recoup.law.weigh import Law

FUZZ = settings(max_examples=120, deadline=None, derandomize=True)
HOSTILE = "<b>\u202e#panic()\x1b[31m\x00\u2028" + "A" * 2_000


@lru_cache(maxsize=1)
def law() -> Law:
    return built_in_law()


def full() -> Json:
    """A request with every member that the reference names."""
    data = request(
        orders=[ORDER, CONFISCATION], urgency=["imminent"], constraints=["translated"], contents=["F04"],
        model_rules=["MR4"], materials=[{"id": "m", "origin": "own", "consent": None}],
    )  # fmt: skip
    asset = {**ACCOUNT, "token": {"symbol": "USDT", "issuer": "Tether"}, "custody": "hosted", "flags": ["stay"]}
    data["assets"] = [copy.deepcopy(asset)]
    return data


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found.extend(places(inner, (*path, key)))
    return found


PLACES = places(full())
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**40), 10**40), st.text(max_size=20), st.just(HOSTILE),
    st.floats(allow_nan=False, allow_infinity=False), st.just([]), st.just({}), st.just([[1]]),
    st.just({"a": {"b": 1}}),
    st.lists(st.text(max_size=5), max_size=3),
    st.sampled_from(["FR", "yes", "unknown", "hosted", "fraud", "2026-02-30"]),
)  # fmt: skip


def put(data: Json, place: tuple[Any, ...], value: Any) -> Json:
    changed = copy.deepcopy(data)
    where: Any = changed
    for step in place[:-1]:
        where = where[step]
    where[place[-1]] = value
    return changed


def whole_way(data: Json) -> None:
    """Read, plan, JSON and page; a plan in which unknown became yes fails."""
    question = read_question(json.dumps(data))
    plans = plan(question, law())
    assert len(plans) == len(question.assets)
    for one in plans:
        canonical_json(one.as_json())
        for item in one.portfolio:
            deciding = [reason.result for reason in item.reasons if reason.rule in ("K16", "K06", "LADDER")]
            assert item.availability is not Answer.YES or set(deciding) == {Answer.YES}
    page = "\n".join(explain(question, plans, built_in().codes))
    assert all(char.isprintable() or char == "\n" for char in page)


@FUZZ
@given(st.sampled_from(PLACES), JUNK)
def test_one_member_replaced_by_anything(place: tuple[Any, ...], junk: Any) -> None:
    """Refused with the member named, or planned to the end; nothing else."""
    data = put(full(), place, junk)
    try:
        whole_way(data)
    except Refused as refusal:
        text = str(refusal)
        named = [f"/{step}" for step in place if isinstance(step, str)]
        assert any(step in text for step in named), (place, text)


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=2, max_size=6))
def test_many_members_replaced_by_anything(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = full()
    for place, junk in changes:
        try:
            data = put(data, place, junk)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    try:
        whole_way(data)
    except Refused as refusal:
        assert refusal.defects


@pytest.mark.parametrize("place", PLACES, ids=["/".join(map(str, place)) for place in PLACES])
def test_one_member_left_out(place: tuple[Any, ...]) -> None:
    """Only what the reference calls necessary is missed; all else is unknown and still gives a plan."""
    data = full()
    where: Any = data
    for step in place[:-1]:
        where = where[step]
    if isinstance(where, list):
        return
    del where[place[-1]]
    necessary = {("as_of",), ("requesting",), ("requesting", "state"), ("measure",), ("assets",), ("assets", 0, "id"),
                 ("assets", 0, "class"), ("assets", 0, "value", "asset"), ("assets", 0, "token", "symbol"),
                 ("orders", 0, "id"), ("orders", 0, "kind"), ("orders", 1, "id"), ("orders", 1, "kind"),
                 ("materials", 0, "id")}  # fmt: skip
    if place in necessary:
        with pytest.raises(Refused, match=str(place[-1]) if place != ("requesting",) else "requesting/state"):
            whole_way(data)
    else:
        whole_way(data)


@pytest.mark.parametrize("junk", [None, True, 0, "x", [], [1], {"a": 1}])
def test_a_member_that_nobody_knows_changes_no_route(junk: Any) -> None:
    """Shapes may grow: an extra member is passed over, and never opens anything."""
    assert first({**FREEZE, "colour": junk}) == first(FREEZE)


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("pair", [("FR", "CY"), ("GB", "BG"), ("IL", "MU"), ("US", "MH"), ("CY", "US"), ("FR", "FR")])
def test_every_measure_between_every_kind_of_pair(measure: Measure, pair: tuple[str, str]) -> None:
    """Only measures that belong to what was asked are planned, each leg together, and the asked one leads."""
    orders = [{**ORDER, "state": pair[0]}, {**CONFISCATION, "state": pair[0]}]
    data = request(requesting__state=pair[0], asset__situs=pair[1], measure=measure.value, orders=orders)
    found = first({**data, "evidence": "confiscation-order"})
    allowed = {*PLANNED[measure], *((Measure.ENFORCE, Measure.RETURN) if measure is Measure.FREEZE else ())}
    civil = {Measure.FREEZE} if Measure.FREEZE in allowed else set()
    for item in found.portfolio:
        assert item.measure in allowed or (item.leg is Leg.CIVIL and civil), item
    legs = [item.leg for item in found.portfolio]
    assert legs == sorted(legs, key=legs.index), "a leg is split in two"


def test_legs_of_a_return_follow_each_other() -> None:
    data = request(measure="return", evidence="confiscation-order", orders=[CONFISCATION, ORDER])
    legs = list(dict.fromkeys(item.leg for item in first(data).portfolio))
    assert legs[0] is Leg.RETURN and Leg.ENFORCE in legs


CASES = [
    FREEZE,
    request(urgency=[], conduct__labels=["corruption"], requesting__state="IL", asset__situs="MU"),
    request(measure="enforce-confiscation", orders=[CONFISCATION], evidence="confiscation-order"),
    request(measure="enforce-confiscation", orders=[{**CONFISCATION, "final": None}], evidence="confiscation-order"),
    request(constraints=["confidential", "civil-claim"]),
    request(measure="locate-person", evidence="charge"),
    request(asset__situs=None, asset__controller={}, asset__holder={}),
]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_an_explanation_leads_to_clause_source_and_age(number: int) -> None:
    """Every reason of every item: rule, clause, source, mark, and the date at which the source was seen."""
    data = CASES[number]
    for item in first(data).portfolio:
        for reason in item.reasons:
            assert reason.rule and reason.clause and reason.says and reason.source and reason.verify
            assert reason.as_of is None or reason.as_of.year > 2000
        rules = {reason.rule for reason in item.reasons}
        assert {"K16", "K06", "LADDER"} <= rules
        bearing = {rule.id for rule in built_in().instruments[item.instrument].rules}
        assert rules <= bearing | {"K16", "K06", "LADDER"} | {f"K{n:02}" for n in range(1, 18)}


@pytest.mark.parametrize("number", range(len(CASES)))
def test_the_page_cites_the_sources_it_lists(number: int) -> None:
    question = read_question(json.dumps(CASES[number]))
    lines = list(explain(question, plan(question, law()), built_in().codes))
    split = lines.index("SOURCES")
    cited = {int(n) for line in lines[:split] for n in re.findall(r"source (\d+)[,;]", line)}
    listed = [line for line in lines[split + 1 :] if line.strip()]
    assert cited == set(range(1, len(listed) + 1))
    assert all(re.search(r"\((as of \d{4}-\d{2}-\d{2}|undated)\)$", line) for line in listed)
    titles = [line.strip() for line in lines[:split] if line.strip() in LEG_TITLES.values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("where", ["requesting__authority", "asset__id", "asset__class"])
def test_a_hostile_name_stays_on_its_line(where: str) -> None:
    """Markup, bidi and line separators in a name neither break the page nor add a line to it."""
    lengths = []
    for name in ("prosecutor", "prosecutor" + HOSTILE):
        changes: Json = {where: name}
        data = request(**changes)
        question = read_question(json.dumps(data))
        lines = list(explain(question, plan(question, law()), built_in().codes))
        assert not any("\u202e" in line or "\x1b" in line or "\u2028" in line for line in lines)
        lengths.append(len(lines))
    assert where == "asset__class" or lengths[0] == lengths[1]


def test_size_is_counted_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of two-byte letters is twice as long in bytes as in characters."""
    from recoup.law import question_json

    text = json.dumps(request(requesting__authority="é" * 500), ensure_ascii=False)
    monkeypatch.setattr(question_json, "REQUEST_BYTES_MAX", len(text.encode()))
    assert read_question(text) == read_question(text.encode())
    for longer in (text + " ", (text + " ").encode()):
        with pytest.raises(Refused, match=f"{len(text.encode()) + 1} bytes are more than"):
            read_question(longer)


@pytest.mark.parametrize("text", ["\ud800", '{"as_of": "\\ud800"}', "\ufeff{}", "null", "true", '"x"', "1e999", "{}"])
def test_odd_texts_are_refused_in_words(text: str) -> None:
    with pytest.raises(Refused):
        read_question(text)
