"""Examples worked by hand, with their arithmetic; engine and reference must both give them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.rooms.tracing.worked import (
    BTC,
    ETH,
    EUR,
    FEES,
    HOLDING,
    LEFT,
    STOP,
    bank,
    chain,
    claim,
    entry,
    results,
    traced,
)

from recoup.ledger import Ledger
from recoup.tracing.model import FeePolicy, Granularity, Link, LinkKind, Parameters, Question, Rule, Service

# A's 1000 and B's 2000 come into M; 600 of the 3000 go.
TWO_VICTIMS = bank("e0: in M 1000", "e1: in M 2000", "e2: out M 600")
TWO_CLAIMS = ["A e0/0 1000", "B e1/0 2000"]


@pytest.mark.parametrize(
    ("rule", "a", "b"),
    [
        (Rule.HAIRCUT, 800, 1600),  # 600/3000 of each: 200 and 400 go
        (Rule.PARI_PASSU, 800, 1600),  # the 2400 left, by 1000 : 2000
        (Rule.FIFO, 400, 2000),  # the first 600 in, A's, go first
        (Rule.TAINTED_FIRST, 400, 2000),  # all is coloured: in its order
        (Rule.TIHO, 400, 2000),  # one payment, coloured units from the front
        (Rule.LIFO, 1000, 1400),  # the last 600 in, B's
        (Rule.LOWEST_INTERMEDIATE, 800, 1600),  # no own money: 600 of 3000 coloured, 200 and 400
    ],
)
def test_two_victims_in_one_account(rule: Rule, a: int, b: int) -> None:
    assert traced(TWO_VICTIMS, TWO_CLAIMS, rule) == {
        (HOLDING, "M", ""): {"A": a, "B": b},
        LEFT: {name: amount for name, amount in (("A", 1000 - a), ("B", 2000 - b)) if amount},
    }


def test_poison_reaches_balance_and_payment_whole() -> None:
    # The 2400 that stay and the 600 that went are reached by both claims, whole.
    found = traced(TWO_VICTIMS, TWO_CLAIMS, Rule.POISON)
    assert found == {(HOLDING, "M", ""): {"A": 2400, "B": 2400}, LEFT: {"A": 600, "B": 600}}


def test_the_lowest_intermediate_balance_is_not_revived() -> None:
    # Own 1000, victim 1000; 1500 go: own money first, 1000 of it, then 500 of the victim's. Own 1000 come later.
    # Roscoe v Winder [1915] 1 Ch 62: the claim stays at 500 though the balance is 1500 again.
    ledger = bank("e0: in M 1000", "e1: in M 1000", "e2: out M 1500", "e3: in M 1000")
    found = traced(ledger, ["v e1/0 1000"], Rule.LOWEST_INTERMEDIATE)
    assert found == {(HOLDING, "M", ""): {"v": 500}, LEFT: {"v": 500}}


# Inputs 3 clean, 5 stolen, 2 clean; outputs 4 and 5, fee 1. The line: c c c v v v v v c c.
ONE_TRANSACTION = chain(
    "c0: in P 3 opening",
    "v0: in P 5 opening",
    "c1: in P 2 opening",
    "t: out P 3 coin c0:o0; out P 5 coin v0:o0; out P 2 coin c1:o0; in X 4 coin; in Y 5 coin",
)


@pytest.mark.parametrize(
    ("rule", "policy", "x", "y", "fee"),
    [
        (Rule.FIFO, FeePolicy.LAST, 1, 4, 0),  # c c c v | v v v v c | c
        (Rule.FIFO, FeePolicy.FIRST, 2, 3, 0),  # c | c c v v | v v v c c
        (Rule.LIFO, FeePolicy.LAST, 2, 3, 0),  # fee c | Y: c c v v v | X: v v c c
        (Rule.LIFO, FeePolicy.FIRST, 3, 2, 0),  # Y: c c c v v | X: v v v c | fee c
        (Rule.TIHO, FeePolicy.LAST, 0, 5, 0),  # Y is the largest and takes all 5
        (Rule.TIHO, FeePolicy.FIRST, 0, 4, 1),  # the fee takes 1, then Y 4
        (Rule.TAINTED_FIRST, FeePolicy.LAST, 4, 1, 0),  # v v v v | v c c c c | c
        (Rule.TAINTED_FIRST, FeePolicy.FIRST, 4, 0, 1),  # v | v v v v | c c c c c
        (Rule.HAIRCUT, FeePolicy.LAST, 2, 2, 1),  # floor(5*4/10) = 2, floor(5*9/10) - 2 = 2, 5 - 4 = 1
        (Rule.HAIRCUT, FeePolicy.FIRST, 2, 3, 0),  # floor(5*1/10) = 0, floor(5*5/10) = 2, 5 - 2 = 3
        (Rule.POISON, FeePolicy.LAST, 4, 5, 1),
        (Rule.POISON, FeePolicy.FIRST, 4, 5, 1),
    ],
)
def test_a_coin_transaction(rule: Rule, policy: FeePolicy, x: int, y: int, fee: int) -> None:
    found = traced(ONE_TRANSACTION, ["v v0/o0 5"], rule, fee_policy=policy)
    expected = {(HOLDING, "X", "t:o0"): {"v": x}, (HOLDING, "Y", "t:o1"): {"v": y}, FEES: {"v": fee}}
    assert found == {target: shares for target, shares in expected.items() if shares["v"]}


COLONIAL_INPUTS = [
    164331, 2104, 547, 547, 55095, 1200, 2138, 6469, 19160, 132300, 1205, 366843600, 10100, 6370000000, 142099200,
    47521100, 15371, 33870000, 398799, 179782, 1604, 63500, 22800, 547,
]  # fmt: skip


def colonial() -> Ledger:
    """Bitcoin transactions daf38c7b… and 943f2d57… of May 2021, public on the chain."""
    spent = [f"out a{n} {amount} coin f{n}:o0" for n, amount in enumerate(COLONIAL_INPUTS)]
    return chain(
        *(f"f{n}: in a{n} {amount} opening" for n, amount in enumerate(COLONIAL_INPUTS)),
        f"daf38c7b: {'; '.join(spent)}; in s 6960422177 coin",
        "943f2d57: out s 6960422177 coin daf38c7b:o0; in change 590422177 coin; in fbi 6369996546 coin",
    )


@pytest.mark.parametrize(
    ("rule", "fbi", "change"),
    [
        # 367238796 clean satoshi stand before the ransom: the change takes them and 590422177 - 367238796 of it.
        (Rule.FIFO, 6146816619, 223183381),
        # 224172703 clean stand behind it: the change takes them and 590422177 - 224172703 of it.
        (Rule.LIFO, 6003750526, 366249474),
        # floor(6370000000 * 6960422177 / 6961411499) = 6369094726; of it floor(· * 590422177 / 6960422177) to change,
        # running sums to 6960418723 give the FBI's coin 5828829110; 905274 and 3161 are in the two fees.
        (Rule.HAIRCUT, 5828829110, 540262455),
        (Rule.TIHO, 6369996546, 3454),  # the larger coin is filled first; 6370000000 - 6369996546 are left
        (Rule.POISON, 6369996546, 590422177),
    ],
)
def test_colonial_pipeline(rule: Rule, fbi: int, change: int) -> None:
    found = traced(colonial(), ["ransom f13/o0 6370000000"], rule)
    assert found[HOLDING, "fbi", "943f2d57:o1"] == {"ransom": fbi}
    assert found[HOLDING, "change", "943f2d57:o0"] == {"ransom": change}


def link(kind: LinkKind, start: str, end: str = "/", amount: int | None = None) -> Question:
    made = Link("link", kind, *start.split("/"), *end.split("/"), amount, "claimant", "evidence")  # type: ignore[call-arg,arg-type]
    return Question((), links=(made,))


OATWAY = bank("e0: in M 3000", "e1: in M 3000", "e2: out M 2137; in shares 2137", "e3: out M 3863")


def test_re_oatway_election() -> None:
    # Own 3000, victim 3000; shares for 2137, the other 3863 are dissipated. Own money first: the shares are own,
    # and the victim's 3000 go with the last payment.
    unelected = traced(OATWAY, ["v e1/0 3000"], Rule.LOWEST_INTERMEDIATE)
    assert unelected == {LEFT: {"v": 3000}}
    # Re Oatway [1903] 2 Ch 356: the victim elects the shares: 2137 of the 3000 are there, 863 went.
    elected = {(HOLDING, "shares", ""): {"v": 2137}, LEFT: {"v": 863}}
    for rule in (Rule.LOWEST_INTERMEDIATE, Rule.FIFO, Rule.LIFO, Rule.HAIRCUT, Rule.TIHO, Rule.TAINTED_FIRST):
        assert traced(OATWAY, ["v e1/0 3000"], rule, link(LinkKind.ELECTION, "e2/0")) == elected


@pytest.mark.parametrize("rule", [Rule.FIFO, Rule.LIFO, Rule.HAIRCUT, Rule.TIHO, Rule.LOWEST_INTERMEDIATE])
def test_brazil_v_durant_coordination(rule: Rule) -> None:
    # 100 go from Chanani to Durant; afterwards bribes of 80 come in. [2015] UKPC 35: coordinated, so the 80 trace
    # into the 100 that went before.
    ledger = bank("e0: in chanani 100", "e1: out chanani 100; in durant 100", "e2: in chanani 80")
    claims = ["brazil e2/0 80"]
    assert traced(ledger, claims, rule) == {(HOLDING, "chanani", ""): {"brazil": 80}}
    whole = link(LinkKind.COORDINATION, "e2/0", "e1/1")
    assert traced(ledger, claims, rule, whole) == {(HOLDING, "durant", ""): {"brazil": 80}}
    # Proved for 50 only: 30 stay where they came in.
    part = link(LinkKind.COORDINATION, "e2/0", "e1/1", 50)
    expected = {(HOLDING, "durant", ""): {"brazil": 50}, (HOLDING, "chanani", ""): {"brazil": 30}}
    assert traced(ledger, claims, rule, part) == expected


def test_swap_at_the_ratio_of_the_legs() -> None:
    # 100 euro, 60 of them stolen, are changed into 7 satoshi: floor(60 * 7 / 100) = 4 are the victim's.
    ledger = Ledger(
        (
            entry("e0", "in M 100", at=0),
            entry("e1", "out M 100", "in X 100", at=1),
            entry("t0", "in M 7 coin", at=2, ledger="bitcoin", asset=BTC),
        )
    )
    question = Question((claim("v e0/0 60"),), links=link(LinkKind.SWAP, "e1/1", "t0/o0").links)
    euro, bitcoin = results(ledger, question, Parameters(Rule.FIFO))
    assert (euro.asset, bitcoin.asset) == (EUR, BTC)
    assert [(stop.account, stop.kind, stop.by_claim) for stop in euro.stopped] == [("X", "link", {"v": 60})]
    assert bitcoin.injected == {"v": 4}
    assert [(h.account, h.traced, h.balance) for h in bitcoin.holdings] == [("M", 4, 7)]
    assert euro.conserved and bitcoin.conserved


def test_the_earlier_claim_is_senior() -> None:
    # 8 arrive; a claims 5 and has them, b claims 5 and has the other 3.
    found = traced(bank("e0: in M 8"), ["a e0/0 5", "b e0/0 5"], Rule.FIFO)
    assert found == {(HOLDING, "M", ""): {"a": 5, "b": 3}, (STOP, "M", "", "senior-claim"): {"b": 2}}


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.PARI_PASSU])
def test_a_service_stops_everything(rule: Rule) -> None:
    # 10 stolen go to X, an exchange, whole; what X pays out afterwards is X's own.
    ledger = bank("e0: in M 10", "e1: out M 10; in X 10", "e2: out X 10; in N 10")
    exchange = Question((), services=(Service("X", "Exchange", "exchange"),))
    assert traced(ledger, ["v e0/0 10"], rule, exchange) == {(STOP, "X", "Exchange", "exchange"): {"v": 10}}


@pytest.mark.parametrize(
    ("hops", "where"),
    [(0, "N"), (1, "O"), (2, "")],
)
def test_hop_limit(hops: int, where: str) -> None:
    # M → N is one flow since the claim, N → O the second; with two allowed the value rests at O.
    ledger = bank("e0: in M 10", "e1: out M 10; in N 10", "e2: out N 10; in O 10")
    found = traced(ledger, ["v e0/0 10"], Rule.FIFO, max_hops=hops)
    assert found == {(STOP, where, "", "hop-limit") if where else (HOLDING, "O", ""): {"v": 10}}


def test_below_minimum_stops_and_counts_as_clean() -> None:
    # 4 of 10 stolen arrive at N; below 5 the trace stops there, and N's later payment is clean.
    ledger = bank("e0: in M 4", "e1: out M 4; in N 4", "e2: out N 4")
    assert traced(ledger, ["v e0/0 4"], Rule.HAIRCUT, min_amount=4) == {LEFT: {"v": 4}}
    assert traced(ledger, ["v e0/0 4"], Rule.HAIRCUT, min_amount=5) == {(STOP, "M", "", "below-minimum"): {"v": 4}}


def test_a_shortfall_is_clean_and_behind() -> None:
    # M holds 10 stolen and pays 25: 15 arrived unseen, are clean, and stand behind. To N go 12, then 13.
    ledger = bank("e0: in M 10", "e1: out M 25; in N 12; in O 13")
    assert traced(ledger, ["v e0/0 10"], Rule.FIFO) == {(HOLDING, "N", ""): {"v": 10}}
    # The last 12 of [10 v, 15 c] are clean; O gets [10 v, 3 c].
    assert traced(ledger, ["v e0/0 10"], Rule.LIFO) == {(HOLDING, "O", ""): {"v": 10}}
    # 10 of 25: floor(10 * 12 / 25 * 2^16) is 4.8, the rest 5.2; rounded once to 5 and 5.
    assert traced(ledger, ["v e0/0 10"], Rule.HAIRCUT) == {(HOLDING, "N", ""): {"v": 5}, (HOLDING, "O", ""): {"v": 5}}


def test_tiho_fills_the_largest_payment_of_a_window() -> None:
    # 6 stolen and 6 clean; payments of 2 and 5 before the next receipt: 5 takes 5, 2 takes 1. After it, 4 takes none.
    ledger = bank("e0: in M 12", "e1: out M 2; in N 2", "e2: out M 5; in O 5", "e3: in M 1", "e4: out M 4")
    found = traced(ledger, ["v e0/0 6"], Rule.TIHO)
    assert found == {(HOLDING, "N", ""): {"v": 1}, (HOLDING, "O", ""): {"v": 5}}


def test_change_never_leaves_the_account() -> None:
    # P spends its stolen coin of 6 and its clean coin of 4 and pays 3 to Q. By coins (fifo) Q, served first, gets 3
    # of the 6. By accounts only 3 leave P's line [6 v, 4 c] as well; by lifo they are the last, clean ones.
    ledger = chain(
        "v0: in P 6 opening",
        "c0: in P 4 opening",
        "t: out P 6 coin v0:o0; out P 4 coin c0:o0; in Q 3 coin; in P 7 coin",
    )
    claims = ["v v0/o0 6"]
    by_coin = {(HOLDING, "Q", "t:o0"): {"v": 3}, (HOLDING, "P", "t:o1"): {"v": 3}}
    assert traced(ledger, claims, Rule.FIFO) == by_coin
    by_account = {(HOLDING, "Q", ""): {"v": 3}, (HOLDING, "P", ""): {"v": 3}}
    assert traced(ledger, claims, Rule.FIFO, granularity=Granularity.ACCOUNT) == by_account
    assert traced(ledger, claims, Rule.LIFO, granularity=Granularity.ACCOUNT) == {(HOLDING, "P", ""): {"v": 6}}


def test_256_bits_of_wei() -> None:
    # 2^255 stolen and 2^254 clean wei; 2^254 are paid. fifo: stolen ones; lifo: the clean ones.
    half, whole = 2**254, 2**255
    ledger = Ledger(
        tuple(
            entry(name, text, at=at, ledger="ethereum", asset=ETH)
            for at, (name, text) in enumerate(
                [("e0", f"in M {whole}"), ("e1", f"in M {half}"), ("e2", f"out M {half}")]
            )
        )
    )
    claims = [f"v e0/0 {whole}"]
    assert traced(ledger, claims, Rule.FIFO) == {(HOLDING, "M", ""): {"v": half}, LEFT: {"v": half}}
    assert traced(ledger, claims, Rule.LIFO) == {(HOLDING, "M", ""): {"v": whole}}
    # 2/3 of the account is stolen: 2/3 of the payment leaves, to the unit.
    haircut = traced(ledger, claims, Rule.HAIRCUT)
    assert haircut[LEFT]["v"] + haircut[HOLDING, "M", ""]["v"] == whole
    assert abs(haircut[LEFT]["v"] - Fraction(2 * half, 3)) < 1


def test_a_pot_that_pays_only_clean_value_lends_no_hops() -> None:
    # v goes X -> B -> C: two flows, above the limit of one. A was emptied of a's unit long before and pays clean units
    # beside B; that a's unit once entered A with no hops says nothing of v.
    ledger = bank(
        "e0: in A 1", "e1: out A 1", "e2: in A 5", "e3: in X 2", "e4: out X 2; in B 2", "e5: out A 2; out B 2; in C 4"
    )
    found = traced(ledger, ["a e0/0 1", "v e3/0 2"], Rule.FIFO, max_hops=1)
    assert found == {(STOP, "C", "", "hop-limit"): {"v": 2}, LEFT: {"a": 1}}
