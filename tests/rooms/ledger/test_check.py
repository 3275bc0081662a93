"""Every finding, found and not found."""

from __future__ import annotations

import pytest
from tests.rooms.ledger.build import entry, ledger

from recoup.ground import Asset, Refused
from recoup.ledger import Entry, check
from recoup.ledger.finding import CONTRADICTIONS, Code

NINE, NOON = "2021-06-07T09:00:00Z", "2021-06-07T12:00:00Z"
BTC = Asset("BTC")
MAKE = "in a 5 coinbase"


def coin(name: str, time: str, legs: str, line: int = 1) -> Entry:
    return entry(name, time, legs, ledger="bitcoin", asset=BTC, line=line)


def found(*entries: Entry) -> list[tuple[str, str, str, int, int]]:
    return [(one.code.value, one.entry, one.leg, one.amount, one.line) for one in check(ledger(*entries))]


def test_a_sound_ledger_has_no_finding() -> None:
    make = coin("make", NINE, MAKE)
    spend = coin("spend", NOON, "out a 5 coin make:o0, in b 3 coin, in a 1 coin")
    assert found(make, spend) == []
    assert found(entry("pay", NINE, "in a 5"), entry("move", NOON, "out a 5, in b 4, out b 1 fee")) == []
    assert found() == []


def test_more_arrives_than_leaves() -> None:
    opening = entry("open", NINE, "in a 9 opening")
    assert found(opening, entry("t", NOON, "out a 5, in b 6", line=7)) == [
        ("more-arrives-than-leaves", "t", "i0", 1, 7)
    ]
    assert found(entry("t", NOON, "out a 0, in b 6", line=7)) == [("more-arrives-than-leaves", "t", "i0", 6, 7)]


@pytest.mark.parametrize("kind", ["coinbase", "opening", "mint", "interest"])
def test_what_comes_from_outside_needs_nothing_that_leaves(kind: str) -> None:
    assert found(entry("open", NINE, "in a 5 opening"), entry("t", NOON, f"out a 5, in b 5, in c 9 {kind}")) == []


def test_one_sided_entries_are_value_from_or_to_outside() -> None:
    assert found(entry("in", NINE, "in a 5"), entry("out", NOON, "out a 5")) == []
    assert found(entry("in", NINE, "in a 5"), entry("burn", NOON, "out a 5 burn, in b 1")) == []


def test_assets_of_an_account_entry_are_summed_apart() -> None:
    euro = entry("t", NINE, "in a 5").legs
    bitcoin = entry("t", NINE, "in a 7", asset=BTC).legs
    mixed = Entry("t", entry("t", NINE, "in a 5").time, 0, "vasp:X", (*euro, *bitcoin), "test.csv")
    assert found(mixed) == []


def test_history_that_is_not_in_the_data_is_said_for_coins() -> None:
    opening = coin("make", NINE, "in a 5 opening", line=4)
    spend = coin("spend", NOON, "out a 5 coin make:o0, in b 5 coin")
    assert found(opening, spend) == [("history-not-in-data", "make", "o0", 5, 4)]
    assert found(entry("open", NINE, "in a 5 opening")) == []


def test_a_spent_coin_that_is_not_in_the_data() -> None:
    assert found(coin("spend", NOON, "out a 5 coin gone:o0, in b 5 coin", line=3)) == [
        ("spent-coin-not-in-data", "spend", "i0", 5, 3)
    ]
    assert found(coin("spend", NOON, "out a 5 coin, in b 5 coin", line=3)) == [
        ("spent-coin-not-in-data", "spend", "i0", 5, 3)
    ]


def test_a_coin_spent_twice() -> None:
    spends = [coin(name, NOON, "out a 5 coin make:o0, in b 5 coin", line=line) for name, line in (("s1", 2), ("s2", 4))]
    assert found(coin("make", NINE, MAKE), *spends) == [("coin-spent-twice", "s2", "i0", 5, 4)]
    both = coin("s", NOON, "out a 5 coin make:o0, out a 5 coin make:o0, in b 9 coin")
    assert found(coin("make", NINE, MAKE), both) == [("coin-spent-twice", "s", "i1", 5, 2)]


@pytest.mark.parametrize("spend", ["out a 4 coin make:o0", "out z 5 coin make:o0"])
def test_a_coin_is_spent_whole_and_by_its_own_account(spend: str) -> None:
    assert [code for code, *_ in found(coin("make", NINE, MAKE), coin("s", NOON, spend))] == ["spent-coin-differs"]


def test_a_coin_is_spent_in_its_own_asset() -> None:
    spend = entry("s", NOON, "out a 5 coin make:o0", ledger="bitcoin", asset=Asset("LTC"))
    assert [code for code, *_ in found(coin("make", NINE, MAKE), spend)] == ["spent-coin-differs"]


def test_a_coin_spent_before_its_time() -> None:
    spend = coin("s", NINE, "out a 5 coin make:o0, in b 5 coin", line=5)
    assert found(coin("make", NOON, MAKE), spend) == [("coin-spent-before-its-creation", "s", "i0", 5, 5)]
    for time in (NOON, "2021-06-07", "2021-06-07T12:00:00.000001Z"):  # the same moment, a day that holds it, later
        assert found(coin("make", NOON, MAKE), coin("s", time, "out a 5 coin make:o0")) == []


def test_a_coin_transaction_has_one_asset() -> None:
    legs = (*coin("t", NINE, MAKE).legs, *entry("t", NINE, "in a 1, in b 2 coin").legs[1:])
    mixed = Entry("t", coin("t", NINE, MAKE).time, 0, "bitcoin", legs, "test.csv")
    assert ("mixed-assets", "t", "o0", 0, 1) in found(mixed)


def test_order_that_is_not_proven_is_said_once_per_entry_and_not_for_coins() -> None:
    assert found(entry("a", NOON, "in a 1", line=2), entry("b", NOON, "in a 1", line=3)) == [
        ("order-not-proven", "a", "o0", 0, 2),
        ("order-not-proven", "b", "o0", 0, 3),
    ]
    assert found(coin("a", NOON, MAKE), coin("b", NOON, "in a 5 coin")) == []


def test_a_balance_below_zero_is_said_once_per_account_at_its_worst() -> None:
    entries = [
        entry("a", "2021-06-01", "out a 3", line=2),
        entry("b", "2021-06-02", "in a 1", line=3),
        entry("c", "2021-06-03", "out a 5", line=4),
        entry("d", "2021-06-04", "in a 50", line=5),
        entry("e", "2021-06-05", "out b 1", line=6),
    ]
    assert found(*entries) == [("balance-below-zero", "c", "i0", 7, 4), ("balance-below-zero", "e", "i0", 1, 6)]
    assert found(entry("open", "2021-05-31", "in a 7 opening"), *entries[:4]) == []


def test_balances_are_kept_by_ledger() -> None:
    entries = entry("a", NINE, "in a 5", ledger="bank:A"), entry("b", NOON, "out a 5", ledger="bank:B")
    assert [code for code, *_ in found(*entries)] == ["balance-below-zero"]


def test_coins_have_no_balances() -> None:
    assert [code for code, *_ in found(coin("s", NOON, "out a 5 coin gone:o0"))] == ["spent-coin-not-in-data"]


def test_a_cycle_has_no_order() -> None:
    with pytest.raises(Refused, match="cyclic"):
        check(ledger(coin("s", NOON, "out a 5 coin s:o0, in a 5 coin")))


def test_a_finding_reads_as_a_sentence_and_knows_whether_it_contradicts() -> None:
    finding, *_ = check(ledger(coin("s", NOON, "out a 5 coin gone:o0", line=9)))
    assert str(finding) == "test.csv:9: spent-coin-not-in-data: entry s leg i0 account a 5 BTC"
    assert str(finding.defect()).startswith("test.csv:9: spent-coin-not-in-data: entry s. ")
    assert not finding.contradicts
    assert {Code.MIXED_ASSETS, Code.SPENT_TWICE, Code.COIN_DIFFERS} == CONTRADICTIONS
    twice = [coin(name, NOON, "out a 5 coin make:o0") for name in ("s1", "s2")]
    assert [one.contradicts for one in check(ledger(coin("make", NINE, MAKE), *twice))] == [True]
    unplaced, *_ = check(ledger(coin("s", NOON, "out a 5 coin gone:o0", line=0)))
    assert str(unplaced).startswith("spent-coin-not-in-data")
