"""A member of a request and its place; what is wrong is recorded and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recoup.ground import Defects

LIST_ITEMS_MAX = 1_000
TEXT_CHARACTERS_MAX = 10_000
_STATE = re.compile(r"[A-Z]{2}")
_OTHER_CODES = {"UK": "GB", "EL": "GR"}


@dataclass(frozen=True, slots=True)
class At:
    """A JSON object and its place. Reading a member records what is wrong and goes on with a value that is unknown."""

    row: Mapping[str, Any]
    place: str
    file: str
    defects: Defects

    def wrong(self, key: str, what: str, mend: str) -> None:
        self.defects.add(self.file, 0, f"{self.place}/{key}: {what}", mend)

    def text(self, key: str, required: bool = False) -> str | None:
        value = self.row.get(key)
        if value is None or value == "":
            if required:
                self.wrong(key, "is missing", "Give it as text")
            return None
        if not isinstance(value, str) or len(value) > TEXT_CHARACTERS_MAX:
            self.wrong(key, f"{shown(value)} is not text", f"Give text of at most {TEXT_CHARACTERS_MAX} characters")
            return None
        return value

    def flag(self, key: str) -> bool | None:
        value = self.row.get(key)
        if value is None or isinstance(value, bool):
            return value
        words = {"yes": True, "no": False, "unknown": None}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        self.wrong(key, f"{shown(value)} is neither true nor false", "Use true, false or null (not known)")
        return None

    def whole(self, key: str, most: int) -> int | None:
        value = self.row.get(key)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= most:
            self.wrong(key, f"{shown(value)} is not a whole number from 0 to {most}", "Round down, or use null")
            return None
        return value

    def state(self, key: str, required: bool = False) -> str | None:
        value = self.text(key, required)
        if value is None:
            return None
        if value in _OTHER_CODES or not _STATE.fullmatch(value):
            mend = f"Use {_OTHER_CODES.get(value, 'a code such as CY')} (ISO 3166-1 alpha-2, capitals)"
            self.wrong(key, f"{shown(value)} is not a code of a State", mend)
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        items = self.items(key, LIST_ITEMS_MAX)
        for number, item in enumerate(items):
            if not isinstance(item, str) or len(item) > TEXT_CHARACTERS_MAX:
                self.wrong(f"{key}/{number}", f"{shown(item)} is not text", "Give text")
        return tuple(item for item in items if isinstance(item, str))

    def items(self, key: str, most: int) -> list[Any]:
        value = self.row.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, f"{shown(value)} is not a list", "Put it in [ ]")
            return []
        if len(value) > most:
            self.wrong(key, f"{len(value)} items are more than {most}", "Split the request")
        return value[:most]

    def inner(self, key: str) -> At:
        """The object under a key; an empty one where it is missing or null."""
        value = self.row.get(key)
        if value is not None and not isinstance(value, dict):
            self.wrong(key, f"{shown(value)} is not an object", "Put it in { }")
        return At(value if isinstance(value, dict) else {}, f"{self.place}/{key}", self.file, self.defects)

    def rows(self, key: str, most: int) -> list[At]:
        found = []
        for number, item in enumerate(self.items(key, most)):
            if isinstance(item, dict):
                found.append(At(item, f"{self.place}/{key}/{number}", self.file, self.defects))
            else:
                self.wrong(f"{key}/{number}", f"{shown(item)} is not an object", "Put it in { }")
        return found

    def choice(self, key: str, choices: Mapping[str, Any] | list[str], required: bool) -> str | None:
        value = self.text(key, required)
        if value is not None and value not in choices:
            self.wrong(key, f"{shown(value)} is not known", f"Use one of: {', '.join(choices)}")
            return None
        return value


def shown(value: object) -> str:
    return ascii(value)[:60]
