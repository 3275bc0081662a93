"""Which complaints are one victim: consolidated, explained, decided by people, undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from recoup.complaints.model import Complaint
from recoup.complaints.victims.blocking import candidate_pairs
from recoup.complaints.victims.cluster import (
    JUDGED_MARGIN,
    MERGE_MARGIN,
    REVIEW_MARGIN,
    Clustered,
    Link,
    Review,
    clustered,
)
from recoup.complaints.victims.record import Record, records_of
from recoup.complaints.victims.weights import IDENTIFIERS, Evidence, Weights
from recoup.ground import Instant, sha256_hex


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision on two complaints. Judgements are only ever added; the last one on a pair counts.

    A complaint judged against itself raises ValueError.
    """

    a: str
    b: str
    same: bool
    author: str
    time: Instant
    reason: str = ""

    def __post_init__(self) -> None:
        if self.a == self.b:
            raise ValueError("a judgement is on two complaints")


@dataclass(frozen=True, slots=True)
class Victim:
    """One person, the complaints taken as theirs, and the links that say so (none for a single complaint)."""

    id: str
    complaints: tuple[str, ...]
    why: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class HotValue:
    """A value on too many records to be evidence."""

    field: str
    value: str
    records: int


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Victims in order of their first complaint, links for review, and everything needed to decide again."""

    victims: tuple[Victim, ...]
    reviews: tuple[Review, ...]
    hot: tuple[HotValue, ...]
    links: tuple[Link, ...]
    judgements: tuple[Judgement, ...]
    records: Mapping[str, Record]

    def judged(self, judgement: Judgement) -> Consolidation:
        """The same complaints with one more judgement; only the victims it touches are decided again.

        Nothing is lost: every complaint stays in exactly one victim, and a later judgement can say the opposite.
        Raises KeyError where a complaint is not known.
        """
        touched = {self._of(judgement.a), self._of(judgement.b)}
        inside = self._reachable({name for victim in touched for name in victim.complaints})
        judgements = (*self.judgements, judgement)
        again = _decided([self.records[name] for name in inside], self._between(inside), judgements, self._ids())
        kept = [victim for victim in self.victims if victim.complaints[0] not in inside]
        place = {name: at for at, name in enumerate(self.records)}
        victims = sorted((*kept, *again[0]), key=lambda victim: place[victim.complaints[0]])
        reviews = [review for review in self.reviews if review.link.a not in inside] + list(again[1])
        return replace(
            self, victims=tuple(victims), reviews=tuple(sorted(reviews, key=_review_order)), judgements=judgements
        )

    def _of(self, complaint: str) -> Victim:
        for victim in self.victims:
            if complaint in victim.complaints:
                return victim
        raise KeyError(complaint)

    def _reachable(self, start: set[str]) -> list[str]:
        """Complaints linked to the start in any way, in the order of the records."""
        near: dict[str, set[str]] = defaultdict(set)
        for a, b in [*((link.a, link.b) for link in self.links), *((each.a, each.b) for each in self.judgements)]:
            near[a].add(b)
            near[b].add(a)
        found, ahead = set(start), list(start)
        while ahead:
            for name in near[ahead.pop()] - found:
                found.add(name)
                ahead.append(name)
        return [name for name in self.records if name in found]

    def _between(self, names: Iterable[str]) -> list[Link]:
        inside = set(names)
        return [link for link in self.links if link.a in inside]

    def _ids(self) -> dict[str, str]:
        return {name: victim.id for victim in self.victims for name in victim.complaints}


def consolidate(
    complaints: Sequence[Complaint], judgements: Sequence[Judgement] = (), known: Mapping[str, str] | None = None
) -> Consolidation:
    """Group complaints (ids must be unique) by victim. `known` maps complaints to victim ids of an earlier run.

    A merge needs a margin of MERGE_MARGIN over a prior that grows with the number of complaints, an identifier
    (e-mail, phone or birth date) that agrees, and no identifier of the person that contradicts. What falls between
    REVIEW_MARGIN and that goes to the review queue.
    """
    return consolidated_records(records_of(complaints), judgements, known)


def consolidated_records(
    records: Sequence[Record], judgements: Sequence[Judgement] = (), known: Mapping[str, str] | None = None
) -> Consolidation:
    """`consolidate` from records already folded."""
    weights = Weights(records)
    links = tuple(_links(records, weights))
    hot = tuple(HotValue(field, value, n) for field, values in weights.hot().items() for value, n in values.items())
    victims, reviews = _decided(records, links, judgements, known or {})
    named = {record.complaint: record for record in records}
    return Consolidation(victims, reviews, hot, links, tuple(judgements), named)


def _links(records: Sequence[Record], weights: Weights) -> Iterable[Link]:
    """Every compared pair that is at least worth a person's look."""
    prior = weights.prior
    for left, right in candidate_pairs(records).tolist():
        a, b = records[left], records[right]
        evidence = weights.compared(a, b)
        margin = sum(each.weight for each in evidence) - prior
        if margin >= REVIEW_MARGIN:
            a, b = (a, b) if a.complaint < b.complaint else (b, a)
            yield Link(a.complaint, b.complaint, margin, evidence)


def _decided(
    records: Sequence[Record], links: Sequence[Link], judgements: Sequence[Judgement], known: Mapping[str, str]
) -> tuple[tuple[Victim, ...], tuple[Review, ...]]:
    named = {record.complaint: record for record in records}
    last = {(min(j.a, j.b), max(j.a, j.b)): j for j in judgements if j.a in named and j.b in named}
    strong = [link for link in links if (link.a, link.b) not in last and _is_safe(link)]
    weak = [link for link in links if (link.a, link.b) not in last and not _is_safe(link)]
    strong += [_as_link(a, b, judgement) for (a, b), judgement in sorted(last.items()) if judgement.same]
    apart = {pair for pair, judgement in last.items() if not judgement.same}
    done = _kept_apart(clustered(strong, named), strong, named, apart)
    of = {name: at for at, group in enumerate(done.groups) for name in group}
    reviews = [Review(link, _doubt(link)) for link in weak if link.a not in of or of[link.a] != of.get(link.b)]
    return _victims(records, done, known), tuple(sorted((*done.reviews, *reviews), key=_review_order))


def _kept_apart(
    done: Clustered, links: Sequence[Link], records: dict[str, Record], apart: set[tuple[str, str]]
) -> Clustered:
    """Where a person declared two complaints different, drop the weakest link between them until they part."""
    of = {name: group for group in done.groups for name in group}
    wrong = sorted({of[a] for a, b in apart if a in of and of[a] == of.get(b)})
    if not wrong:
        return done
    inside = {name for group in wrong for name in group}
    mended = _parted([link for link in links if link.a in inside and link.b in inside], records, apart)
    groups = [group for group in done.groups if group[0] not in inside]
    used = [link for link in done.used if link.a not in inside]
    return Clustered(tuple(sorted((*groups, *mended.groups))), (*used, *mended.used), (*done.reviews, *mended.reviews))


def _parted(links: list[Link], records: dict[str, Record], apart: set[tuple[str, str]]) -> Clustered:
    while True:
        done = clustered(links, records)
        of = {name: at for at, group in enumerate(done.groups) for name in group}
        joined = sorted(pair for pair in apart if pair[0] in of and of[pair[0]] == of.get(pair[1]))
        if not joined:
            return done
        weakest = min(_path(done.used, *joined[0]), key=lambda link: (link.margin, link.a, link.b))
        links = [link for link in links if link != weakest]


def _path(links: Iterable[Link], a: str, b: str) -> list[Link]:
    """Links of a shortest way from a to b."""
    near: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for link in links:
        near[link.a].append((link.b, link))
        near[link.b].append((link.a, link))
    came: dict[str, tuple[str, Link]] = {}
    ahead, seen = [a], {a}
    while ahead and b not in seen:
        following = []
        for name in ahead:
            for other, link in near[name]:
                if other not in seen:
                    seen.add(other)
                    came[other] = (name, link)
                    following.append(other)
        ahead = following
    path = []
    while b != a:
        b, link = came[b]
        path.append(link)
    return path


def _is_safe(link: Link) -> bool:
    return link.margin >= MERGE_MARGIN and not _doubt(link)


def _doubt(link: Link) -> str:
    """Why a link is for a person, whatever its weight."""
    outcome = {each.field: each.outcome for each in link.evidence}
    agree = [
        each.field for each in link.evidence if each.field in IDENTIFIERS and each.outcome == "same" and each.weight
    ]
    if outcome.get("birth_date") == "differs":
        return "birth dates differ"
    if not agree:
        return "no e-mail, phone or birth date agrees"
    named = outcome.get("name")
    if (named == "partly" and not {"email", "birth_date"} <= set(agree)) or (named == "differs" and len(agree) < 3):
        return "a word of the names differs, as in a household"
    return "" if link.margin >= MERGE_MARGIN else "evidence is thin"


def _as_link(a: str, b: str, judgement: Judgement) -> Link:
    said = f"same, by {judgement.author}" + (f": {judgement.reason}" if judgement.reason else "")
    return Link(a, b, JUDGED_MARGIN, (Evidence("judgement", said, JUDGED_MARGIN),))


def _victims(records: Sequence[Record], done: Clustered, known: Mapping[str, str]) -> tuple[Victim, ...]:
    of = {name: group for group in done.groups for name in group}
    why: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in done.used:
        why[of[link.a]].append(link)
    groups = list(dict.fromkeys(of.get(record.complaint, (record.complaint,)) for record in records))
    ids = _ids(groups, known)
    return tuple(Victim(ids[group], group, tuple(why.get(group, ()))) for group in groups)


def _ids(groups: Iterable[tuple[str, ...]], known: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """The first earlier id in each group that no group before it took; then, for the others, one made from the
    smallest complaint. Groups stand in order of that complaint, so that the order of the input decides nothing."""
    ids: dict[tuple[str, ...], str] = {}
    taken = set[str]()
    ordered = sorted(groups)
    for group in ordered:
        earlier = next((known[name] for name in group if name in known and known[name] not in taken), None)
        if earlier is not None:
            ids[group] = earlier
            taken.add(earlier)
    taken |= set(known.values())
    for group in ordered:
        if group not in ids:
            made = "V-" + sha256_hex(group[0].encode())[:16]
            numbered = (f"{made}-{number}" for number in count(2))
            ids[group] = made if made not in taken else next(each for each in numbered if each not in taken)
            taken.add(ids[group])
    return ids


def _review_order(review: Review) -> tuple[int, str, str]:
    return -review.link.margin, review.link.a, review.link.b
