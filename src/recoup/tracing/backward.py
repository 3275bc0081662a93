"""The reversed book: the source of funds is the same rule with time turned round (§8 of the tracing rules)."""

from __future__ import annotations

from dataclasses import replace

from recoup.tracing.book import FEES, OUTSIDE, Book, Flow, Item

AT_THE_END = -1  # final balances belong to no entry


def reversed_book(book: Book) -> Book:
    """Final balances open it, then every flow backward, outs and ins swapped and in reverse order."""
    flows, balances = _with_shortfalls(book)
    openings = [
        Flow(AT_THE_END, (Item(OUTSIDE, amount),), (Item(pot, amount),))
        for pot, amount in enumerate(balances)
        if amount and pot > FEES and book.pots[pot].service is None
    ]
    turned = [replace(flow, outs=flow.ins[::-1], ins=flow.outs[::-1]) for flow in reversed(flows)]
    return replace(book, flows=openings + turned, elected=frozenset())


def _with_shortfalls(book: Book) -> tuple[list[Flow], list[int]]:
    """The flows with every unseen receipt written out just before the flow that needs it; final balances."""
    balances = [0] * len(book.pots)
    flows: list[Flow] = []
    for flow in book.flows:
        for item in flow.outs:
            balances[item.pot] -= item.amount
        for pot in dict.fromkeys(item.pot for item in flow.outs):
            if balances[pot] < 0 and pot > FEES and book.pots[pot].service is None:
                missing = -balances[pot]
                flows.append(Flow(flow.entry, (Item(OUTSIDE, missing),), (Item(pot, missing),), unseen=True))
                balances[pot] = 0
        for item in flow.ins:
            balances[item.pot] += item.amount
        flows.append(flow)
    return flows, balances
