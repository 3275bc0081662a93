from __future__ import annotations

import pytest

from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import MemoryTree, consistency_proof, inclusion_proof, leaf_hash, root_hash
from recoup.evidence.tiles import ENTRY_BYTES_MAX, Tile, TileTree, bundle, tiles_between, unbundle, width_at

# Paths in the text of C2SP tlog-tiles and its examples.
PATHS = {
    "tile/0/x001/x234/067": Tile(0, 1234067),
    "tile/0/000": Tile(0, 0),
    "tile/1/001.p/17": Tile(1, 1, 17),
    "tile/entries/x001/000": Tile(-1, 1000),
    "tile/63/999.p/255": Tile(63, 999, 255),
}


@pytest.mark.parametrize(("path", "tile"), PATHS.items())
def test_paths_both_ways(path: str, tile: Tile) -> None:
    assert str(tile.path) == path
    assert Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/0/../000",
        "x/0/000",
    ],
)
def test_other_spellings_are_malformed(path: str) -> None:
    with pytest.raises(Malformed):
        Tile.parse(path)


def test_the_published_size_of_70000() -> None:
    """C2SP tlog-tiles: 273 full level 0 tiles and one of 112, one full level 1 and one of 17, one of level 2."""
    tiles = list(tiles_between(0, 70_000))
    widths = {level: [tile.width for tile in tiles if tile.level == level] for level in range(4)}
    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}


def test_the_published_size_of_256() -> None:
    assert list(tiles_between(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]


def test_growth_names_only_what_is_new() -> None:
    assert list(tiles_between(10, 10)) == []
    assert list(tiles_between(250, 260)) == [Tile(0, 0), Tile(0, 1, 4), Tile(1, 0, 1)]
    assert width_at(260, 0, 1) == 4
    assert width_at(260, 0, 2) == 0
    assert width_at(260, -1, 0) == 256


def _tree(size: int) -> tuple[MemoryTree, TileTree]:
    memory = MemoryTree(leaf_hash(number.to_bytes(4)) for number in range(size))

    def read(tile: Tile) -> bytes:
        first = tile.index * 256
        return b"".join(memory.subtree(8 * tile.level, first + at) for at in range(tile.width))

    return memory, TileTree(read, size)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 700])
def test_proofs_from_tiles_equal_proofs_from_memory(size: int) -> None:
    memory, tiles = _tree(size)
    assert root_hash(tiles, size) == memory.root()
    for index in {0, size // 2, size - 1}:
        assert inclusion_proof(tiles, index, size) == inclusion_proof(memory, index, size)
        assert consistency_proof(tiles, index, size) == consistency_proof(memory, index, size)


def test_three_levels_of_tiles() -> None:
    memory, tiles = _tree(65_536 + 300)
    assert root_hash(tiles, 65_836) == memory.root()
    assert inclusion_proof(tiles, 65_700, 65_836) == inclusion_proof(memory, 65_700, 65_836)


def test_a_tree_gives_nothing_beyond_its_size() -> None:
    _, tiles = _tree(5)
    with pytest.raises(IndexError):
        tiles.subtree(0, 5)
    with pytest.raises(IndexError):
        tiles.subtree(2, 1)


def test_a_tile_of_the_wrong_length_is_malformed() -> None:
    with pytest.raises(Malformed, match="31 bytes"):
        TileTree(lambda tile: b"x" * 31, 1).subtree(0, 0)


def test_entry_bundles() -> None:
    entries = [b"", b"a", b"x" * ENTRY_BYTES_MAX]
    assert unbundle(bundle(entries)) == entries
    assert bundle([b"ab"]) == b"\x00\x02ab"
    assert unbundle(b"") == []
    for broken in (b"\x00", b"\x00\x01", b"\x00\x00" * 257):
        with pytest.raises(Malformed):
            unbundle(broken)
    with pytest.raises(OverflowError):
        bundle([b"x" * (ENTRY_BYTES_MAX + 1)])
