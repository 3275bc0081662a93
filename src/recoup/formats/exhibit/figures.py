"""Amounts and shares as people read them. Shares are for the eye and computed with integers."""

from __future__ import annotations

from recoup.formats.exhibit.markup import Markup, number, tag, visible
from recoup.ground import Asset

ID_SHOWN_HEAD, ID_SHOWN_TAIL = 8, 6


def written(asset: Asset, amount_minor: int) -> str:
    """`61.46816619 BTC`."""
    return asset.written(amount_minor)


def bare(asset: Asset, amount_minor: int) -> str:
    """`61.46816619`, where the asset is plain from what stands around it."""
    return asset.written(amount_minor).split(" ", 1)[0]


def money(asset: Asset, amount_minor: int) -> Markup:
    return number(written(asset, amount_minor))


def share_text(part: int, whole: int) -> str:
    """Part of whole in tenths of a per cent, half up; never 0.0 or 100.0 unless it is exactly that."""
    if whole <= 0:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    if tenths == 0 and part > 0:
        return "< 0.1 %"
    if tenths == 1000 and part < whole:
        return "> 99.9 %"
    return f"{tenths // 10}.{tenths % 10} %"


def share(part: int, whole: int) -> Markup:
    return number(share_text(part, whole))


def shortened(identifier: str, head: int = ID_SHOWN_HEAD, tail: int = ID_SHOWN_TAIL) -> str:
    """Head and tail of a long identifier, for pictures: `bc1qq2eu…z4gg9h`."""
    return identifier if len(identifier) <= head + tail + 2 else f"{identifier[:head]}…{identifier[-tail:]}"


def brief(identifier: str) -> Markup:
    """A long identifier by its head and tail; the whole of it on hover and in the tables."""
    return tag("bdi", shortened(visible(identifier), 10, 8), dir="ltr", class_="id brief", title=visible(identifier))
