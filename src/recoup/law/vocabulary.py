"""The words of a request and what they mean: offences, kinds of property, issuers, authorities, evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from recoup.law.codes import AuthorityType
from recoup.law.load import read_yaml

_ROOM = Path(__file__).parent

EVIDENCE_LEVELS: Mapping[str, int] = {
    "suspicion": 0, "reasonable-grounds": 1, "charge": 2, "restraint-order": 2, "confiscation-order": 4,
}  # fmt: skip

# Tried in this order: the first word found in the name of an authority says what it is.
_AUTHORITY_WORDS: tuple[tuple[str, AuthorityType], ...] = (
    ("asset recovery", AuthorityType.ARO), ("asset management", AuthorityType.AMO),
    ("central authority", AuthorityType.CENTRAL), ("ministry of justice", AuthorityType.CENTRAL),
    ("department of justice", AuthorityType.CENTRAL), ("attorney general", AuthorityType.CENTRAL),
    ("financial intelligence", AuthorityType.FIU),
    ("national central bureau", AuthorityType.NCB), ("interpol", AuthorityType.NCB),
    ("prosec", AuthorityType.PROSECUTOR), ("parquet", AuthorityType.PROSECUTOR),
    ("procureur", AuthorityType.PROSECUTOR),
    ("staatsanwalt", AuthorityType.PROSECUTOR), ("procura", AuthorityType.PROSECUTOR),
    ("fiscalia", AuthorityType.PROSECUTOR), ("fiscalía", AuthorityType.PROSECUTOR),
    ("us attorney", AuthorityType.PROSECUTOR),
    ("district attorney", AuthorityType.PROSECUTOR), ("magistrate", AuthorityType.COURT),
    ("prokurat", AuthorityType.PROSECUTOR),
    ("state attorney", AuthorityType.PROSECUTOR), ("serious fraud office", AuthorityType.PROSECUTOR),
    ("court", AuthorityType.COURT), ("judge", AuthorityType.COURT), ("tribunal", AuthorityType.COURT),
    ("juge", AuthorityType.COURT), ("police", AuthorityType.POLICE), ("crime agency", AuthorityType.POLICE),
    ("gendarmerie", AuthorityType.POLICE), ("fbi", AuthorityType.POLICE), ("securities", AuthorityType.REGULATOR),
    ("regulator", AuthorityType.REGULATOR), ("commission", AuthorityType.REGULATOR),
    ("financial conduct", AuthorityType.REGULATOR), ("liquidator", AuthorityType.CIVIL),
    ("trustee", AuthorityType.CIVIL), ("claimant", AuthorityType.CIVIL), ("receiver", AuthorityType.CIVIL),
)  # fmt: skip


# Short names that stand alone as a word.
_AUTHORITY_NAMES: Mapping[str, AuthorityType] = {
    "agrasc": AuthorityType.AMO, "amf": AuthorityType.REGULATOR, "bafin": AuthorityType.REGULATOR,
    "cftc": AuthorityType.REGULATOR, "cps": AuthorityType.PROSECUTOR, "cysec": AuthorityType.REGULATOR,
    "doj": AuthorityType.CENTRAL, "eppo": AuthorityType.PROSECUTOR, "fca": AuthorityType.REGULATOR,
    "fincen": AuthorityType.FIU, "fiu": AuthorityType.FIU, "mokas": AuthorityType.FIU,
    "nca": AuthorityType.POLICE, "oia": AuthorityType.CENTRAL,
    "pnf": AuthorityType.PROSECUTOR, "sec": AuthorityType.REGULATOR, "sfo": AuthorityType.PROSECUTOR,
    "tracfin": AuthorityType.FIU, "ukca": AuthorityType.CENTRAL,
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
    row = _data("issuers")["tokens"].get(symbol.split("@", 1)[0].upper())
    return TokenIssuer(row["issuer"], row["state"], row["can_freeze"], row["needs_order"]) if row else None


def central_authority(state: str) -> str | None:
    """The central authority of a State as recalled (not checked), or None."""
    name = _data("authorities")["authorities"].get(state)
    return str(name) if name else None


def authority_type(text: str) -> AuthorityType | None:
    """What kind of authority a name speaks of; a code (`PROS`) is taken as it is; None where no word tells."""
    if text.upper() in AuthorityType.__members__.values():
        return AuthorityType(text.upper())
    lowered = text.lower().replace("_", " ").replace("-", " ")
    named = next((_AUTHORITY_NAMES[word] for word in slug(text).split("-") if word in _AUTHORITY_NAMES), None)
    return named or next((kind for word, kind in _AUTHORITY_WORDS if word in lowered), None)


@lru_cache(maxsize=8)
def _data(name: str) -> Mapping[str, Any]:
    return read_yaml(_ROOM / f"{name}.yaml")


@lru_cache(maxsize=1)
def _offences() -> Mapping[str, Offence]:
    found = {}
    for name, row in _data("offences")["offences"].items():
        offence = Offence(name, frozenset(row["carries"]), row["listed_32"])
        found.update(dict.fromkeys([name, *row["words"]], offence))
    return found


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, AssetClass]:
    found = {}
    for name, row in _data("assets")["classes"].items():
        kind = AssetClass(name, row["family"], row["digital"], row["interest"], row["half_life_hours"])
        found.update(dict.fromkeys([name, *row["words"]], kind))
    return found
