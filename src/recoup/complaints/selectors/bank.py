"""Bank selectors: IBAN, BIC, payment cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers.geodata.locale import LOCALE_DATA

from recoup.complaints.selectors.checksum import luhn, mod97
from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.reading import Reading

# BBAN structure by country: n digits, a upper-case letters, c both (SWIFT IBAN Registry, ISO 13616).
_REGISTRY = """
AD:8n12c AE:19n AL:8n16c AT:16n AX:14n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n BL:10n11c2n BR:8c15n2c
BY:4c4n16c CH:5n12c CR:18n CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n FI:14n FK:2a12n
FO:14n FR:10n11c2n GB:4a14n GE:2a16n GF:10n11c2n GG:4a14n GI:4a15c GL:14n GP:10n11c2n GR:7n16c GT:24c HN:4a20n
HR:17n HU:24n IE:4a14n IL:19n IM:4a14n IQ:4a15n IS:22n IT:1a10n12c JE:4a14n JO:4a4n18c KW:4a22c KZ:3n13c
LB:4n20c LC:4a24c LI:5n12c LT:16n LU:3n13c LV:4a13c LY:21n MC:10n11c2n MD:20c ME:18n MF:10n11c2n MK:3n10c2n
MN:16n MQ:10n11c2n MR:23n MT:4a5n18c MU:4a19n3a NC:10n11c2n NI:4a20n NL:4a10n NO:11n OM:3n16c PF:10n11c2n
PK:4a16c PL:24n PM:10n11c2n PS:4a21c PT:21n QA:4a21c RE:10n11c2n RO:4a16c RS:18n RU:14n15c SA:2n18c SC:4a20n3a
SD:14n SE:20n SI:15n SK:20n SM:1a10n12c SO:19n ST:21n SV:4a20n TF:10n11c2n TL:19n TN:20n TR:6n16c UA:6n19c
VA:18n VG:4a16n WF:10n11c2n XK:16n YE:4a4n18c YT:10n11c2n
"""
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


def _structure(spec: str) -> tuple[int, re.Pattern[str]]:
    parts = re.findall(r"(\d+)([nac])", spec)
    pattern = "".join(f"{_CLASSES[kind]}{{{count}}}" for count, kind in parts)
    return 4 + sum(int(count) for count, _ in parts), re.compile(r"[A-Z]{2}[0-9]{2}" + pattern)


STRUCTURES = {entry[:2]: _structure(entry[3:]) for entry in _REGISTRY.split()}

_IBAN_START = re.compile(r"[A-Za-z](?<![0-9A-Za-z].)[A-Za-z][0-9]{2}(?=[ .-]?[0-9A-Za-z])")
_IBAN_BODY = re.compile(r"(?:[ .-]?[0-9A-Za-z]){1,40}")
_BIC = re.compile(r"[A-Z](?<![0-9A-Za-z].)[A-Z]{5}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![0-9A-Za-z])")
_BIC_WORDS = re.compile(r"[BbSs](?:IC|ic|WIFT|wift)(?!\w)")
_PAN = re.compile(r"[2-6](?<![\w.,+-].)[0-9]{3}(?:[ -]?[0-9]){8,15}(?!\w)")
_MASKED = re.compile(r"([2-6](?<![\w.,+].)[0-9]{3}(?:[ -]?[0-9]{2})?)[ -]?(?:[*xX•#][ -]?){2,13}([0-9]{4})(?!\w)")
_FOUR = re.compile(r"[0-9](?<![\w.,$€£].)[0-9]{3}(?!\w)")
_ENDING = re.compile(
    r"(?:\*{2,}|x{2,}|ending|endend|endet|finissant|termin|che finisce|last four|letzten vier|eindigend|заканч)"
    r"[^.\n\d]{0,24}$",
    re.IGNORECASE,
)
_PAN_LENGTHS = {"3": (14, 15, 16), "4": (13, 16, 19), "5": (16,), "6": (16, 17, 18, 19), "2": (16,)}
_NEAR = 40


def bank_selectors(reading: Reading) -> Iterator[Selector]:
    """IBANs, BICs and cards of a text. A card keeps its first six and last four digits only."""
    ibans = list(_ibans(reading))
    yield from ibans
    yield from _cards(reading)
    if ibans or _BIC_WORDS.search(reading.text):
        yield from _bics(reading)


def iban_valid(iban: str) -> bool:
    """Length and structure of its country and the ISO 13616 check digits; no spaces, upper case."""
    structure = STRUCTURES.get(iban[:2])
    return structure is not None and structure[1].fullmatch(iban) is not None and mod97(iban)


def _ibans(reading: Reading) -> Iterator[Selector]:
    text = reading.text
    for start in _IBAN_START.finditer(text):
        structure = STRUCTURES.get(start[0][:2].upper())
        body = _IBAN_BODY.match(text, start.end())
        if structure is None or body is None:
            continue
        end = _iban_end(text, start.start(), body.end(), structure[0])
        compact = re.sub(r"[ .-]", "", text[start.start() : end])
        value = compact.upper()
        if len(value) < 15 or sum(map(str.isdigit, value)) < 8 or compact not in (value, value.lower()):
            continue
        if reading.claim(start.start(), end):
            valid = iban_valid(value)
            yield _made(reading, Type.IBAN, start.start(), end, value, valid, "" if valid else "check digits fail")


def _iban_end(text: str, start: int, stop: int, length: int) -> int:
    """End of the account number: at its country's length where a word ends there, else at the end of the last word.

    Groups after the right length are the words of the sentence; groups before it belong to the number.
    """
    at, count, word_end = start, 0, start
    while at < stop and count < length + 4:
        if text[at] not in " .-":
            count += 1
            following = text[at + 1 : at + 2]
            if not following.isalnum():
                word_end = at + 1
                if count == length or not _continues(text, at + 1):
                    return word_end
        at += 1
    while at < len(text) and text[at].isalnum():
        at += 1
    return at if word_end == start else word_end


def _continues(text: str, at: int) -> bool:
    """Whether the next group looks like more of an account number: it holds a digit or only capitals."""
    group = re.match(r"[ .-]([0-9A-Za-z]{1,34})", text[at : at + 36])
    return group is not None and (any(map(str.isdigit, group[1])) or (group[1].isupper() and len(group[1]) == 4))


def _bics(reading: Reading) -> Iterator[Selector]:
    for match in _BIC.finditer(reading.text):
        named = _BIC_WORDS.search(reading.text, max(0, match.start() - _NEAR), match.start()) is not None
        likely = match[0][4:6] in LOCALE_DATA and (named or any(map(str.isdigit, match[0])))
        if likely and reading.claim(match.start(), match.end()):
            yield _made(reading, Type.BIC, match.start(), match.end(), match[0], True if named else None, "")


def _cards(reading: Reading) -> Iterator[Selector]:
    text = reading.text
    for match in _PAN.finditer(text):
        digits = re.sub(r"[ -]", "", match[0])
        if len(digits) in _PAN_LENGTHS[digits[0]] and luhn(digits) and reading.claim(match.start(), match.end()):
            yield _card(reading, match.start(), match.end(), f"{digits[:6]}…{digits[-4:]}", True)
    for match in _MASKED.finditer(text):
        if reading.claim(match.start(), match.end()):
            value = f"{re.sub(r'[ -]', '', match[1])}…{match[2]}"
            yield _card(reading, match.start(), match.end(), value, None)
    for match in _FOUR.finditer(text):
        ending = _ENDING.search(text, max(0, match.start() - _NEAR), match.start())
        if ending and reading.claim(match.start(), match.end()):
            yield _card(reading, match.start(), match.end(), f"…{match[0]}", None)


def _card(reading: Reading, start: int, end: int, value: str, valid: bool | None) -> Selector:
    made = _made(reading, Type.CARD, start, end, value, valid, "")
    return Selector(Type.CARD, masked(made.raw), value, made.start, made.end, valid=valid)


def masked(raw: str) -> str:
    """A card number as written with all but its first six and last four digits starred."""
    total, seen, out = sum(map(str.isdigit, raw)), 0, []
    for character in raw:
        if character.isdigit():
            seen += 1
            out.append(character if total < 12 or seen <= 6 or seen > total - 4 else "*")
        else:
            out.append(character)
    return "".join(out)


def _made(reading: Reading, kind: Type, start: int, end: int, value: str, valid: bool | None, detail: str) -> Selector:
    first, last = reading.span(start, end)
    return Selector(kind, reading.original[first:last], value, first, last, valid=valid, detail=detail)
