"""`recoup route` as it is called."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.rooms.law.cases import FREEZE, request

from recoup.cli.main import recoup
from recoup.ground import Refused

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "commands" / "route.md"
CATALOGUE = Path(__file__).parents[3] / "src" / "recoup" / "law" / "catalogue"


def _file(tmp_path: Path, data: object) -> str:
    path = tmp_path / "request.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_json_is_one_object_per_asset(tmp_path: Path) -> None:
    assets = [{**FREEZE["assets"][0], "id": name} for name in ("a", "b")]
    result = CliRunner().invoke(recoup, ["route", _file(tmp_path, request(assets=assets)), "--json"])
    assert result.exit_code == 0
    plans = [json.loads(line) for line in result.stdout.splitlines()]
    assert [plan["id"] for plan in plans] == ["a", "b"]
    best = plans[0]["portfolio"][0]
    assert (best["instrument"], best["availability"], best["time"]) == (
        "EU_2018_1805", "yes", {"p50_days": 4, "p90_days": 14},
    )  # fmt: skip
    assert {"rule", "clause", "result", "source", "verify"} <= set(best["reasons"][0])
    assert {"instrument", "because", "rule"} <= set(plans[0]["dropped"][0])


def test_same_request_same_bytes(tmp_path: Path) -> None:
    path = _file(tmp_path, FREEZE)
    first, second = (CliRunner().invoke(recoup, ["route", path, "--json"]).stdout_bytes for _ in range(2))
    assert first == second


def test_stdin_and_day_of_decision(tmp_path: Path) -> None:
    text = json.dumps(request(as_of=None))
    result = CliRunner().invoke(recoup, ["route", "-", "--as-of", "2020-12-18", "--json"], input=text)
    assert json.loads(result.stdout)["as_of"] == "2020-12-18"
    assert isinstance(CliRunner().invoke(recoup, ["route", "-"], input=text).exception, Refused)


def test_wrong_use_is_exit_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(recoup, ["route", str(tmp_path / "nowhere.json")]).exit_code == 2
    assert CliRunner().invoke(recoup, ["route", "-", "--as-of", "yesterday"], input="{}").exit_code == 2


def test_own_law_goes_before_the_built_in(tmp_path: Path) -> None:
    folder = tmp_path / "law" / "catalogue"
    folder.mkdir(parents=True)
    text = (CATALOGUE / "UN_CYBERCRIME.yaml").read_text(encoding="utf-8")
    own = folder / "UN_CYBERCRIME.yaml"
    own.write_text(text.replace("valid_from: null", "valid_from: 2026-01-01"), encoding="utf-8")
    path = _file(tmp_path, request(requesting__state="VN", asset__situs="AU", as_of="2027-06-01"))
    plain = CliRunner().invoke(recoup, ["route", path, "--json"])
    changed = CliRunner().invoke(recoup, ["route", path, "--json", "--law", str(tmp_path / "law")])
    assert '"UN_CYBERCRIME"' not in json.dumps(json.loads(plain.stdout)["portfolio"])
    assert '"UN_CYBERCRIME"' in json.dumps(json.loads(changed.stdout)["portfolio"])
    own.write_text(text.replace("verify: read}", "verify: hearsay}"), encoding="utf-8")
    refused = CliRunner().invoke(recoup, ["route", path, "--law", str(tmp_path / "law")])
    assert isinstance(refused.exception, Refused) and "hearsay" in str(refused.exception)


def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = re.search(r"```console\n\$ cat (\S+)\n(.*?)\n\$ (recoup .*?)\n(.*?)\n```", PAGE.read_text("utf-8"), re.S)
    assert example is not None
    name, data, command, output = example.groups()
    (tmp_path / name).write_text(data, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(recoup, shlex.split(command)[1:])
    assert result.exit_code == 0
    for line in output.removesuffix("\n...").splitlines():
        assert line in result.stdout.splitlines()


def test_text_of_the_case_stays_text(tmp_path: Path) -> None:
    """Markup, bidi overrides, control characters and 9 kB in a name change nothing but that name."""
    hostile = "<b>\u202e\x1b[31m#let\n" + "A" * 9000
    plain = CliRunner().invoke(recoup, ["route", _file(tmp_path, request(asset__holder={"name": "x", "state": "MH"}))])
    path = _file(tmp_path, request(asset__holder={"name": hostile, "state": "MH"}))
    result = CliRunner().invoke(recoup, ["route", path])
    assert result.exit_code == 0
    assert "\u202e" not in result.stdout and "\x1b" not in result.stdout
    assert len(result.stdout.splitlines()) == len(plain.stdout.splitlines())


def test_readable_plan_names_blocks_legs_and_sources(tmp_path: Path) -> None:
    data = request(materials=[{"id": "fiu-1", "origin": "fiu", "consent": None}])
    text = CliRunner().invoke(recoup, ["route", _file(tmp_path, data)]).stdout
    parts = ("keep out of the annex: fiu-1", "BLOCKED", "x K09", "instead: ", "CONVERT - ", "EVIDENCE - ")
    for part in (*parts, "NOT OFFERED", "WARNINGS", "AGE OF THE DATA", "SOURCES"):
        assert part in text
    numbers = {int(number) for number in re.findall(r"source (\d+)[,;]", text)}
    assert numbers == {int(number) for number in re.findall(r"^  (\d+)\. ", text, re.M)}
