"""`recoup verify`: what it prints and exits with."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from tests.house.tree import ROOT
from tests.rooms.casework.trace_made import copy_of, ready, write
from tests.rooms.cli.test_trace import Run, run

from recoup.casework.manifest import MANIFEST

__all__ = ["ready", "run"]  # fixtures

COMMANDS = ROOT / "docs" / "reference" / "commands"
PAGE = (COMMANDS / "verify.md").read_text(encoding="utf-8")


def test_everything_is_recomputed(run: Run, ready: Path) -> None:
    code, out, err = run("verify", ready)
    assert code == 0 and err == ""
    assert re.fullmatch(r"everything recomputed: 21 files, \d{2,3} figures\n", out)


def test_the_first_difference_is_named_and_the_exit_is_1(run: Run, ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    table = bundle / "results/holdings.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("70000", "70001", 1), encoding="utf-8")
    code, out, _ = run("verify", bundle)
    assert code == 1
    assert out == "DIFFERENCE: results/holdings.csv, row 2, column traced: recorded '70001', recomputed '70000'\n"
    code, out, _ = run("verify", bundle, "--json")
    assert code == 1
    found = json.loads(out)
    assert found["same"] is False and found["difference"] == {
        "file": "results/holdings.csv", "row": 2, "column": "column traced", "recorded": "70001", "recomputed": "70000",
    }  # fmt: skip


def test_json_of_a_good_bundle(run: Run, ready: Path) -> None:
    code, out, _ = run("verify", ready, "--json")
    found = json.loads(out)
    assert code == 0 and found["same"] is True and found["difference"] is None
    assert found["files"] == 21 and found["figures"] > 50 and found["notes"] == []


def test_notes_are_words_on_standard_error(run: Run, ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    text = (bundle / MANIFEST).read_text(encoding="utf-8")
    python = ".".join(map(str, sys.version_info[:3]))
    (bundle / MANIFEST).write_text(text.replace(f'"python":"{python}"', '"python":"3.99.0"'), encoding="utf-8")
    code, out, err = run("verify", bundle)
    assert code == 1 and out.startswith("DIFFERENCE: report.html")
    assert err == f"made with python 3.99.0, verified with python {python}\n"


@pytest.mark.parametrize("name", ["absent", "file.txt", "empty"])
def test_what_is_no_bundle_exits_1_in_words(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    (tmp_path / "empty").mkdir()
    code, out, err = run("verify", tmp_path / name)
    assert code == 1 and out == "" and ("is not a directory" in err or "manifest.json: cannot be opened" in err)


def test_wrong_use_exits_2(run: Run) -> None:
    assert run("verify")[0] == 2
    assert run("verify", "a", "b")[0] == 2


def test_the_page_shows_what_is_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger, claims = re.findall(r"```csv\n(.*?)```", (COMMANDS / "trace.md").read_text(encoding="utf-8"), re.DOTALL)
    write(tmp_path, ledger=ledger, claims=claims)
    first, second = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    making, checking, said = first.splitlines()
    assert run(*making.removeprefix("$ recoup ").split())[0] == 0
    _, out, _ = run(*checking.removeprefix("$ recoup ").split())
    assert re.sub(r"\d+ figures", "FIGURES figures", out) == said + "\n"
    table = tmp_path / "bundle/results/holdings.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("mule,,30000", "mule,,30001", 1), encoding="utf-8")
    _, out, _ = run("verify", "bundle")
    assert out == re.sub("row 2", "row " + re.findall(r"row (\d)", out)[0], second.splitlines()[1]) + "\n"
