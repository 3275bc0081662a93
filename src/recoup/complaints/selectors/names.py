"""Names folded for comparison, and a gazetteer that finds known names in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.reading import Reading

NAME_TOKENS_MAX = 12
NAME_CHARACTERS_MAX = 500

_TOKEN = re.compile(r"\w[\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f]*")  # a word keeps its accents and points
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'’`ʼʹ\"")


@lru_cache(maxsize=262144)
def folded(name: str) -> str:
    """Lower-case Latin letters and digits with single spaces, whatever the script: `Щербакова` → `shcherbakova`."""
    name = name[:NAME_CHARACTERS_MAX]
    if not name.isascii():
        name = anyascii(unicodedata.normalize("NFKC", name))
    return _NOT_WORD.sub(" ", name.lower().translate(_APOSTROPHES)).strip()


def tokens_of(name: str) -> tuple[str, ...]:
    """Case-folded words without accents, in their own script: what a text is searched for."""
    return tuple(_bare(word) for word in _TOKEN.findall(name[:NAME_CHARACTERS_MAX]))


def _bare(word: str) -> str:
    word = word.casefold()
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class Known:
    """A name that is looked for, what it stands for, and what kind of thing that is (`operator`, `person` …)."""

    name: str
    id: str
    kind: str = ""


class Gazetteer:
    """Known names by their first word. A name of one word must be capitalised in the text, and have 3 letters."""

    def __init__(self, names: Iterable[Known]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Known]]] = {}
        for known in names:
            tokens = tokens_of(known.name)
            if tokens and len(tokens) <= NAME_TOKENS_MAX and (len(tokens) > 1 or len(tokens[0]) > 2):
                self._by_first.setdefault(tokens[0], []).append((tokens, known))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry[1].name, entry[1].id))

    def __len__(self) -> int:
        return sum(map(len, self._by_first.values()))

    def found(self, reading: Reading) -> Iterator[Selector]:
        """The longest known name at each place, in the order of the text; characters may be claimed already."""
        if not self._by_first:
            return
        text = reading.text
        if self._by_first.keys().isdisjoint(_words(text)):
            return
        words = list(_TOKEN.finditer(text))
        at = 0
        while at < len(words):
            entries = self._by_first.get(_bare(words[at][0]))
            hit = self._longest(text, words, at, entries) if entries else None
            if hit is None:
                at += 1
                continue
            count, known = hit
            start, end = reading.span(words[at].start(), words[at + count - 1].end())
            yield Selector(Type.NAME, reading.original[start:end], known.id, start, end, valid=True, detail=known.kind)
            at += count

    def _longest(
        self, text: str, words: list[re.Match[str]], at: int, entries: list[tuple[tuple[str, ...], Known]]
    ) -> tuple[int, Known] | None:
        for tokens, known in entries:
            count = len(tokens)
            if at + count > len(words) or any(_bare(words[at + i][0]) != tokens[i] for i in range(1, count)):
                continue
            gap = max((words[at + i + 1].start() - words[at + i].end() for i in range(count - 1)), default=0)
            if gap <= 3 and (count > 1 or not words[at][0].islower()):
                return count, known
        return None


def _words(text: str) -> Iterable[str]:
    """The bare words of a text, fast where all of it is ASCII."""
    if text.isascii():
        return _TOKEN.findall(text.lower())
    return map(_bare, _TOKEN.findall(text))
