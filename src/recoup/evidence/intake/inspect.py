"""The whole inspection of one file."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import PurePath
from typing import BinaryIO

from recoup.evidence.intake.archive import Stop, walk_stream, walk_tar, walk_zip
from recoup.evidence.intake.finding import Inspection, Limits, Report, Why
from recoup.evidence.intake.image import pixels
from recoup.evidence.intake.polyglot import check_polyglot, zip_end
from recoup.evidence.intake.sniff import ENCRYPTED, EXECUTABLES, HEAD_BYTES, IMAGES, FileType, sniff

EDGE_BYTES = 32 << 20
# Direction overrides and isolates (Unicode UAX 9): `gpj.exe` shown as `exe.jpg`.
_DECEPTIVE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_EXTENSIONS: dict[FileType, frozenset[str]] = {
    FileType.PDF: frozenset({".pdf"}),
    FileType.ZIP: frozenset(
        {".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".jar", ".apk", ".epub", ".aff4", ".wacz"}
    ),
    FileType.GZIP: frozenset({".gz", ".tgz"}),
    FileType.PNG: frozenset({".png"}),
    FileType.JPEG: frozenset({".jpg", ".jpeg"}),
    FileType.GIF: frozenset({".gif"}),
    FileType.WEBP: frozenset({".webp"}),
    FileType.OLE2: frozenset({".doc", ".xls", ".ppt", ".msg"}),
    FileType.SQLITE: frozenset({".sqlite", ".sqlite3", ".db"}),
    FileType.HTML: frozenset({".html", ".htm", ".svg", ".xhtml"}),
}
_ARCHIVES = frozenset({FileType.ZIP, FileType.TAR, FileType.GZIP, FileType.BZIP2, FileType.XZ})
_CLOSED = frozenset({FileType.SEVEN_ZIP, FileType.RAR, FileType.ZSTD})


def inspect(stream: BinaryIO, name: str, limits: Limits | None = None) -> Inspection:
    """Look at a seekable stream from its start; its position afterwards is anywhere. Never raises for its content."""
    report = Report(limits or Limits())
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    kind = sniff(stream.read(HEAD_BYTES))
    _check_file_name(name, kind, report)
    if size > report.limits.file_bytes:
        report.add(Why.TOO_LARGE, "", f"larger than {report.limits.file_bytes} bytes")
        return report.inspection(kind)
    with suppress(Stop):
        _walk(stream, size, kind, "", 0, report)
    return report.inspection(kind)


def _walk(stream: BinaryIO, size: int, kind: FileType, where: str, depth: int, report: Report) -> None:
    edges = _edges(stream, size)
    check_polyglot(kind, edges, where, report)
    if kind in EXECUTABLES:
        report.add(Why.EXECUTABLE, where, f"{kind}: it is sealed, never opened")
    if kind in ENCRYPTED:
        report.add(Why.PASSWORD, where, f"{kind}: an item of its own, with a key-custody record")
    if kind in _CLOSED:
        report.add(Why.UNINSPECTED, where, f"{kind} archives are not opened here")
    if kind in IMAGES:
        _check_pixels(kind, edges, where, report)
    if kind is FileType.PDF:
        _check_pdf(edges, where, report)
    if kind in _ARCHIVES:
        _walk_archive(stream, size, kind, where, depth, report)


def _walk_archive(stream: BinaryIO, size: int, kind: FileType, where: str, depth: int, report: Report) -> None:
    if depth >= report.limits.depth:
        report.add(Why.TOO_DEEP, where, f"archives inside archives, more than {report.limits.depth} deep")
        return

    def inner(content: bytes, place: str, level: int) -> None:
        if place.endswith("vbaProject.bin"):
            report.add(Why.ACTIVE, place, "macros")
        _walk(io.BytesIO(content), len(content), sniff(content[:HEAD_BYTES]), place, level, report)

    stream.seek(0)
    if kind is FileType.ZIP:
        walk_zip(stream, where, depth, report, inner)
    elif kind is FileType.TAR:
        walk_tar(stream, where, depth, report, inner)
    else:
        walk_stream(kind, stream, size, where, depth, report, inner)


def _edges(stream: BinaryIO, size: int) -> bytes:
    """The whole file up to 64 MiB; of a larger one its first and last 32 MiB."""
    stream.seek(0)
    if size <= 2 * EDGE_BYTES:
        return stream.read(size)
    head = stream.read(EDGE_BYTES)
    stream.seek(size - EDGE_BYTES)
    return head + stream.read(EDGE_BYTES)


def _check_pixels(kind: FileType, data: bytes, where: str, report: Report) -> None:
    count = pixels(kind, data)
    if count is None:
        report.add(Why.DAMAGED, where, f"the {kind} has no readable size")
    elif count > report.limits.pixels:
        report.add(Why.PIXELS, where, f"{count} pixels, more than {report.limits.pixels}")


def _check_pdf(data: bytes, where: str, report: Report) -> None:
    if b"/Encrypt" in data:
        report.add(Why.PASSWORD, where, "an encrypted pdf")
    if any(mark in data for mark in (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile")):
        report.add(Why.ACTIVE, where, "scripts, launch actions or embedded files")


def _check_file_name(name: str, kind: FileType, report: Report) -> None:
    if not name or len(name) > report.limits.name_characters:
        report.add(Why.NAME_DECEIVES, "", f"a name has 1 to {report.limits.name_characters} characters")
    if any(character in _DECEPTIVE or not character.isprintable() or character in "/\\" for character in name):
        report.add(Why.NAME_DECEIVES, "", "the name holds control characters, direction overrides or separators")
    extension = PurePath(name).suffix.lower()
    fitting = {kind for kind, extensions in _EXTENSIONS.items() if extension in extensions}
    if fitting and kind not in fitting:
        report.add(Why.NAME_DIFFERS, "", f"{extension} by name, {kind} by content")


__all__ = ["inspect", "zip_end"]
