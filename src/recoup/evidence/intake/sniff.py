"""Types by content: first bytes as the formats' own specifications fix them."""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 4_096


class FileType(StrEnum):
    """Types that are told apart."""

    PDF = "pdf"
    ZIP = "zip"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    TAR = "tar"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    BMP = "bmp"
    WEBP = "webp"
    TIFF = "tiff"
    ISO_MEDIA = "iso-media"
    WAVE = "wave"
    MP3 = "mp3"
    OLE2 = "ole2"
    SQLITE = "sqlite"
    PARQUET = "parquet"
    E01 = "e01"
    LUKS = "luks"
    AGE = "age"
    PGP = "pgp"
    ELF = "elf"
    PE = "pe"
    MACH_O = "mach-o"
    SCRIPT = "script"
    HTML = "html"
    XML = "xml"
    JSON = "json"
    WARC = "warc"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"


IMAGES = frozenset({FileType.PNG, FileType.JPEG, FileType.GIF, FileType.BMP, FileType.WEBP, FileType.TIFF})
EXECUTABLES = frozenset({FileType.ELF, FileType.PE, FileType.MACH_O, FileType.SCRIPT})
ENCRYPTED = frozenset({FileType.LUKS, FileType.AGE, FileType.PGP})

_AT: tuple[tuple[int, bytes, FileType], ...] = (
    (0, b"%PDF-", FileType.PDF),
    (0, b"PK\x03\x04", FileType.ZIP),
    (0, b"PK\x05\x06", FileType.ZIP),
    (0, b"\x1f\x8b", FileType.GZIP),
    (0, b"BZh", FileType.BZIP2),
    (0, b"\xfd7zXZ\0", FileType.XZ),
    (0, b"\x28\xb5\x2f\xfd", FileType.ZSTD),
    (0, b"7z\xbc\xaf\x27\x1c", FileType.SEVEN_ZIP),
    (0, b"Rar!\x1a\x07", FileType.RAR),
    (257, b"ustar", FileType.TAR),
    (0, b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (0, b"\xff\xd8\xff", FileType.JPEG),
    (0, b"GIF87a", FileType.GIF),
    (0, b"GIF89a", FileType.GIF),
    (0, b"II*\0", FileType.TIFF),
    (0, b"MM\0*", FileType.TIFF),
    (4, b"ftyp", FileType.ISO_MEDIA),
    (0, b"ID3", FileType.MP3),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType.OLE2),
    (0, b"SQLite format 3\0", FileType.SQLITE),
    (0, b"PAR1", FileType.PARQUET),
    (0, b"EVF\x09\x0d\x0a\xff\0", FileType.E01),
    (0, b"LUKS\xba\xbe", FileType.LUKS),
    (0, b"age-encryption.org/v1\n", FileType.AGE),
    (0, b"-----BEGIN AGE ENCRYPTED FILE-----", FileType.AGE),
    (0, b"-----BEGIN PGP MESSAGE-----", FileType.PGP),
    (0, b"\x7fELF", FileType.ELF),
    (0, b"MZ", FileType.PE),
    (0, b"\xcf\xfa\xed\xfe", FileType.MACH_O),
    (0, b"\xce\xfa\xed\xfe", FileType.MACH_O),
    (0, b"\xca\xfe\xba\xbe", FileType.MACH_O),
    (0, b"#!", FileType.SCRIPT),
    (0, b"WARC/1.", FileType.WARC),
)


def sniff(head: bytes) -> FileType:
    """The type of a file by its first bytes (HEAD_BYTES of them, fewer where the file is shorter)."""
    if not head:
        return FileType.EMPTY
    for at, magic, kind in _AT:
        if head[at : at + len(magic)] == magic:
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": FileType.WEBP, b"WAVE": FileType.WAVE}.get(head[8:12], FileType.UNKNOWN)
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return FileType.BMP
    return _text_type(head)


def _text_type(head: bytes) -> FileType:
    text = head.removeprefix(b"\xef\xbb\xbf")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < HEAD_BYTES or error.start < len(text) - 4:
            return FileType.UNKNOWN
    if any(byte < 9 or 13 < byte < 27 for byte in text):
        return FileType.UNKNOWN
    start = text.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg")):
        return FileType.HTML
    if start.startswith(b"<?xml"):
        return FileType.XML
    return FileType.JSON if start[:1] in (b"{", b"[") else FileType.TEXT
