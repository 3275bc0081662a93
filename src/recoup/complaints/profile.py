"""Profiles: how another layout maps to the canonical columns, written in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recoup.complaints.columns import COLUMNS, METHODS, Row
from recoup.ground import Defect, Refused

KNOWN = ("name", "delimiter", "decimal", "date_order", "columns", "constants", "methods")
DATE_ORDERS = ("ymd", "dmy", "mdy")


@dataclass(frozen=True, slots=True)
class Profile:
    """`columns` maps canonical names to source columns (several joined by a line break); `constants` fill the rest.

    `decimal` is the decimal sign of amounts; `date_order` reads dates that are not ISO 8601; `methods` maps the
    file's payment words to ours.
    """

    name: str = "canonical"
    delimiter: str = ","
    decimal: str = "."
    date_order: str = "ymd"
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, row: Row) -> Row:
        """A source row under canonical names; an empty row keeps empty."""
        if not self.columns:
            return row
        found = {
            name: "\n".join(text for source in sources if (text := row.get(source, "").strip()))
            for name, sources in self.columns.items()
        }
        return {**self.constants, **{name: text for name, text in found.items() if text}}

    @property
    def read(self) -> frozenset[str]:
        """Source columns that the profile reads; empty for the canonical layout."""
        return frozenset(source for sources in self.columns.values() for source in sources)


CANONICAL = Profile()


def read_profile(path: Path) -> Profile:
    """The profile in a TOML file; an unknown key or column raises Refused with how to mend it."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", "Check the name")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(Defect(str(path), 0, f"is not TOML: {error}", "Mend the file")) from None
    faults = _faults(table)
    if faults:
        mend = f"Keys: {', '.join(KNOWN)}. Columns: {', '.join(COLUMNS)}"
        raise Refused(*(Defect(str(path), 0, fault, mend) for fault in faults))
    return Profile(
        name=str(table.get("name", path.stem)),
        delimiter=str(table.get("delimiter", ",")),
        decimal=str(table.get("decimal", ".")),
        date_order=str(table.get("date_order", "ymd")),
        columns={name: _sources(value) for name, value in table["columns"].items()},
        constants={name: str(value) for name, value in table.get("constants", {}).items()},
        methods={str(word).casefold(): str(method) for word, method in table.get("methods", {}).items()},
    )


def _sources(value: object) -> tuple[str, ...]:
    """Source columns are matched as the reader names them: stripped and lower-cased."""
    names = value if isinstance(value, list) else [value]
    return tuple(str(name).strip().lower() for name in names)


def _faults(table: Mapping[str, object]) -> list[str]:
    faults = [f"key {key[:40]!r} is unknown" for key in table if key not in KNOWN]
    columns, constants, methods = (table.get(key, {}) for key in ("columns", "constants", "methods"))
    if not isinstance(columns, dict) or not isinstance(constants, dict) or not isinstance(methods, dict):
        return [*faults, "columns, constants and methods are tables"]
    faults += [f"column {name[:40]!r} is not canonical" for name in (*columns, *constants) if name not in COLUMNS]
    faults += [f"method {str(name)[:40]!r} is unknown" for name in methods.values() if str(name) not in METHODS]
    if not columns.get("complaint"):
        faults.append("columns does not say where `complaint` is")
    if table.get("date_order", "ymd") not in DATE_ORDERS:
        faults.append("date_order is none of " + ", ".join(DATE_ORDERS))
    delimiter = str(table.get("delimiter", ","))
    if len(delimiter) != 1 or delimiter in '"\r\n' or str(table.get("decimal", ".")) not in (".", ","):
        faults.append("delimiter is one character and no quote or line end, decimal is . or ,")
    return faults
