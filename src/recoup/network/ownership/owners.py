"""The answer for one target: owners with their chains, what would remove them, the fallback and the findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from recoup.network.ownership.assess import Assessment, assessed
from recoup.network.ownership.bounds import CycleTooLarge
from recoup.network.ownership.graph import Graph, Link, graph_above
from recoup.network.ownership.model import ONE, ZERO, Finding, Interest, Nature, Register
from recoup.network.ownership.regimes import Regime

CHAINS_SHOWN_MAX = 50
CHAIN_LENGTH_MAX = 30
REMOVED_TOGETHER_MAX = 3
REMOVALS_TRIED_MAX = 400


@dataclass(frozen=True, slots=True)
class Owner:
    """A person and the bounds of its share in the target. `chains` are statement ids from the person to the target;
    `removes_if` is a smallest set of statements without which the person is no certain owner (empty where none was
    found among REMOVALS_TRIED_MAX sets)."""

    person: str
    name: str
    assessment: Assessment
    chains: tuple[tuple[str, ...], ...]
    removes_if: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manager:
    """A senior managing official: named where no owner is certain, never called an owner."""

    person: str
    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Owners, certain first; the fallback where none is certain; findings."""

    target: str
    regime: str
    owners: tuple[Owner, ...]
    fallback: tuple[Manager, ...]
    findings: tuple[Finding, ...]


def owners_of(register: Register, target: str, regime: Regime) -> Ownership:
    """Beneficial owners of `target` under `regime`. An unknown target raises KeyError."""
    if target not in register.parties:
        raise KeyError(target)
    graph = graph_above(register, target)
    findings = list(graph.findings) + _findings(graph)
    owners = []
    try:
        owners = [_owner(graph, person, regime) for person in graph.persons()]
    except CycleTooLarge as error:
        findings.append(Finding("cycle-too-large", (), str(error)))
    ranks = {"certain": 0, "possible": 1, "excluded": 2}
    owners.sort(key=lambda o: (ranks[o.assessment.status], -o.assessment.low, -o.assessment.high, o.person))
    certain = any(owner.assessment.status == "certain" for owner in owners)
    ordered = tuple(sorted(set(findings), key=lambda each: (each.code, each.statements, each.detail)))
    return Ownership(target, regime.name, tuple(owners), () if certain else _managers(graph), ordered)


def _owner(graph: Graph, person: str, regime: Regime) -> Owner:
    assessment = assessed(graph, person, regime)
    chains = _chains(graph, person)
    removes = _removes(graph, person, regime, chains) if assessment.status == "certain" else ()
    return Owner(person, graph.register.name(person), assessment, chains, removes)


def _chains(graph: Graph, person: str) -> tuple[tuple[str, ...], ...]:
    """Simple ways from the person down to the target as statement ids, shortest first."""
    down: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entity, links in graph.links.items():
        for link in links:
            down[link.holder].append((entity, link.statements[0]))
    for holding in graph.others:
        if holding.interest not in (Interest.MANAGER, Interest.NOMINEE):
            down[holding.holder].append((holding.subject, holding.statement))
    found: list[tuple[str, ...]] = []
    ahead: list[tuple[str, tuple[str, ...], frozenset[str]]] = [(person, (), frozenset({person}))]
    while ahead and len(found) < CHAINS_SHOWN_MAX:
        party, way, seen = ahead.pop(0)
        if party == graph.target:
            found.append(way)
            continue
        for entity, statement in sorted(set(down[party])):
            if entity not in seen and len(way) < CHAIN_LENGTH_MAX and len(ahead) < 10_000:
                ahead.append((entity, (*way, statement), seen | {entity}))
    return tuple(dict.fromkeys(found))


def _removes(graph: Graph, person: str, regime: Regime, chains: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    statements = list(dict.fromkeys(name for chain in chains for name in chain))
    tried = 0
    for size in range(1, REMOVED_TOGETHER_MAX + 1):
        for removed in combinations(statements, size):
            tried += 1
            if tried > REMOVALS_TRIED_MAX:
                return ()
            if assessed(graph.without(frozenset(removed)), person, regime).status != "certain":
                return removed
    return ()


def _managers(graph: Graph) -> tuple[Manager, ...]:
    found: dict[str, list[str]] = defaultdict(list)
    for holding in graph.others:
        if holding.interest is Interest.MANAGER and holding.subject == graph.target and holding.holder:
            found[holding.holder].append(holding.statement)
    name = graph.register.name
    return tuple(Manager(person, name(person), tuple(sorted(said))) for person, said in sorted(found.items()))


def _findings(graph: Graph) -> list[Finding]:
    found = [
        Finding("declared-unknown", link.statements, f"{entity}: the register names no party")
        for entity, links in graph.links.items()
        for link in links
        if not link.holder
    ]
    if not graph.persons():
        found.append(Finding("no-natural-person", (), "no chain leads to a natural person"))
    found += _ends(graph)
    found += _loops(graph)
    return found


def _ends(graph: Graph) -> Iterable[Finding]:
    """Where the register stops: entities without holders, and shares that nobody declares."""
    for entity, links in graph.links.items():
        nature = graph.register.nature(entity)
        if nature is Nature.STATE:
            yield Finding("state", (), entity)
        elif not links and not any(each.subject == entity for each in graph.others):
            yield Finding("chain-ends-at-entity", (), entity)
        elif links:
            least = max(_declared(links, kind) for kind in Interest if any(kind in link.bands for link in links))
            if least < ONE:
                yield Finding("undeclared-share", (), f"{entity}: up to {ONE - least} is not declared")


def _declared(links: Iterable[Link], kind: Interest) -> Fraction:
    return min(ONE, sum((link.bands[kind].low for link in links if kind in link.bands), ZERO))


def _loops(graph: Graph) -> Iterable[Finding]:
    """Entities that own a part of themselves through others."""
    for entity in graph.entities:
        statements = _way_back(graph, entity)
        if statements:
            yield Finding("cycle", statements, entity)


def _way_back(graph: Graph, start: str) -> tuple[str, ...]:
    came: dict[str, tuple[str, str]] = {}
    ahead = [start]
    while ahead:
        entity = ahead.pop(0)
        for link in graph.links[entity]:
            if link.holder == start:
                statements = [link.statements[0]]
                while entity != start:
                    entity, statement = came[entity]
                    statements.append(statement)
                return tuple(sorted(set(statements)))
            if link.holder in graph.links and link.holder not in came:
                came[link.holder] = (entity, link.statements[0])
                ahead.append(link.holder)
    return ()
