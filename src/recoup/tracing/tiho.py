"""TIHO, taint in, highest out: the loot goes to the largest payments (Tironsakkul et al., arXiv:1906.05754)."""

from __future__ import annotations

from dataclasses import dataclass, field

from recoup.tracing.book import Book, Item
from recoup.tracing.lines import LineMachine
from recoup.tracing.lots import CLEAN, Line, coloured_first, cut, joined, length
from recoup.tracing.model import Parameters


@dataclass(slots=True)
class _Window:
    """Payments of one account between two receipts, and the coloured units that fall to each."""

    amounts: list[int] = field(default_factory=list)
    elected: list[bool] = field(default_factory=list)
    parts: list[int] | None = None


class Tiho(LineMachine):
    """Coloured value fills the largest payments of a window, and the largest outputs of a flow."""

    def __init__(self, book: Book, parameters: Parameters) -> None:
        super().__init__(book, parameters)
        self.window_of: dict[int, tuple[_Window, int]] = {}  # id of an out item -> its window and place
        self._read_ahead(book)

    def _take(self, pot: int, item: Item) -> Line:
        return self._take_chosen(pot, item.amount, self._part(pot, item))

    def _elect(self, pot: int, item: Item) -> Line:
        return self._take(pot, item)

    def _part(self, pot: int, item: Item) -> int:
        """What the window gives this payment: elected payments first, then the largest."""
        window, place = self.window_of[id(item)]
        if window.parts is None:
            window.parts = filled(self.taint[pot], window.amounts, window.elected)
        return window.parts[place]

    def _in_order(self, line: Line, item: Item) -> Line:
        return coloured_first(line)

    def _share_out(self, line: Line, ins: tuple[Item, ...]) -> list[Line]:
        stolen = [lot for lot in line if lot[0]]
        clean = length(lot for lot in line if not lot[0])
        parts = self._parts(length(stolen), ins)
        shares: list[Line] = [[] for _ in ins]
        for index in self._served(ins):
            shares[index], stolen = cut(stolen, parts[index])
        for index, item in enumerate(ins):
            room = min(clean, item.amount - parts[index])
            joined(shares[index], [(CLEAN, room)])
            clean -= room
        return shares

    def _parts(self, stolen: int, ins: tuple[Item, ...]) -> list[int]:
        parts = [0] * len(ins)
        for index in self._served(ins):
            parts[index] = min(stolen, ins[index].amount)
            stolen -= parts[index]
        return parts

    def _served(self, ins: tuple[Item, ...]) -> list[int]:
        """Ins in the order in which coloured value fills them: the fee by its policy, else the largest first."""
        fee = self.fee_index(ins)
        rank = {None: 0, fee: -1 if self.fee_first else 1}
        return sorted(range(len(ins)), key=lambda j: (rank.get(j, 0), -ins[j].amount, j))

    def _read_ahead(self, book: Book) -> None:
        windows: dict[int, _Window] = {}
        balance = [0] * len(book.pots)
        for flow in book.flows:
            for item in flow.outs:
                balance[item.pot] -= item.amount
            for item in flow.outs:
                if balance[item.pot] < 0:  # what arrived unseen is a receipt too
                    windows.pop(item.pot, None)
                    balance[item.pot] = 0
                window = windows.setdefault(item.pot, _Window())
                self.window_of[id(item)] = (window, len(window.amounts))
                window.amounts.append(item.amount)
                window.elected.append(self.elected(item))
            for item in flow.ins:
                windows.pop(item.pot, None)
                balance[item.pot] += item.amount


def filled(stolen: int, amounts: list[int], elected: list[bool]) -> list[int]:
    """Fill the elected amounts first, then the largest, ties to the earlier; the part that each receives."""
    parts = [0] * len(amounts)
    for index in sorted(range(len(amounts)), key=lambda j: (not elected[j], -amounts[j], j)):
        parts[index] = min(stolen, amounts[index])
        stolen -= parts[index]
    return parts
