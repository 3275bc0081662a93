"""The commands about evidence, through the door, on a real case home."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.rooms.evidence.test_intake import PDF, ZIP

from recoup.cli.main import COMMANDS, recoup
from recoup.evidence import Policy, TlogProof, VerifierKey
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.tiles import Tile, unbundle

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `recoup` in an empty folder; fails where the exit is not the expected one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECOUP_AGENCY_KEY", raising=False)

    def invoke(*words: str, exit_code: int = 0, given: str | None = None) -> Result:
        result = CliRunner().invoke(recoup, list(words), input=given)
        assert result.exit_code == exit_code, (words, result.output, result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


def sealed(run: Run, data: bytes = b"IBAN DE89370400440532013000\n", name: str = "a.csv", *words: str) -> str:
    """Seal one file; the item's id."""
    Path(name).write_bytes(data)
    result = run("seal", name, "--home", "h", "--json", *words)
    return str(json.loads(result.stdout)["item"])


def person(run: Run, name: str) -> str:
    """Make and enrol a key in `<name>.key`; its public key."""
    public = run("custody", "key", f"police.example/{name}", "--out", f"{name}.key").stdout.strip()
    run("custody", "enrol", public, "--home", "h")
    return public


def test_seal_makes_a_home_and_says_what_it_did(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n")
    result = run("seal", "a.csv", "--home", "h", "--origin", "agency-a.example/log")
    assert "made the case home h, log agency-a.example/log" in result.stderr
    assert result.stdout.startswith("sealed item-") and " evidentiary " in result.stdout
    again = run("seal", "a.csv", "--home", "h")
    assert again.stdout.startswith("known item-") and "made" not in again.stderr
    assert run("log", "checkpoint", "--home", "h").stdout.startswith("agency-a.example/log\n3\n")


def test_seal_records_what_is_known_of_the_acquisition(run: Run) -> None:
    words = [
        "--exhibit", "EX-7", "--root-exhibit", "EX-1", "--kind", "chain-extract", "--authority-kind", "order",
        "--authority", "17 Gs 4/26", "--issued-by", "AG Bamberg", "--tool", "esplora", "--tool-version", "3.1",
        "--command", "esplora tx 4a5e", "--source", "node", "--clock-source", "ntp", "--clock-offset-ms", "-12",
        "--started", "2026-01-01T10:00:00Z", "--ended", "2026-01-01T10:01:00Z", "--condition", "whole",
    ]  # fmt: skip
    item = sealed(run, b"x", "a.json", *words)
    collect, seal = map(json.loads, run("custody", "show", item, "--home", "h", "--json").stdout.splitlines())
    details = collect["details"]
    assert (details["exhibit_number"], details["root_exhibit_number"], details["kind"]) == (
        "EX-7",
        "EX-1",
        "chain-extract",
    )
    assert details["authority"] == {"kind": "order", "reference": "17 Gs 4/26", "issued_by": "AG Bamberg"}
    assert details["acquisition"]["clock_offset_ms"] == -12
    assert details["acquisition"]["tool"] == {"name": "esplora", "version": "3.1", "package_sha256": "unknown"}
    assert seal["previous"] and seal["signed_by"] == ["operator"]


def test_several_files_and_one_that_is_not_there(run: Run) -> None:
    for name in ("a.csv", "b.csv"):
        Path(name).write_text(name)
    result = run("seal", "a.csv", "missing.csv", "b.csv", "--home", "h", "--exhibit", "EX-1", "--json", exit_code=1)
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == ["a.csv", "b.csv"]
    assert "missing.csv" in result.stderr
    numbers = [
        json.loads(line)["exhibit"] for line in run("custody", "list", "--home", "h", "--json").stdout.splitlines()
    ]
    assert numbers == ["EX-1/1", "EX-1/3"]


def test_hostile_files_go_to_quarantine_with_their_reason(run: Run) -> None:
    Path("report.pdf").write_bytes(PDF + ZIP)
    result = run("seal", "report.pdf", "--home", "h", "--json", exit_code=1)
    said = json.loads(result.stdout)
    assert said["shelf"] == "quarantine" and said["refusals"] == [
        "two-types-at-once: pdf that is a zip archive as well"
    ]
    assert "two-types-at-once" in result.stderr
    run("log", "audit", "--home", "h")


@pytest.mark.parametrize(
    ("data", "kind"), [(b"LUKS\xba\xbe" + b"x" * 50, "encrypted-container"), (PDF, "document"), (b"x", "file")]
)
def test_kind_by_content(run: Run, data: bytes, kind: str) -> None:
    item = sealed(run, data, "thing")
    collect = json.loads(run("custody", "show", item, "--home", "h", "--json").stdout.splitlines()[0])
    assert collect["details"]["kind"] == kind
    assert ("key_custody" in collect["details"]) is (kind == "encrypted-container")


def test_hand_over_by_two_signatures(run: Run) -> None:
    item = sealed(run)
    person(run, "anna")
    offer = run("custody", "offer", item, "--home", "h", "--to", "police.example/anna", "--reason", "analysis").stdout
    assert run("custody", "show", item, "--home", "h").stdout.count("\n") == 2
    Path("offer").write_text(offer)
    assert (
        "transferred, held by police.example/anna"
        in run("custody", "accept", "offer", "--home", "h", "--key", "anna.key").stdout
    )
    assert "signed by operator, police.example/anna" in run("custody", "show", item, "--home", "h").stdout
    again = run("custody", "accept", "-", "--home", "h", "--key", "anna.key", given=offer, exit_code=3)
    assert "CU-" in again.stderr
    run("log", "audit", "--home", "h")


def test_a_hand_over_nobody_accepted_and_strangers(run: Run) -> None:
    item = sealed(run)
    run("custody", "key", "police.example/bert", "--out", "bert.key")
    offer = run("custody", "offer", item, "--home", "h", "--to", "police.example/bert")
    assert "not enrolled yet" in offer.stderr
    refused = run("custody", "accept", "-", "--home", "h", "--key", "bert.key", given=offer.stdout, exit_code=3)
    assert "CU-08" in refused.stderr
    person(run, "anna")
    other = run("custody", "accept", "-", "--home", "h", "--key", "anna.key", given=offer.stdout, exit_code=3)
    assert "CU-08" in other.stderr
    strange = run("custody", "offer", item, "--home", "h", "--to", "x.example/y", "--key", "anna.key").stdout
    assert (
        "CU-06" in run("custody", "accept", "-", "--home", "h", "--key", "bert.key", given=strange, exit_code=3).stderr
    )


def test_examine_exhibit_return_destroy(run: Run) -> None:
    item = sealed(run)
    person(run, "anna")
    words = ["--home", "h", "--working-sha256", "0" * 64, "--tool", "recoup", "--command", "recoup trace x"]
    assert run("custody", "examine", item, *words).stdout.startswith("examined, held by operator")
    run("custody", "exhibit", item, "--home", "h", "--number", "EX-1", "--proceeding", "12 KLs 3/26")
    assert (
        "CU-02"
        in run("custody", "exhibit", item, "--home", "h", "--number", "EX-1", "--proceeding", "x", exit_code=3).stderr
    )
    offer = run("custody", "offer", item, "--home", "h", "--to", "police.example/anna", "--return").stdout
    assert "returned" in run("custody", "accept", "-", "--home", "h", "--key", "anna.key", given=offer).stdout
    gone = run(
        "custody", "destroy", item, "--home", "h", "--key", "anna.key", "--order", "o", "--method", "m", exit_code=3
    )
    assert "CU-03" in gone.stderr
    other = sealed(run, b"other", "b.csv")
    assert run("custody", "destroy", other, "--home", "h", "--order", "o", "--method", "m").stdout.startswith(
        "destroyed"
    )
    states = [line.split()[1] for line in run("custody", "list", "--home", "h").stdout.splitlines()]
    assert states == ["returned", "destroyed"]


def witnessed(run: Run) -> str:
    """A second agency vouches for the log of `h`, mirrors it and shows what it saw; its public key."""
    key = run("witness", "init", "w", "--name", "agency-b.example/witness").stdout.strip()
    run("witness", "trust", "w", run("log", "checkpoint", "--home", "h", "--public-key").stdout.strip())
    request = run("log", "checkpoint", "--home", "h", "--request", "0").stdout
    answer = run("witness", "cosign", "w", "-", given=request).stdout
    assert "1 cosignatures" in run("log", "cosign", "-", "--home", "h", "--witness", key, given=answer).stdout
    mirrored(run)
    return key


def mirrored(run: Run) -> None:
    run("log", "tiles", "--home", "h", "--out", "tiles")
    origin = Path("tiles/checkpoint").read_text().partition("\n")[0]
    run("witness", "mirror", "w", origin, "tiles")
    Path("view.json").write_text(run("witness", "show", "w", origin).stdout)


def test_proofs_verify_under_a_policy_of_log_and_witness(run: Run) -> None:
    item = sealed(run)
    key = VerifierKey.parse(witnessed(run))
    log_key = VerifierKey.parse(run("log", "checkpoint", "--home", "h", "--public-key").stdout)
    for target in ("0", item):
        proof = TlogProof.parse(run("log", "proof", target, "--home", "h").stdout)
        assert proof.extra is not None
        assert proof.verify(leaf_hash(proof.extra), Policy.of([log_key], [key], 1)).size == 3
    assert "has 3 entries" in run("log", "proof", "3", "--home", "h", exit_code=1).stderr
    assert "no such item" in run("log", "proof", "item-0", "--home", "h", exit_code=1).stderr


def test_witness_follows_growth_and_says_what_it_last_saw(run: Run) -> None:
    sealed(run)
    key = witnessed(run)
    sealed(run, b"more", "b.csv")
    stale = run("log", "checkpoint", "--home", "h", "--request", "0").stdout
    told = run("witness", "cosign", "w", "-", given=stale, exit_code=1)
    assert told.stdout == "3\n"
    request = run("log", "checkpoint", "--home", "h", "--request", "3").stdout
    answer = run("witness", "cosign", "w", "-", given=request).stdout
    run("log", "cosign", "-", "--home", "h", "--witness", key, given=answer)
    mirrored(run)
    assert run("log", "checkpoint", "--home", "h").stdout.count("— ") == 2
    assert run("log", "audit", "--home", "h", "--witness", "view.json").stdout == ""
    assert "it was cut" in run("log", "checkpoint", "--home", "h", "--request", "99", exit_code=1).stderr


def test_witness_refuses_strangers_and_nonsense(run: Run) -> None:
    sealed(run)
    run("witness", "init", "w", "--name", "agency-b.example/witness")
    request = run("log", "checkpoint", "--home", "h", "--request", "0").stdout
    run("witness", "cosign", "w", "-", given=request, exit_code=3)
    run("witness", "cosign", "w", "-", given="nonsense", exit_code=1)
    public = run("log", "checkpoint", "--home", "h", "--public-key").stdout.strip()
    run("witness", "trust", "w", public)
    changed = request.replace("\n3\n", "\n4\n")
    run("witness", "cosign", "w", "-", given=changed, exit_code=3)
    run("witness", "init", "w", "--name", "x", exit_code=1)
    run("witness", "cosign", "nowhere", "-", given=request, exit_code=2)
    person_key = run("custody", "key", public.split("+")[0], "--out", "x.key").stdout.strip()
    assert "another key" in run("witness", "trust", "w", person_key, exit_code=1).stderr


def test_audit_names_a_rewritten_entry_with_the_witnesses_help(run: Run) -> None:
    sealed(run)
    witnessed(run)
    clean = run("log", "audit", "--home", "h", "--witness", "view.json")
    assert clean.stdout == "" and "3 entries, 0 findings" in clean.stderr
    assert "no witness was asked" in run("log", "audit", "--home", "h").stderr
    db = sqlite3.connect("h/log/log.sqlite3")
    leaf = db.execute("SELECT leaf FROM entry WHERE idx = 1").fetchone()[0]
    db.execute("UPDATE entry SET leaf = ? WHERE idx = 1", (leaf.replace(b"item.collected", b"item.found-here"),))
    db.commit()
    found = run("log", "audit", "--home", "h", "--json", exit_code=1)
    first = json.loads(found.stdout.splitlines()[0])
    assert (first["code"], first["first"], first["last"]) == ("entry-changed", 1, 1)
    db.execute("DELETE FROM entry WHERE idx = 2")
    db.commit()
    assert "entry-missing: entry 2" in run("log", "audit", "--home", "h", exit_code=1).stdout


def test_audit_of_a_log_that_was_put_back(run: Run) -> None:
    sealed(run)
    for file in Path("h/log").iterdir():
        Path("backup", file.name).parent.mkdir(exist_ok=True)
    backup = sqlite3.connect("backup/log.sqlite3")
    sqlite3.connect("h/log/log.sqlite3").backup(backup)
    backup.close()
    sealed(run, b"more", "b.csv")
    witnessed(run)
    for file in Path("h/log").glob("log.sqlite3*"):
        file.unlink()
    Path("backup/log.sqlite3").replace("h/log/log.sqlite3")
    found = run("log", "audit", "--home", "h", "--witness", "view.json", exit_code=1)
    assert "history-rolled-back: entries 3 to 4" in found.stdout


def test_audit_with_a_key_from_elsewhere_and_views_that_are_none(run: Run) -> None:
    sealed(run)
    run("custody", "key", "recoup.invalid/x", "--out", "x.key")
    other = run("custody", "key", "other.example/log", "--out", "y.key").stdout.strip()
    assert "checkpoint-false" in run("log", "audit", "--home", "h", "--key", other, exit_code=1).stdout
    for text in ("", "{}", "[]", '{"format":"recoup-witness-view/1","origin":"x"}'):
        Path("view.json").write_text(text)
        assert "view" in run("log", "audit", "--home", "h", "--witness", "view.json", exit_code=1).stderr


def test_a_broken_database_is_said_in_words(run: Run) -> None:
    sealed(run)
    for file in Path("h/log").glob("log.sqlite3*"):
        file.write_bytes(b"not a database" * 500)
    assert "database" in run("log", "audit", "--home", "h", exit_code=1).stderr


def test_tiles_are_files_of_the_published_layout(run: Run) -> None:
    sealed(run)
    run("log", "tiles", "--home", "h", "--out", "tiles")
    assert sorted(str(path.relative_to("tiles")) for path in Path("tiles").rglob("*") if path.is_file()) == [
        "checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3",
    ]  # fmt: skip
    leaves = unbundle(Path("tiles/tile/entries/000.p/3").read_bytes())
    hashes = (Path("tiles") / Tile(0, 0, 3).path).read_bytes()
    assert hashes == b"".join(map(leaf_hash, leaves))
    assert not any(b"DE8937" in path.read_bytes() for path in Path("tiles").rglob("*") if path.is_file())


def test_erasure_hold_and_release(run: Run) -> None:
    item = sealed(run, b"secret", "a.csv", "--subject", "case-1")
    kept = sealed(run, b"kept", "b.csv", "--subject", "case-2")
    run("keys", "hold", "case-1", "--home", "h", "--reference", "order 1")
    assert "legal hold" in run("keys", "erase", "case-1", "--home", "h", "--yes", exit_code=3).stderr
    run("keys", "release", "case-1", "--home", "h", "--reference", "order 2")
    run("keys", "erase", "case-1", "--home", "h", given="n\n", exit_code=1)
    assert "4 entries are empty now" in run("keys", "erase", "case-1", "--home", "h", "--yes").stdout
    assert [line.split()[:2] for line in run("custody", "list", "--home", "h").stdout.splitlines()] == [
        [item, "erased"], [kept, "sealed"],
    ]  # fmt: skip
    assert "erased" in run("custody", "show", item, "--home", "h", exit_code=1).stderr
    assert "not used again" in run("seal", "a.csv", "--home", "h", "--subject", "case-1", exit_code=1).stderr
    assert run("log", "audit", "--home", "h").stdout == ""
    run("log", "proof", item, "--home", "h")


def test_rotation_and_recovery_from_paper(run: Run) -> None:
    item = sealed(run)
    run("keys", "rotate", "--home", "h")
    lines = run("keys", "split", "--home", "h", "--needed", "2", "--shares", "3").stdout.splitlines()
    assert len(lines) == 3
    run("keys", "restore", "-", "--home", "h", given="\n".join(lines), exit_code=1)
    Path("h/keys/agency.key").unlink()
    run("custody", "show", item, "--home", "h", exit_code=1)
    run("keys", "restore", "-", "--home", "h", given=lines[0], exit_code=1)
    assert "opens this home" in run("keys", "restore", "-", "--home", "h", given=f"{lines[2]}\n\n{lines[0]}\n").stdout
    assert "sealed" in run("custody", "list", "--home", "h").stdout
    run("keys", "split", "--home", "h", "--needed", "3", "--shares", "2", exit_code=2)


def test_secret_files_are_guarded(run: Run) -> None:
    sealed(run)
    Path("h/keys/operator.key").chmod(0o644)
    assert "chmod 600" in run("seal", "a.csv", "--home", "h", exit_code=1).stderr
    Path("h/keys/operator.key").write_text("nonsense")
    Path("h/keys/operator.key").chmod(0o600)
    assert "not a secret key" in run("seal", "a.csv", "--home", "h", exit_code=1).stderr
    run("custody", "key", "a.example/x", "--out", "h/keys/operator.key", exit_code=1)


@pytest.mark.parametrize(
    "words",
    [
        ["custody", "list"], ["custody", "list", "--home", "nowhere"], ["log", "audit", "--home", "nowhere"],
        ["seal", "--home", "h"], ["keys", "erase", "x", "--home", "nowhere", "--yes"], ["log", "proof", "--home", "h"],
    ],
)  # fmt: skip
def test_wrong_use_is_told(run: Run, words: list[str]) -> None:
    run(*words, exit_code=2)


def test_every_evidence_command_is_registered() -> None:
    assert {"seal", "custody", "log", "witness", "keys"} <= set(COMMANDS)


BLOCKED = """
import sys
sys.modules["cryptography"] = None
from recoup.cli.main import main
sys.argv = ["recoup", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "(needs cryptography"),
        (["seal", "a.csv", "--home", "h"], 1, "seal: needs cryptography"),
        (["log", "audit", "--help"], 1, "log: needs cryptography"),
    ],
)
def test_without_its_extra_a_command_says_what_it_needs(words: list[str], code: int, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED, *words], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr and "Traceback" not in done.stderr
