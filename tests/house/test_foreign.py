"""Nothing of a machine, a package index or a workplace stands in the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.foreign import addresses, foreign
from tests.house.tree import ROOT, files

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


def test_nothing_foreign_is_tracked() -> None:
    assert foreign([path for path in files() if path.suffix != ".lock"]) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_address(lock: Path) -> None:
    assert addresses(lock) == []


def test_there_are_three_locks() -> None:
    assert [lock.name for lock in LOCKS] == ["dev.lock", "run.lock", "tools.lock"]


@pytest.mark.parametrize(
    "line",
    [
        "see https://pypi.org/project/x",
        "pip install --index-url https://a.example",
        "path = '/work/main'",
        "open('/tmp/x')",
        "/root/.cache",
        "/home/somebody/x",
        "as the brief.md says",
        "issue 12 asks",
        "# a sub-agent wrote this",
    ],
)
def test_each_foreign_thing_is_found(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.md"
    path.write_text(f"fine\n{line}\n")
    assert len(foreign([path])) == 1 and foreign([path])[0].startswith("bad.md:2: ")


def test_what_only_looks_foreign_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "good.md"
    path.write_text("docs/work/plan, https://law.example/tmp/1, issue of shares, --no-emit-index-url\n")
    assert foreign([path]) == []


@pytest.mark.parametrize(
    "line", ["x @ https://a.example/x.whl", "x==1 \\\n    --hash=sha256:0\n# from file:x", "x==1", "-r git+x"]
)
def test_a_lock_with_an_address_or_without_a_hash_is_found(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.lock"
    path.write_text("ok==1 \\\n    --hash=sha256:0\n" + line + "\n")
    assert addresses(path) != []
