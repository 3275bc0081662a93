"""One word per thing: the glossary names the word, and the words that are not used for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import name, texts

ROW = re.compile(
    r"^\| \*\*(?P<word>[^*]+)\*\* \| (?P<meaning>[^|]+) \| (?P<never>[^|]*) \|(?: (?P<where>[^|]*) \|)?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary, the words never used for it, and the paths in which those have another meaning."""

    word: str
    never: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the forbidden words, also inside identifiers (`min_tag`, `tagCount`) and in the plural."""
        return re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])" for word in self.never))


def glossary(page: Path) -> list[Term]:
    """The terms of the page's tables: | **word** | meaning | never | has another meaning in |."""
    rows = ROW.finditer(page.read_text(encoding="utf-8"))
    return [Term(row["word"], _list(row["never"]), _list(row["where"] or "")) for row in rows]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip(" `").rstrip("/") for part in cell.split(",") if part.strip(" `—"))


def forbidden_words(terms: list[Term], paths: list[Path]) -> list[str]:
    """Every place where a text uses another word for a thing that the glossary names."""
    faults = []
    for path, text in texts(paths):
        here = [term for term in terms if term.never and not name(path).startswith(term.elsewhere or ("\0",))]
        for number, line in _lines(text):
            faults += [
                f"{name(path)}:{number}: {found[0]!r}, say {term.word!r}"
                for term in here
                if (found := term.pattern.search(line))
            ]
    return faults


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines in small letters, with `camelCase` taken apart."""
    for number, line in enumerate(text.splitlines(), start=1):
        yield number, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", line).lower()
