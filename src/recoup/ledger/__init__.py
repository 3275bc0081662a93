"""Ledger: every movement of value, bank or chain, in one shape.

In: ledger files (CSV or Parquet, one row per leg; `docs/reference/ledger-file.md`). Out: entries and legs,
findings about balances, the order of entries and where that order is not proven.
Always true: amounts are exact integers up to 256 bits; no input-to-output edge of a coin transaction is invented;
what does not add up is reported with its line and never repaired.
"""

from recoup.ledger.check import check
from recoup.ledger.file import read_ledger, read_ledgers, write_ledger
from recoup.ledger.finding import Finding
from recoup.ledger.model import FROM_OUTSIDE, TO_OUTSIDE, Entry, Kind, Ledger, Leg, Side
from recoup.ledger.order import Order, Ordering, ordered
from recoup.ledger.rows import COLUMNS

__all__ = [
    "COLUMNS",
    "FROM_OUTSIDE",
    "TO_OUTSIDE",
    "Entry",
    "Finding",
    "Kind",
    "Ledger",
    "Leg",
    "Order",
    "Ordering",
    "Side",
    "check",
    "ordered",
    "read_ledger",
    "read_ledgers",
    "write_ledger",
]
