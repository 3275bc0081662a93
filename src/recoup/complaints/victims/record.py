"""What of a complaint tells its victim apart from others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from recoup.complaints.model import Complaint
from recoup.complaints.selectors.names import folded

PHONE_DIGITS_COMPARED = 8
PHONE_DIGITS_MIN = 7
NAME_TOKENS_MAX = 8

_NOT_DIGIT = re.compile(r"\D+")
_VOWELS = re.compile(r"[aeiouwyj`]+")
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("tsch", "c"), ("ch", "c"), ("sh", "s"), ("zh", "z"), ("kh", "h"),
    ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"), ("ts", "c"), ("tz", "c"), ("dj", "j"), ("q", "k"),
    ("x", "ks"), ("v", "f"), ("c", "k"), ("p", "b"), ("z", "s"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """Folded fields of one complaint; empty where the complaint is silent. `tokens` are the words of the name."""

    complaint: str
    tokens: tuple[str, ...]
    born: str
    email: str
    phone: str
    city: str
    country: str


def records_of(complaints: Iterable[Complaint]) -> list[Record]:
    """One record per complaint, in order."""
    return [_record(complaint) for complaint in complaints]


def _record(complaint: Complaint) -> Record:
    victim = complaint.victim
    return Record(
        complaint=complaint.id,
        tokens=tuple(sorted(folded(victim.name).split()[:NAME_TOKENS_MAX])),
        born=victim.birth_date,
        email=plain_email(victim.email),
        phone=phone_tail(victim.phone),
        city=folded(victim.city),
        country=complaint.country,
    )


def plain_email(text: str) -> str:
    """Lower case, without a `+tag`; empty where it is no address."""
    local, at, host = text.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}" if at and local and host else ""


def phone_tail(text: str) -> str:
    """The last eight digits: what national and international writing of one number share."""
    digits = "".join(str(int(digit)) for digit in _NOT_DIGIT.sub("", text.partition("ext")[0]))  # of any script
    return digits[-PHONE_DIGITS_COMPARED:] if len(digits) >= PHONE_DIGITS_MIN else ""


@lru_cache(maxsize=262144)
def skeleton(token: str) -> str:
    """Consonants of a Latin word with the spellings of one sound made one: `mohammed` and `muhamad` are `mhmd`.

    Bridges scripts that write no vowels, and the ways to romanise one name. A leading vowel is `a`.
    """
    for spelling, sound in _SOUNDS:
        if spelling in token:
            token = token.replace(spelling, sound)
    head = "a" if token[:1] in "aeiouwyj`" else token[:1]
    return _DOUBLED.sub(r"\1", head + _VOWELS.sub("", token[1:]))
