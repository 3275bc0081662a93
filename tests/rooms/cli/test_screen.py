"""`recoup screen` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.rooms.formats.test_lists import SDN, UN

from recoup.cli.main import recoup


def run(*arguments: str) -> Result:
    return CliRunner().invoke(recoup, ["screen", *arguments])


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    names, sdn, un = tmp_path / "names.csv", tmp_path / "sdn.csv", tmp_path / "un.xml"
    names.write_text(
        "id,name,birth_date,country,identifier\n1,Jon Doe,1954-10-07,Iran,\n2,Anna Schmidt,,,\n3,,,,A12345678\n"
    )
    sdn.write_text(SDN)
    un.write_text(UN)
    return str(names), str(sdn), str(un)


def test_one_line_per_name_in_the_shape_of_the_door(files: tuple[str, str, str]) -> None:
    names, sdn, un = files
    result = run(names, "--list", sdn, "--list", un, "--json")
    assert result.exit_code == 0, result.output
    one, two, three = [json.loads(line) for line in result.stdout.splitlines()]
    assert one["id"] == "1" and list(one["hits"][0]) == ["list", "entry", "name", "score", "why"]
    assert (one["hits"][0]["list"], one["hits"][0]["entry"], one["hits"][0]["name"]) == ("sdn", "77", "John DOE")
    assert 0.8 < one["hits"][0]["score"] <= 1
    assert two == {"id": "2", "hits": []}
    assert three["hits"][0]["why"] == ["identifier A12345678 is listed"]


def test_words_name_the_entry_and_the_reasons(files: tuple[str, str, str]) -> None:
    names, sdn, _ = files
    result = run(names, "--list", sdn)
    assert "1 Jon Doe:" in result.stdout and "doe = doe" in result.stdout


def test_alarm_and_cleared(files: tuple[str, str, str], tmp_path: Path) -> None:
    names, sdn, _ = files
    cleared = tmp_path / "cleared.csv"
    cleared.write_text("name,list,entry\nJON DOE,sdn,77\n")
    lines = run(names, "--list", sdn, "--json", "--cleared", str(cleared)).stdout.splitlines()
    assert json.loads(lines[0])["hits"] == []
    assert json.loads(run(names, "--list", sdn, "--json", "--alarm", "1000").stdout.splitlines()[1])["hits"] == []


def test_bad_rows_are_said_and_exit_is_one(files: tuple[str, str, str], tmp_path: Path) -> None:
    names = tmp_path / "n.csv"
    names.write_text("id,name,birth_date,country\n1,John Doe,soon,Atlantis\n2,,,\n")
    result = run(str(names), "--list", files[1], "--json")
    assert result.exit_code == 1
    for words in ("birth_date left unknown", "country left unknown", "name is empty"):
        assert words in result.stderr


@pytest.mark.parametrize("arguments", [[], ["names.csv"], ["names.csv", "--list", "l.csv", "--alarm", "2000"]])
def test_wrong_use_is_exit_two(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_names_without_their_columns_are_refused(files: tuple[str, str, str], tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text("person\nJohn\n")
    result = run(str(path), "--list", files[1])
    assert result.exit_code == 1 and "id and name are needed" in str(result.exception)
