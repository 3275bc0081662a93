"""The standalone verifier and the room agree, on good evidence and on every mutation of it."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.evidence.build import Agency, at, grown
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer
from tests.rooms.evidence.test_custody import ANNA, BERT, CARLA, DETAILS, KEYS

from recoup.evidence.custody import Action, Chain, HandOver, IllegalStep, Step, parse_step, sign_step
from recoup.evidence.encoding import Malformed
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import Note, Untrusted, VerifierKey, parse_note
from recoup.evidence.policy import Policy
from recoup.evidence.proof import TlogProof
from recoup.evidence.standalone import verify
from recoup.ground import canonical_json, sha256_hex

FILE = Path(verify.__file__)
LOG, WITNESS, OTHER = signer().verifier, cosigner().verifier, cosigner("agency-c.example/witness").verifier
POLICY = f"log {LOG}\nwitness b {WITNESS}\nwitness c {OTHER}\ngroup g any b c\nquorum g\n"
MUTATIONS = 2_500


def test_it_imports_nothing_of_the_package() -> None:
    allowed = set(sys.stdlib_module_names) | {"cryptography"}
    for node in ast.walk(ast.parse(FILE.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert {name.name.partition(".")[0] for name in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 and (node.module or "").partition(".")[0] in allowed


def package_accepts(data: bytes, policy: str) -> bool:
    try:
        proof = TlogProof.parse(data)
        proof.verify(leaf_hash(proof.extra if proof.extra is not None else b"?"), Policy.parse(policy))
    except (Malformed, Untrusted):
        return False
    return proof.extra is not None


def standalone_accepts(data: bytes, policy: str) -> bool:
    try:
        verify.check_proof(data, policy)
    except verify.No:
        return False
    return True


@pytest.fixture(scope="module")
def agency() -> Agency:
    return grown(300)


def proof_of(agency: Agency, index: int) -> bytes:
    return str(agency.log.proof(index, next(agency.file.leaves(index, index + 1))[1])).encode()


def test_every_real_proof_is_accepted_by_both(agency: Agency) -> None:
    for index in range(0, 300, 7):
        data = proof_of(agency, index)
        assert package_accepts(data, POLICY) and standalone_accepts(data, POLICY)
    assert verify.check_proof(proof_of(agency, 9), POLICY).startswith(f"entry 9 of 300 in {ORIGIN}: ")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to three changes: a byte, a cut, a line doubled, dropped or exchanged."""
    for _ in range(chance.randint(1, 3)):
        lines = data.split(b"\n")
        match chance.randint(0, 5):
            case 0 | 1:
                at = chance.randrange(len(data))
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 2:
                data = data[: chance.randrange(1, len(data) + 1)]
            case 3:
                at = chance.randrange(len(lines))
                data = b"\n".join([*lines[:at], lines[at], *lines[at:]])
            case 4:
                at = chance.randrange(len(lines))
                data = b"\n".join(lines[:at] + lines[at + 1 :])
            case _:
                one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[one], lines[two] = lines[two], lines[one]
                data = b"\n".join(lines)
        if not data:
            return b"x"
    return data


def test_equal_verdicts_on_mutated_proofs(agency: Agency) -> None:
    chance, accepted = random.Random("proofs"), 0
    seen: set[bytes] = set()
    while len(seen) < MUTATIONS:
        original = proof_of(agency, chance.randrange(300))
        data = mutated(original, chance)
        verdict = package_accepts(data, POLICY)
        assert standalone_accepts(data, POLICY) is verdict, data
        accepted += verdict and data != original
        seen.add(data)
    # Only what nobody signs may change: signature lines of others, doubled or in another order.
    assert accepted < MUTATIONS // 10


def test_equal_verdicts_on_mutated_policies(agency: Agency) -> None:
    chance, data = random.Random("policies"), proof_of(agency, 5)
    verdicts = set()
    for _ in range(800):
        policy = mutated(POLICY.encode(), chance).decode("utf-8", "replace")
        verdict = package_accepts_policy(data, policy)
        assert standalone_accepts(data, policy) is verdict, policy
        verdicts.add(verdict)
    assert verdicts == {True, False}


def package_accepts_policy(data: bytes, policy: str) -> bool:
    try:
        return package_accepts(data, policy)
    except Malformed:
        return False


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [
        (POLICY, True),
        (POLICY.replace("any", "all"), False),
        (POLICY.replace("any", "1"), True),
        (POLICY.replace("any", "2"), False),
        (POLICY.replace("any", "3"), False),
        (POLICY.replace("quorum g", "quorum none"), True),
        (POLICY.replace("quorum g", "quorum c"), False),
        (POLICY.replace(str(LOG), str(signer("x.example").verifier)), False),
        (POLICY.replace("quorum g", ""), False),
        (POLICY.replace("log ", "witness "), False),
        ("", False),
    ],
)
def test_policies(agency: Agency, policy: str, accepted: bool) -> None:
    data = proof_of(agency, 5)
    assert package_accepts(data, policy) is standalone_accepts(data, policy) is accepted


def test_a_leaf_from_elsewhere(agency: Agency) -> None:
    leaf = next(agency.file.leaves(9, 10))[1]
    bare = str(agency.log.proof(9)).encode()
    assert verify.check_proof(bare, POLICY, leaf)
    for wrong in (None, b"", leaf + b" "):
        with pytest.raises(verify.No):
            verify.check_proof(bare, POLICY, wrong)


# --- custody ---------------------------------------------------------------------------------------------------------


def life() -> list[Note]:
    """Collected, sealed, handed over, examined, exhibited, returned."""
    chain = Chain.begin(
        sign_step(Step("item-1", Action.COLLECT, at(0), ANNA.name, DETAILS[Action.COLLECT]), [ANNA]), KEYS
    )
    back = HandOver(BERT.name, CARLA.name, "closed", "Bamberg", "whole")
    for number, (action, people) in enumerate(
        [
            (Action.SEAL, [ANNA]),
            (Action.TRANSFER, [ANNA, BERT]),
            (Action.EXAMINE, [BERT]),
            (Action.EXHIBIT, [BERT]),
            (Action.RETURN, [BERT, CARLA]),
        ]
    ):
        details = back if action is Action.RETURN else DETAILS[action]
        step = Step("item-1", action, at(number), people[0].name, details, chain.head)
        chain = chain.then(sign_step(step, people), KEYS)
    return list(chain.notes)


def both_on_custody(notes: list[bytes], keys: list[VerifierKey]) -> tuple[bool, bool]:
    try:
        Chain.of([parse_note(data) for data in notes], keys)
        package = True
    except (Malformed, IllegalStep, ValueError):
        package = False
    try:
        verify.check_custody(notes, [str(key) for key in keys])
        alone = True
    except (verify.No, KeyError, TypeError, AttributeError):
        alone = False
    return package, alone


def test_a_whole_life_is_accepted_by_both() -> None:
    notes = [str(note).encode() for note in life()]
    assert both_on_custody(notes, KEYS) == (True, True)
    said = verify.check_custody(notes, [str(key) for key in KEYS])
    assert said == "item-1: return is the last of 6 steps, held by police.example/carla"


def test_equal_verdicts_on_mutated_custody() -> None:
    chance = random.Random("custody")
    whole = [str(note).encode() for note in life()]
    for _ in range(800):
        notes = list(whole)
        match chance.randint(0, 3):
            case 0:
                del notes[chance.randrange(len(notes))]
            case 1:
                one, two = chance.randrange(len(notes)), chance.randrange(len(notes))
                notes[one], notes[two] = notes[two], notes[one]
            case 2:
                at_note = chance.randrange(len(notes))
                notes[at_note] = mutated(notes[at_note], chance)
            case _:
                notes = notes[: chance.randint(0, len(notes))]
        package, alone = both_on_custody(notes, KEYS)
        assert package is alone, notes


def resigned(change: Callable[[Step], Step], number: int) -> list[bytes]:
    """The life with one step changed and signed anew by everybody: only the rules can object."""
    notes = life()[: number + 1]
    notes[number] = sign_step(change(parse_step(notes[number])), [ANNA, BERT, CARLA])
    return [str(note).encode() for note in notes]


CHANGES: list[tuple[int, Callable[[Step], Step]]] = [
    (1, lambda step: replace(step, actor=BERT.name)),
    (1, lambda step: replace(step, previous="0" * 64)),
    (1, lambda step: replace(step, item="item-2")),
    (1, lambda step: replace(step, at=at(-5))),
    (2, lambda step: replace(step, details=HandOver(BERT.name, ANNA.name, "r", "p", "c"))),
    (2, lambda step: replace(step, details=HandOver(ANNA.name, ANNA.name, "r", "p", "c"))),
    (1, lambda step: replace(step, action=Action.EXAMINE, details=DETAILS[Action.EXAMINE])),
    (0, lambda step: replace(step, previous="0" * 64)),
    (0, lambda step: replace(step, action=Action.SEAL, details=DETAILS[Action.SEAL])),
    (5, lambda step: replace(step, action=Action.COLLECT, details=DETAILS[Action.COLLECT])),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_steps_that_break_a_rule_are_refused_by_both(number: int) -> None:
    at_step, change = CHANGES[number]
    assert both_on_custody(resigned(change, at_step), KEYS) == (False, False)


# --- bundles ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    root = tmp_path / "bundle"
    files = {"inputs/ledger/a.csv": b"x,y\n", "results/summary.csv": b"a\n", "report.html": b"<p>"}
    records = []
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
        records.append({"path": name, "bytes": len(data), "sha256": sha256_hex(data)})
    manifest = {"format": "recoup-trace-bundle/1", "inputs": [records[0] | {"role": "ledger"}], "outputs": records[1:]}
    (root / "manifest.json").write_bytes(canonical_json(manifest))
    return root


def test_a_bundle_with_its_files(bundle: Path) -> None:
    seal = sha256_hex((bundle / "manifest.json").read_bytes())
    assert verify.check_bundle(str(bundle)) == f"3 files as listed; manifest {seal}"
    assert verify.check_bundle(str(bundle), seal)
    with pytest.raises(verify.No, match="another one"):
        verify.check_bundle(str(bundle), "0" * 64)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "changed": lambda root: (root / "report.html").write_bytes(b"<q>"),
    "longer": lambda root: (root / "report.html").write_bytes(b"<p> "),
    "missing": lambda root: (root / "report.html").unlink(),
    "added": lambda root: (root / "more.txt").write_bytes(b""),
    "link": lambda root: (root / "more").symlink_to("report.html"),
    "link to a folder": lambda root: (root / "results" / "more").symlink_to(".."),
    "no manifest": lambda root: (root / "manifest.json").unlink(),
    "manifest with a space": lambda root: (root / "manifest.json").write_bytes(
        (root / "manifest.json").read_bytes() + b" "
    ),
    "manifest with a newline": lambda root: (root / "manifest.json").write_bytes(
        (root / "manifest.json").read_bytes() + b"\n"
    ),
    "another format": lambda root: (root / "manifest.json").write_bytes(
        (root / "manifest.json").read_bytes().replace(b"bundle/1", b"bundle/2")
    ),
    "no JSON": lambda root: (root / "manifest.json").write_bytes(b"{"),
    "a list": lambda root: (root / "manifest.json").write_bytes(b"[]"),
    "not UTF-8": lambda root: (root / "manifest.json").write_bytes(b"\xff"),
    "a float": lambda root: (root / "manifest.json").write_bytes(b'{"format":1.5}'),
    "a name twice": lambda root: (root / "manifest.json").write_bytes(b'{"format":"x","format":"x"}'),
    "too large": lambda root: (root / "manifest.json").write_bytes(b" " * 1_000_001),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_bundles(bundle: Path, damage: str) -> None:
    DAMAGES[damage](bundle)
    with pytest.raises(verify.No):
        verify.check_bundle(str(bundle))


# --- the command -----------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> tuple[int, str]:
    """The file alone, in an interpreter that does not see the package."""
    command = [sys.executable, "-I", str(FILE), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_the_file_alone(agency: Agency, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "policy").write_text(POLICY)
    (tmp_path / "proof").write_bytes(proof_of(agency, 3))
    assert run("proof", tmp_path / "proof", "--policy", tmp_path / "policy")[0] == 0
    (tmp_path / "proof").write_bytes(proof_of(agency, 3).replace(b"index 3", b"index 4"))
    code, said = run("proof", tmp_path / "proof", "--policy", tmp_path / "policy")
    assert (code, said) == (1, "no: the path does not lead to the signed root\n")
    notes = []
    for number, one in enumerate(life()):
        notes.append(tmp_path / f"step{number}")
        notes[-1].write_text(str(one))
    keys = [word for key in KEYS for word in ("--key", str(key))]
    assert run("custody", *notes, *keys)[0] == 0
    assert run("custody", *notes[1:], *keys)[0] == 1
    assert run("bundle", bundle)[0] == 0
    assert run("bundle", tmp_path)[0] == 1
    assert run("proof", tmp_path / "nowhere", "--policy", tmp_path / "policy")[0] == 1
    assert run()[0] == 2
    assert json.loads((bundle / "manifest.json").read_bytes())["format"] == "recoup-trace-bundle/1"
