"""What belongs to a machine, a package index or a workplace, and not to the project."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, name, texts

HERE = ROOT / "tests" / "house"  # these checks spell out what they look for

HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|registry\.(npmjs|yarnpkg)|--?(extra-)?index-url|find-links")
MACHINE = re.compile(r"(?<![\w.])/(work|tmp|root|farm|home/\w+|Users/\w+)/")
WORKPLACE = re.compile(
    r"shared/research|brief\.md|sub-?agent|\bhelpers? (session|brief)|\bthe CEO\b|\bchat session|\bissue #?\d+|"
    r"house-findings|language model|\bclaude\b|\banthropic\b",
    re.IGNORECASE,
)
# `--no-emit-index-url` keeps an address out of a lock; `uv` is told so in the Makefile.
NO_ADDRESS = re.compile(r"--no-(emit-)?(index-url|find-links)")
LOCK_ADDRESS = re.compile(r"https?://|file:|(?<!\S)@ |git\+")


def foreign(paths: list[Path]) -> list[str]:
    """Every line of a tracked text that names an index host, a path of a machine, or the workplace."""
    faults = []
    for path, text in texts([path for path in paths if not path.is_relative_to(HERE)]):
        for number, line in enumerate(text.splitlines(), start=1):
            faults += [f"{name(path)}:{number}: {found}" for found in _foreign(NO_ADDRESS.sub("", line))]
    return faults


def _foreign(line: str) -> list[str]:
    kinds = (("package index", HOSTS), ("machine path", MACHINE), ("workplace", WORKPLACE))
    return [f"{kind}: {found[0]}" for kind, pattern in kinds if (found := pattern.search(line))]


def addresses(lock: Path) -> list[str]:
    """Lines of a lock that name an address, and pins without a hash."""
    text = lock.read_text(encoding="utf-8")
    lines = enumerate(text.splitlines(), start=1)
    faults = [f"{name(lock)}:{number}: {line.strip()}" for number, line in lines if LOCK_ADDRESS.search(line)]
    pins = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return faults + [f"{name(lock)}: no hash: {pin.split()[0]}" for pin in pins if pin.strip() and "sha256:" not in pin]
