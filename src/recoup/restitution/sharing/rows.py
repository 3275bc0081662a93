"""Claims of a problem file, read row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from recoup.restitution.reading import Node
from recoup.restitution.sharing.columns import Column, column
from recoup.restitution.sharing.model import COLUMNS, NOT_GIVEN, Claims

ID_CHARACTERS_MAX = 200

AMOUNT_FIELDS = ("gross", *COLUMNS)
CLAIM_FIELDS = (
    "id", "loss", *AMOUNT_FIELDS, "beneficiary", "class", "pools", "defendants", "asset", "advanced", "disputed",
    "maximum", "elects", "note",
)  # fmt: skip


class Row:
    """One claim of the file, read."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.found = node.members(CLAIM_FIELDS)
        if "id" not in self.found:
            node.fault("the claim has no id", "Give every claim an id of its own")
        self.id = self.text("id")
        self.beneficiary = self.text("beneficiary")
        self.amounts = {name: self.found[name].whole() for name in AMOUNT_FIELDS if name in self.found}
        self._flags = {name for name in ("disputed", "elects") if name in self.found and self.found[name].flag()}
        self._settle_gross()

    def text(self, name: str) -> str:
        return self.found[name].text(ID_CHARACTERS_MAX) if name in self.found else ""

    def whole(self, name: str) -> int:
        return self.found[name].whole() if name in self.found else 0

    def flag(self, name: str) -> bool:
        return name in self._flags

    def _settle_gross(self) -> None:
        """`loss` stands for gross less withdrawn; given both, they must agree."""
        withdrawn = self.amounts.get("withdrawn", 0)
        if "loss" in self.found:
            loss = self.found["loss"].whole()
            net = max(0, self.amounts["gross"] - withdrawn) if "gross" in self.amounts else loss
            if net != loss:
                self.found["loss"].fault(f"loss {loss} is not gross less withdrawn ({net})", "Give one of the two")
            self.amounts.setdefault("gross", loss + withdrawn)
        elif not self.amounts.keys() & {"gross", "balance", "weight"}:
            self.node.fault("the claim has neither loss nor gross", "Give loss, or gross with withdrawn")


def claims_of(rows: Sequence[Row], pool: int) -> Claims:
    """The rows as columns. A claim that has only a weight may take up to its upper bound, or the whole pool."""
    absent = dict.fromkeys(COLUMNS, 0) | dict.fromkeys(("weight", "lower", "upper"), NOT_GIVEN)
    given = {name: column([row.amounts.get(name, absent[name]) for row in rows]) for name in COLUMNS}
    gross = [row.amounts.get("gross", row.amounts.get("balance", row.amounts.get("upper", pool))) for row in rows]
    return Claims.of(tuple(row.id for row in rows), column(gross), **given)


def maximum_of(rows: Sequence[Row], claims: Claims) -> Column | None:
    """What each claim would have paid in at its maximum; None where nothing is disputed."""
    disputed = [row for row in rows if row.flag("disputed")]
    for row in disputed:
        if "maximum" not in row.found:
            row.node.fault("the claim is disputed without a maximum", "Give maximum: the most that may be allowed")
    most = [_at_maximum(row, gross) for row, gross in zip(rows, claims.gross.tolist(), strict=True)]
    return column(most) if disputed else None


def _at_maximum(row: Row, gross: int) -> int:
    """`maximum` is in the claim's own measure: a loss where the claim gives a loss, otherwise gross."""
    if not row.flag("disputed") or "maximum" not in row.found:
        return gross
    given = row.found["maximum"].whole() + (row.amounts.get("withdrawn", 0) if "loss" in row.found else 0)
    if given < gross:
        row.found["maximum"].fault("the maximum is below what is allowed already", "Give the most that may be allowed")
    return max(gross, given)


def refuse_twice(rows: Sequence[Row], what: Literal["id", "beneficiary"], mend: str) -> None:
    """A fault for every row whose id or beneficiary stands on an earlier row."""
    seen: set[str] = set()
    for row in rows:
        name = getattr(row, what)
        if name and name in seen:
            row.node.fault(f"{what} {name[:60]!r} stands twice", mend)
        seen.add(name)
