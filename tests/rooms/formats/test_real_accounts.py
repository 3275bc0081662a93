"""The readers against real data of account chains and banks."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from tests.rooms.formats.build import Row, assert_written_and_read
from tests.rooms.formats.shared import data, unpacked

from recoup.formats.reading import Reading, read_files
from recoup.ground import Defects
from recoup.ledger import Kind, Ledger, Side, check

pytestmark = pytest.mark.shared_data

EDGES = [("harmony-bridge/HB.csv", 3348, 3887), ("discord-x-scam/XScam.csv", 1273, 1307)]


def reading_of(*paths: Path) -> tuple[Reading, Defects]:
    defects = Defects()
    return read_files(paths, defects), defects


def kinds(ledger: Ledger) -> Counter[str]:
    return Counter(leg.kind.value for _, leg in ledger.legs())


@pytest.mark.parametrize(("name", "entries", "rows"), EDGES, ids=["harmony", "discord"])
def test_every_edge_of_a_real_case_is_a_pair_and_every_digit_is_kept(
    tmp_path: Path, name: str, entries: int, rows: int
) -> None:
    path = data(f"chain/ethereum-cases/{name}")
    reading, defects = reading_of(path)
    assert not list(defects) and not defects.notices
    assert_written_and_read(reading.ledger, tmp_path / "written.csv")
    legs = [leg for _, leg in reading.ledger.legs()]
    assert (len(reading.ledger), len(legs)) == (entries, 2 * rows)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    pairs = sorted((a.account, b.account, a.amount) for a, b in zip(legs[::2], legs[1::2], strict=True))
    scaled = sorted((row["From"], row["To"], int(Decimal(row["Value_in_USD"]).scaleb(18))) for row in table)
    assert pairs == scaled
    assert all(
        a.side is Side.OUT and b.side is Side.IN and a.amount == b.amount
        for a, b in zip(legs[::2], legs[1::2], strict=True)
    )
    assert {entry.id: entry.position for entry in reading.ledger} == {
        row["Tx_hash"]: int(row["Block"]) for row in table
    }
    named = {(row[side], row[f"{side}_label"]) for row in table for side in ("From", "To") if row[f"{side}_label"]}
    assert {(label.account, label.label) for label in reading.labels} == named


def test_rows_of_one_transaction_stand_in_the_order_of_the_file() -> None:
    path = data("chain/ethereum-cases/harmony-bridge/HB.csv")
    reading, _ = reading_of(path)
    lines: dict[str, list[int]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            lines.setdefault(row["Tx_hash"], []).append(number)
    assert {entry.id: [leg.line for leg in entry.legs[::2]] for entry in reading.ledger} == lines


ARKHAM = [("bsc_native_multitx", 13, 32, 0), ("multichain_tron", 16, 32, 0), ("satoshi", 11, 22, 5), ("txns", 1, 2, 0)]


@pytest.mark.parametrize(("name", "entries", "legs", "rejected"), ARKHAM, ids=[row[0] for row in ARKHAM])
def test_real_arkham_exports(name: str, entries: int, legs: int, rejected: int) -> None:
    reading, defects = reading_of(data(f"chain/bitcoin-cases/arkham_{name}.csv"))
    assert (len(reading.ledger), len(list(reading.ledger.legs())), len(defects)) == (entries, legs, rejected)
    assert all("several senders" in defect.what for defect in defects)
    assert not reading.ledger.coin_ledgers
    sums = Counter[str]()
    for _, leg in reading.ledger.legs():
        sums[leg.asset.code] += leg.amount if leg.side is Side.IN else -leg.amount
    assert set(sums.values()) == {0}


def test_real_etherscan_exports() -> None:
    paths = [data(f"chain/bitcoin-cases/{name}.csv") for name in ("etherscan_export", "lea_fiu_etherscan")]
    reading, defects = reading_of(*paths)
    assert not list(defects)
    assert [(file.entries, file.legs) for file in reading.files] == [(5, 10), (5, 11)]
    fees = sum(leg.amount for _, leg in reading.ledger.legs() if leg.kind is Kind.FEE)
    assert fees == (21 + 30 + 15 + 20 + 21 + 21 + 30 + 30 + 15) * 10**14
    values = [leg.amount for _, leg in reading.ledger.legs() if leg.id == "value-in"]
    assert values == [5 * 10**17, 125 * 10**16, 99 * 10**15, 10**19, 4 * 10**18, 3 * 10**18]


@pytest.fixture(scope="module")
def etl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = unpacked("chain/etl_samples.tar.xz", tmp_path_factory.mktemp("etl"))
    return folder / "etl_samples/ethereum_etl/resources"


def rows(path: Path) -> list[Row]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return [dict(row) for row in csv.DictReader(stream)]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def test_a_real_stream_of_two_blocks(etl: Path) -> None:
    folder = etl / "test_stream/blocks_17173049_17173050"
    names = ("blocks", "transactions", "token_transfers")
    reading, defects = reading_of(*(folder / f"expected_{name}.json" for name in names))
    assert not list(defects) and not defects.notices
    assert kinds(reading.ledger) == {"token": 552, "fee": 298, "transfer": 254, "mint": 12, "burn": 3}
    calls = rows(folder / "expected_transactions.json")
    assert len(reading.ledger) == len(calls) == 298
    fees = {entry.id: leg.amount for entry, leg in reading.ledger.legs() if leg.kind is Kind.FEE}
    assert fees == {
        row["hash"]: int(str(row["receipt_gas_used"])) * int(str(row["receipt_effective_gas_price"])) for row in calls
    }
    failed = {row["hash"] for row in calls if row["receipt_status"] == 0}
    moved = sum(leg.amount for _, leg in reading.ledger.legs() if leg.id == "value-in")
    assert failed and moved == sum(int(str(row["value"])) for row in calls if row["hash"] not in failed)
    assert all(len(entry.legs) == 1 for entry in reading.ledger if entry.id in failed)
    tokens = rows(folder / "expected_token_transfers.json")
    brought = sum(leg.amount for _, leg in reading.ledger.legs() if leg.id.startswith("log") and leg.side is Side.IN)
    zero = "0x" + "0" * 40
    assert brought == sum(int(str(row["value"])) for row in tokens if row["to_address"] != zero)
    assert {finding.code.value for finding in check(reading.ledger)} == {"balance-below-zero"}


def test_csv_and_json_of_one_export_give_the_same_legs(etl: Path) -> None:
    folder = etl / "test_export_blocks_job/blocks_with_transactions_and_withdrawals"
    as_csv, as_json = (reading_of(folder / f"expected_transactions.{form}")[0].ledger for form in ("csv", "json"))
    assert len(as_csv) == 135
    assert [(e.id, e.time, e.position, leg.id, leg.account, leg.amount) for e, leg in as_csv.legs()] == [
        (e.id, e.time, e.position, leg.id, leg.account, leg.amount) for e, leg in as_json.legs()
    ]


def test_real_receipts_give_the_fees_of_real_transactions(etl: Path) -> None:
    calls = etl / "test_export_blocks_job/block_with_logs/expected_transactions.csv"
    receipts = etl / "test_export_receipts_job/receipts_with_logs/expected_receipts.csv"
    tokens = etl / "test_export_token_transfers_job/block_with_transfers/expected_token_transfers.csv"
    reading, defects = reading_of(calls, receipts, tokens)
    assert not list(defects)
    assert [notice.what for notice in defects.notices] == [
        "nothing says whether 4 transactions succeeded: they are read as done"
    ]
    assert kinds(reading.ledger) == {"token": 4, "transfer": 4, "fee": 4}
    gas = {row["transaction_hash"]: int(str(row["gas_used"])) for row in rows(receipts)}
    fees = {entry.id: leg.amount for entry, leg in reading.ledger.legs() if leg.kind is Kind.FEE}
    assert fees == {id_: used * 50_000_000_000 for id_, used in gas.items()}


TRACES = {
    "block_with_suicide": {"internal": 2, "mint": 1},
    "block_with_create": {"transfer": 2, "mint": 1},
    "block_with_error": {"transfer": 2, "mint": 1},
    "block_with_subtraces": {"transfer": 4, "mint": 1},
}


@pytest.mark.parametrize("name", TRACES)
def test_real_traces_with_the_time_of_their_block(etl: Path, tmp_path: Path, name: str) -> None:
    path = etl / f"test_export_traces_job/{name}/expected_traces.csv"
    number = rows(path)[0]["block_number"]
    blocks = tmp_path / "blocks.csv"
    blocks.write_text(f"number,timestamp,sha3_uncles\n{number},1455404053,0x\n", encoding="utf-8")
    reading, defects = reading_of(path, blocks)
    assert not list(defects)
    found = kinds(reading.ledger)
    assert {kind: count for kind, count in found.items() if kind in TRACES[name]} == TRACES[name] and set(found) == set(
        TRACES[name]
    )


def test_simulated_bank_transfers(tmp_path: Path) -> None:
    path = next(unpacked("chain/bank-like/20K_fanin200cycle200.tgz", tmp_path).rglob("transactions.csv"))
    reading, defects = reading_of(path)
    assert not list(defects) and len(reading.ledger) == 120_558
    table = rows(path)
    cents = sum(int(Decimal(str(row["value"])).scaleb(2)) for row in table)
    assert cents == sum(leg.amount for _, leg in reading.ledger.legs() if leg.side is Side.IN)
    assert {entry.ledger for entry in reading.ledger} == {"bank:amlsim"}
