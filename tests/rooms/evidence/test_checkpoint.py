from __future__ import annotations

import pytest
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.checkpoint import Checkpoint, open_checkpoint
from recoup.evidence.cosignature import cosigned_at
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import EMPTY_ROOT
from recoup.evidence.note import Note, Untrusted, VerifierKey, cosigned_message, parse_note

# The examples of C2SP tlog-checkpoint and tlog-cosignature.
PUBLISHED = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGk"
    "u9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nP"
    "Zqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def test_published_example_reads_and_writes() -> None:
    note = parse_note(PUBLISHED)
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text
    assert str(note) == PUBLISHED
    seconds = int.from_bytes(note.signatures[1].value[:8])
    assert seconds == 1679315147
    assert cosigned_message(note.text, seconds).startswith(b"cosignature/v1\ntime 1679315147\nexample.com/behind")


def test_signed_checkpoint_opens_with_its_key_only() -> None:
    note = Checkpoint(ORIGIN, 0, EMPTY_ROOT).signed(signer())
    assert open_checkpoint(str(note), [signer().verifier]).size == 0
    with pytest.raises(Untrusted):
        open_checkpoint(note, [signer("other.example").verifier])


def test_a_trusted_key_of_another_log_does_not_speak_for_this_one() -> None:
    other = signer("agency-c.example/log")
    note = Checkpoint(ORIGIN, 0, EMPTY_ROOT).signed(other)
    with pytest.raises(Untrusted, match=ORIGIN):
        open_checkpoint(note, [other.verifier, signer().verifier])


def test_extension_lines_are_kept() -> None:
    checkpoint = Checkpoint(ORIGIN, 1, b"r" * 32, ("more", "lines"))
    assert Checkpoint.parse(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "a\n1\nCsU=\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "a\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_what_is_no_checkpoint_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_a_cosignature_binds_its_time_and_text() -> None:
    witness = cosigner()
    text = Checkpoint(ORIGIN, 0, EMPTY_ROOT).text
    line = witness.cosign(text, 1_700_000_000)
    note = Note(text, (signer().sign(text), line))
    assert cosigned_at(note, witness.verifier) == 1_700_000_000
    assert note.signers([witness.verifier]) == (witness.verifier,)
    later = type(line)(line.name, line.key_id, (1_700_000_001).to_bytes(8) + line.value[8:])
    assert cosigned_at(Note(text, (later,)), witness.verifier) is None
    assert cosigned_at(Note(text.replace("0", "1", 1), (line,)), witness.verifier) is None
    assert cosigned_at(note, cosigner("agency-c.example/witness").verifier) is None


def test_the_latest_of_two_cosignatures_counts() -> None:
    witness = cosigner()
    text = Checkpoint(ORIGIN, 0, EMPTY_ROOT).text
    note = Note(text, (witness.cosign(text, 20), witness.cosign(text, 10)))
    assert cosigned_at(note, witness.verifier) == 20


def test_cosignatures_carry_a_time_that_fits() -> None:
    with pytest.raises(ValueError, match="time"):
        cosigner().cosign("x\n", 0)
    with pytest.raises(Malformed):
        cosigner().cosign("x\n", 2**63)
    assert not cosigner().verifier.verifies("x\n", b"short")
    assert not cosigner().verifier.verifies("x\n", (2**63).to_bytes(8) + b"\0" * 64)


def test_one_private_key_has_two_ids_for_two_kinds() -> None:
    key = signer("same.example").verifier
    assert key.id != VerifierKey(key.name, 4, key.public).id
    with pytest.raises(Malformed, match="signature type"):
        VerifierKey(key.name, 6, key.public)
