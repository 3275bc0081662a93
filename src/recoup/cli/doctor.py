"""`recoup doctor`: what this installation has and what it lacks. Writes nothing."""

from __future__ import annotations

import json
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from recoup.ground import Answer, Defect, Refused

PYTHON_MIN = (3, 11)
DISK_FREE_BYTES_MIN = 1 << 30
LOCKS = Path(__file__).parents[3] / "requirements"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;?)", re.MULTILINE)
_NEED = re.compile(r"^([A-Za-z0-9._-]+)[^;]*(?:;.*extra\s*==\s*['\"]([\w-]+)['\"])?")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `needed` is False where Recoup also works without it; `mend` is empty where all is well."""

    check: str
    answer: Answer
    needed: bool
    found: str
    mend: str = ""

    @property
    def failed(self) -> bool:
        return self.needed and self.answer is Answer.NO


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock. `always` is False where a marker may exclude it on this platform."""

    name: str
    version: str
    always: bool


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object per check.")
def doctor(as_json: bool) -> None:
    """Check Python, packages against the locks, extras and free disk; exit 1 where something needed is missing."""
    checks = list(examined(Path.cwd(), LOCKS))
    for check in checks:
        click.echo(json.dumps(asdict(check)) if as_json else _line(check))
    sys.exit(any(check.failed for check in checks))


def examined(place: Path, locks: Path) -> Iterator[Check]:
    """Every check, in a fixed order; disk is looked at where `place` is, versions against the files in `locks`."""
    yield python(sys.version_info[:2])
    for extra, names in needs((installed("recoup") and requires("recoup")) or []).items():
        yield packages(extra, names)
    for lock in ("run.lock", "dev.lock"):
        yield locked(locks / lock, complete=lock == "run.lock")
    yield disk(shutil.disk_usage(place).free)


def python(running: tuple[int, int]) -> Check:
    answer = Answer.YES if running >= PYTHON_MIN else Answer.NO
    wanted = ".".join(map(str, PYTHON_MIN))
    return Check("python", answer, True, platform.python_version(), "" if answer is Answer.YES else f"Install {wanted}")


def needs(requirements: list[str]) -> dict[str, list[str]]:
    """Package names by extra, from the metadata of the installed Recoup; "" is the plain install."""
    found: dict[str, list[str]] = {"": []}
    for text in requirements:
        if match := _NEED.match(text):
            found.setdefault(match[2] or "", []).append(match[1])
    return found


def packages(extra: str, names: list[str]) -> Check:
    """Are the packages of one extra there? Only those of the plain install ("") are needed."""
    lacking = [name for name in names if installed(name) is None]
    name = f"extra {extra}" if extra else "packages"
    if not lacking:
        return Check(name, Answer.YES, not extra, ", ".join(f"{each} {installed(each)}" for each in names))
    mend = f"pip install 'recoup[{extra}]'" if extra else "pip install recoup"
    return Check(name, Answer.NO, not extra, "missing: " + ", ".join(lacking), mend)


def locked(lock: Path, complete: bool) -> Check:
    """Is what is installed what the lock names? An absent package counts only where the lock must be `complete`."""
    if not lock.is_file():
        return Check(lock.name, Answer.UNKNOWN, False, "no lock beside this installation: versions not compared")
    listed = pins(lock)
    differing = sorted(_differing(listed, complete))
    if differing:
        return Check(lock.name, Answer.NO, complete, "; ".join(differing), "`make test` installs what is locked")
    there = sum(installed(name) is not None for name in listed)
    return Check(lock.name, Answer.YES, complete, f"{there} of {len(listed)} packages installed, each as locked")


def _differing(listed: dict[str, list[Pin]], complete: bool) -> Iterator[str]:
    for name, choices in listed.items():
        have = installed(name)
        wanted = " or ".join(pin.version for pin in choices)
        if have is None:
            if complete and all(pin.always for pin in choices):
                yield f"{name} is missing, locked {wanted}"
        elif have not in {pin.version for pin in choices}:
            yield f"{name} {have}, locked {wanted}"


def pins(lock: Path) -> dict[str, list[Pin]]:
    """The versions that a lock allows, by package; several where markers choose between them."""
    try:
        text = lock.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(Defect(str(lock), 0, f"cannot be read: {error}", "Take it from the repository again")) from None
    listed: dict[str, list[Pin]] = {}
    for name, pinned, marker in _PIN.findall(text):
        listed.setdefault(name, []).append(Pin(name, pinned, not marker))
    return listed


def disk(free_bytes: int) -> Check:
    answer = Answer.YES if free_bytes >= DISK_FREE_BYTES_MIN else Answer.NO
    mend = "" if answer is Answer.YES else f"Free at least {DISK_FREE_BYTES_MIN >> 20} MiB"
    return Check("disk", answer, True, f"{free_bytes >> 20} MiB free", mend)


def installed(name: str) -> str | None:
    """The installed version of a package, None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _line(check: Check) -> str:
    mark = {Answer.YES: "ok     ", Answer.NO: "lacking" if check.needed else "without", Answer.UNKNOWN: "unknown"}
    return f"{mark[check.answer]}  {check.check}: {check.found}" + (f". {check.mend}" if check.mend else "")
