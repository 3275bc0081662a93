"""The claims file of a run (CSV): one row per claim, and the links file beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from recoup.ground import Defects, Refused
from recoup.ground.asset import amount_from_text
from recoup.ledger.text import csv_rows
from recoup.restitution.claims.consolidate import Link, LinkKind, LinkState
from recoup.restitution.sharing.columns import Column, column
from recoup.restitution.sharing.model import Claims

REQUIRED = ("claim", "person", "gross")
AMOUNTS = ("withdrawn", "collateral", "paid", "elsewhere", "balance", "interest", "maximum")
OPTIONAL = (*AMOUNTS, "state", "class", "pools")
LINK_COLUMNS = ("one", "other", "kind", "state", "decided_by", "reason")
T = TypeVar("T")
NAME = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Standing(StrEnum):
    """What a run needs to know of a claim's state."""

    ALLOWED = "allowed"
    DISPUTED = "disputed"  # counted at its maximum, paid on what is allowed
    DENIED = "denied"  # final: left out


@dataclass(frozen=True, slots=True, eq=False)
class ClaimFile:
    """The file as columns, in the order of the claims' names; `maximum` is gross where nothing is disputed."""

    claims: Claims
    persons: tuple[str, ...]
    maximum: Column
    standing: tuple[Standing, ...]
    classes: tuple[str, ...]
    pools: tuple[str, ...]


class BadRow(ValueError):
    """A row that cannot be taken, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.mend = mend
        super().__init__(what)


class _Reader:
    """Rows taken one by one into columns; a column that the file lacks costs nothing."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.persons: list[str] = []
        self.gross: list[int] = []
        self.standing: list[Standing] = []
        self.texts: dict[str, list[str]] = {"class": [], "pools": []}
        self.amounts: dict[str, list[int]] = {name: [] for name in AMOUNTS}

    def take(self, line: int, fields: dict[str, str]) -> None:
        claim, person = fields["claim"], fields["person"]
        if not (NAME.fullmatch(claim) and NAME.fullmatch(person)):
            what = f"{'claim' if NAME.fullmatch(person) else 'person'} is empty, too long, or holds control characters"
            raise BadRow(what, "Write 1 to 200 printable characters")
        if claim in self.lines:
            raise BadRow(f"claim {claim[:60]!r} stands on line {self.lines[claim]} already", "Name every claim once")
        try:
            gross = _amount(fields["gross"])
            amounts = {name: _amount(text) for name, text in fields.items() if name in AMOUNTS}
            standing = Standing(fields.get("state") or Standing.ALLOWED)
        except ValueError as error:
            mend = "Amounts are whole smallest units; state is allowed, disputed or denied"
            raise BadRow(str(error), mend) from None
        amounts["maximum"] = _maximum(gross, amounts.get("maximum", 0), standing)
        self.lines[claim] = line
        self.persons.append(person)
        self.gross.append(gross)
        self.standing.append(standing)
        for name, amount in amounts.items():
            self.amounts[name].append(amount)
        for name, column_ in self.texts.items():
            column_.append(fields.get(name, ""))

    def columns(self) -> ClaimFile:
        """Everything taken, in the order of the claims' names."""
        names = list(self.lines)
        order = sorted(range(len(names)), key=names.__getitem__)

        def ordered(values: list[T]) -> list[T]:
            return [values[i] for i in order]

        amounts = {name: column(ordered(values)) for name, values in self.amounts.items() if values}
        maximum = amounts.pop("maximum", column([]))
        claims = Claims.of(tuple(ordered(names)), column(ordered(self.gross)), **amounts)
        persons, standing = tuple(ordered(self.persons)), tuple(ordered(self.standing))
        classes, pools = (tuple(ordered(self.texts[name])) for name in ("class", "pools"))
        return ClaimFile(claims, persons, maximum, standing, classes, pools)


def _amount(text: str) -> int:
    """`amount_from_text`; an empty field is zero, short digits go the short way."""
    if len(text) < 19 and text.isascii() and text.isdigit():
        return int(text)
    return amount_from_text(text or "0")


def _maximum(gross: int, maximum: int, standing: Standing) -> int:
    if standing is not Standing.DISPUTED:
        return gross
    if maximum < gross:
        raise BadRow("a disputed claim needs maximum, at least its gross", "Give the most that may be allowed")
    return maximum


def read_claims(path: Path, defects: Defects) -> ClaimFile:
    """Good rows; every rejected row is a defect with its line. A missing or unknown column raises Refused."""
    reader = _Reader()
    for line, fields in csv_rows(path, REQUIRED, (*REQUIRED, *OPTIONAL), defects):
        try:
            reader.take(line, fields)
        except BadRow as bad:
            defects.add(str(path), line, f"row rejected: {bad}", bad.mend)
    return reader.columns()


def read_links(path: Path, defects: Defects) -> tuple[Link, ...]:
    """Links between persons; every rejected row is a defect with its line."""
    return tuple(_links(path, defects))


def _links(path: Path, defects: Defects) -> Iterator[Link]:
    for line, row in csv_rows(path, LINK_COLUMNS, LINK_COLUMNS, defects):
        try:
            kind, state = LinkKind(row["kind"]), LinkState(row["state"])
            yield Link(row["one"], row["other"], kind, state, row["decided_by"], row["reason"])
        except ValueError as error:
            mend = "kind: " + ", ".join(LinkKind) + "; state: " + ", ".join(LinkState)
            defects.add(str(path), line, f"row rejected: {error}", mend)


def refuse_defects(defects: Defects) -> None:
    """Raise Refused where anything was rejected: a run takes every row or none."""
    if len(defects):
        raise Refused(*defects)
