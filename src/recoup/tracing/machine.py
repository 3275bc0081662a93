"""What every rule answers about pots: pay, join and split, colour, receive.

A machine keeps the state of all pots for one rule. Colours are counted in *grains*, 2**guard_bits to the smallest unit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from recoup.tracing.book import FEES, Book, Item
from recoup.tracing.model import FeePolicy, Parameters

Colour = int  # number of a claim, from 1, in the order of the claims; 0 is clean
Grains = dict[Colour, int]
P = TypeVar("P")


class Machine(ABC, Generic[P]):
    """`P` is what the rule keeps of value in motion: its amount and whose it is."""

    guard_bits = 0

    def __init__(self, book: Book, parameters: Parameters) -> None:
        self.balance = [0] * len(book.pots)
        self.is_coin = [bool(pot.coin) for pot in book.pots]
        self._elected = book.elected
        self.fee_first = parameters.fee_policy is FeePolicy.FIRST
        self.backward = parameters.backward

    @abstractmethod
    def coloured(self, pot: int) -> bool:
        """Whether the pot holds any colour."""

    @abstractmethod
    def held(self, pot: int) -> Grains:
        """Whose value the pot holds, in grains."""

    @abstractmethod
    def pay(self, pot: int, item: Item) -> P:
        """Take the item's amount out of the pot; an elected leg is paid from coloured value first."""

    @abstractmethod
    def clean(self, amount: int) -> P:
        """Value without colour."""

    @abstractmethod
    def split(self, portions: list[P], ins: tuple[Item, ...]) -> list[P]:
        """Join what was paid and give each in its portion, in the order of `ins`."""

    @abstractmethod
    def colour(self, portion: P, colour: Colour, grains: int) -> tuple[P, int]:
        """Colour clean value of the portion; also the grains for which no clean value was left."""

    @abstractmethod
    def uncolour(self, portion: P, grains: int | None) -> tuple[P, Grains]:
        """Take colour off the portion, at most `grains` of it (None: all); also what was taken."""

    def elected(self, item: Item) -> bool:
        """Whether an election names the item. A coin is taken whole: there an election changes nothing."""
        return item.leg in self._elected and not self.is_coin[item.pot]

    def carry_off(self, portion: P, grains: int | None) -> tuple[P, Grains]:
        """Take off the portion what a link carries on, at most `grains` (None: all); also what that is."""
        return self.uncolour(portion, grains)

    @abstractmethod
    def receive(self, pot: int, portion: P) -> None:
        """Put the portion into the pot."""

    @abstractmethod
    def grains(self, portion: P) -> Grains:
        """Whose value the portion is, in grains."""

    def total(self, portion: P) -> int:
        """Coloured value of the portion in grains, no value counted twice."""
        return sum(self.grains(portion).values())

    def plain(self, outs: tuple[Item, ...], ins: tuple[Item, ...]) -> None:
        """Move value out of uncoloured pots: it is clean (a shortfall leaves nothing behind)."""
        for item in outs:
            self.balance[item.pot] = max(0, self.balance[item.pot] - item.amount)
        for item in ins:
            if self.coloured(item.pot):
                self.receive(item.pot, self.clean(item.amount))
            else:
                self.balance[item.pot] += item.amount

    def fee_index(self, ins: tuple[Item, ...]) -> int | None:
        """Where the flow's fee stands among its ins; a fee that is the only in is no remainder."""
        if len(ins) < 2:
            return None
        index = 0 if self.fee_first else len(ins) - 1
        return index if ins[index].pot == FEES else None


def merged(a: Grains, b: Grains) -> Grains:
    """Sum per colour, colours in order; neither holds a colour with nothing. The dicts are never changed."""
    if not a or not b:
        return a or b
    total = dict(a)
    for colour, grains in b.items():
        total[colour] = total.get(colour, 0) + grains
    return total if len(total) == len(a) else {colour: total[colour] for colour in sorted(total)}
