"""Lines of a complaint file, whatever its encoding: bounded, and no bad byte ends the reading."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from recoup.ground import Defect, Defects, Refused

LINE_BYTES_MAX = 32_000_000
FIELD_CHARACTERS_MAX = 10_000_000
ROWS_MAX = 20_000_000

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_lines(path: Path, defects: Defects) -> Iterator[str]:
    """Each line with its ending: UTF-8, or UTF-16 where a byte-order mark says so.

    A line that is not UTF-8 is read as Windows-1252 and becomes a defect; a line longer than LINE_BYTES_MAX raises
    Refused, as does a file that cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            utf16 = stream.read(2) in _UTF16
        if utf16:
            yield from _utf16_lines(path)
        else:
            yield from _byte_lines(path, defects)
    except OSError as error:
        mend = "Check the name and the permissions"
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", mend)) from None


def _utf16_lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-16", errors="replace", newline="") as stream:
        number = 0
        while line := stream.readline(LINE_BYTES_MAX + 1):
            number += 1
            _refuse_long(path, number, len(line))
            yield line


def _byte_lines(path: Path, defects: Defects) -> Iterator[str]:
    with path.open("rb") as stream:
        number = 0
        while raw := stream.readline(LINE_BYTES_MAX + 1):
            number += 1
            _refuse_long(path, number, len(raw))
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            try:
                yield line.decode()
            except UnicodeDecodeError:
                what = "line is not UTF-8 text; read as Windows-1252"
                defects.add(str(path), number, what, "Check its letters and convert the file to UTF-8")
                yield line.decode("cp1252", "replace")


def _refuse_long(path: Path, number: int, length: int) -> None:
    if length > LINE_BYTES_MAX:
        what = f"line is longer than {LINE_BYTES_MAX:,} bytes"
        raise Refused(Defect(str(path), number, what, "Is this the right file? Split it into lines"))


def csv_rows(path: Path, defects: Defects, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) for each data row of a CSV file with a header; names of columns are stripped and lower-cased.

    A repeated column raises Refused; a row with too many or too few fields, or a NUL, becomes a defect.
    """
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    quotes = _Quotes(text_lines(path, defects))
    reader = csv.reader(quotes, delimiter=delimiter)
    header: list[str] | None = None
    start = 1
    try:
        for fields in reader:
            line, start = start, reader.line_num + 1
            if header is None:
                header = _header(path, fields)
            elif fields and quotes.open and reader.line_num > line and quotes.ended:
                what = "row rejected: a quote opened here never closes, so the rows after it are inside it"
                defects.add(str(path), line, what, "Close the quote")
            elif fields and _fits(path, line, fields, header, defects):
                yield line, dict(zip(header, fields, strict=True))
    except csv.Error as error:
        what = f"not readable as CSV from here on: {error}"
        defects.add(str(path), start, what, "Close the quotes of this row; the rows after it were not read")


class _Quotes:
    """Lines passed on while their quotes are counted: an odd count at the end is a quote that never closed."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.open = False
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.open ^= line.count('"') % 2 == 1
            yield line
        self.ended = True


def _header(path: Path, fields: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in fields]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise Refused(*(Defect(str(path), 1, f"column {name[:40]!r} stands twice", "Rename one") for name in twice))
    return names


def _fits(path: Path, line: int, fields: Sequence[str], header: Sequence[str], defects: Defects) -> bool:
    if len(fields) != len(header):
        what = f"row rejected: {len(fields)} fields where the header has {len(header)}"
        defects.add(str(path), line, what, "Quote fields that hold a separator")
        return False
    if any("\x00" in field for field in fields):
        defects.add(str(path), line, "row rejected: it holds a NUL", "Export the file again as text")
        return False
    return True
