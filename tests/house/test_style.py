"""The style corridor holds, and its checks can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from tests.house import style
from tests.house.tree import PURE, SOURCE, files, name, rooms, under

SRC, TESTS = under("src"), under("tests")
FILES_ENOUGH = 60  # below this number of files a median says little
SIX_FIFTHS = 120
# Rooms that are younger than their tests: percent reached, which may only rise (docs/decisions/009).
GROWING = {
    "complaints": 45,
    "network": 45,
    "restitution": 55,
    "formats": 95,
    "law": 110,
    "requests": 110,
    "casework": 105,
    "cli": 105,
}


def test_files_are_short() -> None:
    assert style.long_files(SRC + TESTS) == []


def test_functions_are_short() -> None:
    assert style.long_functions(SRC + TESTS) == []
    assert style.corridor(SRC) == []


def test_every_function_says_what_it_returns() -> None:
    assert style.untyped_returns(SRC + TESTS) == []


def test_public_names_are_documented() -> None:
    assert style.undocumented(SRC) == []


def test_doors_say_what_comes_in_and_goes_out() -> None:
    assert style.poor_doors([SOURCE / room / "__init__.py" for room in rooms() if room in PURE]) == []


def test_the_median_file_is_between_60_and_100_lines() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in SRC if path.name[:2] != "__"]
    if len(lengths) >= FILES_ENOUGH:
        assert 60 <= median(lengths) <= 100


@pytest.mark.parametrize("room", rooms())
def test_tests_are_at_least_six_fifths_of_the_source_of_each_room(room: str) -> None:
    """Counted per room: a well tested room must not hide a poorly tested one."""
    source, tests = style.lines(under("src", "recoup", room)), style.lines(_tests_of(room))
    reached = 100 * tests // source
    assert reached >= GROWING.get(room, SIX_FIFTHS), f"{tests} lines of tests for {source} of {room}"


def _tests_of(room: str) -> list[Path]:
    """The tests of a room: its folder, its laws, its stories; stories of no room are the command line's."""
    laws = [path for path in under("tests", "laws") if path.name.startswith(f"test_{room}")]
    stories = [path for path in under("tests", "stories") if _room_of(path) == room]
    return under("tests", "rooms", room) + laws + stories


def _room_of(story: Path) -> str:
    return next((room for room in rooms() if room in story.name), "cli")


def test_every_room_is_in_the_house_and_every_folder_is_a_room() -> None:
    folders = {
        path.relative_to(SOURCE).parts[0] for path in files() if path.is_relative_to(SOURCE) and path.parent != SOURCE
    }
    assert folders <= set(rooms()), "folders without a place in HOUSE.md or without __init__.py"


BODY = "    x = 1\n"
CASES: list[tuple[Callable[[list[Path]], list[str]], str, str]] = [
    (style.long_files, '"""Doc."""\n' + "x = 1\n" * 399, '"""Doc."""\n' + "x = 1\n" * 400),
    (style.long_functions, "def f() -> None:\n" + BODY * 69, "def f() -> None:\n" + BODY * 70),
    (style.corridor, ("def f() -> None:\n" + BODY * 7) * 5, ("def f() -> None:\n" + BODY * 8) * 5),
    (
        style.corridor,
        "def f() -> None:\n    x = 1\n" * 9 + "def f() -> None:\n" + BODY * 29,
        "def f() -> None:\n    x = 1\n" * 8 + ("def f() -> None:\n" + BODY * 40) * 2,
    ),
    (style.untyped_returns, "def f() -> None: ...\n", "class A:\n    async def f(self): ...\n"),
    (style.undocumented, '"""A."""\ndef _f() -> None: ...\n', '"""A."""\ndef f() -> None: ...\n'),
    (
        style.poor_doors,
        '"""R.\n\nIn: a. Out: b.\nAlways true: c.\n"""\n',
        '"""R.' + "\n" * 10 + "In: a. Out: b.\n\nAlways true: c.\n" + '"""\n',
    ),
    (style.poor_doors, '"""In: a. Out: b. Always true: c."""', '"""In: a. Out: b."""'),
]


@pytest.mark.parametrize(("check", "good", "bad"), CASES)
def test_each_check_passes_at_its_edge_and_fails_beyond(
    tmp_path: Path, check: Callable[[list[Path]], list[str]], good: str, bad: str
) -> None:
    for file, text in (("good.py", good), ("bad.py", bad)):
        (tmp_path / file).write_text(text)
    assert check([tmp_path / "good.py"]) == []
    assert check([tmp_path / "bad.py"]) != []


def test_a_docstring_does_not_count_as_code(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text('def f() -> None:\n    """One.\n\n    Two.\n    """\n    x = 1\n')
    assert [each.lines for each in style.functions([path])] == [2]
    assert name(path) == "f.py"
