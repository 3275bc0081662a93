"""Archives, unpacked into nothing: every byte that comes out is counted, and the first above a limit ends it."""

from __future__ import annotations

import bz2
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

from recoup.evidence.intake.finding import Report, Why
from recoup.evidence.intake.polyglot import zip_end
from recoup.evidence.intake.sniff import FileType

PIECE_BYTES = 1 << 16
LOCAL_HEADER_BYTES = 30


class Stop(Exception):
    """A limit of the whole file is reached: nothing more of it is unpacked."""


Inner = Callable[[bytes, str, int], None]


def check_name(name: str, where: str, report: Report) -> None:
    """Names that would leave the folder they are unpacked into (zip slip)."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    parts = {*posix.parts, *windows.parts}
    if posix.is_absolute() or windows.drive or windows.root or ".." in parts or "\0" in name:
        report.add(Why.PATH_ESCAPES, where, "the name leads out of the archive's folder")
    if len(name) > report.limits.name_characters * 16:
        report.add(Why.NAME_DECEIVES, where, "the name is longer than any file system keeps")


def count(pieces: Iterator[bytes], packed: int, where: str, report: Report, keep: bool = True) -> bytes | None:
    """Drain what an entry unpacks to; its content where it is small enough to look into, else None.

    Stop at the limit of the whole file; the ratio is judged on what really came out.
    """
    size, kept = 0, bytearray()
    for piece in pieces:
        size += len(piece)
        report.unpacked += len(piece)
        if report.unpacked > report.limits.unpacked_bytes:
            report.add(Why.UNPACKS_TOO_LARGE, where, f"unpacks to more than {report.limits.unpacked_bytes} bytes")
            raise Stop
        if size > report.limits.ratio_from_bytes and size > report.limits.ratio * max(packed, 1):
            report.add(Why.RATIO, where, f"unpacks to more than {report.limits.ratio} times its size")
            raise Stop
        if keep and size <= report.limits.nested_bytes:
            kept += piece
    return bytes(kept) if size <= report.limits.nested_bytes else None


def inflate(source: Iterator[bytes], method: int) -> Iterator[bytes]:
    """Unpacked pieces of at most PIECE_BYTES: 0 stored, 8 deflate, 12 bzip2 (zip's numbers), 31 gzip, 95 xz.

    EOFError where the stream is cut; zlib.error, OSError or LZMAError where it is damaged.
    """
    if method == 0:
        return source
    if method in (8, 31):
        return _inflated(source, -15 if method == 8 else 31)
    return _decompressed(source, bz2.BZ2Decompressor if method == 12 else lzma.LZMADecompressor)


def _inflated(source: Iterator[bytes], window_bits: int) -> Iterator[bytes]:
    machine = None
    for waiting in source:
        while waiting:
            if machine is None:
                machine = zlib.decompressobj(window_bits)
            yield machine.decompress(waiting, PIECE_BYTES)
            waiting = machine.unconsumed_tail
            if machine.eof:
                if window_bits < 0:
                    return
                waiting, machine = machine.unused_data.lstrip(b"\0"), None
    if machine is not None:
        yield machine.flush()
        if not machine.eof:
            raise EOFError("the compressed stream is cut")


def _decompressed(
    source: Iterator[bytes], make: type[bz2.BZ2Decompressor] | type[lzma.LZMADecompressor]
) -> Iterator[bytes]:
    machine = None
    for waiting in source:
        while waiting or (machine is not None and not machine.needs_input):
            if machine is None:
                machine = make()
            yield machine.decompress(waiting, PIECE_BYTES)
            waiting = b""
            if machine.eof:
                waiting, machine = machine.unused_data.lstrip(b"\0"), None
    if machine is not None:
        raise EOFError("the compressed stream is cut")


def read_pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of a stream, fewer where it ends."""
    while size > 0 and (piece := stream.read(min(PIECE_BYTES, size))):
        size -= len(piece)
        yield piece


def walk_zip(stream: BinaryIO, where: str, depth: int, report: Report, inner: Inner) -> None:
    """Every entry of a zip archive: name, kind, overlap, real size against the stated one."""
    stream.seek(0)
    try:
        directory = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, UnicodeError) as error:
        report.add(Why.DAMAGED, where, f"not a readable zip archive: {error}")
        return
    _check_overlap(directory, where, report)
    for entry in directory:
        place = f"{where}/{entry.filename}" if where else entry.filename
        count_entry(place, report)
        check_name(entry.orig_filename, place, report)
        if stat.S_ISLNK(entry.external_attr >> 16):
            report.add(Why.LINK, place, "a symbolic link")
        if entry.flag_bits & 1:
            report.add(Why.PASSWORD, place, "encrypted; not looked into")
        elif not entry.filename:  # also one that begins with a NUL, behind which readers cut it
            report.add(Why.NAME_DECEIVES, place, "an entry without a name")
        elif not entry.is_dir():
            _walk_entry(stream, entry, place, depth, report, inner)


def count_entry(place: str, report: Report) -> None:
    """Count an entry of any archive; Stop above the limit."""
    report.entries += 1
    if report.entries > report.limits.entries:
        report.add(Why.TOO_MANY_ENTRIES, place, f"more than {report.limits.entries} entries")
        raise Stop


def _walk_entry(stream: BinaryIO, entry: zipfile.ZipInfo, place: str, depth: int, report: Report, inner: Inner) -> None:
    stream.seek(max(entry.header_offset, 0))
    header = stream.read(LOCAL_HEADER_BYTES) if entry.header_offset >= 0 else b""
    if header[:4] != b"PK\x03\x04" or entry.compress_type not in (0, 8, 12):
        why = Why.DAMAGED if header[:4] != b"PK\x03\x04" else Why.UNINSPECTED
        report.add(why, place, f"no entry stands where the directory says, or method {entry.compress_type}")
        return
    if stream.read(int.from_bytes(header[26:28], "little")) != _name_bytes(entry):
        report.add(Why.NAME_DECEIVES, place, "another name at the entry than in the directory")
    stream.seek(int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
    before = report.unpacked
    try:
        pieces = inflate(read_pieces(stream, entry.compress_size), entry.compress_type)
        content = count(pieces, entry.compress_size, place, report)
    except (zlib.error, OSError, EOFError, ValueError) as error:
        report.add(Why.DAMAGED, place, f"does not unpack: {error}")
        return
    if report.unpacked - before != entry.file_size:
        report.add(Why.LYING_SIZE, place, f"unpacks to {report.unpacked - before} bytes, says {entry.file_size}")
    _look_inside(content, place, depth, report, inner)


def _name_bytes(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def _look_inside(content: bytes | None, place: str, depth: int, report: Report, inner: Inner) -> None:
    if content is None:
        report.add(Why.UNINSPECTED, place, f"larger than the {report.limits.nested_bytes} bytes that are looked into")
    else:
        inner(content, place, depth + 1)


def _check_overlap(directory: list[zipfile.ZipInfo], where: str, report: Report) -> None:
    """Entries that share bytes (the better zip bomb, Fifield 2019)."""
    spans = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in directory)
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            report.add(Why.OVERLAP, where, "two entries are made of the same bytes")
            return


def walk_tar(stream: BinaryIO, where: str, depth: int, report: Report, inner: Inner) -> None:
    """Every member of a tar archive, read forward."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                place = f"{where}/{member.name}" if where else member.name
                count_entry(place, report)
                check_name(member.name, place, report)
                if not (member.isfile() or member.isdir()):
                    report.add(Why.LINK, place, "a link or a device")
                source = archive.extractfile(member) if member.isfile() else None
                if source is not None:
                    pieces = iter(lambda source=source: source.read(PIECE_BYTES), b"")  # type: ignore[misc]
                    content = count(pieces, member.size, place, report)
                    _look_inside(content, place, depth, report, inner)
    except (tarfile.TarError, OSError, EOFError, ValueError, RecursionError) as error:
        report.add(Why.DAMAGED, where, f"not a readable tar archive: {error}")


def walk_stream(
    kind: FileType, stream: BinaryIO, size: int, where: str, depth: int, report: Report, inner: Inner
) -> None:
    """A single compressed stream: gzip, bzip2 or xz."""
    method = {FileType.GZIP: 31, FileType.BZIP2: 12, FileType.XZ: 95}[kind]
    stream.seek(0)
    try:
        content = count(inflate(read_pieces(stream, size), method), size, where, report)
    except (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError) as error:
        report.add(Why.DAMAGED, where, f"does not unpack: {error}")
        return
    _look_inside(content, f"{where}/content" if where else "content", depth, report, inner)


__all__ = ["Stop", "check_name", "walk_stream", "walk_tar", "walk_zip", "zip_end"]
