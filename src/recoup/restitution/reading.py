"""Reading a JSON or TOML document exactly: every fault has its place (RFC 6901 pointer) and a mend."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from recoup.ground import Defect, Defects, Refused
from recoup.ground.asset import AMOUNT_BITS_MAX

DOCUMENT_CHARACTERS_MAX = 1_000_000_000
TEXT_CHARACTERS_MAX = 20_000
SHARE = re.compile(r"(\d{1,78})(?:/(\d{1,78})|(\.\d{1,40})?(%)?)", re.ASCII)
DIGITS = re.compile(r"\d{1,78}", re.ASCII)

WHOLE = "Write a whole number of the smallest unit (cents, satoshi, wei), from 0 to 2**256 - 1"
RATIO = 'Write an exact fraction as text: "1/3", "12.5%" or "0.125"'


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number with a point or an exponent, as it was written."""

    text: str


class DuplicateKey(ValueError):
    """An object that names a key twice."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and its place. Readings that fail add a defect and return a harmless default."""

    value: object
    pointer: str
    file: str
    defects: Defects

    def fault(self, what: str, mend: str) -> None:
        self.defects.add(self.file, 0, f"at {self.pointer or '/'}: {what}", mend)

    def whole(self, default: int = 0) -> int:
        """An amount: an integer, or its decimal digits as text."""
        value = self.value
        if isinstance(value, str) and DIGITS.fullmatch(value):
            value = int(value)
        if type(value) is int and 0 <= value < 2**AMOUNT_BITS_MAX:
            return value
        self.fault(f"{_shown(value)} is not an amount", WHOLE)
        return default

    def ratio(self) -> Fraction:
        """An exact fraction >= 0 from text or an integer."""
        match = SHARE.fullmatch(self.value) if isinstance(self.value, str) else None
        if type(self.value) is int and 0 <= self.value < 2**AMOUNT_BITS_MAX:
            return Fraction(self.value)
        if match is None or (match[2] and int(match[2]) == 0):
            self.fault(f"{_shown(self.value)} is not an exact fraction", RATIO)
            return Fraction(1)
        if match[2]:
            return Fraction(int(match[1]), int(match[2]))
        return Fraction(match[1] + (match[3] or "")) / (100 if match[4] else 1)

    def text(self, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
        """Non-empty text of bounded length without control characters other than line ends."""
        value = self.value
        if isinstance(value, str) and 0 < len(value) <= characters_max and value.replace("\n", " ").isprintable():
            return value
        self.fault(f"{_shown(value)} is not text of 1 to {characters_max} printable characters", "Write text")
        return ""

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fault(f"{_shown(self.value)} is neither true nor false", "Write true or false")
        return self.value is True

    def items(self, count_max: int) -> list[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list) or len(self.value) > count_max:
            self.fault(f"is not a list of at most {count_max:,} elements", "Write a list: [ ... ]")
            return []
        return [self._at(place, value) for place, value in enumerate(self.value)]

    def pairs(self, count_max: int = 10_000) -> Iterator[tuple[str, Node]]:
        """The members of an object, in their order."""
        if not isinstance(self.value, dict) or len(self.value) > count_max:
            self.fault(f"is not an object of at most {count_max:,} members", "Write an object: { ... }")
            return iter(())
        return ((name, self._at(name, value)) for name, value in self.value.items())

    def members(self, allowed: tuple[str, ...]) -> dict[str, Node]:
        """The members of an object; a name that is not `allowed` is a defect, so that no misspelling is lost."""
        found = dict(self.pairs())
        for name in [name for name in found if name not in allowed]:
            close = difflib.get_close_matches(name, allowed, 1)
            mend = f"Did you mean {close[0]!r}?" if close else "Known here: " + ", ".join(allowed)
            found.pop(name).fault(f"unknown member {name[:60]!r}", mend)
        return found

    def _at(self, key: str | int, value: object) -> Node:
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        return Node(value, f"{self.pointer}/{escaped}", self.file, self.defects)


def load_json(text: str, file: str, defects: Defects) -> Node:
    """The document; text that is not JSON, or names a key twice, raises Refused with its line."""
    if len(text) > DOCUMENT_CHARACTERS_MAX:
        _refuse(file, 0, f"is longer than {DOCUMENT_CHARACTERS_MAX:,} characters", "Split it")
    try:
        value = json.loads(text, parse_float=Inexact, parse_constant=Inexact, object_pairs_hook=_once, parse_int=_int)
    except json.JSONDecodeError as error:
        _refuse(file, error.lineno, f"is not JSON: {error.msg}", "Mend it at this line")
    except DuplicateKey as error:
        _refuse(file, 0, str(error), "Name each key once")
    except RecursionError:
        _refuse(file, 0, "is nested too deeply", "Is this the right file?")
    return Node(value, "", file, defects)


def load_toml(text: str, file: str, defects: Defects) -> Node:
    """The document; text that is not TOML raises Refused."""
    try:
        value = tomllib.loads(text, parse_float=lambda text: Inexact(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _refuse(file, 0, f"is not TOML: {error}", "Mend it at this place")
    return Node(value, "", file, defects)


def one_of(node: Node, names: tuple[str, ...]) -> str:
    """One of the names; the first where the text is another."""
    if node.value in names:
        return str(node.value)
    node.fault(f"{_shown(node.value)} is not known here", "Write one of: " + ", ".join(names))
    return names[0]


def _refuse(file: str, line: int, what: str, mend: str) -> NoReturn:
    raise Refused(Defect(file, line, what, mend)) from None


def _int(text: str) -> object:
    return int(text) if len(text) <= 80 else Inexact(text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise DuplicateKey(f"names {next(name for name in names if names.count(name) > 1)[:60]!r} twice")
    return found


def _shown(value: object) -> str:
    if isinstance(value, Inexact):
        return f"{value.text[:40]} (a number with a point or exponent is not exact)"
    return f"{value!r:.60}"
