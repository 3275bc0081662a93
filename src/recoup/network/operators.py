"""Who runs what: a graph of sightings, with links of one operator and links of one platform kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from recoup.ground import Source, sha256_hex

NOWHERE = Source("")


class Bond(StrEnum):
    """What it means that two subjects share a key. The two are never joined in one group."""

    OPERATOR = "same-operator"
    PLATFORM = "same-platform"


@dataclass(frozen=True, slots=True)
class Rule:
    """How far a kind of key may be trusted: a value on more than `most` subjects links nothing."""

    bond: Bond
    most: int


# Accounts and registrations belong to one operator; templates and code belong to a vendor with many customers.
RULES: Mapping[str, Rule] = {
    "btc": Rule(Bond.OPERATOR, 200),
    "eth": Rule(Bond.OPERATOR, 200),
    "tron": Rule(Bond.OPERATOR, 200),
    "sol": Rule(Bond.OPERATOR, 200),
    "iban": Rule(Bond.OPERATOR, 200),
    "domain": Rule(Bond.OPERATOR, 500),
    "email": Rule(Bond.OPERATOR, 200),
    "phone": Rule(Bond.OPERATOR, 50),
    "descriptor": Rule(Bond.OPERATOR, 500),
    "brand": Rule(Bond.OPERATOR, 500),
    "company": Rule(Bond.OPERATOR, 100),
    "registrant": Rule(Bond.OPERATOR, 50),
    "analytics": Rule(Bond.OPERATOR, 50),
    "certificate-key": Rule(Bond.OPERATOR, 50),
    "template": Rule(Bond.PLATFORM, 5000),
    "api-path": Rule(Bond.PLATFORM, 5000),
    "favicon": Rule(Bond.PLATFORM, 5000),
    "white-label": Rule(Bond.PLATFORM, 5000),
    "platform": Rule(Bond.PLATFORM, 5000),
    "host": Rule(Bond.PLATFORM, 5000),
}


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """A subject (complaint, site, company) shows a key of a kind; `source` says where that was seen."""

    subject: str
    kind: str
    value: str
    source: Source = NOWHERE

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Operator:
    """One group of subjects that share keys of one operator, the keys, and every sighting that ties them."""

    id: str
    subjects: tuple[str, ...]
    keys: tuple[str, ...]
    edges: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class PlatformLink:
    """Operators that share a key of one platform: customers of one vendor, not one operator."""

    key: str
    operators: tuple[str, ...]
    edges: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class TooCommon:
    """A key on more subjects than its kind may be, so that it links nothing."""

    key: str
    subjects: int
    most: int


@dataclass(frozen=True, slots=True)
class NetworkMap:
    operators: tuple[Operator, ...]
    platforms: tuple[PlatformLink, ...]
    too_common: tuple[TooCommon, ...]


def mapped(sightings: Iterable[Sighting], rules: Mapping[str, Rule] = RULES) -> NetworkMap:
    """Group subjects by operator, link groups by platform. An unknown kind of key raises KeyError.

    Linear in the sightings; the order of the input does not matter.
    """
    by_key: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sorted(set(sightings)):
        by_key[sighting.key].append(sighting)
    common = [_too_common(key, found, rules) for key, found in by_key.items()]
    barred = {each.key for each in common if each}
    kept = {key: found for key, found in by_key.items() if key not in barred}
    tying = {key: found for key, found in kept.items() if rules[found[0].kind].bond is Bond.OPERATOR}
    vendor = {key: found for key, found in kept.items() if rules[found[0].kind].bond is Bond.PLATFORM}
    operators = _operators(tying, {each.subject for found in by_key.values() for each in found})
    return NetworkMap(operators, _platforms(vendor, operators), tuple(each for each in common if each))


def _too_common(key: str, found: Sequence[Sighting], rules: Mapping[str, Rule]) -> TooCommon | None:
    subjects, most = len({each.subject for each in found}), rules[found[0].kind].most
    return TooCommon(key, subjects, most) if subjects > most else None


def _operators(tying: Mapping[str, Sequence[Sighting]], subjects: set[str]) -> tuple[Operator, ...]:
    parent = {subject: subject for subject in subjects}

    def root(subject: str) -> str:
        while parent[subject] != subject:
            parent[subject] = parent[parent[subject]]
            subject = parent[subject]
        return subject

    for found in tying.values():
        for each in found[1:]:
            parent[root(each.subject)] = root(found[0].subject)
    members: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(subjects):
        members[root(subject)].append(subject)
    edges: dict[str, list[Sighting]] = defaultdict(list)
    for found in tying.values():
        edges[root(found[0].subject)] += found
    made = [_operator(names, edges[top]) for top, names in members.items() if edges[top]]
    return tuple(sorted(made, key=lambda operator: (-len(operator.subjects), operator.id)))


def _operator(subjects: list[str], edges: list[Sighting]) -> Operator:
    keys = tuple(sorted({edge.key for edge in edges}))
    return Operator("O-" + sha256_hex(keys[0].encode())[:16], tuple(subjects), keys, tuple(sorted(edges)))


def _platforms(vendor: Mapping[str, Sequence[Sighting]], operators: Sequence[Operator]) -> tuple[PlatformLink, ...]:
    of = {subject: operator.id for operator in operators for subject in operator.subjects}
    links = []
    for key, found in sorted(vendor.items()):
        named = tuple(sorted({of.get(each.subject, each.subject) for each in found}))
        if len(named) > 1:
            links.append(PlatformLink(key, named, tuple(found)))
    return tuple(links)
