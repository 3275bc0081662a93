"""The catalogue from its YAML files: one file per instrument, plus guards, clocks and code lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from recoup.ground import Defect, Refused
from recoup.law.codes import (
    AuthorityType,
    GuardEffect,
    InstrumentKind,
    Leg,
    Measure,
    Parties,
    RuleKind,
    VerifyMark,
)
from recoup.law.expression import parse
from recoup.law.model import Catalogue, CodeBook, Days, Guard, Instrument, Mark, Period, Route, Rule

CATALOGUE_FILE_BYTES_MAX = 1_000_000
_ROOM = Path(__file__).parent
_Yaml = Mapping[str, Any]


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


def read_yaml(path: Path) -> _Yaml:
    """The mapping in a YAML file; anything else, none, or more than CATALOGUE_FILE_BYTES_MAX, raises Refused."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(Defect(path.name, 0, "the file is not there or not readable", "Put it there")) from error
    if size > CATALOGUE_FILE_BYTES_MAX:
        raise Refused(Defect(path.name, 0, f"{size} bytes is too much for one file of the catalogue", "Split it"))
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 0
        raise Refused(Defect(path.name, line, "not a YAML file", "Mend the file at this line")) from error
    if not isinstance(data, dict):
        raise Refused(Defect(path.name, 1, "not a mapping", "See docs/reference/catalogue.md"))
    return data


def _read_instrument(path: Path) -> Instrument:
    try:
        return instrument_from(read_yaml(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{type(error).__name__}: {str(error)[:200]}"
        mend = "Run the linter of the catalogue; the shape is in docs/reference/catalogue.md"
        raise Refused(Defect(path.name, 0, what, mend)) from error


def instrument_from(data: _Yaml) -> Instrument:
    """One instrument from the mapping of its file; KeyError, TypeError or ValueError where it is not of the shape."""
    sources = data["sources"]
    return Instrument(
        id=data["id"],
        name=data["name"],
        kind=InstrumentKind(data["kind"]),
        tier=data["tier"],
        binding=data["binding"],
        matter=data["matter"],
        coverage=data["coverage"],
        period=_period(data),
        table=data["table"],
        parties=Parties(data["parties"]),
        mark=mark_from(data["mark"], sources),
        routes=tuple(_route(row, sources) for row in data["routes"]),
        rules=tuple(_rule(row, sources) for row in data["rules"]),
        hosts=frozenset(data.get("hosts", ())),
        domestic=data.get("domestic", False),
    )


def mark_from(row: _Yaml, sources: _Yaml) -> Mark:
    """The mark of one statement; `as_of` and `review_by` are those of its source unless the statement has its own."""
    source = sources[row["source"]]
    return Mark(
        source=source["title"],
        as_of=_date(row.get("as_of", source["as_of"])),
        verify=VerifyMark(row["verify"]),
        review_by=_date(row.get("review_by", source["review_by"])),
    )


def _period(row: _Yaml) -> Period:
    return Period(_day(row["valid_from"]), _day(row.get("valid_to")))


def _day(value: object) -> date | None:
    return None if value is None else _date(value)


def _date(value: object) -> date:
    if type(value) is date:
        return value
    raise TypeError(f"{value!r} is not a date; write it as 2026-11-21, without quotes")


def _route(row: _Yaml, sources: _Yaml) -> Route:
    time = Days(**row["time"])
    return Route(
        id=row["id"],
        measure=Measure(row["measure"]),
        leg=Leg(row["leg"]),
        does=row["does"],
        issuers=frozenset(map(AuthorityType, row["issuers"])),
        receivers=tuple(map(AuthorityType, row["receivers"])),
        channel=row["channel"],
        evidence_min=row["evidence_min"],
        time=time,
        urgent_time=Days(**row["urgent_time"]) if "urgent_time" in row else time,
        mark=mark_from(row["mark"], sources),
    )


def _rule(row: _Yaml, sources: _Yaml) -> Rule:
    return Rule(
        id=row["id"],
        kind=RuleKind(row["kind"]),
        clause=row["clause"],
        says=row["says"],
        when=parse(row.get("when", "true")),
        mark=mark_from(row, sources),
        period=Period(_day(row.get("valid_from", date.min)), _day(row.get("valid_to"))),
        routes=frozenset(row.get("routes", ())),
        ground=row.get("ground", ""),
        mitigation=row.get("mitigation", ""),
        fields=tuple(row.get("fields", ())),
        clocks=tuple(row.get("clocks", ())),
        over=tuple(row.get("over", ())),
    )


def guard_from(row: _Yaml, sources: _Yaml) -> Guard:
    """One guard from its mapping in `guards.yaml`."""
    return Guard(
        id=row["id"],
        title=row["title"],
        effect=GuardEffect(row["effect"]),
        legs=frozenset(map(Leg, row.get("legs", ()))),
        receivers=frozenset(map(AuthorityType, row.get("receivers", ()))),
        instruments=frozenset(row.get("instruments", ())),
        when=parse(row.get("when", "true")),
        require=parse(row["require"]),
        because=row["because"],
        alternatives=tuple(row["alternatives"]),
        mark=mark_from(row, sources),
    )
