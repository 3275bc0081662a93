"""Beneficial Ownership Data Standard 0.4: statements as at a date.

A statement is a claim at a time by a source; the last one on a record that was made by the date counts. An indirect
interest whose hops are given as components is counted once: by its hops where they state shares, else as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from recoup.ground import Defect, Defects, Refused
from recoup.network.ownership import Band, Finding, Holding, Interest, Nature, Party, Register

STATEMENTS_MAX = 2_000_000

INTERESTS: Mapping[str, Interest] = {
    "shareholding": Interest.SHARES,
    "votingRights": Interest.VOTES,
    "rightsToProfitOrIncome": Interest.PROFIT,
    "rightsToSurplusAssetsOnDissolution": Interest.PROFIT,
    "rightToProfitOrIncomeFromAssets": Interest.PROFIT,
    "appointmentOfBoard": Interest.BOARD,
    "controlViaCompanyRulesOrArticles": Interest.CONTROL,
    "controlByLegalFramework": Interest.CONTROL,
    "otherInfluenceOrControl": Interest.INFLUENCE,
    "rightsGrantedByContract": Interest.INFLUENCE,
    "conditionalRightsGrantedByContract": Interest.INFLUENCE,
    "settlor": Interest.ROLE,
    "trustee": Interest.ROLE,
    "protector": Interest.ROLE,
    "beneficiaryOfLegalArrangement": Interest.ROLE,
    "nominee": Interest.NOMINEE,
    "nominator": Interest.NOMINATOR,
    "seniorManagingOfficial": Interest.MANAGER,
    "unknownInterest": Interest.UNKNOWN,
    "unpublishedInterest": Interest.UNKNOWN,
}
_IGNORED = frozenset({"boardMember", "boardChair", "enjoymentAndUseOfAssets"})

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Bods:
    """The register of a file as at a date, and other names of its parties (identifiers, statement ids)."""

    register: Register
    aliases: Mapping[str, str]

    def party(self, name: str) -> str:
        """The record id for a record id, identifier (`scheme-id`, `id`) or statement id; KeyError where unknown."""
        return name if name in self.register.parties else self.aliases[name]


def read_bods(paths: Iterable[Path], defects: Defects, as_at: date | None = None) -> Bods:
    """Statements of JSON arrays or JSON lines; a statement that cannot be read is a defect. `as_at` None: the last."""
    latest: dict[str, Json] = {}
    for path in paths:
        for place, statement in _statements(path, defects):
            record = statement.get("recordId")
            made = str(statement.get("statementDate") or "")
            if not isinstance(record, str) or not isinstance(statement.get("recordDetails"), dict):
                defects.add(str(path), place, "statement rejected: no recordId or recordDetails", "See BODS 0.4")
            elif (as_at is None or made[:10] <= as_at.isoformat()) and made >= _made(latest.get(record)):
                latest[record] = {**statement, "_place": (str(path), place)}
    return _assembled({k: s for k, s in latest.items() if s.get("recordStatus") != "closed"}, defects, as_at)


def _made(statement: Json | None) -> str:
    return str(statement.get("statementDate") or "") if statement else ""


def _statements(path: Path, defects: Defects) -> Iterator[tuple[int, Json]]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", "Check the name")) from None
    except UnicodeDecodeError:
        raise Refused(Defect(str(path), 0, "is not UTF-8 text", "Convert it to UTF-8")) from None
    if text.lstrip().startswith("["):
        yield from _array(path, text, defects)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                item = json.loads(line, parse_float=str)
            except (ValueError, RecursionError) as error:
                defects.add(str(path), number, f"line rejected: not JSON: {str(error)[:80]}", "One statement per line")
                continue
            yield from _object(path, number, item, defects)


def _array(path: Path, text: str, defects: Defects) -> Iterator[tuple[int, Json]]:
    try:
        items = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise Refused(Defect(str(path), 0, f"is not JSON: {str(error)[:80]}", "Mend the file")) from None
    for number, item in enumerate(items, start=1):
        yield from _object(path, number, item, defects)


def _object(path: Path, place: int, item: object, defects: Defects) -> Iterator[tuple[int, Json]]:
    if isinstance(item, dict):
        yield place, item
    else:
        defects.add(str(path), place, "statement rejected: it is not an object", "See BODS 0.4")


def _assembled(latest: Mapping[str, Json], defects: Defects, as_at: date | None) -> Bods:
    parties: dict[str, Party] = {}
    aliases: dict[str, str] = {}
    findings: list[Finding] = []
    for record, statement in latest.items():
        if statement.get("recordType") in ("person", "entity"):
            parties[record] = _party(record, statement, findings)
            for alias in _aliases(statement):
                aliases.setdefault(alias, record)
    relationships = {k: s for k, s in latest.items() if s.get("recordType") == "relationship"}
    dropped = _dropped(relationships, findings)
    holdings: list[Holding] = []
    for record, statement in relationships.items():
        if record not in dropped:
            holdings += _holdings(statement, parties, findings, defects, as_at)
    for holding in holdings:
        for party in (holding.holder, holding.subject):
            if party and party not in parties:
                parties[party] = Party(party, "", Nature.ENTITY)
                findings.append(Finding("party-not-described", (holding.statement,), party))
    return Bods(Register(parties, tuple(holdings), tuple(findings)), aliases)


def _party(record: str, statement: Json, findings: list[Finding]) -> Party:
    details = _table(statement.get("recordDetails"))
    said = (str(statement.get("statementId", record)),)
    if statement.get("recordType") == "person":
        names = details.get("names")
        first = next((_table(each) for each in names if isinstance(each, dict)), {}) if isinstance(names, list) else {}
        if details.get("personType") in ("unknownPerson", "anonymousPerson"):
            findings.append(Finding("unnamed-person", said, record))
        return Party(record, str(first.get("fullName") or ""), Nature.PERSON)
    kind = str(_table(details.get("entityType")).get("type") or "")
    if kind in ("unknownEntity", "anonymousEntity"):
        findings.append(Finding("unnamed-entity", said, record))
    natures = {"arrangement": Nature.ARRANGEMENT, "state": Nature.STATE, "stateBody": Nature.STATE}
    return Party(record, str(details.get("name") or ""), natures.get(kind, Nature.ENTITY))


def _aliases(statement: Json) -> Iterator[str]:
    yield str(statement.get("statementId", ""))
    identifiers = _table(statement.get("recordDetails")).get("identifiers")
    for each in identifiers if isinstance(identifiers, list) else []:
        table = _table(each)
        if table.get("id"):
            yield str(table["id"])
            yield f"{table.get('scheme', '')}-{table['id']}"


def _dropped(relationships: Mapping[str, Json], findings: list[Finding]) -> set[str]:
    """Records that would count an indirect interest twice: the whole where its hops say enough, else its hops."""
    dropped: set[str] = set()
    for record, statement in relationships.items():
        components = _table(statement.get("recordDetails")).get("componentRecords")
        hops = [each for each in components if each in relationships] if isinstance(components, list) else []
        if hops:
            whole = all(_says_something(relationships[each]) for each in hops)
            dropped |= {record} if whole else set(hops)
            said = tuple(sorted(str(relationships[each].get("statementId", each)) for each in (record, *hops)))
            findings.append(Finding("component-counted-once", said, "hops" if whole else "whole"))
    return dropped


def _says_something(relationship: Json) -> bool:
    """Whether a hop states a share or a right that is not a share."""
    found = _table(relationship.get("recordDetails")).get("interests")
    for each in found if isinstance(found, list) else []:
        table = _table(each)
        kind = INTERESTS.get(str(table.get("type")))
        if _table(table.get("share")) or (kind and kind not in (Interest.SHARES, Interest.VOTES, Interest.PROFIT)):
            return True
    return False


def _holdings(
    statement: Json,
    parties: Mapping[str, Party],
    findings: list[Finding],
    defects: Defects,
    as_at: date | None,
) -> Iterator[Holding]:
    details, said = _table(statement.get("recordDetails")), str(statement.get("statementId", ""))
    subject, holder = details.get("subject"), details.get("interestedParty")
    if not isinstance(subject, str):
        findings.append(Finding("subject-not-named", (said,), str(_table(subject).get("reason", ""))))
        return
    reason = str(_table(holder).get("reason", "unknown")) if not isinstance(holder, str) else ""
    interests = details.get("interests")
    current = [each for each in interests if _current(_table(each), as_at)] if isinstance(interests, list) else []
    if reason == "noBeneficialOwners":
        findings.append(Finding("no-beneficial-owners-declared", (said,), subject))
        return
    if not interests:
        yield Holding(said, holder if isinstance(holder, str) else "", subject, Interest.UNKNOWN, reason=reason)
    for each in current:
        table = _table(each)
        code = str(table.get("type") or "")
        if code in _IGNORED:
            continue
        kind = INTERESTS.get(code, Interest.UNKNOWN)
        try:
            band = _band(_table(table.get("share")))
        except ValueError as error:
            file, place = _placed(statement)
            defects.add(file, place, f"share left unknown: {error}", "Write percentages from 0 to 100")
            band = _band({})
        yield Holding(said, holder if isinstance(holder, str) else "", subject, kind, band, reason)


def _placed(statement: Json) -> tuple[str, int]:
    place = statement.get("_place")
    return (str(place[0]), int(place[1])) if isinstance(place, tuple) else ("", 0)


def _current(interest: Json, as_at: date | None) -> bool:
    start, end = str(interest.get("startDate") or "")[:10], str(interest.get("endDate") or "")[:10]
    if as_at is None:
        return not end
    day = as_at.isoformat()
    return (not start or start <= day) and (not end or day < end)


def _band(share: Json) -> Band:
    """Percentages as exact fractions; nothing stated is anything above nothing."""
    if share.get("exact") is not None:
        exact = _percent(share["exact"])
        return Band(exact, exact)
    low, low_open = _bound(share, "minimum", "exclusiveMinimum", Fraction(0))
    high, high_open = _bound(share, "maximum", "exclusiveMaximum", Fraction(1))
    return Band(low, high, low_open, high_open)


def _bound(share: Json, closed: str, opened: str, default: Fraction) -> tuple[Fraction, bool]:
    exclusive = share.get(opened)
    if exclusive is not None and not isinstance(exclusive, bool):
        return _percent(exclusive), True
    if share.get(closed) is not None:
        return _percent(share[closed]), exclusive is True
    return default, False


def _percent(value: object) -> Fraction:
    try:
        found = Fraction(str(value)) / 100
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{str(value)[:40]!r} is not a percentage") from None
    if isinstance(value, bool) or not 0 <= found <= 1:
        raise ValueError(f"{str(value)[:40]!r} is not between 0 and 100")
    return found


def _table(value: object) -> Json:
    return value if isinstance(value, dict) else {}
