"""Share rules: a pot is a balance and what each claim has in it (§4 of the tracing rules).

Haircut or rolling charge (Ontario Securities Commission v Greymac 1986; Boughner v Greyhawk 2012 ONSC 3185) and the
lowest intermediate balance (Re Hallett's Estate 1880; James Roscoe (Bolton) Ltd v Winder 1915).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from recoup.ground import apportion
from recoup.tracing.book import Book, Item
from recoup.tracing.machine import Colour, Grains, Machine, merged
from recoup.tracing.model import Granularity, Parameters

GUARD_BITS = 16


@dataclass(slots=True)
class Share:
    """An amount in smallest units and, per colour, the grains of it that are coloured."""

    amount: int
    by_colour: Grains = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Coloured grains, all colours together."""
        return sum(self.by_colour.values())


def parted(by_colour: Grains, grains: int) -> tuple[Grains, Grains]:
    """Split `grains` off by running sums over the colours in order; what was taken, and what stays."""
    if grains == 0:
        return {}, by_colour
    if len(by_colour) == 1:
        ((colour, held),) = by_colour.items()
        return {colour: grains}, {colour: held - grains} if held > grains else {}
    parts = dict(zip(by_colour, apportion(grains, list(by_colour.values())), strict=True))
    stays = {colour: held - parts[colour] for colour, held in by_colour.items() if held > parts[colour]}
    return {colour: part for colour, part in parts.items() if part}, stays


class ShareMachine(Machine[Share]):
    """What the share rules share; at coin granularity grains are whole units."""

    def __init__(self, book: Book, parameters: Parameters) -> None:
        super().__init__(book, parameters)
        self.guard_bits = 0 if book.granularity is Granularity.COIN else GUARD_BITS
        self.grain = 1 << self.guard_bits
        self.by_colour: dict[int, Grains] = {}

    def coloured(self, pot: int) -> bool:
        return pot in self.by_colour

    def held(self, pot: int) -> Grains:
        return self.by_colour.get(pot, {})

    def clean(self, amount: int) -> Share:
        return Share(amount)

    def grains(self, portion: Share) -> Grains:
        return portion.by_colour

    def receive(self, pot: int, portion: Share) -> None:
        self.balance[pot] += portion.amount
        if portion.by_colour:
            self.by_colour[pot] = merged(self.held(pot), portion.by_colour)

    def pay(self, pot: int, item: Item) -> Share:
        held, balance = self.by_colour.pop(pot, {}), self.balance[pot]
        self.balance[pot] = max(0, balance - item.amount)
        if item.amount >= balance or not held:
            return Share(item.amount, held)
        coloured = sum(held.values())
        wanted = self._wanted(item.amount, balance, coloured)
        if self.elected(item):
            wanted = min(item.amount * self.grain, coloured)
        taken, stays = parted(held, wanted)
        if stays:
            self.by_colour[pot] = stays
        return Share(item.amount, taken)

    def colour(self, portion: Share, colour: Colour, grains: int) -> tuple[Share, int]:
        fits = min(portion.amount * self.grain - portion.total, grains)
        return Share(portion.amount, merged(portion.by_colour, {colour: fits} if fits else {})), grains - fits

    def uncolour(self, portion: Share, grains: int | None) -> tuple[Share, Grains]:
        off = portion.total if grains is None else min(grains, portion.total)
        taken, stays = parted(portion.by_colour, off)
        return Share(portion.amount, stays), taken

    def split(self, portions: list[Share], ins: tuple[Item, ...]) -> list[Share]:
        left: Grains = {}
        for portion in portions:
            left = merged(left, portion.by_colour)
        shares = []
        for item, grains in zip(ins, self._spread(sum(left.values()), [item.amount for item in ins]), strict=True):
            taken, left = parted(left, grains)
            shares.append(Share(item.amount, taken))
        return shares

    def _wanted(self, amount: int, balance: int, coloured: int) -> int:
        """Coloured grains in a payment of `amount` out of `balance`."""
        raise NotImplementedError

    def _spread(self, coloured: int, amounts: list[int]) -> list[int]:
        """Coloured grains for each in of a flow."""
        raise NotImplementedError


class Haircut(ShareMachine):
    """Every payment carries the same fraction of what the pot holds."""

    def _wanted(self, amount: int, balance: int, coloured: int) -> int:
        return coloured * amount // balance

    def _spread(self, coloured: int, amounts: list[int]) -> list[int]:
        return apportion(coloured, amounts)


class LowestIntermediate(ShareMachine):
    """Own money is spent first; the claim never exceeds the lowest balance since."""

    def _wanted(self, amount: int, balance: int, coloured: int) -> int:
        return max(0, amount * self.grain - (balance * self.grain - coloured))

    def _spread(self, coloured: int, amounts: list[int]) -> list[int]:
        clean = sum(amounts) * self.grain - coloured
        parts = []
        for amount in amounts:
            own = min(clean, amount * self.grain)
            clean -= own
            parts.append(amount * self.grain - own)
        return parts
