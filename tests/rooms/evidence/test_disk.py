from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from tests.rooms.evidence.faulty import SimulatedDisk

from recoup.evidence.disk import LocalDisk, copy_chunks, write_durably


@pytest.fixture(params=["local", "simulated"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> LocalDisk | SimulatedDisk:
    """The real disk and the simulated one keep the same promises: what the crash tests find holds for both."""
    return LocalDisk(tmp_path / "root") if request.param == "local" else SimulatedDisk()


def write(disk: LocalDisk | SimulatedDisk, name: str, data: bytes) -> None:
    writer = disk.create(name)
    writer.write(data)
    writer.sync()
    writer.close()


def read(disk: LocalDisk | SimulatedDisk, name: str) -> bytes:
    with disk.open(name) as stream:
        return stream.read()


def test_files_are_made_once(disk: LocalDisk | SimulatedDisk) -> None:
    disk.make_folder("a/b")
    disk.make_folder("a/b")
    write(disk, "a/b/x", b"one")
    assert disk.exists("a/b/x") and read(disk, "a/b/x") == b"one"
    with pytest.raises(FileExistsError):
        disk.create("a/b/x")
    with pytest.raises(FileNotFoundError):
        disk.open("a/b/y")


def test_reopening_cuts_and_goes_on(disk: LocalDisk | SimulatedDisk) -> None:
    disk.make_folder("a")
    write(disk, "a/x", b"0123456789")
    writer = disk.reopen("a/x", 4)
    writer.write(b"abc")
    writer.close()
    assert read(disk, "a/x") == b"0123abc"


def test_names_are_sorted_and_folders_count(disk: LocalDisk | SimulatedDisk) -> None:
    assert disk.names("nowhere") == []
    for folder in ("a/b", "a/c"):
        disk.make_folder(folder)
    for name in ("a/b/2", "a/b/1", "a/c/3"):
        write(disk, name, b"")
    assert disk.names("a") == ["b", "c"]
    assert disk.names("a/b") == ["1", "2"]


def test_renaming_and_removing(disk: LocalDisk | SimulatedDisk) -> None:
    disk.make_folder("a")
    disk.make_folder("b")
    write(disk, "a/x", b"one")
    disk.rename("a/x", "b/y")
    disk.sync_folder("b")
    disk.protect("b/y")
    assert (disk.exists("a/x"), read(disk, "b/y")) == (False, b"one")
    disk.remove("b/y")
    disk.drop_folder("b")
    assert not disk.exists("b/y")


def test_a_folder_that_holds_something_stays(tmp_path: Path) -> None:
    disk = LocalDisk(tmp_path)
    disk.make_folder("a")
    write(disk, "a/x", b"")
    disk.drop_folder("a")
    assert disk.exists("a/x")


def test_links_are_not_followed(tmp_path: Path) -> None:
    disk = LocalDisk(tmp_path / "root")
    (tmp_path / "outside").write_bytes(b"outside")
    (tmp_path / "root" / "x").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="x"):
        disk.reopen("x", 0)
    assert (tmp_path / "outside").read_bytes() == b"outside"


def test_short_reads_still_give_whole_chunks() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 3))

    data = os.urandom(100)
    chunks = list(copy_chunks(Trickle(data), 16))
    assert b"".join(chunks) == data
    assert [len(chunk) for chunk in chunks] == [16] * 6 + [4]
    assert list(copy_chunks(io.BytesIO(b""), 16)) == []


def test_small_files_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    write_durably(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600
    write_durably(path, b"two", 0o644)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o644)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError("no space")))
        with pytest.raises(OSError, match="space"):
            write_durably(path, b"three")
    assert path.read_bytes() == b"two"
    write_durably(path, b"four")
    assert path.read_bytes() == b"four" and sorted(one.name for one in tmp_path.iterdir()) == ["f"]
