"""Rows of a CSV to entries, as a profile says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from recoup.formats.csv_text import header_of, rows_of
from recoup.formats.drafts import Drafts
from recoup.formats.evm import symbol_of, token_asset
from recoup.formats.fields import ENTRY_CHARACTERS_MAX, BadRow, rejecting, shown
from recoup.formats.labels import Label
from recoup.formats.position import position_at
from recoup.formats.profile import Profile, Row
from recoup.formats.times import clock
from recoup.ground import AccountId, Asset, Defects, Instant, amount_from_decimal_text, sha256_file
from recoup.ledger import Kind, Ledger, Leg, Side

T = TypeVar("T")

_WHOLE = re.compile(r"[0-9]{1,18}")
_CONTINENTAL = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]+))?")


def sniff(profile: Profile, head: bytes) -> bool:
    header = header_of(head, profile.layout)
    return bool(header) and set(profile.columns) <= set(header)


def read(path: Path, profile: Profile, defects: Defects) -> tuple[Ledger, list[Label]]:
    """Entries of one file, and the labels it carries. A header that lacks a column of the profile raises Refused."""
    reader = _Reader(profile, path, defects, sha256_file(path))
    for line, row in rows_of(path, profile.columns, defects, profile.layout):
        with rejecting(defects, path, line):
            reader.take(line, row)
    reader.say_skipped()
    return reader.drafts.ledger(), list(reader.labels.values())


@dataclass(frozen=True, slots=True)
class _Value:
    """What one row moves: decimal text, and the asset it counts."""

    asset: Asset
    decimals: int


@dataclass(slots=True)
class _Reader:
    profile: Profile
    path: Path
    defects: Defects
    item_hash: str
    drafts: Drafts = field(init=False)
    labels: dict[tuple[str, str, str], Label] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    time: Callable[[str], Instant] = field(init=False)

    def __post_init__(self) -> None:
        self.drafts = Drafts(str(self.path))
        self.time = clock(self.profile.fields.time, str(self.path))

    def take(self, line: int, row: Row) -> None:
        for skip in self.profile.skip:
            if row.get(skip.column, "").strip() == skip.equals:
                self.skipped[skip.why] = self.skipped.get(skip.why, 0) + 1
                return
        for rule in self.profile.refuse:
            if rule.contains in row.get(rule.column, ""):
                raise BadRow(rule.what, rule.mend)
        self._place(line, row)
        self._label(line, row)

    def say_skipped(self) -> None:
        for why, count in self.skipped.items():
            self.defects.note(str(self.path), 0, f"{count} rows left out: {why}", "The profile says so")

    def _place(self, line: int, row: Row) -> None:
        fields = self.profile.fields
        ledger = fields.ledger.of(row)
        value = self._value(row, ledger)
        pair = self._transfer(row, value) if fields.sender else self._booking(row, value)
        entry = fields.entry.of(row) if fields.entry else f"{self.item_hash[:12]}-{line}"
        if not entry or len(entry) > ENTRY_CHARACTERS_MAX or not entry.isprintable():
            raise BadRow(f"the entry id is {shown(entry)}", "Every row needs the id of its transaction or booking")
        number = self.drafts.rows_of(ledger, entry)
        source, kind = f"{self.item_hash}#line {line}", self._kind(row)
        legs = [
            Leg(f"{number}-{name}", side, _account(ledger, account), value.asset, amount,
                Kind.FEE if name == "fee" else kind, "", source, line)
            for name, side, account, amount in pair
        ]  # fmt: skip
        self.drafts.add(ledger, entry, self.time(fields.time.of(row)), self._position(row), legs)

    def _transfer(self, row: Row, value: _Value) -> list[tuple[str, Side, str, int]]:
        fields = self.profile.fields
        assert fields.sender and fields.recipient and fields.amount
        amount = self._amount(fields.amount.of(row), value)
        sender = fields.sender.of(row)
        return [
            ("out", Side.OUT, sender, amount),
            ("in", Side.IN, fields.recipient.of(row), amount),
            *self._fee(row, sender, value),
        ]

    def _booking(self, row: Row, value: _Value) -> list[tuple[str, Side, str, int]]:
        fields = self.profile.fields
        assert fields.account
        account = fields.account.of(row)
        side, text = self._side(row)
        amount = self._amount(text, value)
        name = "out" if side is Side.OUT else "in"
        return [(name, side, account, amount), *self._fee(row, account, value)]

    def _side(self, row: Row) -> tuple[Side, str]:
        """Which way a booking goes, and its amount without sign."""
        fields = self.profile.fields
        if fields.paid_out and fields.paid_in:
            out, in_ = fields.paid_out.of(row), fields.paid_in.of(row)
            if bool(out) == bool(in_):
                raise BadRow("both or neither of the amounts out and in are given", "A booking has one of them")
            return (Side.OUT, out.removeprefix("-")) if out else (Side.IN, in_)
        assert fields.amount
        text = fields.amount.of(row)
        if fields.direction is None:
            return (Side.OUT, text[1:]) if text.startswith("-") else (Side.IN, text.removeprefix("+"))
        return _named(Side, fields.direction.of(row), "direction", "Map it to out or in in the profile"), text

    def _fee(self, row: Row, account: str, value: _Value) -> list[tuple[str, Side, str, int]]:
        cell = self.profile.fields.fee
        text = cell.of(row).removeprefix("-") if cell else ""
        amount = self._amount(text, value) if text else 0
        return [("fee", Side.OUT, account, amount)] if amount else []

    def _amount(self, text: str, value: _Value) -> int:
        if self.profile.layout.decimal == ",":
            match = _CONTINENTAL.fullmatch(text)
            if match is None:
                raise BadRow(f"amount {shown(text)} is not written with a decimal comma", "Check `decimal`")
            text = f"{match[1]}{match[2].replace('.', '')}.{match[3] or '0'}"
        try:
            return amount_from_decimal_text(text.removeprefix("+"), value.decimals)
        except ValueError as error:
            raise BadRow(str(error), "Check the amount, and `decimals` in the profile") from None

    def _value(self, row: Row, ledger: str) -> _Value:
        fields = self.profile.fields
        code = fields.asset.of(row)
        contract = fields.contract.of(row) if fields.contract else ""
        try:
            asset = token_asset(ledger, symbol_of(code), contract) if contract else Asset(code)
        except ValueError as error:
            raise BadRow(str(error), "Map the asset in the profile") from None
        text = fields.decimals.of(row) if fields.decimals else str(asset.decimals)
        if not _WHOLE.fullmatch(text) or int(text) > 77:
            raise BadRow(f"the decimals of {code} are not known", "Name `decimals` in the profile")
        return _Value(asset, int(text))

    def _kind(self, row: Row) -> Kind:
        cell = self.profile.fields.kind
        text = cell.of(row) if cell else ""
        return _named(Kind, text, "kind", "Map it to a kind of leg in the profile") if text else Kind.TRANSFER

    def _position(self, row: Row) -> int:
        fields = self.profile.fields
        cell = fields.block or fields.position
        text = cell.of(row) if cell else "0"
        if not _WHOLE.fullmatch(text):
            raise BadRow(f"position {shown(text)} is no whole number", "Check `position` or `block` in the profile")
        try:
            return position_at(int(text), None) if fields.block else int(text)
        except ValueError as error:
            raise BadRow(str(error), "Check `block` in the profile") from None

    def _label(self, line: int, row: Row) -> None:
        for rule in self.profile.labels:
            account, label = rule.account.of(row), rule.label.of(row)
            if label and account and label.casefold() != account.casefold():
                made = Label(account, label, rule.kind, f"{self.item_hash}#line {line}")
                self.labels.setdefault((account, label, rule.kind), made)


def _account(ledger: str, identifier: str) -> str:
    try:
        return AccountId(ledger, identifier).identifier
    except ValueError as error:
        raise BadRow(str(error), "Every movement needs its account") from None


def _named(kind: Callable[[str], T], text: str, what: str, mend: str) -> T:
    try:
        return kind(text)
    except ValueError:
        raise BadRow(f"{what} {shown(text)} is not known", mend) from None
