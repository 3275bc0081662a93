"""The catalogue from its YAML files: one file per instrument, plus guards, clocks and code lists."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from recoup.ground import Defect, Refused
from recoup.law.mark import Mark
from recoup.law.model import Catalogue, CodeBook, Instrument
from recoup.law.statement import guard_from, instrument_from
from recoup.law.yaml_file import read_yaml

_ROOM = Path(__file__).parent


@lru_cache(maxsize=1)
def built_in() -> Catalogue:
    """The catalogue of this package."""
    return read_catalogue(sorted((_ROOM / "catalogue").glob("*.yaml")))


def read_catalogue(files: Iterable[Path]) -> Catalogue:
    """The catalogue of these instrument files; a file that is not one raises Refused with the file's name."""
    guards, codes, clocks = (read_yaml(_ROOM / f"{name}.yaml") for name in ("guards", "codes", "clocks"))
    instruments = [_read_instrument(path) for path in files]
    return Catalogue(
        instruments={instrument.id: instrument for instrument in instruments},
        guards={row["id"]: guard_from(row, guards["sources"]) for row in guards["guards"]},
        codes=CodeBook(
            fields=codes["fields"],
            grounds=codes["grounds"],
            clocks={code: row["title"] for code, row in clocks["clocks"].items()},
            guards={row["id"]: row["title"] for row in guards["guards"]},
        ),
        marks=_marks(instruments),
    )


def with_files(base: Catalogue, files: Iterable[Path]) -> Catalogue:
    """`base` with the instruments of these files added, or put in the place of those with the same id."""
    more = read_catalogue(files)
    instruments = {**base.instruments, **more.instruments}
    return Catalogue(instruments, base.guards, base.codes, _marks(instruments.values()))


def _marks(instruments: Iterable[Instrument]) -> tuple[tuple[str, Mark], ...]:
    return tuple((f"{one.id}: {rule.id}", rule.mark) for one in instruments for rule in one.rules)


def _read_instrument(path: Path) -> Instrument:
    try:
        return instrument_from(read_yaml(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{type(error).__name__}: {str(error)[:200]}"
        mend = "Run the linter of the catalogue; the shape is in docs/reference/catalogue.md"
        raise Refused(Defect(path.name, 0, what, mend)) from error
