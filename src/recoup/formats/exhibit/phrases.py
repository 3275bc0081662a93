"""Every fixed text of an exhibit, in the languages of `messages.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from recoup.formats.exhibit.markup import Child, Markup, foreign, joined

LANGUAGES = ("en", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})

_PLACE = re.compile(r"\{(\w+)\}")


@cache
def messages() -> dict[str, dict[str, str]]:
    """Message id (`holdings.title`) to language to text."""
    table = tomllib.loads(files(__package__).joinpath("messages.toml").read_text(encoding="utf-8"))
    return {f"{group}.{name}": texts for group, names in table.items() for name, texts in names.items()}


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts of one language of LANGUAGES."""

    language: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, message: str, **values: Child) -> Markup:
        """The text with its places filled; a plain `str` is foreign text: it is escaped and isolated."""
        pieces: list[Child] = []
        for i, piece in enumerate(_PLACE.split(messages()[message][self.language])):
            value = values[piece] if i % 2 else Markup(escape(piece))
            pieces.append(value if isinstance(value, Markup) else foreign(value))
        return joined(pieces)

    def plain(self, message: str, **values: str) -> str:
        """The text with its places filled, as text (for titles and for pictures)."""
        return _PLACE.sub(lambda place: values[place[1]], messages()[message][self.language])

    def plain_or(self, message: str, other: str) -> str:
        """The text, or `other` where there is no such message (a kind that the data names freely)."""
        return self.plain(message) if message in messages() else other

    def say_or(self, message: str, other: str) -> Markup:
        return self.say(message) if message in messages() else foreign(other)
