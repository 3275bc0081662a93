"""The real command, as a person or a script starts it: its two outputs and its exit.

`recoup` starts a process. `within` runs the same `main` in this process, where many cases would cost too much time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

START = [sys.executable, "-m", "recoup"]
SECONDS_MAX = 120


@dataclass(frozen=True)
class Done:
    """What a finished command left: exit code, standard output, standard error."""

    code: int
    data: bytes
    words: str

    @property
    def out(self) -> str:
        return self.data.decode()

    def lines(self) -> list[dict[str, Any]]:
        """Standard output as one JSON object per line; anything else fails."""
        found = [json.loads(line) for line in self.out.splitlines()]
        assert all(isinstance(each, dict) for each in found), "a line is no object"
        return found


def recoup(
    *arguments: object, given: bytes = b"", at: Path | None = None, env: Mapping[str, str] | None = None
) -> Done:
    """Run `recoup` in the folder `at`; no run may ever show a traceback."""
    command = [*START, *map(str, arguments)]
    done = subprocess.run(
        command, input=given, capture_output=True, cwd=at, env=_environment(env), timeout=SECONDS_MAX, check=False
    )
    words = done.stderr.decode(errors="backslashreplace")
    assert "Traceback" not in words and "Exception ignored" not in words, words
    return Done(done.returncode, done.stdout, words)


def within(*arguments: object, given: bytes = b"") -> Done:
    """Run `recoup` in this process and in its current folder, on streams of its own."""
    from recoup.cli.main import main

    names = ("argv", "stdin", "stdout", "stderr")
    before = {name: getattr(sys, name) for name in names}
    data, words = BytesIO(), BytesIO()
    streams = [TextIOWrapper(each, encoding="utf-8") for each in (BytesIO(given), data, words)]
    code: object = 0
    try:
        sys.argv = ["recoup", *map(str, arguments)]
        sys.stdin, sys.stdout, sys.stderr = streams
        main()
    except SystemExit as left:
        code = left.code
    finally:
        for name in names:
            setattr(sys, name, before[name])
        for stream in streams[1:]:
            stream.flush()
    assert code is None or isinstance(code, int), code
    return Done(code or 0, data.getvalue(), words.getvalue().decode(errors="backslashreplace"))


def _environment(changes: Mapping[str, str] | None) -> dict[str, str]:
    """This environment without what would change how Python starts, plus `changes`."""
    source = str(Path(__file__).parents[2] / "src")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    return kept | {"PYTHONPATH": source} | dict(changes or {})


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name there."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
