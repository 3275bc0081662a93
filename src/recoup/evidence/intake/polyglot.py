"""Files that are two types at once: shown as one, run as the other."""

from __future__ import annotations

from recoup.evidence.intake.finding import Report, Why
from recoup.evidence.intake.image import end_of_gif, end_of_jpeg, end_of_png
from recoup.evidence.intake.sniff import IMAGES, FileType

TAIL_BYTES = 65_557  # end record of a zip (22 bytes) and the longest comment behind it
PDF_HEAD_BYTES = 1_024  # readers look for %PDF- this far in (ISO 32000-1, annex H.3.4.1)
PADDING_BYTES_MAX = 16
_MARKUP = (b"<html", b"<script", b"<?php", b"<svg", b"<!doctype html", b"<iframe")
_SPAN_BYTES = 1 << 16


def check_polyglot(kind: FileType, data: bytes, where: str, report: Report) -> None:
    """`data`: the whole file, or its first and last parts joined where it is larger than what is held in memory."""
    at = zip_end(data)
    if kind is not FileType.ZIP and at is not None:
        report.add(Why.POLYGLOT, where, f"{kind} that is a zip archive as well")
    if kind is not FileType.PDF and data.find(b"%PDF-", 0, PDF_HEAD_BYTES) > 0:
        report.add(Why.POLYGLOT, where, f"{kind} that opens as pdf as well")
    if kind is FileType.ZIP and not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        report.add(Why.POLYGLOT, where, "bytes before the first entry of a zip archive")
    if kind in IMAGES:
        _check_image(kind, data, where, report)


def zip_end(data: bytes) -> int | None:
    """Where the end record of a zip directory stands, if one fits (APPNOTE.TXT 4.3.16); None otherwise."""
    start = max(0, len(data) - TAIL_BYTES)
    at = data.rfind(b"PK\x05\x06", start)
    while at >= 0:
        size = int.from_bytes(data[at + 12 : at + 16], "little")
        if at + 22 <= len(data) and (size == 0 or data[at - size : at - size + 4] == b"PK\x01\x02"):
            return at
        at = data.rfind(b"PK\x05\x06", start, at)
    return None


def _check_image(kind: FileType, data: bytes, where: str, report: Report) -> None:
    ends = {FileType.PNG: end_of_png, FileType.GIF: end_of_gif, FileType.JPEG: end_of_jpeg}
    if kind in ends:
        end = ends[kind](data)
        if end is None:
            report.add(Why.DAMAGED, where, f"the {kind} does not end as it should")
        elif len(data[end:].strip(b"\0\r\n ")) > 0:
            report.add(Why.POLYGLOT, where, f"{len(data) - end} bytes behind the end of the {kind}")
    edges = (data[:_SPAN_BYTES] + data[-_SPAN_BYTES:]).lower()
    if any(mark in edges for mark in _MARKUP):
        report.add(Why.POLYGLOT, where, f"markup inside the {kind}")
