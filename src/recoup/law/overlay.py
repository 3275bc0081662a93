"""A folder of own instruments and tables, laid over the built-in law."""

from __future__ import annotations

from pathlib import Path

from recoup.ground import Refused
from recoup.law.lint import lint
from recoup.law.load import with_files
from recoup.law.standing import read_parties
from recoup.law.weigh import Law


def law_of_folder(folder: Path, base: Law) -> Law:
    """`base` with `catalogue/*.yaml` and `participation/` of the folder put before it; Refused with every defect.

    Own instruments pass the linter first: no statement comes in without source and mark.
    """
    files = sorted((folder / "catalogue").glob("*.yaml"))
    defects = lint(files)
    if len(defects):
        raise Refused(*defects)
    tables = folder / "participation"
    parties = read_parties(tables, base.parties) if tables.is_dir() else base.parties
    return Law(with_files(base.catalogue, files) if files else base.catalogue, parties)
