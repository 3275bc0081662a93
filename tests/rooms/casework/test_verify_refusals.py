"""What is no bundle is refused in words, and nothing outside the bundle is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.rooms.casework.tampering import refusal, replaced, resealed
from tests.rooms.casework.trace_made import copy_of, ready

from recoup.casework.bundle import REPORT
from recoup.casework.manifest import FILES_MAX, MANIFEST, MANIFEST_BYTES_MAX

__all__ = ["ready"]  # the fixture


def test_inputs_that_cannot_be_traced_are_refused_by_their_name_in_the_bundle(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    replaced(bundle, "inputs/ledger/ledger.csv", "50000", "-5000")
    resealed(bundle)
    assert refusal(bundle).startswith("inputs/ledger/ledger.csv:2: row rejected: amount")


def test_a_missing_file_and_an_extra_file_are_refused(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    (bundle / "results/gaps.parquet").unlink()
    (bundle / "results/notes.txt").write_text("x", encoding="utf-8")
    text = refusal(bundle)
    assert "results/gaps.parquet: is missing" in text and "results/notes.txt: is not in the manifest" in text


@pytest.mark.parametrize("name", ["link.csv", "inputs/link.csv", "results/folder"])
def test_links_are_refused_wherever_they_lead(ready: Path, tmp_path: Path, name: str) -> None:
    bundle = copy_of(ready, tmp_path)
    (bundle / name).symlink_to(tmp_path if name.endswith("folder") else bundle / REPORT)
    assert f"{name}: is a link or no plain file" in refusal(bundle)


@pytest.mark.parametrize("name", ["report.html", MANIFEST, "inputs/ledger/ledger.csv"])
def test_a_file_that_became_a_link_is_refused(ready: Path, tmp_path: Path, name: str) -> None:
    bundle = copy_of(ready, tmp_path)
    (bundle / name).rename(tmp_path / "moved")
    (bundle / name).symlink_to(tmp_path / "moved")
    assert f"{name}: is a link or no plain file" in refusal(bundle)


def test_a_pipe_is_refused_and_not_waited_for(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    os.mkfifo(bundle / "results/pipe")
    assert "results/pipe: is a link or no plain file" in refusal(bundle)


def test_more_files_than_a_bundle_can_have_are_refused(ready: Path, tmp_path: Path) -> None:
    bundle = copy_of(ready, tmp_path)
    (bundle / "many").mkdir()
    for i in range(2 * FILES_MAX):
        (bundle / f"many/{i}").touch()
    assert f"holds more than {2 * FILES_MAX:,} files" in refusal(bundle)


def test_what_is_no_directory_is_refused(tmp_path: Path) -> None:
    assert "is not a directory" in refusal(tmp_path / "absent")
    (tmp_path / "file").touch()
    assert "is not a directory" in refusal(tmp_path / "file")
    assert "manifest.json: cannot be opened" in refusal(tmp_path)


def test_a_manifest_of_the_limit_is_read_and_a_longer_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(b"1" + b" " * (MANIFEST_BYTES_MAX - 1))
    assert "is not a manifest" in refusal(tmp_path)
    (tmp_path / MANIFEST).write_bytes(b"1" + b" " * MANIFEST_BYTES_MAX)
    assert f"is longer than {MANIFEST_BYTES_MAX:,} bytes" in refusal(tmp_path)
