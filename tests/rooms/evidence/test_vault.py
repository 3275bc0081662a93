from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import blake3
import pytest
from tests.rooms.evidence.build import MemoryKeys
from tests.rooms.evidence.shared import ROOT

from recoup.evidence.disk import LocalDisk
from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import AgencyKey, Shredded, SubjectKeys, Unopened
from recoup.evidence.sealedfile import HEADER_BYTES_MAX, OVERHEAD, Content, Header, SealedReader
from recoup.evidence.vault import Address, Shelf, Vault

CHUNK = 64


def keys() -> SubjectKeys:
    held = SubjectKeys(AgencyKey(b"k" * 32), MemoryKeys())
    for subject in ("case-1", "case-2"):
        held.ensure(subject)
    return held


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(LocalDisk(tmp_path), keys(), chunk_bytes=CHUNK)


def content_of(data: bytes) -> Content:
    return Content(hashlib.sha256(data).hexdigest(), blake3.blake3(data).hexdigest(), len(data))


def read(vault: Vault, address: Address) -> bytes:
    sink = io.BytesIO()
    vault.read(address, sink.write)
    return sink.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 10 * CHUNK, 1_000])
def test_what_goes_in_comes_out(vault: Vault, size: int) -> None:
    data = os.urandom(size)
    item = vault.ingest(io.BytesIO(data), "case-1")
    assert item.content == content_of(data)
    assert item.address == Address(Shelf.EVIDENTIARY, item.content.sha256, "case-1")
    assert read(vault, item.address) == data
    assert list(vault.addresses()) == [item.address]
    assert vault.unfinished() == []


def test_ranges_are_checked_and_exact(vault: Vault) -> None:
    data = os.urandom(1_000)
    item = vault.ingest(io.BytesIO(data), "case-1")
    with vault.opened(item.address) as reader:
        for start, stop in ((0, 1), (63, 65), (0, 1_000), (999, 5_000), (500, 500), (2_000, 3_000), (-5, 3)):
            assert reader.read(start, stop) == data[max(0, start) : max(0, stop)]


def test_nothing_readable_lies_on_the_disk(vault: Vault, tmp_path: Path) -> None:
    item = vault.ingest(io.BytesIO(b"IBAN DE89370400440532013000 " * 50), "case-1")
    path = tmp_path / item.address.name
    assert b"DE8937" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o077 == 0


def test_same_content_is_kept_once_per_subject(vault: Vault) -> None:
    one = vault.ingest(io.BytesIO(b"same"), "case-1")
    assert vault.ingest(io.BytesIO(b"same"), "case-1") == one
    two = vault.ingest(io.BytesIO(b"same"), "case-2")
    assert list(vault.addresses()) == [one.address, two.address]
    vault.keys.shred("case-1")
    assert read(vault, two.address) == b"same"
    with pytest.raises(Shredded):
        read(vault, one.address)


def test_equal_contents_look_different_on_disk(vault: Vault, tmp_path: Path) -> None:
    one, two = (vault.ingest(io.BytesIO(b"x" * 500), subject).address for subject in ("case-1", "case-2"))
    first, second = (tmp_path / address.name for address in (one, two))
    assert first.read_bytes()[-400:] != second.read_bytes()[-400:]


def test_working_copy_is_apart_from_the_original(vault: Vault, tmp_path: Path) -> None:
    original = vault.ingest(io.BytesIO(os.urandom(700)), "case-1")
    before = (tmp_path / original.address.name).read_bytes()
    copy = vault.working_copy(original.address)
    assert copy.address.shelf is Shelf.WORKING and copy.content == original.content
    assert read(vault, copy.address) == read(vault, original.address)
    assert (tmp_path / original.address.name).read_bytes() == before
    vault.remove(copy.address)
    assert list(vault.addresses()) == [original.address]


def _damaged(data: bytes, header: int) -> dict[str, bytes]:
    record = CHUNK + OVERHEAD
    first, second = data[header : header + record], data[header + record : header + 2 * record]
    return {
        "flipped in the header": data[:20] + bytes([data[20] ^ 1]) + data[21:],
        "flipped in a chunk": data[: header + 30] + bytes([data[header + 30] ^ 1]) + data[header + 31 :],
        "flipped in a nonce": data[:header] + bytes([data[header] ^ 1]) + data[header + 1 :],
        "flipped in the trailer": data[:-1] + bytes([data[-1] ^ 1]),
        "chunks exchanged": data[:header] + second + first + data[header + 2 * record :],
        "chunk repeated": data[:header] + first + first + data[header + 2 * record :],
        "chunk taken out": data[:header] + data[header + record :],
        "chunk put in": data[:header] + first + data[header:],
        "last chunk taken out": data[: -(100 + OVERHEAD + 40)] + data[-100:],
        "trailer cut": data[:-100],
        "cut in the middle": data[: len(data) // 2],
        "cut to the header": data[:header],
        "cut in the header": data[:40],
        "empty": b"",
        "longer": data + b"x",
        "another version": data.replace(b"recoup-vault/1", b"recoup-vault/2"),
        "another chunk size": data.replace(b'"chunk":"64"', b'"chunk":"65"'),
        "zero chunk size": data.replace(b'"chunk":"64"', b'"chunk":"00"'),
        "another subject": data.replace(b"case-1", b"case-2"),
    }


def test_every_damage_is_refused(vault: Vault, tmp_path: Path) -> None:
    item = vault.ingest(io.BytesIO(os.urandom(5 * CHUNK + 40)), "case-1")
    path = tmp_path / item.address.name
    whole = path.read_bytes()
    path.chmod(0o600)
    header = whole.index(b"\n", 15) + 1
    for kind, data in _damaged(whole, header).items():
        assert data != whole, kind
        path.write_bytes(data)
        with pytest.raises(Unopened):
            vault.check(item.address)
    path.write_bytes(whole)
    assert vault.check(item.address) == item.content


def test_items_swapped_under_each_others_name(vault: Vault, tmp_path: Path) -> None:
    one, two = (vault.ingest(io.BytesIO(data), "case-1").address for data in (b"one", b"two"))
    first, second = tmp_path / one.name, tmp_path / two.name
    first.rename(tmp_path / "aside")
    second.rename(first)
    (tmp_path / "aside").rename(second)
    for address in (one, two):
        with pytest.raises(Unopened, match="another item"):
            vault.check(address)


def test_missing_items_and_odd_names(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        vault.check(Address(Shelf.EVIDENTIARY, "0" * 64, "case-1"))
    (tmp_path / "evidentiary" / "zz" / "not-a-hash").mkdir(parents=True)
    (tmp_path / "evidentiary" / "zz" / "not-a-hash" / "x").touch()
    assert list(vault.addresses()) == []


@pytest.mark.parametrize(("sha256", "subject"), [("0" * 63, "s"), ("G" * 64, "s"), ("0" * 64, ""), ("0" * 64, "../x")])
def test_addresses_are_strict(sha256: str, subject: str) -> None:
    with pytest.raises(Malformed):
        Address(Shelf.WORKING, sha256, subject)


def test_a_subject_without_a_key_seals_nothing(vault: Vault) -> None:
    with pytest.raises(Shredded):
        vault.ingest(io.BytesIO(b"x"), "case-9")
    assert vault.unfinished() == []


def test_header_has_limits() -> None:
    with pytest.raises(Malformed, match="version"):
        Header.read(io.BytesIO(b"something else"))
    long = b'recoup-vault/1\n{"chunk":"1","key":"","subject":"' + b"x" * HEADER_BYTES_MAX + b'"}\n'
    with pytest.raises(Malformed):
        Header.read(io.BytesIO(long))
    for chunk in ("0", str((1 << 26) + 1)):
        line = f'recoup-vault/1\n{{"chunk":"{chunk}","key":"","subject":"s"}}\n'
        with pytest.raises(Malformed, match="another size"):
            Header.read(io.BytesIO(line.encode()))


class Counted(io.BytesIO):
    """Breaks off after `left` bytes, as a removed stick does."""

    left = 10**9

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(min(size or 0, self.left) if size and size > 0 else self.left)
        self.left -= len(data)
        if not self.left:
            raise OSError("the device is gone")
        return data


def test_a_cut_ingest_goes_on_where_it_was(vault: Vault, tmp_path: Path) -> None:
    data = os.urandom(20 * CHUNK + 7)
    source = Counted(data)
    source.left = 13 * CHUNK + 5
    with pytest.raises(OSError, match="gone"):
        vault.ingest(source, "case-1", token="stick 4")
    (part,) = vault.unfinished()
    before = (tmp_path / "incoming" / part).read_bytes()
    item = vault.ingest(io.BytesIO(data), "case-1", token="stick 4")
    after = (tmp_path / item.address.name).read_bytes()
    assert read(vault, item.address) == data
    kept = len(before) // (CHUNK + OVERHEAD) * (CHUNK + OVERHEAD)
    assert after[:kept] == before[:kept]


@pytest.mark.parametrize("change", ["source", "part", "subject", "header"])
def test_a_changed_source_or_part_is_never_mixed(vault: Vault, tmp_path: Path, change: str) -> None:
    data = os.urandom(20 * CHUNK)
    source = Counted(data)
    source.left = 13 * CHUNK
    with pytest.raises(OSError, match="gone"):
        vault.ingest(source, "case-1", token="t")
    path = tmp_path / "incoming" / vault.unfinished()[0]
    if change == "source":
        data = data[: 4 * CHUNK] + os.urandom(16 * CHUNK)
    elif change != "subject":
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2 if change == "part" else 3] ^= 1
        path.write_bytes(raw)
    subject = "case-2" if change == "subject" else "case-1"
    item = vault.ingest(io.BytesIO(data), subject, token="t")
    assert read(vault, item.address) == data
    assert vault.unfinished() == []


def test_sweep_removes_what_was_cut(vault: Vault) -> None:
    source = Counted(b"x" * 1_000)
    source.left = 100
    with pytest.raises(OSError, match="gone"):
        vault.ingest(source, "case-1")
    assert vault.sweep() == 1
    assert vault.unfinished() == [] and vault.sweep() == 0


def test_two_writers_of_one_ingest_do_not_mix(vault: Vault) -> None:
    source = Counted(b"x" * 1_000)
    source.left = 700
    with pytest.raises(OSError, match="gone"):
        vault.ingest(source, "case-1", token="t")
    name = f"incoming/{vault.unfinished()[0]}"
    other = vault.disk.reopen(name, 10**3)
    with pytest.raises(BlockingIOError):
        vault.ingest(io.BytesIO(b"x" * 1_000), "case-1", token="t")
    other.close()


def test_unnamed_pipes_are_read_forward(vault: Vault) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as sink:
        sink.write(b"y" * 300)
        sink.close()
        assert vault.ingest(source, "case-1").content == content_of(b"y" * 300)


def test_a_reader_needs_the_right_key(vault: Vault, tmp_path: Path) -> None:
    item = vault.ingest(io.BytesIO(b"x"), "case-1")
    with (tmp_path / item.address.name).open("rb") as stream, pytest.raises(Unopened):
        SealedReader(stream, keys())


INGEST = """
import sys
from pathlib import Path
from recoup.evidence.disk import LocalDisk
from recoup.evidence.keys import AgencyKey, SubjectKeys
from recoup.evidence.keystore import KeyFile
from recoup.evidence.vault import Vault
root = Path(sys.argv[1])
keys = SubjectKeys(AgencyKey(b"k" * 32), KeyFile(root / "keys.sqlite3"))
keys.ensure("case-1")
vault = Vault(LocalDisk(root / "vault"), keys, chunk_bytes=4096, sync_bytes=16384)
print("ready", flush=True)
with open(sys.argv[2], "rb") as source:
    print(vault.ingest(source, "case-1", token="big").address.sha256, flush=True)
"""


def test_killed_ingests_resume_to_the_same_item(tmp_path: Path) -> None:
    source = tmp_path / "big.bin"
    source.write_bytes(os.urandom(6_000_000))
    sizes, printed = [], ""
    for round_number in range(40):
        command = [sys.executable, "-c", INGEST, str(tmp_path), str(source)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            if round_number < 5:
                time.sleep(0.03)
                run.send_signal(signal.SIGKILL)
            printed = run.stdout.read()
        parts = list((tmp_path / "vault" / "incoming").iterdir())
        sizes.append(parts[0].stat().st_size if parts else 0)
        if printed:
            break
    assert printed.strip() == hashlib.sha256(source.read_bytes()).hexdigest()
    assert any(sizes[:-1])
    assert not list((tmp_path / "vault" / "incoming").iterdir())
