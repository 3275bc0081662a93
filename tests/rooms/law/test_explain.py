"""The plan as a page for a prosecutor: order, sources, and text that stays text."""

from __future__ import annotations

import json
import re

import pytest
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, Json, request

from recoup.law.explain import LEG_TITLES, explain
from recoup.law.load import built_in
from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import read_question


def page(data: Json) -> list[str]:
    question = read_question(json.dumps(data))
    return list(explain(question, plan(question, built_in_law()), built_in().codes))


def test_first_the_question_then_an_overview() -> None:
    lines = page(FREEZE)
    assert lines[0] == "Routes for FR (prosecutor), decided as of 2026-11-21"
    assert lines[1] == "Asked: freeze; conduct: fraud"
    assert "not legal advice" in lines[2]
    assert lines[4:6] == [
        "OVERVIEW",
        "  a1: ask CY by EU_2018_1805 [available] (4 d); meanwhile hold by AMLD4_FIU (1 d)",
    ]


def test_unknown_things_are_named_as_such() -> None:
    lines = page(request(requesting__authority="", conduct__labels=[], asset__value=None))
    assert "(authority not named)" in lines[0] and lines[1].endswith("conduct: not named")
    assert any(line.startswith("== a1: bank-account, value not stated") for line in lines)
    assert any("[VERIFY before sending]" in line for line in lines)


def test_legs_stand_in_the_order_of_the_ranks() -> None:
    titles = [line.strip() for line in page(FREEZE) if line.strip() in LEG_TITLES.values()]
    assert [title.split()[0] for title in titles] == ["CONVERT", "HOLD", "EVIDENCE"]
    ranks = [int(found[1]) for line in page(FREEZE) if (found := re.match(r"   (\d+)\. ", line))]
    assert ranks == list(range(1, len(ranks) + 1))


def test_every_source_that_is_cited_is_listed_once() -> None:
    lines = page(FREEZE)
    start = lines.index("SOURCES")
    listed = [line.strip().split(". ", 1) for line in lines[start + 1 :]]
    cited = {number for line in lines[:start] for number in re.findall(r"source (\d+)[,;]", line)}
    assert [number for number, _ in listed] == [str(n) for n in range(1, len(listed) + 1)]
    assert cited == {number for number, _ in listed}
    assert len({title for _, title in listed}) == len(listed)


def test_every_code_comes_with_its_words() -> None:
    text = "\n".join(page(FREEZE))
    for code, words in (("F21", "Translation"), ("G08", "Insufficient or late evidence"), ("C08", "Urgent freezing")):
        assert f"{code} {words}" in text
    assert "decision 48 h, then execution 48 h" in text


def test_a_blocked_plan_says_what_to_do_instead() -> None:
    order = {**CONFISCATION, "final": False, "under_appeal": True}
    lines = page(request(measure="enforce-confiscation", evidence="confiscation-order", orders=[order]))
    at = next(number for number, line in enumerate(lines) if line.strip().startswith("x K01"))
    assert "No enforcement without a final, enforceable order" in lines[at]
    assert lines[at + 1].strip().startswith("stops: ") and "EU_2018_1805" in lines[at + 1]
    assert sum(line.strip().startswith("instead: ") for line in lines) >= 4
    assert any("blocked: K01" in line for line in lines)


def test_what_is_not_offered_is_grouped_by_its_reason() -> None:
    lines = page(FREEZE)
    start = lines.index("   NOT OFFERED")
    block = [line for line in lines[start + 1 :] if line.startswith("   - ")]
    reasons = [line.split(": ", 1)[1] for line in block]
    assert len(set(reasons)) == len(reasons)
    assert any("CETS_198" in line and "pre-empted by EU_2018_1805" in line for line in block)
    assert any("(K16)" in line and "ASEAN_MLAT" in line for line in block)


def test_the_age_of_the_data_is_told_once_for_all_assets() -> None:
    assets = [{**ACCOUNT, "id": name} for name in ("one", "two", "three")]
    lines = page(request(assets=assets))
    start = next(number for number, line in enumerate(lines) if line.startswith("AGE OF THE DATA"))
    told = [line for line in lines[start + 1 : lines.index("SOURCES")] if line.strip()]
    assert told and len(set(told)) == len(told)
    assert not any("(C22)" in line for line in lines[:start])


def test_a_plan_without_routes_says_so() -> None:
    data = request(measure="locate-person", requesting__authority="regulator")
    lines = page(data)
    assert any("no route is open" in line for line in lines)
    assert any("No route is open on these facts." in line for line in lines)


@pytest.mark.parametrize("hostile", ["\u202eevil", "a\nb", "\x1b[31m", "\x00", "x" * 9000, "<b>&amp;"])
@pytest.mark.parametrize("place", ["requesting__authority", "asset__id", "asset__holder", "asset__controller"])
def test_text_of_the_case_is_one_line_of_printable_text(place: str, hostile: str) -> None:
    values: Json = {
        "asset__holder": {"name": hostile, "state": "MH"},
        "asset__controller": {"name": hostile, "kind": "bank", "state": "CY"},
    }
    lines = page(request(**{place: values.get(place, hostile)}))
    assert all(line.isprintable() for line in lines)
    headings = [line for line in lines if not line.startswith(" ") and line]
    assert [heading.split()[0] for heading in headings][:4] == ["Routes", "Asked:", "This", "OVERVIEW"]
    assert max(map(len, lines)) < 1500
