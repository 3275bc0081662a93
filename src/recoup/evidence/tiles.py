"""Tiles: the tree and its entries as files that never change (C2SP tlog-tiles)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from recoup.evidence.encoding import Malformed, decimal_number
from recoup.evidence.merkle import pair_hashes

TILE_WIDTH = 256
TILE_HEIGHT = 8
ENTRY_BYTES_MAX = 65_535
LEVEL_MAX = 63
CACHED_TILES_MAX = 1_024


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """`width` hashes of level `level` from hash `index * 256` on; level -1 holds the entries themselves."""

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if not (-1 <= self.level <= LEVEL_MAX and self.index >= 0 and 1 <= self.width <= TILE_WIDTH):
            raise Malformed(f"no tile has level {self.level}, index {self.index}, width {self.width}")

    @property
    def path(self) -> PurePosixPath:
        """`tile/<L>/<N>[.p/<W>]`, N in groups of three digits."""
        digits = f"{self.index:d}".zfill(3 * ((len(str(self.index)) + 2) // 3))
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return PurePosixPath(f"tile/{'entries' if self.level < 0 else self.level}/{number}{partial}")

    @classmethod
    def parse(cls, path: str) -> Tile:
        """From its path; a second spelling of the same tile is Malformed."""
        parts = path.split("/")
        if len(parts) < 3 or parts[0] != "tile":
            raise Malformed(f"{path[:60]!r} is not a tile path")
        level = -1 if parts[1] == "entries" else decimal_number(parts[1])
        partial = len(parts) > 3 and parts[-2].endswith(".p")
        width = decimal_number(parts.pop()) if partial else TILE_WIDTH
        digits = "".join(part.removeprefix("x").removesuffix(".p") for part in parts[2:])
        tile = cls(level, decimal_number(digits.lstrip("0") or "0"), width)
        if str(tile.path) != path:
            raise Malformed(f"{path[:60]!r} is not how {tile.path} is written")
        return tile


def width_at(size: int, level: int, index: int) -> int:
    """Hashes of the tile that a tree of `size` entries has there, 0 to 256; entries count as level 0."""
    hashes = size >> (TILE_HEIGHT * max(level, 0))
    return max(0, min(TILE_WIDTH, hashes - index * TILE_WIDTH))


def tiles_between(old: int, new: int) -> Iterator[Tile]:
    """Every tile (without entry bundles) that a tree of `new` entries has and one of `old` has not, bottom up."""
    for level in range(LEVEL_MAX + 1):
        before, after = old >> (TILE_HEIGHT * level), new >> (TILE_HEIGHT * level)
        if not after:
            return
        if after > before:
            for index in range(before // TILE_WIDTH, (after - 1) // TILE_WIDTH + 1):
                yield Tile(level, index, width_at(new, level, index))


def bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry behind its length as big-endian uint16."""
    return b"".join([len(entry).to_bytes(2) + entry for entry in entries])


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; a length that runs past the end, or more than 256 entries, is Malformed."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        if at > len(data) or len(entries) == TILE_WIDTH:
            raise Malformed("an entry bundle is cut or too long")
        entries.append(data[start:at])
    return entries


ReadTile = Callable[[Tile], bytes]


class TileTree:
    """Hashes of complete subtrees in a tree of `size` entries, from its tiles; the last 1,024 tiles stay in memory.

    `read` returns 32 * width bytes of a tile. A tile of another length is Malformed.
    """

    def __init__(self, read: ReadTile, size: int) -> None:
        self._read = read
        self._size = size
        self._rows: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def subtree(self, level: int, index: int) -> bytes:
        if (index + 1) << level > self._size:
            raise IndexError(f"no complete subtree {index} of level {level} in a tree of {self._size}")
        tile_level, inner = divmod(level, TILE_HEIGHT)
        tile, at = divmod(index, TILE_WIDTH >> inner)
        row = self._tile_rows(tile_level, tile)[inner]
        return row[at * 32 : at * 32 + 32]

    def _tile_rows(self, level: int, index: int) -> list[bytes]:
        """The eight rows inside a tile, from its hashes upwards."""
        if (level, index) not in self._rows:
            tile = Tile(level, index, width_at(self._size, level, index))
            row = self._read(tile)
            if len(row) != 32 * tile.width:
                raise Malformed(f"{tile.path} has {len(row)} bytes and not {32 * tile.width}")
            rows = [row]
            for _ in range(TILE_HEIGHT - 1):
                rows.append(pair_hashes(rows[-1]))
            self._rows[level, index] = rows
            if len(self._rows) > CACHED_TILES_MAX:
                self._rows.popitem(last=False)
        return self._rows[level, index]
