"""Co-spending joins accounts, CoinJoin joins none, and a cluster's name does not depend on what comes later."""

from __future__ import annotations

import pytest
from tests.rooms.tracing.worked import bank, chain

from recoup.ledger import Ledger
from recoup.tracing import ClusterMember, co_spend
from recoup.tracing.clusters import CO_SPEND, COINJOIN_ACCOUNTS_MIN, COINJOIN_EQUAL_OUTPUTS_MIN, looks_like_coinjoin

FUNDED = [f"t{n}: in {who} 10 opening" for n, who in enumerate("ABCDE")]


def clusters(*transactions: str) -> dict[str, str]:
    return {member.account: member.cluster for member in co_spend(chain(*FUNDED, *transactions))}


def test_accounts_that_pay_together_are_one_cluster() -> None:
    found = co_spend(chain(*FUNDED, "s: out A 10 coin t0:o0; out B 10 coin t1:o0; in X 20 coin"))
    assert found == (ClusterMember("A", "cluster:A", CO_SPEND), ClusterMember("B", "cluster:A", CO_SPEND))


def test_one_payer_joins_nothing_and_receivers_are_not_joined() -> None:
    assert clusters("s: out A 10 coin t0:o0; in X 5 coin; in Y 5 coin") == {}


def test_joining_is_transitive_and_the_account_seen_first_names_it() -> None:
    found = clusters(
        "s: out B 10 coin t1:o0; out C 10 coin t2:o0; in X 20 coin",
        "u: out A 10 coin t0:o0; out B 1 coin v:o0; in Y 11 coin",
    )
    assert set(found) == {"A", "B", "C"}
    assert set(found.values()) == {"cluster:B"}, "B was seen before A paid with it"


def test_two_groups_stay_two() -> None:
    found = clusters(
        "s: out A 10 coin t0:o0; out B 10 coin t1:o0; in X 20 coin",
        "u: out C 10 coin t2:o0; out D 10 coin t3:o0; in Y 20 coin",
    )
    assert found == {"A": "cluster:A", "B": "cluster:A", "C": "cluster:C", "D": "cluster:C"}


def test_later_transactions_do_not_rename_a_cluster() -> None:
    first = clusters("s: out A 10 coin t0:o0; out B 10 coin t1:o0; in X 20 coin")
    more = clusters(
        "s: out A 10 coin t0:o0; out B 10 coin t1:o0; in X 20 coin",
        "u: out C 10 coin t2:o0; out B 1 coin v:o0; in Y 11 coin",
    )
    assert first.items() <= more.items()


COINJOIN = "s: out A 10 coin t0:o0; out B 10 coin t1:o0; out C 10 coin t2:o0; in X 9 coin; in Y 9 coin; in Z 9 coin"


def test_a_coinjoin_joins_nobody() -> None:
    """Three strangers mixing are not one party: joining them would put an innocent's coins into the cluster."""
    assert clusters(COINJOIN) == {}


@pytest.mark.parametrize(
    ("transaction", "mixed"),
    [
        (COINJOIN, True),
        (COINJOIN.replace("in Z 9", "in Z 8"), False),  # two equal outputs: below the least of three
        (COINJOIN.replace("out C", "out B"), False),  # two payers: below the least of three
        (COINJOIN.replace("; in Z 9 coin", "; in Z 9 coin; in W 1 coin"), True),
    ],
)
def test_the_edges_of_what_looks_like_a_coinjoin(transaction: str, mixed: bool) -> None:
    assert (COINJOIN_EQUAL_OUTPUTS_MIN, COINJOIN_ACCOUNTS_MIN) == (3, 3)
    (entry,) = (entry for entry in chain(transaction))
    assert looks_like_coinjoin(entry) is mixed


def test_account_ledgers_have_no_co_spending() -> None:
    assert co_spend(bank("e: out A 5; out B 5; in C 10")) == ()
    assert co_spend(Ledger(())) == ()


def test_spellings_of_one_address_are_one_account() -> None:
    upper, lower = "0x" + "AB" * 20, "0x" + "ab" * 20
    found = co_spend(
        chain(f"t0: in {upper} 5 opening", f"s: out {upper} 5 coin t0:o0; out {lower} 5 coin x:o0; in X 10 coin")
    )
    assert found == (), "one account alone is no cluster"
