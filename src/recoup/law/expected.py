"""How much is still there after a time: exact decimals, planning figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from functools import lru_cache

from recoup.law.plan import Item


def with_expected(item: Item, amount: int) -> Item:
    """The item with the amount expected to be still there at P50, in smallest units, rounded down."""
    return item if item.held_permille is None else replace(item, expected=amount * item.held_permille // 1000)


@lru_cache(maxsize=1024)
def held_permille(days: int, half_life_hours: int) -> int:
    """Share in thousandths still there after `days`, halving every `half_life_hours`; exact decimal, rounded down."""
    with localcontext() as context:
        context.prec = 30
        return int(1000 * Decimal(2) ** (-Decimal(days * 24) / half_life_hours))
