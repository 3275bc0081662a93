"""`recoup own` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.rooms.formats.test_bods import entity, holds, person

from recoup.cli.main import recoup
from recoup.ground import Refused


def run(*arguments: str) -> Result:
    return CliRunner().invoke(recoup, ["own", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bods.json"
    statements = [person("P"), person("Q"), entity("A"), entity("T"), holds("P", "A", {"exact": 50})]
    statements += [holds("Q", "A", {"exact": 50}), holds("A", "T", {"exact": 50}), holds("Q", "T", {"exact": 50})]
    path.write_text(json.dumps(statements))
    return path


def test_the_object_has_the_shape_of_the_door(file: Path) -> None:
    result = run(str(file), "--target", "T", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert list(found) == ["target", "regime", "as_at", "owners", "fallback", "findings"]
    assert (found["target"], found["regime"], found["as_at"]) == ("T", "eu-amlr", None)
    q, p = found["owners"]
    assert p == {
        "person": "P",
        "name": "name P",
        "low": "1/4",
        "high": "1/4",
        "status": "certain",
        "control": False,
        "basis": ["shares"],
        "chains": [["st-P-A-shareholding", "st-A-T-shareholding"]],
        "removes_if": ["st-P-A-shareholding"],
    }
    assert (q["person"], q["low"], q["control"]) == ("Q", "3/4", False)


@pytest.mark.parametrize("regime", ["eu-amlr", "uk-psc", "fatf"])
def test_every_regime_runs_and_words_are_readable(file: Path, regime: str) -> None:
    result = run(str(file), "--target", "GB-COH-no-T", "--regime", regime)
    assert result.exit_code == 0
    assert "name Q, between" in result.stdout


def test_a_date_before_all_statements_knows_no_target(file: Path) -> None:
    result = run(str(file), "--target", "T", "--as-at", "2019-12-31", "--json")
    assert result.exit_code == 1
    assert isinstance(result.exception, Refused) and "no entity 'T'" in str(result.exception)


def test_as_at_is_given_back(file: Path) -> None:
    assert (
        json.loads(run(str(file), "--target", "T", "--as-at", "2024-03-05", "--json").stdout)["as_at"] == "2024-03-05"
    )


@pytest.mark.parametrize(
    "arguments", [["--target"], ["--target", "T", "--regime", "mars"], ["--target", "T", "--as-at", "x"]]
)
def test_wrong_use_is_exit_two(file: Path, arguments: list[str]) -> None:
    assert run(str(file), *arguments).exit_code == 2


def test_a_bad_statement_is_said_and_exit_is_one(file: Path) -> None:
    statements = json.loads(file.read_text())
    file.write_text(json.dumps([*statements, {"recordId": 3}]))
    result = run(str(file), "--target", "T", "--json")
    assert result.exit_code == 1 and "statement rejected" in result.stderr
    assert json.loads(result.stdout)["owners"]
