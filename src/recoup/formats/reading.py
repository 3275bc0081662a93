"""Many files, each in its format, to one ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recoup.formats.evm_entries import ledger_of
from recoup.formats.gathering import Gathering
from recoup.formats.json_items import JSON_CHARACTERS_MAX
from recoup.formats.labels import Label
from recoup.formats.position import levelled
from recoup.formats.registry import Format, detected
from recoup.formats.tokens import one_name_each
from recoup.ground import Defect, Defects, Refused, sha256_file
from recoup.ledger import Entry, Ledger

LINE_BYTES_MAX = JSON_CHARACTERS_MAX


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file gave. `format` is empty where nothing could read it."""

    path: Path
    format: str
    sha256: str
    entries: int
    legs: int
    rejected: int

    def __str__(self) -> str:
        if not self.format:
            return f"{self.path}: not read"
        return f"{self.path}: {self.format}, {self.entries} entries, {self.legs} legs, {self.rejected} rejected"


@dataclass(frozen=True, slots=True)
class Reading:
    """One ledger of all files, what each file gave, and the labels that the files carry."""

    ledger: Ledger
    files: tuple[FileReading, ...]
    labels: tuple[Label, ...]


def read_files(paths: Sequence[Path], defects: Defects, wanted: Format | None = None) -> Reading:
    """Read every file in the `wanted` format, or each in its own, and join what belongs together.

    A file that cannot be read at all becomes a defect; the others are read. A file given twice is read once.
    """
    gathering = Gathering()
    formats: dict[Path, str] = {}
    hashes: dict[str, Path] = {}
    for path in dict.fromkeys(paths):
        try:
            format_ = wanted or detected(path)
            _refuse_endless(path, format_)
            first = hashes.setdefault(sha256_file(path), path)
            if first != path:
                defects.note(str(path), 0, f"holds the same bytes as {first}", "It is read once")
                continue
            formats[path] = format_.name
            format_.gather(path, gathering, defects)
        except Refused as refusal:
            defects.found.extend(refusal.defects)
        except OSError as error:
            defects.add(str(path), 0, f"cannot be read: {error.strerror}", "Check the name and the permissions")
    ledger = joined(one_name_each([*_chains(gathering, defects), *gathering.ledgers], defects), defects)
    counts = _counts(ledger, {sha256: str(path) for sha256, path in hashes.items()})
    known = {path: sha256 for sha256, path in hashes.items()}
    files = [
        FileReading(
            path, formats.get(path, ""), known.get(path, ""), *counts.get(str(path), (0, 0)),
            sum(defect.file == str(path) for defect in defects),
        )
        for path in dict.fromkeys(paths)
    ]  # fmt: skip
    return Reading(ledger, tuple(files), tuple(gathering.labels))


def _refuse_endless(path: Path, format_: Format) -> None:
    """Refuse a file without line ends before its hash is taken: that would take minutes.

    Looks at the first two lines, the middle and the end; each reader holds its own limit on every line.
    """
    if not path.is_file():
        raise Refused(Defect(str(path), 0, "is no file", "Check the name; a pipe is read as -"))
    with path.open("rb") as stream:
        if not format_.lines or stream.read(4)[:1] == b"[":
            return
        stream.seek(0)
        windows = [stream.readline(LINE_BYTES_MAX + 1) for _ in range(2)]
        size = path.stat().st_size
        if size > 2 * LINE_BYTES_MAX:
            for at in (size // 2, size - LINE_BYTES_MAX - 1):
                stream.seek(at)
                windows.append(stream.readline(LINE_BYTES_MAX + 1))
    if max(map(len, windows)) > LINE_BYTES_MAX:
        what = f"line is longer than {LINE_BYTES_MAX:,} bytes"
        raise Refused(Defect(str(path), _endless_line(path), what, "Is this the right file? Split it into lines"))


def _endless_line(path: Path) -> int:
    """Number of the first line that is longer than LINE_BYTES_MAX; 0 where none is."""
    with path.open("rb") as stream:
        lines = iter(lambda: len(stream.readline(LINE_BYTES_MAX + 1)), 0)
        return next((number for number, length in enumerate(lines, 1) if length > LINE_BYTES_MAX), 0)


def _chains(gathering: Gathering, defects: Defects) -> Iterator[Ledger]:
    yield Ledger(tuple(levelled(gathering.coins.ledger(defects).entries)))
    for book in gathering.accounts.values():
        yield Ledger(tuple(levelled(ledger_of(book, defects).entries)))


def joined(ledgers: Iterable[Ledger], defects: Defects) -> Ledger:
    """Ledgers one after another; an entry that stands in two becomes a defect and is taken once."""
    seen: dict[tuple[str, str], Entry] = {}
    for ledger in ledgers:
        for entry in ledger:
            first = seen.setdefault((entry.ledger, entry.id), entry)
            if first is not entry:
                what = f"duplicate: entry {entry.id[:80]} stands in {first.file} already"
                defects.add(entry.file, entry.legs[0].line, what, "Give each entry once")
    return Ledger(tuple(seen.values()))


def _counts(ledger: Ledger, files: dict[str, str]) -> dict[str, tuple[int, int]]:
    """(entries, legs) that each file gave; an entry that several files tell of counts for each."""
    counts: dict[str, tuple[int, int]] = {}
    for entry in ledger:
        legs = Counter(files.get(leg.source.partition("#")[0], entry.file) for leg in entry.legs)
        for file, count in legs.items():
            entries, before = counts.get(file, (0, 0))
            counts[file] = (entries + 1, before + count)
    return counts
