"""Rows of text to entries: every rejected row is named with its line and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from recoup.ground import AccountId, Asset, Defects, Instant, amount_from_text
from recoup.ledger.fields import MENDS, BadField, Row, named, one_of, position_from_text
from recoup.ledger.model import Entry, Kind, Ledger, Leg, Side

REQUIRED = ("entry", "time", "ledger", "leg", "side", "account", "asset", "amount")
OPTIONAL = ("position", "kind", "spends", "source")
COLUMNS = (
    "entry",
    "time",
    "position",
    "ledger",
    "leg",
    "side",
    "account",
    "asset",
    "amount",
    "kind",
    "spends",
    "source",
)

FIELD_CHARACTERS_MAX = 2000

_SPENDS = re.compile(r"\S+:o[0-9]{1,10}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Key = tuple[str, str]


@dataclass(slots=True)
class _Draft:
    time: Instant
    position: int
    legs: dict[str, Leg] = field(default_factory=dict)


class Assembler:
    """Collects rows into entries. Feed rows with `add`, then take the `ledger`."""

    def __init__(self, file: str, defects: Defects) -> None:
        self.file = file
        self.defects = defects
        self._drafts: dict[Key, _Draft] = {}
        self._assets: dict[str, Asset] = {}
        self._times: dict[str, Instant] = {}

    def add_all(self, rows: Iterable[tuple[int, Row]]) -> Assembler:
        """Take every (line, row); gives itself back."""
        for line, row in rows:
            self.add(line, row)
        return self

    def add(self, line: int, row: Row) -> None:
        """Take one row; a row that cannot be read becomes a defect and leaves no trace in the ledger."""
        try:
            self._place(line, row)
        except BadField as error:
            mend = MENDS.get(error.column, "Mend the row")
            self.defects.add(self.file, line, f"row rejected: {error}", mend)

    def ledger(self) -> Ledger:
        """The entries so far, by first appearance, each with its legs in row order."""
        return Ledger(tuple(
            Entry(entry, draft.time, draft.position, ledger, tuple(draft.legs.values()), self.file)
            for (ledger, entry), draft in self._drafts.items()
        ))  # fmt: skip

    def _place(self, line: int, row: Row) -> None:
        _refuse_unreadable(row)
        leg, time, position = self._leg(line, row), self._time(row["time"]), position_from_text(row.get("position", ""))
        key = (row["ledger"], row["entry"])
        draft = self._drafts.get(key) or _Draft(time, position)
        if (draft.time, draft.position) != (time, position):
            raise BadField("time", f"entry {key[1][:80]} has another time or position on an earlier row")
        if leg.id in draft.legs:
            first = draft.legs[leg.id].line
            raise BadField("leg", f"duplicate: leg {leg.id} of entry {key[1][:80]} stands on line {first} already")
        draft.legs[leg.id] = leg
        self._drafts[key] = draft

    def _leg(self, line: int, row: Row) -> Leg:
        side, kind = one_of(Side, row, "side", ""), one_of(Kind, row, "kind", Kind.TRANSFER)
        spends = row.get("spends", "")
        if spends and (side is not Side.OUT or not _SPENDS.fullmatch(spends)):
            raise BadField("spends", f"spends {spends[:80]!r} does not name a coin, or stands on an in leg")
        named(AccountId, "account", row["ledger"], row["account"])
        amount = named(amount_from_text, "amount", row["amount"])
        asset = self._asset(row["asset"])
        return Leg(row["leg"], side, row["account"], asset, amount, kind, spends, row.get("source", ""), line)

    def _asset(self, code: str) -> Asset:
        if code not in self._assets:
            self._assets[code] = named(Asset, "asset", code)
        return self._assets[code]

    def _time(self, text: str) -> Instant:
        if text not in self._times:
            self._times[text] = named(Instant.parse, "time", text)
        return self._times[text]


def _refuse_unreadable(row: Row) -> None:
    for column in REQUIRED:
        if not row.get(column):
            raise BadField(column, f"{column} is empty")
    whole = "".join(row.values())
    if len(whole) <= FIELD_CHARACTERS_MAX and whole.isprintable():
        return
    for column, text in row.items():
        if len(text) > FIELD_CHARACTERS_MAX or _CONTROL.search(text):
            raise BadField(column, f"{column} is longer than {FIELD_CHARACTERS_MAX} characters or holds a line break")
