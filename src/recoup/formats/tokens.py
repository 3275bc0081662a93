"""One asset for one token: a contract that files call by different symbols is one asset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from recoup.ground import Asset, Defects
from recoup.ledger import Entry, Ledger

UNNAMED = "token"  # the symbol where a file gives none


def one_name_each(ledgers: Iterable[Ledger], defects: Defects) -> list[Ledger]:
    """Give each `@<chain>:<contract>` the first symbol that any file gives it; a further symbol is noted."""
    read = list(ledgers)
    names: dict[str, Asset] = {}
    for ledger in read:
        for asset in ledger.assets:
            contract = _contract(asset)
            first = names.setdefault(contract, asset)
            if first.symbol == UNNAMED:
                names[contract] = asset
            elif contract and asset.symbol not in (UNNAMED, first.symbol):
                defects.note("tokens", 0, f"{asset.code} is also called {first.code}", f"It is read as {first.code}")
    return [Ledger(tuple(_renamed(entry, names) for entry in ledger)) for ledger in read]


def _contract(asset: Asset) -> str:
    return asset.code.partition("@")[2]


def _renamed(entry: Entry, names: dict[str, Asset]) -> Entry:
    if all(not _contract(leg.asset) or names[_contract(leg.asset)] == leg.asset for leg in entry.legs):
        return entry
    legs = (replace(leg, asset=names[_contract(leg.asset)]) if _contract(leg.asset) else leg for leg in entry.legs)
    return replace(entry, legs=tuple(legs))
