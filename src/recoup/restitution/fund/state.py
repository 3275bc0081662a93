"""The tables behind the books, changed all together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from recoup.restitution.fund.model import AccountKind, Attempt, ClaimState, Defendant, Entry


@dataclass
class State:
    """Balances by account, sums by kind, and what is known of claims, attempts, persons and defendants."""

    entries: list[Entry] = field(default_factory=list)
    balances: dict[str, int] = field(default_factory=dict)
    kinds: dict[AccountKind, int] = field(default_factory=dict)
    claims: dict[str, ClaimState] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    open_attempts: dict[str, str] = field(default_factory=dict)  # claim -> attempt
    persons: dict[str, int] = field(default_factory=dict)  # person -> paid and in transit, here
    held: dict[str, int] = field(default_factory=dict)  # claims that still have a share in the reserve
    defendants: dict[str, Defendant] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)  # paid, taken out of the fund otherwise
    _changes: list[tuple[dict[Any, Any], Any, Any]] = field(default_factory=list)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Changes inside stay only if nothing raises."""
        self._changes.clear()
        count = len(self.entries)
        try:
            yield
        except BaseException:
            for table, key, old in reversed(self._changes):
                if old is None:
                    table.pop(key, None)
                else:
                    table[key] = old
            del self.entries[count:]
            raise

    def put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        """Set a value inside `together`."""
        self._changes.append((table, key, table.get(key)))
        table[key] = value

    def forget(self, table: dict[Any, Any], key: Any) -> None:
        """Take a key away inside `together`."""
        self._changes.append((table, key, table[key]))
        del table[key]

    def append(self, entry: Entry) -> None:
        """Book an entry on balances and kinds."""
        self.entries.append(entry)
        by_kind: dict[AccountKind, int] = {}
        for posting in entry.postings:
            self.put(self.balances, posting.account, self.balances.get(posting.account, 0) + posting.amount)
            by_kind[posting.kind] = by_kind.get(posting.kind, 0) + posting.amount
        for kind, amount in by_kind.items():
            self.put(self.kinds, kind, self.kinds.get(kind, 0) + amount)

    def change_claim(self, claim: str, **by: int) -> ClaimState:
        """Add to the figures of a claim; keeps the person's total in step."""
        old = self.claims[claim]
        new = replace(old, **{name: getattr(old, name) + amount for name, amount in by.items()})
        self.put(self.claims, claim, new)
        moved = by.get("paid", 0) + by.get("in_transit", 0)
        if moved:
            self.put(self.persons, old.person, self.persons.get(old.person, 0) + moved)
        return new

    def add(self, name: str, amount: int) -> None:
        """Add to a running total."""
        self.put(self.totals, name, self.totals.get(name, 0) + amount)
