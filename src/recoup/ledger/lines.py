"""Lines of a text file, bounded: no line can exhaust the memory."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from recoup.ground import Defect, Refused

STDIN = Path("-")
LINE_CHARACTERS_MAX = 1_000_000

_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def bounded_lines(path: Path, line_characters_max: int = LINE_CHARACTERS_MAX) -> Iterator[str]:
    """Each line of UTF-8 text with its ending; `-` is standard input, a byte-order mark is skipped.

    A file that cannot be opened, a longer line (its ending counts), or bytes that are not UTF-8 raise Refused with the
    line number.
    """
    number = 0
    with _opened(path) as stream:
        while line := stream.readline(line_characters_max + 1):
            number += 1
            if len(line) > line_characters_max:
                what = f"line is longer than {line_characters_max:,} characters"
                raise Refused(Defect(str(path), number, what, "Is this the right file? Split it into lines"))
            if not line.isascii() and _NOT_UTF8.search(line):
                raise Refused(Defect(str(path), number, "is not UTF-8 text", "Convert it to UTF-8"))
            yield line


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    if path == STDIN:
        stream = TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape", newline="")
        try:
            yield stream
        finally:
            stream.detach()
    else:
        with open_binary(path) as binary:
            yield TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline="")


def open_binary(path: Path) -> IO[bytes]:
    """The file for reading; one that cannot be opened raises Refused."""
    try:
        return path.open("rb")
    except OSError as error:
        mend = "Check the name and the permissions"
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", mend)) from None
