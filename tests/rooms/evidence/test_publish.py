"""What leaves the agency: published tiles and a witness's view."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.evidence.build import Agency, grown
from tests.rooms.evidence.keys import ORIGIN, signer
from tests.rooms.evidence.shared import vectors

from recoup.evidence.audit.view import FORMAT, parse_view, view_text
from recoup.evidence.checkpoint import open_checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import inclusion_proof, leaf_hash, root_hash, verify_inclusion
from recoup.evidence.publish import leaf_hashes, tile_files
from recoup.evidence.tiles import Tile, TileTree, unbundle


def published(agency: Agency, folder: Path) -> Path:
    for name, data in tile_files(agency.log):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_a_reader_of_the_files_alone_verifies_every_entry(tmp_path: Path, size: int) -> None:
    """A monitor's work with checkpoint, tiles and bundles, and nothing else."""
    folder = published(grown(size), tmp_path)
    head = open_checkpoint((folder / "checkpoint").read_bytes(), [signer().verifier])
    assert head.size == size
    tree = TileTree(lambda tile: (folder / tile.path).read_bytes(), size)
    assert root_hash(tree, size) == head.root
    entries = []
    for index in range(-(-size // 256)):
        width = min(256, size - 256 * index)
        entries += unbundle((folder / Tile(-1, index, width).path).read_bytes())
    assert len(entries) == size
    for index in {0, size // 2, size - 1}:
        path = inclusion_proof(tree, index, size)
        assert verify_inclusion(leaf_hash(entries[index]), index, size, path, head.root)
    assert leaf_hashes(folder) == [leaf_hash(entry) for entry in entries]


def test_the_checkpoint_comes_last_and_cosigned(tmp_path: Path) -> None:
    names = [name for name, _ in tile_files(grown(300).log)]
    assert names[-1] == "checkpoint" and names[:3] == ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]
    folder = published(grown(20), tmp_path)
    assert (folder / "checkpoint").read_text().count("— ") == 2


def test_nothing_personal_is_published(tmp_path: Path) -> None:
    folder = published(grown(30), tmp_path)
    together = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"seen" not in together and b"commitment" in together


def test_cut_and_missing_tiles_are_malformed(tmp_path: Path) -> None:
    folder = published(grown(300), tmp_path)
    (folder / "tile/0/001.p/44").write_bytes(b"x" * 31)
    with pytest.raises(Malformed, match="cut"):
        leaf_hashes(folder)
    (folder / "tile/0/000").unlink()
    with pytest.raises(Malformed, match="missing"):
        leaf_hashes(folder)


@pytest.mark.parametrize("mirror", [True, False])
def test_a_view_travels_as_a_file(mirror: bool) -> None:
    (view,) = grown(30, mirror=mirror).views()
    data = view_text(view, ORIGIN)
    assert parse_view(data, ORIGIN) == view
    assert len(view.leaf_hashes) == (30 if mirror else 0)
    with pytest.raises(Malformed, match="about the log"):
        parse_view(data, "other.example/log")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "recoup-witness-view/2"),
        ("witness", str(signer().verifier)),
        ("witness", "x"),
        ("seen", ["x"]),
        ("seen", 7),
        ("forks", [["x", "y"]]),
        ("forks", [[]]),
        ("leaf_hashes", ["AAAA"]),
        ("leaf_hashes", None),
    ],
)
def test_other_files_are_no_views(name: str, value: object) -> None:
    (view,) = grown(4).views()
    values = json.loads(view_text(view, ORIGIN)) | {name: value}
    with pytest.raises(Malformed):
        parse_view(json.dumps(values).encode(), ORIGIN)
    del values[name]
    with pytest.raises(Malformed):
        parse_view(json.dumps(values).encode(), ORIGIN)
    assert FORMAT.endswith("/1")


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"1", b"[" * 100_000])
def test_nonsense_is_no_view(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_view(data, ORIGIN)


@pytest.mark.shared_data
def test_examples_in_the_specifications_read_as_they_are_written() -> None:
    """Every checkpoint and note that the C2SP texts show in full."""
    from recoup.evidence.checkpoint import Checkpoint
    from recoup.evidence.note import VerifierKey, parse_note

    specs = vectors("c2sp-specs")
    note_text = (specs / "signed-note.md").read_text("utf-8")
    blocks = [block.strip("\n") + "\n" for block in note_text.split("```")[1::2]]
    signed = [block for block in blocks if "\n\n— " in block]
    assert len(signed) == 2
    key = next(word for word in note_text.split() if word.startswith("example.com/foo+"))
    assert parse_note(signed[1]).signers([VerifierKey.parse(key)])
    for name in ("tlog-checkpoint.md", "tlog-cosignature.md"):
        blocks = [block.strip("\n") + "\n" for block in (specs / name).read_text("utf-8").split("```")[1::2]]
        (example,) = [block for block in blocks if "\n\n— " in block]
        assert str(parse_note(example)) == example
        assert Checkpoint.parse(parse_note(example).text).size == 20852163
