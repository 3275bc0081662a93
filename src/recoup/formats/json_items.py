"""JSON files as items with their places: an array, one object, or one object per line. Bounded, and never a float."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, NoReturn, TypeVar

from recoup.ground import Defect, Defects, Refused
from recoup.ledger.text import bounded_lines, open_binary

JSON_CHARACTERS_MAX = 64 * 2**20  # of one value: a transaction, a line, or a document that is one object

_CHUNK_CHARACTERS = 2**20
_SPACE = " \t\r\n"
_SPACES = re.compile(f"[{_SPACE}]*")
T = TypeVar("T")

_MEND = "Fetch the file again: it is damaged or cut off"


@dataclass(frozen=True, slots=True)
class Item:
    """One value, the line on which it starts, and its place (`/3` in an array, `line 4`, or nothing)."""

    line: int
    place: str
    value: object


class _Faulty(ValueError):
    """A value that is not JSON, or not JSON that two readers would read alike."""


def json_items(path: Path, defects: Defects) -> Iterator[Item]:
    """Items of an array, of lines, or the one object of the file.

    What cannot be parsed becomes a defect; items before it are kept. Numbers with a fraction or exponent stay text.
    A value longer than `JSON_CHARACTERS_MAX` raises Refused.
    """
    if _first_character(path) == "[":
        yield from _array(path, defects)
    elif _is_lines(path):
        yield from _lines(path, defects)
    else:
        yield from _document(path, defects)


def looks_like_json(head: bytes) -> bool:
    """Whether a file's first bytes open an object or an array, behind a byte-order mark and space if any."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def parsed(text: str) -> object:
    """One JSON value. A repeated key, NaN, or nesting beyond the interpreter's stack raises ValueError."""
    return _checked(lambda: _DECODER.decode(text))


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Faulty("a key stands twice in one object")
    return made


def _no_constant(name: str) -> NoReturn:
    raise _Faulty(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=str, parse_constant=_no_constant)


def _checked(decode: Callable[[], T]) -> T:
    try:
        return decode()
    except RecursionError:
        raise _Faulty("nested too deeply") from None


def _text(path: Path) -> IO[str]:
    return TextIOWrapper(open_binary(path), encoding="utf-8-sig", newline="")


def _first_character(path: Path) -> str:
    with _text(path) as stream:
        try:
            return stream.read(_CHUNK_CHARACTERS).lstrip(_SPACE)[:1]
        except UnicodeDecodeError:
            raise _not_text(path, 1) from None


def _not_text(path: Path, line: int) -> Refused:
    return Refused(Defect(str(path), line, "is not UTF-8 text", "Convert it to UTF-8"))


def _is_lines(path: Path) -> bool:
    """Whether the first line that holds anything is a whole value."""
    for line in bounded_lines(path, JSON_CHARACTERS_MAX):
        if line.strip():
            try:
                parsed(line)
            except ValueError:
                return False
            return True
    return False


def _lines(path: Path, defects: Defects) -> Iterator[Item]:
    for number, line in enumerate(bounded_lines(path, JSON_CHARACTERS_MAX), 1):
        if not line.strip():
            continue
        try:
            yield Item(number, f"line {number}", parsed(line))
        except ValueError as error:
            defects.add(str(path), number, f"row rejected: not readable as JSON: {error}", _MEND)


def _document(path: Path, defects: Defects) -> Iterator[Item]:
    with _text(path) as stream:
        reader = _Reader(path, stream)
        try:
            reader.skip_space()
            yield Item(reader.line, "", reader.value())
            if reader.skip_space():
                raise _Faulty("more follows the first value")
        except ValueError as error:
            defects.add(str(path), reader.line, f"not readable as JSON: {error}", _MEND)


def _array(path: Path, defects: Defects) -> Iterator[Item]:
    with _text(path) as stream:
        reader = _Reader(path, stream)
        try:
            reader.skip_space()
            reader.step()
            yield from _elements(reader)
        except ValueError as error:
            defects.add(str(path), reader.line, f"not readable as JSON from here on: {error}", _MEND)


def _elements(reader: _Reader) -> Iterator[Item]:
    if reader.skip_space() != "]":
        count = 0
        while True:
            reader.skip_space()
            yield Item(reader.line, f"/{count}", reader.value())
            count += 1
            after = reader.skip_space()
            if after == "]":
                break
            if after != ",":
                raise _Faulty(f"a comma or ] is missing after element {count - 1}")
            reader.step()
    reader.step()
    if reader.skip_space():
        raise _Faulty("more follows the array")


@dataclass(slots=True)
class _Reader:
    """A window on the text that grows only while one value needs it."""

    path: Path
    stream: IO[str]
    text: str = ""
    at: int = 0
    line: int = 1

    def skip_space(self) -> str:
        """Move to the next character that is no space and return it; "" at the end."""
        while True:
            self._advance(_SPACES.match(self.text, self.at).end())  # type: ignore[union-attr]
            if self.at < len(self.text) or not self._more():
                return self.text[self.at : self.at + 1]

    def step(self) -> None:
        self._advance(self.at + 1)

    def value(self) -> object:
        """The value that starts here; text that is no JSON raises ValueError."""
        while True:
            try:
                value, end = _checked(lambda: _DECODER.raw_decode(self.text, self.at))
            except json.JSONDecodeError as error:
                if not (_may_be_cut(error, len(self.text)) and self._more()):
                    raise
                continue
            if end < len(self.text) or not self._more():
                self._advance(end)
                return value

    def _advance(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def _more(self) -> bool:
        """Read on; drop what lies behind. False at the end of the file."""
        kept = self.text[self.at :]
        if len(kept) > JSON_CHARACTERS_MAX:
            what = f"a value is longer than {JSON_CHARACTERS_MAX:,} characters"
            raise Refused(Defect(str(self.path), self.line, what, "Is this the right file? Split it"))
        try:
            read = self.stream.read(min(max(_CHUNK_CHARACTERS, len(kept)), JSON_CHARACTERS_MAX + 1 - len(kept)))
        except UnicodeDecodeError:
            raise _not_text(self.path, self.line) from None
        self.text, self.at = kept + read, 0
        return bool(read)


def _may_be_cut(error: json.JSONDecodeError, length: int) -> bool:
    """Whether the fault is only that the window ends inside the value."""
    return error.pos >= length - 16 or error.msg.startswith("Unterminated string")
