"""Names of authorities and what they are."""

from __future__ import annotations

from collections.abc import Mapping

from recoup.law.codes import AuthorityType
from recoup.law.vocabulary import data_of, slug

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


def central_authority(state: str) -> str | None:
    """The central authority of a State as recalled (not checked), or None."""
    name = data_of("authorities")["authorities"].get(state)
    return str(name) if name else None


def authority_type(text: str) -> AuthorityType | None:
    """What kind of authority a name speaks of; a code (`PROS`) is taken as it is; None where no word tells."""
    if text.upper() in AuthorityType.__members__.values():
        return AuthorityType(text.upper())
    lowered = text.lower().replace("_", " ").replace("-", " ")
    named = next((_AUTHORITY_NAMES[word] for word in slug(text).split("-") if word in _AUTHORITY_NAMES), None)
    return named or next((kind for word, kind in _AUTHORITY_WORDS if word in lowered), None)
