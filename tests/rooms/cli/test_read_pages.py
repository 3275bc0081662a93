"""The examples of the pages on reading run as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from recoup.cli.read import read
from recoup.formats.evm import NATIVE
from recoup.formats.profile import _FIELD_NAMES, Fields, Layout, load, shipped
from recoup.formats.registry import FORMATS
from recoup.ground import sha256_file

DOCS = Path(__file__).resolve().parents[3] / "docs"
READ, PROFILE, REFERENCE = (
    DOCS / "reference/commands/read.md",
    DOCS / "how-to/profile.md",
    DOCS / "reference/formats.md",
)

FILE = re.compile(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^```console\n\$ recoup read ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RESULT = re.compile(r"written the good row:\n\n```csv\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "code"), [(READ, 1), (PROFILE, 0)], ids=["read", "profile"])
def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Path, code: int) -> None:
    text = page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, content in FILE.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    ((command, said),) = COMMAND.findall(text)
    result = CliRunner().invoke(read, shlex.split(command))
    assert result.exit_code == code and result.stdout == ""
    assert re.sub(r"sha256 [0-9a-f]{12}", "sha256 PROFILE", result.stderr) == said


def test_the_result_of_the_example_is_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = READ.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ((name, content),) = FILE.findall(text)
    Path(name).write_text(content, encoding="utf-8")
    CliRunner().invoke(read, [name, "--out", "ledger.csv", "--labels", "labels.csv"])
    (shown,) = RESULT.findall(text)
    assert Path("ledger.csv").read_text(encoding="utf-8") == shown.replace("SOURCE", sha256_file(Path(name)))
    assert len(Path("labels.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_every_format_chain_and_profile_is_on_the_page() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for name in [*(each.name for each in FORMATS), *NATIVE, *(profile.name for profile in shipped())]:
        assert f"`{name}`" in text, name


def test_every_key_of_a_profile_is_on_the_page() -> None:
    text = PROFILE.read_text(encoding="utf-8")
    outside = {inside: outside for outside, inside in _FIELD_NAMES.items()}
    for name in [*Fields.__dataclass_fields__, *Layout.__dataclass_fields__]:
        assert f"`{outside.get(name, name)}`" in text, name


def test_the_profile_of_the_page_names_columns_of_the_file(tmp_path: Path) -> None:
    files = dict(FILE.findall(PROFILE.read_text(encoding="utf-8")))
    path = tmp_path / "disclosure.toml"
    path.write_text(files["disclosure.toml"], encoding="utf-8")
    assert set(load(path).columns) == set(files["withdrawals.csv"].splitlines()[0].split(";"))
