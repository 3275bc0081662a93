"""Whatever the ledger: the picture adds up, the page nests, and the bundle recomputes."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.formats.exhibit.made import exhibit, read

from recoup.casework.bundle import trace_to_directory
from recoup.casework.trace import Choices, Inputs
from recoup.casework.verify import verify_bundle
from recoup.formats.exhibit import csv_bytes, render_html, tables_of
from recoup.formats.exhibit.flow import Palette
from recoup.formats.exhibit.graph import CLEAN, ENDS, NOWHERE, Graph, Part, graph_of
from recoup.formats.exhibit.layout import laid_out
from recoup.formats.exhibit.reduce import pictured, recoloured
from recoup.ground import Asset, Instant
from recoup.ledger import Entry, Kind, Ledger, Leg, Side
from recoup.tracing import Claim, Granularity, Parameters, Question, Result, Rule, Service, run_trace

EUR = Asset("EUR")
ACCOUNTS = ["mule", "shop", "عميل", "x<y>", "ex"]
CONSERVING = [rule for rule in Rule if rule.conserves]

PAYMENT = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 300), st.integers(0, 3))
CLAIM = st.tuples(st.integers(0, 3), st.integers(1, 500), st.integers(1, 500))
CASE = st.tuples(st.lists(CLAIM, min_size=1, max_size=4), st.lists(PAYMENT, max_size=14))
Case = tuple[list[tuple[int, int, int]], list[tuple[int, int, int, int]]]


def ledger_of(case: Case) -> tuple[Ledger, tuple[Claim, ...]]:
    """Receipts that victims claim (in part), then payments, some with a fee."""
    receipts, payments = case
    entries, claims = [], []
    for i, (account, amount, claimed) in enumerate(receipts):
        leg = Leg("0", Side.IN, ACCOUNTS[account], EUR, amount)
        entries.append(Entry(f"r{i}", Instant.from_unix(1_700_000_000 + i), 0, "bank:X", (leg,)))
        claims.append(Claim(f"victim {i}", f"r{i}", "0", min(claimed, amount)))
    for i, (payer, payee, amount, fee) in enumerate(payments):
        legs = [Leg("0", Side.OUT, ACCOUNTS[payer], EUR, amount + fee), Leg("1", Side.IN, ACCOUNTS[payee], EUR, amount)]
        entries.append(Entry(f"p{i}", Instant.from_unix(1_700_001_000 + i), 0, "bank:X", tuple(legs)))
    return Ledger(tuple(entries)), tuple(claims)


def traced(case: Case, rule: Rule, backward: bool = False) -> Result:
    ledger, claims = ledger_of(case)
    question = Question(claims, (Service("ex", "Exchange", "exchange"),))
    (result,) = run_trace(ledger, question, Parameters(rule, Granularity.ACCOUNT, backward=backward))
    return result


def ending(graph: Graph) -> dict[str, int]:
    """Claimed value by colour at the ends of a picture."""
    total: dict[str, int] = {}
    for (_, target), shares in graph.bands.items():
        if target != NOWHERE and graph.nodes[target].part in ENDS:
            for colour, amount in shares.items():
                if colour != CLEAN:
                    total[colour] = total.get(colour, 0) + amount
    return total


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO, Rule.TIHO, Rule.TAINTED_FIRST, Rule.PARI_PASSU])
@settings(max_examples=60)
@given(CASE)
def test_exact_rules_are_drawn_to_the_unit(rule: Rule, case: Case) -> None:
    result = traced(case, rule)
    graph = graph_of(result)
    injected = {claim: amount for claim, amount in result.injected.items() if amount}
    assert ending(graph) == injected
    leaving: dict[str, int] = {}
    for key, node in graph.nodes.items():
        if node.part is Part.CLAIM:
            leaving[node.name] = sum(graph.leaving.get(key, {}).values())
    assert leaving == injected
    assert ending(pictured(recoloured(graph, Palette.of(result.injected).shown)).graph) == injected


@pytest.mark.parametrize("rule", CONSERVING)
@settings(max_examples=40)
@given(CASE)
def test_no_place_of_a_picture_gives_more_than_it_gets(rule: Rule, case: Case) -> None:
    result = traced(case, rule)
    graph = graph_of(result)
    noise = sum(len(step.outs) + len(step.ins) + 2 for step in result.steps) + len(result.injected)
    for key, node in graph.nodes.items():
        if node.part not in ENDS and node.part is not Part.CLAIM:
            for colour in result.injected:
                given_out = graph.leaving.get(key, {}).get(colour, 0)
                assert given_out <= graph.arriving.get(key, {}).get(colour, 0) + noise


@pytest.mark.parametrize("rule", Rule)
@settings(max_examples=25)
@given(CASE, st.sampled_from(["en", "ar"]))
def test_the_page_of_any_trace_nests(rule: Rule, case: Case, language: str) -> None:
    reader = read(render_html(exhibit(traced(case, rule), language=language)))
    assert reader.faults == [] and reader.open == []


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.HAIRCUT])
@settings(max_examples=25)
@given(CASE)
def test_bars_never_overlap(rule: Rule, case: Case) -> None:
    result = traced(case, rule)
    palette = Palette.of(result.injected)
    layout = laid_out(pictured(recoloured(graph_of(result), palette.shown)), palette.order, result.injected_total)
    columns: dict[int, list[tuple[int, int]]] = {}
    for bar in layout.bars:
        columns.setdefault(bar.x, []).append((bar.y, bar.y + bar.height))
    for spans in columns.values():
        spans.sort()
        assert all(above[1] <= below[0] for above, below in pairwise(spans))


@pytest.mark.parametrize("rule", CONSERVING)
@settings(max_examples=25)
@given(CASE)
def test_the_shares_table_sums_to_each_claim(rule: Rule, case: Case) -> None:
    result = traced(case, rule)
    tables = {table.name: table for table in tables_of(exhibit(result))}
    sums = dict.fromkeys(result.injected, 0)
    for row in tables["shares"].rows:
        sums[row[6]] += int(row[7])
    assert sums == result.injected
    assert csv_bytes(tables["shares"]).count(b"\n") == len(tables["shares"].rows) + 1


@settings(max_examples=12)
@given(CASE, st.sampled_from([rule for rule in Rule if rule is not Rule.PARI_PASSU]), st.booleans())
def test_any_bundle_recomputes(
    tmp_path_factory: pytest.TempPathFactory, case: Case, rule: Rule, backward: bool
) -> None:
    folder = tmp_path_factory.mktemp("case")
    inputs = written(folder, case)
    made = trace_to_directory(inputs, Choices((rule,), backward=backward, sensitivity=False), folder / "bundle")
    found = verify_bundle(made.path)
    assert found.difference is None and found.files == 3 + 16 + 2


def written(folder: Path, case: Case) -> Inputs:
    ledger, claims = ledger_of(case)
    rows = [
        (e.id, str(e.time), e.ledger, leg.id, leg.side, leg.account, leg.asset.code, leg.amount, Kind.TRANSFER)
        for e, leg in ledger.legs()
    ]
    header = ("entry", "time", "ledger", "leg", "side", "account", "asset", "amount", "kind")
    _write(folder / "ledger.csv", [header, *rows])
    _write(
        folder / "claims.csv",
        [("claim", "entry", "leg", "amount"), *((c.claim, c.entry, c.leg, c.amount) for c in claims)],
    )
    _write(folder / "services.csv", [("account", "label", "kind"), ("ex", "Exchange", "exchange")])
    return Inputs((folder / "ledger.csv",), folder / "claims.csv", services=folder / "services.csv")


def _write(path: Path, rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@settings(max_examples=25)
@given(CASE)
def test_the_order_of_others_does_not_change_the_declared_page(case: Case) -> None:
    """Other rules appear in the summary table only; the page of the declared rule stays the same."""
    result = traced(case, Rule.FIFO)
    other = replace(traced(case, Rule.LIFO))
    assert render_html(exhibit(result)) == render_html(exhibit(result, others=(other,)))
