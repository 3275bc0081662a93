"""Laws of the log: clean logs audit clean, and no single change goes unseen."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.evidence.build import Agency, grown
from tests.rooms.evidence.keys import cosigner, signer

from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import (
    CompactRange,
    MemoryTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from recoup.evidence.note import Untrusted, parse_note
from recoup.evidence.policy import Policy
from recoup.evidence.proof import TlogProof
from recoup.evidence.witness import Request

CLEAN_AUDITS = 1_000


def test_a_thousand_clean_audits_raise_no_false_alarm() -> None:
    """Logs of 0 to 300 entries, witnessed or not, with erasures, rotations and reopenings in between."""
    alarms = []
    for seed in range(CLEAN_AUDITS):
        chance = random.Random(seed)
        names = ("b.example/w", "c.example/w", "d.example/w")[: chance.randint(0, 3)]
        agency = Agency(witnesses=names, mirror=chance.random() < 0.5)
        for _ in range(chance.randint(0, 5)):
            match chance.randint(0, 5):
                case 0 | 1 | 2:
                    agency.add(chance.choice([1, 2, 3, 8, 20] if seed % 50 else [256, 300]))
                case 3:
                    agency.witness()
                case 4 if agency.keys.has("s1") and agency.subjects == 3:
                    agency.erase("s1")
                    agency.subjects = 1
                case _:
                    agency.log = type(agency.log)(agency.file, signer())
        alarms += [(seed, finding) for finding in agency.audit()]
        agency.file.close()
    assert alarms == []


@settings(max_examples=60, deadline=None)
@given(index=st.integers(0, 39), bit=st.integers(0, 10_000), table=st.sampled_from(["entry", "tile", "checkpoint"]))
def test_no_flipped_bit_goes_unseen(index: int, bit: int, table: str) -> None:
    agency = grown(40)
    column = {"entry": "leaf", "tile": "hashes", "checkpoint": "note"}[table]
    where = f"WHERE idx = {index}" if table == "entry" else ""
    value = agency.file.db.execute(f"SELECT CAST({column} AS BLOB) FROM {table} {where}").fetchone()[0]
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    agency.file.db.execute(f"UPDATE {table} SET {column} = ? {where}", (bytes(changed),))
    found = agency.audit()
    assert found
    if table == "entry":
        assert index in {finding.first for finding in found}


@settings(max_examples=80, deadline=None)
@given(size=st.integers(1, 600), data=st.data())
def test_proofs_hold_at_every_size(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(2)) for number in range(size)]
    tree, edge = MemoryTree(leaves), CompactRange()
    for leaf in leaves:
        edge.append(leaf)
    assert edge.root() == tree.root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    path, steps = inclusion_proof(tree, index, size), consistency_proof(tree, old, size)
    assert verify_inclusion(leaves[index], index, size, path, tree.root())
    assert verify_consistency(old, size, root_hash(tree, old), tree.root(), steps)
    wrong = data.draw(st.integers(0, size - 1).filter(lambda other: other != index) if size > 1 else st.just(-1))
    assert not verify_inclusion(leaves[index], wrong, size, path, tree.root())
    assert not verify_consistency(old, size, leaf_hash(b"other"), tree.root(), steps)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400))
def test_parsers_refuse_arbitrary_bytes_in_their_own_words(data: bytes) -> None:
    for parse in (parse_note, TlogProof.parse, Request.parse):
        try:
            parse(data)
        except Malformed:
            continue


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_mutated_proof_is_never_accepted(data: st.DataObject) -> None:
    agency = grown(21)
    policy = Policy.of([signer().verifier], [cosigner().verifier], 1)
    leaf = leaf_hash(next(agency.file.leaves(13, 14))[1])
    text = str(agency.log.proof(13)).encode()
    changed = bytearray(text)
    at = data.draw(st.integers(0, len(text) - 1))
    changed[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[at]))
    try:
        TlogProof.parse(bytes(changed)).verify(leaf, policy)
    except (Malformed, Untrusted):
        return
    raise AssertionError(f"accepted with byte {at} changed")
