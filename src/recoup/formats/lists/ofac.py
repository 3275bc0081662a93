"""OFAC's lists: `sdn.csv` with `alt.csv` and `add.csv` (no headers, `-0-` is empty), and `sdn.xml`."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from lxml import etree

from recoup.complaints.country import country_code
from recoup.complaints.text import text_lines
from recoup.ground import Defect, Defects, Refused
from recoup.network.screening import Listing

_BORN = re.compile(r"DOB (?:circa )?((?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4})")
_COUNTRY = re.compile(r"(?:nationality|citizen) ([A-Z][A-Za-z' ]+)")
_IDENTIFIER = re.compile(
    r"(?:Passport|National ID No\.|Tax ID No\.|Registration (?:ID|Number)|Identification Number) "
    r"([A-Z0-9][A-Z0-9-]{4,24})"
)
_WALLET = re.compile(r"Digital Currency Address - \w+ ([0-9A-Za-z]{20,110})")
SDN_COLUMNS, ALT_COLUMNS, ADDRESS_COLUMNS = 12, 5, 6


def read_ofac_csv(paths: Sequence[Path], defects: Defects) -> list[Listing]:
    """Entries of `sdn.csv` files with the alternate names and address countries of the files beside them."""
    aliases: dict[str, list[str]] = defaultdict(list)
    countries: dict[str, list[str]] = defaultdict(list)
    mains: list[tuple[str, list[str]]] = []
    for path in paths:
        for row in _rows(path, defects):
            if len(row) == SDN_COLUMNS:
                mains.append((path.stem, row))
            elif len(row) == ALT_COLUMNS:
                aliases[row[0]].append(row[3])
            else:
                countries[row[0]].append(row[4])
    return [_entry(name, row, aliases[row[0]], countries[row[0]]) for name, row in mains]


def _rows(path: Path, defects: Defects) -> Iterator[list[str]]:
    for number, row in enumerate(csv.reader(text_lines(path, defects)), start=1):
        if len(row) in (SDN_COLUMNS, ALT_COLUMNS, ADDRESS_COLUMNS):
            yield ["" if cell.strip() == "-0-" else cell.strip() for cell in row]
        elif row and row != ["\x1a"]:
            defects.add(str(path), number, f"row rejected: {len(row)} fields", "sdn has 12 fields, alt 5, add 6")


def _entry(name: str, row: list[str], aliases: list[str], countries: list[str]) -> Listing:
    remarks = row[11]
    person = row[2] == "individual"
    names = tuple(dict.fromkeys(_turned(each) if person else each for each in (row[1], *aliases)))
    codes = [country_code(each) for each in (*_COUNTRY.findall(remarks), *countries)]
    return Listing(
        list=name,
        entry=row[0],
        names=names,
        births=tuple(dict.fromkeys(_birth(each) for each in _BORN.findall(remarks))),
        countries=tuple(dict.fromkeys(code for code in codes if code)),
        identifiers=tuple(dict.fromkeys((*_IDENTIFIER.findall(remarks), *_WALLET.findall(remarks)))),
        nature="person" if person else "entity",
    )


def _turned(name: str) -> str:
    """`AL-ZAWAHIRI, Ayman` as people say it."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma else name


def _birth(text: str) -> str:
    for pattern, shape in (("%d %b %Y", "%Y-%m-%d"), ("%b %Y", "%Y-%m"), ("%Y", "%Y")):
        try:
            return datetime.strptime(text, pattern).strftime(shape)
        except ValueError:
            continue
    return text[-4:]


def read_ofac_xml(path: Path, defects: Defects) -> list[Listing]:
    """Entries of `sdn.xml`; external entities are not resolved, and broken XML raises Refused."""
    found = []
    try:
        for _, element in etree.iterparse(str(path), events=("end",), tag="{*}sdnEntry", resolve_entities=False):
            listing = _xml_entry(path, element)
            if listing.names:
                found.append(listing)
            else:
                defects.add(str(path), element.sourceline or 0, "entry rejected: it has no name", "Export it again")
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Refused(Defect(str(path), error.lineno or 0, f"is not XML: {error.msg}", "Download it again")) from None
    return found


def _xml_entry(path: Path, element: etree._Element) -> Listing:
    names = [_xml_name(element), *(_xml_name(each) for each in element.iterfind("{*}akaList/{*}aka"))]
    numbers = [_text(each, "idNumber") for each in element.iterfind("{*}idList/{*}id")]
    births = [_birth(_text(e, "dateOfBirth")) for e in element.iterfind("{*}dateOfBirthList/{*}dateOfBirthItem")]
    places = [
        _text(e, "country") for e in (*element.iterfind("{*}nationalityList/*"), *element.iterfind("{*}addressList/*"))
    ]
    codes = [country_code(each) for each in places if each]
    nature = "person" if _text(element, "sdnType") == "Individual" else "entity"
    return Listing(path.stem, _text(element, "uid"), _kept(names), _kept(births), _kept(codes), _kept(numbers), nature)


def _xml_name(element: etree._Element) -> str:
    return f"{_text(element, 'firstName')} {_text(element, 'lastName')}".strip()


def _text(element: etree._Element, tag: str) -> str:
    return (element.findtext(f"{{*}}{tag}") or "").strip()


def _kept(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
