"""`recoup plan` from a shell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.rooms.restitution.plans import ROOT, example_text
from tests.rooms.restitution.test_cli_allocate import run

PAGE = (ROOT / "docs" / "reference" / "commands" / "plan.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text(example_text())
    (tmp_path / "claims.csv").write_text(re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)[0])
    return tmp_path


def test_check_prints_the_seal(folder: Path) -> None:
    done = run("plan", "check", str(folder / "plan.toml"), "--json")
    assert done.returncode == 0
    assert re.fullmatch("[0-9a-f]{64}", json.loads(done.stdout)["seal"])
    (folder / "bad.toml").write_text(example_text().replace("cure_days = 90", "cure_days = 9"))
    bad = run("plan", "check", str(folder / "bad.toml"))
    assert (bad.returncode, "at /windows/cure_days" in bad.stderr) == (1, True)


def test_diff(folder: Path) -> None:
    (folder / "other.toml").write_text(example_text().replace("planned = 2", "planned = 3"))
    names = (str(folder / "plan.toml"), str(folder / "other.toml"))
    done = run("plan", "diff", *names)
    assert (done.returncode, done.stdout) == (1, "/rounds/planned: 2 -> 3\n")
    assert run("plan", "diff", names[0], names[0]).returncode == 0


def test_the_example_of_the_page_runs(folder: Path) -> None:
    expected = re.findall(r"```output\n(.*?)```", PAGE, re.DOTALL)[0]
    arguments = (
        "plan",
        "simulate",
        str(folder / "plan.toml"),
        "--claims",
        str(folder / "claims.csv"),
        "--pool",
        "60000",
    )
    done = run(*arguments, "--json", "--picture", str(folder / "out.svg"))
    assert done.returncode == 0
    assert done.stdout.startswith(expected)
    assert (folder / "out.svg").read_text().startswith("<svg")
    assert "rising-tide*" in run(*arguments).stdout


def test_bad_claims_stop_a_simulation(folder: Path) -> None:
    (folder / "claims.csv").write_text("claim,person,gross\na,p,x\n")
    done = run("plan", "simulate", str(folder / "plan.toml"), "--claims", str(folder / "claims.csv"), "--pool", "1")
    assert (done.returncode, "claims.csv:2: row rejected" in done.stderr, done.stdout) == (1, True, "")


def test_acts_and_status(folder: Path) -> None:
    names = (str(folder / "plan.toml"), str(folder / "history.jsonl"))
    who = ("--by", "secretary", "--role", "secretary")
    assert run("plan", "act", *names, "open", *who, "--at", "2026-01-01T00:00:00Z").returncode == 0
    early = run("plan", "act", *names, "approve", "--by", "judge", "--role", "court", "--at", "2026-01-02T00:00:00Z")
    assert (early.returncode, "refused" in early.stderr) == (3, True)
    for who in (("--by", "judge", "--role", "court"), ("--by", "chair", "--role", "board")):
        assert run("plan", "act", *names, "approve", *who, "--at", "2026-03-01T00:00:00Z").returncode == 0
    assert run("plan", "status", *names, "--at", "2026-01-05").returncode == 1
    assert run("plan", "status", *names, "--json").returncode == 0
    assert run("plan", "act", *names, "comment", *who, "--answers", "x").returncode == 2
    assert len((folder / "history.jsonl").read_text().splitlines()) == 3
