"""Planning at size: `python -m tests.bench law`. 100 assets in each of 60 States, bound 2 seconds."""

from __future__ import annotations

import json

from tests.bench.measure import show, timed
from tests.rooms.law.cases import FREEZE, Json

from recoup.law.planner import built_in_law, plan
from recoup.law.question_json import read_question

STATES = (
    "FR CY EE IE GB BG US IL MU MH AI LT LV MT DE NL CH LI VG KY BM BS BZ VC AG SC VU PA AE HK SG TH MY PH VN IN ID "
    "CN JP KR AU NZ CA MX BR AR ZA NG KE GE UA RS MK AL TR ES IT PT AT PL"
)
CLASSES = (
    "bank-account", "exchange-claim", "stablecoin", "coin", "real-estate", "payment-balance", "company-share", "domain",
    "nft", "vehicle",
)  # fmt: skip
ASSETS_PER_STATE = 100


def asset(state: str, number: int) -> Json:
    """One asset among ten classes, every second one hosted."""
    kind = CLASSES[number % len(CLASSES)]
    return {
        "id": f"{state}-{number}",
        "class": kind,
        "situs": state,
        "holder": {"name": f"Holder {number}", "state": "MH"},
        "controller": {"name": "Example Bank", "kind": "bank", "state": state},
        "custody": "hosted" if number % 2 else None,
        "token": {"symbol": "USDT"} if kind == "stablecoin" else None,
        "value": {"amount": str(number * 1000), "asset": "EUR"},
        "flags": [],
    }


def main() -> None:
    assets = [asset(state, number) for state in STATES.split() for number in range(ASSETS_PER_STATE)]
    question, law = read_question(json.dumps({**FREEZE, "assets": assets})), built_in_law()
    small = read_question(json.dumps({**FREEZE, "assets": assets[:: len(STATES.split())]}))
    timings = [
        timed("100 assets x 60 States", len(assets), lambda: plan(question, law)),
        timed("100 assets spread over 60 States", len(small.assets), lambda: plan(small, law)),
    ]
    show("Routes planned (bound: 2 s for the first line)", "assets", timings)


if __name__ == "__main__":
    main()
