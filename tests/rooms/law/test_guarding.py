"""Guards over routes and materials, one by one."""

from __future__ import annotations

import pytest

from recoup.ground import Answer
from recoup.law.codes import GuardEffect, Leg
from recoup.law.consider import Considered
from recoup.law.facts import Facts, Value
from recoup.law.guarding import annex, guard_of, guard_routes, with_alternatives, withheld
from recoup.law.load import built_in
from recoup.law.model import Guard
from recoup.law.plan import Blocked
from recoup.law.question import Material

GUARDS = built_in().guards


def route(instrument: str, name: str, answer: Answer = Answer.YES) -> Considered:
    found = built_in().instruments[instrument]
    return Considered(found, next(one for one in found.routes if one.id == name), answer, ())


FREEZE = route("EU_2018_1805", "freeze")
ENFORCE = route("EU_2018_1805", "enforce")
RETURN = route("EU_2018_1805", "return")
HOLD = route("VOLUNTARY_BANK", "hold")
FIU = route("AMLD4_FIU", "suspend")
RED = route("INTERPOL_RED", "red")
ALL = [FREEZE, ENFORCE, RETURN, HOLD, FIU, RED]
FINE: dict[str, Value] = {
    "order.confiscation": True, "order.final": True, "order.under_appeal": False, "asset.located": True,
    "request.urgent": True, "request.translated": True, "request.proportionality_noted": True,
    "request.second_approval": True, "request.article3_screened": True, "request.extradition_intended": True,
    "offence.max_penalty_years": 5, "request.no_contact": False, "asset.contested": False,
    "asset.frozen_elsewhere": False, "offence.regulatory_only": False, "offence.fraud": True,
}  # fmt: skip


def test_where_everything_is_known_and_fine_nothing_is_stopped() -> None:
    found = guard_routes(list(GUARDS.values()), ALL, Facts(FINE))
    assert list(found.routes) == ALL and found.blocked == () and found.warnings == ()


@pytest.mark.parametrize(
    ("guard", "change", "stopped"),
    [
        ("K01", {"order.final": False}, [ENFORCE, RETURN]),
        ("K01", {"order.under_appeal": True}, [ENFORCE, RETURN]),
        ("K01", {"order.confiscation": False}, [ENFORCE, RETURN]),
        ("K02", {"asset.located": False}, [FREEZE, ENFORCE]),
        ("K11", {"request.article3_screened": False}, [RED]),
        ("K11", {"offence.max_penalty_years": 1}, [RED]),
        ("K12", {"request.no_contact": True}, [HOLD]),
        ("K14", {"asset.contested": True}, [RETURN]),
        ("K17", {"asset.frozen_elsewhere": True, "asset.coordinated": False}, [FREEZE]),
    ],
)
def test_a_block_stops_its_routes_and_no_other(guard: str, change: dict[str, Value], stopped: list[Considered]) -> None:
    found = guard_routes(list(GUARDS.values()), ALL, Facts({**FINE, **change}))
    assert [one for one in ALL if one not in found.routes] == stopped
    block = next(one for one in found.blocked if one.guard == guard)
    assert set(block.instruments) == {one.instrument.id for one in stopped}
    assert block.alternatives and block.because.startswith(GUARDS[guard].because)


@pytest.mark.parametrize(
    ("missing", "opened"),
    [
        ("order.final", [ENFORCE, RETURN]),
        ("order.under_appeal", [ENFORCE, RETURN]),
        ("asset.located", [FREEZE, ENFORCE]),
        ("request.extradition_intended", [RED]),
        ("request.no_contact", [HOLD]),
        ("asset.contested", [RETURN]),
    ],
)
def test_what_is_not_known_makes_a_route_unknown(missing: str, opened: list[Considered]) -> None:
    found = guard_routes(list(GUARDS.values()), ALL, Facts({**FINE, missing: None}))
    unknown = [one.key for one in found.routes if one.answer is Answer.UNKNOWN]
    assert unknown == [one.key for one in opened] and found.blocked == ()
    for one in found.routes:
        if one.answer is Answer.UNKNOWN:
            assert one.reasons[-1].result is Answer.UNKNOWN and one.reasons[-1].rule.startswith("K")


@pytest.mark.parametrize(
    ("guard", "change"),
    [
        ("K03", {"offence.regulatory_only": True, "offence.fraud": False, "offence.laundering": False}),
        ("K04", {"request.urgent": False}),
        ("K05", {"request.translated": None}),
        ("K07", {"request.proportionality_noted": None}),
        ("K15", {"request.second_approval": None}),
    ],
)
def test_a_warning_stops_nothing(guard: str, change: dict[str, Value]) -> None:
    found = guard_routes(list(GUARDS.values()), ALL, Facts({**FINE, **change}))
    assert list(found.routes) == ALL
    assert [warning[:3] for warning in found.warnings] == [guard]


def test_every_guard_has_an_effect_a_reason_and_a_way_out() -> None:
    assert list(GUARDS) == [f"K{number:02}" for number in range(1, 18)]
    for guard in GUARDS.values():
        assert guard.effect in GuardEffect and guard.because and guard.alternatives and guard.mark.source


def test_k01_names_what_holds_the_property_meanwhile() -> None:
    blocked = [Blocked("K01", "x", ("wait",)), Blocked("K09", "y", ("ask",))]
    named = with_alternatives(blocked, [FREEZE, HOLD, route("CETS_198", "freeze", Answer.UNKNOWN)])
    assert named[0].alternatives[0] == "wait"
    assert named[0].alternatives[1].startswith("EU_2018_1805: ") and named[0].alternatives[1].endswith("(yes)")
    assert named[0].alternatives[2].startswith("CETS_198: ") and named[0].alternatives[2].endswith("(unknown)")
    assert named[1] == blocked[1]


@pytest.mark.parametrize(
    ("origin", "guard"),
    [
        ("own", None), ("Police report", None), ("court", None), ("chain analysis", None), ("open source", None),
        ("bank records", None), ("witness", None), ("FIU", "K09"), ("fiu:CY", "K09"), ("egmont_reply", "K09"),
        ("STR", "K09"), ("mla", "K10"), ("EIO result", "K10"), ("foreign police", "K10"), ("partner", "K10"),
        ("victim", "K13"), ("victims statement", "K13"), ("privileged", "K08"), ("lawyer mail", "K08"),
        ("", "K10"), (None, "K10"), ("hearsay", "K10"), ("privileged fiu", "K08"),
    ],
)  # fmt: skip
def test_origin_of_material(origin: str | None, guard: str | None) -> None:
    assert guard_of(Material("m", origin, None)) == guard


@pytest.mark.parametrize("consent", [None, False, True])
def test_annex_and_withheld_are_each_others_rest(consent: bool | None) -> None:
    materials = [Material(f"m{n}", origin, consent) for n, origin in enumerate(["own", "fiu", "mla", "victim", None])]
    travels = annex(materials)
    stays = [name for block in withheld(list(GUARDS.values()), materials) for name in block.materials]
    assert sorted([*travels, *stays]) == sorted(one.id for one in materials)
    assert ("m1" in travels) is (consent is True)


def test_withheld_items_of_one_guard_stand_together() -> None:
    found = withheld(list(GUARDS.values()), [Material("a", "fiu", None), Material("b", "egmont", False)])
    assert [(one.guard, one.materials) for one in found] == [("K09", ("a", "b"))]
    assert found[0].because.endswith(": a, b")


def test_a_guard_concerns_only_its_scope() -> None:
    k12: Guard = GUARDS["K12"]
    assert k12.concerns(HOLD.instrument, HOLD.route) and not k12.concerns(FIU.instrument, FIU.route)
    assert not k12.concerns(FREEZE.instrument, FREEZE.route)
    assert {leg for guard in GUARDS.values() for leg in guard.legs} <= set(Leg)
