"""Guards K01-K17 through whole plans: where each speaks, and where it must be silent."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, ORDER, Json, dropped, first, instruments, request

from recoup.ground import Answer
from recoup.law.codes import AuthorityType, Leg, RuleKind
from recoup.law.condition import parse
from recoup.law.guarding import guard_of
from recoup.law.load import built_in
from recoup.law.model import Rule
from recoup.law.plan import Plan
from recoup.law.planner import built_in_law
from recoup.law.question import Material
from recoup.law.weigh import Law

ENFORCE: Json = request(measure="enforce-confiscation", orders=[CONFISCATION], evidence="confiscation-order")
RETURN: Json = request(measure="return", orders=[CONFISCATION], evidence="confiscation-order")
PERSON: Json = request(
    measure="locate-person", evidence="charge", constraints=["article-3-screened", "extradition-intended"]
)
READY: list[str] = ["translated", "proportionality-noted", "second-approval"]
LICENCE: Json = {"labels": ["unlicensed-options"], "elements": ["no licence"], "max_penalty_years": 2}
MINE: Json = {"id": "m", "origin": "own", "consent": None}


def told(found: Plan) -> set[str]:
    """Guards that block, withhold or warn in this plan, or drop or open a route of it."""
    names = {block.guard for block in found.blocked} | {warning[:3] for warning in found.warnings}
    names |= {one.rule for one in found.dropped}
    names |= {r.rule for item in found.portfolio for r in item.reasons if r.result is Answer.UNKNOWN}
    return {name for name in names if name[:1] == "K"}


def order(**changes: Any) -> list[Json]:
    return [{**CONFISCATION, **changes}]


@pytest.mark.parametrize(
    ("guard", "speaks", "silent"),
    [
        ("K01", request(ENFORCE, orders=order(final=False)), ENFORCE),
        ("K01", request(ENFORCE, orders=order(under_appeal=True)), ENFORCE),
        ("K01", request(ENFORCE, orders=order(final=None)), ENFORCE),
        ("K01", request(ENFORCE, orders=order(state="DE")), request(ENFORCE, orders=order(state=None))),
        ("K01", request(RETURN, orders=[]), RETURN),
        ("K02", request(asset__situs=None, asset__controller={}, asset__holder={}), FREEZE),
        ("K03", request(conduct=LICENCE), FREEZE),
        ("K03", request(conduct={**LICENCE, "max_penalty_years": 20}),
         request(conduct={**LICENCE, "labels": ["unlicensed-options", "fraud"]})),
        ("K04", request(urgency=[]), FREEZE),
        ("K05", FREEZE, request(constraints=READY)),
        ("K05", FREEZE, request(contents=["F21"])),
        ("K06", request(requesting__authority="Bureau 12"), request(requesting__authority="PROS", measure="evidence")),
        ("K07", FREEZE, request(constraints=READY)),
        ("K08", request(materials=[{**MINE, "origin": "lawyer"}]), request(materials=[MINE])),
        ("K09", request(materials=[{**MINE, "origin": "FIU"}]),
         request(materials=[{**MINE, "origin": "FIU", "consent": True}])),
        ("K10", request(materials=[{**MINE, "origin": "mla"}]),
         request(materials=[{**MINE, "origin": "mla", "consent": True}])),
        ("K10", request(materials=[{"id": "m"}]), request(materials=[])),
        ("K11", request(PERSON, constraints=["article-3-failed", "extradition-intended"]), PERSON),
        ("K11", request(PERSON, constraints=["extradition-intended"]), request(PERSON, conduct__max_penalty_years=2)),
        ("K11", request(PERSON, constraints=["article-3-screened", "no-extradition"]), PERSON),
        ("K12", request(constraints=["no tip-off"]), FREEZE),
        ("K13", request(materials=[{**MINE, "origin": "victim"}]),
         request(materials=[{**MINE, "origin": "victim", "consent": True}])),
        ("K14", request(RETURN, asset__flags=["stay"]), RETURN),
        ("K14", request(RETURN, asset__flags=["contested"]), request(FREEZE, asset__flags=["contested"])),
        ("K15", FREEZE, request(constraints=READY)),
        ("K16", request(asset__situs="IE"), request(asset__situs="FR")),
        ("K17", request(asset__flags=["frozen-elsewhere"]), request(asset__flags=["frozen-elsewhere", "coordinated"])),
        ("K17", request(asset__flags=["parallel freeze"]), request(asset__flags=["coordinated"])),
    ],
)  # fmt: skip
def test_a_guard_speaks_where_it_must_and_nowhere_else(guard: str, speaks: Json, silent: Json) -> None:
    assert guard in told(first(speaks))
    if guard not in ("K06", "K16"):  # some route of every plan is dropped by these
        assert guard not in told(first(silent))


def test_no_guard_makes_a_route_available() -> None:
    """Every flag and constraint taken away leaves at least the routes that were open with it."""
    for base in (FREEZE, ENFORCE, RETURN, PERSON):
        free = {(one.instrument, one.route) for one in first(base).portfolio}
        for flag in ("frozen-elsewhere", "third-party-claim", "stay"):
            held = {(one.instrument, one.route) for one in first(request(base, asset__flags=[flag])).portfolio}
            assert held <= free


@pytest.mark.parametrize(
    ("origin", "guard"),
    [
        ("police report from FIU/TRACFIN", "K09"), ("bank (STRs)", "K09"), ("own,fiu", "K09"), ("MLA/CH", "K10"),
        ("court; EIO", "K10"), ("police via Europol", "K10"), ("ＦＩＵ", "K09"), ("victim@bank", "K13"),
        ("own notes (privileged)", "K08"), ("Egmont.reply", "K09"), ("commission rogatory", "K10"), ("own/chain", None),
        ("bank\u202efiu", "K09"), ("полиция", "K10"), ("ownership", "K10"),
    ],
)  # fmt: skip
def test_a_free_word_frees_nothing_that_bears_another_mark(origin: str, guard: str | None) -> None:
    """`police report from FIU/TRACFIN` travelled as the police's own: the words were cut at spaces alone."""
    assert guard_of(Material("m", origin, None)) == guard


@pytest.mark.parametrize("origin", ["fiu", "mla", "victim", "privileged", None])
@pytest.mark.parametrize("consent", [False, None])
def test_what_is_withheld_is_in_no_annex_of_any_leg(origin: str | None, consent: bool | None) -> None:
    data = request(ENFORCE, materials=[MINE, {"id": "x", "origin": origin, "consent": consent}])
    for item in first(data).portfolio:
        assert "x" not in item.annex
        assert item.annex in (("m",), ())


def test_private_holders_get_no_annex() -> None:
    """A bank that is asked to hold sees no material of the file, however free it is."""
    for item in first(request(materials=[MINE])).portfolio:
        route = next(r for r in built_in().instruments[item.instrument].routes if r.id == item.route)
        assert (item.annex == ()) is (AuthorityType.PRIVATE in route.receivers)


def _private_winner() -> Law:
    """A law in which the voluntary hold by a bank takes the place of the FIU's suspension."""
    law = built_in_law()
    bank = law.catalogue.instruments["VOLUNTARY_BANK"]
    over = Rule(
        id="VOLUNTARY_BANK.over", kind=RuleKind.PREEMPTION, clause="none", says="for this test", when=parse("true"),
        mark=bank.mark, period=bank.rules[0].period, over=("EGMONT",),
    )  # fmt: skip
    changed = replace(bank, rules=(*bank.rules, over))
    return Law(replace(law.catalogue, instruments={**law.catalogue.instruments, bank.id: changed}), law.parties)


def test_a_route_that_a_guard_stops_takes_no_other_place() -> None:
    """Confidential: the bank may not be written to, so what it would have replaced must stay in the plan."""
    base = request(requesting__state="GB", asset__situs="BG", orders=[{**ORDER, "state": "GB"}])
    law = _private_winner()
    open_case, secret = first(base, law), first(request(base, constraints=["confidential"]), law)
    assert "EGMONT" not in instruments(open_case, "hold") and "EGMONT" in {one.instrument for one in open_case.dropped}
    assert "VOLUNTARY_BANK" not in instruments(secret) and "EGMONT" in instruments(secret, "hold")
    assert not dropped(secret).get("EGMONT", "").startswith("pre-empted by VOLUNTARY_BANK")


def test_rules_past_their_review_are_said() -> None:
    """Clock C22 looks at the route and its rules too, not at the head of the instrument alone."""
    law = built_in_law()
    eu = law.catalogue.instruments["EU_2018_1805"]
    late = first(request(as_of="2028-06-01"), law)
    assert any(one.startswith("EU_2018_1805: the entry of the catalogue was due") for one in late.warnings)
    old = replace(eu.rules[0], mark=replace(eu.rules[0].mark, review_by=FIRST_DAY))
    instruments_ = {**law.catalogue.instruments, eu.id: replace(eu, rules=(old, *eu.rules[1:]))}
    found = first(FREEZE, Law(replace(law.catalogue, instruments=instruments_), law.parties))
    assert any(one == f"EU_2018_1805: the entry of the catalogue was due for review on {FIRST_DAY} (C22)"
               for one in found.warnings)  # fmt: skip
    assert not any(one.startswith("EU_2018_1805: the entry") for one in first(FREEZE).warnings)


FIRST_DAY = date(2026, 1, 1)


@pytest.mark.parametrize("leg", list(Leg))
def test_each_leg_of_a_plan_has_its_case(leg: Leg) -> None:
    """Hold, convert, evidence, civil, enforce, return: each is planned somewhere, with addressee, channel and time."""
    cases = [FREEZE, ENFORCE, RETURN, request(constraints=["civil-claim"])]
    items = [item for data in cases for item in first(data).portfolio if item.leg is leg]
    assert items
    for item in items:
        assert item.addressee and item.channel and item.does and 0 < item.time.p50 <= item.time.p90
        assert (item.held_permille is not None) == (item.measure == "freeze")


def test_a_plan_is_the_same_however_the_lists_are_ordered() -> None:
    data = request(constraints=READY, contents=["F04", "F01"], asset__flags=["coordinated", "stay"])
    turned = copy.deepcopy(data)
    for where, key in ((turned, "constraints"), (turned, "contents"), (turned["assets"][0], "flags")):
        where[key].reverse()
    assert first(turned) == first(data) and ACCOUNT["flags"] == []
