"""Profiles: a table (TOML) that says which column of a CSV means what. See `docs/how-to/profile.md`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import NoReturn

from recoup.ground import Defect, Refused, sha256_hex

PROFILE_BYTES_MAX = 2**20

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value comes from: a `column`, or a constant `value`.

    `map` replaces what the column holds; `hex = "lower"` writes an address that starts with 0x in lower case.
    `format`, `timezone` and `start` belong to times (`profile_rows`).
    """

    column: str = ""
    value: str = ""
    map: Mapping[str, str] = field(default_factory=dict)
    hex: str = ""
    format: str = "rfc3339"
    timezone: str = ""
    start: str = ""

    def of(self, row: Row) -> str:
        if not self.column:
            return self.value
        text = row.get(self.column, "").strip()
        text = self.map.get(text, text)
        return text.lower() if self.hex == "lower" and text[:2] in ("0x", "0X") else text


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written. `quotes = "loose"` takes a quote inside a field as it stands."""

    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    quotes: str = "strict"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows whose `column` holds `contains` are rejected, with the words to say."""

    column: str
    contains: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows whose `column` is `equals` are no movements; they are counted, and `why` is said."""

    column: str
    equals: str
    why: str


@dataclass(frozen=True, slots=True)
class LabelRule:
    """Names of accounts that the rows carry."""

    account: Cell
    label: Cell
    kind: str = "unknown"


@dataclass(frozen=True, slots=True)
class Fields:
    """Which cell gives what. Transfers name `from` and `to`; statements of one account name `account`."""

    ledger: Cell
    asset: Cell
    time: Cell
    entry: Cell | None = None
    position: Cell | None = None
    block: Cell | None = None
    contract: Cell | None = None
    decimals: Cell | None = None
    kind: Cell | None = None
    sender: Cell | None = None
    recipient: Cell | None = None
    account: Cell | None = None
    direction: Cell | None = None
    amount: Cell | None = None
    paid_out: Cell | None = None
    paid_in: Cell | None = None
    fee: Cell | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile; `sha256` is the hash of its text, so that a report names exactly what was used."""

    name: str
    version: str
    about: str
    source: str
    sha256: str
    layout: Layout
    fields: Fields
    labels: tuple[LabelRule, ...] = ()
    refuse: tuple[Refusal, ...] = ()
    skip: tuple[Skip, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the profile names: all must stand in the header."""
        cells: list[Cell | None] = [getattr(self.fields, each.name) for each in fields(Fields)]
        for rule in self.labels:
            cells += [rule.account, rule.label]
        names = [cell.column for cell in cells if cell is not None and cell.column]
        names += [each.column for each in self.refuse] + [each.column for each in self.skip]
        return tuple(dict.fromkeys(names))

    def __str__(self) -> str:
        return f"profile {self.name} {self.version} (sha256 {self.sha256[:12]})"


def shipped() -> tuple[Profile, ...]:
    """The profiles of this package, by name."""
    folder = resources.files("recoup.formats") / "profiles"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(parse(file.read_bytes(), file.name) for file in files)


def load(path: Path) -> Profile:
    """A profile file of one's own; Refused with the key that is wrong."""
    try:
        with path.open("rb") as stream:
            data = stream.read(PROFILE_BYTES_MAX + 1)
    except OSError as error:
        raise Refused(Defect(str(path), 0, f"cannot be opened: {error.strerror}", "Check the name")) from None
    if len(data) > PROFILE_BYTES_MAX:
        raise Refused(Defect(str(path), 0, f"is longer than {PROFILE_BYTES_MAX:,} bytes", "Is this a profile?"))
    return parse(data, str(path))


def parse(data: bytes, file: str) -> Profile:
    """A profile from its TOML text; Refused with the key that is wrong."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Defect(file, 0, f"not readable as TOML: {error}", "Mend the profile")) from None
    return _Tables(file).profile(table, sha256_hex(data))


_FIELD_NAMES = {"from": "sender", "to": "recipient", "out": "paid_out", "in": "paid_in"}
_NO_DELIMITERS = ('"', "\r", "\n", "\x00")
_TOP = {"profile", "version", "about", "source", "file", "fields", "labels", "refuse", "skip"}


@dataclass(frozen=True, slots=True)
class _Tables:
    """TOML tables to dataclasses; whatever does not fit is refused with its key."""

    file: str

    def profile(self, table: dict[str, object], sha256: str) -> Profile:
        self._known(table, _TOP, "the profile")
        profile = Profile(
            name=self._text(table, "profile"),
            version=self._text(table, "version"),
            about=self._text(table, "about"),
            source=self._text(table, "source"),
            sha256=sha256,
            layout=self._layout(self._table(table.get("file", {}), "file")),
            fields=self._fields(self._table(table.get("fields"), "fields")),
            labels=tuple(self._label(each) for each in self._tables(table, "labels")),
            refuse=tuple(Refusal(*self._texts(each, "refuse", Refusal)) for each in self._tables(table, "refuse")),
            skip=tuple(Skip(*self._texts(each, "skip", Skip)) for each in self._tables(table, "skip")),
        )
        self._check(profile.fields)
        return profile

    def _refuse(self, what: str) -> NoReturn:
        raise Refused(Defect(self.file, 0, what, "Mend the profile; docs/how-to/profile.md says how"))

    def _check(self, given: Fields) -> None:
        transfer = given.sender is not None and given.recipient is not None and given.amount is not None
        split = given.paid_out is not None and given.paid_in is not None
        if (given.sender is None) != (given.recipient is None) or transfer == (given.account is not None):
            self._refuse("fields name either from, to and amount, or account")
        one = given.paid_out is not None or given.paid_in is not None
        if given.account is not None and (split == (given.amount is not None) or one != split):
            self._refuse("an account needs either amount (with its sign, or with direction), or out and in")

    def _known(self, table: Mapping[str, object], names: set[str], where: str) -> None:
        for key in table:
            if key not in names:
                self._refuse(f"{where} has the unknown key {key[:40]!r}")

    def _text(self, table: Mapping[str, object], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            self._refuse(f"{key} is missing or no text")
        return value

    def _table(self, value: object, where: str) -> dict[str, object]:
        if not isinstance(value, dict):
            self._refuse(f"{where} is missing or no table")
        return value

    def _tables(self, table: Mapping[str, object], key: str) -> list[dict[str, object]]:
        value = table.get(key, [])
        if not isinstance(value, list):
            self._refuse(f"{key} is no list of tables")
        return [self._table(each, key) for each in value]

    def _texts(self, table: dict[str, object], where: str, kind: type[Refusal] | type[Skip]) -> list[str]:
        names = [each.name for each in fields(kind)]
        self._known(table, set(names), where)
        return [self._text(table, name) for name in names]

    def _layout(self, table: dict[str, object]) -> Layout:
        self._known(table, {each.name for each in fields(Layout)}, "file")
        layout = Layout(**{key: self._text(table, key) for key in table})
        if layout.delimiter in _NO_DELIMITERS:
            self._refuse("delimiter cannot be a quote, a line end or NUL")
        if len(layout.delimiter) != 1 or layout.decimal not in (".", ",") or layout.quotes not in ("strict", "loose"):
            self._refuse("delimiter is one character, decimal is . or , and quotes are strict or loose")
        try:
            b"a".decode(layout.encoding)
        except UnicodeDecodeError:  # of two bytes or more a letter
            return layout
        except (LookupError, ValueError):  # a codec that reads nothing, or a name that cannot be one
            self._refuse(f"encoding {layout.encoding[:40]!r} is not known")
        return layout

    def _fields(self, table: dict[str, object]) -> Fields:
        names = {each.name for each in fields(Fields)} - set(_FIELD_NAMES.values()) | set(_FIELD_NAMES)
        self._known(table, names, "fields")
        cells = {_FIELD_NAMES.get(key, key): self._cell(value, key) for key, value in table.items()}
        for name in ("ledger", "asset", "time"):
            if name not in cells:
                self._refuse(f"fields.{name} is missing")
        return Fields(**cells)

    def _label(self, table: dict[str, object]) -> LabelRule:
        self._known(table, {"account", "label", "kind"}, "labels")
        kind = self._text(table, "kind") if "kind" in table else "unknown"
        return LabelRule(self._cell(table.get("account"), "account"), self._cell(table.get("label"), "label"), kind)

    def _cell(self, value: object, where: str) -> Cell:
        table = self._table(value, where)
        self._known(table, {each.name for each in fields(Cell)}, where)
        given: dict[str, str] = {key: self._text(table, key) for key in table if key != "map"}
        mapping = {
            key: self._text({"map": text}, "map") for key, text in self._table(table.get("map", {}), "map").items()
        }
        cell = Cell(**given, map=mapping)
        if bool(cell.column) == bool(cell.value):
            self._refuse(f"{where} needs either column or value")
        if cell.hex not in ("", "lower"):
            self._refuse(f"{where}: hex is {cell.hex[:40]!r}, and only lower is known")
        return cell
