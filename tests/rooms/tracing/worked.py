"""Small ledgers in few words, and results that engine and reference must both give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.rooms.tracing.compare import differences, table
from tests.rooms.tracing.reference import Target, reference_in_all_orders

from recoup.ground import Asset, Instant
from recoup.ledger import Entry, Kind, Ledger, Leg, Side
from recoup.tracing import run_trace
from recoup.tracing.model import Claim, Parameters, Question, Result, Rule

EUR, BTC, ETH = Asset("EUR"), Asset("BTC"), Asset("ETH")
START = datetime(2024, 1, 1, tzinfo=UTC)
HOLDING, STOP = "holding", "stop"
FEES: Target = ("fees",)
LEFT: Target = ("left",)


def leg(text: str, asset: Asset = EUR) -> Leg:
    """`out A 100`, `in B 100 opening`, `out P 5 coin t0:o0`; the id is set by `entry`."""
    side, account, amount, *more = text.split()
    kind, spends = Kind(more[0]) if more else Kind.TRANSFER, more[1] if len(more) > 1 else ""
    return Leg("", Side(side), account, asset, int(amount), kind, spends)


def entry(name: str, *legs: str, at: int, ledger: str = "bank:one", asset: Asset = EUR) -> Entry:
    """Legs are numbered; coins i0, i1 … and o0, o1 …"""
    made, count = [], {Side.OUT: 0, Side.IN: 0}
    for n, text in enumerate(legs):
        one = leg(text, asset)
        name_of = f"{'i' if one.side is Side.OUT else 'o'}{count[one.side]}" if asset == BTC else str(n)
        count[one.side] += 1
        made.append(Leg(name_of, one.side, one.account, one.asset, one.amount, one.kind, one.spends))
    return Entry(name, Instant(START + timedelta(hours=at)), 0, ledger, tuple(made))


def bank(*bookings: str) -> Ledger:
    """One booking a line, `;` between its legs: `e0: in A 1000`."""
    entries = []
    for at, booking in enumerate(bookings):
        name, legs = booking.split(": ")
        entries.append(entry(name, *legs.split("; "), at=at))
    return Ledger(tuple(entries))


def chain(*transactions: str) -> Ledger:
    """The same for a coin ledger: `t1: out P 5 coin t0:o0; in Q 4 coin`."""
    entries = []
    for at, transaction in enumerate(transactions):
        name, legs = transaction.split(": ", 1)
        entries.append(entry(name, *legs.split("; "), at=at, ledger="bitcoin", asset=BTC))
    return Ledger(tuple(entries))


def claim(text: str) -> Claim:
    """`a e0/0 1000`."""
    name, key, amount = text.split()
    return Claim(name, *key.split("/"), int(amount))  # type: ignore[call-arg,arg-type]


def results(ledger: Ledger, question: Question, parameters: Parameters) -> tuple[Result, ...]:
    """The engine's results, after the reference has agreed with each."""
    found = run_trace(ledger, question, parameters)
    assert differences(found, *reference_in_all_orders(ledger, question, parameters)) == []
    return found


def traced(
    ledger: Ledger, claims: list[str], rule: Rule, question: Question | None = None, **parameters: object
) -> dict[Target, dict[str, int]]:
    """Every target of the only asset with its colours; the claims may come with a question's services and links."""
    asked = question or Question(())
    asked = Question(tuple(claim(text) for text in claims), asked.services, asked.links, asked.clusters)
    (result,) = results(ledger, asked, Parameters(rule, **parameters))  # type: ignore[arg-type]
    if rule.conserves:
        assert result.conserved
    return {target: dict(shares) for target, shares in table(result).items() if any(shares.values())}
