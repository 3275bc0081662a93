"""From links to victims: no chain of weak links, no two birth dates in one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from recoup.complaints.victims.record import Record
from recoup.complaints.victims.weights import Evidence, births_near, names_contradict

MERGE_MARGIN = 100  # tenths of a bit above the prior: odds of a thousand to one
BRIDGE_MARGIN = 170  # what a single link between two groups must carry
REVIEW_MARGIN = 0
JUDGED_MARGIN = 10_000  # a person's word stands above every computed weight and every guard
CLUSTER_RECORDS_MAX = 40

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Link:
    """Two complaints compared. `margin` is the sum of the evidence less the prior, in tenths of a bit."""

    a: str
    b: str
    margin: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A link that a person must decide, and why no rule did."""

    link: Link
    reason: str


@dataclass(frozen=True, slots=True)
class Clustered:
    """Groups of complaints (each at least two), the links used and the links left for a person."""

    groups: tuple[tuple[str, ...], ...]
    used: tuple[Link, ...]
    reviews: tuple[Review, ...]


def clustered(links: Sequence[Link], records: dict[str, Record]) -> Clustered:
    """Strongest links first; a link that would join two groups on its own strength only, make a group too large, or
    put two birth dates into one person goes to review."""
    bridges = _bridges(links) & _bridges(link for link in links if link.margin < JUDGED_MARGIN)
    groups = _Groups(records)
    used, reviews = [], []
    for link in sorted(links, key=lambda link: (-link.margin, link.a, link.b)):
        if (link.a, link.b) in bridges and link.margin < BRIDGE_MARGIN:
            reviews.append(Review(link, "only this link joins two groups"))
            continue
        reason = groups.joined(link.a, link.b, judged=link.margin >= JUDGED_MARGIN)
        if reason:
            reviews.append(Review(link, reason))
        else:
            used.append(link)
    return Clustered(groups.taken(), tuple(used), tuple(reviews))


class _Groups:
    """Disjoint sets of complaints with the birth dates in each."""

    def __init__(self, records: dict[str, Record]) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._births: dict[str, set[str]] = {}
        self._names: dict[str, set[tuple[str, ...]]] = {}
        self._records = records

    def joined(self, a: str, b: str, judged: bool) -> str:
        """Join the groups of a and b; the reason where that must not be, else empty. `judged` overrules reasons."""
        left, right = self._root(a), self._root(b)
        reason = "" if left == right or judged else self._reason(left, right)
        if left != right and not reason:
            self._join(left, right)
        return reason

    def _reason(self, left: str, right: str) -> str:
        if any(not births_near(x, y) for x, y in _new_pairs(self._births[left], self._births[right])):
            return "birth dates in the group differ"
        if len(self._members[left]) + len(self._members[right]) > CLUSTER_RECORDS_MAX:
            return f"the group would hold more than {CLUSTER_RECORDS_MAX} complaints"
        if not (self._births[left] & self._births[right]) and self._named_apart(left, right):
            return "names in the group differ"
        return ""

    def _join(self, left: str, right: str) -> None:
        if len(self._members[left]) < len(self._members[right]):
            left, right = right, left
        self._parent[right] = left
        self._members[left] += self._members.pop(right)
        self._births[left] |= self._births.pop(right)
        self._names[left] |= self._names.pop(right)

    def _named_apart(self, left: str, right: str) -> bool:
        return any(names_contradict(a, b) for a, b in _new_pairs(self._names[left], self._names[right]))

    def taken(self) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted(tuple(sorted(members)) for members in self._members.values() if len(members) > 1))

    def _root(self, complaint: str) -> str:
        if complaint not in self._parent:
            self._parent[complaint] = complaint
            self._members[complaint] = [complaint]
            born = self._records[complaint].born
            self._births[complaint] = {born} if born else set()
            self._names[complaint] = {self._records[complaint].tokens}
        while self._parent[complaint] != complaint:
            self._parent[complaint] = self._parent[self._parent[complaint]]
            complaint = self._parent[complaint]
        return complaint


def _new_pairs(left: set[Value], right: set[Value]) -> Iterable[tuple[Value, Value]]:
    """Pairs across two groups that stand in neither: what one group holds together, a person has joined."""
    return ((a, b) for a in left - right for b in right - left)


def _bridges(links: Iterable[Link]) -> set[tuple[str, str]]:
    """Links whose removal leaves two groups of at least two complaints each (Tarjan, 1974), without recursion."""
    near: dict[str, list[str]] = defaultdict(list)
    for link in links:
        near[link.a].append(link.b)
        near[link.b].append(link.a)
    order: dict[str, int] = {}
    found: set[tuple[str, str]] = set()
    for root in sorted(near):
        if root not in order and len(near[root]) > 0:
            found |= _bridges_from(root, near, order)
    return found


def _bridges_from(root: str, near: dict[str, list[str]], order: dict[str, int]) -> set[tuple[str, str]]:
    low: dict[str, int] = {}
    size: dict[str, int] = defaultdict(lambda: 1)
    parent = {root: ""}
    first = order[root] = low[root] = len(order)
    stack, walked = [(root, iter(near[root]))], [root]
    tree: list[tuple[str, str]] = []
    while stack:
        node, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            stack.pop()
            if parent[node]:
                above = parent[node]
                low[above] = min(low[above], low[node])
                size[above] += size[node]
                tree.append((above, node))
        elif following not in order:
            order[following] = low[following] = len(order)
            parent[following] = node
            walked.append(following)
            stack.append((following, iter(near[following])))
        elif following != parent[node]:
            low[node] = min(low[node], order[following])
    total = len(order) - first
    return {
        (min(above, node), max(above, node))
        for above, node in tree
        if low[node] > order[above] and 2 <= size[node] <= total - 2
    }
