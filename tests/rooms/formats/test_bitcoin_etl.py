"""bitcoin-etl JSON lines, plain and enriched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.formats.build import (
    Row,
    address,
    as_lines,
    bitcoin_etl,
    brief,
    etl_input,
    etl_output,
    read,
    script,
    txid,
)

from recoup.formats.bitcoin_etl import read as reader
from recoup.formats.bitcoin_etl import sniff

MINED = bitcoin_etl(1, [], [etl_output(0, 1, 5000)], index=0)
PLAIN = bitcoin_etl(2, [etl_input(1, 0)], [etl_output(0, 2, 3000), etl_output(1, 1, 1990)], fee=-4990)
ENRICHED = bitcoin_etl(3, [etl_input(90, 4, 7, 800)], [etl_output(0, 2, 790)], fee=10)


def test_plain_inputs_are_resolved_within_the_file(tmp_path: Path) -> None:
    ledger, bad, _ = read(reader, as_lines(tmp_path, [PLAIN, MINED]))
    assert bad == []
    one, two = address(1)[-4:], address(2)[-4:]
    assert [brief(leg) for entry in ledger for leg in entry.legs] == [
        f"i0 out {one} 5000 BTC coin spends {txid(1)[60:]}:o0",
        f"o0 in {two} 3000 BTC coin",
        f"o1 in {one} 1990 BTC coin",
        f"o0 in {one} 5000 BTC coinbase",
    ]


def test_a_plain_input_from_elsewhere_rejects_the_transaction_with_its_line_and_how_to_mend(tmp_path: Path) -> None:
    ledger, bad, _ = read(
        reader, as_lines(tmp_path, [MINED, bitcoin_etl(5, [etl_input(77, 0)], [etl_output(0, 1, 1)])])
    )
    assert bad == [f"2: row rejected: input 0 spends a coin whose amount is not in the data ({txid(77)}:o0)"]
    assert [entry.id for entry in ledger] == [txid(1)]


def test_what_falls_with_a_rejected_transaction_is_rejected_too(tmp_path: Path) -> None:
    chain = [bitcoin_etl(10 + n, [etl_input(9 + n, 0)], [etl_output(0, 1, 5)]) for n in range(50)]
    ledger, bad, _ = read(reader, as_lines(tmp_path, chain))
    assert len(ledger) == 0 and len(bad) == 50
    assert sorted(bad, key=lambda text: int(text.split(":")[0])) != [] and {text.split(":")[0] for text in bad} == {
        str(n) for n in range(1, 51)
    }


def test_enriched_inputs_bring_openings(tmp_path: Path) -> None:
    ledger, bad, _ = read(reader, as_lines(tmp_path, [ENRICHED]))
    assert bad == []
    assert [(entry.id, [brief(leg) for leg in entry.legs]) for entry in ledger] == [
        (txid(90), [f"o4 in {address(7)[-4:]} 800 BTC opening"]),
        (txid(3), [
            f"i0 out {address(7)[-4:]} 800 BTC coin spends {txid(90)[60:]}:o4",
            f"o0 in {address(2)[-4:]} 790 BTC coin",
        ]),
    ]  # fmt: skip


def test_position_is_block_and_index(tmp_path: Path) -> None:
    ledger, _, _ = read(reader, as_lines(tmp_path, [MINED, PLAIN, {**ENRICHED, "index": None}]))
    assert [entry.position for entry in ledger] == [101_000_001, 102_000_002, 0, 103_000_000]


def test_the_fee_of_enriched_rows_is_checked_and_that_of_plain_rows_is_not(tmp_path: Path) -> None:
    _, bad, _ = read(reader, as_lines(tmp_path, [{**ENRICHED, "fee": 11}]))
    assert bad == ["1: row rejected: fee 11 is given, inputs less outputs are 10"]
    assert read(reader, as_lines(tmp_path, [MINED, PLAIN]))[1] == []


@pytest.mark.parametrize("addresses", [[], ["nonstandard1234"], [address(1), address(2)]])
def test_an_input_whose_script_is_not_known_is_named_by_its_coin(tmp_path: Path, addresses: list[str]) -> None:
    row = bitcoin_etl(3, [{**etl_input(90, 4, 7, 800), "addresses": addresses}], [etl_output(0, 2, 790)])
    ledger, bad, _ = read(reader, as_lines(tmp_path, [row]))
    assert bad == [] and ledger.entries[0].legs[0].account == f"coin:{txid(90)}:o4"


def test_the_account_of_a_coin_in_the_file_wins_over_the_one_of_the_spending_row(tmp_path: Path) -> None:
    spend = bitcoin_etl(4, [{**etl_input(1, 0, 8, 5000)}], [etl_output(0, 2, 4000)])
    ledger, bad, _ = read(reader, as_lines(tmp_path, [MINED, spend]))
    assert bad == [] and ledger.entries[1].legs[0].account == address(1)


def test_rows_of_other_types_are_passed_over(tmp_path: Path) -> None:
    rows: list[Row] = [{"type": "block", "hash": "x"}, {"type": "transaction", **MINED}]
    ledger, bad, _ = read(reader, as_lines(tmp_path, rows))
    assert bad == [] and len(ledger) == 1


DOGE: Row = {**etl_output(0, 1, 5), "addresses": ["DPsvwvYRgt66ntxno9mMuBfwhg9nAMmGrD"]}
UNREADABLE: list[tuple[Row, str]] = [
    ({"outputs": [DOGE]}, "is not one of Bitcoin"),
    ({"outputs": [{**etl_output(0, 1, 5), "addresses": ["bitcoincash:qzk"]}]}, "is not one of Bitcoin"),
    ({"outputs": [{**etl_output(0, 1, 5), "addresses": [address(2)]}]}, "are not those of its script"),
    ({"outputs": [{**etl_output(0, 1, 5), "addresses": [7]}]}, "is not one of Bitcoin"),
    ({"outputs": [{**etl_output(0, 1, 5), "addresses": "x"}]}, "addresses is missing or no list"),
    ({"outputs": [{**etl_output(0, 1, 5), "script_hex": None, "addresses": []}]}, "are not those of its script"),
    ({"outputs": [{**etl_output(0, 1, 5), "script_hex": "abc"}]}, "is no hex"),
    ({"outputs": [etl_output(1, 1, 5)]}, "not numbered"),
    ({"outputs": [etl_output(0, 1, 5), etl_output(0, 1, 6)]}, "not numbered"),
    ({"outputs": [etl_output(0, 1, -5)]}, "value is -5"),
    ({"outputs": None}, "outputs is missing"),
    ({"is_coinbase": "maybe"}, "neither true nor false"),
    ({"block_timestamp": None}, "block_timestamp is missing"),
    ({"index": 10**6}, "out of range"),
    ({"hash": None}, "hash is missing"),
]


@pytest.mark.parametrize(
    ("change", "words"), UNREADABLE, ids=[words + str(n) for n, (_, words) in enumerate(UNREADABLE)]
)
def test_what_cannot_be_read_is_rejected(tmp_path: Path, change: Row, words: str) -> None:
    ledger, bad, _ = read(reader, as_lines(tmp_path, [{**MINED, **change}, ENRICHED]))
    assert len(bad) == 1 and words in bad[0]
    assert [entry.id for entry in ledger] == [txid(90), txid(3)]


def test_bare_public_keys_and_multisig_keep_their_script(tmp_path: Path) -> None:
    key = "21" + "02" * 33 + "ac"
    outputs: list[Row] = [
        {**etl_output(0, 1, 5), "script_hex": key, "addresses": ["1HaHTfmvoUW6i6nhJf8jJs6tU4cHNmBQHQ"]}
    ]
    ledger, bad, _ = read(reader, as_lines(tmp_path, [{**MINED, "outputs": outputs}]))
    assert bad == [] and ledger.entries[0].legs[0].account == f"script:{key}"
    assert script(1) != key


def test_sniff() -> None:
    assert sniff(json.dumps(MINED).encode(), Path("x"))
    assert not sniff(b'{"vin": [], "is_coinbase": 1, "outputs": 1}', Path("x"))
