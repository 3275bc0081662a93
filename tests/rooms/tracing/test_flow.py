"""From entries to balanced flows: groups, fees, self-change, outside, gaps (§1 of the tracing rules)."""

from __future__ import annotations

from tests.rooms.tracing.worked import BTC, EUR, bank, chain, entry

from recoup.ground import Asset
from recoup.ledger import Ledger, ordered
from recoup.tracing.book import FEES, OUTSIDE, Book, Flow, identity
from recoup.tracing.flow import build
from recoup.tracing.model import (
    Claim,
    ClusterMember,
    FeePolicy,
    Granularity,
    Link,
    LinkKind,
    Parameters,
    Question,
    Rule,
    Service,
)

NOTHING = Question(())
Sides = tuple[list[tuple[str, int]], list[tuple[str, int]]]


def book(
    ledger: Ledger,
    asset: Asset = EUR,
    question: Question = NOTHING,
    granularity: Granularity = Granularity.COIN,
    fee_policy: FeePolicy = FeePolicy.LAST,
) -> Book:
    parameters = Parameters(Rule.FIFO, granularity, fee_policy)
    return build(ledger, ordered(ledger), asset, question, parameters)


def sides(flow: Flow, made: Book) -> Sides:
    """Outs and ins as (account or coin, amount)."""
    outs, ins = (
        [(made.pots[item.pot].coin or made.pots[item.pot].account, item.amount) for item in side]
        for side in (flow.outs, flow.ins)
    )
    return outs, ins


def flows(
    ledger: Ledger, asset: Asset = EUR, **asked: object
) -> list[tuple[list[tuple[str, int]], list[tuple[str, int]]]]:
    made = book(ledger, asset, **asked)  # type: ignore[arg-type]
    return [sides(flow, made) for flow in made.flows]


def test_a_transfer_is_one_flow() -> None:
    assert flows(bank("e: out A 7; in B 7")) == [([("A", 7)], [("B", 7)])]


def test_pairs_in_row_order_are_flows_of_their_own() -> None:
    """Otherwise A's value would mix with C's inside one Ethereum transaction."""
    assert flows(bank("e: out A 7; in B 7; out C 2; in D 2")) == [
        ([("A", 7)], [("B", 7)]),
        ([("C", 2)], [("D", 2)]),
    ]


def test_what_stands_together_on_both_sides_is_one_flow() -> None:
    assert flows(bank("e: out A 7; out C 2; in B 4; in D 5")) == [([("A", 7), ("C", 2)], [("B", 4), ("D", 5)])]


def test_a_group_stays_open_until_its_ins_cover_its_outs() -> None:
    assert flows(bank("e: out A 7; in B 4; out C 2; in D 5")) == [([("A", 7), ("C", 2)], [("B", 4), ("D", 5)])]


def test_a_payment_without_receiver_leaves_the_data_leg_by_leg() -> None:
    assert flows(bank("e: out A 7; out C 2")) == [([("A", 7)], [("outside", 7)]), ([("C", 2)], [("outside", 2)])]


def test_a_receipt_without_payer_comes_from_outside_leg_by_leg() -> None:
    assert flows(bank("e: in A 7; in C 2")) == [([("outside", 7)], [("A", 7)]), ([("outside", 2)], [("C", 2)])]


def test_an_account_fee_is_a_flow_of_its_own_after_the_transfer() -> None:
    """Gas is paid by its payer's own balance: it must not mix with what somebody else sends in the same entry."""
    assert flows(bank("e: out P 3 fee; out A 7; in B 7")) == [([("A", 7)], [("B", 7)]), ([("P", 3)], [("fees", 3)])]


def test_what_a_transaction_does_not_give_out_is_its_fee_last_or_first() -> None:
    ledger = chain("t0: in P 9 opening", "t1: out P 9 coin t0:o0; in Q 5 coin; in R 3 coin")
    assert flows(ledger, BTC)[1] == ([("t0:o0", 9)], [("t1:o0", 5), ("t1:o1", 3), ("fees", 1)])
    first = flows(ledger, BTC, fee_policy=FeePolicy.FIRST)[1]
    assert first == ([("t0:o0", 9)], [("fees", 1), ("t1:o0", 5), ("t1:o1", 3)])


def test_mint_and_interest_come_first_burn_and_fees_go_last() -> None:
    ledger = bank("e: out A 1 fee; out A 2 burn; out A 7; in B 7; in A 4 mint; in A 5 interest")
    assert flows(ledger) == [
        ([("outside", 4)], [("A", 4)]),
        ([("outside", 5)], [("A", 5)]),
        ([("A", 7)], [("B", 7)]),
        ([("A", 2)], [("outside", 2)]),
        ([("A", 1)], [("fees", 1)]),
    ]


def test_more_arriving_than_leaving_is_a_violation_and_the_excess_comes_from_outside() -> None:
    made = book(bank("e: out A 7; in B 9"))
    assert sides(made.flows[0], made) == ([("A", 7), ("outside", 2)], [("B", 9)])
    assert made.violations == ["entry e: 2 EUR more arrives than leaves"]


def test_legs_of_nothing_are_left_out_but_tell_a_fee_from_an_outflow() -> None:
    """A transaction whose only output is worth 0 pays everything to the miner."""
    assert flows(bank("e: out A 2; in A 0")) == [([("A", 2)], [("fees", 2)])]
    assert flows(bank("e: out A 0; in B 0")) == []
    assert flows(bank("e: in A 0")) == []


def test_change_to_oneself_never_left_at_account_granularity() -> None:
    ledger = chain("t0: in P 9 opening", "t1: out P 9 coin t0:o0; in P 5 coin; in R 3 coin")
    assert flows(ledger, BTC, granularity=Granularity.ACCOUNT)[1] == ([("P", 4)], [("R", 3), ("fees", 1)])


def test_change_comes_off_the_last_outs_and_the_first_ins() -> None:
    ledger = bank("e: out A 5; out B 4; out A 6; in C 8; in A 7")
    assert flows(ledger, granularity=Granularity.ACCOUNT) == [([("A", 4), ("B", 4)], [("C", 8)])]


def test_a_transfer_only_to_oneself_is_no_flow() -> None:
    assert flows(bank("e: out A 5; in A 5"), granularity=Granularity.ACCOUNT) == []


def test_a_claimed_leg_is_left_standing() -> None:
    """What a claim names is never netted away."""
    asked = Question((Claim("v", "e", "1", 3),))
    ledger = bank("e: out A 5; in A 5")
    assert flows(ledger, granularity=Granularity.ACCOUNT, question=asked) == [([("A", 5)], [("A", 5)])]


def test_a_linked_leg_is_left_standing() -> None:
    link = Link("l", LinkKind.BRIDGE, "e", "1", "x", "0", None, "an author", "a basis")
    ledger = bank("e: out A 5; in A 5")
    assert flows(ledger, question=Question((), links=(link,))) == [([("A", 5)], [("A", 5)])]


def test_a_cluster_is_one_pot_and_its_inner_transfers_are_no_flows() -> None:
    clusters = (ClusterMember("A", "one", "x"), ClusterMember("B", "one", "x"))
    asked = Question((), clusters=clusters)
    ledger = bank("e: out A 5; in B 5", "f: out B 4; in C 4")
    assert flows(ledger, granularity=Granularity.CLUSTER, question=asked) == [([("one", 4)], [("C", 4)])]


def test_clusters_mean_nothing_at_other_granularities() -> None:
    asked = Question((), clusters=(ClusterMember("A", "one", "x"), ClusterMember("B", "one", "x")))
    assert flows(bank("e: out A 5; in B 5"), question=asked) == [([("A", 5)], [("B", 5)])]


def test_a_cluster_with_a_service_is_the_first_of_its_services() -> None:
    clusters = (ClusterMember("A", "one", "x"), ClusterMember("B", "one", "x"))
    services = (Service("B", "Bourse", "exchange"), Service("A", "Mixer", "mixer"))
    made = book(
        bank("e: out C 5; in A 5"), question=Question((), services, (), clusters), granularity=Granularity.CLUSTER
    )
    (pot,) = (pot for pot in made.pots if pot.account == "one")
    assert pot.service == services[0]


def test_a_coin_whose_creation_is_missing_is_a_gap_and_no_value_of_its_account() -> None:
    ledger = chain("t0: in P 4 coinbase", "t1: out P 9 coin lost:o3; in Q 9 coin")
    for granularity in (Granularity.COIN, Granularity.ACCOUNT):
        made = book(ledger, BTC, granularity=granularity)
        (spent,) = made.flows[1].outs
        assert spent.pot not in {item.pot for item in made.flows[0].ins}
        assert made.gaps[spent.pot].code == "spent-coin-not-in-data"
        assert made.gaps[spent.pot].amount == 9


def test_an_opening_is_a_gap_in_its_account_s_history() -> None:
    made = book(bank("e: in A 5 opening"))
    ((pot, gap),) = made.gaps.items()
    assert (made.pots[pot].account, gap.code, gap.entry, gap.amount) == ("A", "history-not-in-data", "e", 5)


def test_an_address_is_one_account_whatever_its_case() -> None:
    """EIP-55 writes a checksum into the case: two exports of one address must meet in one pot."""
    upper, lower = "0x" + "AB" * 20, "0x" + "ab" * 20
    made = book(bank(f"e: in {upper} 5", f"f: out {lower} 5"))
    assert made.flows[0].ins[0].pot == made.flows[1].outs[0].pot
    assert identity("0xAB") == "0xAB", "only full addresses are caseless"
    assert identity("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2") != identity("1bvbmseystwetqtfn5au4m4gfg7xjanvn2")


def test_one_account_in_two_ledgers_is_two_pots() -> None:
    ledger = Ledger((entry("e", "in A 5", at=0), entry("f", "in A 5", at=1, ledger="bank:two")))
    made = book(ledger)
    assert made.flows[0].ins[0].pot != made.flows[1].ins[0].pot


def test_another_asset_is_another_book() -> None:
    ledger = chain("t0: in P 9 opening", "t1: out P 9 coin t0:o0; in Q 9 coin")
    assert flows(ledger, EUR) == []
    assert len(flows(ledger, BTC)) == 2


def test_coins_granularity_of_an_account_ledger_is_accounts() -> None:
    assert book(bank("e: in A 5")).granularity is Granularity.ACCOUNT
    assert book(chain("t0: in P 9 opening", "t1: out P 9 coin t0:o0; in Q 9 coin"), BTC).granularity is Granularity.COIN


def test_every_flow_balances_and_the_special_pots_come_first() -> None:
    made = book(bank("e: out A 7; in B 5; out C 2; in D 1; out A 1 fee", "f: out B 9; in A 20", "g: in A 3 mint"))
    assert (OUTSIDE, FEES) == (0, 1)
    for flow in made.flows:
        assert sum(item.amount for item in flow.outs) == sum(item.amount for item in flow.ins)
