"""What the conditions of rules must answer, written from the clauses and apart from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from recoup.law.facts import Value
from recoup.law.model import Catalogue

Case = tuple[dict[str, Value], str]
YEARS, LIST = "offence.max_penalty_years", "offence.listed_32"
GROUP, BORDER = "offence.organised_group", "offence.transnational"
STATED, LICENCE = "offence.elements_stated", "offence.regulatory_only"
FINAL, APPEAL = "order.final", "order.under_appeal"
ONE, OTHER = "requesting.state", "requested.state"

LISTED: list[Case] = [
    ({LIST: True, YEARS: 3}, "yes"), ({LIST: True, YEARS: 2}, "no"), ({LIST: False, YEARS: 9}, "no"),
    ({LIST: True}, "unknown"), ({YEARS: 3}, "unknown"), ({YEARS: 2}, "no"), ({LIST: False}, "no"),
]  # fmt: skip
_TURNED = {"yes": "no", "no": "yes", "unknown": "unknown"}
UNLISTED: list[Case] = [(facts, _TURNED[answer]) for facts, answer in LISTED]
DUAL: list[Case] = [
    ({STATED: True, LICENCE: False}, "no"), ({STATED: True, LICENCE: True}, "yes"), ({LICENCE: False}, "unknown"),
    ({STATED: False, LICENCE: False}, "yes"), ({STATED: True}, "unknown"), ({LICENCE: True}, "yes"),
]  # fmt: skip
PALERMO: list[Case] = [
    ({YEARS: 4, GROUP: True, BORDER: True}, "yes"), ({YEARS: 3, GROUP: True, BORDER: True}, "no"),
    ({YEARS: 4, GROUP: False, BORDER: True}, "no"), ({YEARS: 4, GROUP: True, BORDER: False}, "no"),
    ({YEARS: 4, GROUP: True}, "unknown"), ({YEARS: 4, BORDER: True}, "unknown"),
    ({GROUP: True, BORDER: True}, "unknown"),
]  # fmt: skip
NOT_FINAL: list[Case] = [
    ({FINAL: True, APPEAL: False}, "no"), ({FINAL: False, APPEAL: False}, "yes"), ({FINAL: True, APPEAL: True}, "yes"),
    ({APPEAL: False}, "unknown"), ({FINAL: True}, "unknown"),
]  # fmt: skip


def flag(fact: str) -> list[Case]:
    return [({fact: True}, "yes"), ({fact: False}, "no"), ({}, "unknown")]


def least(years: int) -> list[Case]:
    return [({YEARS: years}, "yes"), ({YEARS: years - 1}, "no"), ({}, "unknown")]


def between(state: str, member: str) -> list[Case]:
    """One of the two is `state`, the other in the EU."""
    return [
        ({ONE: state, OTHER: "BG", "requesting.eu": False, "requested.eu": True}, "yes"),
        ({ONE: "BG", OTHER: state, "requesting.eu": True, "requested.eu": False}, "yes"),
        ({ONE: "BG", OTHER: "FR", "requesting.eu": True, "requested.eu": True}, "no"),
        ({ONE: state, OTHER: member, "requesting.eu": False, "requested.eu": False}, "no"),
        ({ONE: member, OTHER: state, "requesting.eu": False, "requested.eu": False}, "no"),
    ]


CASES: dict[str, list[Case]] = {
    "EU_2018_1805.1": flag("order.criminal"),
    "EU_2018_1805.3": LISTED,
    "EU_2018_1805.8-dual": UNLISTED,
    "EU_2018_1805.8-territory": [({LIST: True}, "no"), ({LIST: False}, "yes"), ({}, "unknown")],
    "EU_2018_1805.8-rights": flag("request.rights_risk"),
    "EU_2018_1805.19-third": flag("asset.contested"),
    "EU_2018_1805.19-absence": flag("order.conviction_based"),
    "EU_2018_1805.7-urgent": flag("request.urgent"),
    "EU_2018_1805.9": flag("request.urgent"),
    "EU_FD_577_783.scope": [
        ({ONE: "FR", OTHER: "IE"}, "yes"), ({ONE: "DK", OTHER: "FR"}, "yes"), ({ONE: "IE", OTHER: "FR"}, "yes"),
        ({ONE: "FR", OTHER: "DK"}, "yes"), ({ONE: "FR", OTHER: "CY"}, "no"),
    ],
    "EU_FD_577_783.criminal": flag("order.criminal"),
    "EU_FD_577_783.3": LISTED,
    "EU_FD_577_783.dual": UNLISTED,
    "EU_FD_577_783.8": flag("asset.contested"),
    "EU_UK_TCA_XI.pair": between("GB", "US"),
    "EU_UK_TCA_XI.criminal": flag("order.criminal"),
    "EU_UK_TCA_XI.dual": [({LIST: True}, "no"), ({LIST: False}, "yes"), ({}, "unknown")],
    "EU_UK_TCA_XI.urgent": flag("request.urgent"),
    "EU_US_MLA.pair": between("US", "GB"),
    "EU_US_MLA.4-scope": [
        ({"offence.laundering": True}, "no"), ({YEARS: 4, "offence.laundering": False}, "no"),
        ({YEARS: 3, "offence.laundering": False}, "yes"), ({YEARS: 3}, "unknown"), ({}, "unknown"),
    ],
    "EIO.11-list": LISTED,
    "EIO.11-dual": UNLISTED,
    "EIO.11-rights": flag("request.rights_risk"),
    "EIO.32": flag("request.urgent"),
    "E_EVIDENCE.3": [
        ({"holder.online_service": True, "holder.financial": False}, "yes"),
        ({"holder.online_service": True, "holder.financial": True}, "no"),
        ({"holder.online_service": False, "holder.financial": False}, "no"),
        ({"holder.online_service": True}, "unknown"),
    ],
    "E_EVIDENCE.12-rights": flag("request.rights_risk"),
    "E_EVIDENCE.12-dual": UNLISTED,
    "AMLD4_FIU.32": flag("holder.financial"),
    "AMLD6_FIU.24": flag("holder.financial"),
    "EAPO_655_2014.2": [
        ({"asset.family": "bank", "request.civil_claim": True}, "yes"),
        ({"asset.family": "bank", "request.civil_claim": False}, "no"),
        ({"asset.family": "token", "request.civil_claim": True}, "no"),
    ],
    "CETS_198.3": [
        ({"offence.laundering": False, YEARS: 1}, "yes"), ({"offence.laundering": False, YEARS: 0}, "no"),
        ({"offence.laundering": True, YEARS: 0}, "yes"), ({YEARS: 0}, "unknown"),
    ],
    "CETS_198.47": flag("holder.financial"),
    "CETS_198.28-dual": DUAL,
    "CETS_198.28-absence": flag("order.conviction_based"),
    "CETS_198.28-final": NOT_FINAL,
    "CETS_141.criminal": flag("order.criminal"),
    "CETS_141.18-dual": DUAL,
    "CETS_141.18-final": NOT_FINAL,
    "COE_1959.2-fiscal": flag("offence.fiscal_only"),
    "COE_1959.5": DUAL,
    "BUDAPEST.29-4": [({"offence.computer": True}, "no"), ({"offence.computer": False}, "yes"), ({}, "unknown")],
    "BUDAPEST.29-5-political": flag("request.political"),
    "BUDAPEST_2AP.5": flag("holder.online_service"),
    "UNTOC.3": PALERMO,
    "UNTOC.18-9": DUAL,
    "UNTOC.13-7": [(facts, _TURNED[answer]) for facts, answer in PALERMO],
    "UNTOC.13-8": flag("asset.contested"),
    "UNCAC.scope": flag("offence.corruption"),
    "UNCAC.46-9": DUAL,
    "UNCAC.55-9": flag("asset.contested"),
    "VIENNA_1988.3": flag("offence.drugs"),
    "UN_CYBERCRIME.scope": [
        ({"offence.computer": True, YEARS: 0}, "yes"), ({"offence.computer": False, YEARS: 4}, "yes"),
        ({"offence.computer": False, YEARS: 3}, "no"), ({YEARS: 3}, "unknown"),
    ],
    "MLAT_BI.dual": DUAL,
    "MLAT_BI.political": flag("request.political"),
    "MLAT_BI.fiscal": flag("offence.fiscal_only"),
    "LETTERS_ROGATORY.law": flag("requested.comity"),
    "LETTERS_ROGATORY.dual": DUAL,
    "HARARE.dual": DUAL,
    "HARARE.political": flag("request.political"),
    "OAS_1992.6": least(1),
    "OAS_1992.9": flag("request.political"),
    "ASEAN_MLAT.3-dual": DUAL,
    "ASEAN_MLAT.3-political": flag("request.political"),
    "HAGUE_SERVICE.1": flag("request.civil_claim"),
    "HAGUE_EVIDENCE.1": flag("request.civil_claim"),
    "HAGUE_APOSTILLE.1": flag("request.civil_claim"),
    "HAGUE_JUDGMENTS_2019.1": flag("request.civil_claim"),
    "EGMONT.holder": flag("holder.financial"),
    "INTERPOL_RED.83": least(2),
    "INTERPOL_RED.3": flag("request.political"),
    "INTERPOL_RED.2": flag("request.rights_risk"),
    "IGRIP.payment": [
        ({"holder.financial": True, "request.recent_transfer": True}, "yes"),
        ({"holder.financial": True, "request.recent_transfer": False}, "no"),
        ({"holder.financial": False, "request.recent_transfer": True}, "no"),
    ],
    "FINCEN_RRP.us": [
        ({ONE: "US", "holder.financial": True, "request.recent_transfer": True}, "yes"),
        ({ONE: "FR", "holder.financial": True, "request.recent_transfer": True}, "no"),
        ({ONE: "US", "holder.financial": False, "request.recent_transfer": True}, "no"),
        ({ONE: "US", "holder.financial": True, "request.recent_transfer": False}, "no"),
    ],
    "VOLUNTARY_ISSUER.can": [
        ({"asset.issuer": True, "asset.issuer_can_freeze": True}, "yes"),
        ({"asset.issuer": True, "asset.issuer_can_freeze": False}, "no"),
        ({"asset.issuer": False, "asset.issuer_can_freeze": True}, "no"),
        ({"asset.issuer": True}, "unknown"),
    ],
    "VOLUNTARY_ISSUER.order": [
        ({"asset.issuer_needs_order": False, "order.freezing": False}, "yes"),
        ({"asset.issuer_needs_order": True, "order.freezing": True}, "yes"),
        ({"asset.issuer_needs_order": True, "order.freezing": False}, "no"),
        ({"order.freezing": False}, "unknown"),
    ],
    "VOLUNTARY_VASP.hosted": flag("asset.hosted"),
    "VOLUNTARY_BANK.held": [
        ({"asset.family": "bank"}, "yes"), ({"asset.family": "psp"}, "yes"), ({"asset.family": "vasp"}, "no"),
    ],
    "VOLUNTARY_ONLINE.online": flag("holder.online_service"),
    "US_28USC2467.d3": [({"evidence.level": 2}, "yes"), ({"evidence.level": 1}, "no"), ({}, "unknown")],
    "US_28USC2467.dual": DUAL,
    "UK_POCA_ORDER.rights": flag("request.rights_risk"),
    "UK_POCA_ORDER.administrative": [
        ({"order.criminal": True}, "no"), ({"order.criminal": False}, "yes"), ({}, "unknown"),
    ],
    "UK_DAML.335": flag("holder.financial"),
    "CIVIL_COMMON_LAW.claim": flag("request.civil_claim"),
    "SHARING_MODEL.agreed": flag("asset.return_agreed"),
    "DOMESTIC.here": [({"abroad": True}, "no"), ({"abroad": False}, "yes"), ({}, "unknown")],
    "K01": [
        ({"order.confiscation": True, FINAL: True, APPEAL: False}, "yes"),
        ({"order.confiscation": True, FINAL: False, APPEAL: False}, "no"),
        ({"order.confiscation": True, FINAL: True, APPEAL: True}, "no"),
        ({"order.confiscation": False, FINAL: True, APPEAL: False}, "no"),
        ({"order.confiscation": True, APPEAL: False}, "unknown"),
    ],
    "K02": flag("asset.located"),
    "K03": [
        ({"offence.fraud": True, "offence.laundering": False}, "yes"),
        ({"offence.fraud": False, "offence.laundering": True}, "yes"),
        ({"offence.fraud": False, "offence.laundering": False}, "no"),
    ],
    "K04": flag("request.urgent"),
    "K05": flag("request.translated"),
    "K07": flag("request.proportionality_noted"),
    "K11": [
        ({"request.article3_screened": True, "request.extradition_intended": True, YEARS: 2}, "yes"),
        ({"request.article3_screened": True, "request.extradition_intended": True, YEARS: 1}, "no"),
        ({"request.article3_screened": False, "request.extradition_intended": True, YEARS: 2}, "no"),
        ({"request.article3_screened": True, "request.extradition_intended": False, YEARS: 2}, "no"),
        ({"request.article3_screened": True, YEARS: 2}, "unknown"),
    ],
    "K12": [({"request.no_contact": True}, "no"), ({"request.no_contact": False}, "yes")],
    "K14": [({"asset.contested": True}, "no"), ({"asset.contested": False}, "yes"), ({}, "unknown")],
    "K15": flag("request.second_approval"),
    "K17": flag("asset.coordinated"),
}  # fmt: skip


def conditions(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Id and condition of every rule and guard."""
    for instrument in catalogue.instruments.values():
        yield from ((rule.id, str(rule.when)) for rule in instrument.rules)
    for guard in catalogue.guards.values():
        yield guard.id, str(guard.require)
