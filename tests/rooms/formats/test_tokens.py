"""Tokens: the contract is the asset, the symbol only its name; addresses are bytes."""

from __future__ import annotations

import pytest
from tests.rooms.formats.build import TOKEN

from recoup.formats.evm import NATIVE, When, address_of, optional_address, symbol_of, token_asset
from recoup.formats.fields import BadRow
from recoup.formats.tokens import one_name_each
from recoup.ground import Asset, Defects, Instant
from recoup.ledger import Entry, Ledger, Leg, Side

TIME = Instant.from_unix(1_600_000_000)


def ledger(*codes: str) -> Ledger:
    legs = tuple(Leg(str(n), Side.IN, "a", Asset(code), 1) for n, code in enumerate(codes))
    return Ledger((Entry("e", TIME, 0, "ethereum", legs),))


def named(*ledgers: Ledger) -> tuple[list[list[str]], list[str]]:
    defects = Defects()
    made = one_name_each(ledgers, defects)
    return [[leg.asset.code for _, leg in each.legs()] for each in made], [note.what for note in defects.notices]


def test_a_name_given_later_names_what_came_before() -> None:
    assert named(ledger("token@x:1", "ETH"), ledger("USDT@x:1")) == ([["USDT@x:1", "ETH"], ["USDT@x:1"]], [])


def test_a_second_name_is_noted_and_the_first_stays() -> None:
    codes, notes = named(ledger("A@x:1"), ledger("B@x:1", "token@x:1"))
    assert codes == [["A@x:1"], ["A@x:1", "A@x:1"]] and notes == ["B@x:1 is also called A@x:1"]


def test_contracts_of_two_chains_are_two_assets() -> None:
    assert named(ledger("A@x:1", "B@y:1", "token@z:1"))[0] == [["A@x:1", "B@y:1", "token@z:1"]]


def test_ledgers_without_tokens_are_left_as_they_are() -> None:
    given = ledger("ETH", "BTC")
    assert one_name_each([given], Defects())[0].entries[0] is given.entries[0]


@pytest.mark.parametrize("symbol", ["USDT", "USD-C", "x.y", "$A_1+", "a" * 30])
def test_plain_symbols_stay(symbol: str) -> None:
    assert symbol_of(symbol) == symbol


@pytest.mark.parametrize("symbol", ["", "US DT", "USDТ", "a" * 31, "a,b", "x@y", "<b>", "visit evil.example"])
def test_other_symbols_say_nothing(symbol: str) -> None:
    assert symbol_of(symbol) == "token"


def test_assets_of_tokens() -> None:
    assert token_asset("bsc", "USDT", TOKEN).code == f"USDT@bsc:{TOKEN}"
    assert token_asset("bsc", "CAT", TOKEN, str(2**256 - 1)).code == f"CAT@bsc:{TOKEN}/{2**256 - 1}"
    assert all(Asset(coin).decimals in (18, None) for coin in NATIVE.values())


def test_addresses_are_lower_case_or_refused() -> None:
    assert address_of("0X" + "Ab" * 20) == "0x" + "ab" * 20
    assert optional_address("") == ""
    for text in ("", "0x", "0x" + "g" * 40, "0x" + "a" * 39, "0x" + "a" * 41, "a" * 42, " 0x" + "a" * 40):
        with pytest.raises(BadRow):
            address_of(text)


@pytest.mark.parametrize(("block", "index"), [(-1, None), (10**13, None), (5, -1), (5, 999_999)])
def test_places_in_a_chain_have_limits(block: int, index: int | None) -> None:
    assert When(9_223_372_036_853, 999_998).index == 999_998
    with pytest.raises(BadRow, match="out of range"):
        When(block, index)
