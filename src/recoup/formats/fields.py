"""Fields of outside rows: each is of the right type, or the row is rejected with words that help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from recoup.ground import Defects, Instant, amount_from_text

ENTRY_CHARACTERS_MAX = 200

_WHOLE = re.compile(r"[0-9]{1,78}")
_HASH = re.compile(r"[0-9a-fA-F]{64}")

Fields = Mapping[str, object]


class BadRow(ValueError):
    """A row that cannot be read, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.mend = mend
        super().__init__(what)


@contextmanager
def rejecting(defects: Defects, path: Path, line: int, place: str = "") -> Iterator[None]:
    """A BadRow inside becomes a defect of this line, and of this `place` where many rows may share a line."""
    try:
        yield
    except BadRow as bad:
        reject(defects, str(path), line, place, bad)


def reject(defects: Defects, file: str, line: int, place: str, bad: BadRow) -> None:
    """Say that the row on this line, at this place, is rejected."""
    where = f" at {place}" if place.startswith("/") else ""
    defects.add(file, line, f"row rejected{where}: {bad}", bad.mend)


def fields_of(value: object, name: str) -> Fields:
    """A JSON object, or BadRow."""
    if not isinstance(value, dict):
        raise BadRow(f"{name} is not an object", "Give it as the format writes it")
    return value


def items_of(row: Fields, key: str) -> list[object]:
    value = row.get(key)
    if not isinstance(value, list):
        raise BadRow(f"{key} is missing or no list", "Fetch the whole record again")
    return value


def whole(row: Fields, key: str) -> int:
    """An integer from 0, as a number or its digits; anything else is a BadRow."""
    value = row.get(key)
    if type(value) is int and value >= 0:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    mend = "It must be a whole number of the smallest unit, not negative and without point"
    raise BadRow(f"{key} is {shown(value)}", mend)


def optional_whole(row: Fields, key: str) -> int | None:
    return None if row.get(key) in (None, "") else whole(row, key)


def amount(row: Fields, key: str) -> int:
    """A whole number below 2**256."""
    try:
        return amount_from_text(str(whole(row, key)))
    except BadRow:
        raise
    except ValueError as error:
        raise BadRow(str(error), "Amounts have at most 256 bits") from None


def optional_amount(row: Fields, key: str) -> int | None:
    return None if row.get(key) in (None, "") else amount(row, key)


def text(row: Fields, key: str) -> str:
    """Text that may be empty; null and a missing key are empty."""
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(f"{key} is {shown(value)}, not text", "Give it as the format writes it")
    return value


def hash_of(row: Fields, key: str, prefix: str = "") -> str:
    """A 32-byte hash in lower-case hex, behind `prefix` (`0x` on account chains)."""
    value = text(row, key).lower()
    if not value.startswith(prefix) or not _HASH.fullmatch(value[len(prefix) :]):
        raise BadRow(f"{key} is {shown(row.get(key))}", f"It must be {prefix and prefix + ' and '}64 hex digits")
    return value


def unix_time(row: Fields, key: str) -> Instant:
    try:
        return Instant.from_unix(whole(row, key))
    except BadRow:
        raise
    except ValueError as error:
        raise BadRow(str(error), "It must be seconds since 1970") from None


def shown(value: object) -> str:
    """A value as a message may show it."""
    if value is None:
        return "missing"
    written = repr(value)
    return written if len(written) <= 60 else written[:57] + "…"


def flag(row: Fields, key: str) -> bool:
    """A truth value as JSON or CSV writes it: true, 1; false, 0, nothing."""
    value = row.get(key)
    if value in (None, "", False, 0, "0", "false", "False"):
        return False
    if value in (True, 1, "1", "true", "True"):
        return True
    raise BadRow(f"{key} is {shown(value)}, neither true nor false", "Give it as the format writes it")
