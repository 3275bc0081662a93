"""Transfers per second of each rule on a million synthetic transfers, beside plain Python and networkx."""

from __future__ import annotations

from collections import deque

import networkx as nx
from tests.bench.measure import Timing, show, timed
from tests.bench.transfers import Case, accounts, coins

from recoup.tracing import Parameters, Question, Rule
from recoup.tracing.book import FEES
from recoup.tracing.engine import Engine
from recoup.tracing.outcome import Carried

TRANSFERS = 1_000_000


def main() -> None:
    for name, case in (("accounts", accounts(TRANSFERS)), ("coins", coins(TRANSFERS))):
        peers = baselines(case)
        rules = [rule for rule in Rule if rule is not Rule.PARI_PASSU]
        rules = [rule for rule in rules if name == "accounts" or rule is not Rule.LOWEST_INTERMEDIATE]
        timings = [traced(case, rule) for rule in rules]
        title = f"{name}: {case.transfers:,} transfers, {len(case.claims)} claims, no stop rule"
        show(title, "transfers", [*peers, *timings], peers[0])


def traced(case: Case, rule: Rule) -> Timing:
    parameters = Parameters(rule, case.book.granularity)
    question = Question(case.claims)
    return timed(
        f"recoup {rule}", case.transfers, lambda: Engine(case.book, question, parameters, Carried()).run(), runs=1
    )


def baselines(case: Case) -> list[Timing]:
    """What people write themselves: floats in dicts for haircut, a deque of lots for FIFO, a graph for reach."""
    return [
        timed("plain Python haircut (floats)", case.transfers, lambda: plain_haircut(case), runs=1),
        timed("plain Python FIFO (deque)", case.transfers, lambda: plain_fifo(case), runs=1),
        timed("networkx reach (no amounts)", case.transfers, lambda: networkx_reach(case), runs=1),
    ]


def plain_haircut(case: Case) -> float:
    """One colour, floats: fast, and wrong by some units."""
    claimed = {claim.key: claim.amount for claim in case.claims}
    balance: dict[int, float] = {}
    taint: dict[int, float] = {}
    for flow in case.book.flows:
        moved = 0.0
        for item in flow.outs:
            have, share = balance.get(item.pot, 0.0), taint.get(item.pot, 0.0)
            part = share * item.amount / have if have else 0.0
            balance[item.pot], taint[item.pot] = have - item.amount, share - part
            moved += part
        whole = sum(item.amount for item in flow.ins)
        for item in flow.ins:
            balance[item.pot] = balance.get(item.pot, 0.0) + item.amount
            taint[item.pot] = taint.get(item.pot, 0.0) + moved * item.amount / whole
            if item.leg in claimed:
                taint[item.pot] += claimed[item.leg]
    return sum(taint.values())


def plain_fifo(case: Case) -> int:
    """A queue of (claim, amount) per pot, lots never merged."""
    claimed = {claim.key: number for number, claim in enumerate(case.claims, start=1)}
    queues: dict[int, deque[tuple[int, int]]] = {}
    for flow in case.book.flows:
        line: deque[tuple[int, int]] = deque()
        for item in flow.outs:
            line.extend(_popped(queues.get(item.pot), item.amount) if item.pot > FEES else [(0, item.amount)])
        for item in flow.ins:
            lots = _popped(line, item.amount)
            if item.leg in claimed:
                lots = [(claimed[item.leg], item.amount)]
            queues.setdefault(item.pot, deque()).extend(lots)
    return sum(amount for pot, lots in queues.items() if pot > FEES for colour, amount in lots if colour)


def _popped(lots: deque[tuple[int, int]] | None, amount: int) -> list[tuple[int, int]]:
    taken = []
    while amount and lots:
        colour, size = lots.popleft()
        if size > amount:
            lots.appendleft((colour, size - amount))
            size = amount
        taken.append((colour, size))
        amount -= size
    return [*taken, (0, amount)] if amount else taken


def networkx_reach(case: Case) -> int:
    """Everything downstream of the claims, whatever the time: no amounts, no order."""
    graph = nx.DiGraph()
    for flow in case.book.flows:
        graph.add_edges_from((a.pot, b.pot) for a in flow.outs for b in flow.ins if a.pot > FEES and b.pot > FEES)
    claimed = {claim.key for claim in case.claims}
    starts = [item.pot for flow in case.book.flows for item in flow.ins if item.leg in claimed]
    return len(set().union(*(nx.descendants(graph, start) for start in starts if start in graph)))
