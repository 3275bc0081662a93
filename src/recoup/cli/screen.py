"""`recoup screen`: names against lists."""

from __future__ import annotations

import json
from pathlib import Path

import click

from recoup.complaints.columns import read_date
from recoup.complaints.country import country_code
from recoup.complaints.selectors import folded
from recoup.complaints.text import csv_rows
from recoup.formats.lists.reading import read_lists
from recoup.formats.lists.table import read_list_profile
from recoup.ground import Defect, Defects, Refused
from recoup.network.screening import ALARM, Hit, Screen, Subject


@click.command()
@click.argument("names", type=click.Path(path_type=Path))
@click.option("--list", "lists", multiple=True, required=True, type=click.Path(path_type=Path), help="A list file.")
@click.option(
    "--profile", type=click.Path(path_type=Path), help="TOML file that says which columns of CSV lists hold what."
)
@click.option("--alarm", type=click.IntRange(1, 1000), default=ALARM, show_default=True, help="Least score of a hit.")
@click.option("--cleared", type=click.Path(path_type=Path), help="CSV name,list,entry of hits a person ruled out.")
@click.option("--json", "as_json", is_flag=True, help="One object per name.")
@click.pass_context
def screen(
    ctx: click.Context,
    names: Path,
    lists: tuple[Path, ...],
    profile: Path | None,
    alarm: int,
    cleared: Path | None,
    as_json: bool,
) -> None:
    """Screen NAMES (CSV: id,name,birth_date,country,identifier) against lists (OFAC, UN, EU, FollowTheMoney, CSV)."""
    defects = Defects()
    ready = Screen(read_lists(lists, defects, read_list_profile(profile) if profile else None))
    ruled_out = _cleared(cleared, defects) if cleared else frozenset()
    for subject in _subjects(names, defects):
        hits = ready.hits(subject, alarm, ruled_out)
        if as_json:
            click.echo(json.dumps({"id": subject.id, "hits": [_hit(hit) for hit in hits]}, ensure_ascii=False))
        else:
            for hit in hits:
                reasons = "; ".join(hit.why)
                click.echo(f"{subject.id} {subject.name}: {hit.score} {hit.name} ({hit.list} {hit.entry}); {reasons}")
    for defect in defects:
        click.echo(str(defect), err=True)
    ctx.exit(1 if len(defects) else 0)


def _hit(hit: Hit) -> dict[str, object]:
    """`score` from 0 to 1 with three digits."""
    return {"list": hit.list, "entry": hit.entry, "name": hit.name, "score": hit.score / 1000, "why": list(hit.why)}


def _subjects(path: Path, defects: Defects) -> list[Subject]:
    found = []
    for number, (line, row) in enumerate(csv_rows(path, defects)):
        if number == 0 and not {"id", "name"} <= row.keys():
            mend = "The columns are id,name,birth_date,country,identifier; all but id and name may be missing"
            raise Refused(Defect(str(path), 1, "columns id and name are needed", mend))
        if not row["name"].strip() and not row.get("identifier", "").strip():
            defects.add(str(path), line, "row rejected: name is empty", "Fill the name or the identifier")
            continue
        born, country = row.get("birth_date", "").strip(), row.get("country", "").strip()
        code = country_code(country)
        if country and not code:
            defects.add(
                str(path), line, f"country left unknown: {country[:40]!r}", "Write the alpha-2 code or the name"
            )
        found.append(
            Subject(
                row["id"].strip() or f"line {line}",
                row["name"],
                _born(path, line, born, defects),
                code,
                row.get("identifier", "").strip(),
            )
        )
    return found


def _born(path: Path, line: int, text: str, defects: Defects) -> str:
    if not text or (len(text) in (4, 7) and text[:4].isdecimal()):
        return text
    try:
        return read_date(text, "ymd")
    except ValueError as error:
        defects.add(str(path), line, f"birth_date left unknown: {error}", "Write 1961-04-30 or 1961")
        return ""


def _cleared(path: Path, defects: Defects) -> frozenset[tuple[str, str, str]]:
    found = set()
    for line, row in csv_rows(path, defects):
        if {"name", "list", "entry"} <= row.keys():
            found.add((folded(row["name"]), row["list"].strip(), row["entry"].strip()))
        else:
            defects.add(str(path), line, "row rejected: columns missing", "The columns are name,list,entry")
    return frozenset(found)
