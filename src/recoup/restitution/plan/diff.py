"""What changed between two versions of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recoup.restitution.plan.document import Plan

MISSING = "(absent)"
_NOTHING = object()  # no text of a plan is the same


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs: an RFC 6901 pointer, and the values as text (`MISSING` where there is none)."""

    pointer: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.before} -> {self.after}"


def diff(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Every changed value, in the order of the pointers; empty exactly where the seals are equal."""
    return tuple(sorted(_changes("", before.data, after.data), key=lambda change: change.pointer))


def _changes(pointer: str, before: Any, after: Any) -> Iterator[Change]:
    if type(before) is type(after) and isinstance(before, dict):
        for name in sorted(before.keys() | after.keys()):
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from _changes(f"{pointer}/{escaped}", before.get(name, _NOTHING), after.get(name, _NOTHING))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            old, new = (each[place] if place < len(each) else _NOTHING for each in (before, after))
            yield from _changes(f"{pointer}/{place}", old, new)
    elif type(before) is not type(after) or before != after:
        yield Change(pointer, _text(before), _text(after))


def _text(value: Any) -> str:
    return MISSING if value is _NOTHING else repr(value)
