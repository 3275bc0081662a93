"""IBAN and BIC: country, length, structure, and checksum (ISO 13616, ISO 7064 MOD 97-10, ISO 9362)."""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import Any

_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_LETTERS = {chr(code): str(code - 55) for code in range(ord("A"), ord("Z") + 1)}
_TABLE = str.maketrans(_LETTERS)


def iban_fault(iban: str) -> str:
    """What is wrong with an IBAN written without spaces; empty where nothing is."""
    if not _SHAPE.fullmatch(iban):
        return "is not an IBAN: two letters, two digits, letters and digits, without spaces"
    spec = _spec(iban[:2])
    if spec is None:
        return f"has a country, {iban[:2]}, that gives no IBANs"
    length, structure = spec
    if len(iban) != length:
        return f"has {len(iban)} characters; {iban[:2]} has {length}"
    if not structure.fullmatch(iban[4:]):
        return f"does not have the structure of {iban[:2]}"
    return "" if int((iban[4:] + iban[:4]).translate(_TABLE)) % 97 == 1 else "has a wrong checksum"


def bic_fault(bic: str) -> str:
    """What is wrong with a BIC; empty where nothing is, or where there is none (IBAN only)."""
    return "" if not bic or _BIC.fullmatch(bic) else "is not a BIC of 8 or 11 characters"


@cache
def _spec(country: str) -> tuple[int, re.Pattern[str]] | None:
    """(length, structure of the BBAN) from the registry of the library schwifty."""
    registry: Any = importlib.import_module("schwifty.registry")
    exceptions: Any = importlib.import_module("schwifty.exceptions")
    try:
        spec = registry.get_iban_spec(country)
    except (exceptions.SchwiftyException, KeyError):
        return None
    return int(spec.iban_length), re.compile(spec.regex.pattern)
