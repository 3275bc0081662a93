"""Entries that grow row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from recoup.formats.fields import BadRow
from recoup.ground import Instant
from recoup.ledger import Entry, Ledger, Leg


@dataclass(slots=True)
class _Draft:
    time: Instant
    position: int
    rows: int = 0
    legs: list[Leg] = field(default_factory=list)


@dataclass(slots=True)
class Drafts:
    """Entries of one file in the order in which they first appear."""

    file: str
    _drafts: dict[tuple[str, str], _Draft] = field(default_factory=dict)

    def rows_of(self, ledger: str, entry: str) -> int:
        """How many rows this entry has already."""
        draft = self._drafts.get((ledger, entry))
        return draft.rows if draft else 0

    def add(self, ledger: str, entry: str, time: Instant, position: int, legs: Sequence[Leg]) -> None:
        """Take all legs of one row, or raise BadRow and take none."""
        draft = self._drafts.get((ledger, entry)) or _Draft(time, position)
        if (draft.time, draft.position) != (time, position):
            what = f"entry {entry[:80]} has another time or position on an earlier row"
            raise BadRow(what, "An entry happens once: give its rows the same time and position")
        draft.rows += 1
        draft.legs.extend(legs)
        self._drafts[ledger, entry] = draft

    def ledger(self) -> Ledger:
        return Ledger(tuple(
            Entry(entry, draft.time, draft.position, ledger, tuple(draft.legs), self.file)
            for (ledger, entry), draft in self._drafts.items()
        ))  # fmt: skip
