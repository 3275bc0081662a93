"""The locks hold what `pyproject.toml` asks for, and the source imports nothing that it does not ask for."""

from __future__ import annotations

from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from tests.house.requirements import declared, locked, undeclared
from tests.house.tree import ROOT, under

PYPROJECT = ROOT / "pyproject.toml"
LOCKS = ROOT / "requirements"


def test_everything_asked_for_is_locked() -> None:
    assert declared(PYPROJECT, "dev", "tools") - locked(LOCKS / "dev.lock") == set(), "run `make lock`"


def test_a_plain_install_is_part_of_the_whole() -> None:
    assert locked(LOCKS / "run.lock") <= locked(LOCKS / "dev.lock")
    assert locked(LOCKS / "tools.lock") <= locked(LOCKS / "dev.lock")
    assert {"click", "numpy", "pyarrow", "rich"} <= locked(LOCKS / "run.lock")


def test_the_source_imports_only_what_is_asked_for() -> None:
    assert undeclared(under("src"), declared(PYPROJECT), packages_distributions()) == []


def test_names_are_read_from_every_list(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(
        '[project]\ndependencies = ["A_b.c>=1", "d[e]>=2; python_version > \'3\'"]\n'
        '[project.optional-dependencies]\nx = ["f"]\n'
        '[dependency-groups]\ng = [{ include-group = "h" }, "i"]\nh = ["j"]\n'
    )
    assert declared(path) == {"a-b-c", "d", "f"}
    assert declared(path, "g", "h") == {"a-b-c", "d", "f", "i", "j"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("import requests", "bad.py:1: requests"),
        ("from yaml.nodes import Node", "bad.py:1: yaml"),
        ("def f() -> None:\n    import lxml.etree", "bad.py:2: lxml"),
        ("import json\nfrom recoup import ground\nfrom . import sibling\nimport click", ""),
    ],
)
def test_an_import_that_nobody_asked_for_is_found(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    providers = {"yaml": ["PyYAML"], "click": ["click"]}
    assert undeclared([path], {"click"}, providers) == [fault] * bool(fault)
    assert undeclared([path], {"click", "requests", "pyyaml", "lxml"}, providers) == []
