"""Any list file, by what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recoup.formats.lists.ftm import read_ftm
from recoup.formats.lists.ofac import read_ofac_csv, read_ofac_xml
from recoup.formats.lists.table import ListProfile, read_table
from recoup.formats.lists.un import read_un
from recoup.ground import Defect, Defects, Refused
from recoup.network.screening import Listing

HEAD_BYTES = 4096


def read_lists(paths: Sequence[Path], defects: Defects, profile: ListProfile | None = None) -> list[Listing]:
    """Entries of all files in order. Alternate names of OFAC (`alt.csv`) join the entries of the list beside them."""
    found: list[Listing] = []
    ofac: list[Path] = []
    for path in paths:
        head = _head(path)
        if "<sdnList" in head:
            found += read_ofac_xml(path, defects)
        elif "<CONSOLIDATED_LIST" in head:
            found += read_un(path, defects)
        elif head.lstrip().startswith("{"):
            found += read_ftm(path, defects)
        elif _is_ofac(head):
            ofac.append(path)
        elif head.lstrip().startswith("<"):
            mend = "Known are OFAC sdn.xml and the UN consolidated list"
            raise Refused(Defect(str(path), 1, "is XML of an unknown kind", mend))
        else:
            found += read_table(path, defects, profile)
    return found + read_ofac_csv(ofac, defects)


def _head(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES).decode("utf-8", "replace").lstrip("\ufeff")
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", "Check the name")) from None


def _is_ofac(head: str) -> bool:
    """No header; a number first, and `-0-` for what is empty."""
    first = head.partition("\n")[0]
    return first.partition(",")[0].strip().isdigit() and "-0-" in first
