"""Lines of a text file, bounded: no single line can exhaust the memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from recoup.ground import Defect, Defects, Refused

LINE_CHARACTERS_MAX = 1_000_000
ROWS_MAX = 50_000_000


def open_text(path: Path) -> IO[str]:
    """The file as UTF-8 text (a byte-order mark is skipped); a missing file raises Refused."""
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        mend = "Check the name and the permissions"
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", mend)) from None


def bounded_lines(path: Path, line_characters_max: int = LINE_CHARACTERS_MAX) -> Iterator[str]:
    """Each line with its ending. A longer line, or bytes that are not UTF-8, raise Refused with the line number."""
    number = 0
    with open_text(path) as stream:
        try:
            while line := stream.readline(line_characters_max + 1):
                number += 1
                if len(line) > line_characters_max:
                    what = f"line is longer than {line_characters_max:,} characters"
                    raise Refused(Defect(str(path), number, what, "Is this the right file? Split it into lines"))
                yield line
        except UnicodeDecodeError:
            raise Refused(Defect(str(path), number + 1, "is not UTF-8 text", "Convert it to UTF-8")) from None


def csv_rows(
    path: Path, required: tuple[str, ...], allowed: tuple[str, ...], defects: Defects, delimiter: str = ","
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) for each row of a CSV file with a header.

    A missing, unknown or repeated column raises Refused; a row with too many or too few fields becomes a defect.
    `line` is where the row starts.
    """
    reader = csv.reader(bounded_lines(path), delimiter=delimiter, strict=True)
    try:
        header = _header(path, next(reader, []), required, allowed)
        start = reader.line_num + 1
        for fields in reader:
            line, start = start, reader.line_num + 1
            if len(fields) == len(header):
                yield line, dict(zip(header, fields, strict=True))
            elif fields:
                what = f"row rejected: {len(fields)} fields where the header has {len(header)}"
                defects.add(str(path), line, what, "Quote fields that hold a separator")
    except csv.Error as error:
        mend = "Mend the quotes of this row"
        raise Refused(Defect(str(path), reader.line_num, f"not readable as CSV: {error}", mend)) from None


def _header(path: Path, header: list[str], required: tuple[str, ...], allowed: tuple[str, ...]) -> list[str]:
    names = [name.strip() for name in header]
    faults = [f"column {name} is missing" for name in required if name not in names]
    faults += [f"column {name[:40]!r} is unknown" for name in names if allowed and name not in allowed]
    faults += [f"column {name[:40]!r} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults:
        mend = "The header must be: " + ",".join(allowed or required)
        raise Refused(*(Defect(str(path), 1, fault, mend) for fault in faults))
    return names
