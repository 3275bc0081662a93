"""Text of a case as it may be shown: text, never markup, nothing hidden."""

from __future__ import annotations

import unicodedata

FIELD_CHARACTERS_MAX = 100_000
_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "FEMININE", "MASCULINE", "MICRO", "MODIFIER"})
_KEPT_CONTROLS = frozenset("\n\t")


def shown(text: str) -> str:
    """The text as it may be shown: line breaks and tabs stay; other controls and bidi marks become `[U+202E]`."""
    if len(text) > FIELD_CHARACTERS_MAX:
        raise ValueError(f"{len(text)} characters are more than {FIELD_CHARACTERS_MAX}")
    return "".join(char if _harmless(char) else f"[U+{ord(char):04X}]" for char in text.replace("\r\n", "\n"))


def says_something(text: str) -> bool:
    """False for text that shows nothing: spaces, controls, marks of zero width."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


def _harmless(char: str) -> bool:
    return char in _KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def without_glyph(text: str) -> tuple[str, ...]:
    """Letters of scripts that the fonts of the PDF do not hold, each once, in order: `王` is a box on paper.

    The fonts are those that Typst carries, so that equal documents have equal bytes on every machine.
    """
    letters = (char for char in text if unicodedata.category(char)[0] == "L" and not char.isascii())
    return tuple(dict.fromkeys(char for char in letters if unicodedata.name(char, "?").split()[0] not in _SCRIPTS))
