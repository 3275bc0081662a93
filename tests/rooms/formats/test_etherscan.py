"""Etherscan's API answers and website exports."""

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
    as_json,
    as_lines,
    assert_written_and_read,
    brief,
    read,
    scan_call,
    scan_internal,
    scan_token,
    txid,
)

from recoup.formats import etherscan_csv
from recoup.formats.etherscan import gather, sniff
from recoup.formats.etherscan import read as reader
from recoup.formats.evm_book import Book
from recoup.formats.evm_entries import ledger_of
from recoup.ground import Defects, Refused, sha256_file
from recoup.ledger import Ledger


def answer(rows: object, status: str = "1", message: str = "OK") -> Row:
    return {"status": status, "message": message, "result": rows}


def together(folder: Path, *answers: object) -> tuple[list[str], list[str]]:
    book, defects = Book(), Defects()
    for number, each in enumerate(answers):
        gather(as_json(folder, each, f"{number}.json"), book, defects)
    ledger = ledger_of(book, defects)
    assert_written_and_read(ledger, folder / "written.csv")
    return [brief(leg) for _, leg in ledger.legs()], [str(defect).split(": ", 1)[1] for defect in defects]


CALL = scan_call(1, ALICE, BOB, "5000")


@pytest.mark.parametrize("form", [answer([CALL]), [CALL], CALL], ids=["envelope", "list", "one"])
def test_value_and_gas(tmp_path: Path, form: object) -> None:
    assert together(tmp_path, form) == (
        ["value-out out aaaa 5000 ETH transfer", "value-in in bbbb 5000 ETH transfer", "fee out aaaa 210 ETH fee"],
        [],
    )


def test_lines_are_read_too(tmp_path: Path) -> None:
    ledger, bad, _ = read(reader, as_lines(tmp_path, [CALL, scan_call(2, BOB, ALICE, "1")]))
    assert bad == [] and [entry.position for entry in ledger] == [5_000_002, 5_000_003]


def test_sources_point_into_the_answer(tmp_path: Path) -> None:
    path = as_json(tmp_path, answer([CALL]))
    ledger, _, _ = read(reader, path)
    assert {leg.source for _, leg in ledger.legs()} == {f"{sha256_file(path)}#/result/0"}


def test_an_error_pays_gas_only(tmp_path: Path) -> None:
    assert together(tmp_path, answer([{**CALL, "isError": "1"}])) == (["fee out aaaa 210 ETH fee"], [])


def test_a_creation_goes_to_the_new_contract(tmp_path: Path) -> None:
    made = scan_call(1, ALICE, "", "7", contractAddress=CAROL)
    assert together(tmp_path, [made])[0][1] == "value-in in cccc 7 ETH transfer"


def test_inner_calls_follow_in_their_order_and_failed_ones_do_not_move(tmp_path: Path) -> None:
    inner = [
        scan_internal(1, BOB, ALICE, "2", traceId="1"),
        scan_internal(1, BOB, CAROL, "3", traceId="0_1"),
        scan_internal(1, BOB, CAROL, "9", traceId="2", isError="1"),
        scan_internal(1, BOB, CAROL, "9", traceId="3", type="delegatecall"),
    ]
    legs, bad = together(tmp_path, answer(inner), answer([CALL]))
    assert bad == [] and legs[2:-1] == [
        "trace0_1-out out bbbb 3 ETH internal",
        "trace0_1-in in cccc 3 ETH internal",
        "trace1-out out bbbb 2 ETH internal",
        "trace1-in in aaaa 2 ETH internal",
    ]


def test_inner_calls_without_a_trace_id_are_told_apart_by_content_and_number(tmp_path: Path) -> None:
    twice = [scan_internal(1, BOB, CAROL, "3"), scan_internal(1, BOB, CAROL, "3"), scan_internal(1, BOB, ALICE, "3")]
    legs, bad = together(tmp_path, twice, twice[:2])
    assert bad == [] and len(legs) == 6


def test_token_transfers_and_no_gas_of_theirs(tmp_path: Path) -> None:
    tokens = [scan_token(1, ALICE, BOB, "4"), scan_token(1, ZERO, ALICE, "5"), scan_token(1, BOB, ZERO, "6")]
    assert together(tmp_path, answer(tokens)) == (
        [
            "token0-out out aaaa 4 USDT token",
            "token0-in in bbbb 4 USDT token",
            "token1-in in aaaa 5 USDT mint",
            "token2-out out bbbb 6 USDT burn",
        ],
        [],
    )


def test_two_files_that_overlap_give_each_transfer_once(tmp_path: Path) -> None:
    a, b, c = (scan_token(1, ALICE, BOB, value) for value in ("4", "4", "5"))
    legs, bad = together(tmp_path, [a, b], [a, b, c])
    assert bad == [] and len(legs) == 6


def test_one_of_its_kind_is_an_asset_of_its_own(tmp_path: Path) -> None:
    nft, many = (
        scan_token(1, ALICE, BOB, "0", tokenID="77"),
        scan_token(2, ALICE, BOB, "0", tokenID="8", tokenValue="3"),
    )
    del nft["value"], many["value"]
    ledger, bad, _ = read(reader, as_json(tmp_path, [nft, many]))
    assert bad == []
    assert [(leg.asset.code, leg.amount) for _, leg in ledger.legs()][::2] == [
        (f"USDT@ethereum:{TOKEN}/77", 1),
        (f"USDT@ethereum:{TOKEN}/8", 3),
    ]


def test_nothing_found_is_nothing_and_an_error_is_said(tmp_path: Path) -> None:
    assert together(tmp_path, answer([], "0", "No transactions found")) == ([], [])
    legs, bad = together(tmp_path, answer("Max rate limit reached", "0", "NOTOK"))
    assert legs == [] and "the answer is an error: 'Max rate limit reached'" in bad[0]


UNREADABLE: list[tuple[Row, str]] = [
    (scan_call(3, ALICE, BOB, "-5"), "value is '-5'"),
    (scan_call(3, ALICE, BOB, "5.0"), "value is '5.0'"),
    (scan_call(3, ALICE, BOB, "٥"), "value is"),
    (scan_call(3, ALICE, BOB, "5", isError="maybe"), "neither true nor false"),
    (scan_call(3, ALICE, BOB, "5", gasUsed=None), "gasUsed is missing"),
    (scan_call(3, ALICE, BOB, "5", hash="0x12"), "hash is '0x12'"),
    (scan_call(3, "", BOB, "5"), "address ''"),
    (scan_internal(3, ALICE, "", "5"), "the row has no recipient"),
    (scan_internal(3, ALICE, BOB, "5", traceId="0_x"), "traceId is 'x'"),
    (scan_token(3, ALICE, BOB, "5", tokenID="x"), "tokenID 'x' is no number"),
    (scan_token(3, ALICE, BOB, "5", contractAddress=""), "address ''"),
    (scan_token(3, ALICE, BOB, str(2**256)), "more than 256 bits"),
    ({"timeStamp": "1", "blockNumber": "1"}, "hash is missing"),
]


@pytest.mark.parametrize(("row", "words"), UNREADABLE, ids=[f"{n} {words}" for n, (_, words) in enumerate(UNREADABLE)])
def test_what_cannot_be_read_is_rejected_and_the_rest_is_kept(tmp_path: Path, row: Row, words: str) -> None:
    legs, bad = together(tmp_path, answer([row, CALL]))
    assert len(bad) == 1 and words in bad[0] and "/result/0" in bad[0]
    assert len(legs) == 3


def test_sniff() -> None:
    assert sniff(json.dumps(answer([CALL])).encode(), Path("x"))
    assert not sniff(b"timeStamp,blockNumber", Path("x")) and not sniff(b'{"timeStamp": 1}', Path("x"))


HEADER = (
    '"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","ContractAddress","Value_IN(ETH)",'
    '"Value_OUT(ETH)","CurrentValue @ $2500/Eth","TxnFee(ETH)","TxnFee(USD)","Price","Status","ErrCode","Method"'
)


def row(
    name: int, sender: str, to: str, came: str, went: str,
    fee: str = "0.0021", status: str = "", contract: str = "", time: str = str(TIME),
) -> str:  # fmt: skip
    cells = [
        txid(name, "0x"),
        "5",
        time,
        "x",
        sender,
        to,
        contract,
        came,
        went,
        "1",
        fee,
        "5",
        "2",
        status,
        "",
        "Transfer",
    ]
    return ",".join(f'"{cell}"' for cell in cells)


def website(folder: Path, *rows: str, header: str = HEADER, chain: str = "") -> tuple[Ledger, list[str]]:
    path = folder / "export.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert etherscan_csv.sniff(path.read_bytes(), path)
    books: dict[str, Book] = {}
    defects = Defects()
    etherscan_csv.gather(path, lambda name: books.setdefault(name, Book(name)), defects, chain)
    (book,) = books.values()
    ledger = ledger_of(book, defects)
    assert_written_and_read(ledger, folder / "written.csv")
    return ledger, [defect.what for defect in defects]


def test_whole_coins_are_read_exactly(tmp_path: Path) -> None:
    ledger, bad = website(
        tmp_path,
        row(1, ALICE, BOB, "0", "0.500000000000000001"),
        row(2, BOB, ALICE, "1,234.5", "0", fee="0"),
        row(3, ALICE, TOKEN, "0", "0.1", status="Error(0)"),
        row(4, ALICE, "", "0", "2", contract=CAROL),
        row(5, ALICE, ALICE, "3", "3", fee="0"),
    )
    assert bad == []
    assert [brief(leg) for _, leg in ledger.legs()] == [
        "value-out out aaaa 500000000000000001 ETH transfer",
        "value-in in bbbb 500000000000000001 ETH transfer",
        "fee out aaaa 2100000000000000 ETH fee",
        "value-out out bbbb 1234500000000000000000 ETH transfer",
        "value-in in aaaa 1234500000000000000000 ETH transfer",
        "fee out aaaa 2100000000000000 ETH fee",
        "value-out out aaaa 2000000000000000000 ETH transfer",
        "value-in in cccc 2000000000000000000 ETH transfer",
        "fee out aaaa 2100000000000000 ETH fee",
        "value-out out aaaa 3000000000000000000 ETH transfer",
        "value-in in aaaa 3000000000000000000 ETH transfer",
    ]


@pytest.mark.parametrize(("coin", "chain"), [("BNB", "bsc"), ("MATIC", "polygon"), ("POL", "polygon")])
def test_the_coin_names_the_chain(tmp_path: Path, coin: str, chain: str) -> None:
    header = HEADER.replace("(ETH)", f"({coin})")
    ledger, _ = website(tmp_path, row(1, ALICE, BOB, "0", "1"), header=header)
    assert ledger.entries[0].ledger == chain
    ledger, _ = website(tmp_path, row(1, ALICE, BOB, "0", "1"), header=header, chain="base")
    assert ledger.entries[0].ledger == "base"


def test_an_older_name_of_the_hash_column_and_no_fee_column(tmp_path: Path) -> None:
    header = HEADER.replace("Transaction Hash", "Txhash").replace("TxnFee(ETH)", "Old")
    ledger, bad = website(tmp_path, row(1, ALICE, BOB, "0", "1"), header=header)
    assert bad == [] and len(ledger.entries[0].legs) == 2


@pytest.mark.parametrize(
    ("bad_row", "words"),
    [
        (row(1, ALICE, BOB, "0", "0.0000000000000000001"), "more decimals"),
        (row(1, ALICE, BOB, "0", "-1"), "Value_OUT(ETH)"),
        (row(1, ALICE, BOB, "0", ""), "is not a decimal number"),
        (row(1, ALICE, BOB, "1", "2"), "in one transaction"),
        (row(1, ALICE, "nobody", "0", "2"), "address 'nobody'"),
        (row(1, ALICE, BOB, "0", "2", fee="x"), "TxnFee(ETH)"),
        (row(1, ALICE, BOB, "0", "2", time="yesterday"), "UnixTimestamp"),
        ('"too","few"', "2 fields where the header has 16"),
    ],
)
def test_bad_rows_of_an_export_are_rejected(tmp_path: Path, bad_row: str, words: str) -> None:
    ledger, bad = website(tmp_path, bad_row, row(2, ALICE, BOB, "0", "1"))
    assert len(bad) == 1 and words in bad[0] and len(ledger) == 1


@pytest.mark.parametrize(
    "header",
    [
        '"Transaction Hash","UnixTimestamp","From","To","TokenValue","ContractAddress","TokenSymbol"',
        '"Transaction Hash","UnixTimestamp","From","To","ParentTxFrom","Value_IN(ETH)","Value_OUT(ETH)"',
        HEADER.replace("(ETH)", "(WEIRD)"),
        HEADER.replace('"Blockno"', '"Blocks"'),
    ],
    ids=["tokens", "internal", "coin", "columns"],
)
def test_other_exports_are_refused_with_words(tmp_path: Path, header: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(header + "\n", encoding="utf-8")
    with pytest.raises(Refused):
        etherscan_csv.gather(path, Book, Defects())
