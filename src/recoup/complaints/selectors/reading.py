"""A text made plain for extraction, with the way back to its original offsets.

Digits of every script become ASCII, invisible and direction marks go, defanged dots and signs are mended.
Nothing is translated, and the original text is never changed.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

_DIGIT_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)
_SAME_LENGTH: dict[int, str] = {zero + digit: str(digit) for zero in _DIGIT_ZEROS for digit in range(10)}
_SAME_LENGTH |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
_SAME_LENGTH |= {0x3002: ".", 0xFF61: ".", 0x00A0: " ", 0x202F: " ", 0x2009: " ", 0x066B: ".", 0x066C: ","}
_SAME_LENGTH |= {0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-"}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"

_SPECIAL = re.compile("[" + "".join(map(chr, _SAME_LENGTH)) + _INVISIBLE + "]")
_FANGS = re.compile(
    r"(?P<dot> ?[\[({] ?(?:\.|dot|punkt|punto|point) ?[\])}] ?| dot (?=(?:com|net|org|io|info|biz|co)\b))"
    r"|(?P<at> ?[\[({] ?(?:@|at|arroba) ?[\])}] ?)"
    r"|(?P<colon>\[:\](?=//)|\[:(?=//)|(?<=://)\])"
    rf"|(?P<scheme>\bh(?:xx|\*\*|XX)p(?=s?:|s?\[))|(?P<none>[{_INVISIBLE}])",
    re.IGNORECASE,
)
_ROUND = re.compile(r"\( ?[.dDpPaA@]")
_MENDED: Mapping[str, str] = {"dot": ".", "at": "@", "scheme": "http", "none": ""}


@dataclass(slots=True)
class Reading:
    """`text` to search in; `span` gives the offsets of a hit in `original`. `claimed` marks characters already used."""

    original: str
    text: str
    starts: array[int] | None = None
    claimed: bytearray = field(default_factory=bytearray)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of `text[start:end]`; a non-empty hit is wanted."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end - 1] + self._width(end - 1)

    def claim(self, start: int, end: int) -> bool:
        """Take the characters for one selector; False, and nothing is taken, where one of them was taken before."""
        if 1 in self.claimed[start:end]:
            return False
        self.claimed[start:end] = b"\x01" * (end - start)
        return True

    def _width(self, at: int) -> int:
        assert self.starts is not None
        following = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.original)
        return max(1, following - self.starts[at]) if self._mended(at) else 1

    def _mended(self, at: int) -> bool:
        """Whether the character at `at` stands for a longer piece of the original."""
        assert self.starts is not None
        return self.text[at] in ".@:" and self.original[self.starts[at]] != self.text[at]


def read_text(original: str) -> Reading:
    """The plain reading of a text of any script; linear in its length."""
    text, special = original, not original.isascii() and _SPECIAL.search(original) is not None
    if special:
        text = text.translate(_SAME_LENGTH)
    if not special and not _is_fanged(text):
        return Reading(original, text, None, bytearray(len(text)))
    pieces, starts, at = [], array("I"), 0
    for match in _FANGS.finditer(text):
        pieces.append(text[at : match.start()])
        starts.extend(range(at, match.start()))
        mended = _MENDED.get(match.lastgroup or "", ":" if "[" in match[0] and ":" in match[0] else "")
        pieces.append(mended)
        starts.extend(min(match.start() + step, match.end() - 1) for step in range(len(mended)))
        at = match.end()
    pieces.append(text[at:])
    starts.extend(range(at, len(text)))
    plain = "".join(pieces)
    return Reading(original, plain, starts, bytearray(len(plain)))


def _is_fanged(text: str) -> bool:
    """Whether a mark of defanging may be there; each test is one pass of memchr over most texts."""
    if "[" in text or "{" in text or "xxp" in text or "XXP" in text or "**p" in text or " dot " in text:
        return True
    return "(" in text and _ROUND.search(text) is not None
