"""`recoup allocate` as people and programs call it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "commands" / "allocate.md"
PROBLEM = '{"rule": "pro-rata", "pool": 100, "claims": [{"id": "a", "loss": 50}, {"id": "b", "loss": 150}]}'


def run(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from recoup.cli.main import main; sys.argv[0] = 'recoup'; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, env=os.environ | environment, check=False
    )


def test_json_from_stdin() -> None:
    done = run("allocate", "-", "--json", given=PROBLEM)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["awards"] == {"a": 25, "b": 75}
    assert done.stdout.count("\n") == 1


def test_table_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(PROBLEM)
    done = run("allocate", str(tmp_path / "p.json"))
    assert done.returncode == 0
    assert re.search(r"^a +50 +25 +0$", done.stdout, re.MULTILINE)
    assert "level 1/2" in done.stdout


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ('{"rule": "pro-rata"', 1, "is not JSON"),
        (PROBLEM.replace("100", "1.5"), 1, "-: at /pool: 1.5"),
        (PROBLEM.replace("pro-rata", "prorata-ish"), 2, "unknown rule"),
        ("\ufeff" + PROBLEM, 0, ""),
    ],
)
def test_exit_codes(given: str, code: int, words: str) -> None:
    done = run("allocate", "-", "--json", given=given)
    assert (done.returncode, words in done.stderr) == (code, True)
    assert "Traceback" not in done.stderr
    assert code == 0 or done.stdout == ""


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(b"\xff\xfe\x00")
    done = run("allocate", str(tmp_path / "p.json"))
    assert (done.returncode, "is not UTF-8" in done.stderr) == (1, True)
    assert run("allocate", str(tmp_path / "none.json")).returncode == 1


def test_same_bytes_in_other_processes_and_with_other_threads() -> None:
    claims = [{"id": f"claim-{place}", "gross": 100 + place % 7, "withdrawn": place % 5} for place in range(300)]
    given = [json.dumps({"rule": "rising-tide", "pool": 9_999, "claims": order}) for order in (claims, claims[::-1])]
    first = run("allocate", "-", "--json", given=given[0], PYTHONHASHSEED="1", NUMBA_NUM_THREADS="1").stdout
    second = run("allocate", "-", "--json", given=given[1], PYTHONHASHSEED="2", NUMBA_NUM_THREADS="2").stdout
    assert first == second
    assert sum(json.loads(first)["awards"].values()) == 9_999


def test_the_example_of_the_page_runs() -> None:
    blocks = re.findall(r"```(json|output)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert [kind for kind, _ in blocks[:2]] == ["json", "output"]
    done = run("allocate", "-", "--json", given=blocks[0][1])
    assert (done.returncode, done.stdout) == (0, blocks[1][1])
