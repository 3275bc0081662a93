"""The order within a plan, what is expected to be left, and how a plan is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, ORDER, Json, first, item, plans, request

from recoup.ground import Answer
from recoup.law.clock import clocks
from recoup.law.codes import AuthorityType, Leg, Measure
from recoup.law.codes import Parties as Mode
from recoup.law.coverage import coverage
from recoup.law.expected import held_permille, with_expected
from recoup.law.explain import explain
from recoup.law.explain_route import plain
from recoup.law.load import built_in
from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import read_question
from recoup.law.ranking import LEGS, PLANNED
from recoup.law.standing import Parties
from recoup.law.tables import built_in as tables
from recoup.law.weigh import Law
from recoup.law.words import AUTHORITY_WORDS, LADDER_WORDS

DAY = date(2026, 11, 21)
PAIRS = [("FR", "CY"), ("GB", "BG"), ("IL", "MU"), ("US", "CY"), ("CY", "US"), ("CH", "UA"), ("SG", "MY"), ("FR", "FR")]


def between(pair: tuple[str, str], **changes: object) -> Json:
    base: Json = {"requesting__state": pair[0], "asset__situs": pair[1], "orders": [{**ORDER, "state": pair[0]}]}
    return request(**{**base, **changes})


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("urgency", [[], ["imminent transfer"]])
def test_within_a_leg_and_measure_the_better_route_stands_first(pair: tuple[str, str], urgency: list[str]) -> None:
    """Available before unknown; then a hold by speed, every other leg by how closely the instrument binds."""
    found = first(between(pair, urgency=urgency, conduct__organised_group=None)).portfolio
    known = built_in().instruments
    for before, after in pairwise(found):
        if (before.leg, before.measure) != (after.leg, after.measure):
            continue
        if before.availability is not after.availability:
            assert before.availability is Answer.YES
            continue
        speeds, tiers = (before.time.p50, after.time.p50), (known[before.instrument].tier, known[after.instrument].tier)
        assert speeds[0] <= speeds[1] if before.leg is Leg.HOLD else tiers[0] <= tiers[1]


@pytest.mark.parametrize(
    ("measure", "leg"),
    [("freeze", "convert"), ("evidence", "evidence"), ("enforce-confiscation", "enforce"), ("return", "return"),
     ("takedown", "hold"), ("locate-assets", "evidence")],
)  # fmt: skip
def test_the_leg_that_does_what_was_asked_comes_first(measure: str, leg: str) -> None:
    data = request(measure=measure, orders=[CONFISCATION, ORDER], evidence="confiscation-order")
    if measure == "takedown":
        data["assets"] = [{**ACCOUNT, "class": "hosting-account", "situs": "US"}]
    assert first(data).portfolio[0].leg == leg


def test_every_measure_is_planned_with_itself_first() -> None:
    assert set(PLANNED) == set(Measure) and all(planned[0] is measure for measure, planned in PLANNED.items())
    assert set(LEGS) == set(Leg) and set(AUTHORITY_WORDS) == set(AuthorityType) and len(LADDER_WORDS) == 5


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(1, 400), st.integers(1, 10_000))
def test_what_is_left_is_the_half_life_rounded_down(days: int, hours: int) -> None:
    """Compared in exact powers: (1/2)^(24 d / h) lies between n and n + 1 thousandths."""
    left = held_permille(days, hours)
    assert 0 <= left <= 999
    if days * 24 <= 40 * hours and hours <= 400:
        # both sides raised to the power h, so that every exponent is whole
        assert left**hours << (days * 24) <= 1000**hours < (left + 1) ** hours << (days * 24)
    assert held_permille(days + 1, hours) <= left <= held_permille(days, hours + 1)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**256 - 1))
def test_the_expected_amount_is_whole_whatever_its_size(amount: int) -> None:
    """256 bits of a token's smallest unit, rounded down, never more than there is."""
    best = first(FREEZE).portfolio[0]
    found = with_expected(best, amount).expected
    assert best.held_permille is not None and found is not None
    assert found * 1000 <= amount * best.held_permille < (found + 1) * 1000 and found <= amount
    evidence = item(first(FREEZE), "EIO")
    assert with_expected(evidence, amount) is evidence


def test_amounts_in_json_are_texts() -> None:
    """A number of 256 bits does not survive a reader that has only floats."""
    big = request(asset__value={"amount": str(2**255), "asset": "ETH"})
    expected = first(big).as_json()["portfolio"][0]["expected"]  # type: ignore[index]
    assert isinstance(expected, str) and int(expected) == 2**255 * 396 // 1000


def test_assets_that_differ_in_amount_share_all_but_the_amount() -> None:
    assets = [{**ACCOUNT, "id": name, "value": {"amount": amount, "asset": "EUR"}} for name, amount in
              (("a", "1000"), ("b", "2000"))]  # fmt: skip
    one, two = plans(request(assets=[*assets]))
    assert (one.portfolio[0].expected, two.portfolio[0].expected) == (396, 792)
    assert [replace(i, expected=None) for i in one.portfolio] == [replace(i, expected=None) for i in two.portfolio]


@pytest.mark.parametrize("pair", PAIRS)
def test_every_dropped_route_says_by_which_rule_and_what_it_needs(pair: tuple[str, str]) -> None:
    """`needs` answers what would make it available; a route stands in the plan or among the dropped, not in both."""
    found = first(between(pair))
    known = {rule.id for one in built_in().instruments.values() for rule in one.rules}
    for one in found.dropped:
        assert (
            one.because and one.needs.endswith(".") and (one.rule in known | {"K16", "K06", "K02", "LADDER", "ABROAD"})
        )
    kept = {(one.instrument, one.measure, one.leg) for one in found.portfolio}
    gone = {(one.instrument, one.measure, one.leg) for one in found.dropped if one.because.startswith("pre-empted")}
    assert not kept & gone


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_of_the_catalogue_is_lost_between_offered_dropped_and_blocked(pair: tuple[str, str]) -> None:
    """Each instrument with a freezing route is offered, dropped with its reason, or stopped by a guard."""
    found = first(between(pair))
    told = {one.instrument for one in found.portfolio} | {one.instrument for one in found.dropped}
    told |= {name for block in found.blocked for name in block.instruments}
    for name, instrument in built_in().instruments.items():
        if any(route.measure is Measure.FREEZE for route in instrument.routes):
            assert name in told, name


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] != pair[1]])
def test_the_coverage_of_a_pair_agrees_with_its_plan(pair: tuple[str, str]) -> None:
    """What does not bind the pair is never offered; what is offered is bound or open."""
    report = {one.instrument: one.answer for one in coverage(built_in(), tables(), *pair, DAY)}
    for measure in ("freeze", "evidence", "locate-person"):
        for one in first(between(pair, measure=measure)).portfolio:
            assert report[one.instrument] is not Answer.NO
            assert one.availability is not Answer.YES or report[one.instrument] is Answer.YES


def test_without_any_table_nothing_that_needs_parties_is_available() -> None:
    """The law with empty tables: every route that rests on participation is unknown or gone, none is yes."""
    empty = Parties({name: replace(table, closed=False, rows=()) for name, table in tables().tables.items()})
    law = Law(built_in(), empty)
    for pair in PAIRS[:5]:
        for one in first(between(pair), law).portfolio:
            if built_in().instruments[one.instrument].parties is not Mode.NONE:
                assert one.availability is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a\ufffdb"), ("\u202ea", "\ufffda"), ("a\tb", "a\ufffdb"), ("Ελλάδα", "Ελλάδα"), ("x" * 501, "x" * 500),
     ("x" * 500, "x" * 500), ("", ""), ("\x1b[0m", "\ufffd[0m"), ("a\u00a0b", "a\ufffdb")],
)  # fmt: skip
def test_text_of_a_case_is_one_line_of_what_can_be_seen(text: str, shown: str) -> None:
    assert plain(text) == shown


def page(data: Json) -> list[str]:
    question = read_question(json.dumps(data))
    return list(explain(question, plan(question, built_in_law()), built_in().codes))


@pytest.mark.parametrize("pair", PAIRS)
def test_every_route_of_a_plan_stands_on_its_page(pair: tuple[str, str]) -> None:
    """Rank, addressee, channel, time, clocks, what is missing, risks: all of the JSON, in words."""
    data = between(pair)
    text = "\n".join(page(data))
    for one in first(data).portfolio:
        assert f"   {one.rank}. {one.instrument} - {one.does}" in text and f"by: {one.channel}" in text
        assert f"half within {one.time.p50} d, nine in ten within {one.time.p90} d" in text
        for code in (*one.clocks, *one.missing, *(risk.code for risk in one.risks)):
            assert code in text
        assert all(risk.mitigation in text for risk in one.risks) and all(note in text for note in one.notes)
    for block in first(data).blocked:
        assert f"x {block.guard}" in text


def test_the_words_of_a_clock_come_with_its_code() -> None:
    text = "\n".join(page(FREEZE))
    for code in first(FREEZE).portfolio[0].clocks:
        assert f"{code} {built_in().codes.clocks[code]}" in text
        assert clocks()[code].words in text


def test_several_assets_stand_apart_and_the_sources_are_shared() -> None:
    assets = [{**ACCOUNT, "id": f"asset-{n}", "situs": state} for n, state in enumerate(("CY", "IE", "US", "FR"))]
    lines = page(request(assets=assets))
    assert [line.split(":")[0] for line in lines if line.startswith("== ")] == [f"== asset-{n}" for n in range(4)]
    assert lines.count("SOURCES") == 1 and sum("OVERVIEW" in line for line in lines) == 1
