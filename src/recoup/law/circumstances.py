"""The facts of one question: of the request, the conduct, the orders, the asset, the two States."""

from __future__ import annotations

import re

from recoup.ground import Answer
from recoup.law.codes import AuthorityType, Measure
from recoup.law.facts import Value
from recoup.law.question import AssetAsked, Order, Question
from recoup.law.situs import token_issuer
from recoup.law.standing import Parties
from recoup.law.vocabulary import offence_of

Values = dict[str, Value]

_FINANCIAL_FAMILIES = frozenset({"bank", "psp", "vasp", "securities", "insurance"})
_FINANCIAL_KINDS = ("bank", "exchange", "vasp", "psp", "payment", "broker", "custodian", "insurer", "e-money", "casp")
_ONLINE_KINDS = ("host", "registrar", "registry", "provider", "messenger", "email", "cdn")
_CRIMINAL_SENDERS = frozenset(
    {AuthorityType.PROSECUTOR, AuthorityType.COURT, AuthorityType.POLICE, AuthorityType.CENTRAL, AuthorityType.ARO}
)
_OTHER_SENDERS = frozenset({AuthorityType.REGULATOR, AuthorityType.CIVIL})
_CONTESTED = frozenset({"third-party-claim", "contested", "appeal-open", "stay"})
_FROZEN_ELSEWHERE = frozenset({"frozen-elsewhere", "parallel-freeze", "live-freeze"})
_NO_CONTACT = frozenset({"confidential", "no-tip-off", "no-contact", "covert"})
_RIGHTS_RISK = frozenset({"rights-risk", "human-rights-risk", "death-penalty-risk"})
_CIVIL_CLAIM = frozenset({"civil-claim", "civil-track", "civil"})
# Every word that decides something; a plan warns of any other, so that a slip of the pen is seen.
FLAGS = _CONTESTED | _FROZEN_ELSEWHERE | {"coordinated", "sharing-agreed"}
CONSTRAINTS = _NO_CONTACT | _RIGHTS_RISK | _CIVIL_CLAIM | {
    "political", "article-3-screened", "article-3-failed", "extradition-intended", "no-extradition", "translated",
    "proportionality-noted", "second-approval",
}  # fmt: skip
_FRESH = re.compile(r"\b72-?h|\b(?:recent-transfer|golden|wire-today)\b")
_TOO_LATE = re.compile(r"\b(?:not|no|more|older|over|longer|beyond|after|past|exceed\w*)\b")
_COMITY_STATES = frozenset({"GB"})  # recalled: gov.uk MLA guidelines; others must be asked


def shared_facts(question: Question) -> Values:
    """Facts that every asset of the question shares."""
    return {**_request_facts(question), **_conduct_facts(question), **_order_facts(question)}


def pair_facts(question: Question, requested: str | None, parties: Parties) -> Values:
    """Facts of the two States on the day. `requested` None leaves them unknown."""
    return {
        "requesting.state": question.state,
        "requested.state": requested,
        "requesting.eu": _is_member(question.state, question, parties),
        "requested.eu": _is_member(requested, question, parties) if requested else None,
        "requested.comity": True if requested in _COMITY_STATES else None,
        "abroad": None if requested is None else requested != question.state,
    }


def asset_facts(asset: AssetAsked) -> Values:
    """Facts of one asset, from its class, custody, token, holder and flags."""
    issuer, family = token_issuer(asset), (asset.kind.family if asset.kind else None)
    has_token = asset.token is not None
    freezable = issuer.can_freeze if issuer else None
    return {
        "asset.family": family,
        "asset.hosted": _is_hosted(asset),
        "asset.issuer": has_token if family == "token" or has_token else None if family is None else False,
        "asset.issuer_can_freeze": freezable if has_token or family in (None, "token") else False,
        "asset.issuer_needs_order": issuer.needs_order if issuer else None,
        "asset.contested": not asset.flags.isdisjoint(_CONTESTED),
        "asset.frozen_elsewhere": not asset.flags.isdisjoint(_FROZEN_ELSEWHERE),
        "asset.coordinated": "coordinated" in asset.flags,
        "asset.return_agreed": True if "sharing-agreed" in asset.flags else None,
        "holder.financial": _is_financial(asset, family),
        "holder.online_service": _is_online(asset, family),
    }


def _is_hosted(asset: AssetAsked) -> bool | None:
    if asset.kind is None or asset.hosted is not None:
        return asset.hosted
    return True if asset.kind.family == "vasp" else None if asset.kind.digital else False


def _is_member(state: str, question: Question, parties: Parties) -> bool | None:
    answer = parties.standing("EU_MEMBERS", state, question.as_of).answer
    return None if answer is Answer.UNKNOWN else answer is Answer.YES


def _request_facts(question: Question) -> Values:
    given = question.constraints
    return {
        "sender.type": question.sender.value if question.sender else None,
        "request.measure": question.measure.value,
        "request.urgent": bool(question.urgency),
        "request.recent_transfer": any(map(_is_fresh, question.urgency)),
        "request.no_contact": not given.isdisjoint(_NO_CONTACT),
        "request.rights_risk": not given.isdisjoint(_RIGHTS_RISK),
        "request.political": "political" in given,
        "request.article3_screened": _stated(given, "article-3-screened", "article-3-failed"),
        "request.extradition_intended": _stated(given, "extradition-intended", "no-extradition"),
        "request.civil_claim": not given.isdisjoint(_CIVIL_CLAIM) or question.sender is AuthorityType.CIVIL,
        "request.translated": True if "translated" in given or "F21" in question.contents else None,
        "request.proportionality_noted": True if "proportionality-noted" in given else None,
        "request.second_approval": True if "second-approval" in given else None,
        "evidence.level": question.evidence_level,
    }


def _is_fresh(ground: str) -> bool:
    """True where a ground of urgency says that the transfer is less than 72 hours old; `older than 72 h` does not."""
    return _FRESH.search(ground) is not None and _TOO_LATE.search(ground) is None


def _stated(given: frozenset[str], yes: str, no: str) -> bool | None:
    """What was stated; unknown where nothing was, or both were."""
    return None if (yes in given) == (no in given) else yes in given


def _conduct_facts(question: Question) -> Values:
    conduct = question.conduct
    offences = [offence_of(label) for label in conduct.labels]
    known = [offence for offence in offences if offence]
    settled = bool(offences) and None not in offences
    facts: Values = {
        "offence.max_penalty_years": conduct.max_penalty_years,
        "offence.organised_group": conduct.organised_group,
        "offence.transnational": conduct.transnational,
        "offence.elements_stated": bool(conduct.elements) or None,
    }
    for name in ("fraud", "laundering", "corruption", "computer", "drugs"):
        carried = any(name in offence.carries for offence in known)
        facts[f"offence.{name}"] = True if carried else False if settled else None
    facts["offence.fiscal_only"] = settled and all("fiscal" in offence.carries for offence in known)
    facts["offence.regulatory_only"] = settled and all("licensing" in offence.carries for offence in known)
    listed = {offence.listed_32 for offence in known}
    open_question = not settled or None in listed
    facts["offence.listed_32"] = True if True in listed else None if open_question else False
    return facts


def _order_facts(question: Question) -> Values:
    leading = question.leading_confiscation
    return {
        "order.freezing": bool(question.freezing_orders) or question.evidence == "restraint-order",
        "order.confiscation": leading is not None or question.evidence == "confiscation-order",
        "order.criminal": _is_criminal(question, question.freezing_orders),
        "order.final": leading.final if leading else None,
        "order.under_appeal": leading.under_appeal if leading else None,
        "order.conviction_based": leading.conviction_based if leading else None,
    }


def enforcement_facts(question: Question) -> Values:
    """`order.criminal` of the order to be enforced, in place of that of the freezing order."""
    return {"order.criminal": _is_criminal(question, question.confiscation_orders)}


def _is_criminal(question: Question, orders: tuple[Order, ...]) -> bool | None:
    if orders:
        return any(order.criminal for order in orders)
    if question.sender in _CRIMINAL_SENDERS:
        return True
    return False if question.sender in _OTHER_SENDERS else None


def _is_financial(asset: AssetAsked, family: str | None) -> bool | None:
    if family in _FINANCIAL_FAMILIES or asset.hosted:
        return True
    kind = asset.controller.kind
    if kind is not None:
        return any(word in kind.lower() for word in _FINANCIAL_KINDS)
    return None if family is None else False


def _is_online(asset: AssetAsked, family: str | None) -> bool | None:
    if family == "online":
        return True
    kind = asset.controller.kind
    if kind is not None and any(word in kind.lower() for word in _ONLINE_KINDS):
        return True
    return None if family is None else False


def fields_at_hand(question: Question, asset: AssetAsked, enforcing: bool) -> frozenset[str]:
    """Content fields F that the request already fills; everything else that a route asks for is missing."""
    orders = question.confiscation_orders if enforcing else question.freezing_orders
    leading = question.leading_confiscation
    filled = {
        "F01": bool(question.authority),
        "F05": bool(question.conduct.labels) and question.conduct.max_penalty_years is not None,
        "F06": question.measure in Measure,
        "F07": asset.holder.name is not None,
        "F08": True,
        "F10": asset.kind is not None and asset.value is not None and asset.situs is not None,
        "F11": any(order.certified for order in orders),
        "F12": enforcing and leading is not None and leading.final is True and leading.under_appeal is False,
        "F13": enforcing and asset.value is not None,
        "F15": bool(question.urgency),
        "F16": "confidential" in question.constraints,
        "F17": True,
        "F21": "translated" in question.constraints,
        "F24": bool(question.urgency),
    }
    return question.contents | {code for code, present in filled.items() if present}
