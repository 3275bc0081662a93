"""The question from its JSON. Every fault is named by its place (`/assets/0/situs`), with how to mend it."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, NoReturn

from recoup.ground import Defects, Instant, Refused
from recoup.law.asset_json import asset_from
from recoup.law.authority import authority_type
from recoup.law.codes import Measure
from recoup.law.member import LIST_ITEMS_MAX, At, shown
from recoup.law.order_json import order_from
from recoup.law.question import AssetAsked, Conduct, Material, Question
from recoup.law.vocabulary import EVIDENCE_LEVELS, slug

REQUEST_BYTES_MAX = 20_000_000
ASSETS_MAX = 20_000
PENALTY_YEARS_MAX = 1_000


def read_question(text: str | bytes, file: str = "request", as_of: date | None = None) -> Question:
    """The question of a JSON text (`as_of` given here goes before the request's own); Refused with every defect."""
    size = len(text.encode(errors="surrogatepass")) if isinstance(text, str) else len(text)
    if size > REQUEST_BYTES_MAX:
        _refuse(file, 0, f"{size} bytes are more than {REQUEST_BYTES_MAX}", "Split the request")
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_twice)
    except json.JSONDecodeError as error:
        _refuse(file, error.lineno, f"not JSON: {error.msg} at column {error.colno}", "Mend the JSON at this place")
    except (ValueError, RecursionError) as error:
        _refuse(file, 0, f"not a JSON request: {str(error)[:200] or 'nested too deeply'}", "Mend the JSON")
    if not isinstance(data, dict):
        _refuse(file, 1, f"{shown(data)} is not a request", "Give one JSON object; see docs/reference/route.md")
    defects = Defects()
    question = _question(At(data, "", file, defects), as_of)
    if len(defects) or question is None:
        raise Refused(*defects)
    return question


def _question(at: At, as_of: date | None) -> Question | None:
    day = as_of or _day(at)
    requesting = at.inner("requesting")
    state, authority = requesting.state("state", required=True), requesting.text("authority")
    measure = at.choice("measure", [one.value for one in Measure], required=True)
    evidence = at.choice("evidence", EVIDENCE_LEVELS, required=False)
    conduct = at.inner("conduct")
    question_parts = (
        Conduct(
            labels=conduct.texts("labels"),
            elements=conduct.texts("elements"),
            max_penalty_years=conduct.whole("max_penalty_years", PENALTY_YEARS_MAX),
            organised_group=conduct.flag("organised_group"),
            transnational=conduct.flag("transnational"),
        ),
        tuple(filter(None, map(order_from, at.rows("orders", LIST_ITEMS_MAX)))),
        tuple(map(_material, at.rows("materials", LIST_ITEMS_MAX))),
        tuple(map(asset_from, at.rows("assets", ASSETS_MAX))),
    )
    contents, rules = _codes(at, "contents", r"F(0[1-9]|[12]\d|30)"), _codes(at, "model_rules", r"MR([1-9]|1[0-3])")
    urgency, constraints = at.texts("urgency"), at.texts("constraints")
    _check_assets(at, question_parts[3])
    if day is None or state is None or measure is None:
        return None
    return Question(
        as_of=day,
        state=state,
        authority=authority or "",
        sender=authority_type(authority) if authority else None,
        measure=Measure(measure),
        conduct=question_parts[0],
        evidence_level=EVIDENCE_LEVELS[evidence] if evidence else None,
        evidence=evidence,
        orders=question_parts[1],
        urgency=tuple(map(slug, urgency)),
        constraints=frozenset(map(slug, constraints)),
        materials=question_parts[2],
        contents=contents,
        model_rules=rules,
        assets=question_parts[3],
    )


def _day(at: At) -> date | None:
    text = at.text("as_of")
    if text is None:
        at.wrong("as_of", "is missing", "Give the date of decision here or with --as-of, as 2026-11-21")
        return None
    try:
        return Instant.parse(text).start.date()
    except ValueError:
        at.wrong("as_of", f"{shown(text)} is not a date", "Write it as 2026-11-21")
        return None


def _codes(at: At, key: str, pattern: str) -> frozenset[str]:
    found = at.texts(key)
    for number, code in enumerate(found):
        if not re.fullmatch(pattern, code):
            at.wrong(f"{key}/{number}", f"{shown(code)} is not a code", "See docs/reference/catalogue.md")
    return frozenset(found)


def _material(at: At) -> Material:
    return Material(at.text("id", required=True) or "", at.text("origin"), at.flag("consent"))


def _check_assets(at: At, assets: tuple[AssetAsked, ...]) -> None:
    if not assets:
        at.wrong("assets", "no asset is named", "Name at least one asset")
    seen: set[str] = set()
    for number, asset in enumerate(assets):
        if asset.id in seen and asset.id:
            at.wrong(f"assets/{number}/id", f"{shown(asset.id)} is used twice", "Give each asset its own id")
        seen.add(asset.id)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError(f"a key is used twice in one object: {shown(sorted(key for key, _ in pairs))}")
    return row


def _refuse(file: str, line: int, what: str, mend: str) -> NoReturn:
    defects = Defects()
    defects.add(file, line, what, mend)
    raise Refused(*defects)
