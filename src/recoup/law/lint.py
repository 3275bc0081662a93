"""The linter of the catalogue: no statement without its source and mark, no code that nothing defines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from recoup.ground import Defect, Defects, Refused
from recoup.law.expression import parse
from recoup.law.load import built_in, instrument_from, read_yaml
from recoup.law.model import CodeBook

_ROOM = Path(__file__).parent
_SHAPE = "Give it the shape of catalogue/schema.json (docs/reference/catalogue.md)"
_Yaml = Mapping[str, Any]


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    """The JSON Schema of an instrument file."""
    return Draft202012Validator(json.loads((_ROOM / "catalogue" / "schema.json").read_text(encoding="utf-8")))


def lint(files: Iterable[Path]) -> Defects:
    """Everything wrong with these instrument files, file by file; empty when they can be trusted to load.

    Checks: the JSON Schema; every statement has a source, `as_of`, a verify mark and `review_by`; codes F, G, C and
    instruments named by `over` exist; rule ids are unique and begin with the instrument; routes named by rules exist;
    conditions parse; every route states contents; ids are used once; nothing pre-empts itself.
    """
    defects, loaded = Defects(), {}
    for path in files:
        try:
            refuse_aliases(path)
            loaded[path.name] = read_yaml(path)
        except Refused as refusal:
            defects.found.extend(refusal.defects)
    defects.found.extend(_used_twice(loaded))
    known = {data.get("id") for data in loaded.values()} | set(built_in().instruments)
    for name, data in loaded.items():
        shape = list(_shape_defects(name, data))
        found = shape or list(_statement_defects(name, data, known, built_in().codes))
        defects.found.extend(found or _loading_defects(name, data))
    return defects


def _used_twice(loaded: Mapping[str, _Yaml]) -> Iterator[Defect]:
    first: dict[str, str] = {}
    for name, data in loaded.items():
        other = first.setdefault(str(data.get("id")), name)
        if other != name:
            yield Defect(name, 0, f"the id {data.get('id')} is that of {other} too", "Give each instrument its own id")


def _loading_defects(name: str, data: _Yaml) -> Iterator[Defect]:
    """What only building the instrument shows: days that are no days, P50 above P90."""
    try:
        instrument_from(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield Defect(name, 0, f"not an instrument: {str(error)[:200]}", _SHAPE)


def refuse_aliases(path: Path) -> None:
    """Refused for a YAML file with aliases: a few lines of them can stand for any amount of data."""
    try:
        for event in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 0
                raise Refused(Defect(path.name, line, "an alias", "Write the value itself"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return  # the reader says what is wrong


def _shape_defects(name: str, data: _Yaml) -> Iterator[Defect]:
    for error in sorted(validator().iter_errors(_plain(data)), key=lambda error: [str(part) for part in error.path]):
        yield Defect(name, 0, f"{error.json_path}: {error.message[:200]}", _SHAPE)


def _plain(value: Any) -> Any:
    """Dates as text, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _statement_defects(name: str, data: _Yaml, known: set[Any], codes: CodeBook) -> Iterator[Defect]:
    routes = {route["id"] for route in data["routes"]}
    for noun in ("rule", "route"):
        for number, count in Counter(row["id"] for row in data[f"{noun}s"]).items():
            if count > 1:
                yield Defect(name, 0, f"{noun} id {number} is used {count} times", f"Give each {noun} its own id")
    for mark in [data["mark"], *(route["mark"] for route in data["routes"])]:
        yield from _source_defects(name, "mark", mark, data["sources"])
    for rule in data["rules"]:
        yield from _source_defects(name, rule["id"], rule, data["sources"])
        yield from _rule_defects(name, data["id"], rule, routes, known, codes)
    for route in sorted(routes - _covered(data)):
        yield Defect(name, 0, f"route {route} has no contents", "Add a content rule that bears on it")


def _covered(data: _Yaml) -> set[str]:
    """Routes for which a content rule says what a request must hold."""
    every = {route["id"] for route in data["routes"]}
    content = [rule for rule in data["rules"] if rule["kind"] == "content"]
    return {route for rule in content for route in rule.get("routes", every)}


def _source_defects(name: str, where: str, row: _Yaml, sources: _Yaml) -> Iterator[Defect]:
    if row["source"] not in sources:
        yield Defect(name, 0, f"{where}: no source is called {row['source']!r}", "Name one of `sources`")
        return
    source = sources[row["source"]]
    as_of, review = (_iso(row.get(key, source[key])) for key in ("as_of", "review_by"))
    if review <= as_of:
        yield Defect(name, 0, f"{where}: review by {review} is not after {as_of}", "Set a later date of review")


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _rule_defects(
    name: str, instrument: str, rule: _Yaml, routes: set[str], known: set[Any], codes: CodeBook
) -> Iterator[Defect]:
    where = rule["id"]
    if not where.startswith(f"{instrument}."):
        yield Defect(name, 0, f"rule {where} does not begin with {instrument}.", "Begin it with the instrument's id")
    try:
        parse(rule.get("when", "true"))
    except ValueError as error:
        yield Defect(name, 0, f"{where}: {error}", "Write a condition of the language in docs/reference/catalogue.md")
    if instrument in rule.get("over", ()):
        yield Defect(name, 0, f"{where}: {instrument} pre-empts itself", "Name other instruments")
    named = [
        ("route", set(rule.get("routes", ())), routes),
        ("content field", set(rule.get("fields", ())), set(codes.fields)),
        ("clock", set(rule.get("clocks", ())), set(codes.clocks)),
        ("ground", {rule["ground"]} if "ground" in rule else set(), set(codes.grounds)),
        ("instrument", set(rule.get("over", ())), known),
    ]
    for noun, used, defined in named:
        for code in sorted(used - defined):
            yield Defect(name, 0, f"{where}: no {noun} is called {code}", f"Name a {noun} that exists")
