"""The graph above one target, with one band per pair and dimension."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recoup.network.ownership.model import ONE, OWNERSHIP, ZERO, Band, Finding, Holding, Interest, Nature, Register

ANCESTORS_MAX = 20_000

# Where a link does not state a dimension, the nearest stated one stands for it: one share, one vote, one profit.
_FALLBACKS = {
    Interest.SHARES: (Interest.SHARES, Interest.VOTES, Interest.PROFIT),
    Interest.VOTES: (Interest.VOTES, Interest.SHARES, Interest.PROFIT),
    Interest.PROFIT: (Interest.PROFIT, Interest.SHARES, Interest.VOTES),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Bands of one holder in one entity; holder empty is a holder that the register does not name."""

    holder: str
    bands: Mapping[Interest, Band]
    statements: tuple[str, ...]

    def band(self, dimension: Interest) -> Band:
        return next(self.bands[kind] for kind in _FALLBACKS[dimension] if kind in self.bands)


@dataclass(frozen=True, slots=True)
class Graph:
    """Entities above (and with) the target, their ownership links and their other holdings."""

    target: str
    links: Mapping[str, tuple[Link, ...]]
    others: tuple[Holding, ...]
    register: Register
    findings: tuple[Finding, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(self.links)

    def persons(self) -> tuple[str, ...]:
        """Natural persons who hold anything in the graph, in order of their ids."""
        holders = {link.holder for links in self.links.values() for link in links}
        holders |= {holding.holder for holding in self.others}
        return tuple(sorted(each for each in holders if self.register.nature(each) is Nature.PERSON))

    def without(self, statements: frozenset[str]) -> Graph:
        """The graph as if some statements had not been made."""
        kept = tuple(each for each in self.register.holdings if each.statement not in statements)
        return graph_above(Register(self.register.parties, kept, self.register.findings), self.target)


def graph_above(register: Register, target: str) -> Graph:
    """Everything that leads to `target`. More than ANCESTORS_MAX entities raise ValueError."""
    by_subject: dict[str, list[Holding]] = defaultdict(list)
    for holding in register.holdings:
        by_subject[holding.subject].append(holding)
    findings: list[Finding] = list(register.findings)
    links: dict[str, tuple[Link, ...]] = {}
    others: list[Holding] = []
    ahead = [target]
    while ahead:
        entity = ahead.pop(0)
        if entity in links:
            continue
        if len(links) >= ANCESTORS_MAX:
            raise ValueError(f"more than {ANCESTORS_MAX:,} entities above {target}")
        owned, rest = _split(_renominated(by_subject[entity], findings))
        links[entity] = _links(owned, findings)
        others += rest
        holders = [each.holder for each in (*owned, *rest)]
        ahead += sorted({each for each in holders if each and register.nature(each) is not Nature.PERSON})
    return Graph(target, links, tuple(others), register, tuple(findings))


def _split(holdings: Iterable[Holding]) -> tuple[list[Holding], list[Holding]]:
    found = list(holdings)
    return [e for e in found if e.interest in OWNERSHIP], [e for e in found if e.interest not in OWNERSHIP]


def _renominated(holdings: list[Holding], findings: list[Finding]) -> list[Holding]:
    """What a nominee holds in an entity belongs to the nominators; the nominee stays a lead, not an owner."""
    nominees = {each.holder for each in holdings if each.interest is Interest.NOMINEE}
    nominators = [each for each in holdings if each.interest is Interest.NOMINATOR]
    if not nominees:
        return holdings
    said = tuple(
        sorted({each.statement for each in holdings if each.holder in nominees} | {e.statement for e in nominators})
    )
    findings.append(Finding("nominee", said, ", ".join(sorted(nominees))))
    kept = [each for each in holdings if each.holder not in nominees or each.interest is Interest.NOMINEE]
    for held in (each for each in holdings if each.holder in nominees and each.interest in OWNERSHIP):
        kept += [_moved(held, each, len(nominators)) for each in nominators] or [_moved(held, None, 1)]
    return kept


def _moved(held: Holding, nominator: Holding | None, among: int) -> Holding:
    band = held.band if among == 1 else Band(ZERO, held.band.high)
    holder = nominator.holder if nominator else ""
    return Holding(held.statement, holder, held.subject, held.interest, band, "" if nominator else "nominator unknown")


def _links(holdings: list[Holding], findings: list[Finding]) -> tuple[Link, ...]:
    by_holder: dict[tuple[str, int], list[Holding]] = defaultdict(list)  # each nameless holder stands alone
    for number, holding in enumerate(holdings):
        by_holder[holding.holder, 0 if holding.holder else number].append(holding)
    made = []
    for (holder, _), held in sorted(by_holder.items(), key=lambda each: each[0]):
        bands = {}
        for kind in OWNERSHIP:
            same = [each for each in held if each.interest is kind]
            if same:
                bands[kind] = _one_band(same, findings)
        made.append(Link(holder, bands, tuple(sorted({e.statement for e in held}))))
    _note_excess(made, findings)
    return tuple(made)


def _one_band(same: list[Holding], findings: list[Finding]) -> Band:
    """Interests of one statement add up; statements agree where they overlap and conflict where they do not."""
    by_statement: dict[str, list[Band]] = defaultdict(list)
    for each in same:
        by_statement[each.statement].append(each.band)
    bands = [_summed(bands) for bands in by_statement.values()]
    low, high = max(bands, key=lambda b: (b.low, b.low_open)), min(bands, key=lambda b: (b.high, not b.high_open))
    if low.low <= high.high:
        return Band(low.low, high.high, low.low_open, high.high_open)
    findings.append(Finding("conflict", tuple(sorted(by_statement)), "statements give shares that exclude each other"))
    return Band(min(b.low for b in bands), max(b.high for b in bands))


def _summed(bands: list[Band]) -> Band:
    if len(bands) == 1:
        return bands[0]
    low, high = sum((b.low for b in bands), ZERO), sum((b.high for b in bands), ZERO)
    return Band(min(ONE, low), min(ONE, high), any(b.low_open for b in bands), all(b.high_open for b in bands))


def _note_excess(links: list[Link], findings: list[Finding]) -> None:
    for kind in OWNERSHIP:
        stated = [link for link in links if kind in link.bands]
        if sum((link.bands[kind].low for link in stated), ZERO) > ONE:
            statements = tuple(sorted({name for link in stated for name in link.statements}))
            findings.append(Finding("over-declared", statements, f"stated {kind.value} exceed the whole"))
