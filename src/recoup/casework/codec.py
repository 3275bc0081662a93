"""Frozen dataclasses to JSON values and back, exactly: what goes into a row comes out of it equal.

| type | JSON |
|---|---|
| `str`, `bool`, `None` | themselves |
| `int` | a number below 2**53, else decimal text |
| `Instant`, `date` | ISO 8601 text |
| `Fraction` | `a/b` |
| `bytes` | base64 |
| an enum | its value |
| `tuple[T, ...]`, `tuple[A, B]` | a list |
| `Mapping[str, T]` | an object |
| a dataclass | an object with every field |
| `T | None` | null or T |

A float raises TypeError, and so does a type that has no row above: nothing is written that would come back otherwise.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from recoup.evidence import Malformed
from recoup.evidence.encoding import base64_bytes, base64_text
from recoup.ground import Instant

INTEGER_SAFE = 2**53
INTEGER_DIGITS_MAX = 400
T = TypeVar("T")
Way = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Codec:
    """How one type is written and read."""

    write: Way
    read: Way


def to_json(value: object) -> Any:
    """The JSON value of a dataclass; TypeError where a field does not hold what its type says."""
    kind: Any = type(value)
    return codec_of(kind).write(value)


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass back. A field that the JSON lacks takes its default: rows outlive the code that wrote them.

    Malformed where a value is not of its type, a field is unknown, or the dataclass refuses it.
    """
    hashable: Any = kind
    try:
        read: T = codec_of(hashable).read(value)
    except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
        raise Malformed(f"not a {kind.__name__}: {error}") from error
    return read


@cache
def codec_of(kind: Any) -> Codec:
    """The codec of a type; TypeError where it has none."""
    if kind in _LEAVES:
        return _LEAVES[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind, arguments)
    if origin is tuple:
        return _many(codec_of(arguments[0])) if arguments[1:] == (...,) else _several(arguments)
    if origin in (dict, Mapping) and arguments[0] is str:
        return _mapping(codec_of(arguments[1]))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(lambda value: _of(kind, value).value, kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind)
    raise TypeError(f"{kind} has no exact form in JSON")


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} where {kind.__name__} is due")
    return value


def _plain(kind: type) -> Codec:
    return Codec(lambda value: _of(kind, value), lambda value: _of(kind, value))


def _written(kind: type, write: Way, read: Way) -> Codec:
    return Codec(lambda value: write(_of(kind, value)), lambda value: read(_of(str, value)))


def _write_int(value: Any) -> int | str:
    number = _of(int, value)
    return number if abs(number) < INTEGER_SAFE else str(number)


def _read_int(value: Any) -> int:
    if isinstance(value, str):
        if len(value) > INTEGER_DIGITS_MAX or str(int(value)) != value or abs(int(value)) < INTEGER_SAFE:
            raise ValueError(f"{value[:40]!r} is not how an integer is written")
        return int(value)
    return _of(int, value)


_LEAVES: dict[Any, Codec] = {
    str: _plain(str),
    bool: _plain(bool),
    type(None): _plain(type(None)),
    int: Codec(_write_int, _read_int),
    Instant: _written(Instant, str, Instant.parse),
    date: _written(date, date.isoformat, date.fromisoformat),
    Fraction: _written(Fraction, lambda value: f"{value.numerator}/{value.denominator}", Fraction),
    bytes: _written(bytes, base64_text, base64_bytes),
}


def _optional(kind: Any, arguments: tuple[Any, ...]) -> Codec:
    others = [one for one in arguments if one is not type(None)]
    if len(others) != 1:
        raise TypeError(f"{kind} is more than a type or nothing: its JSON would not say which")
    inner = codec_of(others[0])
    return Codec(
        lambda value: None if value is None else inner.write(value),
        lambda value: None if value is None else inner.read(value),
    )


def _many(inner: Codec) -> Codec:
    return Codec(
        lambda value: [inner.write(one) for one in _of(tuple, value)],
        lambda value: tuple([inner.read(one) for one in _of(list, value)]),
    )


def _several(arguments: tuple[Any, ...]) -> Codec:
    inner = [codec_of(one) for one in arguments]
    return Codec(
        lambda value: [codec.write(one) for codec, one in zip(inner, _of(tuple, value), strict=True)],
        lambda value: tuple([codec.read(one) for codec, one in zip(inner, _of(list, value), strict=True)]),
    )


def _mapping(inner: Codec) -> Codec:
    def write(value: Any) -> dict[str, Any]:
        return {_of(str, name): inner.write(one) for name, one in value.items()}

    return Codec(write, lambda value: {_of(str, name): inner.read(one) for name, one in _of(dict, value).items()})


def _dataclass(kind: type) -> Codec:
    hints = get_type_hints(kind)
    known = [field for field in fields(kind) if field.init]
    codecs = {field.name: codec_of(hints[field.name]) for field in known}
    needed = {field.name for field in known if field.default is MISSING and field.default_factory is MISSING}

    def write(value: Any) -> dict[str, Any]:
        _of(kind, value)
        return {name: codec.write(getattr(value, name)) for name, codec in codecs.items()}

    def read(value: Any) -> Any:
        found = _of(dict, value)
        if not needed <= found.keys() or not found.keys() <= codecs.keys():
            raise ValueError(f"fields {sorted(found)[:9]} are not those of {kind.__name__}")
        return kind(**{name: codecs[name].read(one) for name, one in found.items()})

    return Codec(write, read)
