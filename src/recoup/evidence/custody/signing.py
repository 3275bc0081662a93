"""A step as text that people's keys sign: a signed note whose text is one line of canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_type_hints

from recoup.evidence.custody.model import DETAILS_OF, Action, Step
from recoup.evidence.encoding import Malformed
from recoup.evidence.note import Note, Signer
from recoup.ground import Instant, canonical_json

HEADER = "recoup-custody/1"


def step_text(step: Step) -> str:
    """Header line, then the step in canonical JSON (RFC 8785)."""
    return f"{HEADER}\n{canonical_json(_plain(step)).decode()}\n"


def sign_step(step: Step, signers: Iterable[Signer]) -> Note:
    """The step as a note, signed by each in their order."""
    text = step_text(step)
    return Note(text, tuple(signer.sign(text) for signer in signers))


def parse_step(note: Note) -> Step:
    """The step in a note; any other spelling of it is Malformed. Signatures are for the rules to judge."""
    header, _, line = note.text.partition("\n")
    try:
        if header != HEADER:
            raise Malformed(f"a custody step begins with {HEADER}")
        values = json.loads(line)
        step = _step(values)
        written = step_text(step)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed(f"not a custody step: {error}") from error
    if written != note.text:
        raise Malformed("a custody step is written in its canonical form only")
    return step


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, Instant):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(one) for name, one in named.items() if one is not None}
    return value if isinstance(value, int) else str(value)


def _step(values: dict[str, Any]) -> Step:
    action = Action(values["action"])
    details = _loaded(DETAILS_OF[action], values["details"])
    rest = {name: value for name, value in values.items() if name not in ("action", "at", "details")}
    return Step(action=action, at=Instant.parse(values["at"]), details=details, **rest)


def _loaded(kind: Any, value: Any) -> Any:
    """A value of a custody noun from its JSON, by the types that the noun declares."""
    if isinstance(kind, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if kind is Instant:
        return Instant.parse(value)
    if is_dataclass(kind):
        return _noun(kind, value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if type(value) is not kind:
        raise Malformed(f"{value!r} is not {kind.__name__}")
    return value


def _noun(kind: Any, value: Any) -> Any:
    hints = get_type_hints(kind)
    optional = {name for name, hint in hints.items() if type(None) in get_args(hint)}
    known = {field.name: _loaded(hints[field.name], value[field.name]) for field in fields(kind) if field.name in value}
    if set(value) - set(known):
        raise Malformed(f"{sorted(set(value) - set(known))} is not part of {kind.__name__}")
    return kind(**dict.fromkeys(optional) | known)
