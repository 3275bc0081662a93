"""The files of the repository, as the checks of the house see them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "recoup"
ROOMS = (
    "ground", "evidence", "ledger", "complaints", "network", "tracing", "assets", "law", "requests", "restitution",
    "scrutiny", "exchange", "formats", "casework", "store", "api", "desk", "counter", "cli",
)  # fmt: skip
PURE = ROOMS[: ROOMS.index("casework") + 1]


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked, or would be with `git add`, in a fixed order."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(path for name in sorted(filter(None, names)) if (path := ROOT / name).is_file())


def under(*parts: str, suffix: str = ".py") -> list[Path]:
    """Files below one folder of the repository, by the end of their names."""
    place = ROOT.joinpath(*parts)
    return [path for path in files() if path.is_relative_to(place) and path.name.endswith(suffix)]


def rooms() -> list[str]:
    """The rooms that exist, in the order of the house."""
    return [room for room in ROOMS if (SOURCE / room / "__init__.py").is_file()]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def texts(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """The text of each file that is text."""
    for path in paths:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
