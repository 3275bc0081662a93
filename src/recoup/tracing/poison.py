"""Poison: any coloured receipt colours every later payment whole. A reach, never an amount."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.tracing.book import Book, Item
from recoup.tracing.machine import Colour, Grains, Machine
from recoup.tracing.model import Parameters


@dataclass(frozen=True, slots=True)
class Reach:
    """An amount in smallest units, and every claim that reaches it."""

    amount: int
    colours: frozenset[Colour] = frozenset()


class Poison(Machine[Reach]):
    """Per pot the claims that reached it."""

    def __init__(self, book: Book, parameters: Parameters) -> None:
        super().__init__(book, parameters)
        self.reached: dict[int, frozenset[Colour]] = {}

    def coloured(self, pot: int) -> bool:
        return pot in self.reached

    def held(self, pot: int) -> Grains:
        return self.grains(Reach(self.balance[pot], self.reached.get(pot, frozenset())))

    def clean(self, amount: int) -> Reach:
        return Reach(amount)

    def grains(self, portion: Reach) -> Grains:
        return dict.fromkeys(sorted(portion.colours), portion.amount)

    def total(self, portion: Reach) -> int:
        return portion.amount if portion.colours else 0

    def receive(self, pot: int, portion: Reach) -> None:
        self.balance[pot] += portion.amount
        if portion.colours:
            self.reached[pot] = self.reached.get(pot, frozenset()) | portion.colours

    def pay(self, pot: int, item: Item) -> Reach:
        self.balance[pot] = max(0, self.balance[pot] - item.amount)
        return Reach(item.amount, self.reached.get(pot, frozenset()))

    def colour(self, portion: Reach, colour: Colour, grains: int) -> tuple[Reach, int]:
        return Reach(portion.amount, portion.colours | {colour}), 0

    def uncolour(self, portion: Reach, grains: int | None) -> tuple[Reach, Grains]:
        return Reach(portion.amount), self.grains(portion)

    def carry_off(self, portion: Reach, grains: int | None) -> tuple[Reach, Grains]:
        """A link adds to the reach and takes nothing from it."""
        return portion, self.grains(portion)

    def split(self, portions: list[Reach], ins: tuple[Item, ...]) -> list[Reach]:
        colours = frozenset(colour for portion in portions for colour in portion.colours)
        return [Reach(item.amount, colours) for item in ins]
