"""Kinds of time limit (C01-C22), their terms and how they are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from recoup.law.mark import Mark
from recoup.law.statement import mark_from
from recoup.law.yaml_file import read_yaml


class Unit(StrEnum):
    HOURS = "h"
    CALENDAR_DAYS = "cal_d"
    WORKING_DAYS = "work_d"


class Counting(StrEnum):
    """`eu`: Regulation (EEC, Euratom) No 1182/71; `plain`: the day of the event is left out, no last day moves."""

    EU = "eu"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Term:
    """`length` > 0 in its unit."""

    name: str
    length: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Clock:
    """One kind of time limit (C01-C22). Its terms run one after the other; `extended_max` bounds them together."""

    code: str
    title: str
    starts: str
    terms: tuple[Term, ...]
    urgent_terms: tuple[Term, ...]
    extended_max: Term | None
    warn_after: Term | None
    counting: Counting
    pausable: bool
    on_warn: str
    on_breach: str
    mark: Mark

    @property
    def words(self) -> str:
        """`decision 48 h, then execution 48 h`."""
        units = {Unit.HOURS: "h", Unit.CALENDAR_DAYS: "days", Unit.WORKING_DAYS: "working days"}
        return ", then ".join(f"{term.name} {term.length} {units[term.unit]}" for term in self.terms)


@lru_cache(maxsize=1)
def clocks() -> Mapping[str, Clock]:
    """Every clock of the catalogue by code."""
    data = read_yaml(Path(__file__).parent / "clocks.yaml")
    return {code: _clock(code, row, data["sources"]) for code, row in data["clocks"].items()}


def _clock(code: str, row: Mapping[str, Any], sources: Mapping[str, Any]) -> Clock:
    return Clock(
        code=code,
        title=row["title"],
        starts=row["starts"],
        terms=tuple(map(_term, row["terms"])),
        urgent_terms=tuple(map(_term, row.get("urgent_terms", ()))),
        extended_max=_term({"name": "extended", **row["extended_max"]}) if "extended_max" in row else None,
        warn_after=_term({"name": "warn", **row["warn_after"]}) if "warn_after" in row else None,
        counting=Counting(row["counting"]),
        pausable=row["pausable"],
        on_warn=row["on_warn"],
        on_breach=row["on_breach"],
        mark=mark_from(row, sources),
    )


def _term(row: Mapping[str, Any]) -> Term:
    if type(row["length"]) is not int or row["length"] < 1:
        raise ValueError(f"{row['length']!r} is not a length")
    return Term(row["name"], row["length"], Unit(row["unit"]))
