from __future__ import annotations

import pytest
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import EMPTY_ROOT
from recoup.evidence.note import Note, Signature, Untrusted
from recoup.evidence.policy import MEMBERS_MAX, POLICY_BYTES_MAX, Policy

W = {name: cosigner(f"{name}.example/w") for name in ("x1", "x2", "x3", "y1", "y2", "y3")}
CHECKPOINT = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
TWO_LEVELS = "\n".join(
    [
        "# the layout of the example in C2SP tlog-policy",
        f"log {signer().verifier} https://log.example/",
        *(f"witness {name} {W[name].verifier}" for name in W),
        "group X-witnesses 2 x1 x2 x3",
        " \tgroup  Y-witnesses\tany y1 y2 y3 ",
        "group X-and-Y all X-witnesses Y-witnesses",
        "quorum X-and-Y",
        "",
    ]
)


def cosigned(*names: str) -> Note:
    note = CHECKPOINT.signed(signer())
    return note.with_signatures(W[name].cosign(note.text, 1_700_000_000) for name in names)


@pytest.mark.parametrize("names", [("x1", "x3", "y2"), ("x1", "x2", "x3", "y1"), ("x2", "x3", "y3")])
def test_quorum_reached(names: tuple[str, ...]) -> None:
    assert Policy.parse(TWO_LEVELS).accept(cosigned(*names)) == CHECKPOINT


@pytest.mark.parametrize("names", [(), ("x1", "x2", "x3"), ("x1", "y1", "y2", "y3"), ("y1",)])
def test_quorum_missed(names: tuple[str, ...]) -> None:
    with pytest.raises(Untrusted, match="quorum"):
        Policy.parse(TWO_LEVELS).accept(cosigned(*names))


@pytest.mark.parametrize("needed", [0, 1, 2, 3])
def test_k_of_n(needed: int) -> None:
    witnesses = [W["x1"], W["x2"], W["x3"]]
    policy = Policy.of([signer().verifier], [witness.verifier for witness in witnesses], needed)
    for have in range(4):
        note = cosigned(*list(W)[:have])
        if have >= needed:
            assert policy.accept(note) == CHECKPOINT
        else:
            with pytest.raises(Untrusted):
                policy.accept(note)


def test_one_false_cosignature_of_a_known_witness_refuses_the_note() -> None:
    note = cosigned("x1", "x2", "y1")
    real = W["y2"].cosign("another\n", 1_700_000_000)
    with pytest.raises(Untrusted, match="false"):
        Policy.parse(TWO_LEVELS).accept(note.with_signatures([real]))


def test_witnesses_do_not_replace_the_log() -> None:
    note = Note(CHECKPOINT.text, tuple(W[name].cosign(CHECKPOINT.text, 9) for name in W))
    with pytest.raises(Untrusted, match="no log key"):
        Policy.parse(TWO_LEVELS).accept(note)


def test_a_witness_in_the_names_of_another_counts_for_nobody() -> None:
    line = W["x2"].cosign(CHECKPOINT.text, 9)
    borrowed = Signature(W["x1"].name, line.key_id, line.value)
    with pytest.raises(Untrusted, match="quorum"):
        Policy.parse(TWO_LEVELS).accept(cosigned("x3", "y1").with_signatures([borrowed]))


def test_no_quorum_needed() -> None:
    policy = Policy.parse(f"log {signer().verifier}\nquorum none\n")
    assert policy.accept(cosigned()) == CHECKPOINT


LOG, WITNESS = f"log {signer().verifier}", f"witness a {W['x1'].verifier}"


@pytest.mark.parametrize(
    "lines",
    [
        [LOG],
        ["quorum a"],
        [WITNESS, "quorum b"],
        ["quorum none", "quorum none"],
        [LOG, LOG, "quorum none"],
        [WITNESS, WITNESS.replace(" a ", " b "), "quorum none"],
        [WITNESS, f"witness a {W['x2'].verifier}", "quorum a"],
        [f"witness none {W['x2'].verifier}", "quorum none"],
        [WITNESS, "group g 2 a", "quorum g"],
        [WITNESS, "group g 0 a", "quorum g"],
        [WITNESS, "group g 01 a", "quorum g"],
        [WITNESS, "group g any", "quorum g"],
        [WITNESS, "group g any a a", "quorum g"],
        [WITNESS, "group g any b", "quorum g"],
        [WITNESS, "group g any a", "group h any a", "quorum g"],
        [WITNESS, "group a any a", "quorum a"],
        [f"log {W['x1'].verifier}", "quorum none"],
        [f"witness a {signer().verifier}", "quorum a"],
        ["nonsense", "quorum none"],
        ["log x+y+z", "quorum none"],
    ],
)
def test_broken_policies_are_malformed(lines: list[str]) -> None:
    with pytest.raises(Malformed):
        Policy.parse("\n".join(lines) + "\n")


def test_limits_of_a_policy() -> None:
    assert Policy.parse("quorum none\n" + "#" * (POLICY_BYTES_MAX - 12))
    with pytest.raises(Malformed, match="bytes"):
        Policy.parse("quorum none\n" + "#" * (POLICY_BYTES_MAX - 11))
    policy = Policy()
    for number in range(MEMBERS_MAX):
        policy.add_witness(str(number), cosigner(f"w{number}.example").verifier)
    with pytest.raises(Malformed, match="at most"):
        policy.add_group("g", 1, ["0"])
