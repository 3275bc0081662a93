"""How a log grows: from its right edge and new entries to tiles and a signed checkpoint, without any storage.

Whoever keeps rows of its own calls `grow` inside its transaction and writes the result there; the log has then grown
exactly when that transaction is durable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.leaf import Entry
from recoup.evidence.merkle import leaf_hash, pair_hashes, root_hash
from recoup.evidence.note import Note, Signer
from recoup.evidence.tiles import TILE_WIDTH, Tile, TileTree

TILE_BYTES = 32 * TILE_WIDTH


@dataclass(frozen=True, slots=True)
class Edge:
    """A log of `size` entries, and the hashes of the partial tile of each level (b"" where the last tile is full)."""

    size: int = 0
    partial: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The root hash, from the edge alone."""
        return root_hash(TileTree(self._tile, self.size), self.size)

    def _tile(self, tile: Tile) -> bytes:
        return self.partial[tile.level]


@dataclass(frozen=True, slots=True)
class Growth:
    """What one group commit writes: entries from `first` on, tiles (whole or partial), checkpoint, the edge after."""

    first: int
    entries: tuple[Entry, ...]
    tiles: tuple[tuple[Tile, bytes], ...]
    checkpoint: Note
    edge: Edge


def edge_of(size: int, read: Callable[[Tile], bytes]) -> Edge:
    """The edge of a stored log of `size` entries, from its partial tiles."""
    partial, level = [], 0
    while size >> (8 * level):
        hashes = size >> (8 * level)
        width = hashes % TILE_WIDTH
        partial.append(read(Tile(level, hashes // TILE_WIDTH, width)) if width else b"")
        level += 1
    return Edge(size, tuple(partial))


def grow(edge: Edge, entries: Sequence[Entry], origin: str, signer: Signer) -> Growth:
    """The log with `entries` behind its edge, signed. Deterministic: Ed25519 and SHA-256 know no chance."""
    rows, tiles = _rows(edge, [leaf_hash(entry.leaf) for entry in entries])
    after = Edge(edge.size + len(entries), rows)
    note = Checkpoint(origin, after.size, after.root()).signed(signer)
    return Growth(edge.size, tuple(entries), tuple(tiles), note, after)


def _rows(edge: Edge, leaves: list[bytes]) -> tuple[tuple[bytes, ...], list[tuple[Tile, bytes]]]:
    """The partial tiles afterwards, and every tile that is new or wider. A full tile gives a hash to the next level."""
    kept: list[bytes] = []
    tiles: list[tuple[Tile, bytes]] = []
    arriving, level = b"".join(leaves), 0
    while arriving:
        first = (edge.size >> (8 * level)) // TILE_WIDTH
        row = (edge.partial[level] if level < len(edge.partial) else b"") + arriving
        cut = [row[at : at + TILE_BYTES] for at in range(0, len(row), TILE_BYTES)]
        tiles += [(Tile(level, first + number, len(data) // 32), data) for number, data in enumerate(cut)]
        arriving = b"".join([_tile_root(data) for data in cut if len(data) == TILE_BYTES])
        kept.append(row[len(row) // TILE_BYTES * TILE_BYTES :])
        level += 1
    return (*kept, *edge.partial[level:]), tiles


def _tile_root(hashes: bytes) -> bytes:
    while len(hashes) > 32:
        hashes = pair_hashes(hashes)
    return hashes
