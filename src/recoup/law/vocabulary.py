"""The words of a request and what they mean: offences, kinds of property, issuers, authorities, evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from recoup.law.yaml_file import read_yaml

_ROOM = Path(__file__).parent

EVIDENCE_LEVELS: Mapping[str, int] = {
    "suspicion": 0, "reasonable-grounds": 1, "charge": 2, "restraint-order": 2, "confiscation-order": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offence:
    """A category of conduct: the facts it carries, and whether it is on the list of 32 (None: not settled)."""

    id: str
    carries: frozenset[str]
    listed_32: bool | None


@dataclass(frozen=True, slots=True)
class AssetClass:
    """A kind of property. `half_life_hours`: when half of it is gone once the holder is alerted (planning figure)."""

    id: str
    family: str
    digital: bool
    interest: str
    half_life_hours: int


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Who issues a token and on what it freezes; None where that is not known."""

    issuer: str | None
    state: str | None
    can_freeze: bool | None
    needs_order: bool | None


def slug(text: str) -> str:
    """Lower-case words joined by hyphens: `Money laundering` and `money_laundering` are one word."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def offence_of(label: str) -> Offence | None:
    """The category of a label, or None: an unknown word decides nothing."""
    return _offences().get(slug(label))


def class_of(text: str) -> AssetClass | None:
    """The class of a word for property, or None."""
    return _classes().get(slug(text))


def class_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id for one in _classes().values()))


def issuer_of(symbol: str) -> TokenIssuer | None:
    """What the catalogue knows of a token's issuer, by symbol."""
    row = data_of("issuers")["tokens"].get(symbol.split("@", 1)[0].upper())
    return TokenIssuer(row["issuer"], row["state"], row["can_freeze"], row["needs_order"]) if row else None


@lru_cache(maxsize=8)
def data_of(name: str) -> Mapping[str, Any]:
    return read_yaml(_ROOM / f"{name}.yaml")


@lru_cache(maxsize=1)
def _offences() -> Mapping[str, Offence]:
    found = {}
    for name, row in data_of("offences")["offences"].items():
        offence = Offence(name, frozenset(row["carries"]), row["listed_32"])
        found.update(dict.fromkeys([name, *row["words"]], offence))
    return found


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, AssetClass]:
    found = {}
    for name, row in data_of("assets")["classes"].items():
        kind = AssetClass(name, row["family"], row["digital"], row["interest"], row["half_life_hours"])
        found.update(dict.fromkeys([name, *row["words"]], kind))
    return found
