"""Standard input and pipes as files that can be read twice."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from recoup.ground import Defect, Refused

STDIN = Path("-")
STDIN_BYTES_MAX = 2**30

_CHUNK_BYTES = 2**20


@contextlib.contextmanager
def spooled(files: Iterable[Path]) -> Iterator[tuple[list[Path], Callable[[str], str]]]:
    """The files with `-` and pipes copied aside, and a function that gives a text their names back.

    What is refused inside names the files as the caller did. More than STDIN_BYTES_MAX raise Refused.
    """
    with contextlib.ExitStack() as stack:
        folder: Path | None = None
        spools: dict[Path, Path] = {}
        named = list(files)
        for file in dict.fromkeys(named):
            if file == STDIN or (file.exists() and not file.is_file()):
                folder = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
                source = sys.stdin.buffer if file == STDIN else stack.enter_context(file.open("rb"))
                spools[file] = _spool(source, folder / str(len(spools)), file)

        def shown(text: str) -> str:
            for file, spool in spools.items():
                text = text.replace(str(spool), str(file))
            return text

        try:
            yield [spools.get(file, file) for file in named], shown
        except Refused as refusal:
            found = (replace(each, file=shown(each.file), what=shown(each.what)) for each in refusal.defects)
            raise Refused(*found) from None


def _spool(source: IO[bytes], place: Path, file: Path) -> Path:
    """The copy. Its suffix is that of the file; standard input has none, and gets `.json` where it begins like JSON."""
    left = STDIN_BYTES_MAX
    with place.open("wb") as target:
        while data := source.read(_CHUNK_BYTES):
            left -= len(data)
            if left < 0:
                raise Refused(Defect(str(file), 0, f"more than {STDIN_BYTES_MAX:,} bytes", "Name the file instead"))
            target.write(data)
    with place.open("rb") as copy:
        begins_like_json = copy.read(_CHUNK_BYTES).lstrip()[:1] in (b"[", b"{")
    return place.rename(place.with_suffix(file.suffix or (".json" if begins_like_json else "")))
