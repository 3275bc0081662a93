"""The readers against real Bitcoin data: fees, roots, ids, and two formats of one block."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.formats.build import Reader, read
from tests.rooms.formats.shared import data, unpacked

from recoup.formats import bitcoin_block, bitcoin_etl, esplora
from recoup.formats.bitcoin_script import account_of
from recoup.formats.bitcoin_wire import double_sha256, parse_block
from recoup.formats.reading import read_files
from recoup.ground import Defects
from recoup.ledger import Ledger, Side, check

pytestmark = pytest.mark.shared_data

CASES = "chain/bitcoin-cases"


def ledger_of(reader: Reader, path: Path) -> Ledger:
    ledger, bad, _ = read(reader, path)
    assert bad == []
    return ledger


def raw(path: Path) -> list[dict[str, object]]:
    value = json.loads(path.read_text(encoding="utf-8"))
    return value if isinstance(value, list) else [value]


ESPLORA = [
    ("colonial_fbi_txs", 9, 193), ("colonial_anchor_txs", 57, 275), ("colonial_ransom_txs", 7, 23),
    ("hydra_anchor_txs", 3, 7), ("bitfinex_seizure_tx", 495, 1126), ("coinjoin_tx", 6, 15), ("coinjoin_tx0", 2, 21),
]  # fmt: skip


@pytest.mark.parametrize(("name", "entries", "legs"), ESPLORA, ids=[name for name, _, _ in ESPLORA])
def test_fees_of_real_transactions_are_those_that_esplora_gives(name: str, entries: int, legs: int) -> None:
    path = data(f"{CASES}/{name}.json")
    ledger, fees = Ledger(()), {row["txid"]: row["fee"] for row in raw(path)}
    ledger = ledger_of_path(path)
    assert (len(ledger), len(list(ledger.legs()))) == (entries, legs)
    for entry in ledger:
        if entry.id in fees:
            out, in_ = (sum(leg.amount for leg in entry.legs if leg.side is side) for side in (Side.OUT, Side.IN))
            assert out - in_ == fees[entry.id]
    assert {finding.code.value for finding in check(ledger)} == {"history-not-in-data"}


def ledger_of_path(path: Path) -> Ledger:
    defects = Defects()
    ledger = esplora.read(path, defects)
    assert not list(defects)
    return ledger


def test_the_seizure_of_colonial_pipeline_is_whole() -> None:
    """63.69996546 BTC, as the U.S. Department of Justice said on 7 June 2021; the address' own statistics agree."""
    ledger = ledger_of_path(data(f"{CASES}/colonial_fbi_txs.json"))
    stats = raw(data(f"{CASES}/colonial_fbi_stats.json"))[0]
    chain = stats["chain_stats"]
    assert isinstance(chain, dict)
    mine = [(entry, leg) for entry, leg in ledger.legs() if leg.account == stats["address"]]
    assert sum(leg.amount for _, leg in mine if leg.side is Side.IN) == chain["funded_txo_sum"] == 6_370_059_652
    assert sum(leg.amount for _, leg in mine if leg.side is Side.OUT) == chain["spent_txo_sum"] == 6_369_996_546
    assert len({entry.id for entry, _ in mine}) == chain["tx_count"]


def test_every_real_script_has_the_address_that_esplora_gives() -> None:
    checked = 0
    for folder in (CASES, "chain/heuristic-fixtures"):
        for path in sorted(data(folder).glob("*.json")):
            for script, address in scripts(json.loads(path.read_text(encoding="utf-8"))):
                account = account_of(bytes.fromhex(script))
                assert account == address or (address is None and account.startswith("script"))
                checked += 1
    assert checked == 2488


def scripts(value: object) -> list[tuple[str, object]]:
    if isinstance(value, list):
        return [found for each in value for found in scripts(each)]
    if not isinstance(value, dict):
        return []
    own = [(value["scriptpubkey"], value.get("scriptpubkey_address"))] if "scriptpubkey" in value else []
    return own + [found for each in value.values() for found in scripts(each)]


BLOCKS = [
    (250_000, "000000000000003887df1f29024b06fc2200b55f8af8f35453d7be294df2d214", 156, 348),
    (330_000, "00000000000000000faabab19f17c0178c754dbed023e6c871dcaf74159c5f02", 81, 167),
    (625_007, None, 3083, 7886),
    (629_999, "0000000000000000000d656be18bb095db1b23bd797266b0ac3ba720b1962b1e", 2481, 8688),
    (722_010, None, 2668, 9809),
]


@pytest.mark.parametrize(("height", "hash_", "entries", "legs"), BLOCKS, ids=[str(row[0]) for row in BLOCKS])
def test_real_blocks_prove_themselves(height: int, hash_: str | None, entries: int, legs: int) -> None:
    path = data(f"chain/raw-blocks/block{height}.bin.gz")
    block = parse_block(bitcoin_block._bytes(path))  # raises where the ids do not hash to the root of the header
    assert block.height == height and hash_ in (None, block.hash)
    defects = Defects()
    ledger = bitcoin_block.read(path, defects)
    assert not list(defects)
    assert (len(ledger), len(list(ledger.legs()))) == (entries, legs) and len(block.transactions) == entries
    assert [entry.id for entry in ledger] == [each.txid for each in block.transactions]
    paid = sum(output.value for each in block.transactions for output in each.outputs)
    assert paid == sum(leg.amount for _, leg in ledger.legs() if leg.side is Side.IN)
    assert {finding.code.value for finding in check(ledger)} == {"history-not-in-data"}


def test_the_first_halved_subsidy_and_fees_bound_what_a_block_mints() -> None:
    for height, subsidy in ((250_000, 25), (330_000, 25), (625_007, 12), (629_999, 12), (722_010, 6)):
        ledger = bitcoin_block.read(data(f"chain/raw-blocks/block{height}.bin.gz"), Defects())
        minted = sum(leg.amount for leg in ledger.entries[0].legs)
        assert subsidy * 10**8 <= minted < (subsidy + 3) * 10**8


def test_real_blocks_are_their_bytes_hashed_twice() -> None:
    content = bitcoin_block._bytes(data("chain/raw-blocks/block250000.bin.gz"))
    assert double_sha256(content[:80])[::-1].hex() == parse_block(content).hash


ETL = {
    "bitcoin/block_0": (1, 1, 0), "bitcoin/block_1": (1, 1, 0), "bitcoin/block_without_transactions": (1, 1, 0),
    "bitcoin/block_with_transactions": (2, 2, 2), "bitcoin/stream_50001_50002": (7, 10, 0),
    "dogecoin/block_without_transactions": (0, 0, 1), "dogecoin/block_with_float_precision_loss": (0, 0, 6),
    "zcash/block_0": (0, 0, 1), "zcash/block_with_shielded_addresses": (0, 0, 4),
    "zcash/block_with_value_balance": (0, 0, 10), "bitcoin_cash/block_with_duplicate_txid": (0, 0, 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def etl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = unpacked("chain/etl_samples.tar.xz", tmp_path_factory.mktemp("etl"))
    return folder / "etl_samples/bitcoin_etl/resources/test_export_blocks_job"


@pytest.mark.parametrize("name", ETL)
def test_real_exports_of_bitcoin_etl(etl: Path, name: str) -> None:
    """Plain rows without their spent coins, and rows of other chains, are rejected; the rest is read."""
    path = etl / name / "expected_transactions.json"
    defects = Defects()
    ledger = bitcoin_etl.read(path, defects)
    assert (len(ledger), len(list(ledger.legs())), len(defects)) == ETL[name]


def test_the_enriched_export_mends_what_the_plain_one_lacks(etl: Path) -> None:
    plain, enriched = (etl / f"bitcoin/{name}/expected_transactions.json" for name in
                       ("block_with_transactions", "stream_50001_50002"))  # fmt: skip
    defects = Defects()
    reading = read_files([plain, enriched], defects)
    assert not list(defects) and len(reading.ledger) == 7
    assert [(file.entries, file.legs) for file in reading.files] == [(4, 4), (5, 6)]


def test_an_export_agrees_with_the_nodes_own_answer(etl: Path) -> None:
    folder = etl / "bitcoin/stream_50001_50002"
    ledger = bitcoin_etl.read(folder / "expected_transactions.json", Defects())
    by_id = {entry.id: entry for entry in ledger}
    checked = 0
    for path in sorted(folder.glob("rpc_response_getblock_*_2.json")):
        block = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
        for row in block["tx"]:
            entry = by_id[row["txid"]]
            assert entry.time.start.timestamp() == block["time"] and entry.position // 10**6 == block["height"]
            coins = [leg for leg in entry.legs if leg.side is Side.IN]
            assert [leg.amount for leg in coins] == [satoshi(str(out["value"])) for out in row["vout"]]
            scripts = [bytes.fromhex(out["scriptPubKey"]["hex"]) for out in row["vout"]]
            assert [leg.account for leg in coins] == [account_of(script) for script in scripts]
            spends = [f"{each['txid']}:o{each['vout']}" for each in row["vin"] if "txid" in each]
            assert [leg.spends for leg in entry.legs if leg.spends] == spends
            checked += 1
    assert checked == 4


def satoshi(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 10**8 + int(part.ljust(8, "0"))


def test_all_real_bitcoin_files_make_one_ledger() -> None:
    paths = [data(f"{CASES}/{name}.json") for name, _, _ in ESPLORA]
    defects = Defects()
    reading = read_files(paths, defects)
    assert not list(defects)
    assert sum(file.legs for file in reading.files) == len(list(reading.ledger.legs()))
    assert {finding.code.value for finding in check(reading.ledger)} == {"history-not-in-data"}


SINGLE = ["bare-multisig", "batch-withdrawal-143", "dust-attack-555", "joinmarket-coinjoin", "op-return-charley",
          "simple-legacy-p2pkh", "taproot-op-return", "taproot-script-path", "wabisabi-coinjoin",
          "whirlpool-coinjoin"]  # fmt: skip


@pytest.mark.parametrize("name", [*SINGLE, "satoshi-genesis-txs"])
def test_peculiar_real_transactions_are_read(name: str) -> None:
    path = data(f"chain/heuristic-fixtures/{name}.json")
    ledger, rows = ledger_of_path(path), raw(path)
    whole = [entry for entry in ledger if any(row["txid"] == entry.id for row in rows)]
    assert len(whole) == len(rows)
    fees = sum(leg.amount if leg.side is Side.OUT else -leg.amount for entry in whole for leg in entry.legs)
    assert fees == sum(int(str(row["fee"])) for row in rows)
