"""`recoup complaints`: read, extract, consolidate victims, map operators."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from recoup.cli.spool import spooled
from recoup.complaints import Complaint, Recall, read_complaint_files, read_profile, recalls
from recoup.complaints.profile import CANONICAL
from recoup.complaints.selectors import Gazetteer, Known, Selector, selectors_of
from recoup.complaints.victims import Consolidation, Link, consolidate
from recoup.ground import Defect, Defects, Instant, Refused
from recoup.network.operators import NetworkMap, mapped
from recoup.network.patterns import patterns_of
from recoup.network.report import write_report
from recoup.network.sightings import sightings_of


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", type=click.Path(path_type=Path), help="TOML file that maps another layout.")
@click.option("--names", type=click.Path(path_type=Path), help="CSV of known names: name,id,kind.")
@click.option("--as-of", help="Instant or date against which payments are young; without it none is flagged.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the patterns report.")
@click.option("--json", "as_json", is_flag=True, help="One object per line.")
@click.pass_context
def complaints(
    ctx: click.Context,
    files: tuple[Path, ...],
    profile: Path | None,
    names: Path | None,
    as_of: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Read complaint FILES (CSV, JSON; `-` is stdin): selectors, victims, operators, findings."""
    moment, defects = _moment(as_of), Defects()
    layout = read_profile(profile) if profile else CANONICAL
    with spooled(files) as (paths, shown):
        found = read_complaint_files(paths, defects, layout)
    gazetteer = Gazetteer(_known(names, defects) if names else ())
    selectors = {complaint.id: selectors_of(complaint, gazetteer) for complaint in found}
    consolidation = consolidate(found)
    network = mapped(each for complaint in found for each in sightings_of(complaint, selectors[complaint.id]))
    young = recalls(found, moment) if moment else []
    if as_json:
        for line in _lines(found, selectors, consolidation, network, young):
            click.echo(json.dumps(line, ensure_ascii=False))
    else:
        _summary(found, selectors, consolidation, network, young)
    if out:
        for path in write_report(patterns_of(found, consolidation, network, moment), out):
            click.echo(f"wrote {path}", err=True)
    for defect in (*defects, *defects.notices):
        click.echo(shown(str(defect)), err=True)
    ctx.exit(1 if len(defects) else 0)


def _moment(text: str | None) -> Instant | None:
    try:
        return Instant.parse(text) if text else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from None


def _known(path: Path, defects: Defects) -> Iterator[Known]:
    from recoup.complaints.text import csv_rows

    try:
        for line, row in csv_rows(path, defects):
            if row.get("name", "").strip():
                yield Known(row["name"].strip(), row.get("id", "").strip() or row["name"].strip(), row.get("kind", ""))
            else:
                defects.add(str(path), line, "row rejected: name is empty", "The columns are name,id,kind")
    except csv.Error as error:
        raise Refused(Defect(str(path), 0, str(error), "Write it as CSV")) from None


Line = dict[str, object]


def _lines(
    found: Iterable[Complaint],
    selectors: dict[str, list[Selector]],
    consolidation: Consolidation,
    network: NetworkMap,
    young: Iterable[Recall],
) -> Iterator[Line]:
    for complaint in found:
        for selector in selectors[complaint.id]:
            yield _selector_line(complaint.id, selector)
    for victim in consolidation.victims:
        yield {
            "kind": "victim",
            "id": victim.id,
            "complaints": list(victim.complaints),
            "why": [_link_line(link) for link in victim.why],
        }
    yield from _operator_lines(network)
    yield from _finding_lines(consolidation, network, young)


def _selector_line(complaint: str, selector: Selector) -> Line:
    line: Line = {"kind": "selector", "complaint": complaint, "type": selector.type.value, "raw": selector.raw}
    line |= {"value": selector.value, "start": selector.start, "end": selector.end, "field": selector.field}
    return line | {"valid": selector.valid} | ({"detail": selector.detail} if selector.detail else {})


def _link_line(link: Link) -> Line:
    evidence = [{"field": e.field, "outcome": e.outcome, "weight_tenth_bits": e.weight} for e in link.evidence]
    return {"a": link.a, "b": link.b, "margin_tenth_bits": link.margin, "evidence": evidence}


def _operator_lines(network: NetworkMap) -> Iterator[Line]:
    for operator in network.operators:
        edges = [
            {"complaint": e.subject, "selector": e.key, "class": "same-operator", "source": str(e.source)}
            for e in operator.edges
        ]
        edges += [
            {"complaint": e.subject, "selector": e.key, "class": "same-platform", "source": str(e.source)}
            for link in network.platforms
            for e in link.edges
            if e.subject in operator.subjects
        ]
        yield {
            "kind": "operator",
            "id": operator.id,
            "selectors": list(operator.keys),
            "complaints": list(operator.subjects),
            "edges": edges,
        }


def _finding_lines(consolidation: Consolidation, network: NetworkMap, young: Iterable[Recall]) -> Iterator[Line]:
    for each in young:
        payment = each.payment
        yield {
            "kind": "finding",
            "code": "recall-window",
            "complaint": each.complaint,
            "line": payment.line,
            "verdict": each.verdict.answer.value,
            "reasons": list(each.verdict.reasons),
            "hours_left": each.hours_left,
            "recipient": payment.recipient,
            "amount": payment.written,
        }
    for review in consolidation.reviews:
        yield {"kind": "finding", "code": "victim-review", "reason": review.reason, **_link_line(review.link)}
    for hot in consolidation.hot:
        yield {"kind": "finding", "code": "hot-value", "field": hot.field, "value": hot.value, "records": hot.records}
    for link in network.platforms:
        yield {"kind": "finding", "code": "same-platform", "selector": link.key, "operators": list(link.operators)}
    for common in network.too_common:
        yield {"kind": "finding", "code": "too-common", "selector": common.key, "subjects": common.subjects}


def _summary(
    found: tuple[Complaint, ...],
    selectors: dict[str, list[Selector]],
    consolidation: Consolidation,
    network: NetworkMap,
    young: list[Recall],
) -> None:
    many = [victim for victim in consolidation.victims if len(victim.complaints) > 1]
    click.echo(f"{len(found):,} complaints, {sum(map(len, selectors.values())):,} selectors")
    click.echo(f"{len(consolidation.victims):,} victims, {len(many):,} of them with several complaints")
    click.echo(f"{len(consolidation.reviews):,} pairs for review by a person")
    for operator in network.operators[:20]:
        click.echo(f"operator {operator.id}: {len(operator.subjects):,} complaints; {', '.join(operator.keys[:8])}")
    for each in young:
        click.echo(
            f"recall {each.verdict.answer.value}: {each.complaint}, {each.payment.written}: {each.verdict.reasons[0]}"
        )
