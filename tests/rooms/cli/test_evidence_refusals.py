"""Evidence commands used wrongly or on a home that something damaged: words and an exit, and nothing half-made."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.stories.door import Done, contents, within

NO_TEXT = os.fsdecode(b"\xff")
INSTANT = "--started", "--ended"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file and a home in which it is sealed."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "a.txt").write_text("x", encoding="utf-8")
    done = within("seal", folder / "a.txt", "--home", folder / "h", "--origin", "a.example/log", "--json")
    assert done.code == 0, done.words
    (folder / "item").write_text(json.loads(done.out)["item"], encoding="utf-8")
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the current folder."""
    folder = Path(shutil.copytree(made, tmp_path / "case"))
    monkeypatch.chdir(folder)
    return folder


def failed(done: Done, code: int = 1) -> str:
    """What was said: something, not a traceback, and no data."""
    assert (done.code, done.out) == (code, ""), done
    assert done.words and "Traceback" not in done.words and "[Errno" not in done.words
    return done.words


@pytest.mark.parametrize("name", ["a b", "a+b", "a\nb", NO_TEXT])
def test_a_log_name_that_is_none_leaves_no_half_made_home(here: Path, name: str) -> None:
    failed(within("seal", "a.txt", "--home", "new", "--origin", name))
    assert not (here / "new").exists()


def test_a_key_that_others_can_read_is_refused_before_a_home_is_made(here: Path) -> None:
    (here / "a.txt").chmod(0o644)
    assert "chmod 600" in failed(within("seal", "a.txt", "--home", "new", "--key", "a.txt"))
    assert not (here / "new").exists()


@pytest.mark.parametrize("option", INSTANT)
@pytest.mark.parametrize("text", ["noon", "2024-02-30", "2024-03-01T00:00:00", ""])
def test_a_time_that_is_none_is_wrong_use(here: Path, option: str, text: str) -> None:
    assert option in failed(within("seal", "a.txt", "--home", "new", option, text), code=2)
    assert not (here / "new").exists()


def test_a_file_whose_name_is_no_text_is_said(here: Path) -> None:
    name = os.fsdecode(b"seized\xff.bin")
    (here / name).write_bytes(b"x")
    before = len(within("custody", "list", "--home", "h", "--json").lines())
    assert "its name is not text" in failed(within("seal", name, "--home", "h"))
    assert len(within("custody", "list", "--home", "h", "--json").lines()) == before


def test_no_public_key_is_said_whose_secret_could_not_be_stored(here: Path) -> None:
    """Whoever enrols such a key would wait for signatures that nobody can make."""
    failed(within("custody", "key", "police.example/a", "--out", "/proc/none"))
    (here / "a.key").write_text("mine", encoding="utf-8")
    assert "is there already" in failed(within("custody", "key", "police.example/a", "--out", "a.key"))
    assert (here / "a.key").read_text(encoding="utf-8") == "mine"
    failed(within("witness", "init", "w", "--name", "not a name"))
    assert not (here / "w").exists()


@pytest.mark.parametrize("text", ["zz", "", "0" * 63, "0" * 65, "A" * 64])
def test_a_hash_that_is_none_is_not_recorded_as_one(here: Path, text: str) -> None:
    item, before = (here / "item").read_text(encoding="utf-8"), contents(here / "h/log")
    words = ("--working-sha256", text, "--tool", "t", "--command", "c")
    failed(within("custody", "examine", item, "--home", "h", *words), code=2)
    assert contents(here / "h/log") == before


def wrong() -> dict[str, tuple[tuple[str, ...], int]]:
    return {
        "no home": (("custody", "list", "--home", "none"), 2),
        "no item": (("custody", "show", "none", "--home", "h"), 1),
        "an item that is no text": (("custody", "show", NO_TEXT, "--home", "h"), 1),
        "an offer that is none": (("custody", "accept", "a.txt", "--home", "h", "--key", "h/keys/operator.key"), 1),
        "a key that is a folder": (("custody", "accept", "a.txt", "--home", "h", "--key", "h"), 2),
        "a public key that is none": (("custody", "enrol", "x+y+z", "--home", "h"), 1),
        "a public key nowhere": (("custody", "enrol", "none", "--home", "h"), 1),
        "an entry beyond the log": (("log", "proof", "9" * 5000, "--home", "h"), 1),
        "a witness's view that is none": (("log", "audit", "--home", "h", "--witness", "a.txt"), 1),
        "tiles into a file": (("log", "tiles", "--home", "h", "--out", "a.txt"), 1),
        "the register of people erased": (("keys", "erase", "people", "--home", "h", "--yes"), 1),
        "a hold without text": (("keys", "hold", "case", "--home", "h", "--reference", NO_TEXT), 1),
        "more shares needed than made": (("keys", "split", "--home", "h", "--needed", "3", "--shares", "2"), 2),
        "no witness there": (("witness", "show", "none", "a.example/log"), 2),
    }


@pytest.mark.parametrize("kind", wrong())
def test_wrong_use_and_bad_input_are_said_and_change_nothing(here: Path, kind: str) -> None:
    words, code = wrong()[kind]
    before = {name: data for name, data in contents(here).items() if "sqlite3-" not in name}
    failed(within(*words), code)
    assert {name: data for name, data in contents(here).items() if "sqlite3-" not in name} == before


DAMAGED = ("log/log.vkey", "keys/agency.key", "keys/log.key", "log/log.sqlite3", "keys/subjects.sqlite3")


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("data", [b"\xff\xfe garbage", b"a+b+c\n"])
def test_a_damaged_home_is_said_by_every_command(here: Path, name: str, data: bytes) -> None:
    (here / "h" / name).write_bytes(data)
    for words in (("custody", "list"), ("log", "audit"), ("seal", "a.txt")):
        failed(within(*words, "--home", "h"))


def test_a_hold_refuses_with_the_exit_of_authority(here: Path) -> None:
    assert within("keys", "hold", "case", "--home", "h", "--reference", "order 7").code == 0
    assert "a legal hold stands" in failed(within("keys", "erase", "case", "--home", "h", "--yes"), code=3)
    assert within("keys", "release", "case", "--home", "h", "--reference", "order 8").code == 0
    assert within("keys", "erase", "case", "--home", "h", "--yes").code == 0


def test_an_erasure_that_nobody_confirms_is_not_made(here: Path) -> None:
    before = within("custody", "list", "--home", "h").out
    done = within("keys", "erase", "case", "--home", "h", given=b"n\n")
    assert done.code == 1 and within("custody", "list", "--home", "h").out == before
