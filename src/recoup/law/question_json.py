"""The question from its JSON. Every fault is named by its place (`/assets/0/situs`), with how to mend it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from recoup.ground import Asset, Defects, Instant, Refused, amount_from_text
from recoup.law.codes import Measure
from recoup.law.question import AssetAsked, Conduct, Material, Order, Party, Question, Token, Value
from recoup.law.vocabulary import EVIDENCE_LEVELS, authority_type, class_of, slug

REQUEST_BYTES_MAX = 20_000_000
ASSETS_MAX = 20_000
LIST_ITEMS_MAX = 1_000
TEXT_CHARACTERS_MAX = 10_000
PENALTY_YEARS_MAX = 1_000
_STATE = re.compile(r"[A-Z]{2}")
_OTHER_CODES = {"UK": "GB", "EL": "GR"}
_CONFISCATES, _FREEZES = ("confisc", "forfeit"), ("freez", "restrain", "seiz", "preserv", "sequest", "attach")


@dataclass(frozen=True, slots=True)
class _At:
    """A JSON object and its place. Reading a member records what is wrong and goes on with a value that is unknown."""

    row: Mapping[str, Any]
    place: str
    file: str
    defects: Defects

    def wrong(self, key: str, what: str, mend: str) -> None:
        self.defects.add(self.file, 0, f"{self.place}/{key}: {what}", mend)

    def text(self, key: str, required: bool = False) -> str | None:
        value = self.row.get(key)
        if value is None or value == "":
            if required:
                self.wrong(key, "is missing", "Give it as text")
            return None
        if not isinstance(value, str) or len(value) > TEXT_CHARACTERS_MAX:
            self.wrong(key, f"{_shown(value)} is not text", f"Give text of at most {TEXT_CHARACTERS_MAX} characters")
            return None
        return value

    def flag(self, key: str) -> bool | None:
        value = self.row.get(key)
        if value is None or isinstance(value, bool):
            return value
        words = {"yes": True, "no": False, "unknown": None}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        self.wrong(key, f"{_shown(value)} is neither true nor false", "Use true, false or null (not known)")
        return None

    def whole(self, key: str, most: int) -> int | None:
        value = self.row.get(key)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= most:
            self.wrong(key, f"{_shown(value)} is not a whole number from 0 to {most}", "Round down, or use null")
            return None
        return value

    def state(self, key: str, required: bool = False) -> str | None:
        value = self.text(key, required)
        if value is None:
            return None
        if value in _OTHER_CODES or not _STATE.fullmatch(value):
            mend = f"Use {_OTHER_CODES.get(value, 'a code such as CY')} (ISO 3166-1 alpha-2, capitals)"
            self.wrong(key, f"{_shown(value)} is not a code of a State", mend)
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        items = self.items(key, LIST_ITEMS_MAX)
        for number, item in enumerate(items):
            if not isinstance(item, str) or len(item) > TEXT_CHARACTERS_MAX:
                self.wrong(f"{key}/{number}", f"{_shown(item)} is not text", "Give text")
        return tuple(item for item in items if isinstance(item, str))

    def items(self, key: str, most: int) -> list[Any]:
        value = self.row.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, f"{_shown(value)} is not a list", "Put it in [ ]")
            return []
        if len(value) > most:
            self.wrong(key, f"{len(value)} items are more than {most}", "Split the request")
        return value[:most]

    def inner(self, key: str) -> _At:
        """The object under a key; an empty one where it is missing or null."""
        value = self.row.get(key)
        if value is not None and not isinstance(value, dict):
            self.wrong(key, f"{_shown(value)} is not an object", "Put it in { }")
        return _At(value if isinstance(value, dict) else {}, f"{self.place}/{key}", self.file, self.defects)

    def rows(self, key: str, most: int) -> list[_At]:
        found = []
        for number, item in enumerate(self.items(key, most)):
            if isinstance(item, dict):
                found.append(_At(item, f"{self.place}/{key}/{number}", self.file, self.defects))
            else:
                self.wrong(f"{key}/{number}", f"{_shown(item)} is not an object", "Put it in { }")
        return found

    def choice(self, key: str, choices: Mapping[str, Any] | list[str], required: bool) -> str | None:
        value = self.text(key, required)
        if value is not None and value not in choices:
            self.wrong(key, f"{_shown(value)} is not known", f"Use one of: {', '.join(choices)}")
            return None
        return value


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
        _refuse(file, 1, f"{_shown(data)} is not a request", "Give one JSON object; see docs/reference/route.md")
    defects = Defects()
    question = _question(_At(data, "", file, defects), as_of)
    if len(defects) or question is None:
        raise Refused(*defects)
    return question


def _question(at: _At, as_of: date | None) -> Question | None:
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
        tuple(filter(None, map(_order, at.rows("orders", LIST_ITEMS_MAX)))),
        tuple(map(_material, at.rows("materials", LIST_ITEMS_MAX))),
        tuple(map(_asset, at.rows("assets", ASSETS_MAX))),
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


def _day(at: _At) -> date | None:
    text = at.text("as_of")
    if text is None:
        at.wrong("as_of", "is missing", "Give the date of decision here or with --as-of, as 2026-11-21")
        return None
    try:
        return Instant.parse(text).start.date()
    except ValueError:
        at.wrong("as_of", f"{_shown(text)} is not a date", "Write it as 2026-11-21")
        return None


def _codes(at: _At, key: str, pattern: str) -> frozenset[str]:
    found = at.texts(key)
    for number, code in enumerate(found):
        if not re.fullmatch(pattern, code):
            at.wrong(f"{key}/{number}", f"{_shown(code)} is not a code", "See docs/reference/catalogue.md")
    return frozenset(found)


def _order(at: _At) -> Order | None:
    kind = slug(at.text("kind", required=True) or "")
    confiscation = any(word in kind for word in _CONFISCATES)
    if kind and not confiscation and not any(word in kind for word in _FREEZES):
        at.wrong("kind", f"{_shown(kind)} is no kind of order", "Use freezing, restraint, confiscation or forfeiture")
        return None
    final, appeal = at.flag("final"), at.flag("under_appeal")
    return Order(
        id=at.text("id", required=True) or "",
        confiscation=confiscation,
        criminal=not ("civil" in kind.split("-") or "administrative" in kind) or "non-conviction" in kind,
        state=at.state("state"),
        final=final,
        under_appeal=False if appeal is None and final else appeal,
        certified=at.flag("certified"),
        conviction_based=at.flag("conviction_based"),
    )


def _material(at: _At) -> Material:
    return Material(at.text("id", required=True) or "", at.text("origin"), at.flag("consent"))


def _party(at: _At) -> Party:
    return Party(at.text("name"), at.text("kind"), at.state("state"))


def _asset(at: _At) -> AssetAsked:
    class_text = at.text("class", required=True) or ""
    custody = at.choice("custody", ["hosted", "unhosted"], required=False)
    token, value = at.inner("token"), at.inner("value")
    symbol = token.text("symbol", required=bool(token.row))
    return AssetAsked(
        id=at.text("id", required=True) or "",
        kind=class_of(class_text),
        class_text=class_text,
        situs=at.state("situs"),
        holder=_party(at.inner("holder")),
        controller=_party(at.inner("controller")),
        hosted=None if custody is None else custody == "hosted",
        token=Token(symbol, token.text("issuer")) if symbol else None,
        value=_value(value) if value.row else None,
        flags=frozenset(map(slug, at.texts("flags"))),
    )


def _value(at: _At) -> Value | None:
    amount, asset = at.row.get("amount"), at.text("asset", required=True)
    if amount is None:
        return None
    try:
        if isinstance(amount, bool | float) or not isinstance(amount, int | str):
            raise ValueError(f"{_shown(amount)} is not a whole number of the smallest unit")
        return Value(amount_from_text(str(amount)), Asset(asset or "?").code)
    except ValueError as error:
        at.wrong("amount", str(error), "Give a whole number of the smallest unit as text, and an asset such as EUR")
        return None


def _check_assets(at: _At, assets: tuple[AssetAsked, ...]) -> None:
    if not assets:
        at.wrong("assets", "no asset is named", "Name at least one asset")
    seen: set[str] = set()
    for number, asset in enumerate(assets):
        if asset.id in seen and asset.id:
            at.wrong(f"assets/{number}/id", f"{_shown(asset.id)} is used twice", "Give each asset its own id")
        seen.add(asset.id)


def _shown(value: object) -> str:
    return ascii(value)[:60]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError(f"a key is used twice in one object: {_shown(sorted(key for key, _ in pairs))}")
    return row


def _refuse(file: str, line: int, what: str, mend: str) -> NoReturn:
    defects = Defects()
    defects.add(file, line, what, mend)
    raise Refused(*defects)
