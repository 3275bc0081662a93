"""Commands joined by pipes, as in a shell: what one prints another one reads."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, COIN_CLAIMS, COINS
from tests.rooms.formats.build import ALICE, BOB, txid
from tests.stories.door import START, recoup

EDGES = "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n"
EDGE = f"2023-01-13 20:34:11,16400290,{txid(1, '0x')},{ALICE},Thief,{BOB},,200000.0\n"
CLAIM = f"claim,entry,leg,amount\nbridge,{txid(1, '0x')},0-in,{2 * 10**23}\n"


@pytest.fixture
def shell(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder with small files, and an environment in which `recoup` is a word of the shell."""
    for name, text in {
        "edges.csv": EDGES + EDGE, "claim.csv": CLAIM, "ledger.csv": BANK, "claims.csv": BANK_CLAIMS,
        "coins.csv": COINS, "coin-claims.csv": COIN_CLAIMS,
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "recoup").write_text(f'#!/bin/sh\nexec {" ".join(START)} "$@"\n', encoding="utf-8")
    (bin_ / "recoup").chmod(0o755)
    source = str(Path(__file__).parents[2] / "src")
    return tmp_path, os.environ | {"PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": source}


def piped(shell: tuple[Path, dict[str, str]], line: str) -> subprocess.CompletedProcess[str]:
    folder, env = shell
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, done.stderr
    return done


def test_read_into_trace_into_a_bundle_into_verify(shell: tuple[Path, dict[str, str]]) -> None:
    line = "recoup read edges.csv | recoup trace - --claims claim.csv --out b --json > t.jsonl && recoup verify b"
    done = piped(shell, line)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("everything recomputed: ")
    (found,) = (json.loads(text) for text in (shell[0] / "t.jsonl").read_text("utf-8").splitlines())
    assert found["injected"] == found["holdings"][0]["traced"] == str(2 * 10**23)


def test_read_is_idempotent_through_a_pipe(shell: tuple[Path, dict[str, str]]) -> None:
    """A ledger that is read again is the same ledger, byte by byte."""
    once = piped(shell, "recoup read coins.csv")
    twice = piped(shell, "recoup read coins.csv | recoup read - | recoup read -")
    assert once.returncode == twice.returncode == 0
    assert once.stdout == twice.stdout and len(once.stdout.splitlines()) == 7


def test_claims_come_through_a_pipe_too(shell: tuple[Path, dict[str, str]]) -> None:
    direct = piped(shell, "recoup trace ledger.csv --claims claims.csv --json")
    piped_ = piped(shell, "grep -v '^$' claims.csv | recoup trace ledger.csv --claims - --json")
    assert direct.stdout == piped_.stdout and direct.returncode == piped_.returncode == 0


def test_a_named_pipe_is_a_file(shell: tuple[Path, dict[str, str]]) -> None:
    done = piped(shell, "mkfifo p && (cat ledger.csv > p &) && recoup read p")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 7


def test_an_empty_pipe_is_said(shell: tuple[Path, dict[str, str]]) -> None:
    """The command before failed and printed nothing: the next one does not take nothing for a ledger."""
    for line in ("recoup read nowhere.csv | recoup trace - --claims claims.csv", "true | recoup read -"):
        done = piped(shell, line)
        assert (done.returncode, done.stdout) == (1, "")
        assert "nowhere.csv" in done.stderr or "-: is empty" in done.stderr


def test_whoever_stops_reading_stops_the_command_without_a_word(shell: tuple[Path, dict[str, str]]) -> None:
    folder = shell[0]
    legs = "".join(f"p{n},2024-03-01T09:00:00Z,bank:X,0,in,account-{n},EUR,100\n" for n in range(30_000))
    (folder / "many.csv").write_text(BANK.splitlines()[0] + "\n" + legs, encoding="utf-8")
    for option in ("", "--json"):
        done = piped(shell, f"(recoup read many.csv {option}; echo exit $? >&2) | head -n 1")
        assert len(done.stdout.splitlines()) == 1
        assert done.stderr.endswith("exit 1\n") and len(done.stderr.splitlines()) <= 2


def test_one_input_cannot_be_two_files(shell: tuple[Path, dict[str, str]]) -> None:
    done = piped(shell, "recoup trace - --claims - < ledger.csv")
    assert done.returncode == 2 and "can stand for one file only" in done.stderr and done.stdout == ""


def test_standard_input_has_no_byte_order_mark_to_stumble_over() -> None:
    """Spreadsheets put one before the first column's name."""
    done = recoup("read", "-", given=b"\xef\xbb\xbf" + BANK.encode())
    assert done.code == 0 and len(done.out.splitlines()) == 7
    done = recoup("read", "-", given=BANK.replace("\n", "\r\n").encode())
    assert done.code == 0 and "\r" not in done.out
