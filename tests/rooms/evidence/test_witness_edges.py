"""Witnesses, their policy and their views: k of n, deep groups, false accusers, requests of every odd form."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from tests.rooms.evidence.build import Agency, grown
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer
from tests.rooms.evidence.tamper import codes

from recoup.evidence.audit import Code, Finding, WitnessView, audit
from recoup.evidence.audit.view import parse_view, view_text
from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.encoding import DECIMAL_MAX, Malformed
from recoup.evidence.merkle import EMPTY_ROOT, MemoryTree, consistency_proof, leaf_hash, root_hash
from recoup.evidence.note import NOTE_BYTES_MAX, SIGNATURES_MAX, Note, Signature, Untrusted
from recoup.evidence.policy import MEMBERS_MAX, Group, Policy
from recoup.evidence.standalone import verify
from recoup.evidence.witness import Request, Status, Witness
from recoup.evidence.witnessstore import WitnessFile

HEAD = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
NAMES = ("a.example/w", "b.example/w", "c.example/w", "d.example/w")
KEYS = [cosigner(name).verifier for name in NAMES]
TREE = MemoryTree(leaf_hash(bytes([number])) for number in range(40))


def cosigned(names: tuple[str, ...]) -> Note:
    return HEAD.signed(signer()).with_signatures(cosigner(name).cosign(HEAD.text, 9) for name in names)


def standalone(note: Note, text: str) -> bool:
    try:
        verify.checkpoint(str(note).encode(), text)
    except verify.No:
        return False
    return True


@pytest.mark.parametrize("needed", range(1, 5))
def test_every_subset_of_the_witnesses_against_every_quorum(needed: int) -> None:
    policy = Policy.of([signer().verifier], KEYS, needed)
    lines = [f"witness {key.name} {key}" for key in KEYS]
    text = "\n".join([f"log {signer().verifier}", *lines, f"group g {needed} {' '.join(NAMES)}", "quorum g"])
    for have in range(5):
        for names in combinations(NAMES, have):
            note = cosigned(names)
            assert standalone(note, text) is (have >= needed)
            if have >= needed:
                assert policy.accept(note) == Policy.parse(text).accept(note) == HEAD
            else:
                with pytest.raises(Untrusted, match="quorum"):
                    policy.accept(note)


@pytest.mark.parametrize(("needed", "members"), [(0, ("a",)), (-1, ("a",)), (2, ("a",)), (1, ()), (0, ())])
def test_a_group_can_be_reached_and_can_be_missed(needed: int, members: tuple[str, ...]) -> None:
    assert Group(1, ("a",)).needed == 1
    with pytest.raises(Malformed, match="needs"):
        Group(needed, members)


@pytest.mark.parametrize("needed", [5, -1])
def test_a_quorum_beyond_the_witnesses_is_malformed(needed: int) -> None:
    with pytest.raises(Malformed):
        Policy.of([signer().verifier], KEYS, needed)


def test_doubled_cosignatures_of_one_witness_count_once() -> None:
    note = cosigned(())
    twice = note.with_signatures(cosigner(NAMES[0]).cosign(HEAD.text, seconds) for seconds in (8, 9, 10))
    with pytest.raises(Untrusted, match="quorum"):
        Policy.of([signer().verifier], KEYS, 2).accept(twice)


def chain_of_groups(depth: int) -> str:
    lines = [f"log {signer().verifier}", f"witness w {KEYS[0]}", "group g0 1 w"]
    lines += [f"group g{number} 1 g{number - 1}" for number in range(1, depth)]
    return "\n".join([*lines, f"quorum g{depth - 1}"])


def test_groups_as_deep_as_a_policy_may_be() -> None:
    """The largest policy that may be written is judged by both readers, whatever its shape."""
    text = chain_of_groups(MEMBERS_MAX - 1)
    assert Policy.parse(text).accept(cosigned(NAMES[:1])) == HEAD
    assert standalone(cosigned(NAMES[:1]), text)
    with pytest.raises(Untrusted, match="no witness"):
        Policy.parse(text).accept(cosigned(NAMES[1:]))
    assert not standalone(cosigned(NAMES[1:]), text)
    with pytest.raises(Malformed, match="at most"):
        Policy.parse(chain_of_groups(MEMBERS_MAX))


@pytest.mark.parametrize(
    "line",
    ["\ud800", "log", "log x y z", "witness a", "group g", "group g 1", "quorum", "quorum a b", "LOG x", "group w 1 w"],
)
def test_lines_that_no_policy_has(line: str) -> None:
    with pytest.raises(Malformed):
        Policy.parse(f"witness w {KEYS[0]}\n{line}\nquorum w")


def test_a_group_is_defined_before_it_is_named() -> None:
    with pytest.raises(Malformed, match="line 2"):
        Policy.parse(f"witness w {KEYS[0]}\ngroup a 1 b\ngroup b 1 w\nquorum a")


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.fixture
def witness() -> Witness:
    return Witness(cosigner(), [signer().verifier], WitnessFile(":memory:"), lambda: 1_700_000_000)


def head(size: int) -> Note:
    return Checkpoint(ORIGIN, size, root_hash(TREE, size)).signed(signer())


def request(old: int, new: int) -> str:
    return str(Request(old, consistency_proof(TREE, old, new), head(new)))


@pytest.mark.parametrize(
    "body",
    [
        "\ud800",
        f"old 0\n\n\ud800{head(3)}",
        "é" * (NOTE_BYTES_MAX // 2 + 1),
        f"old {DECIMAL_MAX + 1}\n\n{head(3)}",
        f"old  0\n\n{head(3)}",
        f"old 0 \n\n{head(3)}",
        f"OLD 0\n\n{head(3)}",
        f"old 0\n{head(3)}",
        f"\nold 0\n\n{head(3)}",
        f"old 0\r\n\r\n{head(3)}",
        b"old 0\n\n" + str(head(3)).encode("utf-16"),
    ],
)
def test_requests_in_other_forms_are_answered_and_never_raise(witness: Witness, body: str | bytes) -> None:
    assert witness.add_checkpoint(body).status is Status.MALFORMED
    assert witness.storage.latest(ORIGIN) is None


def test_the_same_growth_twice_is_told_the_new_size(witness: Witness) -> None:
    for old, new in ((0, 7), (7, 20)):
        assert witness.add_checkpoint(request(old, new)).status is Status.COSIGNED
        answer = witness.add_checkpoint(request(old, new))
        assert (answer.status, answer.body) == (Status.OTHER_SIZE, f"{new}\n")


@pytest.mark.parametrize("size", [1, 6])
def test_a_log_that_shrinks_is_refused(witness: Witness, size: int) -> None:
    witness.add_checkpoint(request(0, 7))
    assert witness.add_checkpoint(str(Request(7, (), head(size)))).status is Status.MALFORMED
    assert witness.add_checkpoint(str(Request(size, (), head(size)))).status is Status.OTHER_SIZE


def test_a_proof_in_another_order_is_refused_and_nothing_is_remembered(witness: Witness) -> None:
    witness.add_checkpoint(request(0, 7))
    proof = consistency_proof(TREE, 7, 20)
    for wrong in (proof[::-1], proof[1:], proof[:-1], (*proof, proof[0]), (proof[0], *proof)):
        assert witness.add_checkpoint(str(Request(7, wrong, head(20)))).status is Status.INCONSISTENT
    assert witness.add_checkpoint(str(Request(7, proof, head(20)))).status is Status.COSIGNED


def test_a_signature_of_the_witness_that_a_client_brings_is_not_passed_on_as_true(witness: Witness) -> None:
    name = witness.cosigner.verifier
    false = Signature(name.name, name.id, b"\0" * 72)
    answer = witness.add_checkpoint(str(Request(0, (), head(3).with_signatures([false]))))
    assert answer.status is Status.COSIGNED and str(false) not in answer.body


@pytest.mark.parametrize("count", [1, SIGNATURES_MAX - 1])
def test_what_a_client_puts_beside_the_logs_signature_is_not_kept(witness: Witness, count: int) -> None:
    """Not a false signature under the name of another witness, and not so many that no place is left."""
    name = KEYS[0]
    more = [Signature(name.name, name.id, bytes([number]) * 72) for number in range(count)]
    assert witness.add_checkpoint(str(Request(0, (), head(3).with_signatures(more)))).status is Status.COSIGNED
    latest = witness.storage.latest(ORIGIN)
    assert latest is not None and len(latest.signatures) == 2
    keys = [signer().verifier, witness.cosigner.verifier, name]
    assert latest.signers(keys) == tuple(keys[:2])


def test_two_logs_are_remembered_apart() -> None:
    other = signer("other.example/log")
    both = Witness(cosigner(), [signer().verifier, other.verifier], WitnessFile(":memory:"), lambda: 9)
    assert both.add_checkpoint(request(0, 7)).status is Status.COSIGNED
    note = Checkpoint(other.name, 3, root_hash(TREE, 3)).signed(other)
    assert both.add_checkpoint(str(Request(0, (), note))).status is Status.COSIGNED
    borrowed = Checkpoint(other.name, 9, root_hash(TREE, 9)).signed(signer())
    assert both.add_checkpoint(str(Request(3, (), borrowed))).status is Status.UNTRUSTED


# --- views in an audit -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def agency() -> Agency:
    return grown(20)


def judged(agency: Agency, view: WitnessView) -> list[Finding]:
    return audit(agency.file, [signer().verifier], [view], agency.keys)


def other_head(size: int, key: str = ORIGIN) -> Note:
    return Checkpoint(ORIGIN, size, b"o" * 32).signed(replace(signer(key), name=ORIGIN))


def test_an_honest_view_finds_nothing(agency: Agency) -> None:
    assert judged(agency, agency.views()[0]) == []


def test_a_view_with_a_note_that_is_no_checkpoint_is_named_and_the_audit_goes_on(agency: Agency) -> None:
    (view,) = agency.views()
    note = Note("hello\n", (signer().sign("hello\n"), cosigner().cosign("hello\n", 5)))
    found = judged(agency, replace(view, seen=(note, *view.seen)))
    assert codes(found) == {Code.WITNESS_FALSE}
    assert codes(judged(agency, replace(view, seen=(note,)))) == {Code.WITNESS_FALSE, Code.WITNESS_BEHIND}


def test_an_accusation_rests_on_two_true_signatures(agency: Agency) -> None:
    """A witness cannot accuse a log with checkpoints that the log never signed, or that agree."""
    (view,) = agency.views()
    true, forged, nothing = agency.log.checkpoint(), other_head(20, "stranger.example"), Note("x\n", true_line())
    for pair in ((true, forged), (forged, true), (true, nothing), (nothing, nothing), (true, true)):
        assert codes(judged(agency, replace(view, forks=(pair,)))) == {Code.WITNESS_FALSE}
    (found,) = judged(agency, replace(view, forks=((true, other_head(20)),)))
    assert found.code is Code.HISTORY_SPLIT and "20" in found.what


def true_line() -> tuple[Signature, ...]:
    return (signer().sign("x\n"),)


def test_a_view_without_the_witnesss_own_signature_is_false(agency: Agency) -> None:
    (view,) = agency.views()
    bare = tuple(Note(note.text, (signer().sign(note.text),)) for note in view.seen)
    found = judged(agency, replace(view, seen=bare))
    assert Code.WITNESS_FALSE in codes(found) and Code.HISTORY_REWRITTEN not in codes(found)


def test_a_mirror_that_lies_accuses_no_entry_while_the_roots_agree(agency: Agency) -> None:
    (view,) = agency.views()
    assert judged(agency, replace(view, leaf_hashes=(b"x" * 32,) * 20)) == []
    assert judged(agency, replace(view, leaf_hashes=view.leaf_hashes[:3])) == []


@pytest.mark.parametrize("size", [21, 1_000])
def test_more_than_the_log_shows_is_a_rollback(agency: Agency, size: int) -> None:
    (view,) = agency.views()
    note = other_head(size).with_signatures([cosigner().cosign(other_head(size).text, 5)])
    (found,) = judged(agency, replace(view, seen=(*view.seen, note)))
    assert (found.code, found.first, found.last) == (Code.HISTORY_ROLLED_BACK, 20, size - 1)


def test_views_of_surrogates_and_other_logs_are_malformed(agency: Agency) -> None:
    data = view_text(agency.views()[0], ORIGIN)
    for changed in (
        data.replace(b'"seen":["', b'"seen":["\\ud800'),
        data.replace(b'"witness":"', b'"witness":"\\udfff'),
        data[:-1],
        data + b"x",
        data.replace(b'"origin":"', b'"origin":"x'),
    ):
        assert changed != data
        with pytest.raises(Malformed):
            parse_view(changed, ORIGIN)


@pytest.mark.parametrize("kept", ["nonsense", "x\n\n— a AAAAAAA=\n", ""])
def test_a_kept_checkpoint_of_other_bytes_is_named(kept: str) -> None:
    agency = grown(6)
    agency.file.db.execute("UPDATE cosigned SET note = ? WHERE size = 3", (kept,))
    (found,) = agency.audit()
    assert found.code is Code.COSIGNED_FALSE
