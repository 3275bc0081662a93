"""ethereum-etl exports: rows of one transaction meet, and no value moves twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.formats.build import (
    ALICE,
    BOB,
    CAROL,
    TIME,
    TOKEN,
    ZERO,
    Row,
    as_csv,
    as_lines,
    assert_written_and_read,
    brief,
    etl_call,
    etl_receipt,
    etl_token,
    etl_trace,
    read,
    txid,
)

from recoup.formats.ethereum_etl import gather, sniff
from recoup.formats.ethereum_etl import read as reader
from recoup.formats.evm_book import Book
from recoup.formats.evm_entries import ledger_of
from recoup.ground import Defects, Refused, sha256_file
from recoup.ledger import Ledger, check

BLOCK: Row = {"number": 5, "timestamp": TIME, "sha3_uncles": "0x", "miner": CAROL}
NOTHING_SAYS = "nothing says whether 1 transactions succeeded: they are read as done"


def together(folder: Path, *tables: list[Row], csv: bool = False, chain: str = "ethereum") -> tuple[Ledger, Defects]:
    """The tables, one file each, read into one book."""
    book, defects = Book(chain), Defects()
    for number, rows in enumerate(tables):
        path = as_csv(folder, rows, f"{number}.csv") if csv else as_lines(folder, rows, f"{number}.json")
        gather(path, book, defects)
    ledger = ledger_of(book, defects)
    assert_written_and_read(ledger, folder / "written.csv")
    return ledger, defects


def legs(ledger: Ledger) -> list[str]:
    return [brief(leg) for _, leg in ledger.legs()]


def said(defects: Defects) -> list[str]:
    return [defect.what for defect in defects]


def notes(defects: Defects) -> list[str]:
    return [notice.what for notice in defects.notices]


@pytest.mark.parametrize("csv", [True, False], ids=["csv", "json lines"])
def test_value_then_fee(tmp_path: Path, csv: bool) -> None:
    ledger, defects = together(tmp_path, [etl_call(1, ALICE, BOB, 2**200)], [etl_receipt(1)], csv=csv)
    assert said(defects) == notes(defects) == []
    assert legs(ledger) == [
        f"value-out out aaaa {2**200} ETH transfer",
        f"value-in in bbbb {2**200} ETH transfer",
        "fee out aaaa 210 ETH fee",
    ]
    entry = ledger.entries[0]
    assert (entry.id, str(entry.time), entry.position) == (txid(1, "0x"), "2020-09-13T12:26:40Z", 5_000_002)


def test_sources_name_file_and_line(tmp_path: Path) -> None:
    ledger, _ = together(tmp_path, [etl_call(7, ALICE, BOB, 5), etl_call(1, ALICE, BOB, 5)], [etl_receipt(1)])
    item, receipts = sha256_file(tmp_path / "0.json"), sha256_file(tmp_path / "1.json")
    assert [leg.source for leg in ledger.entries[1].legs] == [f"{item}#line 2", f"{item}#line 2", f"{receipts}#line 1"]


def test_the_price_paid_is_that_of_the_receipt(tmp_path: Path) -> None:
    receipt = etl_receipt(1, effective_gas_price=7, l1_fee=1000, blob_gas_used=3, blob_gas_price=5)
    ledger, _ = together(tmp_path, [etl_call(1, ALICE, BOB, 5)], [receipt])
    assert legs(ledger)[-1] == f"fee out aaaa {21 * 7 + 1000 + 15} ETH fee"


def test_without_a_receipt_fee_and_success_are_unknown_and_said(tmp_path: Path) -> None:
    ledger, defects = together(tmp_path, [etl_call(1, ALICE, BOB, 5)])
    assert legs(ledger) == ["value-out out aaaa 5 ETH transfer", "value-in in bbbb 5 ETH transfer"]
    assert notes(defects) == [NOTHING_SAYS, "the fee of 1 transactions is not known"]


def test_a_transaction_that_moves_nothing_and_whose_fee_is_unknown_is_counted(tmp_path: Path) -> None:
    ledger, defects = together(tmp_path, [etl_call(1, ALICE, BOB, 0)])
    assert len(ledger) == 0
    assert notes(defects)[-1] == "1 transactions move nothing, and their fee is not known: left out"


def test_a_failed_transaction_pays_its_fee_only(tmp_path: Path) -> None:
    ledger, defects = together(
        tmp_path,
        [etl_call(1, ALICE, BOB, 5)],
        [etl_receipt(1, status=0)],
        [etl_trace(1, [], ALICE, BOB, 5, status=0), etl_trace(1, [0], BOB, CAROL, 5, status=0)],
    )
    assert said(defects) == [] and legs(ledger) == ["fee out aaaa 210 ETH fee"]


def test_a_trace_tells_of_failure_where_receipts_of_old_do_not(tmp_path: Path) -> None:
    old = etl_receipt(1, status=None)
    failing = [etl_trace(1, [], ALICE, BOB, 5, status=None, error="Out of gas")]
    ledger, defects = together(tmp_path, [etl_call(1, ALICE, BOB, 5)], [old], failing)
    assert legs(ledger) == ["fee out aaaa 210 ETH fee"] and notes(defects) == []
    ledger, defects = together(tmp_path, [etl_call(1, ALICE, BOB, 5)], [old])
    assert len(legs(ledger)) == 3 and notes(defects) == [NOTHING_SAYS]


@pytest.mark.parametrize("csv", [True, False], ids=["csv", "json lines"])
def test_the_top_level_trace_is_the_transaction_and_not_counted_twice(tmp_path: Path, csv: bool) -> None:
    traces = [
        etl_trace(1, [], ALICE, BOB, 5),
        etl_trace(1, [1, 0], CAROL, ALICE, 1),
        etl_trace(1, [0], BOB, CAROL, 4),
        etl_trace(1, [1], BOB, CAROL, 1),
    ]
    ledger, defects = together(tmp_path, traces, [etl_call(1, ALICE, BOB, 5)], [etl_receipt(1)], csv=csv)
    assert said(defects) == []
    assert legs(ledger) == [
        "value-out out aaaa 5 ETH transfer",
        "value-in in bbbb 5 ETH transfer",
        "trace0-out out bbbb 4 ETH internal",
        "trace0-in in cccc 4 ETH internal",
        "trace1-out out bbbb 1 ETH internal",
        "trace1-in in cccc 1 ETH internal",
        "trace1_0-out out cccc 1 ETH internal",
        "trace1_0-in in aaaa 1 ETH internal",
        "fee out aaaa 210 ETH fee",
    ]


@pytest.mark.parametrize("borrowed", ["callcode", "delegatecall", "staticcall"])
def test_borrowed_code_moves_nothing(tmp_path: Path, borrowed: str) -> None:
    traces = [etl_trace(1, [], ALICE, BOB, 5), etl_trace(1, [0], BOB, CAROL, 5, call_type=borrowed)]
    ledger, _ = together(tmp_path, traces, [etl_call(1, ALICE, BOB, 5)])
    assert len(legs(ledger)) == 2


def test_what_a_failed_call_did_inside_is_undone(tmp_path: Path) -> None:
    traces = [
        etl_trace(1, [], ALICE, BOB, 0),
        etl_trace(1, [0], BOB, CAROL, 5, error="Reverted"),
        etl_trace(1, [0, 0], CAROL, ALICE, 3),
        etl_trace(1, [1], BOB, ALICE, 2),
    ]
    ledger, _ = together(tmp_path, traces, [etl_call(1, ALICE, BOB, 0)])
    assert legs(ledger) == ["trace1-out out bbbb 2 ETH internal", "trace1-in in aaaa 2 ETH internal"]


def test_self_destruction_and_creation_move_value(tmp_path: Path) -> None:
    traces = [
        etl_trace(1, [], ALICE, BOB, 0),
        etl_trace(1, [0], BOB, CAROL, 7, trace_type="suicide", call_type=None),
        etl_trace(1, [1], BOB, ALICE, 3, trace_type="create", call_type=None),
        etl_trace(1, [2], BOB, None, 9, trace_type="create", call_type=None, error="Out of gas"),
    ]
    ledger, defects = together(tmp_path, traces, [etl_call(1, ALICE, BOB, 0)])
    assert said(defects) == []
    assert [line.split(" ETH")[0] for line in legs(ledger)[::2]] == ["trace0-out out bbbb 7", "trace1-out out bbbb 3"]


def test_a_new_contract_is_named_by_trace_or_receipt_or_its_transaction(tmp_path: Path) -> None:
    call = [etl_call(1, ALICE, None, 5)]
    by_trace, _ = together(tmp_path, call, [etl_trace(1, [], ALICE, CAROL, 5, trace_type="create", call_type=None)])
    by_receipt, _ = together(tmp_path, call, [etl_receipt(1, contract_address=CAROL)])
    by_nothing, _ = together(tmp_path, call)
    assert by_trace.entries[0].legs[1].account == by_receipt.entries[0].legs[1].account == CAROL
    assert by_nothing.entries[0].legs[1].account == f"contract:{txid(1, '0x')}"


def test_receipts_may_stand_in_the_transaction_row(tmp_path: Path) -> None:
    row = etl_call(1, ALICE, BOB, 5, receipt_gas_used=21, receipt_status=0, receipt_effective_gas_price=3)
    ledger, defects = together(tmp_path, [{"type": "transaction", **row}])
    assert legs(ledger) == ["fee out aaaa 63 ETH fee"] and notes(defects) == []


def test_token_transfers_in_log_order_with_mint_and_burn(tmp_path: Path) -> None:
    tokens = [
        etl_token(1, 9, BOB, ZERO, 4),
        etl_token(1, 2, ALICE, BOB, 2**255),
        etl_token(1, 1, ZERO, ALICE, 5),
        etl_token(1, 10, ZERO, ZERO, 1),
        etl_token(1, 11, ALICE, BOB, 0),
    ]
    ledger, defects = together(tmp_path, [etl_call(1, ALICE, TOKEN, 0)], [etl_receipt(1)], tokens)
    assert said(defects) == []
    assert legs(ledger) == [
        "log1-in in aaaa 5 token mint",
        f"log2-out out aaaa {2**255} token token",
        f"log2-in in bbbb {2**255} token token",
        "log9-out out bbbb 4 token burn",
        "log10-out out 0000 1 token token",
        "log10-in in 0000 1 token token",
        "log11-out out aaaa 0 token token",
        "log11-in in bbbb 0 token token",
        "fee out aaaa 210 ETH fee",
    ]
    assert ledger.entries[0].legs[0].asset.code == f"token@ethereum:{TOKEN}"


@pytest.mark.parametrize(("symbol", "name"), [("USDT", "USDT"), ("", "token"), ("US DT", "token"), ("USDТ", "token")])
def test_a_tokens_file_names_the_asset_where_the_symbol_is_plain(tmp_path: Path, symbol: str, name: str) -> None:
    token: Row = {"address": TOKEN.upper().replace("X", "x"), "symbol": symbol, "decimals": 6}
    ledger, _ = together(tmp_path, [etl_token(1, 1, ALICE, BOB, 5, block_timestamp=TIME)], [token])
    assert ledger.entries[0].legs[0].asset.code == f"{name}@ethereum:{TOKEN}"


def test_times_come_from_the_row_the_transaction_or_the_block(tmp_path: Path) -> None:
    tokens = [etl_token(1, 1, ALICE, BOB, 5)]
    _, defects = together(tmp_path, tokens)
    assert said(defects) == [f"row rejected: the time of transaction {txid(1, '0x')} is not in the data"]
    assert defects.found[0].mend == "Give the transactions or blocks file too"
    for other in ([BLOCK], [etl_call(1, ALICE, TOKEN, 0)]):
        ledger, defects = together(tmp_path, tokens, other)
        assert said(defects) == [] and str(ledger.entries[0].time) == "2020-09-13T12:26:40Z"
    ledger, _ = together(tmp_path, [etl_token(1, 1, ALICE, BOB, 5, block_timestamp=TIME)])
    assert len(ledger) == 1


def test_rewards_and_genesis_are_new_coins(tmp_path: Path) -> None:
    reward = etl_trace(1, [], None, CAROL, 5, trace_type="reward", transaction_hash=None, trace_id="reward_5_0")
    first = {**reward, "trace_type": "genesis", "trace_id": None, "to_address": BOB}
    ledger, defects = together(tmp_path, [reward, reward, first], [BLOCK])
    assert said(defects) == []
    assert [(entry.id, brief(entry.legs[0])) for entry in ledger] == [
        ("reward_5_0", "mint in cccc 5 ETH mint"),
        (f"genesis_5_{BOB}", "mint in bbbb 5 ETH mint"),
    ]
    assert said(together(tmp_path, [reward])[1]) == ["row rejected: the time of reward_5_0 is not in the data"]


def test_traces_without_a_hash_find_their_transaction_by_block_and_index(tmp_path: Path) -> None:
    geth = etl_trace(1, [0], BOB, CAROL, 4, transaction_hash=None)
    ledger, defects = together(tmp_path, [geth], [etl_call(1, ALICE, BOB, 5)])
    assert said(defects) == [] and "trace0-out out bbbb 4 ETH internal" in legs(ledger)
    assert "names no transaction" in said(together(tmp_path, [geth])[1])[0]
    assert "neither transaction nor index" in said(together(tmp_path, [{**geth, "transaction_index": None}])[1])[0]


def test_addresses_are_one_account_in_any_case(tmp_path: Path) -> None:
    ledger, _ = together(tmp_path, [etl_call(1, ALICE.upper().replace("X", "x"), BOB, 5)])
    assert ledger.entries[0].legs[0].account == ALICE


def test_the_same_rows_twice_stand_once(tmp_path: Path) -> None:
    tables = ([etl_call(1, ALICE, BOB, 5)], [etl_receipt(1)], [etl_token(1, 1, ALICE, BOB, 5)])
    once, _ = together(tmp_path, *tables)
    twice, defects = together(tmp_path, *tables, *tables)
    assert said(defects) == [] and legs(once) == legs(twice)


CONTRADICTIONS: list[tuple[list[list[Row]], str]] = [
    ([[etl_call(1, ALICE, BOB, 5)], [etl_call(1, ALICE, BOB, 6)]], "stands with other contents in"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_call(1, ALICE, BOB, 5, block_number=6)]], "has another block, index or time"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_call(1, ALICE, BOB, 5, block_timestamp=9)]], "another block, index or time"),
    ([[etl_receipt(1, gas=1)], [etl_receipt(1, gas=2)]], "the receipt of"),
    ([[etl_token(1, 1, ALICE, BOB, 5)], [etl_token(1, 1, ALICE, BOB, 6)]], "a token transfer of"),
    ([[etl_trace(1, [0], ALICE, BOB, 5)], [etl_trace(1, [0], ALICE, BOB, 6)]], "a trace of"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_trace(1, [], ALICE, BOB, 6)]], "its trace tells of another call"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_trace(1, [], ALICE, CAROL, 5)]], "another recipient"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_receipt(1)], [etl_trace(1, [], ALICE, BOB, 5, status=0)]], "disagree"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_receipt(1, status=0)], [etl_token(1, 1, ALICE, BOB, 5)]], "and yet token"),
    ([[etl_call(1, ALICE, BOB, 5)], [etl_receipt(1, gas=2**255)]], "its fee needs more than 256 bits"),
    ([[BLOCK], [{**BLOCK, "timestamp": 1}]], "block 5 has another time elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "words"), CONTRADICTIONS, ids=[words for _, words in CONTRADICTIONS])
def test_contradictions_between_rows_are_said(tmp_path: Path, tables: list[list[Row]], words: str) -> None:
    _, defects = together(tmp_path, [etl_call(2, ALICE, BOB, 5)], *tables)
    assert any(words in what for what in said(defects))
    assert all("row rejected" in what for what in said(defects))


def test_receipts_without_their_transaction_are_counted(tmp_path: Path) -> None:
    ledger, defects = together(tmp_path, [etl_receipt(1), etl_receipt(2)])
    assert len(ledger) == 0 and notes(defects) == ["2 receipts have no transaction in the data: left out"]


UNREADABLE: list[tuple[Row, str]] = [
    (etl_call(1, "0x12", BOB, 5), "address '0x12'"),
    (etl_call(1, ALICE[2:], BOB, 5), "is not 0x and 40 hex digits"),
    (etl_call(1, ALICE, BOB, -5), "value is -5"),
    (etl_call(1, ALICE, BOB, 5.5), "value is '5.5'"),
    (etl_call(1, ALICE, BOB, None), "value is missing"),
    (etl_call(1, ALICE, BOB, 2**256), "more than 256 bits"),
    (etl_call(1, ALICE, BOB, 5, block_number=None), "block_number is missing"),
    (etl_call(1, ALICE, BOB, 5, block_number=10**13), "out of range"),
    (etl_call(1, ALICE, BOB, 5, transaction_index=10**6), "out of range"),
    (etl_call(1, ALICE, BOB, 5, block_timestamp=10**18), "out of range"),
    (etl_call(1, ALICE, BOB, 5, hash=txid(1)), "hash is"),
    (etl_call(1, ALICE, BOB, 5, gas_price=-1), "gas_price is -1"),
    (etl_token(1, 1, ALICE, None, 5), "address ''"),  # type: ignore[arg-type]
    (etl_token(1, -1, ALICE, BOB, 5), "log_index is -1"),
    (etl_trace(1, [], ALICE, BOB, 5, trace_type="gift"), "trace_type 'gift' is not known"),
    (etl_trace(1, ["x"], ALICE, BOB, 5), "trace_address is 'x'"),
    (etl_trace(1, [], ALICE, None, 5), "the trace has no recipient"),
    ({"name": "x"}, "is of no table"),
    ({}, "is of no table"),
]


@pytest.mark.parametrize(("row", "words"), UNREADABLE, ids=[f"{n} {words}" for n, (_, words) in enumerate(UNREADABLE)])
def test_what_cannot_be_read_is_rejected_and_the_rest_is_kept(tmp_path: Path, row: Row, words: str) -> None:
    ledger, defects = together(tmp_path, [row, etl_call(2, ALICE, BOB, 5)])
    assert len(said(defects)) == 1 and words in said(defects)[0]
    assert [entry.id for entry in ledger] == [txid(2, "0x")]


@pytest.mark.parametrize("row", [3, "x", None, [1]])
def test_rows_that_are_no_objects_are_rejected(tmp_path: Path, row: object) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(etl_call(2, ALICE, BOB, 5)) + "\n" + json.dumps(row) + "\n", encoding="utf-8")
    ledger, bad, _ = read(reader, path)
    assert len(ledger) == 1 and bad == ["2: row rejected: the row is not an object"]


def test_a_csv_of_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no table of ethereum-etl"):
        read(reader, as_csv(tmp_path, [{"a": 1, "b": 2}]))


def test_call_data_longer_than_the_csv_default_is_read(tmp_path: Path) -> None:
    row = etl_call(1, ALICE, BOB, 5, input="0x" + "ab" * 131_072)
    ledger, bad, _ = read(reader, as_csv(tmp_path, [row]))
    assert bad == [] and len(ledger) == 1


def test_another_chain_has_its_own_coin(tmp_path: Path) -> None:
    ledger, _ = together(tmp_path, [etl_call(1, ALICE, BOB, 5)], [etl_token(1, 1, ALICE, BOB, 5)], chain="bsc")
    assert {entry.ledger for entry in ledger} == {"bsc"}
    assert [asset.code for asset in ledger.assets] == ["BNB", f"token@bsc:{TOKEN}"]


def test_entries_add_up(tmp_path: Path) -> None:
    traces = [etl_trace(1, [], ALICE, BOB, 5), etl_trace(1, [0], BOB, CAROL, 4)]
    ledger, _ = together(tmp_path, [etl_call(1, ALICE, BOB, 5)], [etl_receipt(1)], traces)
    assert {finding.code.value for finding in check(ledger)} == {"balance-below-zero"}


@pytest.mark.parametrize("row", [etl_call(1, ALICE, BOB, 5), etl_receipt(1), etl_token(1, 1, ALICE, BOB, 1), BLOCK,
                                 etl_trace(1, [], ALICE, BOB, 1)])  # fmt: skip
def test_sniff_knows_each_table(tmp_path: Path, row: Row) -> None:
    for path in (as_csv(tmp_path, [row]), as_lines(tmp_path, [row])):
        assert sniff(path.read_bytes(), path)


@pytest.mark.parametrize("head", [b"", b"a,b\n", b'{"vin": 1}', b"\x00\x01", b'"open,quote\n'])
def test_sniff_leaves_other_files_alone(head: bytes) -> None:
    assert not sniff(head, Path("x"))
