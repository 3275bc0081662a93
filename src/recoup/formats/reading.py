"""Many files, each in its format, to one ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recoup.formats.evm_entries import ledger_of
from recoup.formats.gathering import Gathering
from recoup.formats.labels import Label
from recoup.formats.position import levelled
from recoup.formats.registry import Format, detected
from recoup.ground import Defects, Refused, sha256_file
from recoup.ledger import Entry, Ledger


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

    A file that cannot be read at all becomes a defect; the others are read.
    """
    gathering, formats, hashes = Gathering(), {}, {}
    for path in dict.fromkeys(paths):
        try:
            hashes[path] = sha256_file(path)
            formats[path] = wanted or detected(path)
            formats[path].gather(path, gathering, defects)
        except Refused as refusal:
            defects.found.extend(refusal.defects)
        except OSError as error:
            defects.add(str(path), 0, f"cannot be read: {error.strerror}", "Check the name and the permissions")
    ledger = joined([*_chains(gathering, defects), *gathering.ledgers], defects)
    files = tuple(
        _summary(path, formats.get(path), hashes.get(path, ""), ledger, defects) for path in dict.fromkeys(paths)
    )
    return Reading(ledger, files, tuple(gathering.labels))


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


def _summary(path: Path, format_: Format | None, sha256: str, ledger: Ledger, defects: Defects) -> FileReading:
    mine = [
        (entry, leg) for entry, leg in ledger.legs() if entry.file == str(path) or leg.source.startswith(sha256 + "#")
    ]
    entries = len({(entry.ledger, entry.id) for entry, _ in mine})
    rejected = sum(defect.file == str(path) for defect in defects)
    return FileReading(path, format_.name if format_ else "", sha256, entries, len(mine), rejected)
