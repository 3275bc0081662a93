"""Value flows one way: the walls between the rooms hold, and the check can fail."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.house.tree import PURE, ROOMS, ROOT, SOURCE, rooms

LINTER = Path(sys.executable).with_name("lint-imports")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS, FRAMEWORKS = CONTRACTS


def lint(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(LINTER), "--no-cache", *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


def test_the_walls_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_room_has_its_layer() -> None:
    layers = [name.strip("() ") for layer in LAYERS["layers"] for name in layer.split("|")]
    assert sorted(layers) == sorted(ROOMS)


def test_every_pure_room_is_kept_from_the_frameworks() -> None:
    expected = {f"recoup.{room}" for room in rooms() if room in PURE}
    assert set(FRAMEWORKS["source_modules"]) == expected
    assert FRAMEWORKS["forbidden_modules"] == ["django", "ninja", "httpx", "click", "rich"]


def test_no_folder_escapes_the_layers() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages <= set(ROOMS)


SMALL_HOUSE = """
[importlinter]
root_package = house
include_external_packages = True

[importlinter:contract:1]
name = layers
type = layers
containers = house
layers =
    ledger
    ground

[importlinter:contract:2]
name = none
type = forbidden
source_modules =
    house.ground
    house.ledger
forbidden_modules =
    click
"""


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("ground", "import house.ledger", True),  # up the house
        ("ledger", "import house.ground", False),  # down the house
        ("ledger", "import click", True),  # a framework in a pure room
    ],
)
def test_a_breach_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: str, line: str, broken: bool) -> None:
    for folder in ("house", "house/ground", "house/ledger"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").write_text("")
    (tmp_path / "house" / room / "__init__.py").write_text(line + "\n")
    (tmp_path / ".importlinter").write_text(SMALL_HOUSE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert (lint(tmp_path).returncode != 0) is broken
