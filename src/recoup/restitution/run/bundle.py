"""The bundle of a run: a directory with every input and every award, written whole or not at all, recomputed by anyone.

record.json  awards.csv  plan.json  claims.csv  links.csv  money.json  secret
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from recoup.ground import Defect, Refused
from recoup.restitution.plan.document import read_plan
from recoup.restitution.run.compute import Inputs, Record, Run, awards_csv, compute, read_money
from recoup.restitution.run.sumtree import SECRET_BYTES

FILES = ("record.json", "awards.csv", "plan.json", "claims.csv", "money.json", "secret")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a bundle and its recomputation differ."""

    place: str
    written: str
    computed: str

    def __str__(self) -> str:
        return f"{self.place}: the bundle says {self.written}, recomputed {self.computed}"


def write_bundle(inputs: Inputs, run: Run, out: Path) -> None:
    """Write the bundle beside its place and move it there in one step; an existing `out` raises Refused."""
    if out.exists():
        raise Refused(Defect(str(out), 0, "exists already", "A run is never overwritten: name another directory"))
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        shutil.copyfile(inputs.claims, draft / "claims.csv")
        if inputs.links:
            shutil.copyfile(inputs.links, draft / "links.csv")
        _write(draft / "plan.json", json.dumps(dict(inputs.plan.data), ensure_ascii=False, indent=2) + "\n")
        _write(draft / "money.json", json.dumps(inputs.money.json(), ensure_ascii=False) + "\n")
        _write(draft / "secret", inputs.secret.hex() + "\n")
        _write(draft / "awards.csv", awards_csv(run.claims, run.awards, run.held))
        _write(draft / "record.json", json.dumps(dict(run.record.data), ensure_ascii=False, indent=2) + "\n")
        draft.rename(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def read_bundle(path: Path) -> tuple[Inputs, Record]:
    """The inputs and the written record; what is missing or unreadable raises Refused."""
    missing = [name for name in FILES if not path.joinpath(name).is_file()]
    if missing:
        what = f"lacks {', '.join(missing)}"
        raise Refused(Defect(str(path), 0, what, "Is this the directory that `recoup run make` wrote?"))
    plan = read_plan((path / "plan.json").read_text("utf-8"), str(path / "plan.json"))
    money = read_money(_money_text(path / "money.json"), str(path / "money.json"))
    links = path / "links.csv"
    secret = read_secret((path / "secret").read_text("ascii", errors="replace"), str(path / "secret"))
    inputs = Inputs(plan, path / "claims.csv", links if links.exists() else None, money, secret)
    try:
        record = json.loads((path / "record.json").read_text("utf-8"))
    except ValueError as error:
        raise Refused(Defect(str(path / "record.json"), 0, f"is not JSON: {error}", "Restore the file")) from None
    return inputs, Record(record if isinstance(record, dict) else {})


def read_secret(text: str, file: str) -> bytes:
    """32 bytes from hex; otherwise Refused."""
    try:
        raw = bytes.fromhex(text.strip())
    except ValueError:
        raw = b""
    if len(raw) != SECRET_BYTES:
        raise Refused(Defect(file, 1, f"is not {SECRET_BYTES} bytes in hex", "Restore the secret of the run"))
    return raw


def verify_bundle(path: Path) -> tuple[Difference, ...]:
    """Recompute the run from its bundle alone and name every difference; none where it holds.

    The version that computed it (`code`) is part of the seal but may be another one than the version that verifies.
    """
    inputs, written = read_bundle(path)
    run = compute(inputs)
    found = [
        Difference(f"record.json /{name}", str(written.data.get(name)), str(run.record.data.get(name)))
        for name in sorted(written.data.keys() | run.record.data.keys())
        if name != "code" and written.data.get(name) != run.record.data.get(name)
    ]
    lines = (path / "awards.csv").read_text("utf-8").splitlines()
    expected = awards_csv(run.claims, run.awards, run.held).splitlines()
    for number in range(max(len(lines), len(expected))):
        here, there = (each[number] if number < len(each) else "(no line)" for each in (lines, expected))
        if here != there:
            found.append(Difference(f"awards.csv:{number + 1}", here[:100], there[:100]))
            break
    return tuple(found)


def _money_text(path: Path) -> str:
    return path.read_text("utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
