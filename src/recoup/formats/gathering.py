"""What the files of one reading bring together."""

from __future__ import annotations

from dataclasses import dataclass, field

from recoup.formats.coins import Book
from recoup.formats.labels import Label
from recoup.ledger import Ledger


@dataclass(slots=True)
class Gathering:
    """Coin transactions of all files meet in one book; files that stand alone bring their ledger."""

    coins: Book = field(default_factory=Book)
    ledgers: list[Ledger] = field(default_factory=list)
    labels: dict[Label, None] = field(default_factory=dict)
