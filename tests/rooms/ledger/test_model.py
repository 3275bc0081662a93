"""Nouns of the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rooms.ledger.build import entry, ledger

from recoup.ground import Asset
from recoup.ledger import FROM_OUTSIDE, TO_OUTSIDE, Kind, Leg, Side

NOON = "2021-06-07T12:00:00Z"
EUR = Asset("EUR")


def test_a_leg_holds_256_bits_and_no_more() -> None:
    assert Leg("0", Side.IN, "a", EUR, 2**256 - 1).amount == 2**256 - 1
    assert Leg("0", Side.IN, "a", EUR, 0).amount == 0
    for amount in (-1, 2**256):
        with pytest.raises(ValueError, match=r"not between 0 and 2\*\*256 - 1"):
            Leg("0", Side.IN, "a", EUR, amount)


@pytest.mark.parametrize("amount", [1.0, "1", None, True])
def test_an_amount_is_an_integer(amount: Any) -> None:
    with pytest.raises(TypeError, match="integer of the smallest unit"):
        Leg("0", Side.IN, "a", EUR, amount)


def test_a_ledger_counts_coins_where_a_leg_says_so() -> None:
    made = ledger(
        entry("a", NOON, "in x 1 coinbase", ledger="dogecoin"),
        entry("b", NOON, "in x 1 coin", ledger="bitcoin"),
        entry("c", NOON, "out x 1 transfer a:o0", ledger="litecoin"),
        entry("d", NOON, "in x 1", ledger="bank:A"),
    )
    assert made.coin_ledgers == {"bitcoin", "litecoin"}


def test_entries_and_legs_stand_in_their_order() -> None:
    made = ledger(entry("b", NOON, "out x 2, in y 1", asset=Asset("BTC")), entry("a", NOON, "in z 1"))
    assert len(made) == 2 and [one.id for one in made] == ["b", "a"]
    assert [(one.id, leg.account) for one, leg in made.legs()] == [("b", "x"), ("b", "y"), ("a", "z")]
    assert [asset.code for asset in made.assets] == ["BTC", "EUR"]
    assert made.entries[0].coin(made.entries[0].legs[1]) == "b:o0"


def test_no_kind_comes_from_outside_and_goes_there() -> None:
    assert not FROM_OUTSIDE & TO_OUTSIDE
    assert {Kind.COINBASE, Kind.OPENING, Kind.MINT, Kind.INTEREST, Kind.BURN} == FROM_OUTSIDE | TO_OUTSIDE
