"""Many files at once: each in its format, joined, and nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.rooms.formats.blocks import GENESIS
from tests.rooms.formats.build import (
    ALICE,
    BOB,
    TIME,
    TOKEN,
    as_csv,
    as_json,
    as_lines,
    bitcoin_etl,
    brief,
    esplora,
    etl_call,
    etl_input,
    etl_output,
    etl_receipt,
    etl_token,
    scan_call,
    scan_token,
    txid,
    vin,
    vout,
)

from recoup.formats import reading as module
from recoup.formats.reading import Reading, read_files
from recoup.formats.registry import FORMATS, detected, named
from recoup.ground import Defects, Refused
from recoup.ledger import read_ledger, write_ledger

EDGES = "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n"
EDGE = f"2023-01-13 20:34:11,16400290,{txid(1, '0x')},{ALICE},Thief,{BOB},,200000.0\n"


def edges(folder: Path, rows: str = EDGE, name: str = "edges.csv") -> Path:
    path = folder / name
    path.write_text(EDGES + rows, encoding="utf-8")
    return path


def export(folder: Path) -> Path:
    header = (
        "Transaction Hash,Blockno,UnixTimestamp,From,To,ContractAddress,Value_IN(ETH),Value_OUT(ETH),Status,ErrCode"
    )
    path = folder / "export.csv"
    path.write_text(f"{header}\n{txid(9, '0x')},5,{TIME},{ALICE},{BOB},,0,1,,\n", encoding="utf-8")
    return path


def genesis(folder: Path) -> Path:
    path = folder / "block.bin"
    path.write_bytes(GENESIS)
    return path


def own(folder: Path, name: str = "own.csv") -> Path:
    path = folder / name
    write_ledger(read_files([edges(folder, name="for-own.csv")], Defects()).ledger, path)
    return path


def own_parquet(folder: Path) -> Path:
    return own(folder, "own.parquet")


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "ledger": own,
    "ledger-parquet": own_parquet,
    "esplora": lambda folder: as_json(folder, [esplora(1, [vin(90, 0, 1, 5)], [vout(2, 5)])]),
    "bitcoin-etl": lambda folder: as_lines(folder, [bitcoin_etl(1, [], [etl_output(0, 1, 5)])]),
    "bitcoin-block": genesis,
    "ethereum-etl": lambda folder: as_csv(folder, [etl_call(1, ALICE, BOB, 5)]),
    "etherscan": lambda folder: as_json(folder, {"status": "1", "result": [scan_call(1, ALICE, BOB, "5")]}),
    "etherscan-csv": export,
    "profile ethereum-case-edges": edges,
}


def run(*paths: Path, wanted: str = "") -> tuple[Reading, list[str], list[str]]:
    defects = Defects()
    reading = read_files(paths, defects, named(wanted) if wanted else None)
    return reading, [str(defect) for defect in defects], [notice.what for notice in defects.notices]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_format_is_detected_and_read(tmp_path: Path, name: str) -> None:
    path = SAMPLES[name](tmp_path)
    reading, bad, _ = run(path)
    assert bad == [] and len(reading.ledger) > 0
    (file,) = reading.files
    assert file.format.startswith(name.split(" (")[0])
    assert (file.rejected, file.entries) == (0, len(reading.ledger))
    assert file.legs == len(list(reading.ledger.legs()))


def test_every_registered_format_has_a_sample() -> None:
    assert {each.name for each in FORMATS} <= {name.split(" (")[0] for name in SAMPLES}


def test_mixed_files_make_one_ledger(tmp_path: Path) -> None:
    paths = []
    for number, make in enumerate(SAMPLES.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(make(folder))
    reading, bad, notes = run(*paths)
    # Five of these files tell of one Ethereum entry, two of one Bitcoin transaction: each stands once, and it is said.
    assert sum("duplicate" in each for each in bad) == 4
    assert sum("stands with other contents" in each for each in bad) == 1 and len(bad) == 5
    assert {entry.ledger for entry in reading.ledger} == {"bitcoin", "ethereum"}
    assert len(reading.files) == len(SAMPLES) and any("fee" in note for note in notes)


def test_the_same_bytes_are_read_once(tmp_path: Path) -> None:
    first, second = edges(tmp_path), edges(tmp_path, name="copy.csv")
    reading, bad, notes = run(first, second, first)
    assert bad == [] and notes == [f"holds the same bytes as {first}"]
    assert [(file.path, file.entries) for file in reading.files] == [(first, 1), (second, 0)]


def test_an_entry_in_two_files_is_taken_once_and_said(tmp_path: Path) -> None:
    first, second = edges(tmp_path), edges(tmp_path, EDGE.replace("200000.0", "1.0"), "other.csv")
    reading, bad, _ = run(first, second)
    assert len(reading.ledger) == 1
    assert bad == [f"{second}:2: duplicate: entry {txid(1, '0x')} stands in {first} already. Give each entry once"]
    assert [file.rejected for file in reading.files] == [0, 1]


def test_files_of_one_transaction_meet(tmp_path: Path) -> None:
    calls = as_csv(tmp_path, [etl_call(1, ALICE, BOB, 5)], "transactions.csv")
    receipts = as_csv(tmp_path, [etl_receipt(1)], "receipts.csv")
    tokens = as_lines(tmp_path, [etl_token(1, 1, ALICE, BOB, 5)], "tokens.json")
    reading, bad, notes = run(tokens, receipts, calls)
    assert (bad, notes) == ([], [])
    assert [brief(leg).split(" ")[0] for _, leg in reading.ledger.legs()] == [
        "value-out", "value-in", "log1-out", "log1-in", "fee",
    ]  # fmt: skip
    assert [(file.entries, file.legs) for file in reading.files] == [(1, 2), (1, 1), (1, 2)]


def test_coins_meet_across_formats(tmp_path: Path) -> None:
    mined = as_lines(tmp_path, [bitcoin_etl(1, [], [etl_output(0, 1, 500)])], "etl.json")
    spent = as_lines(tmp_path, [bitcoin_etl(2, [etl_input(1, 0)], [etl_output(0, 2, 400)])], "plain.json")
    later = as_json(tmp_path, [esplora(3, [vin(2, 0, 2, 400)], [vout(3, 390)])])
    reading, bad, _ = run(later, spent, mined)
    assert bad == [] and [entry.id for entry in reading.ledger] == [txid(3), txid(2), txid(1)]
    assert "opening" not in {leg.kind.value for _, leg in reading.ledger.legs()}
    assert len(run(spent)[1]) == 1


def test_one_contract_is_one_asset_under_its_first_symbol(tmp_path: Path) -> None:
    unnamed = as_lines(tmp_path, [etl_token(1, 1, ALICE, BOB, 5, block_timestamp=TIME)], "a.json")
    named_so = as_json(tmp_path, [scan_token(2, ALICE, BOB, "5")], "b.json")
    other = as_json(tmp_path, [scan_token(3, ALICE, BOB, "5", tokenSymbol="USDC")], "c.json")
    reading, bad, notes = run(unnamed, named_so)
    assert bad == [] and [asset.code for asset in reading.ledger.assets] == [f"USDT@ethereum:{TOKEN}"]
    _, _, notes = run(unnamed, named_so, other)
    assert notes == []  # one family of formats keeps the first symbol it meets
    own_file = tmp_path / "own.csv"
    write_ledger(run(other)[0].ledger, own_file)
    reading, _, notes = run(named_so, own_file)
    assert [asset.code for asset in reading.ledger.assets] == [f"USDT@ethereum:{TOKEN}"]
    assert notes == [f"USDC@ethereum:{TOKEN} is also called USDT@ethereum:{TOKEN}"]


def test_a_block_with_an_entry_of_unknown_index_proves_no_order(tmp_path: Path) -> None:
    etl = as_lines(tmp_path, [bitcoin_etl(1, [], [etl_output(0, 1, 500)])], "etl.json")
    same_block = {**esplora(1, [vin(90, 0, 1, 5)], [vout(2, 5)]), "txid": txid(7)}
    reading, _, _ = run(etl, as_json(tmp_path, [same_block]))
    positions = {entry.id: entry.position for entry in reading.ledger}
    assert positions[txid(1)] == positions[txid(7)] == 101_000_000
    assert run(etl)[0].ledger.entries[0].position == 101_000_002


def test_an_own_ledger_passes_through(tmp_path: Path) -> None:
    path, again = own(tmp_path), tmp_path / "again.csv"
    write_ledger(run(path)[0].ledger, again)
    assert again.read_bytes() == path.read_bytes()


def test_labels_are_gathered(tmp_path: Path) -> None:
    assert [(label.account, label.label, label.kind) for label in run(edges(tmp_path))[0].labels] == [
        (ALICE, "Thief", "unknown")
    ]


def test_a_format_may_be_named(tmp_path: Path) -> None:
    path = edges(tmp_path)
    assert run(path, wanted="profile:ethereum-case-edges")[1] == []
    assert len(run(path, wanted="ledger")[1]) > 0
    call = as_csv(tmp_path, [etl_call(1, ALICE, BOB, 5)])
    assert run(call, wanted="ethereum-etl:bsc")[0].ledger.entries[0].ledger == "bsc"
    answer = as_json(tmp_path, [scan_call(1, ALICE, BOB, "5")])
    assert run(answer, wanted="etherscan:polygon")[0].ledger.assets[0].code == "POL"
    assert run(export(tmp_path), wanted="etherscan-csv:base")[0].ledger.entries[0].ledger == "base"


@pytest.mark.parametrize("name", ["", "esplor", "etherscan:mars", "profile:", "profile:none", "ledger:x"])
def test_an_unknown_format_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        named(name)


JUNK = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "binary": (bytes(range(256)) * 40, "is in no format known here"),
    "zeros": (bytes(4096), "is in no format known here"),
    "words": (b"dear colleague\n", "is in no format known here"),
    "other csv": (b"a,b\n1,2\n", "is in no format known here"),
    "other json": (b'{"a": 1}', "is in no format known here"),
    "zip": (b"PK\x03\x04" + bytes(100), "is in no format known here"),
    "parquet in name only": (b"PAR1" + bytes(100), "not readable as Parquet"),
    "esplora in name only": (b'[{"vin": [], "prevout"', "not readable as JSON"),
    "deep": (b'[{"vin": "prevout", "x": ' + b"[" * 50_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_said_and_the_other_files_are_read(tmp_path: Path, name: str) -> None:
    content, words = JUNK[name]
    path = tmp_path / "junk"
    path.write_bytes(content)
    reading, bad, _ = run(path, edges(tmp_path))
    assert len(bad) == 1 and words in bad[0] and bad[0].startswith(str(path))
    assert len(reading.ledger) == 1
    assert (reading.files[0].entries, reading.files[0].rejected) == (0, 1)


@pytest.mark.parametrize("wanted", [each.name for each in FORMATS] + ["profile:arkham"])
def test_no_format_throws_on_junk(tmp_path: Path, wanted: str) -> None:
    for number, (content, _) in enumerate(JUNK.values()):
        path = tmp_path / str(number)
        path.write_bytes(content)
        reading, bad, _ = run(path, wanted=wanted)
        assert len(reading.ledger) == 0
        assert len(bad) > 0 or content.strip() == b"", f"{number} said nothing"


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path):
        _, bad, _ = run(path)
        assert len(bad) == 1 and str(path) in bad[0]
    with pytest.raises(Refused, match="is no file"):
        module._refuse_endless(tmp_path / "pipe", FORMATS[0])


@pytest.mark.parametrize("start", [EDGES + EDGE, EDGES, '{"a": "'], ids=["third line", "second line", "first line"])
def test_five_gigabytes_without_a_line_end_fail_fast(tmp_path: Path, start: str) -> None:
    path = tmp_path / "huge"
    path.write_text(start, encoding="utf-8")
    os.truncate(path, 5 * 2**30)
    wanted = "" if start.startswith("Time") else "ethereum-etl"
    reading, bad, _ = run(path, wanted=wanted)
    assert len(bad) == 1 and "line is longer than" in bad[0]
    assert len(reading.ledger) in (0, 1)


def test_the_limit_of_the_first_lines_holds_at_its_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = edges(tmp_path)
    longest = max(len(line) for line in path.read_bytes().splitlines(keepends=True))
    monkeypatch.setattr(module, "LINE_BYTES_MAX", longest)
    assert run(path)[1] == []
    monkeypatch.setattr(module, "LINE_BYTES_MAX", longest - 1)
    assert len(run(path)[1]) == 1


def test_detected_reads_no_more_than_the_head(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    path.write_bytes(b"x")
    os.truncate(path, 2**40)
    with pytest.raises(Refused, match="no format"):
        detected(path)


def test_same_files_same_ledger(tmp_path: Path) -> None:
    paths = [edges(tmp_path), SAMPLES["esplora"](tmp_path)]
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    write_ledger(run(*paths)[0].ledger, first)
    write_ledger(run(*paths)[0].ledger, second)
    assert first.read_bytes() == second.read_bytes()
    assert len(read_ledger(first, Defects())) == 3
