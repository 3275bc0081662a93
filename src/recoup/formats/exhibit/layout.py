"""Where each bar and band of a picture lies, in integers (hundredths of a pixel): every machine draws the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoup.formats.exhibit.graph import CLEAN, NOWHERE, Node, Part
from recoup.formats.exhibit.reduce import Picture
from recoup.tracing import Shares

PIXEL = 100
WIDTH = 900 * PIXEL
START, END = 132 * PIXEL, 232 * PIXEL  # room for the labels of claims and of ends
BAR = 9 * PIXEL
FULL = 300 * PIXEL  # all value of the fullest column
THINNEST = 40
TOP = 20 * PIXEL
GAP = 24 * PIXEL  # holds the label above a bar
END_SLOT = 38 * PIXEL  # two lines of text
STUB = 22 * PIXEL


@dataclass(frozen=True, slots=True)
class Bar:
    """A node's rectangle: `x` and `y` of its upper corner nearest the claims."""

    node: Node
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Strip:
    """One colour of one band. `kind`: band, stub-out, stub-in or return. `y0` and `y1` are the upper edges."""

    colour: str
    kind: str
    x0: int
    y0: int
    x1: int
    y1: int
    thickness: int


@dataclass(frozen=True, slots=True)
class Layout:
    bars: tuple[Bar, ...]
    strips: tuple[Strip, ...]
    height: int
    cut: bool  # some clean band is drawn narrower than it is


def laid_out(picture: Picture, colours: Sequence[str], claimed: int) -> Layout:
    """Place bars column by column, each near the middle of what feeds it, then bands between them.

    `colours` is the order of strips inside a band; clean value comes last and is drawn at most half of `claimed` wide.
    """
    sheet = _Sheet(picture, colours, max(1, claimed // 2))
    bars = sheet.bars()
    strips = sheet.strips(bars)
    height = max((bar.y + max(bar.height, END_SLOT) for bar in bars.values()), default=0) + 6 * PIXEL
    return Layout(tuple(bars.values()), tuple(strips), height, sheet.cut)


class _Sheet:
    def __init__(self, picture: Picture, colours: Sequence[str], clean_max: int) -> None:
        self.picture, self.nodes = picture, picture.graph.nodes
        self.order = [*colours, CLEAN]
        bands = picture.graph.bands
        self.cut = any(shares.get(CLEAN, 0) > clean_max for shares in bands.values())
        shown = {key: {**s, CLEAN: min(s[CLEAN], clean_max)} if CLEAN in s else s for key, s in bands.items()}
        self.unit = max(1, self._fullest(shown))
        self.bands = {key: self._widths(shares) for key, shares in shown.items() if any(shares.values())}
        self.into: dict[str, list[tuple[str, str]]] = {}
        self.out: dict[str, list[tuple[str, str]]] = {}
        for source, target in self.bands:
            self.out.setdefault(source, []).append((source, target))
            self.into.setdefault(target, []).append((source, target))

    def _fullest(self, bands: dict[tuple[str, str], Shares]) -> int:
        arriving, leaving = dict.fromkeys(self.nodes, 0), dict.fromkeys(self.nodes, 0)
        for (source, target), shares in bands.items():
            for sums, key in ((leaving, source), (arriving, target)):
                if key != NOWHERE:
                    sums[key] += sum(shares.values())
        columns: dict[int, int] = {}
        for key, column in self.picture.columns.items():
            columns[column] = columns.get(column, 0) + max(arriving[key], leaving[key])
        return max(columns.values(), default=0)

    def _widths(self, shares: Shares) -> list[tuple[str, int]]:
        """Thickness by colour, in the order of the colours."""
        found = [(colour, shares.get(colour, 0)) for colour in self.order]
        return [(colour, max(THINNEST, amount * FULL // self.unit)) for colour, amount in found if amount]

    def _width(self, band: tuple[str, str]) -> int:
        return sum(width for _, width in self.bands[band])

    def _height(self, key: str) -> int:
        sides = [sum(map(self._width, side.get(key, ()))) for side in (self.into, self.out)]
        return max(*sides, 2 * PIXEL)

    def bars(self) -> dict[str, Bar]:
        columns: dict[int, list[str]] = {}
        for key, column in self.picture.columns.items():
            columns.setdefault(column, []).append(key)
        floor = max((self._needed(keys) for keys in columns.values()), default=0)
        bars: dict[str, Bar] = {}
        for column in sorted(columns):
            self._column(column, columns[column], floor, bars)
        return bars

    def _needed(self, keys: list[str]) -> int:
        return sum(self._slot(key) for key in keys)

    def _slot(self, key: str) -> int:
        """Height of a bar with the room that its label needs."""
        node, height = self.nodes[key], self._height(key)
        if self.picture.columns[key] in (0, self.picture.last):
            return max(height + 10 * PIXEL, END_SLOT)
        return height + GAP - (8 * PIXEL if node.part is Part.TRANSACTION else 0)

    def _column(self, column: int, keys: list[str], floor: int, bars: dict[str, Bar]) -> None:
        """Wished places first, in their order, then pushed apart and back above the floor."""
        spare = (floor - self._needed(keys)) // 2
        wished, running = {}, spare
        for key in keys:
            middle = self._middle_of_feeders(key, bars)
            wished[key] = running + self._slot(key) // 2 if middle is None else middle
            running += self._slot(key)
        last = column == self.picture.last
        ranked = sorted(keys, key=lambda key: (last and self.nodes[key].part in (Part.FEES, Part.LEFT), wished[key]))
        tops, edge = [], 0
        for key in ranked:
            tops.append(max(edge, wished[key] - self._slot(key) // 2))
            edge = tops[-1] + self._slot(key)
        edge = max(floor, 0)
        for i in reversed(range(len(ranked))):
            tops[i] = min(tops[i], edge - self._slot(ranked[i]))
            edge = tops[i]
        x = START + (WIDTH - START - END - BAR) * column // max(1, self.picture.last)
        for key, top in zip(ranked, tops, strict=True):
            spare = self._slot(key) - self._height(key)
            lead = spare // 2 if column in (0, self.picture.last) else spare
            bars[key] = Bar(self.nodes[key], x, TOP + top + lead, self._height(key))

    def _middle_of_feeders(self, key: str, bars: dict[str, Bar]) -> int | None:
        feeders = [
            (bars[source], self._width((source, target))) for source, target in self.into.get(key, ()) if source in bars
        ]
        weight = sum(width for _, width in feeders)
        if not weight:
            return None
        return sum((bar.y - TOP + bar.height // 2) * width for bar, width in feeders) // weight

    def strips(self, bars: dict[str, Bar]) -> list[Strip]:
        """Bands leave a bar in the order of where they go, and arrive in the order of where they come from."""
        starts, ends = {}, {}
        for key, bar in bars.items():
            starts.update(self._stacked(bar, sorted(self.out.get(key, ()), key=lambda band: self._rank(bars, band[1]))))
            ends.update(self._stacked(bar, sorted(self.into.get(key, ()), key=lambda band: self._rank(bars, band[0]))))
        drawn: list[Strip] = []
        for band in self.bands:
            drawn += self._band(band, bars, starts, ends)
        return sorted(drawn, key=lambda strip: -strip.thickness)

    def _rank(self, bars: dict[str, Bar], key: str) -> tuple[bool, int]:
        return (key == NOWHERE, bars[key].y if key in bars else 0)

    def _stacked(self, bar: Bar, bands: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
        places, y = {}, bar.y
        for band in bands:
            places[band] = y
            y += self._width(band)
        return places

    def _band(
        self,
        band: tuple[str, str],
        bars: dict[str, Bar],
        starts: dict[tuple[str, str], int],
        ends: dict[tuple[str, str], int],
    ) -> list[Strip]:
        source, target = band
        y0, y1 = starts.get(band, ends.get(band, 0)), ends.get(band, starts.get(band, 0))
        if band in self.picture.returns or target == NOWHERE:
            kind = "return" if target != NOWHERE else "stub-out"
            x0 = bars[source].x + BAR
            x1, y1 = x0 + STUB, y0
        elif source == NOWHERE:
            kind, x1 = "stub-in", bars[target].x
            x0, y0 = x1 - STUB, y1
        else:
            kind, x0, x1 = "band", bars[source].x + BAR, bars[target].x
        strips = []
        for colour, width in self.bands[band]:
            strips.append(Strip(colour, kind, x0, y0, x1, y1, width))
            y0, y1 = y0 + width, y1 + width
        return strips
