"""Requests that the tests of this room share, as a person would write them."""

from __future__ import annotations

import copy
import json
from typing import Any

from recoup.law.plan import Item, Plan
from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import read_question
from recoup.law.weigh import Law

Json = dict[str, Any]

ACCOUNT: Json = {
    "id": "a1",
    "class": "bank-account",
    "situs": "CY",
    "holder": {"name": "Northern Trade Ltd", "state": "CY"},
    "controller": {"name": "Example Bank", "kind": "bank", "state": "CY"},
    "custody": None,
    "token": None,
    "value": {"amount": "25000000", "asset": "EUR"},
    "flags": [],
}
ORDER: Json = {
    "id": "o1", "kind": "freezing", "state": "FR", "final": False, "under_appeal": False, "certified": True,
    "conviction_based": False,
}  # fmt: skip
FREEZE: Json = {
    "as_of": "2026-11-21",
    "requesting": {"state": "FR", "authority": "prosecutor"},
    "measure": "freeze",
    "conduct": {
        "labels": ["fraud"],
        "elements": ["deception", "payment", "loss"],
        "max_penalty_years": 5,
        "organised_group": True,
        "transnational": True,
    },
    "evidence": "restraint-order",
    "orders": [ORDER],
    "urgency": ["imminent transfer"],
    "constraints": [],
    "materials": [],
    "assets": [ACCOUNT],
}  # fmt: skip
CONFISCATION: Json = {
    "id": "c1", "kind": "confiscation", "state": "FR", "final": True, "under_appeal": False, "certified": True,
    "conviction_based": True,
}  # fmt: skip


def request(base: Json | None = None, **changes: Any) -> Json:
    """A deep copy of FREEZE (or `base`) with members changed; `asset__situs="EE"` reaches into the first asset."""
    data = copy.deepcopy(FREEZE if base is None else base)
    for name, value in changes.items():
        head, _, rest = name.partition("__")
        where = {"asset": data["assets"][0], "conduct": data["conduct"], "requesting": data["requesting"]}
        if rest:
            where[head][rest] = copy.deepcopy(value)
        else:
            data[name] = copy.deepcopy(value)
    return data


def plans(data: Json, law: Law | None = None) -> list[Plan]:
    return plan(read_question(json.dumps(data)), law or built_in_law())


def first(data: Json, law: Law | None = None) -> Plan:
    return plans(data, law)[0]


def instruments(found: Plan, leg: str | None = None) -> list[str]:
    return [item.instrument for item in found.portfolio if leg is None or item.leg == leg]


def item(found: Plan, instrument: str, route: str | None = None) -> Item:
    return next(one for one in found.portfolio if one.instrument == instrument and route in (None, one.route))


def dropped(found: Plan) -> dict[str, str]:
    """Reason by instrument; the first where it has several."""
    reasons: dict[str, str] = {}
    for one in found.dropped:
        reasons.setdefault(one.instrument, one.because)
    return reasons
