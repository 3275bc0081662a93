"""Rows of text to entries: every rejected row is named with its line and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from recoup.ground import AccountId, Asset, Defects, Instant, amount_from_text
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

POSITION_MAX = 2**63 - 1
FIELD_CHARACTERS_MAX = 2000

_SPENDS = re.compile(r"\S+:o[0-9]{1,10}")
_POSITION = re.compile(r"[0-9]{1,19}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

MENDS = {
    "time": "Write RFC 3339 with an offset (2021-06-07T17:29:41Z) or a date (2021-06-07)",
    "amount": "Write a whole number of the smallest unit (satoshi, wei, cents), without sign, point or separators",
    "side": "Write out (value leaves the account) or in (value enters it)",
    "kind": "Write one of: " + ", ".join(Kind),
    "position": "Write a whole number from 0, or leave it empty",
    "spends": "Write <entry>:o<n>, the coin that this out leg spends, or leave it empty",
    "asset": "Write a code such as BTC, EUR or USDT@ethereum:0xdac1…, without spaces",
    "account": "Write the identifier as its ledger writes it",
    "entry": "Write the transaction or booking id",
    "leg": "Write the id of the leg within its entry (i0, o0, 0 …)",
    "ledger": "Write bitcoin, ethereum, bank:<BIC or name>, vasp:<name> …",
}

E = TypeVar("E", Side, Kind)
T = TypeVar("T")
Row = dict[str, str]
Key = tuple[str, str]


class BadField(ValueError):
    """A field that cannot be read, and its column."""

    def __init__(self, column: str, what: str) -> None:
        self.column = column
        super().__init__(what)


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
        return Ledger(tuple(
            Entry(entry, draft.time, draft.position, ledger, tuple(draft.legs.values()), self.file)
            for (ledger, entry), draft in self._drafts.items()
        ))  # fmt: skip

    def _place(self, line: int, row: Row) -> None:
        _refuse_unreadable(row)
        leg, time, position = self._leg(line, row), self._time(row["time"]), _position(row.get("position", ""))
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
        side, kind = _one_of(Side, row, "side", ""), _one_of(Kind, row, "kind", Kind.TRANSFER)
        spends = row.get("spends", "")
        if spends and (side is not Side.OUT or not _SPENDS.fullmatch(spends)):
            raise BadField("spends", f"spends {spends[:80]!r} does not name a coin, or stands on an in leg")
        _named(AccountId, "account", row["ledger"], row["account"])
        amount = _named(amount_from_text, "amount", row["amount"])
        asset = self._asset(row["asset"])
        return Leg(row["leg"], side, row["account"], asset, amount, kind, spends, row.get("source", ""), line)

    def _asset(self, code: str) -> Asset:
        if code not in self._assets:
            self._assets[code] = _named(Asset, "asset", code)
        return self._assets[code]

    def _time(self, text: str) -> Instant:
        if text not in self._times:
            self._times[text] = _named(Instant.parse, "time", text)
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


def _position(text: str) -> int:
    if text == "":
        return 0
    if not _POSITION.fullmatch(text) or int(text) > POSITION_MAX:
        raise BadField("position", f"position {text[:40]!r} is not a whole number from 0 to 2**63 - 1")
    return int(text)


def _one_of(names: type[E], row: Row, column: str, default: str) -> E:
    text = row.get(column) or default
    try:
        return names(text)
    except ValueError:
        raise BadField(column, f"{column} {text[:40]!r} is not known") from None


def _named(make: Callable[..., T], column: str, *texts: str) -> T:
    try:
        return make(*texts)
    except ValueError as error:
        raise BadField(column, str(error)) from None
