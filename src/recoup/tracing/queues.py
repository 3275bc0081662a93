"""FIFO, LIFO and tainted-first: which end of the line a payment is.

Clayton's Case (Devaynes v Noble) 1816; United States v 225,364,961 USDT, 1:25-cv-01907 (D.D.C. 2025); United States v
Banco Cafetero Panama, 797 F.2d 1154 (2d Cir. 1986).
"""

from __future__ import annotations

from recoup.tracing.book import Item
from recoup.tracing.lines import LineMachine
from recoup.tracing.lots import Line, coloured_first, cut, length


class Fifo(LineMachine):
    """First in, first out: a payment is the front of the line."""

    @property
    def _paints_from_end(self) -> bool:
        """Backward a leg is read from its far end, so that the trace is the exact inverse."""
        return self.backward

    def _take(self, pot: int, item: Item) -> Line:
        lots, amount, taken = self.lots[pot], item.amount, []
        while amount:
            colour, size = lots.popleft()
            if size > amount:
                lots.appendleft((colour, size - amount))
            taken.append((colour, min(size, amount)))
            amount -= min(size, amount)
        return taken


class Lifo(LineMachine):
    """Last in, first out: a payment is the end of the line, in its order; the fee is what remains at the front."""

    def _take(self, pot: int, item: Item) -> Line:
        lots, amount, taken = self.lots[pot], item.amount, []
        while amount:
            colour, size = lots.pop()
            if size > amount:
                lots.append((colour, size - amount))
            taken.append((colour, min(size, amount)))
            amount -= min(size, amount)
        return taken[::-1]

    def _share_out(self, line: Line, ins: tuple[Item, ...]) -> list[Line]:
        shares = []
        left = length(line)
        for item in ins:
            left -= item.amount
            line, share = cut(line, left)
            shares.append(share)
        return shares


class TaintedFirst(LineMachine):
    """Drugs in, first out: coloured value leaves before clean value."""

    def _take(self, pot: int, item: Item) -> Line:
        return self._elect(pot, item)

    def _in_order(self, line: Line, item: Item) -> Line:
        return coloured_first(line)

    def _share_out(self, line: Line, ins: tuple[Item, ...]) -> list[Line]:
        return super()._share_out(coloured_first(line), ins)
