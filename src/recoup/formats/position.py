"""The `position` of a chain entry: its block and its index in it, in one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recoup.ground import Instant
from recoup.ledger import Entry

INDEX_PLACES = 10**6  # no chain puts a million transactions into one block
BLOCK_MAX = (2**63 - 1) // INDEX_PLACES - 1


def position_at(block: int, index: int | None) -> int:
    """`block` · 10**6 + index + 1; without an index `block` · 10**6. Out of range raises ValueError."""
    if not 0 <= block <= BLOCK_MAX or (index is not None and not 0 <= index < INDEX_PLACES - 1):
        raise ValueError(f"block {block} or index {index} is out of range")
    return block * INDEX_PLACES + (0 if index is None else index + 1)


def levelled(entries: Sequence[Entry]) -> list[Entry]:
    """Take the index away in each block where one entry has none: there no order among its entries is proven."""
    unknown = {_block(entry) for entry in entries if entry.position % INDEX_PLACES == 0}
    return [
        replace(entry, position=entry.position - entry.position % INDEX_PLACES) if _block(entry) in unknown else entry
        for entry in entries
    ]


def _block(entry: Entry) -> tuple[str, Instant, int]:
    return entry.ledger, entry.time, entry.position // INDEX_PLACES
