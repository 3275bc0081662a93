"""A plan as it is written, checked against its schema and sealed."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from importlib.resources import files
from typing import Any

from recoup.ground import Defects, Refused, canonical_json, sha256_hex
from recoup.restitution.reading import Inexact, Node, load_json, load_toml
from recoup.restitution.sharing.catalogue import SHAPES, UnknownRule, rule_named
from recoup.restitution.sharing.setting import BOOK_FIELDS, SHAPE_FIELDS

# Known only when a run is made: how much there is, never how it is shared.
RUN_PARAMETERS = ("costs",)
EXACT_MAX = 2**53 - 1


@dataclass(frozen=True)
class Plan:
    """A checked plan. `data` holds text, integers, booleans, lists and objects only; large integers as text."""

    data: Mapping[str, Any]
    file: str = ""

    @cached_property
    def seal(self) -> str:
        """SHA-256 of the canonical JSON (RFC 8785) of the plan: the same for TOML and JSON, changed by any change."""
        return sha256_hex(canonical_json(self.data))

    @property
    def id(self) -> str:
        return str(self.data["plan"]["id"])

    @property
    def version(self) -> int:
        return int(self.data["plan"]["version"])

    @property
    def drafted_by(self) -> str:
        return str(self.data["plan"]["drafted_by"])

    @property
    def previous(self) -> str:
        return str(self.data["plan"].get("previous", ""))

    @property
    def rule(self) -> str:
        return rule_named(str(self.data["sharing"]["rule"]))

    @property
    def currency(self) -> str:
        return str(self.data["loss"]["currency"])

    @property
    def cost_cap(self) -> Fraction:
        """The share of all recoveries that costs may take; 0 where the plan names none."""
        text = self.data.get("costs", {}).get("cap")
        return Node(text, "/costs/cap", self.file, Defects()).ratio() if text else Fraction(0)

    @property
    def approvals_needed(self) -> int:
        return int(self.data.get("approvals", {}).get("needed", 2))

    def days(self, window: str) -> int:
        """The length of a window: comment, cure, reconsideration or appeal."""
        return int(self.data["windows"][f"{window}_days"])

    def parameters(self, defects: Defects) -> Node:
        """The sharing parameters with the plan's surplus rule, ready for a `Setting`."""
        given = dict(self.data["sharing"].get("parameters", {}))
        surplus = self.data["surplus"]["rule"]
        if self.rule not in SHAPES or surplus != "interest":
            given.setdefault("surplus", surplus)
        return Node(given, "/sharing/parameters", self.file, defects)


def read_plan(text: str, file: str) -> Plan:
    """From TOML (name ends in .toml) or JSON; every fault with its place in the Refused it raises."""
    defects = Defects()
    root = load_toml(text, file, defects) if file.endswith(".toml") else load_json(text, file, defects)
    data = _plain(root)
    if not len(defects):
        for error in _schema_errors(data):
            where = "".join(f"/{part}" for part in error.absolute_path)
            Node(None, where, file, defects).fault(error.message[:300], _mend(error))
    if not len(defects):
        _check(Plan(data, file), defects)
    if len(defects):
        raise Refused(*defects)
    return Plan(data, file)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a plan."""
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath("plan.schema.json").read_text("utf-8"))
    return loaded


def _schema_errors(data: object) -> list[Any]:
    validators: Any = importlib.import_module("jsonschema.validators")
    found = validators.Draft202012Validator(schema()).iter_errors(data)
    return sorted(found, key=lambda error: [str(part) for part in error.absolute_path])


def _mend(error: Any) -> str:
    if error.validator == "enum":
        return "Write one of: " + ", ".join(map(str, error.validator_value))
    if error.validator == "additionalProperties":
        return "Known here: " + ", ".join(error.schema["properties"])
    return "See docs/reference/plan-file.md"


def _plain(node: Node) -> Any:
    """The document as plain data; inexact numbers and dates that are not text become faults."""
    value = node.value
    if isinstance(value, dict):
        return {name: _plain(child) for name, child in node.pairs()}
    if isinstance(value, list):
        return [_plain(child) for child in node.items(100_000)]
    if isinstance(value, Inexact) or (type(value) is int and abs(value) > EXACT_MAX):
        node.fault(
            "the number is not exact in every reader", 'Write large amounts as digits in text, fractions as "1/3"'
        )
    elif not isinstance(value, str | int | bool):
        node.fault(f"{type(value).__name__} is not allowed here", 'Write dates as text: "2026-01-31"')
    return value


def _check(plan: Plan, defects: Defects) -> None:
    """What a schema cannot say."""
    at = Node(None, "/sharing/rule", plan.file, defects)
    try:
        rule_named(str(plan.data["sharing"]["rule"]))
    except UnknownRule as error:
        at.fault(str(error), "Name a rule of docs/reference/allocation.md")
        return
    for pointer in ("/costs/cap", "/tax/withholding"):
        _check_share(pointer, plan, defects)
    for pointer in ("/loss/valuation", "/windows/cut_off"):
        _check_date(pointer, plan, defects)
    known = tuple(name for name in (*BOOK_FIELDS, *SHAPE_FIELDS) if name not in RUN_PARAMETERS)
    plan.parameters(defects).members(known)
    if plan.version > 1 and not plan.previous:
        mend = "Give plan.previous: the seal of the version before"
        Node(None, "/plan/previous", plan.file, defects).fault("a later version names no previous one", mend)


def _at(pointer: str, plan: Plan, defects: Defects) -> Node:
    table, member = pointer[1:].split("/")
    return Node(plan.data.get(table, {}).get(member), pointer, plan.file, defects)


def _check_share(pointer: str, plan: Plan, defects: Defects) -> None:
    node = _at(pointer, plan, defects)
    if node.value is not None and node.ratio() > 1:
        node.fault(f"{node.value} is more than the whole", "Write a share of at most 100%")


def _check_date(pointer: str, plan: Plan, defects: Defects) -> None:
    node = _at(pointer, plan, defects)
    if node.value in (None, "date-of-loss"):
        return
    try:
        date.fromisoformat(str(node.value))
    except ValueError:
        node.fault(f"{node.value!r:.60} is no day of the calendar", 'Write a date: "2026-01-31"')
