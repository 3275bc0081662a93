"""`recoup doctor` says what is there and what is not, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from recoup.cli import doctor as command
from recoup.cli.doctor import (
    DISK_FREE_BYTES_MIN,
    PYTHON_MIN,
    Check,
    disk,
    doctor,
    locked,
    needs,
    packages,
    pins,
    python,
)
from recoup.ground import Answer, Refused


def lock(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.lock"
    path.write_text(text)
    return path


def test_this_installation_is_sound_and_one_line_per_check() -> None:
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ok       python: ") and lines[-1].startswith("ok       disk: ")
    assert any(line.startswith("ok       packages: ") and "click" in line for line in lines)


def test_json_is_one_object_per_check() -> None:
    result = CliRunner().invoke(doctor, ["--json"])
    checks = [json.loads(line) for line in result.stdout.splitlines()]
    assert [check["check"] for check in checks[:2]] == ["python", "packages"]
    assert {tuple(check) for check in checks} == {("check", "answer", "needed", "found", "mend")}
    assert {check["answer"] for check in checks} <= {"yes", "no", "unknown"}


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(doctor).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_something_needed_that_is_missing_exits_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(tmp_path, "no-such-package==1.0 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(command, "LOCKS", tmp_path)
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 1
    assert (
        "lacking  run.lock: no-such-package is missing, locked 1.0. `make test` installs what is locked"
        in result.stdout
    )


def test_a_lock_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Refused, match="cannot be read"):
        locked(path, complete=True)


@pytest.mark.parametrize(
    ("running", "answer"), [((3, 10), "no"), (PYTHON_MIN, "yes"), ((3, 14), "yes"), ((4, 0), "yes")]
)
def test_the_edge_of_python(running: tuple[int, int], answer: str) -> None:
    assert python(running).answer == answer and python(running).failed == (answer == "no")


@pytest.mark.parametrize(("free", "answer"), [(0, "no"), (DISK_FREE_BYTES_MIN - 1, "no"), (DISK_FREE_BYTES_MIN, "yes")])
def test_the_edge_of_free_disk(free: int, answer: str) -> None:
    assert disk(free).answer == answer and bool(disk(free).mend) == (answer == "no")


def test_needs_are_read_from_metadata_by_extra() -> None:
    found = needs(["click>=8.1", "numba>=0.61; extra == 'fast'", 'psycopg[binary]>=3.2 ; extra == "postgres"', "rich"])
    assert found == {"": ["click", "rich"], "fast": ["numba"], "postgres": ["psycopg"]}


def test_an_extra_that_is_missing_is_said_and_fails_nothing() -> None:
    assert packages("fast", ["no-such-package"]) == Check(
        "extra fast", Answer.NO, False, "missing: no-such-package", "pip install 'recoup[fast]'"
    )
    plain = packages("", ["no-such-package", "click"])
    assert plain.failed and plain.found == "missing: no-such-package" and plain.mend == "pip install recoup"
    assert packages("x", ["click"]).answer is Answer.YES


def test_versions_are_compared_with_the_lock(tmp_path: Path) -> None:
    version = command.installed("click")
    right, wrong = f"click=={version} \\\n    --hash=sha256:00\n", "click==0.0.1\n"
    assert locked(lock(tmp_path, right), complete=True).answer is Answer.YES
    differing = locked(lock(tmp_path, wrong), complete=True)
    assert differing.failed and differing.found == f"click {version}, locked 0.0.1"
    assert not locked(lock(tmp_path, wrong), complete=False).failed


def test_markers_choose_between_versions(tmp_path: Path) -> None:
    version = command.installed("click")
    text = f"click==0.0.1 ; python_full_version >= '4'\nclick=={version} ; python_full_version < '4'\n"
    assert [pin.version for pin in pins(lock(tmp_path, text))["click"]] == ["0.0.1", version]
    assert locked(lock(tmp_path, text), complete=True).found == "1 of 1 packages installed, each as locked"
    only_elsewhere = locked(lock(tmp_path, "no-such-package==1.0 ; sys_platform == 'win32'\n"), complete=True)
    assert only_elsewhere.answer is Answer.YES


def test_an_absent_package_counts_only_where_the_lock_must_be_complete(tmp_path: Path) -> None:
    path = lock(tmp_path, "no-such-package==1.0\n")
    assert locked(path, complete=True).found == "no-such-package is missing, locked 1.0"
    assert locked(path, complete=False).answer is Answer.YES


def test_without_a_lock_the_answer_is_unknown_and_never_yes(tmp_path: Path) -> None:
    check = locked(tmp_path / "run.lock", complete=True)
    assert check.answer is Answer.UNKNOWN and not check.failed


def test_the_real_locks_are_read_whole() -> None:
    listed = pins(command.LOCKS / "dev.lock")
    assert {"click", "numpy", "pytest", "hatchling", "uv"} <= set(listed)
    lines = (command.LOCKS / "dev.lock").read_text().splitlines()
    assert sum(map(len, listed.values())) == sum(line[:1].isalnum() for line in lines)
