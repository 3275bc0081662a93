"""The facts of one question: of the request, the conduct, the orders, the asset, the two States."""

from __future__ import annotations

import re

from recoup.ground import Answer
from recoup.law.codes import AuthorityType
from recoup.law.facts import Values
from recoup.law.order_facts import order_facts
from recoup.law.question import Question
from recoup.law.standing import Parties
from recoup.law.vocabulary import offence_of

_NO_CONTACT = frozenset({"confidential", "no-tip-off", "no-contact", "covert"})
_RIGHTS_RISK = frozenset({"rights-risk", "human-rights-risk", "death-penalty-risk"})
_CIVIL_CLAIM = frozenset({"civil-claim", "civil-track", "civil"})
CONSTRAINTS = _NO_CONTACT | _RIGHTS_RISK | _CIVIL_CLAIM | {
    "political", "article-3-screened", "article-3-failed", "extradition-intended", "no-extradition", "translated",
    "proportionality-noted", "second-approval",
}  # fmt: skip
_FRESH = re.compile(r"\b72-?h|\b(?:recent-transfer|golden|wire-today)\b")
_TOO_LATE = re.compile(r"\b(?:not|no|more|older|over|longer|beyond|after|past|exceed\w*)\b")
_COMITY_STATES = frozenset({"GB"})  # recalled: gov.uk MLA guidelines; others must be asked


def shared_facts(question: Question) -> Values:
    """Facts that every asset of the question shares."""
    return {**_request_facts(question), **_conduct_facts(question), **order_facts(question)}


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
