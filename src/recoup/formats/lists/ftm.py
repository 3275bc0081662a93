"""FollowTheMoney entities as JSON lines (nested `properties`, every value a list)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from recoup.complaints.country import country_code
from recoup.complaints.text import text_lines
from recoup.ground import Defects
from recoup.network.screening import Listing

_NAMES = ("name", "alias", "weakAlias", "previousName", "abbreviation")
_IDENTIFIERS = (
    "idNumber", "passportNumber", "taxNumber", "registrationNumber", "leiCode", "innCode", "ogrnCode", "swiftBic",
    "imoNumber", "publicKey", "cryptoAddress", "iban",
)  # fmt: skip
_COUNTRIES = ("country", "nationality", "jurisdiction", "citizenship")


def read_ftm(path: Path, defects: Defects) -> list[Listing]:
    """Entities that have a name; a line that is no entity is a defect."""
    found = []
    for number, line in enumerate(text_lines(path, defects), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            properties = item["properties"]
            names = _values(properties, _NAMES) or ((str(item["caption"]),) if item.get("caption") else ())
            entry = str(item["id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            defects.add(str(path), number, "line rejected: no FollowTheMoney entity", "One JSON object per line")
            continue
        if names:
            codes = tuple(
                dict.fromkeys(code for each in _values(properties, _COUNTRIES) if (code := country_code(each)))
            )
            births, numbers = _values(properties, ("birthDate",)), _values(properties, _IDENTIFIERS)
            nature = "person" if item.get("schema") == "Person" else "entity"
            found.append(Listing(_list(item, path), entry, names, births, codes, numbers, nature))
    return found


def _list(item: Mapping[str, object], path: Path) -> str:
    datasets = item.get("datasets")
    return ",".join(map(str, datasets)) if isinstance(datasets, list) and datasets else path.stem


def _values(properties: Mapping[str, object], keys: tuple[str, ...]) -> tuple[str, ...]:
    values: list[str] = []
    for key in keys:
        held = properties.get(key)
        values += [str(each) for each in held if each] if isinstance(held, list) else [str(held)] if held else []
    return tuple(dict.fromkeys(values))
