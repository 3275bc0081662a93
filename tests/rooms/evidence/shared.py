"""Where the real public vectors lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RECOUP_SHARED_DATA", ROOT.parent / "shared" / "data"))


def vectors(name: str) -> Path:
    """The folder of one set of vectors; skips loudly where it is not there."""
    folder = SHARED / "vectors" / name
    if not folder.is_dir():
        pytest.skip(f"NOT CHECKED: public vectors {name} are missing at {folder}")
    return folder
