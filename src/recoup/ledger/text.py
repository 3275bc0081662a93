"""Rows of a CSV file, bounded: no row can exhaust the memory, and none is lost without a word."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from recoup.ground import Defect, Defects, Refused
from recoup.ledger.lines import LINE_CHARACTERS_MAX, STDIN, bounded_lines, open_binary

__all__ = [
    "LINE_CHARACTERS_MAX",
    "ROWS_MAX",
    "ROW_LINES_MAX",
    "STDIN",
    "bounded_lines",
    "csv_rows",
    "header_faults",
    "open_binary",
]

ROW_LINES_MAX = 1_000
ROWS_MAX = 50_000_000


def csv_rows(
    path: Path,
    required: tuple[str, ...],
    allowed: tuple[str, ...],
    defects: Defects,
    delimiter: str = ",",
    rows_max: int = ROWS_MAX,
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) for each row of a CSV file with a header; `line` is where the row starts. Blank lines are no rows.

    A missing, unknown or repeated column, a row of more than `ROW_LINES_MAX` lines or `LINE_CHARACTERS_MAX` characters,
    or more than `rows_max` rows raises Refused; a row with too many or too few fields, or with broken quotes, becomes a
    defect.
    """
    rows = _Rows(path, delimiter, defects)
    header = _header(path, next(rows, (1, []))[1], required, allowed)
    for count, (line, fields) in enumerate(rows, start=1):
        if count > rows_max:
            raise Refused(Defect(str(path), line, f"more than {rows_max:,} rows", "Split the file"))
        if len(fields) == len(header):
            yield line, dict(zip(header, fields, strict=True))
        else:
            what = f"row rejected: {len(fields)} fields where the header has {len(header)}{rows.span(line)}"
            defects.add(str(path), line, what, "Quote fields that hold a separator; close every quote")


class _Rows:
    """(first line, fields) of each row; what cannot be split into fields becomes a defect."""

    def __init__(self, path: Path, delimiter: str, defects: Defects) -> None:
        self.path, self.defects = path, defects
        self.start = 1
        self.lines = bounded_lines(path)
        self.reader = csv.reader(self._of_one_row(), delimiter=delimiter, strict=True)
        csv.field_size_limit(LINE_CHARACTERS_MAX)  # one for the process; the row's own limit is reached first

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            self.start = self.reader.line_num + 1
            try:
                if fields := next(self.reader):
                    return self.start, fields
            except csv.Error as error:
                what = f"row rejected: not readable as CSV: {error}{self.span(self.start)}"
                self.defects.add(str(self.path), self.start, what, "Mend the quotes of this row")

    def span(self, line: int) -> str:
        """The lines that one row took, where it took more than one."""
        last = self.reader.line_num
        return f" (lines {line} to {last})" if last > line else ""

    def _of_one_row(self) -> Iterator[str]:
        start = characters = 0
        for line in self.lines:
            characters = len(line) + (characters if start == self.start else 0)
            start = self.start
            if self.reader.line_num - start + 1 >= ROW_LINES_MAX or characters > LINE_CHARACTERS_MAX:
                what = f"row is longer than {ROW_LINES_MAX:,} lines or {LINE_CHARACTERS_MAX:,} characters"
                raise Refused(Defect(str(self.path), start, what, "Close the quote that this row opens"))
            yield line


def header_faults(names: list[str], required: tuple[str, ...], allowed: tuple[str, ...]) -> list[str]:
    """What is wrong with the names of the columns; no `allowed` means any."""
    faults = [f"column {name} is missing" for name in required if name not in names]
    faults += [f"column {name[:40]!r} is unknown" for name in names if allowed and name not in allowed]
    return faults + [f"column {name[:40]!r} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]


def _header(path: Path, header: list[str], required: tuple[str, ...], allowed: tuple[str, ...]) -> list[str]:
    names = [name.strip() for name in header]
    if faults := header_faults(names, required, allowed):
        mend = "The header must be: " + ",".join(allowed or required)
        raise Refused(*(Defect(str(path), 1, fault, mend) for fault in faults))
    return names
