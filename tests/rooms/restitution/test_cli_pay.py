"""`recoup pay` from a shell: one faulty order stops the file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.rooms.restitution.payments import schema
from tests.rooms.restitution.test_cli_allocate import ROOT
from tests.rooms.restitution.test_payment import BOOKED, RETURN, bank

PAGE = (ROOT / "docs" / "reference" / "commands" / "pay.md").read_text("utf-8")
FILE = ("--message", "r1-1", "--created", "2026-05-03T09:30:00", "--initiator", "Example fund", "--list-version", "v")


def rows() -> str:
    text: str = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)[0]
    return text


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from recoup.cli.main import main; sys.argv[0] = 'recoup'; main()"
    command = [sys.executable, "-c", code, "pay", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ, check=False)


def test_the_example_of_the_page_runs(tmp_path: Path) -> None:
    (tmp_path / "payments.csv").write_text(rows())
    done = run(tmp_path, "file", "payments.csv", *FILE, "--out", "r1-1.xml")
    assert (done.returncode, done.stdout) == (0, re.findall(r"```output\n(.*?)```", PAGE, re.DOTALL)[0])
    checked = run(tmp_path, "check", "r1-1.xml", "--payments", "payments.csv", "--schema", str(schema()))
    assert (checked.returncode, checked.stdout) == (0, "")
    again = run(tmp_path, "file", "payments.csv", *FILE, "--out", "r1-1.xml")
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    text = (tmp_path / "r1-1.xml").read_text()
    (tmp_path / "r1-1.xml").write_text(text.replace("150.00", "150.01"))
    assert run(tmp_path, "check", "r1-1.xml", "--payments", "payments.csv").returncode == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("NL91ABNA0417164300", "NL91ABNA0417164301", "wrong checksum"),
        ("match,clear\nexample", "no-match,clear\nexample", "name-check: the payee name check says no-match"),
        ("match,clear\nexample", "match,OFAC 12345\nexample", "sanctions: hits OFAC 12345 (v)"),
        ("r1,c3,1", "r1,c2,1", "duplicate-id"),
        (",15000,", ",150.00,", "row rejected: amount '150.00'"),
        (",15000,", ",0,", "amount: 0 is not"),
        ("r1,c3,1", "r1,c3,0", "attempt '0'"),
        ("2026-05-04", "04.05.2026", "row rejected"),
        ("match,clear\nexample", "match,\nexample", "screened is empty"),
    ],
)
def test_one_faulty_order_stops_the_file(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in rows()
    (tmp_path / "payments.csv").write_text(rows().replace(old, new, 1))
    done = run(tmp_path, "file", "payments.csv", *FILE, "--out", "out.xml")
    assert (done.returncode, done.stdout, (tmp_path / "out.xml").exists()) == (1, "", False)
    assert words in done.stderr


def test_closed_accounts_are_stopped(tmp_path: Path) -> None:
    (tmp_path / "payments.csv").write_text(rows())
    done = run(tmp_path, "file", "payments.csv", *FILE, "--out", "out.xml", "--closed", "NL91ABNA0417164300")
    assert (done.returncode, "closed-account" in done.stderr) == (1, True)


def test_returns(tmp_path: Path) -> None:
    (tmp_path / "camt.xml").write_bytes(bank(RETURN, BOOKED))
    done = run(tmp_path, "returns", "camt.xml")
    assert (done.returncode, done.stdout.count("\n")) == (0, 2)
    assert '"kind": "returned", "id": "a1", "amount": "500"' in done.stdout
    (tmp_path / "camt.xml").write_bytes(bank(RETURN.replace("<EndToEndId>a1</EndToEndId>", "")))
    assert run(tmp_path, "returns", "camt.xml").returncode == 1
    assert "cannot be opened" in run(tmp_path, "returns", "none.xml").stderr
