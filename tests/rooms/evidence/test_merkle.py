from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from tests.rooms.evidence.shared import vectors

from recoup.evidence.merkle import (
    EMPTY_ROOT,
    CompactRange,
    MemoryTree,
    consistency_proof,
    cover,
    inclusion_proof,
    leaf_hash,
    node_hash,
    pair_hashes,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and roots of the reference tests of RFC 6962 (certificate-transparency-go, merkle_tree_test).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1 as it is written there."""
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(slow_root(leaves[:split]), slow_root(leaves[split:]))


def test_reference_roots() -> None:
    tree, edge = MemoryTree(), CompactRange()
    for size, root in enumerate(ROOTS):
        assert tree.root().hex() == edge.root().hex() == root
        assert slow_root(INPUTS[:size]).hex() == root
        if size < len(INPUTS):
            tree.append(leaf_hash(INPUTS[size]))
            edge.append(leaf_hash(INPUTS[size]))


def test_reference_inclusion_path() -> None:
    tree = MemoryTree(map(leaf_hash, INPUTS))
    path = inclusion_proof(tree, 0, 8)
    assert [step.hex() for step in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert inclusion_proof(MemoryTree(map(leaf_hash, INPUTS[:1])), 0, 1) == ()


def test_reference_consistency_path() -> None:
    tree = MemoryTree(map(leaf_hash, INPUTS))
    assert [step.hex() for step in consistency_proof(tree, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 31, 33, 64, 65])
def test_every_proof_of_a_tree_verifies_and_no_other(size: int) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    tree = MemoryTree(leaves)
    root = root_hash(tree, size)
    for index in range(size):
        path = inclusion_proof(tree, index, size)
        assert verify_inclusion(leaves[index], index, size, path, root)
        assert not verify_inclusion(leaves[index - 1], index, size, path, root) or size == 1
        assert not verify_inclusion(leaves[index], index + 1, size, path, root)
        assert not verify_inclusion(leaves[index], index, size, (*path, root), root)
        assert not verify_inclusion(leaves[index], index, size, path[:-1], root) or not path


@pytest.mark.parametrize("new", [1, 2, 3, 5, 8, 13, 32, 33])
def test_every_pair_of_sizes_is_consistent(new: int) -> None:
    tree = MemoryTree(leaf_hash(bytes([number])) for number in range(new))
    for old in range(1, new + 1):
        path = consistency_proof(tree, old, new)
        before, after = root_hash(tree, old), root_hash(tree, new)
        assert verify_consistency(old, new, before, after, path)
        assert not verify_consistency(old, new, after, before, path) or old == new
        assert not verify_consistency(old, new, before, after, (*path, after))
        if path:
            assert not verify_consistency(old, new, before, after, path[:-1])
            assert not verify_consistency(old, new, before, after, (path[0][:-1], *path[1:]))


def test_outside_the_tree() -> None:
    tree = MemoryTree(map(leaf_hash, INPUTS))
    for index, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(IndexError):
            inclusion_proof(tree, index, size)
    with pytest.raises(IndexError):
        consistency_proof(tree, 5, 4)
    assert consistency_proof(tree, 0, 8) == consistency_proof(tree, 8, 8) == ()
    assert not verify_consistency(0, 8, EMPTY_ROOT, tree.root(), ())
    assert not verify_inclusion(b"short", 0, 1, (), b"short")


def test_cover_is_left_to_right_without_gaps() -> None:
    for start in range(40):
        for stop in range(start, 40):
            at = start
            for level, index in cover(start, stop):
                assert index << level == at
                at += 1 << level
            assert at == stop


def test_pairs_leave_an_odd_last_hash_out() -> None:
    row = [leaf_hash(bytes([number])) for number in range(5)]
    assert pair_hashes(b"".join(row)) == node_hash(row[0], row[1]) + node_hash(row[2], row[3])
    assert pair_hashes(row[0]) == pair_hashes(b"") == b""


def _cases(kind: str) -> list[dict[str, Any]]:
    folder = vectors("rfc6962-merkle") / "testdata" / kind
    return [json.loads(path.read_text()) | {"file": str(path)} for path in sorted(folder.rglob("*.json"))]


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.shared_data
def test_public_inclusion_vectors() -> None:
    cases = _cases("inclusion")
    assert len(cases) == 98
    for case in cases:
        path = [_bytes(step) for step in case["proof"] or []]
        verdict = verify_inclusion(
            _bytes(case["leafHash"]), case["leafIdx"], case["treeSize"], path, _bytes(case["root"])
        )
        assert verdict is not case["wantErr"], case["file"]


@pytest.mark.shared_data
def test_public_consistency_vectors() -> None:
    cases = _cases("consistency")
    assert len(cases) == 98
    for case in cases:
        path = [_bytes(step) for step in case["proof"] or []]
        roots = _bytes(case["root1"]), _bytes(case["root2"])
        assert verify_consistency(case["size1"], case["size2"], *roots, path) is not case["wantErr"], case["file"]
