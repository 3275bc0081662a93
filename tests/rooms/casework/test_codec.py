"""Dataclasses to JSON and back, exactly; what has no exact form is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any

import pytest

from recoup.casework.codec import codec_of, from_json, to_json
from recoup.complaints import Complaint, Method, Payment, Person
from recoup.evidence import Malformed
from recoup.ground import Asset, Instant, Money, Source, canonical_json


class Colour(StrEnum):
    RED = "red"


class Level(Enum):
    HIGH = 3


@dataclass(frozen=True)
class Inner:
    amount: int
    when: Instant | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    inner: tuple[Inner, ...]
    pair: tuple[int, str]
    by_name: Mapping[str, int]
    colour: Colour
    level: Level
    day: date
    share: Fraction
    data: bytes
    sure: bool = True
    nothing: None = None
    more: tuple[str, ...] = field(default=())


WHOLE = Outer(
    "ü\u2028\0",
    (Inner(2**256), Inner(-5, Instant.parse("2026-01-02T03:04:05.600Z")), Inner(0, Instant.parse("2026-01-02"))),
    (2**53, "b"),
    {"b": 2**53 - 1, "a": -(2**53)},
    Colour.RED,
    Level.HIGH,
    date(2026, 2, 28),
    Fraction(-1, 3),
    b"\0\xff",
)


def test_what_was_written_is_read() -> None:
    assert from_json(Outer, json.loads(canonical_json(to_json(WHOLE)))) == WHOLE


def test_integers_are_text_from_where_json_readers_lose_them() -> None:
    written = to_json(WHOLE)
    assert written["inner"][0]["amount"] == str(2**256)
    assert written["pair"][0] == str(2**53)
    assert written["by_name"] == {"b": 2**53 - 1, "a": str(-(2**53))}


def test_a_complaint_goes_there_and_back() -> None:
    paid = Payment(Instant.parse("2026-01-02"), Money(12_345, Asset("EUR")), "123,45 €", Method.BANK, "DE00", "r", 3)
    complaint = Complaint("c-1", Person("Maria"), Instant.parse("2026-01-03T00:00:00Z"), payments=(paid,))
    assert from_json(Complaint, json.loads(canonical_json(to_json(complaint)))) == complaint
    assert from_json(Complaint, to_json(Complaint("c-2", source=Source("a", "b")))).source == Source("a", "b")


def test_a_field_that_is_new_takes_its_default() -> None:
    old = to_json(WHOLE)
    del old["more"], old["sure"]
    assert from_json(Outer, old) == WHOLE


@dataclass(frozen=True)
class Floating:
    value: float


@dataclass(frozen=True)
class Either:
    value: int | str


@dataclass(frozen=True)
class Loose:
    value: Any


@dataclass(frozen=True)
class Listed:
    value: list[int]


@pytest.mark.parametrize("value", [Floating(1.5), Either(1), Loose(1), Listed([1]), 1.5, {"a": 1}, object()])
def test_a_type_without_an_exact_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"no exact form|would not say which"):
        to_json(value)


@pytest.mark.parametrize(
    "value",
    [Inner(1.0), Inner(True), Inner("1"), Inner(1, "2026-01-02")],  # type: ignore[arg-type]
)
def test_a_field_that_holds_another_type_is_refused(value: Inner) -> None:
    with pytest.raises(TypeError, match="is due"):
        to_json(value)


GOOD = {"amount": 1, "when": None}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"when": None},
        {**GOOD, "more": 1},
        {**GOOD, "amount": 1.0},
        {**GOOD, "amount": True},
        {**GOOD, "amount": "1"},
        {**GOOD, "amount": f"0{2**60}"},
        {**GOOD, "amount": f" {2**60}"},
        {**GOOD, "amount": "9" * 401},
        {**GOOD, "amount": "x"},
        {**GOOD, "amount": None},
        {**GOOD, "when": "yesterday"},
        {**GOOD, "when": 5},
        [],
        None,
        "x",
    ],
)
def test_json_of_another_shape_is_malformed(value: object) -> None:
    with pytest.raises(Malformed, match="not a Inner"):
        from_json(Inner, value)


def test_an_integer_has_a_limit_of_digits() -> None:
    longest = int("9" * 400)
    assert from_json(Inner, {"amount": "9" * 400}).amount == longest


@pytest.mark.parametrize("name", ["colour", "level", "day", "share", "data", "pair", "by_name", "inner"])
def test_a_wrong_value_of_each_kind_is_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        from_json(Outer, {**to_json(WHOLE), name: "…"})


def test_a_dataclass_that_refuses_its_values_is_malformed() -> None:
    with pytest.raises(Malformed, match="a complaint needs an id"):
        from_json(Complaint, {"id": ""})


def test_codecs_are_made_once() -> None:
    assert codec_of(Outer) is codec_of(Outer)
