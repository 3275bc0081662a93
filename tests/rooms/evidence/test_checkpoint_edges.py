"""Checkpoints, tiles, proofs and growth at every edge of size, width and depth."""

from __future__ import annotations

import pytest
from tests.rooms.evidence.build import at
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.checkpoint import Checkpoint, NotEmptyRoot, open_checkpoint
from recoup.evidence.encoding import DECIMAL_MAX, Malformed
from recoup.evidence.growth import Edge, edge_of, grow
from recoup.evidence.leaf import Entry, Event
from recoup.evidence.merkle import (
    EMPTY_ROOT,
    CompactRange,
    MemoryTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from recoup.evidence.note import NOTE_BYTES_MAX, Note, Untrusted
from recoup.evidence.policy import Policy
from recoup.evidence.proof import PATH_HASHES_MAX, TlogProof
from recoup.evidence.tiles import (
    CACHED_TILES_MAX,
    LEVEL_MAX,
    TILE_WIDTH,
    Tile,
    TileTree,
    bundle,
    tiles_between,
    unbundle,
    width_at,
)

TREE = MemoryTree(leaf_hash(bytes([number])) for number in range(70))
ROOT = b"r" * 32
GOOD = Checkpoint(ORIGIN, 5, ROOT)
OPEN = Policy.of([signer().verifier], [], 0)


@pytest.mark.parametrize("size", [1, 255, 256, 2**32, DECIMAL_MAX])
def test_sizes_go_out_and_come_back(size: int) -> None:
    head = Checkpoint(ORIGIN, size, ROOT, ("kept", "but never trusted"))
    assert Checkpoint.parse(head.text) == head
    assert open_checkpoint(str(head.signed(signer())), [signer().verifier]) == head


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n5\n", f"\n{DECIMAL_MAX + 1}\n"),
        ("\n5\n", "\n05\n"),
        ("\n5\n", "\n-5\n"),
        ("\n5\n", "\n5 \n"),
        ("\n5\n", "\n\n"),
        (ORIGIN, ""),
        ("=\n", "=\n\n"),
        ("=\n", "=\n\nmore\n"),
        ("=\n", "="),
        ("=\n", "\n"),
        ("cnJy", "cnJyAAAA"),
        ("cnJy", ""),
    ],
)
def test_other_texts_are_no_checkpoints(old: str, new: str) -> None:
    assert old in GOOD.text
    with pytest.raises(Malformed):
        Checkpoint.parse(GOOD.text.replace(old, new, 1))


@pytest.mark.parametrize("field", ["origin", "extension", "root", "size"])
def test_the_noun_refuses_what_its_text_could_not_carry(field: str) -> None:
    with pytest.raises(Malformed):
        match field:
            case "origin":
                Checkpoint("a\nb", 5, ROOT)
            case "extension":
                Checkpoint(ORIGIN, 5, ROOT, ("",))
            case "root":
                Checkpoint(ORIGIN, 5, ROOT[:-1])
            case _:
                Checkpoint(ORIGIN, -1, ROOT)


def test_an_empty_log_has_one_root() -> None:
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT).size == 0
    with pytest.raises(NotEmptyRoot):
        Checkpoint(ORIGIN, 0, ROOT)
    assert Checkpoint(ORIGIN, 1, EMPTY_ROOT).size == 1


def test_a_key_of_another_origin_signs_nothing_here() -> None:
    """Both keys are trusted, each for its own log only."""
    other = signer("other.example/log")
    note = GOOD.signed(other)
    with pytest.raises(Untrusted, match=ORIGIN):
        open_checkpoint(note, [signer().verifier, other.verifier])
    with pytest.raises(Untrusted, match="no log key"):
        Policy.of([signer().verifier, other.verifier], [], 0).accept(note)


def test_a_witness_named_like_the_log_is_not_the_log() -> None:
    twin = cosigner(ORIGIN)
    note = Note(GOOD.text, (twin.cosign(GOOD.text, 5),))
    with pytest.raises(Untrusted):
        Policy.of([signer().verifier], [twin.verifier], 1).accept(note)


# --- trees -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [0, 1, 31, 32, 63, 64, 69])
def test_a_path_with_one_thing_changed_leads_nowhere(index: int) -> None:
    size, root, leaf = 70, TREE.root(), TREE.subtree(0, index)
    path = inclusion_proof(TREE, index, size)
    assert verify_inclusion(leaf, index, size, path, root)
    assert not verify_inclusion(leaf, index, size, path[:-1], root)
    assert not verify_inclusion(leaf, index, size, (*path, ROOT), root)
    assert not verify_inclusion(leaf, index, size, path[1:], root)
    assert not verify_inclusion(leaf, index, size, path[::-1], root)
    assert not verify_inclusion(leaf[:-1], index, size, path, root)
    assert not verify_inclusion(leaf, -1, size, path, root)
    assert not verify_inclusion(leaf, size, size, path, root)
    for step in range(len(path)):
        changed = (*path[:step], bytes([path[step][0] ^ 1, *path[step][1:]]), *path[step + 1 :])
        assert not verify_inclusion(leaf, index, size, changed, root)
        cut = (*path[:step], path[step][:-1], *path[step + 1 :])
        assert not verify_inclusion(leaf, index, size, cut, root)


def test_an_inner_node_is_no_leaf() -> None:
    """The second preimage that RFC 6962 separates leaves from nodes against."""
    left, right = TREE.subtree(0, 0), TREE.subtree(0, 1)
    inner = node_hash(left, right)
    assert inner == TREE.subtree(1, 0)
    assert leaf_hash(left + right) != inner
    assert leaf_hash(b"\x01" + left + right) != inner


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 4), (3, 70), (32, 64), (63, 64), (64, 70), (69, 70)])
def test_a_consistency_proof_with_one_thing_changed(old: int, new: int) -> None:
    before, after = root_hash(TREE, old), root_hash(TREE, new)
    path = consistency_proof(TREE, old, new)
    assert verify_consistency(old, new, before, after, path)
    wrong = [
        (old, new, before, after, path[:-1]),
        (old, new, before, after, (*path, ROOT)),
        (old, new, ROOT, after, path),
        (old, new, before, ROOT, path),
        (new, old, after, before, path),
        (old, new, before, after, ()),
        (0, new, EMPTY_ROOT, after, path),
        (old, new, before, after, (*path[:-1], path[-1][:-1])),
    ]
    assert not any(verify_consistency(*one) for one in wrong)
    for step in range(len(path)):
        changed = (*path[:step], bytes([path[step][0] ^ 1, *path[step][1:]]), *path[step + 1 :])
        assert not verify_consistency(old, new, before, after, changed)


def test_equal_sizes_need_equal_roots_and_no_path() -> None:
    root = TREE.root()
    assert verify_consistency(70, 70, root, root, ())
    assert not verify_consistency(70, 70, root, ROOT, ())
    assert not verify_consistency(70, 70, root, root, (ROOT,))
    assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, ())
    assert not verify_consistency(0, 0, ROOT, ROOT, ())


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (71, 70)])
def test_proofs_outside_the_tree_are_index_errors(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        consistency_proof(TREE, old, new)
    with pytest.raises(IndexError):
        inclusion_proof(TREE, new if old < 0 else old, min(old, new) if old < 0 else new)


def test_the_right_edge_agrees_with_the_whole_tree_at_every_size() -> None:
    edge = CompactRange()
    assert edge.root() == EMPTY_ROOT
    for size in range(1, 71):
        edge.append(TREE.subtree(0, size - 1))
        assert (edge.size, edge.root()) == (size, root_hash(TREE, size))


# --- tiles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "index", "width"),
    [(-2, 0, 1), (LEVEL_MAX + 1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, TILE_WIDTH + 1), (0, 0, -1)],
)
def test_no_tile_lies_outside(level: int, index: int, width: int) -> None:
    with pytest.raises(Malformed):
        Tile(level, index, width)


@pytest.mark.parametrize(
    "tile",
    [
        Tile(-1, 0, 1),
        Tile(0, 0),
        Tile(0, 999, 255),
        Tile(0, 1_000),
        Tile(LEVEL_MAX, 1_234_567, 1),
        Tile(5, 999_999),
        Tile(0, 10**15, 3),
    ],
)
def test_paths_go_out_and_come_back(tile: Tile) -> None:
    assert Tile.parse(str(tile.path)) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/001/x000",
        "tile/0/xx01/000",
        "tile/0/x001/000.p",
        "tile/0/../000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/x" + "9/" * 40,
        "tile/entries/0",
    ],
)
def test_paths_in_other_spellings(path: str) -> None:
    with pytest.raises(Malformed):
        Tile.parse(path)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_widths_add_up_to_the_tree(size: int) -> None:
    for level in (0, 1, 2):
        assert sum(width_at(size, level, index) for index in range(300)) == size >> (8 * level)
    listed = list(tiles_between(0, size))
    assert len(set(listed)) == len(listed)
    assert sum(tile.width for tile in listed if tile.level == 0) == size


def test_an_entry_of_the_largest_size_travels_in_a_bundle() -> None:
    entries = [b"", b"x", b"y" * 65_535]
    assert unbundle(bundle(entries)) == entries
    with pytest.raises(OverflowError):
        bundle([b"y" * 65_536])


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_bundle_cut_anywhere_is_malformed(cut: int) -> None:
    whole = bundle([b"abc"])
    with pytest.raises(Malformed, match="cut"):
        unbundle(whole[:-cut])


def test_a_bundle_holds_256_entries_and_no_more() -> None:
    assert len(unbundle(bundle([b"x"] * TILE_WIDTH))) == TILE_WIDTH
    with pytest.raises(Malformed, match="too long"):
        unbundle(bundle([b"x"] * (TILE_WIDTH + 1)))


def test_tiles_are_read_once_while_they_fit_in_memory() -> None:
    size = (CACHED_TILES_MAX + 1) * TILE_WIDTH
    read: list[Tile] = []

    def tile_of(tile: Tile) -> bytes:
        read.append(tile)
        return b"h" * 32 * tile.width

    tree = TileTree(tile_of, size)
    for index in range(CACHED_TILES_MAX):
        tree.subtree(0, index * TILE_WIDTH)
    tree.subtree(0, 0)
    assert len(read) == CACHED_TILES_MAX
    tree.subtree(0, CACHED_TILES_MAX * TILE_WIDTH)
    tree.subtree(0, 0)
    assert len(read) == CACHED_TILES_MAX + 2


def entries(count: int) -> list[Entry]:
    return [Entry(Event("item.examined", at(number), "o", f"r{number}").leaf) for number in range(count)]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_the_edge_of_a_log_is_read_from_its_tiles_and_a_cut_one_is_noticed(size: int) -> None:
    growth = grow(Edge(), entries(size), ORIGIN, signer())
    tiles = {(tile.level, tile.index): data for tile, data in growth.tiles}
    edge = edge_of(size, lambda tile: tiles[tile.level, tile.index])
    assert edge == growth.edge and edge.root() == Checkpoint.parse(growth.checkpoint.text).root
    if size % 256:
        short = Edge(size, (edge.partial[0][:-32], *edge.partial[1:]))
        with pytest.raises(Malformed):
            short.root()


def test_growing_by_nothing_signs_the_same_head_again() -> None:
    once = grow(Edge(), entries(9), ORIGIN, signer())
    again = grow(once.edge, [], ORIGIN, signer())
    assert (again.checkpoint, again.edge, again.tiles) == (once.checkpoint, once.edge, ())


# --- proofs ----------------------------------------------------------------------------------------------------------


def proof(index: int = 9, extra: bytes | None = None) -> TlogProof:
    note = Checkpoint(ORIGIN, 70, TREE.root()).signed(signer())
    return TlogProof(index, inclusion_proof(TREE, index, 70), note, extra)


@pytest.mark.parametrize("other", [0, 8, 10, 68, 69])
def test_a_proof_moved_to_another_place_is_untrusted(other: int) -> None:
    one = proof()
    assert one.verify(TREE.subtree(0, 9), OPEN).size == 70
    with pytest.raises(Untrusted, match=f"entry {other}"):
        TlogProof(other, one.path, one.checkpoint).verify(TREE.subtree(0, 9), OPEN)


def test_a_proof_outside_its_own_checkpoint_is_untrusted() -> None:
    one = proof()
    for index in (70, 71, DECIMAL_MAX):
        with pytest.raises(Untrusted):
            TlogProof(index, one.path, one.checkpoint).verify(TREE.subtree(0, 9), OPEN)


def test_paths_have_a_limit() -> None:
    note = proof().checkpoint
    assert len(TlogProof.parse(str(TlogProof(1, (ROOT,) * PATH_HASHES_MAX, note))).path) == PATH_HASHES_MAX
    with pytest.raises(Malformed, match="at most"):
        TlogProof.parse(str(TlogProof(1, (ROOT,) * (PATH_HASHES_MAX + 1), note)))


def test_a_proof_is_measured_in_bytes() -> None:
    with pytest.raises(Malformed, match="bytes"):
        TlogProof.parse("é" * (NOTE_BYTES_MAX // 2 + 1))
    with pytest.raises(Malformed, match="bytes"):
        TlogProof.parse(b"x" * (NOTE_BYTES_MAX + 1))


@pytest.mark.parametrize("extra", [None, b"", b"x", b"\0" * 3_000])
def test_what_a_proof_carries_is_not_what_it_proves(extra: bytes | None) -> None:
    one = TlogProof.parse(str(proof(9, extra)))
    assert one.extra == extra
    assert one.verify(TREE.subtree(0, 9), OPEN)


@pytest.mark.parametrize(
    ("old", "new"),
    [("index 9", "index 09"), ("index 9", "index"), ("index 9\n", "index 9\nextra eA==\n"), ("v1\n", "v1\n\n")],
)
def test_lines_of_a_proof_in_another_form(old: str, new: str) -> None:
    with pytest.raises(Malformed):
        TlogProof.parse(str(proof()).replace(old, new, 1))
    with pytest.raises(Malformed):
        TlogProof.parse("\ud800" + str(proof()))
