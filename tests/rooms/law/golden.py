"""Golden plans: what the catalogue answers in cases that between them use every route and guard.

`python -m tests.rooms.law.golden` writes the file anew; read the difference before committing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.rooms.law.cases import ACCOUNT, CONFISCATION, FREEZE, ORDER, Json, plans, request

from recoup.law.mark import Period
from recoup.law.plan import Item, Plan
from recoup.law.planner import built_in_law
from recoup.law.weigh import Law

FILE = Path(__file__).with_name("golden.txt")
WALLET: Json = {
    "id": "wallet", "class": "stablecoin", "custody": "unhosted", "token": {"symbol": "USDT", "issuer": "Tether"},
    "holder": {}, "controller": {}, "value": {"amount": "900", "asset": "USDT@tron:T"}, "flags": [],
}  # fmt: skip


def _account(state: str, **changes: object) -> Json:
    return {**ACCOUNT, "situs": state, "controller": {"name": "Bank", "kind": "bank", "state": state}, **changes}


def _pair(one: str, other: str, **changes: object) -> Json:
    orders = [{**ORDER, "state": one}]
    members: Json = {"orders": orders, "assets": [_account(other)], **changes}
    base = request(**members)
    base["requesting"]["state"] = one
    return base


def _enforce(one: str, other: str, **changes: object) -> Json:
    orders = [{**CONFISCATION, "state": one}]
    data: Json = {"measure": "enforce-confiscation", "evidence": "confiscation-order", "orders": orders, **changes}
    return _pair(one, other, **data)


ONLINE: Json = {**ACCOUNT, "class": "hosting-account", "controller": {"name": "Host", "kind": "hosting provider"}}
BARE_CONDUCT: Json = {"labels": [], "elements": []}
DRUGS: Json = {"labels": ["drugs"], "max_penalty_years": 10, "organised_group": False, "transnational": True}
LICENSING: Json = {"labels": ["unlicensed-options"], "elements": ["no licence"], "max_penalty_years": 2}
TAX: Json = {"labels": ["tax-fraud"], "elements": ["false return"], "max_penalty_years": 5}

SCENARIOS: dict[str, Json] = {
    "FR-CY freeze": FREEZE,
    "FR-CY no urgency": request(urgency=[]),
    "FR-CY by the FIU": request(requesting__authority="FIU"),
    "FR-CY civil order": request(orders=[{**ORDER, "kind": "civil freezing"}], constraints=["rights-risk"]),
    "FR-IE freeze": request(assets=[_account("IE")]),
    "FR-CY in 2028": request(as_of="2028-01-10"),
    "FR-CY before 2020": request(as_of="2020-06-01"),
    "FR-CY civil claim": request(constraints=["civil-claim"], evidence="charge"),
    "GB-BG freeze": _pair("GB", "BG"),
    "GB-BG drugs": _pair("GB", "BG", conduct=DRUGS, constraints=["rights-risk", "political"]),
    "BG-GB freeze": _pair("BG", "GB", urgency=["within 72 hours"]),
    "IL-MU freeze": _pair("IL", "MU"),
    "IL-MU no urgency": _pair("IL", "MU", urgency=[]),
    "IL-MU nothing known": _pair("IL", "MU", conduct=BARE_CONDUCT, evidence=None),
    "IL-MU corruption": _pair("IL", "MU", conduct={**FREEZE["conduct"], "labels": ["corruption"]}),
    "MU-GB licensing": _pair("MU", "GB", conduct=LICENSING),
    "IL-GB tax": _pair("IL", "GB", conduct=TAX, constraints=["political"]),
    "US-CY fresh wire": _pair("US", "CY", urgency=["within 72 hours"]),
    "US-MH freeze": _pair("US", "MH"),
    "CY-US freeze": _pair("CY", "US"),
    "CY-US licensing": _pair("CY", "US", conduct=LICENSING),
    "US-BR freeze": _pair("US", "BR"),
    "SG-MY freeze": _pair("SG", "MY", constraints=["political"]),
    "CH-UA freeze": _pair("CH", "UA"),
    "CH-UA licensing": _pair("CH", "UA", conduct=LICENSING, constraints=["political", "rights-risk"]),
    "GE-AZ drugs": _pair("GE", "AZ", conduct=DRUGS),
    "AU-JM scheme": _pair("AU", "JM", conduct=LICENSING, constraints=["political"]),
    "FR home": request(assets=[_account("FR")]),
    "FR nowhere": request(assets=[{**ACCOUNT, "situs": None, "controller": {}, "holder": {}}]),
    "FR-wallet letter": request(assets=[WALLET], orders=[], evidence="reasonable-grounds"),
    "FR-exchange": request(assets=[{**ACCOUNT, "class": "exchange-claim", "situs": "LT", "custody": "hosted"}]),
    "FR-CY confidential": request(constraints=["confidential"]),
    "FR-CY frozen elsewhere": request(assets=[_account("CY", flags=["frozen-elsewhere"])]),
    "FR-CY enforce": _enforce("FR", "CY"),
    "FR-CY enforce contested": _enforce("FR", "CY", assets=[_account("CY", flags=["third-party-claim"])]),
    "FR-CY enforce under appeal": _enforce(
        "FR", "CY", orders=[{**CONFISCATION, "final": False, "under_appeal": True}, ORDER]
    ),
    "FR-DK enforce": _enforce("FR", "DK", assets=[_account("DK", flags=["third-party-claim"])]),
    "FR home enforce": _enforce("FR", "FR"),
    "GB-BG enforce": _enforce("GB", "BG"),
    "CH-UA enforce": _enforce("CH", "UA", assets=[_account("UA", flags=["sharing-agreed"])]),
    "CY-US enforce": _enforce("CY", "US"),
    "MU-GB enforce": _enforce("MU", "GB", orders=[{**CONFISCATION, "state": "MU", "kind": "civil forfeiture"}]),
    "IL-MU return": _enforce("IL", "MU", measure="return", conduct={**FREEZE["conduct"], "labels": ["corruption"]}),
    "SG-MY enforce": _enforce("SG", "MY"),
    "MU-JM return": _enforce("MU", "JM", measure="return"),
    "FR-IE subscriber": request(measure="subscriber-data", assets=[{**ONLINE, "situs": "IE"}]),
    "JP-HU subscriber": _pair("JP", "HU", measure="subscriber-data", assets=[{**ONLINE, "situs": "HU"}]),
    "FR-LT subscriber": request(measure="subscriber-data", assets=[_account("LT")]),
    "JP-HU future subscriber": _pair(
        "JP", "HU", measure="subscriber-data", assets=[{**ONLINE, "situs": "HU"}], as_of="2028-01-10"
    ),
    "FR-AU future freeze": _pair("FR", "AU", as_of="2028-01-10", conduct=LICENSING | {"max_penalty_years": 4}),
    "FR-AU future too small": _pair("FR", "AU", as_of="2028-01-10", conduct=LICENSING | {"max_penalty_years": 3}),
    "GE-AZ drugs enforce": _enforce("GE", "AZ", conduct=DRUGS),
    "FR-CY materials": request(
        materials=[{"id": origin, "origin": origin} for origin in ("privileged", "egmont", "mla", "victim", "own")]
    ),
    "FR-CY licensing": request(conduct=LICENSING, constraints=["rights-risk", "political"]),
    "FR-CY contested": request(conduct=LICENSING, assets=[_account("CY", flags=["third-party-claim"])]),
    "FR-IE licensing": request(conduct=LICENSING, assets=[_account("IE")]),
    "GB-BG licensing": _pair("GB", "BG", conduct=LICENSING),
    "FR-IE subscriber licensing": request(
        measure="subscriber-data", conduct=LICENSING, constraints=["rights-risk"], assets=[{**ONLINE, "situs": "IE"}]
    ),
    "IL-GB rights": _pair("IL", "GB", constraints=["rights-risk"]),
    "SG-MY licensing": _pair("SG", "MY", conduct=LICENSING, constraints=["political"]),
    "US-BR political": _pair("US", "BR", constraints=["political"]),
    "IL-MU contested": _pair(
        "IL", "MU", conduct={**FREEZE["conduct"], "labels": ["corruption"]},
        assets=[_account("MU", flags=["third-party-claim"])],
    ),
    "CH-UA finality not known": _enforce("CH", "UA", orders=[{**CONFISCATION, "state": "CH", "final": None}]),
    "GE-AM finality not known": _enforce("GE", "GB", orders=[{**CONFISCATION, "state": "GE", "final": None}]),
    "US-CY old wire suspicion": _pair("US", "CY", urgency=["within 72 hours"], evidence="suspicion"),
    "FR-IL screened political": _pair(
        "FR", "IL", measure="locate-person", evidence="charge",
        constraints=["article-3-screened", "extradition-intended", "political", "rights-risk"],
    ),
    "FR-TW unlisted": _pair("FR", "TW", conduct={**FREEZE["conduct"], "labels": ["corruption", "drugs"]}),
    "TW-US unlisted": _pair("TW", "US", requesting={"state": "TW", "authority": "prosecutor"}),
    "FR-TW civil": _pair("FR", "TW", constraints=["civil-claim"]),
    "FR-TW regulator": _pair(
        "FR", "TW", measure="evidence", requesting={"state": "FR", "authority": "securities regulator"}
    ),
    "FR takedown": request(measure="takedown", assets=[{**ONLINE, "situs": "US"}]),
    "FR-CY by regulator": request(measure="evidence", requesting__authority="securities regulator"),
    "FR-BR locate assets": _pair("FR", "BR", measure="locate-assets"),
    "FR-IL person": _pair("FR", "IL", measure="locate-person", evidence="charge"),
    "FR-IL person screened": _pair(
        "FR", "IL", measure="locate-person", evidence="charge",
        constraints=["article-3-screened", "extradition-intended"],
    ),
    "FR-IL person failed": _pair(
        "FR", "IL", measure="locate-person", evidence="charge", constraints=["article-3-failed"]
    ),
}  # fmt: skip


def dated(law: Law) -> Law:
    """The law with a date for treaties that have none yet, so that their rules are asked too."""
    future = {
        name: replace(one, period=Period(date(2027, 1, 1)))
        for name, one in law.catalogue.instruments.items()
        if one.period.valid_from is None
    }
    return Law(replace(law.catalogue, instruments={**law.catalogue.instruments, **future}), law.parties)


def lines(law: Law) -> Iterator[str]:
    """One line per scenario, item, dropped route and block."""
    later = dated(law)
    for name, data in SCENARIOS.items():
        chosen = later if "future" in name else law
        for found in plans(data, chosen):
            yield from scenario_lines(name, found)
        for level in ("suspicion", "reasonable-grounds"):
            for found in plans({**data, "evidence": level, "urgency": []}, chosen):
                yield f"~ {level}: {' '.join(map(_short, found.portfolio))}"


def scenario_lines(name: str, found: Plan) -> Iterator[str]:
    yield f"== {name}: {found.state}"
    yield from (_item(item) for item in found.portfolio)
    gone: dict[str, list[str]] = {}
    for one in (one for one in found.dropped if one.rule not in ("K16", "ABROAD")):
        gone.setdefault(one.rule, []).append(f"{one.instrument}/{one.leg}")
    yield from (f"- {rule}: {' '.join(names)}" for rule, names in gone.items())
    yield from (f"x {one.guard}: {' '.join((*one.instruments, *one.materials))}" for one in found.blocked)
    yield from (f"! {warning[:4]}" for warning in found.warnings if warning[:1] == "K")


def _short(item: Item) -> str:
    return f"{item.instrument}/{item.route}:{item.availability[0]}{item.time.p50}/{item.time.p90}"


def _item(item: Item) -> str:
    risks = " ".join(f"{risk.code}{'?' if risk.live == 'unknown' else ''}" for risk in item.risks)
    waived = " ".join(
        f"{reason.rule}={reason.result}" for reason in item.reasons if reason.rule.startswith(item.instrument)
    )
    time = f"{item.time.p50}/{item.time.p90}"
    return (
        f"{item.rank} {item.leg} {item.instrument}/{item.route} {item.availability} {time} [{' '.join(item.clocks)}] "
        f"[{' '.join(item.contents)}] {len(item.missing)} [{risks}] [{waived}] {len(item.notes)} {item.addressee[:30]}"
    )


if __name__ == "__main__":
    FILE.write_text("\n".join(lines(built_in_law())) + "\n", encoding="utf-8")
