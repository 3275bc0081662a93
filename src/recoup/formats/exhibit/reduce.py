"""A picture of at most a few dozen bars, whatever the size of the graph: the largest stay, the rest is summed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recoup.formats.exhibit.graph import ENDS, NOWHERE, Graph, Node, Part, summed

CLAIMS_SHOWN_MAX = 7
ENDS_SHOWN_MAX = 10
COLUMNS_MAX = 4  # between the claims and the ends
BARS_PER_COLUMN_MAX = 4
OTHER_CLAIMS = "\x1fother claims"


@dataclass(frozen=True, slots=True)
class Picture:
    """A graph with a column for each bar. `returns`: bands that lead back. `merged`: how many places were summed."""

    graph: Graph
    columns: dict[str, int]
    returns: frozenset[tuple[str, str]]
    merged: int
    folded: bool

    @property
    def last(self) -> int:
        return max(self.columns.values(), default=0)


def pictured(graph: Graph) -> Picture:
    """Reduce, fold and put in columns: claims first, ends last."""
    graph, ends = _largest(
        graph, lambda node: node.part if node.part in (Part.HOLDING, Part.STOP) else None, ENDS_SHOWN_MAX
    )
    depths = _depths(graph)
    deepest = max((depth for key, depth in depths.items() if _passes(graph.nodes[key])), default=0)
    folded = deepest > COLUMNS_MAX
    if folded:
        depths = {key: 1 + (depth - 1) * COLUMNS_MAX // deepest for key, depth in depths.items()}
        graph, depths = _folded(graph, depths)
    graph, passing = _largest(
        graph, lambda node: f"column {depths[node.key]}" if _passes(node) else None, BARS_PER_COLUMN_MAX
    )
    columns = _columns(graph, depths)
    returns = frozenset(
        (source, target)
        for source, target in graph.bands
        if NOWHERE not in (source, target) and columns[target] <= columns[source]
    )
    return Picture(graph, columns, returns, ends + passing, folded)


def _passes(node: Node) -> bool:
    return node.part is not Part.CLAIM and node.part not in ENDS


def colours_shown(injected: dict[str, int]) -> dict[str, str]:
    """Each claim to the colour name that stands for it: itself, or OTHER_CLAIMS beyond the largest."""
    if len(injected) <= CLAIMS_SHOWN_MAX + 1:
        return {claim: claim for claim in injected}
    places = {claim: i for i, claim in enumerate(injected)}
    kept = sorted(injected, key=lambda claim: (-injected[claim], places[claim]))[:CLAIMS_SHOWN_MAX]
    return {claim: claim if claim in kept else OTHER_CLAIMS for claim in injected}


def recoloured(graph: Graph, shown: dict[str, str]) -> Graph:
    """Claims beyond the largest as one claim of one colour."""
    others = [node for node in graph.nodes.values() if node.part is Part.CLAIM and shown[node.name] == OTHER_CLAIMS]
    if not others:
        return graph
    one = summed(others, key=OTHER_CLAIMS, name=OTHER_CLAIMS)
    new = Graph(dict(graph.nodes))
    for (source, target), shares in graph.bands.items():
        for colour, amount in shares.items():
            new.band(source, target, {shown.get(colour, colour): amount})
    return new.merged({node.key: one for node in others})


def _largest(graph: Graph, group_of: object, shown_max: int) -> tuple[Graph, int]:
    """Per group the largest nodes; the others of a group become one. Also how many places were summed."""
    assert callable(group_of)
    through, groups = graph.through(), dict[str, list[Node]]()
    for node in graph.nodes.values():
        group = group_of(node)
        if group is not None:
            groups.setdefault(group, []).append(node)
    into: dict[str, Node] = {}
    for group, nodes in groups.items():
        if len(nodes) > shown_max + 1:
            rest = _by_size(nodes, through)[shown_max:]
            one = summed(rest, key=f"\x1fothers\x1f{group}")
            into.update({node.key: one for node in rest})
    return graph.merged(into) if into else graph, sum(graph.nodes[key].count for key in into)


def _by_size(nodes: Iterable[Node], through: dict[str, int]) -> list[Node]:
    return sorted(nodes, key=lambda node: -through[node.key])  # stable: ties to the earlier


def _depths(graph: Graph) -> dict[str, int]:
    """Longest way from a claim, along bands from an earlier node to a later one; claims 0, others at least 1.

    A band to a node that appeared earlier is a return and lengthens nothing.
    """
    places = {key: i for i, key in enumerate(graph.nodes)}
    forward: dict[str, list[str]] = {}
    for source, target in graph.bands:
        if source in places and target in places and places[source] < places[target]:
            forward.setdefault(source, []).append(target)
    depths = {key: 0 if node.part is Part.CLAIM else 1 for key, node in graph.nodes.items()}
    for key in graph.nodes:
        for target in forward.get(key, ()):
            depths[target] = max(depths[target], depths[key] + 1)
    return depths


def _folded(graph: Graph, depths: dict[str, int]) -> tuple[Graph, dict[str, int]]:
    """Passing nodes of one column that follow each other become one bar."""
    leader = {key: key for key in graph.nodes}

    def head(key: str) -> str:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for source, target in graph.bands:
        if NOWHERE in (source, target) or not (_passes(graph.nodes[source]) and _passes(graph.nodes[target])):
            continue
        if depths[source] == depths[target]:
            first, second = sorted((head(source), head(target)))
            leader[second] = first
    runs: dict[str, list[Node]] = {}
    for key, node in graph.nodes.items():
        runs.setdefault(head(key), []).append(node)
    into: dict[str, Node] = {}
    for first, nodes in runs.items():
        if len(nodes) > 1:
            one = summed(nodes, key=f"\x1frow\x1f{first}", name=nodes[0].name, row=True)
            into.update({node.key: one for node in nodes})
    folded = graph.merged(into)
    return folded, {into[key].key if key in into else key: depth for key, depth in depths.items()}


def _columns(graph: Graph, depths: dict[str, int]) -> dict[str, int]:
    """Columns without holes: claims, then what passes value on, then ends."""
    kept = {key: _depth(key, depths) for key, node in graph.nodes.items() if _passes(node)}
    rank = {depth: i for i, depth in enumerate(sorted(set(kept.values())), start=1)}
    last = len(rank) + 1
    columns = {}
    for key, node in graph.nodes.items():
        columns[key] = 0 if node.part is Part.CLAIM else rank[kept[key]] if key in kept else last
    return columns


def _depth(key: str, depths: dict[str, int]) -> int:
    """A summed bar's key ends with its column."""
    return depths[key] if key in depths else int(key.rsplit(" ", 1)[1])
