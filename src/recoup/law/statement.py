"""Instruments, routes, rules and guards from the mappings of their files."""

from __future__ import annotations

from datetime import date

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
from recoup.law.condition import parse
from recoup.law.mark import Days, Mark, Period
from recoup.law.model import Guard, Instrument, Route, Rule
from recoup.law.yaml_file import Yaml


def instrument_from(data: Yaml) -> Instrument:
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


def mark_from(row: Yaml, sources: Yaml) -> Mark:
    """The mark of one statement; `as_of` and `review_by` are those of its source unless the statement has its own."""
    source = sources[row["source"]]
    return Mark(
        source=source["title"],
        as_of=_date(row.get("as_of", source["as_of"])),
        verify=VerifyMark(row["verify"]),
        review_by=_date(row.get("review_by", source["review_by"])),
    )


def _period(row: Yaml) -> Period:
    return Period(_day(row["valid_from"]), _day(row.get("valid_to")))


def _day(value: object) -> date | None:
    return None if value is None else _date(value)


def _date(value: object) -> date:
    if type(value) is date:
        return value
    raise TypeError(f"{value!r} is not a date; write it as 2026-11-21, without quotes")


def _route(row: Yaml, sources: Yaml) -> Route:
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


def _rule(row: Yaml, sources: Yaml) -> Rule:
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


def guard_from(row: Yaml, sources: Yaml) -> Guard:
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
