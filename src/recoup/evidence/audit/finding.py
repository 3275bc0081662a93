"""What an audit can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """One word per kind of damage. The first word says what is damaged."""

    CHECKPOINT_MISSING = "checkpoint-missing"
    CHECKPOINT_MALFORMED = "checkpoint-malformed"
    CHECKPOINT_FALSE = "checkpoint-false"
    CHECKPOINT_ROOT = "checkpoint-root-differs"
    ENTRY_CHANGED = "entry-changed"
    ENTRY_MISSING = "entry-missing"
    ENTRY_MOVED = "entry-moved"
    ENTRY_UNSIGNED = "entry-unsigned"
    ENTRY_MALFORMED = "entry-malformed"
    ENTRY_BACKDATED = "entry-backdated"
    TILE_CHANGED = "tile-changed"
    TILE_MISSING = "tile-missing"
    COSIGNED_FALSE = "cosigned-false"
    HISTORY_REWRITTEN = "history-rewritten"
    HISTORY_ROLLED_BACK = "history-rolled-back"
    HISTORY_SPLIT = "history-split"
    WITNESS_FALSE = "witness-false"
    WITNESS_BEHIND = "witness-behind"
    PAYLOAD_CHANGED = "payload-changed"
    PAYLOAD_MISSING = "payload-missing"
    PAYLOAD_ORPHAN = "payload-orphan"
    PAYLOAD_INDEX = "payload-index-differs"
    KEY_MISSING = "key-missing"
    KEY_NOT_ERASED = "key-not-erased"
    ITEM_CHANGED = "item-changed"
    ITEM_MISSING = "item-missing"
    ITEM_UNKNOWN = "item-unknown"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Damage to entries [first, last]; -1, -1 where it is not about entries."""

    code: Code
    first: int
    last: int
    what: str

    def __str__(self) -> str:
        entries = f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"
        return f"{self.code}: {entries}: {self.what}" if self.first >= 0 else f"{self.code}: {self.what}"


def one(code: Code, index: int, what: str) -> Finding:
    """About a single entry."""
    return Finding(code, index, index, what)


def whole(code: Code, what: str) -> Finding:
    """About no entry in particular."""
    return Finding(code, -1, -1, what)


def runs(indexes: list[int]) -> list[tuple[int, int]]:
    """Rising indexes as inclusive runs."""
    found: list[tuple[int, int]] = []
    for index in indexes:
        if found and index == found[-1][1] + 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
