from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.cosignature import cosigned_at
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import EMPTY_ROOT, MemoryTree, consistency_proof, leaf_hash, root_hash
from recoup.evidence.note import Note, parse_note, parse_signatures
from recoup.evidence.witness import CONSISTENCY_HASHES_MAX, Request, Status, Witness
from recoup.evidence.witnessstore import WitnessFile

TREE = MemoryTree(leaf_hash(bytes([number])) for number in range(40))


@pytest.fixture
def witness() -> Witness:
    return Witness(cosigner(), [signer().verifier], WitnessFile(":memory:"), lambda: 1_700_000_000)


def head(size: int, tree: MemoryTree = TREE) -> Note:
    return Checkpoint(ORIGIN, size, root_hash(tree, size)).signed(signer())


def request(old: int, new: int, tree: MemoryTree = TREE) -> str:
    return str(Request(old, consistency_proof(tree, old, new), head(new, tree)))


def test_grows_with_the_log_and_cosigns(witness: Witness) -> None:
    for old, new in ((0, 3), (3, 3), (3, 17), (17, 40)):
        answer = witness.add_checkpoint(request(old, new))
        assert answer.status is Status.COSIGNED
        note = head(new).with_signatures(parse_signatures(answer.body))
        assert cosigned_at(note, witness.cosigner.verifier) == 1_700_000_000
        latest = witness.storage.latest(ORIGIN)
        assert latest is not None and Checkpoint.parse(latest.text).size == new


def test_first_checkpoint_may_be_empty(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, 0)).status is Status.COSIGNED
    assert witness.add_checkpoint(request(0, 5)).status is Status.COSIGNED


@pytest.mark.parametrize("old", [0, 2, 4])
def test_another_old_size_is_told_the_known_one(witness: Witness, old: int) -> None:
    witness.add_checkpoint(request(0, 3))
    answer = witness.add_checkpoint(request(old, 9))
    assert (answer.status, answer.body) == (Status.OTHER_SIZE, "3\n")


def test_unknown_logs_and_untrusted_checkpoints(witness: Witness) -> None:
    other = Checkpoint("other.example/log", 3, root_hash(TREE, 3)).signed(signer("other.example/log"))
    assert witness.add_checkpoint(str(Request(0, (), other))).status is Status.UNKNOWN_LOG
    stranger = Checkpoint(ORIGIN, 3, root_hash(TREE, 3)).signed(signer("stranger.example"))
    assert witness.add_checkpoint(str(Request(0, (), stranger))).status is Status.UNTRUSTED
    false = Note(head(3).text, (*head(3).signatures, signer().sign("x\n")))
    assert witness.add_checkpoint(str(Request(0, (), false))).status is Status.UNTRUSTED


def test_unknown_signatures_beside_the_logs_are_ignored(witness: Witness) -> None:
    note = head(3).with_signatures([signer("x.example").sign(head(3).text)])
    assert witness.add_checkpoint(str(Request(0, (), note))).status is Status.COSIGNED


def test_what_does_not_extend_is_refused(witness: Witness) -> None:
    other = MemoryTree(leaf_hash(bytes([number, 1])) for number in range(40))
    assert witness.add_checkpoint(str(Request(0, (b"x" * 32,), head(3)))).status is Status.INCONSISTENT
    witness.add_checkpoint(request(0, 3))
    for body in (
        request(3, 9, other),
        str(Request(3, (), head(9))),
        str(Request(3, (*consistency_proof(TREE, 3, 9), b"x" * 32), head(9))),
        str(Request(3, (b"x" * 32,), head(3))),
    ):
        assert witness.add_checkpoint(body).status is Status.INCONSISTENT
    latest = witness.storage.latest(ORIGIN)
    assert latest is not None and Checkpoint.parse(latest.text).size == 3


def test_two_roots_of_one_size_are_kept_as_proof(witness: Witness) -> None:
    other = MemoryTree(leaf_hash(bytes([number, 1])) for number in range(40))
    witness.add_checkpoint(request(0, 3))
    assert witness.add_checkpoint(request(3, 3, other)).status is Status.INCONSISTENT
    assert isinstance(witness.storage, WitnessFile)
    ((held, offered),) = witness.storage.forks(ORIGIN)
    assert held.text == head(3).text and offered.text == head(3, other).text
    assert held.signers([signer().verifier]) and offered.signers([signer().verifier])


def test_size_zero_has_one_root(witness: Witness) -> None:
    text = f"{ORIGIN}\n0\n{'A' * 43}=\n"
    body = f"old 0\n\n{Note(text, (signer().sign(text),))}"
    assert witness.add_checkpoint(body).status is Status.INCONSISTENT
    assert root_hash(TREE, 0) == EMPTY_ROOT


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0\n",
        b"\xff\n\n",
        "old 00\n\n" + str(head(3)),
        "old -1\n\n" + str(head(3)),
        "old 4\n\n" + str(head(3)),
        "new 0\n\n" + str(head(3)),
        "old 0\nAAAA\n\n" + str(head(3)),
        "old 0\n\n" + str(head(3))[:-1],
        "old 0\n\nnot a checkpoint\n\n" + str(signer().sign("not a checkpoint\n")),
        b"x" * 1_000_001,
    ],
)
def test_malformed_requests(witness: Witness, body: str | bytes) -> None:
    assert witness.add_checkpoint(body).status is Status.MALFORMED


def test_proof_lines_have_a_limit() -> None:
    hashes = (b"x" * 32,) * CONSISTENCY_HASHES_MAX
    assert Request.parse(str(Request(1, hashes, head(3)))).proof == hashes
    with pytest.raises(Malformed):
        Request.parse(str(Request(1, (*hashes, b"x" * 32), head(3))))


def test_random_bytes_never_raise(witness: Witness) -> None:
    chance = random.Random(1)
    whole = request(0, 9).encode()
    for _ in range(2_000):
        body = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        answer = witness.add_checkpoint(bytes(body[: chance.randint(0, len(body))]))
        assert answer.status is not Status.COSIGNED or parse_note(bytes(body).split(b"\n\n", 1)[1])


def test_persists_before_it_answers(tmp_path: Path) -> None:
    class Forgetful(WitnessFile):
        def advance(self, origin: str, old: int, new: int, note: Note) -> bool:
            raise OSError("no space left on device")

    broken = Witness(cosigner(), [signer().verifier], Forgetful(tmp_path / "w.sqlite3"), lambda: 1)
    with pytest.raises(OSError, match="space"):
        broken.add_checkpoint(request(0, 3))
    whole = Witness(cosigner(), [signer().verifier], WitnessFile(tmp_path / "w.sqlite3"), lambda: 1)
    assert whole.storage.latest(ORIGIN) is None
    whole.add_checkpoint(request(0, 3))
    again = WitnessFile(tmp_path / "w.sqlite3").latest(ORIGIN)
    assert again is not None and Checkpoint.parse(again.text).size == 3


@pytest.mark.parametrize("size", [3, 8])
def test_a_race_does_not_roll_back(tmp_path: Path, size: int) -> None:
    """Many requests from one size: exactly one is cosigned, and the memory holds that one."""
    path = tmp_path / "w.sqlite3"
    nodes = [Witness(cosigner(), [signer().verifier], WitnessFile(path), lambda: 1) for _ in range(4)]
    nodes[0].add_checkpoint(request(0, size))
    bodies = [request(size, new) for new in range(size + 1, size + 9)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda at: nodes[at % 4].add_checkpoint(bodies[at]), range(8)))
    won = [number for number, answer in enumerate(answers) if answer.status is Status.COSIGNED]
    assert len(won) == 1
    assert {answer.status for answer in answers} == {Status.COSIGNED, Status.OTHER_SIZE}
    latest = nodes[0].storage.latest(ORIGIN)
    assert latest is not None and Checkpoint.parse(latest.text).size == size + 1 + won[0]


def test_mirror_keeps_only_what_was_cosigned() -> None:
    store = WitnessFile(":memory:")
    witness = Witness(cosigner(), [signer().verifier], store, lambda: 1)
    leaves = [TREE.subtree(0, index) for index in range(40)]
    witness.add_checkpoint(request(0, 5))
    witness.add_checkpoint(request(5, 12))
    assert store.mirror(ORIGIN, leaves[:5]) == 5
    with pytest.raises(Malformed):
        store.mirror(ORIGIN, leaves[5:11])
    with pytest.raises(Malformed):
        store.mirror(ORIGIN, [b"x" * 32, *leaves[6:12]])
    assert store.mirror(ORIGIN, leaves[5:12]) == 12
    assert store.leaf_hashes(ORIGIN) == leaves[:12]
    assert [Checkpoint.parse(note.text).size for note in store.seen(ORIGIN)] == [5, 12]
