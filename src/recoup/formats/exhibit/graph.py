"""What the flow picture shows: places, transactions and the bands between them, before any size or position."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from recoup.formats.exhibit.model import noise
from recoup.tracing import Holding, Move, Result, Shares, Step, Stop

CLEAN = ""  # the colour of value that nobody claims
NOWHERE = ""  # the other end of a stub
OUTSIDE_NAME = "outside"


class Part(StrEnum):
    CLAIM = "claim"
    POT = "pot"
    TRANSACTION = "transaction"
    LINK = "link"
    HOLDING = "holding"
    STOP = "stop"
    FEES = "fees"
    LEFT = "left"


ENDS = frozenset({Part.HOLDING, Part.STOP, Part.FEES, Part.LEFT})


@dataclass(frozen=True, slots=True)
class Node:
    """A bar of the picture. `count` above 1: that many places in one bar; `row`: they follow each other."""

    key: str
    part: Part
    name: str
    detail: str = ""
    count: int = 1
    row: bool = False
    amount: int = 0  # of a claim and of an end: the figure of the result, which bands may miss by rounding


@dataclass(slots=True)
class Graph:
    """Nodes in order of first appearance; bands (source, target) to amounts by colour."""

    nodes: dict[str, Node] = field(default_factory=dict)
    bands: dict[tuple[str, str], Shares] = field(default_factory=dict)
    arriving: dict[str, Shares] = field(default_factory=dict)
    leaving: dict[str, Shares] = field(default_factory=dict)

    def node(self, part: Part, name: str, detail: str = "", key: str = "") -> str:
        key = key or key_of(part, name, detail)
        self.nodes.setdefault(key, Node(key, part, name, detail))
        return key

    def end(self, part: Part, name: str, detail: str, amount: int) -> str:
        """A node that carries a figure of the result."""
        key = self.node(part, name, detail)
        self.nodes[key] = replace(self.nodes[key], amount=amount)
        return key

    def band(self, source: str, target: str, shares: Shares) -> None:
        real = {colour: amount for colour, amount in shares.items() if amount > 0}
        if source != target and real:
            self.bands[source, target] = _plus(self.bands.get((source, target), {}), real)
            self.leaving[source] = _plus(self.leaving.get(source, {}), real)
            self.arriving[target] = _plus(self.arriving.get(target, {}), real)

    def through(self) -> dict[str, int]:
        """The larger of what arrives at and what leaves each node, claimed value only."""
        return {
            key: max(_claimed(self.arriving.get(key, {})), _claimed(self.leaving.get(key, {}))) for key in self.nodes
        }

    def merged(self, into: dict[str, Node]) -> Graph:
        """The graph with some nodes standing in another; bands add up, what stays inside one node goes."""
        joined = Graph()
        for key, node in self.nodes.items():
            stays = into.get(key, node)
            joined.nodes.setdefault(stays.key, stays)
        new = {key: into[key].key if key in into else key for key in [*self.nodes, NOWHERE]}
        for (source, target), shares in self.bands.items():
            joined.band(new[source], new[target], shares)
        return joined


def key_of(part: Part, name: str, detail: str = "") -> str:
    return f"{part}\x1f{name}\x1f{detail}"


def graph_of(result: Result) -> Graph:
    """The flows of one result. Only one payer is ever joined to a payee; several payers meet in a transaction."""
    builder = _Builder(result)
    for number, step in enumerate(result.steps):
        builder.step(number, step)
    builder.ends()
    return _contracted(builder.graph)


class _Builder:
    def __init__(self, result: Result) -> None:
        self.result = result
        self.graph = Graph()
        self.to_inject = dict(result.injected)
        self.in_links: Shares = {}
        self.pots: dict[str, list[str]] = {}  # by account, once every step is in
        for claim, amount in result.injected.items():
            self.graph.end(Part.CLAIM, claim, "", amount)

    def step(self, number: int, step: Step) -> None:
        incoming, outgoing = _sum(step.outs), _sum([*step.ins, *([step.fee] if step.fee else [])])
        off = noise(self.result, len(step.outs) + len(step.ins) + 1)
        missing = {c: a - incoming.get(c, 0) for c, a in outgoing.items() if a - incoming.get(c, 0) > off}
        taken = {c: a - outgoing.get(c, 0) for c, a in incoming.items() if a - outgoing.get(c, 0) > off}
        sources = self._entering(missing)
        if sources and not incoming:
            self._from_claims(step, sources)
            return
        payers = [move for move in step.outs if move.amount and not self._outside(move)]
        alone = len({_key(move) for move in payers}) == 1 and not sources
        hub = self._pot(payers[0]) if alone else self._hub(number, step, payers, sources)
        for move in step.ins:
            self._give(hub, move)
        if step.fee and step.fee.by_claim:
            self.graph.band(hub, self.graph.node(Part.FEES, "fees"), step.fee.by_claim)
        if taken:
            self.in_links = _plus(self.in_links, taken)
            self.graph.band(hub, self.graph.node(Part.LINK, "link"), taken)

    def _entering(self, missing: Shares) -> dict[str, Shares]:
        """Where colours that no payer brings come from: their claims first, then evidenced links."""
        claims = {c: min(a, self.to_inject.get(c, 0)) for c, a in missing.items()}
        linked = {c: min(a - claims[c], self.in_links.get(c, 0)) for c, a in missing.items()}
        self.to_inject = {c: a - claims.get(c, 0) for c, a in self.to_inject.items()}
        self.in_links = {c: a - linked.get(c, 0) for c, a in self.in_links.items()}
        found = {self.graph.node(Part.CLAIM, c): {c: a} for c, a in claims.items() if a}
        linked = {c: a for c, a in linked.items() if a}
        return {**found, self.graph.node(Part.LINK, "link"): linked} if linked else found

    def _from_claims(self, step: Step, sources: dict[str, Shares]) -> None:
        for move in step.ins:
            pot = self._pot(move)
            for source, shares in sources.items():
                self.graph.band(source, pot, {c: min(a, move.by_claim.get(c, 0)) for c, a in shares.items()})
            if move.by_claim:
                self.graph.band(NOWHERE, pot, {CLEAN: _clean(move)})

    def _hub(self, number: int, step: Step, payers: list[Move], sources: dict[str, Shares]) -> str:
        hub = self.graph.node(Part.TRANSACTION, step.entry, key=f"transaction {number}")
        for move in payers:
            payer = self._pot(move) if move.by_claim else NOWHERE
            self.graph.band(payer, hub, {**move.by_claim, CLEAN: _clean(move)})
        for source, shares in sources.items():
            self.graph.band(source, hub, shares)
        return hub

    def _give(self, hub: str, move: Move) -> None:
        if self._outside(move):
            if not self.result.parameters.backward:
                self.graph.band(hub, self.graph.node(Part.LEFT, "left"), move.by_claim)
        elif move.by_claim:
            self.graph.band(hub, self._pot(move), {**move.by_claim, CLEAN: _clean(move)})
        else:
            self.graph.band(hub, NOWHERE, {CLEAN: _clean(move)})

    def _outside(self, move: Move) -> bool:
        return move.account == OUTSIDE_NAME and not move.coin

    def _pot(self, move: Move) -> str:
        return self.graph.node(Part.POT, move.account, move.coin)

    def ends(self) -> None:
        """Holdings, stops, fees and what left the data, each fed from the place it lies in, else from its claim."""
        for holding in self.result.holdings:
            self._holding(holding)
        for node in self.graph.nodes.values():
            if node.part is Part.POT:
                self.pots.setdefault(node.name, []).append(node.key)
        stops: dict[str, list[Stop]] = {}
        for stop in self.result.stopped:
            stops.setdefault(stop.account, []).append(stop)
        for account, found in stops.items():
            self._stops(account, found)
        for part, shares in ((Part.FEES, self.result.fees), (Part.LEFT, self.result.left_data)):
            if shares:
                self._rest(self.graph.end(part, part, "", sum(shares.values())), shares)

    def _holding(self, holding: Holding) -> None:
        if holding.traced:
            end = self.graph.end(Part.HOLDING, holding.account, holding.coin, holding.traced)
            pot = key_of(Part.POT, holding.account, holding.coin)
            clean = {CLEAN: max(0, holding.balance - holding.traced)} if holding.coin else {}
            if pot in self.graph.nodes:
                self.graph.band(pot, end, {**holding.by_claim, **clean})
            else:
                self._rest(end, holding.by_claim)

    def _stops(self, account: str, stops: list[Stop]) -> None:
        shares: Shares = {}
        for stop in stops:
            shares = _plus(shares, stop.by_claim)
        amount = sum(stop.traced for stop in stops)
        end = self.graph.end(Part.STOP, account, stops[0].label or stops[0].kind, amount)
        left = dict(shares)
        for pot in self.pots.get(account, ()):
            given = {c: min(a, left.get(c, 0)) for c, a in self._surplus(pot).items()}
            left = {c: a - given.get(c, 0) for c, a in left.items()}
            if any(given.values()):
                self.graph.band(pot, end, given)
        self._rest(end, shares)

    def _surplus(self, pot: str) -> Shares:
        arriving, leaving = self.graph.arriving.get(pot, {}), self.graph.leaving.get(pot, {})
        surplus = {c: a - leaving.get(c, 0) for c, a in arriving.items() if c != CLEAN}
        return {c: a for c, a in surplus.items() if a > 0}

    def _rest(self, end: str, shares: Shares) -> None:
        """What no step brought here comes straight from its claim."""
        come = self.graph.arriving.get(end, {})
        off = noise(self.result, len(self.result.steps) + 1)
        for claim, amount in shares.items():
            if amount - come.get(claim, 0) > (off if come else 0):
                self.graph.band(self.graph.node(Part.CLAIM, claim), end, {claim: amount - come.get(claim, 0)})


def _contracted(graph: Graph) -> Graph:
    """A place from which value goes nowhere but to rest is drawn once, as where it rests."""
    leaving: dict[str, set[str]] = {}
    feeding: dict[str, set[str]] = {}
    for source, target in graph.bands:
        leaving.setdefault(source, set()).add(target)
        feeding.setdefault(target, set()).add(source)
    into = {}
    for key, node in graph.nodes.items():
        targets = leaving.get(key, set())
        if node.part is Part.POT and len(targets) == 1 and feeding.get(key):
            end = graph.nodes.get(next(iter(targets)))
            if end and end.part in (Part.HOLDING, Part.STOP):
                into[key] = end
    return graph.merged(into)


def summed(nodes: list[Node], key: str, name: str = "", row: bool = False) -> Node:
    """One node that stands for several."""
    count, amount = sum(node.count for node in nodes), sum(node.amount for node in nodes)
    return replace(nodes[0], key=key, name=name, detail="", count=count, row=row, amount=amount)


def _key(move: Move) -> str:
    return key_of(Part.POT, move.account, move.coin)


def _claimed(shares: Shares) -> int:
    return sum(amount for colour, amount in shares.items() if colour != CLEAN)


def _clean(move: Move) -> int:
    return max(0, move.amount - sum(move.by_claim.values()))


def _sum(moves: list[Move] | tuple[Move, ...]) -> Shares:
    total: Shares = {}
    for move in moves:
        total = _plus(total, move.by_claim)
    return total


def _plus(a: Shares, b: Shares) -> Shares:
    return {colour: a.get(colour, 0) + b.get(colour, 0) for colour in [*a, *(c for c in b if c not in a)]}
