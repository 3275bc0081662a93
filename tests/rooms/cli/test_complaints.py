"""`recoup complaints` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recoup.cli.main import recoup

IBAN = "DE89370400440532013000"
ROWS = f"""complaint,victim_name,email,country,website,narrative,paid,amount,currency,method,recipient
A:1,Ana Roth,ana@mail.com,DE,evil.com,"Ich zahlte 500 EUR an evil[.]com",2024-03-05T10:00:00Z,500,EUR,bank,{IBAN}
B:7,Ana Roth,ana@mail.com,DE,,lost it all,2024-03-01,12,EUR,bank,{IBAN}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(recoup, ["complaints", *arguments])


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "c.csv"
    path.write_text(ROWS, "utf-8")
    return path


def test_lines_have_the_shapes_of_the_door(file: Path) -> None:
    result = run(str(file), "--json", "--as-of", "2024-03-06T00:00:00Z")
    assert result.exit_code == 0, result.output
    found = lines(result)
    domain = next(
        each
        for each in found
        if each["kind"] == "selector" and each["field"] == "narrative" and each["type"] == "domain"
    )
    assert domain == {
        "kind": "selector", "complaint": "A:1", "type": "domain", "raw": "evil[.]com", "value": "evil.com",
        "start": 22, "end": 32, "field": "narrative", "valid": True,
    }  # fmt: skip
    (victim,) = [each for each in found if each["kind"] == "victim"]
    assert victim["complaints"] == ["A:1", "B:7"] and victim["why"]
    (operator,) = [each for each in found if each["kind"] == "operator"]
    assert operator["complaints"] == ["A:1", "B:7"]
    assert operator["selectors"] == ["domain:evil.com", "iban:DE89370400440532013000"]
    assert {"complaint", "selector", "class", "source"} == set(operator["edges"][0])  # type: ignore[index]
    (recall,) = [each for each in found if each["kind"] == "finding"]
    assert (recall["code"], recall["complaint"], recall["verdict"]) == ("recall-window", "A:1", "yes")


def test_without_as_of_nothing_is_called_young(file: Path) -> None:
    assert not [each for each in lines(run(str(file), "--json")) if each["kind"] == "finding"]


def test_bad_rows_are_said_and_exit_is_one(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("complaint,amount\n1,abc\n,5\n2,7\n")
    result = run(str(path), "--json")
    assert result.exit_code == 1
    assert "c.csv:2: amount left unknown" in result.stderr and "c.csv:3: row rejected" in result.stderr
    assert {each["id"] for each in lines(result) if each["kind"] == "victim"}


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--as-of", "soon"], 2), (["--profile", "missing.toml"], 1)])
def test_wrong_use(file: Path, arguments: list[str], code: int) -> None:
    result = run(*([str(file), *arguments] if arguments else []))
    assert result.exit_code == code
    assert (
        result.exception is None
        or isinstance(result.exception, SystemExit)
        or "cannot be opened" in str(result.exception)
    )


def test_the_report_is_written_where_asked(file: Path, tmp_path: Path) -> None:
    result = run(str(file), "--out", str(tmp_path / "report"))
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "countries.csv", "methods.csv", "operators.csv", "patterns.html", "weeks.csv",
    ]  # fmt: skip
    assert "2 complaints" in result.stdout and "1 victims" in result.stdout


def test_known_names_and_profiles(tmp_path: Path) -> None:
    file, names, profile = tmp_path / "c.csv", tmp_path / "n.csv", tmp_path / "p.toml"
    file.write_text("Nr;Text\n1;Lena Green rief an\n")
    names.write_text("name,id,kind\nLena Green,lena,person\n,x,y\n")
    profile.write_text('delimiter = ";"\n[columns]\ncomplaint = "Nr"\nnarrative = "Text"\n')
    result = run(str(file), "--json", "--names", str(names), "--profile", str(profile))
    assert result.exit_code == 1 and "name is empty" in result.stderr
    found = [each for each in lines(result) if each["kind"] == "selector"]
    assert [(each["type"], each["value"], each["detail"]) for each in found] == [("name", "lena", "person")]


def test_five_megabytes_in_one_narrative_are_read(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text('complaint,narrative\n1,"' + "I paid evil.com 5 EUR. " * 220_000 + '"\n')
    result = run(str(path))
    assert result.exit_code == 0
    assert "440,000 selectors" in result.stdout
