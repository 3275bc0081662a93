"""Countries as people write them, to ISO 3166-1 alpha-2 codes."""

from __future__ import annotations

from functools import cache

from phonenumbers.geodata.locale import LOCALE_DATA

_ALSO = {
    "UK": "GB", "USA": "US", "UNITED STATES OF AMERICA": "US", "GREAT BRITAIN": "GB", "ENGLAND": "GB",
    "SCOTLAND": "GB", "HOLLAND": "NL", "CZECH REPUBLIC": "CZ", "UAE": "AE", "EL": "GR", "SOUTH KOREA": "KR",
    "NORTH KOREA": "KP", "IVORY COAST": "CI", "SYRIA": "SY", "RUSSIAN FEDERATION": "RU", "VIET NAM": "VN",
    "IRAN": "IR", "ISLAMIC REPUBLIC OF IRAN": "IR", "MACEDONIA": "MK", "BURMA": "MM", "TURKIYE": "TR",
    "DEMOCRATIC REPUBLIC OF THE CONGO": "CD", "SYRIAN ARAB REPUBLIC": "SY", "REPUBLIC OF KOREA": "KR",
    "DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA": "KP", "KOREA, NORTH": "KP", "KOREA, SOUTH": "KR",
    "UNITED REPUBLIC OF TANZANIA": "TZ", "COTE D'IVOIRE": "CI", "CONGO, DEMOCRATIC REPUBLIC OF THE": "CD",
}  # fmt: skip


def country_code(text: str) -> str:
    """Alpha-2 code for a code or a name; empty where it is not known.

    Names are known in the languages of the phone library's locale data: of the twelve that victims write in, all but
    Arabic, Hebrew and Turkish, where a few names only are the same as in another language.
    """
    name = " ".join(text.split()).upper()
    return _ALSO.get(name) or _codes().get(name, "")


@cache
def _codes() -> dict[str, str]:
    """Upper-case names in every language of the locale data; a name two countries share is left out."""
    found: dict[str, set[str]] = {}
    for code, names in LOCALE_DATA.items():
        for name in names.values():
            if not name.startswith("*"):  # a pointer to another language's name
                found.setdefault(name.upper(), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1} | {
        code: code for code in LOCALE_DATA
    }
