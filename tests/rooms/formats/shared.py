"""Where the real public data lies."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RECOUP_SHARED_DATA", ROOT.parent / "shared" / "data"))


def data(name: str) -> Path:
    """A file or folder of the real public data; skips loudly where it is not there."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"NOT CHECKED: public data {name} is missing at {path}")
    return path


def unpacked(name: str, folder: Path) -> Path:
    """An archive of the real public data, unpacked."""
    with tarfile.open(data(name)) as archive:
        archive.extractall(folder, filter="data")
    return folder
