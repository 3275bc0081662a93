"""The claims file of a run (CSV): one row per claim, and the links file beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class _Row:
    claim: str
    person: str
    gross: int
    amounts: tuple[int, ...]
    standing: Standing
    group: str
    pools: str


def read_claims(path: Path, defects: Defects) -> ClaimFile:
    """Good rows; every rejected row is a defect with its line. A missing or unknown column raises Refused."""
    rows: dict[str, tuple[int, _Row]] = {}
    for line, fields in csv_rows(path, REQUIRED, (*REQUIRED, *OPTIONAL), defects):
        try:
            row = _read(fields)
            if row.claim in rows:
                first = rows[row.claim][0]
                raise BadRow(f"claim {row.claim[:60]!r} stands on line {first} already", "Name every claim once")
            rows[row.claim] = (line, row)
        except BadRow as bad:
            defects.add(str(path), line, f"row rejected: {bad}", bad.mend)
    return _columns([rows[name][1] for name in sorted(rows)])


class BadRow(ValueError):
    """A row that cannot be taken, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.mend = mend
        super().__init__(what)


def _read(fields: dict[str, str]) -> _Row:
    for name in ("claim", "person"):
        if not NAME.fullmatch(fields[name]):
            what = f"{name} is empty, too long, or holds control characters"
            raise BadRow(what, "Write 1 to 200 printable characters")
    try:
        gross, *amounts = (amount_from_text(fields.get(name) or "0") for name in ("gross", *AMOUNTS))
        standing = Standing(fields.get("state") or Standing.ALLOWED)
    except ValueError as error:
        mend = "Amounts are whole smallest units; state is allowed, disputed or denied"
        raise BadRow(str(error), mend) from None
    *others, maximum = amounts
    if standing is Standing.DISPUTED and maximum < gross:
        raise BadRow("a disputed claim needs maximum, at least its gross", "Give the most that may be allowed")
    most = maximum if standing is Standing.DISPUTED else gross
    group, pools = fields.get("class", ""), fields.get("pools", "")
    return _Row(fields["claim"], fields["person"], gross, (*others, most), standing, group, pools)


def _columns(rows: list[_Row]) -> ClaimFile:
    given = {name: column([row.amounts[place] for row in rows]) for place, name in enumerate(AMOUNTS)}
    maximum = given.pop("maximum")
    claims = Claims.of(tuple(row.claim for row in rows), column([row.gross for row in rows]), **given)
    return ClaimFile(
        claims,
        tuple(row.person for row in rows),
        maximum,
        tuple(row.standing for row in rows),
        tuple(row.group for row in rows),
        tuple(row.pools for row in rows),
    )


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
