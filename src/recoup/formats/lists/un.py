"""The UN Security Council's consolidated list (XML)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from recoup.complaints.country import country_code
from recoup.ground import Defect, Defects, Refused
from recoup.network.screening import Listing

_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read_un(path: Path, defects: Defects) -> list[Listing]:
    """Individuals and entities with all aliases and the name in its own script; broken XML raises Refused."""
    found = []
    try:
        tags = ("INDIVIDUAL", "ENTITY")
        for _, element in etree.iterparse(str(path), events=("end",), tag=tags, resolve_entities=False):
            listing = _entry(path, element)
            if listing.names:
                found.append(listing)
            else:
                defects.add(str(path), element.sourceline or 0, "entry rejected: it has no name", "Export it again")
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Refused(Defect(str(path), error.lineno or 0, f"is not XML: {error.msg}", "Download it again")) from None
    return found


def _entry(path: Path, element: etree._Element) -> Listing:
    kind = element.tag
    names = [" ".join(part for tag in _PARTS if (part := _text(element, tag))), _text(element, "NAME_ORIGINAL_SCRIPT")]
    names += [_text(each, "ALIAS_NAME") for each in element.iterfind(f"{kind}_ALIAS")]
    births = [_text(e, "DATE")[:10] or _text(e, "YEAR") for e in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH")]
    places = [_text(each, "VALUE") for each in element.iterfind("NATIONALITY")]
    places += [_text(each, "COUNTRY") for each in element.iterfind(f"{kind}_ADDRESS")]
    numbers = [_text(each, "NUMBER") for each in element.iterfind("INDIVIDUAL_DOCUMENT")]
    return Listing(
        list=path.stem,
        entry=_text(element, "REFERENCE_NUMBER") or _text(element, "DATAID"),
        names=_kept(_split(names)),
        births=_kept(births),
        countries=_kept(country_code(place) for place in places if place),
        identifiers=_kept(numbers),
        nature="person" if kind == "INDIVIDUAL" else "entity",
    )


def _split(names: Iterable[str]) -> Iterable[str]:
    """Some aliases hold several names with a semicolon between."""
    return (part.strip() for name in names for part in name.split(";"))


def _text(element: etree._Element, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())


def _kept(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
