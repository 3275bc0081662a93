"""The book of coins: transactions of several formats meet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.formats.coins import OUTPUT_MAX, SATOSHI_MAX, Book, Coin, Input, Transaction
from recoup.formats.fields import BadRow
from recoup.ground import Defects, Instant
from recoup.ledger import Entry, Kind, Side, check

A, B, C = (f"{name:064x}" for name in (0xA, 0xB, 0xC))


def made(txid: str, inputs: list[Input], amounts: list[int], **more: object) -> Transaction:
    values: dict[str, object] = {
        "txid": txid, "time": Instant.from_unix(1_600_000_000), "block": 7, "index": None, "inputs": tuple(inputs),
        "outputs": tuple(Coin("x", amount) for amount in amounts), "coinbase": False, "fee": None, "file": "f",
        "line": 1, "source": "item#/0",
    }  # fmt: skip
    return Transaction(**{**values, **more})  # type: ignore[arg-type]


def entries(*transactions: Transaction) -> tuple[list[Entry], list[str]]:
    book, defects = Book(), Defects()
    for each in transactions:
        book.add(each)
    return list(book.ledger(defects)), [str(defect) for defect in defects]


def known(txid: str, index: int, amount: int) -> Input:
    return Input(txid, index, Coin("x", amount))


BLOCK = made(B, [Input(A, 0, None)], [90], partial=True, index=4, line=0)
RICH = made(B, [known(A, 0, 100)], [90], fee=10)


@pytest.mark.parametrize("order", [(BLOCK, RICH), (RICH, BLOCK)], ids=["block first", "rich first"])
def test_richer_data_fills_what_a_block_does_not_say(order: tuple[Transaction, Transaction]) -> None:
    found, bad = entries(*order)
    assert bad == []
    assert [(entry.id, entry.position) for entry in found] == [(A, 0), (B, 7_000_005)]
    assert [leg.kind for leg in found[1].legs] == [Kind.COIN, Kind.COIN]


def test_a_block_alone_keeps_its_outputs_as_openings() -> None:
    found, bad = entries(BLOCK)
    assert bad == [] and [(leg.id, leg.kind) for leg in found[0].legs] == [("o0", Kind.OPENING)]


def test_a_block_without_a_height_takes_it_from_the_other() -> None:
    found, _ = entries(replace(BLOCK, block=0), RICH)
    assert found[-1].position == 7_000_005


def test_the_fee_of_either_is_checked() -> None:
    assert "fee 11 is given" in entries(BLOCK, replace(RICH, fee=11))[1][0]
    assert "fee 11 is given" in entries(replace(RICH, fee=11), BLOCK)[1][0]


def test_a_chain_of_spends_resolves_in_any_order() -> None:
    chain = [made(f"{n + 1:064x}", [Input(f"{n:064x}", 0, None)], [1000 - n]) for n in range(1, 200)]
    first = made(f"{1:064x}", [], [1000], coinbase=True)
    found, bad = entries(*reversed(chain), first)
    assert bad == [] and len(found) == 200
    assert all(leg.kind in (Kind.COIN, Kind.COINBASE) for entry in found for leg in entry.legs)


def test_what_falls_falls_once_and_all_of_it() -> None:
    chain = [made(f"{n + 1:064x}", [Input(f"{n:064x}", 0, None)], [5]) for n in range(1, 2000)]
    found, bad = entries(*chain)
    assert found == [] and len(bad) == 1999


def test_coins_of_another_size_than_said_reject_the_spender() -> None:
    found, bad = entries(made(A, [], [100], coinbase=True), made(B, [known(A, 0, 99)], [90]))
    assert [entry.id for entry in found] == [A] and "is said to hold 99" in bad[0]


def test_coinbase_may_bring_more_than_it_spends() -> None:
    assert entries(made(A, [], [625], coinbase=True))[1] == []


def test_limits_at_their_edge() -> None:
    assert Coin("x" * 500, SATOSHI_MAX).amount == SATOSHI_MAX
    assert Input(A, OUTPUT_MAX, None).index == OUTPUT_MAX
    with pytest.raises(BadRow):
        Input(A, OUTPUT_MAX + 1, None)


@pytest.mark.parametrize(("account", "amount"), [("x", SATOSHI_MAX + 1), ("x" * 501, 1), ("", 1), ("a\nb", 1)])
def test_impossible_coins_are_refused(account: str, amount: int) -> None:
    with pytest.raises(BadRow):
        Coin(account, amount)


@pytest.mark.parametrize("change", [{"outputs": ()}, {"inputs": ()}, {"block": -1}, {"block": 2**63}, {"index": 10**6}])
def test_impossible_transactions_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadRow):
        replace(RICH, **change)  # type: ignore[arg-type]


AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=5)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6))
def test_every_satoshi_is_in_the_ledger_or_said(rows: list[tuple[list[int], list[int]]]) -> None:
    transactions = [
        made(f"{100 + n:064x}", [known(f"{n:064x}", i, amount) for i, amount in enumerate(ins)], outs)
        for n, (ins, outs) in enumerate(rows)
    ]
    found, bad = entries(*transactions)
    sound = [each for each in transactions if any(entry.id == each.txid for entry in found)]
    assert len(bad) == len(transactions) - len(sound)
    assert all(
        sum(i.coin.amount for i in each.inputs if i.coin) >= sum(o.amount for o in each.outputs) for each in sound
    )
    paid = sum(leg.amount for entry in found for leg in entry.legs if leg.side is Side.OUT)
    opened = sum(leg.amount for entry in found for leg in entry.legs if leg.kind is Kind.OPENING)
    assert paid == opened == sum(i.coin.amount for each in sound for i in each.inputs if i.coin)


@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_no_leg(order: list[int]) -> None:
    chain = [made(A, [], [1000], coinbase=True)]
    for n in range(11):
        chain.append(made(f"{50 + n:064x}", [Input(chain[-1].txid, 0, None)], [1000 - n]))
    found, bad = entries(*(chain[n] for n in order))
    again, _ = entries(*chain)
    assert bad == [] and {entry.id: entry for entry in found} == {entry.id: entry for entry in again}


def test_the_ledger_of_a_book_contradicts_nothing() -> None:
    book, defects = Book(), Defects()
    for each in (RICH, made(C, [Input(B, 0, None)], [80])):
        book.add(each)
    assert [finding.code.value for finding in check(book.ledger(defects))] == ["history-not-in-data"]
