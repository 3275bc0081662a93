"""Line rules: a pot is an ordered line of lots, and units keep their place (§3 of the tracing rules)."""

from __future__ import annotations

from collections import deque

from recoup.tracing.book import Book, Item
from recoup.tracing.lots import CLEAN, Line, Lot, coloured_first, cut, joined, length
from recoup.tracing.machine import Colour, Grains, Machine
from recoup.tracing.model import Parameters


class LineMachine(Machine[Line]):
    """What the line rules share; a pot without colour is only a balance."""

    def __init__(self, book: Book, parameters: Parameters) -> None:
        super().__init__(book, parameters)
        self.lots: dict[int, deque[Lot]] = {}
        self.taint: dict[int, int] = {}

    def coloured(self, pot: int) -> bool:
        return pot in self.lots

    def held(self, pot: int) -> Grains:
        return self.grains(list(self.lots.get(pot, ())))

    def clean(self, amount: int) -> Line:
        return joined([], [(CLEAN, amount)])

    def grains(self, portion: Line) -> Grains:
        sums: Grains = {}
        for colour, amount in portion:
            if colour:
                sums[colour] = sums.get(colour, 0) + amount
        return {colour: sums[colour] for colour in sorted(sums)}

    def receive(self, pot: int, portion: Line) -> None:
        taint = sum(amount for colour, amount in portion if colour)
        if pot not in self.lots and taint:
            self.lots[pot] = deque(self.clean(self.balance[pot]))
            self.taint[pot] = 0
        self.balance[pot] += length(portion)
        if pot in self.lots:
            self._append(self.lots[pot], portion)
            self.taint[pot] += taint

    def pay(self, pot: int, item: Item) -> Line:
        if pot not in self.lots:
            self.balance[pot] = max(0, self.balance[pot] - item.amount)
            return self.clean(item.amount)
        if item.amount == self.balance[pot]:
            return self._in_order(self._swept(pot), item)
        line = self._elect(pot, item) if self.elected(item) else self._take(pot, item)
        self.balance[pot] -= item.amount
        self.taint[pot] -= sum(amount for colour, amount in line if colour)
        if not self.taint[pot]:
            del self.lots[pot], self.taint[pot]
        return line

    def colour(self, portion: Line, colour: Colour, grains: int) -> tuple[Line, int]:
        painted: Line = []
        for old, amount in reversed(portion) if self._paints_from_end else portion:
            new = 0 if old else min(amount, grains)
            grains -= new
            pieces = [(colour, new), (old, amount - new)]
            painted.extend(pieces)
        return joined([], reversed(painted) if self._paints_from_end else painted), grains

    def uncolour(self, portion: Line, grains: int | None) -> tuple[Line, Grains]:
        left = length(portion) if grains is None else grains
        bare: Line = []
        taken: Line = []
        for colour, amount in portion:
            off = min(amount, left) if colour else 0
            left -= off
            taken.append((colour, off))
            joined(bare, [(CLEAN, off), (colour, amount - off)])
        return bare, self.grains([lot for lot in taken if lot[1]])

    def split(self, portions: list[Line], ins: tuple[Item, ...]) -> list[Line]:
        line = joined([], (lot for portion in portions for lot in portion))
        return self._share_out(line, ins)

    @property
    def _paints_from_end(self) -> bool:
        return False

    def _take(self, pot: int, item: Item) -> Line:
        raise NotImplementedError

    def _in_order(self, line: Line, item: Item) -> Line:
        """The order inside a payment of everything."""
        return coloured_first(line) if self.elected(item) else line

    def _share_out(self, line: Line, ins: tuple[Item, ...]) -> list[Line]:
        shares = []
        for item in ins:
            share, line = cut(line, item.amount)
            shares.append(share)
        return shares

    def _elect(self, pot: int, item: Item) -> Line:
        return self._take_chosen(pot, item.amount, min(item.amount, self.taint[pot]))

    def _take_chosen(self, pot: int, amount: int, coloured: int) -> Line:
        """`coloured` units from the front of the coloured ones, the rest from the front of the clean ones."""
        taken: Line = []
        stays: Line = []
        clean = amount - coloured
        for colour, size in self.lots[pot]:
            off = min(size, coloured if colour else clean)
            if colour:
                coloured -= off
            else:
                clean -= off
            taken.append((colour, off))
            joined(stays, [(colour, size - off)])
        self.lots[pot] = deque(stays)
        return coloured_first([lot for lot in taken if lot[1]])

    def _swept(self, pot: int) -> Line:
        self.balance[pot] = 0
        del self.taint[pot]
        return list(self.lots.pop(pot))

    @staticmethod
    def _append(lots: deque[Lot], portion: Line) -> None:
        if lots and portion and lots[-1][0] == portion[0][0]:
            colour, amount = lots.pop()
            lots.append((colour, amount + portion[0][1]))
            portion = portion[1:]
        lots.extend(portion)
