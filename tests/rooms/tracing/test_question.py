"""A question that does not fit its ledger is refused with file and line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.tracing.worked import BTC, ETH, EUR, bank, chain, claim, entry

from recoup.ground import Refused
from recoup.ledger import Ledger
from recoup.tracing import Claim, Link, LinkKind, Parameters, Question, Rule, run_trace

LEDGER = bank("e: out A 7; in B 7", "f: in A 9")


def refused(question: Question, ledger: Ledger = LEDGER, **asked: object) -> str:
    with pytest.raises(Refused) as caught:
        run_trace(ledger, question, Parameters(Rule.FIFO, **asked))  # type: ignore[arg-type]
    return str(caught.value)


def filed(text: str) -> Claim:
    return replace(claim(text), file="claims.csv", line=4)


def link(kind: LinkKind, source: str, target: str) -> Link:
    ends = (*source.split("/"), *(target.split("/") if target else ("", "")))
    return Link("l", kind, *ends, None, "an author", "a basis", "links.csv", 2)  # type: ignore[call-arg]


def test_no_claim_is_no_question() -> None:
    assert "no claim" in refused(Question(()))


def test_a_claim_on_a_leg_that_is_not_there() -> None:
    said = refused(Question((filed("a e/9 1"),)))
    assert said.startswith("claims.csv:4: claim a: entry e leg 9 is not in the ledger")


def test_a_claim_on_an_out_leg() -> None:
    assert "a claim names an in leg" in refused(Question((filed("a e/0 1"),)))


def test_a_target_of_a_backward_trace_may_be_an_out_leg_that_leaves() -> None:
    ledger = bank("e: in A 7", "f: out A 7")
    (result,) = run_trace(ledger, Question((claim("t f/0 7"),)), Parameters(Rule.FIFO, backward=True))
    assert [(stop.account, stop.label, stop.traced) for stop in result.stopped] == [("A", "e", 7)]


def test_a_claim_larger_than_its_leg() -> None:
    assert "8 is larger than leg 1 of 7" in refused(Question((filed("a e/1 8"),)))


def test_two_rows_of_one_claim_count_together() -> None:
    assert "8 is larger than leg 1 of 7" in refused(Question((filed("a e/1 5"), filed("a e/1 3"))))


def test_two_claims_may_want_the_same_leg_and_the_earlier_has_it() -> None:
    (result,) = run_trace(LEDGER, Question((claim("a e/1 5"), claim("b e/1 5"))), Parameters(Rule.FIFO))
    assert [holding.by_claim for holding in result.holdings] == [{"a": 5, "b": 2}]
    assert [(stop.kind, stop.by_claim) for stop in result.stopped] == [("senior-claim", {"b": 3})]


def test_an_entry_that_stands_in_two_ledgers_cannot_be_named() -> None:
    ledger = Ledger((entry("e", "in A 5", at=0), entry("e", "in A 5", at=0, ledger="bank:two")))
    assert "stands in two ledgers" in refused(Question((filed("a e/0 1"),)), ledger)


def test_every_reason_is_given_at_once() -> None:
    said = refused(Question((filed("a e/9 1"), filed("b e/1 8"))))
    assert said.count("claims.csv:4") == 2


def test_a_ledger_that_contradicts_itself_is_refused() -> None:
    twice = chain("t0: in P 5 opening", "t1: out P 5 coin t0:o0; in Q 5 coin", "t2: out P 5 coin t0:o0; in R 5 coin")
    assert "coin-spent-twice" in refused(Question((claim("a t0/o0 5"),)), twice)


def test_a_coin_is_spent_whole() -> None:
    short = chain("t0: in P 5 opening", "t1: out P 4 coin t0:o0; in Q 4 coin")
    assert "spent-coin-differs" in refused(Question((claim("a t0/o0 5"),)), short)


def test_a_coin_transaction_has_one_asset() -> None:
    mixed = Ledger((
        entry("t0", "in P 5 opening", at=0, ledger="bitcoin", asset=BTC),
        replace(
            entry("t1", "out P 5 coin t0:o0", at=1, ledger="bitcoin", asset=BTC),
            legs=(
                *entry("t1", "out P 5 coin t0:o0", at=1, ledger="bitcoin", asset=BTC).legs,
                *entry("t1", "in Q 5", at=1, ledger="bitcoin", asset=ETH).legs,
            ),
        ),
    ))  # fmt: skip
    assert "mixed-assets" in refused(Question((claim("a t0/o0 5"),)), mixed)


def test_a_link_names_legs_that_are_there() -> None:
    asked = Question((claim("a e/1 1"),), links=(link(LinkKind.BRIDGE, "e/1", "x/0"),))
    assert "links.csv:2: link l: entry x leg 0 is not in the ledger" in refused(asked)


def test_a_bridge_joins_one_asset_and_a_swap_two() -> None:
    both = Ledger((*bank("e: out A 7; in B 7"), entry("s", "in B 3", at=5, asset=ETH)))
    bridge = Question((claim("a e/1 1"),), links=(link(LinkKind.BRIDGE, "e/1", "s/0"),))
    assert "a swap joins two assets, every other link one" in refused(bridge, both)
    swap = Question((claim("a e/1 1"),), links=(link(LinkKind.SWAP, "e/1", "f/0"),))
    assert "a swap joins two assets, every other link one" in refused(swap)


def test_an_election_has_one_end_only() -> None:
    asked = Question((claim("a f/0 1"),), links=(link(LinkKind.ELECTION, "e/0", ""),))
    (result,) = run_trace(bank("f: in A 9", "e: out A 7; in B 7"), asked, Parameters(Rule.LOWEST_INTERMEDIATE))
    assert [(holding.account, holding.traced) for holding in result.holdings] == [("B", 1)]


def test_links_that_lead_back_to_themselves_are_refused() -> None:
    ledger = bank("e: in A 9", "f: out A 9; in B 9", "g: out B 9; in C 9")
    circle = (
        link(LinkKind.COORDINATION, "g/1", "f/1"),
        replace(link(LinkKind.COORDINATION, "f/1", "g/1"), link="m"),
    )
    asked = Question((claim("a e/0 9"),), links=circle)
    try:
        (result,) = run_trace(ledger, asked, Parameters(Rule.FIFO))
    except Refused as refusal:
        assert "links lead back to themselves: l, m" in str(refusal)
    else:
        assert result.conserved, "where a circle comes to rest every unit is still accounted for"


def test_a_backward_trace_does_not_cross_a_link() -> None:
    asked = Question((claim("a e/1 1"),), links=(link(LinkKind.BRIDGE, "e/1", "f/0"),))
    assert "a backward trace does not cross a link" in refused(asked, backward=True)


def test_pari_passu_has_no_backward_trace() -> None:
    with pytest.raises(Refused, match="pari-passu has no backward trace"):
        run_trace(LEDGER, Question((claim("a e/1 1"),)), Parameters(Rule.PARI_PASSU, backward=True))


def test_assets_come_in_the_ledger_s_order_and_only_those_claimed() -> None:
    both = Ledger((
        entry("e", "in A 5", at=0),
        entry("s", "in A 3", at=1, asset=ETH),
        entry("u", "in A 3", at=2, asset=BTC),
    ))  # fmt: skip
    found = run_trace(both, Question((claim("b s/0 3"), claim("a e/0 5"))), Parameters(Rule.FIFO))
    assert [result.asset for result in found] == [EUR, ETH]
