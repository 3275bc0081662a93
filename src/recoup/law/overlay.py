"""A folder of own instruments and tables, laid over the built-in law."""

from __future__ import annotations

from pathlib import Path

from recoup.ground import Defect, Refused
from recoup.law.codes import Parties as Mode
from recoup.law.lint import lint
from recoup.law.load import with_files
from recoup.law.tables import read_parties
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
    law = Law(with_files(base.catalogue, files) if files else base.catalogue, parties)
    for name, instrument in sorted(law.catalogue.instruments.items()):
        if instrument.parties is not Mode.NONE and instrument.table not in parties.tables:
            what = f"{name}: no table is called {instrument.table!r}"
            raise Refused(Defect(f"{name}.yaml", 0, what, "Add the table to participation/tables.yaml"))
    return law
