"""Hostile and honest files. Every refusal has a reason; every limit has a test at its edge."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from recoup.evidence.intake import FileType, Inspection, Limits, Why, inspect, sniff

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def look(data: bytes, name: str = "file.bin", limits: Limits | None = None) -> Inspection:
    return inspect(io.BytesIO(data), name, limits)


def why(data: bytes, name: str = "file.bin", limits: Limits | None = None) -> set[Why]:
    return {refusal.why for refusal in look(data, name, limits).refusals}


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(add: Callable[[tarfile.TarFile], None]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        add(archive)
    return out.getvalue()


def member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


def png(width: int = 2, height: int = 2, tail: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"") + tail


def gif(width: int = 1, height: int = 1) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00\x3b"


def jpeg(width: int = 1, height: int = 1) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\xd9"


def bmp(width: int = 1, height: int = 1) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIIIII", 58, 0, 0, 54, 40, width, height, 1, 24, 0, 4, 0, 0, 0, 0) + b"\0" * 4


def tiff(width: int = 1, height: int = 1) -> bytes:
    tags = struct.pack("<HHHIIHHII", 2, 256, 4, 1, width, 257, 4, 1, height)
    return b"II*\0" + struct.pack("<I", 8) + tags + b"\0\0\0\0"


def webp(width: int = 1, height: int = 1) -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (width - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBP" + body + (height - 1).to_bytes(3, "little")


HONEST: dict[str, tuple[bytes, FileType]] = {
    "report.pdf": (PDF, FileType.PDF),
    "photo.png": (png(), FileType.PNG),
    "photo.gif": (gif(), FileType.GIF),
    "photo.jpg": (jpeg(), FileType.JPEG),
    "photo.bmp": (bmp(), FileType.BMP),
    "photo.tiff": (tiff(), FileType.TIFF),
    "photo.webp": (webp(), FileType.WEBP),
    "export.zip": (zipped({"a/b.csv": b"x,y\n" * 50, "c.txt": b"hello"}), FileType.ZIP),
    "stored.zip": (zipped({"a.csv": b"x,y\n"}, zipfile.ZIP_STORED), FileType.ZIP),
    "bzip.zip": (zipped({"a.csv": b"x,y\n"}, zipfile.ZIP_BZIP2), FileType.ZIP),
    "empty.zip": (zipped({}), FileType.ZIP),
    "in-zip.zip": (zipped({"inner.zip": zipped({"a.png": png()})}), FileType.ZIP),
    "log.gz": (gzip.compress(b"line\n" * 100), FileType.GZIP),
    "two-members.gz": (gzip.compress(b"a") + gzip.compress(b"b"), FileType.GZIP),
    "log.bz2": (bz2.compress(b"line\n" * 100), FileType.BZIP2),
    "log.xz": (lzma.compress(b"line\n" * 100), FileType.XZ),
    "data.tar": (tarred(lambda tar: tar.addfile(member("a.txt", 5_000), io.BytesIO(b"x" * 5_000))), FileType.TAR),
    "ledger.csv": (b"entry,time\na,b\n", FileType.TEXT),
    "data.json": (b'{"a": 1}', FileType.JSON),
    "page.html": (b"<!DOCTYPE html><p>x", FileType.HTML),
    "message.xml": (b'<?xml version="1.0"?><a/>', FileType.XML),
    "nothing": (b"", FileType.EMPTY),
    "cyrillic.txt": ("платёж".encode() * 900, FileType.TEXT),
    "noise.bin": (random.Random(1).randbytes(5_000), FileType.UNKNOWN),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_files_are_accepted(name: str) -> None:
    data, kind = HONEST[name]
    found = look(data, name)
    assert (found.type, found.refusals, found.remarks) == (kind, (), ())
    assert found.accepted


def test_sniffing_needs_the_first_bytes_only() -> None:
    for data, kind in HONEST.values():
        assert sniff(data[:4_096]) is kind


# --- archives --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/passwd", "C:\\x", "..\\x", "a\\..\\..\\x", "\\\\host\\x", "//host/x"],
)
def test_zip_slip(name: str) -> None:
    assert why(zipped({name: b"x"})) == {Why.PATH_ESCAPES}
    info = tarfile.TarInfo(name)
    assert why(tarred(lambda tar: tar.addfile(info))) == {Why.PATH_ESCAPES}


def test_names_with_dots_inside_are_fine() -> None:
    assert look(zipped({"a..b/c...txt": b"x", ".hidden": b"y"})).accepted


def test_links_and_devices() -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert why(out.getvalue()) == {Why.LINK}
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        info = tarfile.TarInfo("x")
        info.type, info.linkname = kind, "y"
        assert why(tarred(lambda tar, info=info: tar.addfile(info))) == {Why.LINK}  # type: ignore[misc]


SMALL = Limits(unpacked_bytes=100_000, ratio=50, ratio_from_bytes=10_000, entries=10, depth=2, nested_bytes=50_000)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: zipped({"a": data})])
def test_bombs_end_at_the_limit(pack: Callable[[bytes], bytes]) -> None:
    roomy = replace(SMALL, unpacked_bytes=10_000_000)
    assert why(pack(b"\0" * 10_000), limits=roomy) == set()
    assert why(pack(b"\0" * 5_000_000), limits=roomy) == {Why.RATIO}
    noise = random.Random(2).randbytes(100_001)
    assert Why.UNPACKS_TOO_LARGE in why(pack(noise), limits=SMALL)
    assert Why.UNPACKS_TOO_LARGE not in why(pack(noise[:-1]), limits=SMALL)


def test_a_bomb_costs_no_memory() -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    tracemalloc.start()
    assert why(bomb, limits=Limits(nested_bytes=1 << 20)) == {Why.RATIO}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_many_small_entries_add_up() -> None:
    noise = random.Random(3)
    entries = {f"{number}": noise.randbytes(20_000) for number in range(6)}
    assert Why.UNPACKS_TOO_LARGE in why(zipped(entries), limits=SMALL)


def test_number_of_entries() -> None:
    assert why(zipped({f"{number}": b"x" for number in range(10)}), limits=SMALL) == set()
    assert why(zipped({f"{number}": b"x" for number in range(11)}), limits=SMALL) == {Why.TOO_MANY_ENTRIES}


def test_depth_counts_every_archive() -> None:
    one = zipped({"a": b"x"})
    two = zipped({"one.zip": one})
    assert why(two, limits=SMALL) == set()
    assert why(zipped({"two.zip": two}), limits=SMALL) == {Why.TOO_DEEP}
    assert why(gzip.compress(gzip.compress(gzip.compress(b"x"))), limits=SMALL) == {Why.TOO_DEEP}


def test_a_recursive_archive_ends() -> None:
    data = b"x"
    for _ in range(50):
        data = zipped({"again.zip": data}, zipfile.ZIP_STORED)
    assert why(data) == {Why.TOO_DEEP}


def test_what_is_too_large_to_look_into_says_so() -> None:
    noise = random.Random(4).randbytes(50_001)
    assert why(zipped({"a": noise}), limits=SMALL) == {Why.UNINSPECTED}
    assert why(zipped({"a": noise[:-1]}), limits=SMALL) == set()


def test_headers_that_lie_about_the_size() -> None:
    honest = zipped({"a": b"x" * 5_000})
    directory = honest.rindex(b"PK\x01\x02")
    lying = bytearray(honest)
    struct.pack_into("<I", lying, directory + 24, 10)
    assert why(bytes(lying)) == {Why.LYING_SIZE}


def test_a_bomb_behind_a_lying_header_ends_on_the_real_stream() -> None:
    bomb = bytearray(zipped({"a": b"\0" * 5_000_000}))
    struct.pack_into("<I", bomb, bomb.rindex(b"PK\x01\x02") + 24, 10)
    assert why(bytes(bomb), limits=SMALL) == {Why.UNPACKS_TOO_LARGE}
    assert why(bytes(bomb), limits=replace(SMALL, unpacked_bytes=10_000_000)) == {Why.RATIO}


def test_another_name_at_the_entry_than_in_the_directory() -> None:
    data = zipped({"good.txt": b"x"})
    assert why(data.replace(b"good.txt", b"evil.exe", 1)) == {Why.NAME_DECEIVES}


def test_overlapping_entries() -> None:
    data = bytearray(zipped({"a": b"x" * 100, "b": b"y" * 100}, zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 5)
    assert Why.OVERLAP in why(bytes(data))


def test_encrypted_archives_are_items_of_their_own() -> None:
    data = bytearray(zipped({"a": b"secret"}))
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    found = look(bytes(data))
    assert found.accepted and found.password_protected
    for head in (b"LUKS\xba\xbe", b"age-encryption.org/v1\n", b"-----BEGIN PGP MESSAGE-----\n"):
        assert look(head + b"x" * 50).password_protected
    assert look(PDF.replace(b"<<>>", b"<</Encrypt 2 0 R>>")).password_protected
    assert not look(PDF).password_protected


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", b"\x28\xb5\x2f\xfd"])
def test_archives_that_are_not_opened_here(magic: bytes) -> None:
    assert why(magic + b"x" * 100) == {Why.UNINSPECTED}


@pytest.mark.parametrize("kind", ["export.zip", "log.gz", "log.bz2", "log.xz", "data.tar", "bzip.zip"])
def test_cut_archives_are_damaged(kind: str) -> None:
    data = HONEST[kind][0]
    for size in (300, 2_000) if kind == "data.tar" else (len(data) // 2, len(data) - 3):
        assert why(data[:size]), size


def test_odd_methods_in_a_zip() -> None:
    data = bytearray(zipped({"a": b"x"}))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 99)
    assert why(bytes(data)) == {Why.UNINSPECTED}


# --- polyglots, images, names -----------------------------------------------------------------------------------------

ZIP = zipped({"payload.txt": b"x"}, zipfile.ZIP_STORED)
POLYGLOTS: dict[str, bytes] = {
    "pdf and zip": PDF + ZIP,
    "png and zip": png() + ZIP,
    "jpeg and zip": jpeg() + ZIP,
    "gif and zip": gif() + ZIP,
    "text and zip": b"hello\n" * 10 + ZIP,
    "pdf and zip with comment": PDF + ZIP[:-2] + b"\x05\x00hello",
    "png and html": png(tail=b"<html><script>alert(1)</script>"),
    "gif and script": gif()[:-1] + b"\x21\xfe\x08<script>\x00\x3b",
    "jpeg with bytes behind": jpeg() + b"\x01\x02\x03",
    "text and pdf": b"\n" * 100 + PDF,
    "zip and pdf": zipped({"%PDF-1.4": b"x"}, zipfile.ZIP_STORED),
    "inside an archive": zipped({"a.pdf": PDF + ZIP}),
}


@pytest.mark.parametrize("kind", POLYGLOTS)
def test_polyglots(kind: str) -> None:
    assert Why.POLYGLOT in why(POLYGLOTS[kind])


def test_a_pdf_with_an_archive_inside_is_no_polyglot() -> None:
    attachment = PDF.replace(b"endobj", b"stream\n" + ZIP + b"\nendstream endobj") + b" " * 70_000
    assert Why.POLYGLOT not in why(attachment)


def test_an_executable_with_a_zip_behind() -> None:
    assert why(b"MZ" + b"\0" * 100 + ZIP) == {Why.EXECUTABLE, Why.POLYGLOT}


@pytest.mark.parametrize("make", [png, gif, jpeg, bmp, tiff, webp])
def test_pixel_floods(make: Callable[[int, int], bytes]) -> None:
    limits = Limits(pixels=6_000_000)
    assert why(make(3_000, 2_000), limits=limits) == set()
    assert why(make(3_001, 2_000), limits=limits) == {Why.PIXELS}
    assert why(zipped({"a": make(60_000, 60_000)})) <= {Why.PIXELS}


def test_a_flood_in_a_later_jpeg_frame() -> None:
    data = jpeg()
    at = data.index(b"\xff\xc0")
    second = b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 65_000, 65_000) + b"\x01\x01\x11\x00"
    assert why(data[:at] + second + data[at:]) == {Why.PIXELS}


@pytest.mark.parametrize("make", [png, gif, jpeg, bmp, tiff, webp])
def test_images_cut_anywhere_never_raise(make: Callable[[], bytes]) -> None:
    data = make()
    for size in range(len(data)):
        look(data[:size])
    assert why(data[:20]) == {Why.DAMAGED}


@pytest.mark.parametrize("head", [b"\x7fELF", b"MZ\x90", b"\xcf\xfa\xed\xfe", b"#!/bin/sh\n"])
def test_executables(head: bytes) -> None:
    assert why(head + b"x" * 100, "invoice.pdf") == {Why.EXECUTABLE}
    assert why(zipped({"invoice.pdf": head})) == {Why.EXECUTABLE}


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "a\x00b", "a\nb", "gpj\u202eexe", "x" * 256])
def test_names_that_deceive(name: str) -> None:
    assert why(b"hello", name) == {Why.NAME_DECEIVES}
    assert look(b"hello", "x" * 255).accepted


def test_remarks_do_not_refuse() -> None:
    found = look(png(), "photo.pdf")
    assert found.accepted and [remark.why for remark in found.remarks] == [Why.NAME_DIFFERS]
    assert str(found.remarks[0]) == "name-differs-from-content: .pdf by name, png by content"
    macros = look(zipped({"word/vbaProject.bin": b"x"}), "letter.docx")
    assert [remark.why for remark in macros.remarks] == [Why.ACTIVE]
    scripts = look(PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript>>>>"), "a.pdf")
    assert [remark.why for remark in scripts.remarks] == [Why.ACTIVE]


def test_size_of_the_file() -> None:
    limits = Limits(file_bytes=10)
    assert why(b"x" * 10, limits=limits) == set()
    assert why(b"x" * 11, limits=limits) == {Why.TOO_LARGE}


def test_refusals_name_the_entry() -> None:
    (refusal,) = look(zipped({"a": zipped({"../../x": b"y"})})).refusals
    assert refusal.where == "a/../../x"
    assert str(refusal).startswith("path-escapes ('a/../../x')")


def test_mutations_never_raise() -> None:
    chance = random.Random(5)
    samples = [data for data, _ in HONEST.values() if data] + list(POLYGLOTS.values())
    for _ in range(3_000):
        data = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        look(bytes(data[: chance.randint(1, len(data))]), limits=SMALL)
