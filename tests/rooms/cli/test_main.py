"""The door: names of commands, exit codes, and words instead of tracebacks."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from recoup import __version__
from recoup.cli.main import COMMANDS, main, recoup


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(recoup, arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_loads_bears_its_name_and_says_what_it_does(name: str) -> None:
    command = recoup.get_command(click.Context(recoup), name)
    assert isinstance(command, click.Command) and command.name == name
    assert command.get_short_help_str()


def test_help_lists_the_commands_in_the_order_of_the_chain() -> None:
    code, words, _ = run("--help")
    listed = [line.split()[0] for line in words.partition("Commands:")[2].splitlines() if line.strip()]
    assert code == 0 and [name for name in listed if name in COMMANDS] == list(COMMANDS)
    assert run("-h") == run("--help")


def test_the_version_is_said() -> None:
    assert run("--version") == (0, f"recoup, version {__version__}\n", "")


def test_wrong_use_exits_2_with_words_on_stderr() -> None:
    for arguments in (["no-such-command"], ["doctor", "--no-such-option"], ["doctor", "too", "many"]):
        code, data, words = run(*arguments)
        assert (code, data) == (2, "") and words.startswith("Usage: ")


def test_a_refusal_exits_1_with_its_defects_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(COMMANDS, "refuse", "tests.rooms.cli.refusing:refuse")
    monkeypatch.setattr(sys, "argv", ["recoup", "refuse"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert tuple(capsys.readouterr()) == ("", "a.csv:3: bad. Mend it\n")


def test_the_door_opens_without_loading_the_rooms() -> None:
    heavy = ("numpy", "numba", "pyarrow", "duckdb", "django", "rich")
    code = f"import sys, recoup.cli.main; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_installed_command_answers() -> None:
    done = subprocess.run([sys.executable, "-m", "recoup", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"recoup, version {__version__}\n"), done.stderr
