"""The step "trace": from files and declared choices to results, and to a bundle that anyone can recompute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from recoup.formats.exhibit import ClaimLine, Exhibit, Extent, InputFile
from recoup.ground import Defect, Defects, Instant, Refused
from recoup.ledger import Ledger, check, read_ledgers
from recoup.tracing import (
    FeePolicy,
    Granularity,
    Parameters,
    Question,
    Result,
    Rule,
    Sheet,
    Trace,
    co_spend,
    read_claims,
    read_clusters,
    read_links,
    read_services,
    sensitivity,
)

T = TypeVar("T")
Names = Mapping[Path, str]


@dataclass(frozen=True)
class Inputs:
    """The files of one trace."""

    ledgers: tuple[Path, ...]
    claims: Path
    services: Path | None = None
    clusters: Path | None = None
    links: Path | None = None

    def by_role(self) -> Iterator[tuple[str, Path]]:
        yield from (("ledger", path) for path in self.ledgers)
        yield ("claims", self.claims)
        for role, path in (("services", self.services), ("clusters", self.clusters), ("links", self.links)):
            if path is not None:
                yield (role, path)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a run declares. `rules[0]` is the declared rule; the others are shown beside it and never instead of it."""

    rules: tuple[Rule, ...]
    granularity: Granularity = Granularity.COIN
    fee_policy: FeePolicy = FeePolicy.LAST
    until: Instant | None = None
    min_amount: int = 0
    max_hops: int | None = None
    backward: bool = False
    sensitivity: bool = True
    language: str = "en"

    def parameters(self, rule: Rule) -> Parameters:
        return Parameters(
            rule,
            self.granularity,
            self.fee_policy,
            until=self.until,
            min_amount=self.min_amount,
            max_hops=self.max_hops,
            backward=self.backward,
        )


@dataclass(frozen=True)
class Traced:
    """A finished run: per rule one result for each asset, the declared rule first. `notices` a reader must know."""

    ledger: Ledger
    question: Question
    runs: tuple[tuple[Result, ...], ...]
    notices: tuple[Defect, ...]

    @property
    def declared(self) -> tuple[Result, ...]:
        return self.runs[0]

    @property
    def others(self) -> tuple[Result, ...]:
        return tuple(result for run in self.runs[1:] for result in run)


def trace_files(inputs: Inputs, choices: Choices, names: Names | None = None) -> Traced:
    """Read everything, then run every rule asked. `names` stand for paths in whatever the results say.

    Clusters that no file gives are those of co-spending, an inference that the report names. A rejected row, a ledger
    that contradicts itself, or a claim that does not fit raise Refused with file and line.
    """
    ledger, question, notices = read_inputs(inputs, names or {})
    if choices.granularity is Granularity.CLUSTER and inputs.clusters is None:
        question = replace(question, clusters=co_spend(ledger))
    trace = Trace(ledger, question)
    runs = tuple(trace.under(choices.parameters(rule)) for rule in choices.rules)
    return Traced(ledger, question, runs, notices)


def read_inputs(inputs: Inputs, names: Names) -> tuple[Ledger, Question, tuple[Defect, ...]]:
    """The ledger and the question; any defect of any file raises Refused with all of them."""
    defects = Defects()
    try:
        ledger = read_ledgers(inputs.ledgers, defects)
        question = Question(
            claims=read_claims(inputs.claims, defects),
            services=_optional(read_services, inputs.services, defects),
            links=_optional(read_links, inputs.links, defects),
            clusters=_optional(read_clusters, inputs.clusters, defects),
        )
    except Refused as refusal:
        raise Refused(*_named([*defects, *refusal.defects], names)) from None
    found = [*defects, *(finding.defect() for finding in check(ledger) if finding.contradicts)]
    if found:
        raise Refused(*_named(found, names))
    return _ledger_named(ledger, names), _question_named(question, names), tuple(_named(defects.notices, names))


def _optional(read: Callable[[Path, Defects], tuple[T, ...]], path: Path | None, defects: Defects) -> tuple[T, ...]:
    return read(path, defects) if path is not None else ()


def _by_text(names: Names) -> dict[str, str]:
    return {str(path): name for path, name in names.items()}


def _named(defects: list[Defect], names: Names) -> list[Defect]:
    known = _by_text(names)
    return [replace(defect, file=known.get(defect.file, defect.file)) for defect in defects]


def _ledger_named(ledger: Ledger, names: Names) -> Ledger:
    known = _by_text(names)
    if not known:
        return ledger
    return Ledger(tuple(replace(entry, file=known.get(entry.file, entry.file)) for entry in ledger))


def _question_named(question: Question, names: Names) -> Question:
    known = _by_text(names)
    claims = tuple(replace(claim, file=known.get(claim.file, claim.file)) for claim in question.claims)
    links = tuple(replace(link, file=known.get(link.file, link.file)) for link in question.links)
    return replace(question, claims=claims, links=links)


def exhibit_of(
    traced: Traced, choices: Choices, files: tuple[InputFile, ...], versions: tuple[tuple[str, str], ...]
) -> Exhibit:
    """Everything that report and tables say about a finished run."""
    sheets: tuple[Sheet, ...] = ()
    if choices.sensitivity:
        sheets = sensitivity(traced.ledger, traced.question, choices.parameters(choices.rules[0]))
    return Exhibit(
        language=choices.language,
        results=traced.declared,
        others=traced.others,
        sheets=sheets,
        claims=claim_lines(traced.ledger, traced.question),
        services=traced.question.services,
        links=traced.question.links,
        inputs=files,
        extent=_extent(traced.ledger),
        versions=versions,
    )


def claim_lines(ledger: Ledger, question: Question) -> tuple[ClaimLine, ...]:
    """Each claim with the account, time and asset of the leg that it names."""
    wanted = {claim.key for claim in question.claims}
    legs = {(entry.id, leg.id): (entry, leg) for entry, leg in ledger.legs() if (entry.id, leg.id) in wanted}
    lines = []
    for claim in question.claims:
        entry, leg = legs[claim.key]
        where = (leg.account, str(entry.time), leg.asset)
        lines.append(ClaimLine(claim.claim, claim.entry, claim.leg, *where, claim.amount))
    return tuple(lines)


def _extent(ledger: Ledger) -> Extent:
    times = [entry.time for entry in ledger]
    legs = sum(len(entry.legs) for entry in ledger)
    return Extent(len(ledger), legs, str(min(times)) if times else "", str(max(times)) if times else "")
