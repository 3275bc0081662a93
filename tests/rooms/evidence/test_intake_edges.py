"""Intake at its edges: depth that recurses, directories that lie, streams cut at every byte, names that deceive."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.rooms.evidence.test_intake import PDF, gif, jpeg, look, member, png, tarred, tiff, webp, why, zipped

from recoup.evidence.intake import FileType, Limits, Why, sniff
from recoup.evidence.intake.image import pixels
from recoup.evidence.intake.polyglot import PDF_HEAD_BYTES, TAIL_BYTES, zip_end
from recoup.evidence.intake.sniff import HEAD_BYTES

TINY = Limits(entries=3, depth=1, nested_bytes=1_000, unpacked_bytes=2_000, name_characters=10)


def chained(kind: bytes, count: int) -> bytes:
    """A tar archive of nothing but headers that announce another header."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = kind, 5
    block = info.tobuf(tarfile.GNU_FORMAT) + b"a b=\n".ljust(512, b"\0")
    return block * count + b"\0" * 1_024


@pytest.mark.parametrize("kind", [b"L", b"K", b"x", b"g", b"X"])
def test_headers_that_announce_headers_without_end(kind: bytes) -> None:
    assert Why.DAMAGED in why(chained(kind, 3_000), "a.tar")
    assert Why.DAMAGED in why(zipped({"a.tar": chained(kind, 3_000)}, zipfile.ZIP_STORED), "a.zip")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.BLKTYPE, tarfile.CONTTYPE, b"Z"])
def test_members_of_odd_kinds_never_raise(kind: bytes) -> None:
    info = member("x", 0)
    info.type, info.linkname = kind, "../../etc/passwd"
    found = why(tarred(lambda tar: tar.addfile(info)), "a.tar")
    assert (Why.LINK in found) is (kind != tarfile.CONTTYPE)


def test_a_tar_cut_anywhere_never_raises_and_is_noticed_inside_a_member() -> None:
    whole = tarred(lambda tar: tar.addfile(member("a.txt", 3_000), io.BytesIO(b"x" * 3_000)))
    for size in range(263, 512 + 3_000, 97):
        assert Why.DAMAGED in why(whole[:size], "a.tar"), size
    assert why(whole, "a.tar") == set()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_cut_at_every_byte_are_damaged(pack: Callable[[bytes], bytes]) -> None:
    whole = pack(random.Random(5).randbytes(300))
    for size in range(6, len(whole)):
        assert why(whole[:size]) == {Why.DAMAGED}, size
    assert why(whole) == set()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_flipped_bit_in_a_stream_never_raises(pack: Callable[[bytes], bytes]) -> None:
    whole = pack(random.Random(6).randbytes(300))
    damaged = 0
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 4
        damaged += Why.DAMAGED in why(bytes(changed))
    assert damaged > len(whole) * 3 // 4


def patched(data: bytes, marker: bytes, offset: int, value: bytes) -> bytes:
    at = data.rindex(marker) + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (42, b"\xff\xff\xff\x7f"),
        (42, b"\xff\xff\xff\xff"),
        (24, b"\xff\xff\xff\xff"),
        (28, b"\0\0"),
        (28, b"\x04\0"),
        (10, b"\x63\x00"),
        (10, b"\x0e\x00"),
        (0, b"PK\x01\x03"),
    ],
)
def test_a_directory_that_lies_is_refused(offset: int, value: bytes) -> None:
    data = zipped({"a.txt": b"x" * 300})
    assert why(data) == set()
    assert why(patched(data, b"PK\x01\x02", offset, value), "a.zip")


def test_every_byte_of_the_directory_in_turn_never_raises() -> None:
    data = zipped({"a.txt": b"x" * 300, "b/c.txt": b"y"})
    start = data.index(b"PK\x01\x02")
    for at in range(start, len(data)):
        for value in (0, 0x7F, 0xFF):
            look(data[:at] + bytes([value]) + data[at + 1 :], "a.zip")


def test_extra_fields_of_zip64_that_are_cut_never_raise() -> None:
    for extra in (b"\x01\x00", b"\x01\x00\x08\x00", b"\x01\x00\xff\xff" + b"x" * 8, b"\x75\x70\x03\x00abc"):
        info = zipfile.ZipInfo("a.txt")
        info.extra = extra
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(info, b"x")
        for value in (b"\xff\xff\xff\xff", b"\0\0\0\0"):
            look(patched(out.getvalue(), b"PK\x01\x02", 24, value), "a.zip")
            look(patched(out.getvalue(), b"PK\x01\x02", 42, value), "a.zip")


@pytest.mark.parametrize(("count", "stopped"), [(3, False), (4, True)])
def test_entries_are_counted_over_all_archives_in_a_file(count: int, stopped: bool) -> None:
    """Folders count, and what lies in an inner archive too."""
    data = zipped({f"{number}/": b"" for number in range(count)})
    assert (Why.TOO_MANY_ENTRIES in why(data, limits=TINY)) is stopped
    inner = zipped({"one.zip": zipped({f"{number}": b"x" for number in range(count - 1)})})
    deep = replace(TINY, depth=2)
    assert (Why.TOO_MANY_ENTRIES in why(inner, limits=deep)) is stopped


@pytest.mark.parametrize(("size", "refused"), [(1_000, set()), (1_001, {Why.UNINSPECTED})])
def test_what_is_looked_into_has_a_size(size: int, refused: set[Why]) -> None:
    noise = random.Random(7).randbytes(size)
    assert why(gzip.compress(noise), limits=TINY) == refused
    assert why(zipped({"a": noise}), limits=TINY) == refused
    assert why(tarred(lambda tar: tar.addfile(member("a", size), io.BytesIO(noise))), limits=TINY) == refused


@pytest.mark.parametrize(("size", "refused"), [(2_000, False), (2_001, True)])
def test_what_unpacks_has_a_size(size: int, refused: bool) -> None:
    noise = random.Random(8).randbytes(size)
    assert (Why.UNPACKS_TOO_LARGE in why(gzip.compress(noise), limits=TINY)) is refused


@pytest.mark.parametrize(("size", "refused"), [(100, set()), (101, {Why.TOO_LARGE})])
def test_a_file_has_a_size(size: int, refused: set[Why]) -> None:
    assert why(b"x" * size, limits=Limits(file_bytes=100)) == refused


@pytest.mark.parametrize(("ratio", "refused"), [(0, True), (10_000, False)])
def test_the_ratio_is_judged_on_what_came_out(ratio: int, refused: bool) -> None:
    data = gzip.compress(b"\0" * 5_000)
    limits = Limits(ratio=ratio, ratio_from_bytes=4_999)
    assert (Why.RATIO in why(data, limits=limits)) is refused
    assert why(data, limits=replace(limits, ratio_from_bytes=5_000)) == set()


@pytest.mark.parametrize(("length", "refused"), [(0, True), (1, False), (10, False), (11, True)])
def test_a_name_has_a_length(length: int, refused: bool) -> None:
    assert (Why.NAME_DECEIVES in why(b"x", "n" * length, TINY)) is refused


@pytest.mark.parametrize(("length", "refused"), [(160, False), (161, True)])
def test_names_in_an_archive_have_one_too(length: int, refused: bool) -> None:
    assert (Why.NAME_DECEIVES in why(zipped({"n" * length: b"x"}), limits=TINY)) is refused


@pytest.mark.parametrize("code", [0x202A, 0x202E, 0x2066, 0x2069, 0x200E, 0x200F, 0x061C, 0x00, 0x1F, 0x7F, 0x2F, 0x5C])
def test_letters_that_deceive(code: int) -> None:
    assert why(b"x", f"a{chr(code)}b.txt") == {Why.NAME_DECEIVES}


@pytest.mark.parametrize("name", ["..\\..\\x", "C:x", "\\x", "a/../../b", "/"])
def test_names_that_leave_the_folder_on_either_system(name: str) -> None:
    assert Why.PATH_ESCAPES in why(zipped({name: b"x"}))


# --- two types at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "found"), [(0, True), (65_535, True), (65_536, False)])
def test_a_zip_is_found_behind_the_longest_comment(gap: int, found: bool) -> None:
    data = zipped({}) + b"c" * gap
    assert (zip_end(data) is not None) is found
    assert TAIL_BYTES == 22 + 65_535


@pytest.mark.parametrize(("at", "refused"), [(1, True), (PDF_HEAD_BYTES - 5, True), (PDF_HEAD_BYTES - 4, False)])
def test_a_pdf_is_found_as_far_in_as_readers_look(at: int, refused: bool) -> None:
    assert (Why.POLYGLOT in why(b"x" * at + PDF)) is refused


@pytest.mark.parametrize("tail", [b"\0", b"\r\n", b" " * 16, b"\0\0\r\n "])
def test_padding_behind_an_image_is_nothing(tail: bytes) -> None:
    for image in (png(), gif(), jpeg()):
        assert why(image + tail) == set()


@pytest.mark.parametrize("tail", [b"x", b"\0\0x\0", b"MZ" + b"\0" * 50])
def test_anything_else_behind_an_image_is_a_second_file(tail: bytes) -> None:
    for image in (png(), gif(), jpeg()):
        assert Why.POLYGLOT in why(image + tail)


@pytest.mark.parametrize("mark", [b"<html", b"<SCRIPT", b"<?PHP", b"<svg", b"<!DOCTYPE html", b"<iframe"])
def test_markup_inside_an_image(mark: bytes) -> None:
    data = png()
    at = data.rindex(b"IDAT") + 4
    assert Why.POLYGLOT in why(data[:at] + mark + data[at + len(mark) :])


# --- pixels and types ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "refused"), [(200, set()), (201, {Why.PIXELS})])
@pytest.mark.parametrize("make", [png, gif, jpeg, tiff, webp])
def test_pixels_up_to_their_limit(make: Callable[[int, int], bytes], width: int, refused: set[Why]) -> None:
    assert why(make(width, 100), limits=Limits(pixels=20_000)) == refused


@pytest.mark.parametrize("height", [1, -1, 2**31 - 1, -(2**31)])
def test_a_bitmap_may_stand_on_its_head(height: int) -> None:
    data = b"BM" + struct.pack("<IHHIIii", 58, 0, 0, 54, 40, 3, height) + b"\0" * 30
    assert pixels(FileType.BMP, data) == 3 * abs(height)


@pytest.mark.parametrize(
    "kind", [FileType.PNG, FileType.GIF, FileType.BMP, FileType.JPEG, FileType.WEBP, FileType.TIFF]
)
def test_headers_cut_at_every_byte_have_no_size_or_the_right_one(kind: FileType) -> None:
    makers = {FileType.PNG: png, FileType.GIF: gif, FileType.JPEG: jpeg, FileType.WEBP: webp, FileType.TIFF: tiff}
    whole = makers[kind](7, 9) if kind in makers else b"BM" + b"\0" * 24
    sizes = {pixels(kind, whole[:size]) for size in range(len(whole) + 1)}
    assert sizes <= {None, 63 if kind in makers else 0}


@pytest.mark.parametrize("at", [HEAD_BYTES - 1, HEAD_BYTES - 2, HEAD_BYTES - 3])
def test_a_letter_cut_by_the_end_of_the_head_is_still_text(at: int) -> None:
    text = b"x" * at + "€".encode() + b"x" * 10
    assert sniff(text[:HEAD_BYTES]) is FileType.TEXT
    assert sniff(b"x" * 50 + "€".encode()[:2]) is FileType.UNKNOWN


@pytest.mark.parametrize("code", [*range(9), *range(14, 27), 0xFF])
def test_text_holds_no_control_bytes(code: int) -> None:
    assert sniff(b"text " + bytes([code]) + b" text") is FileType.UNKNOWN
