"""Telephone numbers in E.164, national ones by the country of the complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.reading import Reading

DIGITS_MIN, DIGITS_MAX = 7, 15
_CANDIDATE = re.compile(
    r"[+(0-9](?<![\w.,/$€£₪+(-].)(?:(?<=\+) ?\(?|)(?:(?<=\d)|\d)(?:[ ().\-/]{0,3}\d){5,17}(?!\w)(?![.,]\d)"
)
_WORDS = re.compile(
    r"phone|\btel\b|tel\.|\bcall|whats\s?app|mobile|\bcell|\bsms\b|viber|telegram|signal|telefon|téléphone|teléfono|"
    r"móvil|handy|telemóvel|cellulare|mobil|nummer|numéro|número|\bnumber|тел|номер|звон|ватсап|טלפון|נייד|וואטסאפ|"
    r"هاتف|رقم|واتساب|جوال|cep|ara",
    re.IGNORECASE,
)
_NEAR = 48


def phone_selectors(reading: Reading, country: str = "") -> Iterator[Selector]:
    """Numbers with a country code, and national ones where `country` (alpha-2) is known and a sign says phone.

    A written country code whose number breaks the numbering plan is given as not valid.
    """
    text = reading.text
    for match in _CANDIDATE.finditer(text):
        digits = sum(map(str.isdigit, match[0]))
        if not DIGITS_MIN <= digits <= DIGITS_MAX + 2 or 1 in reading.claimed[match.start() : match.end()]:
            continue
        international = match[0].startswith(("+", "(+", "00"))
        named = _WORDS.search(text, max(0, match.start() - _NEAR), match.start()) is not None
        if not international and not (named or match[0][0] in "0("):
            continue
        value, valid, region = e164(match[0], country)
        if (valid or (international and match[0].startswith("+"))) and reading.claim(match.start(), match.end()):
            start, end = reading.span(match.start(), match.end())
            yield Selector(Type.PHONE, reading.original[start:end], value, start, end, valid=valid, detail=region)


@lru_cache(maxsize=65536)
def e164(text: str, country: str) -> tuple[str, bool, str]:
    """(E.164 or the digits as written, whether the numbering plan allows it, region) of one written number."""
    digits = re.sub(r"\D", "", text)
    plus = text.lstrip("( ").startswith("+")
    written = f"+{digits}" if plus else f"+{digits[2:]}" if digits.startswith("00") else digits
    try:
        number = phonenumbers.parse(_without_trunk_zero(text) if plus else written, country or None)
    except phonenumbers.NumberParseException:
        return written, False, ""
    if not phonenumbers.is_valid_number(number) or len(digits) > DIGITS_MAX + 2:
        return written, False, ""
    region = phonenumbers.region_code_for_number(number) or ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), True, region


def _without_trunk_zero(text: str) -> str:
    """`+44 (0)20` is written for two readers at once: the zero is for the one at home."""
    return text.replace("(0)", "")
