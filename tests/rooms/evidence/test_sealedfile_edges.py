"""Sealed files and the vault: header, chunk, trailer, name and shelf, each wrong in its own way."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.rooms.evidence.build import MemoryKeys

from recoup.evidence.audit import Code
from recoup.evidence.audit.items import check_items
from recoup.evidence.disk import LocalDisk, copy_chunks, write_durably
from recoup.evidence.encoding import Malformed, base64_text
from recoup.evidence.keys import AgencyKey, Shredded, SubjectKeys, Unopened
from recoup.evidence.sealedfile import (
    CHUNK_BYTES_MAX,
    CHUNKS_MAX,
    HEADER_BYTES_MAX,
    MAGIC,
    OVERHEAD,
    TRAILER_BYTES,
    Content,
    Digests,
    Header,
    SealedReader,
    SealedWriter,
)
from recoup.evidence.vault import Address, Shelf, Vault
from recoup.ground import canonical_json

CHUNK = 32
DATA = bytes(range(100))


def keys() -> SubjectKeys:
    held = SubjectKeys(AgencyKey(b"k" * 32), MemoryKeys())
    for subject in ("case-1", "case-2"):
        held.ensure(subject)
    return held


class Memory:
    """A Writer into memory."""

    def __init__(self) -> None:
        self.data = b""
        self.synced = 0

    def write(self, data: bytes) -> None:
        self.data += data

    def sync(self) -> None:
        self.synced = len(self.data)

    def close(self) -> None:
        return


def sealed(data: bytes, held: SubjectKeys, subject: str = "case-1", chunk: int = CHUNK) -> tuple[bytes, int]:
    """A finished sealed file and the length of its header."""
    header, key = Header.new(subject, chunk, held)
    out = Memory()
    out.write(header.data)
    writer, digests = SealedWriter(out, header, key), Digests()
    for piece in copy_chunks(io.BytesIO(data), chunk):
        digests.update(piece)
        writer.chunk(piece)
    writer.finish(digests.content())
    assert out.synced == len(out.data)
    return out.data, len(header.data)


def read(data: bytes, held: SubjectKeys) -> bytes:
    return b"".join(SealedReader(io.BytesIO(data), held).pieces())


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 100])
def test_cut_at_every_length_a_file_is_refused(size: int) -> None:
    held = keys()
    whole, _ = sealed(DATA[:size], held)
    assert read(whole, held) == DATA[:size]
    for length in range(len(whole)):
        with pytest.raises((Malformed, Unopened)):
            read(whole[:length], held)


def test_a_bit_flipped_at_every_offset_is_refused() -> None:
    held = keys()
    whole, _ = sealed(DATA, held)
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        with pytest.raises((Malformed, Unopened, Shredded)):
            read(bytes(changed), held)


def rearranged(whole: bytes, header: int) -> dict[str, bytes]:
    record = CHUNK + OVERHEAD
    chunks = [whole[at : at + record] for at in range(header, header + 3 * record, record)]
    head, short, trailer = whole[:header], whole[header + 3 * record : -TRAILER_BYTES], whole[-TRAILER_BYTES:]
    return {
        "two chunks exchanged": head + chunks[1] + chunks[0] + chunks[2] + short + trailer,
        "a chunk doubled": head + chunks[0] + b"".join(chunks) + short + trailer,
        "a chunk dropped": head + chunks[1] + chunks[2] + short + trailer,
        "the short chunk dropped": head + b"".join(chunks) + trailer,
        "the trailer as a chunk": head + b"".join(chunks) + short + trailer + trailer,
        "the trailer first": head + trailer + b"".join(chunks) + short + trailer,
        "no chunk at all": head + trailer,
        "a byte behind": whole + b"\0",
        "a byte before the trailer": whole[:-TRAILER_BYTES] + b"\0" + trailer,
        "a header twice": head + whole,
    }


@pytest.mark.parametrize("kind", list(rearranged(b"", 0)))
def test_parts_in_another_order_are_refused(kind: str) -> None:
    held = keys()
    changed = rearranged(*sealed(DATA, held))[kind]
    with pytest.raises((Malformed, Unopened)):
        read(changed, held)


def test_chunks_and_trailers_of_another_file_of_the_same_content_do_not_fit() -> None:
    held = keys()
    (one, header), (two, other) = sealed(DATA, held), sealed(DATA, held)
    record = CHUNK + OVERHEAD
    with pytest.raises(Unopened):
        read(one[:header] + two[other : other + record] + one[header + record :], held)
    with pytest.raises(Unopened):
        read(one[:-TRAILER_BYTES] + two[-TRAILER_BYTES:], held)


def test_a_header_rewritten_for_another_subject_does_not_open() -> None:
    held = keys()
    whole, _ = sealed(DATA, held)
    with pytest.raises(Unopened):
        read(whole.replace(b"case-1", b"case-2", 1), held)
    with pytest.raises(Shredded):
        read(whole.replace(b"case-1", b"case-3", 1), held)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"7\n",
        b"null\n",
        b"\xff\n",
        b"[" * 4_000 + b"\n",
        b'{"chunk":64,"key":"eA==","subject":"s"}\n',
        b'{"chunk":"0","key":"eA==","subject":"s"}\n',
        b'{"chunk":"-1","key":"eA==","subject":"s"}\n',
        b'{"chunk":"64","key":"eA","subject":"s"}\n',
        b'{"chunk":"64","key":null,"subject":"s"}\n',
        b'{"chunk":"64","key":"eA=="}\n',
        b'{"chunk":"64","key":"eA==","subject":"s"}',
        b'{"chunk":"%d","key":"eA==","subject":"s"}\n' % (CHUNK_BYTES_MAX + 1),
        b'{"chunk":"64","key":"eA==","subject":"%s"}\n' % (b"s" * HEADER_BYTES_MAX),
    ],
)
def test_headers_that_are_none(line: bytes) -> None:
    with pytest.raises(Malformed):
        Header.read(io.BytesIO(MAGIC + line))


@pytest.mark.parametrize("magic", [b"", MAGIC[:-1], b"recoup-vault/2\n", MAGIC.upper(), b"\n" + MAGIC])
def test_files_of_another_version(magic: bytes) -> None:
    held = keys()
    whole, _ = sealed(DATA, held)
    with pytest.raises(Malformed, match="version"):
        Header.read(io.BytesIO(magic + whole[len(MAGIC) :]))


def test_the_largest_chunk_of_a_header() -> None:
    fields = {"chunk": str(CHUNK_BYTES_MAX), "key": base64_text(b"x"), "subject": "s"}
    assert Header.read(io.BytesIO(MAGIC + canonical_json(fields) + b"\n")).chunk_bytes == CHUNK_BYTES_MAX


@pytest.mark.parametrize("size", [-1, 0, CHUNK_BYTES_MAX + 1])
def test_nothing_is_sealed_in_chunks_that_no_reader_takes(tmp_path: Path, size: int) -> None:
    """With chunks of no bytes a file would be sealed empty; with too large ones it would never open again."""
    vault = Vault(LocalDisk(tmp_path), keys(), chunk_bytes=size)
    with pytest.raises(ValueError, match="chunk"):
        vault.ingest(io.BytesIO(DATA), "case-1")
    assert list(vault.addresses()) == [] and vault.unfinished() == []


def test_the_number_of_chunks_has_a_limit() -> None:
    header, key = Header.new("case-1", CHUNK, keys())
    writer = SealedWriter(Memory(), header, key, CHUNKS_MAX - 1)
    writer.chunk(b"x" * CHUNK)
    with pytest.raises(OverflowError, match=str(CHUNKS_MAX)):
        writer.chunk(b"x")


@pytest.mark.parametrize("number", [-1, 4, 5, 1_000])
def test_there_is_no_chunk_outside(number: int) -> None:
    held = keys()
    whole, _ = sealed(DATA, held)
    reader = SealedReader(io.BytesIO(whole), held)
    assert (reader.chunks, reader.chunk(3)) == (4, DATA[96:])
    with pytest.raises(Unopened):
        reader.chunk(number)


def test_a_true_trailer_that_lies_about_the_content() -> None:
    """Whoever holds the key could seal such a file; the reader still compares what comes out."""
    held = keys()
    header, key = Header.new("case-1", CHUNK, held)
    digests = Digests()
    digests.update(b"y" * 10)
    for content in (digests.content(), Content("0" * 64, "0" * 64, 10), Content("0" * 64, "0" * 64, 9)):
        out = Memory()
        out.write(header.data)
        writer = SealedWriter(out, header, key)
        writer.chunk(b"x" * 10)
        writer.finish(content)
        with pytest.raises(Unopened):
            read(out.data, held)


@pytest.mark.parametrize("size", [0, 1, 2**63, 2**64 - 1])
def test_contents_pack_into_72_bytes(size: int) -> None:
    content = Content("ab" * 32, "cd" * 32, size)
    assert len(content.pack()) == 72 and Content.unpack(content.pack()) == content


# --- the vault -------------------------------------------------------------------------------------------------------


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(LocalDisk(tmp_path / "vault"), keys(), chunk_bytes=CHUNK)


@pytest.mark.parametrize("subject", ["", "a b", "Maria Rossi", "a/b", "..", ".", "-a", "a@b", "x" * 101, "é", "a\n"])
def test_a_subject_that_is_no_opaque_id_seals_nothing(vault: Vault, subject: str) -> None:
    with pytest.raises(Malformed):
        vault.ingest(io.BytesIO(DATA), subject)
    assert vault.unfinished() == []


@pytest.mark.parametrize("sha256", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "../" + "0" * 61])
def test_an_address_is_a_hash(sha256: str) -> None:
    assert Address(Shelf.WORKING, "0" * 64, "x" * 100).name.endswith("x" * 100)
    with pytest.raises(Malformed):
        Address(Shelf.WORKING, sha256, "case-1")


def misplaced(vault: Vault, address: Address, name: str) -> Path:
    target = vault.disk.root / name  # type: ignore[attr-defined]
    target.parent.mkdir(parents=True, exist_ok=True)
    source: Path = vault.disk.root / address.name  # type: ignore[attr-defined]
    source.rename(target)
    return Path(target)


def test_an_item_in_the_folder_of_others_is_missing_and_not_a_crash(vault: Vault) -> None:
    address = vault.ingest(io.BytesIO(DATA), "case-1").address
    misplaced(vault, address, f"evidentiary/zz/{address.sha256}/case-1")
    assert list(vault.addresses()) == []
    (found,) = check_items(vault, {address: 7}, ())
    assert (found.code, found.first) == (Code.ITEM_MISSING, 7)


@pytest.mark.parametrize("how", ["other shelf", "other subject", "other hash"])
def test_an_item_under_another_name(vault: Vault, how: str) -> None:
    address = vault.ingest(io.BytesIO(DATA), "case-1").address
    other = {
        "other shelf": Address(Shelf.QUARANTINE, address.sha256, "case-1"),
        "other subject": Address(Shelf.EVIDENTIARY, address.sha256, "case-2"),
        "other hash": Address(Shelf.EVIDENTIARY, "0" * 64, "case-1"),
    }[how]
    misplaced(vault, address, other.name)
    with pytest.raises(FileNotFoundError):
        vault.check(address)
    if how == "other shelf":
        assert vault.check(other).size == len(DATA)
    else:
        with pytest.raises(Unopened, match="another item"):
            vault.check(other)
    codes = [finding.code for finding in check_items(vault, {address: 3}, ())]
    assert codes == [Code.ITEM_MISSING, Code.ITEM_UNKNOWN]


def test_stray_files_in_the_vault_are_no_items(vault: Vault) -> None:
    root: Path = vault.disk.root  # type: ignore[attr-defined]
    for name in ("evidentiary/readme", "evidentiary/00/x", f"evidentiary/00/{'0' * 64}/not an id", "other/file"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    assert list(vault.addresses()) == []


def test_damage_is_met_when_the_same_content_comes_again(vault: Vault) -> None:
    """The new copy is not thrown away for a damaged old one, and the damaged one is not taken for good."""
    address = vault.ingest(io.BytesIO(DATA), "case-1").address
    path: Path = vault.disk.root / address.name  # type: ignore[attr-defined]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Unopened):
        vault.ingest(io.BytesIO(DATA), "case-1", token="again")
    assert len(vault.unfinished()) == 1
    vault.remove(address)
    assert vault.ingest(io.BytesIO(DATA), "case-1", token="again").address == address
    assert vault.check(address).size == len(DATA)


def test_removing_twice_is_told(vault: Vault) -> None:
    address = vault.ingest(io.BytesIO(DATA), "case-1").address
    vault.remove(address)
    with pytest.raises(FileNotFoundError):
        vault.remove(address)


class Dripping(io.BytesIO):
    """A pipe that gives less than was asked."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size, 7) if size is not None and size >= 0 else 7)


def test_streams_that_give_less_at_once_make_the_same_item(vault: Vault) -> None:
    whole = vault.ingest(io.BytesIO(DATA), "case-1")
    assert vault.ingest(Dripping(DATA), "case-1") == whole
    assert [len(piece) for piece in copy_chunks(Dripping(DATA), CHUNK)] == [32, 32, 32, 4]


@pytest.mark.parametrize("make", [lambda disk: disk.create("a"), lambda disk: disk.reopen("a", 0)])
def test_a_link_is_not_followed(tmp_path: Path, make: Callable[[LocalDisk], object]) -> None:
    disk = LocalDisk(tmp_path / "disk")
    (tmp_path / "elsewhere").write_bytes(b"kept")
    (tmp_path / "disk" / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="a"):
        make(disk)
    assert (tmp_path / "elsewhere").read_bytes() == b"kept"


def test_a_small_file_is_replaced_whole_over_what_was_left(tmp_path: Path) -> None:
    path = tmp_path / "small"
    (tmp_path / ".small.new").write_bytes(b"left by a cut call")
    for data in (b"one", b"", os.urandom(100)):
        write_durably(path, data)
        assert path.read_bytes() == data and path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["small"]
