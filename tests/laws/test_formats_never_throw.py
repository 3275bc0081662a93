"""Whatever bytes come, a reader gives rows and words: it never throws, and what it gives is a ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rooms.formats.blocks import GENESIS, on_disk
from tests.rooms.formats.build import (
    ALICE,
    BOB,
    CAROL,
    TIME,
    assert_written_and_read,
    bitcoin_etl,
    esplora,
    etl_call,
    etl_input,
    etl_output,
    etl_receipt,
    etl_token,
    etl_trace,
    scan_call,
    scan_internal,
    scan_token,
    txid,
    vin,
    vout,
)

from recoup.formats.reading import read_files
from recoup.formats.registry import FORMATS, named
from recoup.ground import Defects


def lines(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


SEEDS: dict[str, bytes] = {
    "esplora": json.dumps(
        [esplora(1, [vin(90, 0, 1, 9)], [vout(2, 5)], fee=4), esplora(2, [vin(1, 0, 2, 5)], [vout(3, 5)])]
    ).encode(),
    "bitcoin-etl": lines(
        bitcoin_etl(1, [], [etl_output(0, 1, 9)]), bitcoin_etl(2, [etl_input(1, 0)], [etl_output(0, 2, 5)])
    ),
    "bitcoin-block": on_disk(GENESIS),
    "ethereum-etl": lines(
        etl_call(1, ALICE, BOB, 5), etl_receipt(1), etl_token(1, 1, ALICE, BOB, 5), etl_trace(1, [0], BOB, CAROL, 4),
        {"number": 5, "timestamp": TIME, "sha3_uncles": "0x"}, {"address": BOB, "symbol": "X", "decimals": 1},
    ),
    "etherscan": json.dumps({"status": "1", "message": "OK", "result": [
        scan_call(1, ALICE, BOB, "5"), scan_internal(1, BOB, CAROL, "4", traceId="0"), scan_token(1, ALICE, BOB, "5"),
    ]}).encode(),
    "etherscan-csv": (
        "Transaction Hash,Blockno,UnixTimestamp,From,To,ContractAddress,Value_IN(ETH),Value_OUT(ETH),TxnFee(ETH),"
        "Status,ErrCode\n"
        f"{txid(1, '0x')},5,{TIME},{ALICE},{BOB},,0,1.5,0.1,,\n"
    ).encode(),
    "profile:ethereum-case-edges": (
        "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n"
        f"2023-01-13 20:34:11,16400290,{txid(1, '0x')},{ALICE},Thief,{BOB},,200000.0\n"
    ).encode(),
    "ledger": b"entry,time,ledger,leg,side,account,asset,amount\ne,2020-01-01,bank:x,0,out,a,EUR,5\n",
}  # fmt: skip


def test_every_text_format_has_a_seed() -> None:
    assert {each.name for each in FORMATS} - set(SEEDS) == {"ledger-parquet"}


Edit = tuple[int, int, bytes]
EDITS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 12), st.binary(max_size=12)), min_size=1, max_size=4)
WORDS = [
    b"null", b"-1", b"1e5", b"1.5", b"[]", b"{}", b'""', b",", b'"', b"\n", b"\x00", b"9" * 90, b"true", b"[[", b"\xff",
]  # fmt: skip
TOKENS = st.lists(st.tuples(st.integers(0, 5000), st.just(0), st.sampled_from(WORDS)), min_size=1, max_size=4)


def edited(seed: bytes, edits: list[Edit]) -> bytes:
    for at, cut, put in edits:
        at %= len(seed) + 1
        seed = seed[:at] + put + seed[at + cut :]
    return seed


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS | TOKENS, forced=st.booleans())
def test_mutated_bytes_never_throw(tmp_path: Path, name: str, edits: list[Edit], forced: bool) -> None:
    path = tmp_path / "mutated"
    path.write_bytes(edited(SEEDS[name], edits))
    defects = Defects()
    reading = read_files([path], defects, named(name) if forced else None)
    assert_written_and_read(reading.ledger, tmp_path / "written.csv")
    assert all(leg.amount >= 0 for _, leg in reading.ledger.legs())
    assert len(defects) or len(reading.ledger) or defects.notices or forced


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from([ALICE, BOB, txid(1), txid(1, "0x"), "5", str(2**300)]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("name", ["esplora", "bitcoin-etl", "ethereum-etl", "etherscan"])
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_in_any_field_never_throws(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Each field of a good row in turn holds any JSON value."""
    rows = (
        json.loads(SEEDS[name])
        if name in ("esplora", "etherscan")
        else [json.loads(line) for line in SEEDS[name].splitlines()]
    )
    rows = rows["result"] if isinstance(rows, dict) else rows
    row = data.draw(st.sampled_from(rows))
    row[data.draw(st.sampled_from(sorted(row)))] = data.draw(JSON)
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    defects = Defects()
    assert_written_and_read(read_files([path], defects, named(name)).ledger, tmp_path / "written.csv")
