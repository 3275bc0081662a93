"""Small ledgers, written as people speak of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from recoup.ground import Asset, Defects, Instant
from recoup.ledger import Entry, Kind, Ledger, Leg, Side, read_ledger

HEADER = "entry,time,position,ledger,leg,side,account,asset,amount,kind,spends,source\n"
EUR = Asset("EUR")


def entry(
    name: str, time: str, legs: str, position: int = 0, ledger: str = "bank:A", asset: Asset = EUR, line: int = 1
) -> Entry:
    """`legs`: `out alice 5, in bob 5, in carol 1 fee, out x 5 coin a:o0`; coin in legs are named o0, o1 …"""
    made: list[Leg] = []
    for number, text in enumerate(legs.split(", ")):
        words = text.split()
        side, account, amount, kind, spends = [*words, *["transfer", ""][len(words) - 3 :]]
        arrived = sum(leg.side is Side.IN for leg in made)
        name_of_leg = f"o{arrived}" if side == "in" else f"i{number - arrived}"
        made.append(Leg(name_of_leg, Side(side), account, asset, int(amount), Kind(kind), spends, "", line + number))
    return Entry(name, Instant.parse(time), position, ledger, tuple(made), "test.csv")


def ledger(*entries: Entry) -> Ledger:
    return Ledger(entries)


def names(entries: Iterable[Entry]) -> str:
    return " ".join(each.id for each in entries)


def read_text(path: Path, text: str) -> tuple[Ledger, list[str]]:
    """The ledger read from a CSV of this text, and its defects as `line: what`."""
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    defects = Defects()
    read = read_ledger(path, defects)
    assert all(defect.file == str(path) and defect.mend for defect in defects)
    return read, [f"{defect.line}: {defect.what}" for defect in defects]
