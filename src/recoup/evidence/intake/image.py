"""How many pixels an image says it has, and where it ends, without decoding it."""

from __future__ import annotations

from recoup.evidence.intake.sniff import FileType


def pixels(kind: FileType, data: bytes) -> int | None:
    """Width × height as the header states them; None where there is no readable header."""
    try:
        size = _SIZES[kind](data)
    except (IndexError, ValueError, KeyError):
        return None
    return None if size is None else size[0] * size[1]


def _big(data: bytes, at: int, width: int = 4) -> int:
    if at + width > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + width], "big")


def _little(data: bytes, at: int, width: int = 4) -> int:
    if at + width > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + width], "little")


def _png(data: bytes) -> tuple[int, int] | None:
    return (_big(data, 16), _big(data, 20)) if data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> tuple[int, int] | None:
    return _little(data, 6, 2), _little(data, 8, 2)


def _bmp(data: bytes) -> tuple[int, int] | None:
    height = _little(data, 22)
    return _little(data, 18), min(height, 2**32 - height)


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """The largest frame of any SOF segment (ITU-T T.81 annex B)."""
    at, largest = 2, None
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD9 or marker == 0x01:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = _big(data, at + 7, 2), _big(data, at + 5, 2)
            largest = max(largest or size, size, key=lambda one: one[0] * one[1])
        if marker == 0xDA:
            break
        at += 2 + _big(data, at + 2, 2)
    return largest


def _webp(data: bytes) -> tuple[int, int] | None:
    if data[12:16] == b"VP8X":
        return 1 + _little(data, 24, 3), 1 + _little(data, 27, 3)
    if data[12:16] == b"VP8L":
        bits = _little(data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return (_little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF) if data[12:16] == b"VP8 " else None


def _tiff(data: bytes) -> tuple[int, int] | None:
    """Tags 256 and 257 of the first directory (TIFF 6.0 section 2)."""
    read = _little if data[:2] == b"II" else _big
    directory = read(data, 4)
    found: dict[int, int] = {}
    for number in range(min(read(data, directory, 2), 1_000)):
        entry = directory + 2 + 12 * number
        tag, kind = read(data, entry, 2), read(data, entry + 2, 2)
        if tag in (256, 257):
            found[tag] = read(data, entry + 8, 2 if kind == 3 else 4)
    return found[256], found[257]


_SIZES = {
    FileType.PNG: _png,
    FileType.GIF: _gif,
    FileType.BMP: _bmp,
    FileType.JPEG: _jpeg,
    FileType.WEBP: _webp,
    FileType.TIFF: _tiff,
}


def end_of_png(data: bytes) -> int | None:
    """Where the IEND chunk ends; None where the chunks do not lead there."""
    at = 8
    while at + 12 <= len(data):
        size, kind = _big(data, at), data[at + 4 : at + 8]
        at += 12 + size
        if kind == b"IEND":
            return at if at <= len(data) else None
    return None


def end_of_gif(data: bytes) -> int | None:
    """Where the trailer byte stands (GIF89a, section 27), walking the blocks; None where they do not lead there."""
    if len(data) < 13:
        return None
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return at + 1
        if kind == 0x2C and at + 10 <= len(data):
            at += 11 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0)
        elif kind == 0x21:
            at += 2
        else:
            return None
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return None


def end_of_jpeg(data: bytes) -> int | None:
    """Behind the last end-of-image marker; None where there is none."""
    at = data.rfind(b"\xff\xd9")
    return at + 2 if at >= 0 else None
