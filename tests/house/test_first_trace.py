"""The first page that a stranger reads: its files, its command, its output and its table are true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.house.tree import ROOT

from recoup.cli.main import recoup
from recoup.ground import Asset

PAGE = (ROOT / "docs" / "start" / "first-trace.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`(\w+\.csv)`\n\n```csv\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
COMMAND, OUTPUT = re.findall(r"```console\n\$ recoup (.*?)\n(.*?)```", PAGE, re.DOTALL)[0]
TABLE = re.findall(r"^\| `([\w-]+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")


def words(text: str) -> list[str]:
    """The words of a table, whatever its widths and rules."""
    return text.replace("─", " ").split()


def test_the_page_has_three_files_a_command_and_a_table() -> None:
    assert [name for name, _ in FILES] == ["ledger.csv", "claims.csv", "services.csv"]
    assert [row[0] for row in TABLE] == ["fifo", "lifo", "haircut", "lowest-intermediate"]


def test_the_command_prints_what_the_page_shows() -> None:
    result = CliRunner().invoke(recoup, COMMAND.split())
    assert result.exit_code == 0, result.output
    assert words(result.stdout) == words(OUTPUT)


@pytest.mark.parametrize(("rule", "anna", "ben", "clean"), TABLE)
def test_the_table_holds_the_figures_of_each_rule(rule: str, anna: str, ben: str, clean: str) -> None:
    result = CliRunner().invoke(recoup, [*COMMAND.replace("fifo", rule).split(), "--json"])
    (held,) = json.loads(result.stdout)["holdings"]
    parts = [int(held["by_claim"].get(claim, 0)) for claim in ("Anna", "Ben")]
    parts.append(int(held["balance"]) - sum(parts))
    assert [Asset("EUR").written(part) for part in parts] == [f"{amount} EUR" for amount in (anna, ben, clean)]


def test_the_bundle_of_the_page_is_written_and_verified() -> None:
    block = re.findall(r"```\n(recoup trace .*? --out bundle)\n(recoup verify bundle)\n```", PAGE)[0]
    for line in block:
        result = CliRunner().invoke(recoup, line.split()[1:])
        assert result.exit_code == 0, result.output
    assert Path("bundle/report.html").is_file()
