"""Rows of CSV files in any encoding that a profile names."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from recoup.formats.profile import Layout
from recoup.ground import Defect, Defects, Refused
from recoup.ledger.text import LINE_CHARACTERS_MAX, csv_rows, header_faults, open_binary

HELD_BYTES_MAX = 64 * 2**20  # a file that is not UTF-8, or whose quotes are loose, is held in memory

_PLAIN = Layout()

# Call data of a chain is longer than the 128 KiB that `csv` allows a field; lines are bounded anyway.
csv.field_size_limit(LINE_CHARACTERS_MAX)

Row = dict[str, str]


def rows_of(
    path: Path, required: tuple[str, ...], defects: Defects, layout: Layout = _PLAIN
) -> Iterator[tuple[int, Row]]:
    """(line, row) of a CSV file with a header that holds at least `required`; see `recoup.ledger.text.csv_rows`."""
    if layout.quotes == "strict" and layout.encoding.lower() in ("utf-8", "utf8", "ascii"):
        return csv_rows(path, required, (), defects, layout.delimiter)
    return _held_rows(path, required, defects, layout)


def header_of(head: bytes, layout: Layout = _PLAIN) -> tuple[str, ...]:
    """The column names in the first line of a file's first bytes; none where they are no text."""
    try:
        text = _first_line(head, _codec(layout))
        return tuple(name.strip() for name in next(csv.reader([text], delimiter=layout.delimiter, strict=True), []))
    except (UnicodeDecodeError, csv.Error):
        return ()


def _first_line(head: bytes, codec: str) -> str:
    """The text before the first line end, which is one byte in most encodings and several in UTF-16 and UTF-32."""
    if codec.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        return codecs.getincrementaldecoder(codec)().decode(head).partition("\n")[0]
    return head.split(b"\n", 1)[0].decode(codec)


def _codec(layout: Layout) -> str:
    return "utf-8-sig" if layout.encoding.lower() in ("utf-8", "utf8") else layout.encoding


def _held_rows(path: Path, required: tuple[str, ...], defects: Defects, layout: Layout) -> Iterator[tuple[int, Row]]:
    with open_binary(path) as stream:
        data = stream.read(HELD_BYTES_MAX + 1)
    if len(data) > HELD_BYTES_MAX:
        raise Refused(Defect(str(path), 0, f"is longer than {HELD_BYTES_MAX:,} bytes", "Split it"))
    try:
        text = data.decode(_codec(layout))
    except UnicodeDecodeError:
        mend = "Check `encoding` in the profile"
        raise Refused(Defect(str(path), 0, f"is not {layout.encoding} text", mend)) from None
    if max(map(len, text.splitlines()), default=0) > LINE_CHARACTERS_MAX:
        raise Refused(Defect(str(path), 0, f"a line is longer than {LINE_CHARACTERS_MAX:,} characters", "Split it"))
    strict = layout.quotes == "strict"
    reader = csv.reader(StringIO(text, newline=""), delimiter=layout.delimiter, strict=strict)
    try:
        header = [name.strip() for name in next(reader, [])]
        if faults := header_faults(header, required, ()):
            mend = "The header must hold: " + ",".join(required)
            raise Refused(*(Defect(str(path), 1, fault, mend) for fault in faults))
        yield from _matched(reader, header, path, defects)
    except csv.Error as error:
        mend = "Mend the quotes of this row"
        raise Refused(Defect(str(path), reader.line_num, f"not readable as CSV: {error}", mend)) from None


def _matched(reader: Iterator[list[str]], header: list[str], path: Path, defects: Defects) -> Iterator[tuple[int, Row]]:
    line = 2
    for fields in reader:
        if len(fields) == len(header):
            yield line, dict(zip(header, fields, strict=True))
        elif fields:
            what = f"row rejected: {len(fields)} fields where the header has {len(header)}"
            defects.add(str(path), line, what, "Quote fields that hold a separator; close every quote")
        line = reader.line_num + 1  # type: ignore[attr-defined]
