"""Single fields of a row: read, or refused with what is wrong; and how to mend each column."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from recoup.ledger.model import Kind, Side

POSITION_MAX = 2**63 - 1

_POSITION = re.compile(r"[0-9]{1,19}")

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


class BadField(ValueError):
    """A field that cannot be read, and its column."""

    def __init__(self, column: str, what: str) -> None:
        self.column = column
        super().__init__(what)


def position_from_text(text: str) -> int:
    """0 where empty; anything but a whole number below 2**63 raises BadField."""
    if text == "":
        return 0
    if not _POSITION.fullmatch(text) or int(text) > POSITION_MAX:
        raise BadField("position", f"position {text[:40]!r} is not a whole number from 0 to 2**63 - 1")
    return int(text)


def one_of(names: type[E], row: Row, column: str, default: str) -> E:
    """The member of an enumeration that the field names, or `default` where it is empty; else BadField."""
    text = row.get(column) or default
    try:
        return names(text)
    except ValueError:
        raise BadField(column, f"{column} {text[:40]!r} is not known") from None


def named(make: Callable[..., T], column: str, *texts: str) -> T:
    """`make(*texts)`; a ValueError becomes a BadField of this column."""
    try:
        return make(*texts)
    except ValueError as error:
        raise BadField(column, str(error)) from None
