"""One person against one regime: bounds, control and the grounds that decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from recoup.network.ownership.bounds import bounds
from recoup.network.ownership.control import controlled_by, held_directly, role_holders
from recoup.network.ownership.graph import Graph
from recoup.network.ownership.model import ONE, OWNERSHIP, Interest
from recoup.network.ownership.regimes import Regime

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Assessment:
    """`status` is certain, possible or excluded; `basis` names the grounds that make it so, strongest first."""

    low: Fraction
    high: Fraction
    status: str
    control: bool
    basis: tuple[str, ...]


def assessed(graph: Graph, person: str, regime: Regime) -> Assessment:
    """Whether `person` is a beneficial owner of the graph's target under `regime`, in three values."""
    measured = {kind: _measured(graph, person, kind, regime) for kind in OWNERSHIP}
    shown = max(measured.values(), key=lambda each: (each.low, each.high))
    controlled = controlled_by(graph, person, rights=regime.rights)
    control = graph.target in controlled
    certain = [kind.value for kind, each in measured.items() if each.certain]
    if control or (regime.coexistence and _coexists(graph, person, controlled, regime)):
        certain.append("control")
    role = _role(graph, person, regime)
    if role == "certain":
        certain.append("role")
    possible = [kind.value for kind, each in measured.items() if each.possible]
    possible += ["control"] if _may_influence(graph, person) else []
    possible += ["role"] if role == "possible" else []
    if certain:
        return Assessment(shown.low, shown.high, "certain", control, tuple(_stated(graph, certain)))
    if possible:
        return Assessment(shown.low, shown.high, "possible", control, tuple(_stated(graph, possible)))
    return Assessment(shown.low, shown.high, "excluded", control, ())


@dataclass(frozen=True, slots=True)
class _Measured:
    low: Fraction
    high: Fraction
    certain: bool
    possible: bool


def _measured(graph: Graph, person: str, kind: Interest, regime: Regime) -> _Measured:
    if regime.indirect == "attributed":
        low, high, strict_low = _attributed(graph, person, kind, regime)
        return _Measured(low, high, regime.reached(strict_low), regime.reached(high))
    low, high = bounds(graph, person, kind)
    strict_low, strict_high = bounds(graph, person, kind, strict=True)
    return _Measured(low, high, regime.reached(strict_low), regime.reached(strict_high))


def _attributed(graph: Graph, person: str, kind: Interest, regime: Regime) -> tuple[Fraction, Fraction, Fraction]:
    """What the person and the entities in which it has a majority stake hold directly in the target."""
    through = ({person} | set(controlled_by(graph, person, rights=regime.rights))) - {graph.target}
    maybe = _maybe_controlled(graph, person, kind) - {graph.target}
    low = held_directly(graph, through, graph.target, possible=False, dimension=kind)
    opened = any(link.holder in through and link.band(kind).low_open for link in graph.links[graph.target])
    rest = {link.holder for link in graph.links[graph.target]} - maybe - {""}
    high = ONE - held_directly(graph, rest, graph.target, possible=False, dimension=kind)
    return low, max(low, high), low + Fraction(1, 10**15) if opened else low


def _maybe_controlled(graph: Graph, person: str, kind: Interest) -> set[str]:
    """Entities in which nobody else is known to hold half, so that the person may have the majority."""
    inside, growing = {person}, True
    while growing:
        growing = False
        for entity in graph.entities:
            others = {link.holder for link in graph.links[entity]} - inside - {""}
            if entity not in inside and held_directly(graph, others, entity, possible=False, dimension=kind) < HALF:
                inside.add(entity)
                growing = True
    return inside


def _coexists(graph: Graph, person: str, controlled: tuple[str, ...], regime: Regime) -> bool:
    """AMLR art. 54: (a) the person controls entities that hold enough of the target directly, alone or together;
    (b) the person holds enough of an entity that controls the target."""
    through = set(controlled) - {graph.target}
    for kind in OWNERSHIP:
        if through and regime.reached(held_directly(graph, through | {person}, graph.target, False, kind)):
            return True
        for entity in graph.entities:
            if entity != graph.target and graph.target in controlled_by(graph, entity):
                low, _ = bounds(replace(graph, target=entity), person, kind, strict=True)
                if regime.reached(low):
                    return True
    return False


def _role(graph: Graph, person: str, regime: Regime) -> str:
    """A role in the target itself, or in an arrangement that owns enough of it or controls it (AMLR art. 57, 58)."""
    found = ""
    for entity, persons in role_holders(graph).items():
        if person not in persons:
            continue
        if entity == graph.target or graph.target in controlled_by(graph, entity, rights=regime.rights):
            return "certain"
        measured = [_measured(graph, entity, kind, regime) for kind in OWNERSHIP]
        if any(each.certain for each in measured):
            return "certain"
        if any(each.possible for each in measured):
            found = "possible"
    return found


def _may_influence(graph: Graph, person: str) -> bool:
    vague = (Interest.INFLUENCE, Interest.UNKNOWN)
    return any(holding.holder == person and holding.interest in vague for holding in graph.others)


def _stated(graph: Graph, basis: list[str]) -> list[str]:
    """Only the dimensions that some statement names; the others stand for them and say nothing new."""
    named = {kind.value for links in graph.links.values() for link in links for kind in link.bands}
    dimensions = {kind.value for kind in OWNERSHIP}
    kept = [each for each in basis if each not in dimensions or each in named]
    return list(dict.fromkeys(kept or basis[:1]))
