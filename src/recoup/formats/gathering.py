"""What the files of one reading bring together."""

from __future__ import annotations

from dataclasses import dataclass, field

from recoup.formats import coins, evm_book
from recoup.formats.labels import Label
from recoup.ledger import Ledger


@dataclass(slots=True)
class Gathering:
    """Coin transactions of all files meet in one book, those of account chains in one per family of formats and chain.

    Families number the transfers of a transaction in their own ways, so their rows cannot meet. Files that stand alone
    bring their ledger.
    """

    coins: coins.Book = field(default_factory=coins.Book)
    accounts: dict[tuple[str, str], evm_book.Book] = field(default_factory=dict)
    ledgers: list[Ledger] = field(default_factory=list)
    labels: dict[Label, None] = field(default_factory=dict)

    def book(self, family: str, chain: str) -> evm_book.Book:
        """The book of an account chain's rows in one family of formats."""
        return self.accounts.setdefault((family, chain), evm_book.Book(chain))
