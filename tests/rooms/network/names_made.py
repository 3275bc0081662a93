"""Names as people mistype them, made from entries of lists, with the entry they must hit."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from recoup.network.screening import Listing, Subject

CYRILLIC = str.maketrans("abvgdeziklmnoprstufhy", "абвгдезиклмнопрстуфхы")
FORMS = [("LIMITED", "LTD"), ("LTD", "LIMITED"), ("COMPANY", "CO"), ("CORPORATION", "CORP"), ("LLC", "OOO")]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KINDS = ("typo", "typos", "swap", "drop", "initial", "no-space", "transliterated", "form")


@dataclass(frozen=True, slots=True)
class Query:
    kind: str
    subject: Subject
    list: str
    entry: str


def perturbed(random: Random, listings: list[Listing], count: int) -> list[Query]:
    """Names of entries (two words or more, Latin letters) with one kind of noise each; the birth date on half."""
    usable = [each for each in listings if each.names[0].isascii() and len(each.names[0].split()) >= 2]
    made: list[Query] = []
    while len(made) < count:
        listing = random.choice(usable)
        kind = KINDS[len(made) % len(KINDS)]
        name = _noisy(random, listing.names[0], kind, listing.nature)
        if name and name != listing.names[0]:
            full = [each for each in listing.births if len(each) == 10]
            born = full[0] if full and random.random() < 0.5 else ""
            made.append(Query(kind, Subject(f"q{len(made)}", name, born), listing.list, listing.entry))
    return made


def _noisy(random: Random, name: str, kind: str, nature: str) -> str:
    words = name.split()
    if kind == "typo":
        return _typo(random, name)
    if kind == "typos":
        return _typo(random, _typo(random, name))
    if kind == "swap":
        return " ".join([*words[1:], words[0]])
    if kind == "drop":
        return " ".join(word for at, word in enumerate(words) if at != 1) if len(words) > 2 else ""
    if kind == "initial":
        return f"{words[0][0]}. {' '.join(words[1:])}" if nature == "person" and len(words[0]) > 1 else ""
    if kind == "no-space":
        return words[0] + words[1] + "".join(f" {word}" for word in words[2:])
    if kind == "transliterated":
        return name.lower().translate(CYRILLIC) if nature == "person" else ""
    for old, new in FORMS:
        if old in words:
            return " ".join(new if word == old else word for word in words)
    return ""


def _typo(random: Random, text: str) -> str:
    places = [at for at in range(1, len(text)) if text[at].isalpha() and text[at - 1].isalpha()]
    if not places:
        return text
    at = random.choice(places)
    letter = random.choice(LETTERS)
    return random.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
        ]
    )
