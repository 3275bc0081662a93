"""What the linter asks of statements: sources, codes, conditions, ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from recoup.ground import Defect
from recoup.law.condition import parse
from recoup.law.model import CodeBook
from recoup.law.yaml_file import Yaml


def statement_defects(name: str, data: Yaml, known: set[Any], codes: CodeBook) -> Iterator[Defect]:
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


def _covered(data: Yaml) -> set[str]:
    """Routes for which a content rule says what a request must hold."""
    every = {route["id"] for route in data["routes"]}
    content = [rule for rule in data["rules"] if rule["kind"] == "content"]
    return {route for rule in content for route in rule.get("routes", every)}


def _source_defects(name: str, where: str, row: Yaml, sources: Yaml) -> Iterator[Defect]:
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
    name: str, instrument: str, rule: Yaml, routes: set[str], known: set[Any], codes: CodeBook
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
