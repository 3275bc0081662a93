"""Lists as CSV: the EU consolidated annexes' layout, `name` with usual columns, or any layout by profile."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recoup.complaints.columns import read_date
from recoup.complaints.country import country_code
from recoup.complaints.text import csv_rows
from recoup.ground import Defect, Defects, Refused
from recoup.network.screening import Listing

FIELDS = ("entry", "names", "births", "countries", "identifiers")


@dataclass(frozen=True, slots=True)
class ListProfile:
    """Which columns (lower-case) hold what; several values in one cell are separated by `separator`."""

    entry: tuple[str, ...]
    names: tuple[str, ...]
    births: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    separator: str = ";"
    delimiter: str = ","


USUAL = ListProfile(
    entry=("celex", "recordid", "id", "entry"),
    names=("name", "alias", "weakalias", "previousname", "aliases"),
    births=("birthdate", "birth_date"),
    countries=("country", "nationality", "jurisdiction", "countries"),
    identifiers=(
        "passportnumber", "idnumber", "registrationnumber", "taxnumber", "inncode", "ogrncode", "leicode", "imonumber",
        "identifier", "identifiers",
    ),
)  # fmt: skip


def read_list_profile(path: Path) -> ListProfile:
    """A profile in TOML: `names = ["Trading name"]`, `entry = ["Ref"]`, …; unknown keys raise Refused."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(Defect(str(path), 0, f"is no profile: {error}", "Write TOML")) from None
    unknown = [key for key in table if key not in (*FIELDS, "separator", "delimiter")]
    if unknown or not table.get("names"):
        what = f"unknown keys {unknown}" if unknown else "names is missing"
        raise Refused(Defect(str(path), 0, what, "Keys: " + ", ".join((*FIELDS, "separator", "delimiter"))))
    columns = {field: _columns(table.get(field, ())) for field in FIELDS}
    return ListProfile(
        **columns, separator=str(table.get("separator", ";")), delimiter=str(table.get("delimiter", ","))
    )


def _columns(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(str(each).strip().lower() for each in values)


def read_table(path: Path, defects: Defects, profile: ListProfile | None = None) -> list[Listing]:
    """Entries of a CSV list; a row without a name is a defect, a file without a name column raises Refused."""
    used = profile or USUAL
    found = []
    for number, (line, row) in enumerate(csv_rows(path, defects, used.delimiter)):
        if number == 0 and not any(column in row for column in used.names):
            mend = "Write a profile with --profile that says which columns hold names"
            raise Refused(Defect(str(path), 1, f"no column {' / '.join(used.names)}", mend))
        names = _cells(row, used.names, used.separator)
        if not names:
            defects.add(str(path), line, "row rejected: it has no name", "Fill the name")
            continue
        entry = " ".join(text for column in used.entry if (text := row.get(column, "").strip())) or f"line {line}"
        births = tuple(_birth(each) for each in _cells(row, used.births, used.separator))
        codes = [country_code(each) or country_code(each[:2]) for each in _cells(row, used.countries, used.separator)]
        numbers = _cells(row, used.identifiers, used.separator)
        kept = tuple(dict.fromkeys(code for code in codes if code))
        found.append(Listing(path.stem, f"{entry}:{line}" if used is USUAL else entry, names, births, kept, numbers))
    return found


def _cells(row: Mapping[str, str], columns: tuple[str, ...], separator: str) -> tuple[str, ...]:
    parts = [part.strip() for column in columns for part in row.get(column, "").split(separator)]
    return tuple(dict.fromkeys(part for part in parts if part))


def _birth(text: str) -> str:
    """ISO 8601 as far as it is known: a full date, or the year that stands in the text."""
    try:
        return read_date(text, "dmy")
    except ValueError:
        year = re.search(r"(?:19|20)\d\d", text)
        return text if re.fullmatch(r"\d{4}(?:-\d\d)?(?:-\d\d)?", text) else year[0] if year else ""
