"""Raw blocks: parsed, proven, and never guessed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.rooms.formats import blocks
from tests.rooms.formats.blocks import GENESIS, GENESIS_HASH, GENESIS_TXID, block, coinbase, on_disk, transaction
from tests.rooms.formats.build import address, brief, read, script

from recoup.formats import bitcoin_block, bitcoin_wire
from recoup.formats.bitcoin_block import read as reader
from recoup.formats.bitcoin_block import sniff
from recoup.formats.bitcoin_wire import Malformed, has_work, merkle_root, parse_block
from recoup.ground import Refused
from recoup.ledger import Kind, check

LOCK = {who: bytes.fromhex(script(who)) for who in range(1, 9)}
MINED = coinbase(500, [(5000, LOCK[1])])
PAYS = transaction([(MINED.txid, 0)], [(3000, LOCK[2]), (1500, LOCK[3])], witness=True)
MIXES = transaction([(PAYS.txid, 0), ("ab" * 32, 7)], [(9000, LOCK[4])])


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that a test can mine."""
    monkeypatch.setattr(bitcoin_wire, "POW_LIMIT", blocks.EASY_LIMIT)


def put(folder: Path, data: bytes, name: str = "block.bin") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_first_block(tmp_path: Path) -> None:
    parsed = parse_block(GENESIS)
    assert (parsed.hash, parsed.height, parsed.time) == (GENESIS_HASH, None, 1_231_006_505)
    ledger, bad, notes = read(reader, put(tmp_path, GENESIS))
    assert (bad, notes) == ([], [])
    entry = ledger.entries[0]
    assert (entry.id, str(entry.time), entry.position) == (GENESIS_TXID, "2009-01-03T18:15:05Z", 1)
    assert entry.legs[0].account.startswith("script:4104678afdb0fe") and entry.legs[0].kind is Kind.COINBASE
    assert entry.legs[0].amount == 50 * 10**8
    assert entry.legs[0].source.endswith(f"#block {GENESIS_HASH}/0/vout/0")


def test_a_block_of_ones_own(tmp_path: Path, easy: None) -> None:
    ledger, bad, notes = read(reader, put(tmp_path, block([MINED, PAYS])))
    assert (bad, notes) == ([], [])
    assert [entry.position for entry in ledger] == [500_000_001, 500_000_002]
    assert [brief(leg) for leg in ledger.entries[1].legs] == [
        f"i0 out {address(1)[-4:]} 5000 BTC coin spends {MINED.txid[60:]}:o0",
        f"o0 in {address(2)[-4:]} 3000 BTC coin",
        f"o1 in {address(3)[-4:]} 1500 BTC coin",
    ]
    assert check(ledger) == []


def test_outputs_of_unvalued_inputs_are_openings_and_a_notice_counts_them(tmp_path: Path, easy: None) -> None:
    ledger, bad, notes = read(reader, put(tmp_path, block([MINED, PAYS, MIXES])))
    assert bad == []
    assert notes == ["1 transactions spend coins that the data does not value: their outputs stand as opening coins"]
    assert [brief(leg) for leg in ledger.entries[2].legs] == [
        f"i0 out {address(2)[-4:]} 3000 BTC coin spends {PAYS.txid[60:]}:o0",
        f"o0 in {address(4)[-4:]} 9000 BTC opening",
    ]
    assert [finding.code.value for finding in check(ledger)] == ["history-not-in-data"]


def test_the_txid_does_not_cover_the_witness() -> None:
    with_witness, without = (transaction([(MINED.txid, 0)], [(1, LOCK[1])], witness=each) for each in (True, False))
    assert with_witness.txid == without.txid and with_witness.data != without.data


def test_many_inputs_and_outputs_use_long_counts(tmp_path: Path, easy: None) -> None:
    many = coinbase(500, [(n, LOCK[1]) for n in range(300)])
    spends = transaction([(many.txid, n) for n in range(300)], [(44_850, b"\x6a" * 300)], witness=True)
    ledger, bad, _ = read(reader, put(tmp_path, block([many, spends])))
    assert bad == [] and len(ledger.entries[1].legs) == 301
    assert ledger.entries[1].legs[-1].account.startswith("script-sha256:")


def test_files_of_a_node(tmp_path: Path, easy: None) -> None:
    data = on_disk(block([MINED]), block([coinbase(501, [(7, LOCK[2])]), PAYS])) + bytes(100)
    ledger, bad, _ = read(reader, put(tmp_path, data, "blk00000.dat"))
    assert bad == [] and len(ledger) == 3


def test_obfuscated_files_of_a_node(tmp_path: Path, easy: None) -> None:
    key = bytes(range(1, 9))
    data = on_disk(block([MINED]), block([coinbase(501, [(7, LOCK[2])]), PAYS])) + bytes(16)
    hidden = bytes(byte ^ key[i % 8] for i, byte in enumerate(data))
    path = put(tmp_path, hidden, "blk00000.dat")
    assert not sniff(hidden, path)
    put(tmp_path, key, "xor.dat")
    assert sniff(hidden, path)
    ledger, bad, _ = read(reader, path)
    assert bad == [] and len(ledger) == 3
    plain, bad, _ = read(reader, put(tmp_path, data, "blk00001.dat"))
    assert bad == [] and len(plain) == 3


def test_a_key_of_another_length_is_no_key(tmp_path: Path, easy: None) -> None:
    put(tmp_path, b"abc", "xor.dat")
    _, bad, _ = read(reader, put(tmp_path, b"\x01" * 200, "blk00000.dat"))
    assert bad == ["0: byte 0 does not start a whole block of the main network"]


def test_zipped_blocks(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(GENESIS), "block.bin.gz")
    assert sniff(path.read_bytes(), path)
    ledger, bad, _ = read(reader, path)
    assert bad == [] and ledger.entries[0].id == GENESIS_TXID
    with pytest.raises(Refused, match="cannot be unzipped"):
        read(reader, put(tmp_path, gzip.compress(GENESIS)[:-20], "cut.gz"))
    assert not sniff(b"\x1f\x8bnonsense", path)


def test_the_limit_of_a_file_holds_at_its_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, data in (("plain.bin", GENESIS), ("zipped.gz", gzip.compress(GENESIS))):
        monkeypatch.setattr(bitcoin_block, "BLOCK_FILE_BYTES_MAX", len(GENESIS))
        assert read(reader, put(tmp_path, data, name))[1] == []
        monkeypatch.setattr(bitcoin_block, "BLOCK_FILE_BYTES_MAX", len(GENESIS) - 1)
        with pytest.raises(Refused, match="longer than"):
            read(reader, put(tmp_path, data, name))


def test_a_changed_transaction_does_not_hash_to_the_root(tmp_path: Path) -> None:
    changed = bytearray(GENESIS)
    changed[-8] ^= 1
    _, bad, _ = read(reader, put(tmp_path, bytes(changed)))
    assert bad == ["0: block at byte 0 rejected: the transactions do not hash to the block's root"]


def test_a_changed_header_has_no_work(tmp_path: Path) -> None:
    changed = bytearray(GENESIS)
    changed[70] ^= 1
    assert not has_work(bytes(changed[:80]))
    with pytest.raises(Malformed, match="no proof of work"):
        parse_block(bytes(changed))


@pytest.mark.parametrize("bits", [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x01\x00\x00\x02", b"\xff\xff\x7f\x20"])
def test_an_easy_target_counts_for_nothing(bits: bytes) -> None:
    assert not has_work(GENESIS[:72] + bits + GENESIS[76:80])
    assert not has_work(GENESIS[:79])


@pytest.mark.parametrize("size", [80, 81, 82, 100, 130, 200, 284])
def test_a_truncated_block_is_said(tmp_path: Path, size: int) -> None:
    ledger, bad, _ = read(reader, put(tmp_path, GENESIS[:size]))
    assert len(ledger) == 0 and len(bad) == 1 and "block at byte 0 rejected" in bad[0]


def test_bytes_left_over_are_said(tmp_path: Path) -> None:
    assert "1 bytes are left over" in read(reader, put(tmp_path, GENESIS + b"\x00"))[1][0]


def test_counts_beyond_the_bytes_are_refused_before_memory_is_taken() -> None:
    with pytest.raises(Malformed, match="cannot hold them"):
        parse_block(GENESIS[:80] + b"\xff" + b"\xff" * 8 + GENESIS[81:])
    with pytest.raises(Malformed, match="cannot hold them"):
        parse_block(GENESIS[:85] + b"\xfe" + b"\xff" * 4 + GENESIS[86:])


def test_a_block_without_transactions_is_refused() -> None:
    with pytest.raises(Malformed, match="without transactions"):
        parse_block(GENESIS[:80] + b"\x00")


def test_a_truncated_file_keeps_the_blocks_before(tmp_path: Path, easy: None) -> None:
    data = on_disk(block([MINED]), block([coinbase(501, [(7, LOCK[2])])]))
    ledger, bad, _ = read(reader, put(tmp_path, data[:-5]))
    assert len(ledger) == 1 and len(bad) == 1 and "does not start a whole block" in bad[0]


def test_a_bad_block_between_good_ones_costs_only_itself(tmp_path: Path, easy: None) -> None:
    broken = bytearray(block([coinbase(501, [(7, LOCK[2])])]))
    broken[-6] ^= 1
    data = on_disk(block([MINED]), bytes(broken), block([coinbase(502, [(8, LOCK[3])])]))
    ledger, bad, _ = read(reader, put(tmp_path, data))
    assert len(ledger) == 2 and len(bad) == 1


def test_one_id_in_two_blocks_is_said(tmp_path: Path, easy: None) -> None:
    data = on_disk(block([MINED]), block([MINED], time=1_600_000_600))
    ledger, bad, _ = read(reader, put(tmp_path, data))
    assert len(ledger) == 1 and len(bad) == 1 and "stands with other contents" in bad[0]


@pytest.mark.parametrize(
    ("first", "height"),
    [
        (b"\x03\x20\xa1\x07", 500_000),
        (b"\x01\x11", 17),
        (b"", None),
        (b"\x00", None),
        (b"\x04\x01", None),
        (b"\x09" * 9, None),
    ],
)
def test_the_height_is_what_the_coinbase_pushes(easy: None, first: bytes, height: int | None) -> None:
    made = transaction([("00" * 32, 0xFFFFFFFF)], [(1, LOCK[1])], script=first)
    assert parse_block(block([made])).height == height
    assert parse_block(block([made], version=1)).height is None


def test_the_root_pairs_an_odd_one_with_itself() -> None:
    hashes = [bytes([n]) * 32 for n in range(1, 8)]
    for count in range(1, 8):
        txids = [each[::-1].hex() for each in hashes[:count]]
        assert merkle_root(list(hashes[:count])) == blocks.root(txids)


def test_an_impossible_amount_is_rejected(tmp_path: Path, easy: None) -> None:
    _, bad, _ = read(reader, put(tmp_path, block([coinbase(500, [(2**63, LOCK[1])])])))
    assert len(bad) == 1 and "exceeds all bitcoin" in bad[0]


def test_sniff_wants_work_or_the_magic() -> None:
    assert sniff(GENESIS, Path("x")) and sniff(on_disk(GENESIS), Path("x"))
    assert not sniff(b"\x00" * 200, Path("x")) and not sniff(b"", Path("x")) and not sniff(b"{}", Path("x"))
