"""Every leaf hashed anew, against the stored tiles and the signed root."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from recoup.evidence.audit.finding import Code, Finding, one, runs
from recoup.evidence.encoding import Malformed
from recoup.evidence.leaf import LEAF, Event
from recoup.evidence.merkle import pair_hashes, root_hash
from recoup.evidence.tiles import TILE_WIDTH, Tile, TileTree, tiles_between
from recoup.ground import Instant

CLOCK_BACK_SECONDS_MAX = 300


@dataclass(slots=True)
class Rehashed:
    """The tree that the stored leaves really make, in whole tiles; a missing leaf stands as the hash of its tile."""

    size: int
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    stored: int = 0

    def tree(self, size: int) -> TileTree:
        """The tree of the first `size` leaves."""
        return TileTree(lambda tile: self.tiles[tile.level, tile.index][: 32 * tile.width], size)

    def root(self, size: int) -> bytes:
        """Root of the first `size` leaves, at most those that are stored."""
        return root_hash(self.tree(size), size)

    def leaf(self, index: int) -> bytes:
        """The hash of one leaf."""
        tile, at = divmod(index, TILE_WIDTH)
        return self.tiles[0, tile][32 * at : 32 * at + 32]

    def with_hashes(self, recorded: dict[int, bytes]) -> Rehashed:
        """The tree with these leaf hashes in place: the log as it was recorded, where that can still be told."""
        width = 1 + max((tile for level, tile in self.tiles if level == 0), default=-1)
        row = bytearray(b"".join(self.tiles[0, tile] for tile in range(width)))
        for index, leaf in recorded.items():
            row[32 * index : 32 * index + 32] = leaf
        patched = Rehashed(self.size, missing=self.missing, stored=self.stored)
        _build(patched, bytes(row))
        return patched


ReadTile = Callable[[Tile], bytes]


def rehash(leaves: Iterable[tuple[int, bytes]], size: int, read: ReadTile) -> Rehashed:
    """Hash leaves up to `size`; those behind it are unsigned. Malformed leaves and clocks that run back are found."""
    done = Rehashed(size)
    row, index, clock = bytearray(), 0, b""
    sha256 = hashlib.sha256
    for at, leaf in leaves:
        done.stored += 1
        if not 0 <= at < size:
            done.findings.append(one(Code.ENTRY_UNSIGNED, at, "no signed checkpoint covers it"))
            continue
        while index < at:
            row += _missing(done, index, read)
            index += 1
        row += sha256(b"\0" + leaf).digest()
        index += 1
        match = LEAF.fullmatch(leaf)
        if match is None or match["second"] < clock:
            done.findings += _closer_look(at, leaf, clock)
        clock = max(clock, match["second"]) if match else clock
    while index < size:
        row += _missing(done, index, read)
        index += 1
    _build(done, bytes(row))
    done.findings += [
        Finding(Code.ENTRY_MISSING, first, last, "not stored any more") for first, last in runs(done.missing)
    ]
    return done


def _missing(done: Rehashed, index: int, read: ReadTile) -> bytes:
    done.missing.append(index)
    tile, at = divmod(index, TILE_WIDTH)
    try:
        hashes = read(Tile(0, tile, at + 1))
    except Malformed:
        hashes = b""
    return hashes[32 * at :].ljust(32, b"\0")


def _closer_look(index: int, leaf: bytes, clock: bytes) -> Iterator[Finding]:
    try:
        event = Event.parse(leaf)
    except Malformed as error:
        yield one(Code.ENTRY_MALFORMED, index, str(error))
        return
    if clock:
        latest = Instant.parse(clock.decode() + "Z")
        if latest.start - event.at.start > timedelta(seconds=CLOCK_BACK_SECONDS_MAX):
            yield one(Code.ENTRY_BACKDATED, index, f"written {event.at} behind an entry of {latest}")


def _build(done: Rehashed, row: bytes) -> None:
    level = 0
    while row:
        above = []
        for at in range(0, len(row), 32 * TILE_WIDTH):
            hashes = row[at : at + 32 * TILE_WIDTH]
            done.tiles[level, at // (32 * TILE_WIDTH)] = hashes
            if len(hashes) == 32 * TILE_WIDTH:
                for _ in range(8):
                    hashes = pair_hashes(hashes)
                above.append(hashes)
        row, level = b"".join(above), level + 1


def compare_tiles(done: Rehashed, read: ReadTile, root: bytes | None) -> tuple[list[Finding], dict[int, bytes]]:
    """Where stored tiles and rehashed leaves differ, and which of the two is wrong: the signed root decides.

    Also the recorded hash of each entry that is not what was recorded.
    """
    right = root is not None and done.size > 0 and done.root(done.size) == root
    recorded: dict[int, bytes] = {}
    found: list[Finding] = []
    for tile in tiles_between(0, done.size):
        mine = done.tiles[tile.level, tile.index]
        try:
            stored = read(tile)
        except Malformed as error:
            found.append(_of_tile(Code.TILE_MISSING, tile, done.size, str(error)))
            continue
        if stored != mine and tile.level == 0 and not right:
            recorded |= _differing(tile, stored, mine)
        elif stored != mine and (right or not recorded):
            found.append(_of_tile(Code.TILE_CHANGED, tile, done.size, f"{tile.path} is not what its entries hash to"))
    return [*found, *_changed(recorded, done)], recorded


def _differing(tile: Tile, stored: bytes, mine: bytes) -> dict[int, bytes]:
    """Index -> the hash that the tile holds, where the leaf hashes to something else."""
    first = tile.index * TILE_WIDTH
    return {
        first + at // 32: stored[at : at + 32]
        for at in range(0, len(mine), 32)
        if stored[at : at + 32] != mine[at : at + 32]
    }


def _changed(recorded: dict[int, bytes], done: Rehashed) -> Iterator[Finding]:
    """An entry whose hash stands elsewhere was moved; one whose own hash is nowhere was changed or taken out."""
    now = {done.leaf(index) for index in recorded}
    moved = sorted(index for index, was in recorded.items() if was in now)
    for first, last in runs(moved):
        yield Finding(Code.ENTRY_MOVED, first, last, "stands at another place than it was recorded")
    for index in sorted(set(recorded) - set(moved)):
        yield one(Code.ENTRY_CHANGED, index, "is not what was recorded there")


def _of_tile(code: Code, tile: Tile, size: int, what: str) -> Finding:
    width = TILE_WIDTH**tile.level
    first = tile.index * TILE_WIDTH * width
    return Finding(code, first, min(first + tile.width * width, size) - 1, what)
