"""A log as static files (C2SP tlog-tiles): what a mirror copies and a monitor reads. No payload is in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.log import Log
from recoup.evidence.note import parse_note
from recoup.evidence.tiles import TILE_WIDTH, Tile, bundle, tiles_between, width_at

CHECKPOINT = "checkpoint"


def tile_files(log: Log) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file; the checkpoint last, so that what it promises is there before it."""
    note = log.checkpoint()
    kept = [text for text in log.storage.cosigned() if parse_note(text).text == note.text]
    size = Checkpoint.parse(note.text).size
    for tile in tiles_between(0, size):
        yield str(tile.path), log.storage.tile(tile)
    for start in range(0, size, TILE_WIDTH):
        leaves = [leaf for _, leaf in log.storage.leaves(start, min(start + TILE_WIDTH, size))]
        yield str(Tile(-1, start // TILE_WIDTH, len(leaves)).path), bundle(leaves)
    yield CHECKPOINT, (kept[-1] if kept else str(note)).encode()


def leaf_hashes(folder: Path) -> list[bytes]:
    """Every leaf hash of a published log, from its level 0 tiles; Malformed where a tile is missing or cut."""
    size = Checkpoint.parse(parse_note((folder / CHECKPOINT).read_bytes()).text).size
    hashes: list[bytes] = []
    for index in range(-(-size // TILE_WIDTH)):
        tile = Tile(0, index, width_at(size, 0, index))
        data = (folder / tile.path).read_bytes() if (folder / tile.path).is_file() else b""
        if len(data) != 32 * tile.width:
            raise Malformed(f"{tile.path} is missing or cut")
        hashes += [data[at : at + 32] for at in range(0, len(data), 32)]
    return hashes
