from __future__ import annotations

import pytest
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import MemoryTree, inclusion_proof, leaf_hash
from recoup.evidence.note import Untrusted
from recoup.evidence.policy import Policy
from recoup.evidence.proof import HEADER, PATH_HASHES_MAX, TlogProof

LEAVES = [leaf_hash(bytes([number])) for number in range(11)]
WITNESS = cosigner()
POLICY = Policy.of([signer().verifier], [WITNESS.verifier], 1)


def proof(index: int, extra: bytes | None = None) -> TlogProof:
    tree = MemoryTree(LEAVES)
    note = Checkpoint(ORIGIN, len(LEAVES), tree.root()).signed(signer())
    note = note.with_signatures([WITNESS.cosign(note.text, 1_700_000_000)])
    return TlogProof(index, inclusion_proof(tree, index, len(LEAVES)), note, extra)


@pytest.mark.parametrize("extra", [None, b"", b"opaque"])
def test_text_and_back(extra: bytes | None) -> None:
    for index in range(len(LEAVES)):
        one = proof(index, extra)
        assert TlogProof.parse(str(one)) == one
        assert TlogProof.parse(str(one).encode()).verify(LEAVES[index], POLICY).size == 11


def test_an_only_entry_has_an_empty_path() -> None:
    tree = MemoryTree(LEAVES[:1])
    one = TlogProof(0, (), Checkpoint(ORIGIN, 1, tree.root()).signed(signer()))
    assert TlogProof.parse(str(one)).verify(LEAVES[0], Policy.of([signer().verifier], [], 0)).size == 1


def test_proof_of_one_leaf_proves_no_other() -> None:
    for index, leaf in ((3, LEAVES[4]), (4, LEAVES[3])):
        with pytest.raises(Untrusted, match="does not place"):
            proof(index).verify(leaf, POLICY)


def test_every_single_changed_character_is_refused() -> None:
    text = str(proof(5))
    accepted = []
    for at, character in enumerate(text):
        changed = text[:at] + ("A" if character != "A" else "B") + text[at + 1 :]
        try:
            TlogProof.parse(changed).verify(LEAVES[5], POLICY)
        except (Malformed, Untrusted):
            continue
        accepted.append(at)
    assert accepted == []


def test_cut_anywhere_is_refused() -> None:
    text = str(proof(5))
    for at in range(len(text)):
        with pytest.raises((Malformed, Untrusted)):
            TlogProof.parse(text[:at]).verify(LEAVES[5], POLICY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (HEADER, "c2sp.org/tlog-proof@v2"),
        ("index 5", "index 05"),
        ("index 5", "5"),
        ("index 5", "extra ?\nindex 5"),
        ("index 5", "index 5\nAAAA"),
        ("index 5", "index 5\n" + "\n".join(["A" * 43 + "="] * PATH_HASHES_MAX)),
    ],
)
def test_other_texts_are_malformed(old: str, new: str) -> None:
    with pytest.raises(Malformed):
        TlogProof.parse(str(proof(5)).replace(old, new, 1))


def test_bytes_that_are_no_text_are_malformed() -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        TlogProof.parse(HEADER.encode() + b"\nextra \xff\n\n")
    with pytest.raises(Malformed, match="at most"):
        TlogProof.parse(b"x" * 1_000_001)
