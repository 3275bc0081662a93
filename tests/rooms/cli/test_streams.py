"""The streams of the door: foreign encodings, closed and full outputs, what is data and what is words."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, write
from tests.stories.door import START, recoup, within

SOURCE = str(Path(__file__).parents[3] / "src")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ledger=BANK.replace("mule", "Mülleimer-€"), claims=BANK_CLAIMS)
    return tmp_path


def shelled(line: str) -> tuple[int, str]:
    """A line of the shell in which `$RECOUP` is the command: its exit, and what it said on standard error."""
    env = os.environ | {"RECOUP": " ".join(START), "PYTHONPATH": SOURCE}
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {line}"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "words", ["read ledger.csv", "trace ledger.csv --claims claims.csv --json", "doctor", "--help"]
)
def test_a_full_disk_is_said_and_fails(words: str) -> None:
    """A result that did not arrive must never look like a result."""
    code, said = shelled(f"$RECOUP {words} > /dev/full")
    assert code == 1 and "No space left on device" in said


def test_closed_outputs_and_inputs_are_said() -> None:
    assert shelled("$RECOUP read ledger.csv >&-") == (1, "recoup: standard output is closed\n")
    code, said = shelled("$RECOUP read - <&-")
    assert code == 1 and "-: is empty" in said
    code, said = shelled("$RECOUP allocate - <&-")
    assert code == 1 and said.startswith("-:1: is not JSON")


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}]
)
def test_output_is_utf8_whatever_the_terminal_thinks(here: Path, env: dict[str, str]) -> None:
    done = recoup("read", "ledger.csv", at=here, env=env)
    assert done.code == 0 and "Mülleimer-€" in done.out and b"\r" not in done.data


def test_a_file_name_that_is_no_text_is_still_a_valid_line_of_json(here: Path) -> None:
    """Names of files on a seized disk need not be text in any encoding."""
    name = os.fsdecode(b"seized\xff.csv")
    (here / name).write_text(BANK, encoding="utf-8")
    done = recoup("read", name, "--json", "--out", os.fsdecode(b"out\xfe.parquet"), at=here)
    assert done.code == 0
    assert json.loads(done.data)["file"] == "seized\udcff.csv"
    again = recoup("read", os.fsdecode(b"out\xfe.parquet"), at=here)
    assert again.code == 0 and len(again.out.splitlines()) == 7


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("demo", "colonial-pipeline", "--out", "/proc/none"), "/proc/none: "),
        (("read", ""), ".: Is a directory"),
        (("read", "ledger.csv", "--out", "/proc/none.csv"), "/proc/none.csv: cannot be written"),
        (("trace", "ledger.csv", "--claims", "claims.csv", "--out", "/proc/none"), "/proc/none: cannot be made"),
        (("complaints", "ledger.csv", "--out", "/proc/none"), ""),
        (("plan", "check", "."), ".: cannot be opened: Is a directory"),
    ],
)
def test_places_that_cannot_be_read_or_written_are_said(words: tuple[str, ...], said: str) -> None:
    done = within(*words)
    assert (done.code, done.out) == (1, "") and said in done.words and done.words


def test_words_never_stand_among_the_data(here: Path) -> None:
    """With findings, rejected rows and a written bundle, standard output stays one kind of thing."""
    (here / "ledger.csv").write_text(BANK + "pay-9,2024-03-06,bank:EXAMDEFF,0,in,mule,EUR,-1\n", encoding="utf-8")
    done = within("read", "ledger.csv")
    assert done.code == 1 and {line.count(",") for line in done.out.splitlines()} == {11}
    assert "row rejected" in done.words
    (here / "ledger.csv").write_text(BANK, encoding="utf-8")
    done = within("trace", "ledger.csv", "--claims", "claims.csv", "--out", "b", "--json")
    assert [line["rule"] for line in done.lines()] == ["fifo"] and "manifest SHA-256" in done.words
