"""Same input, same bytes: other processes, other hash seeds, other folders, other time zones, other languages."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, COIN_CLAIMS, COINS, SERVICES
from tests.rooms.formats.build import ALICE, BOB, txid
from tests.rooms.law.cases import FREEZE
from tests.stories.door import contents, recoup

EDGES = "Timestamp,Block,Tx_hash,From,From_label,To,To_label,Value_in_USD\n" + "".join(
    f"2023-01-13 20:3{n % 10}:11,1640029{n % 10},{txid(n, '0x')},{ALICE},Thief,{BOB},Bob {n},{n}.25\n"
    for n in range(1, 40)
)
PROBLEM = {
    "rule": "rising-tide",
    "pool": 9_999,
    "claims": [{"id": f"c{n}", "gross": 100 + n % 7, "withdrawn": n % 5} for n in range(50)],
}
COMPLAINTS = "complaint,victim_name,email,narrative,amount,currency\n" + "".join(
    f"A:{n},Ana Roth {n % 3},a{n % 3}@mail.example,I paid evil{n % 4}[.]com,{n},EUR\n" for n in range(12)
)
# What surrounds a run and must not show in it.
PLACES: tuple[dict[str, str], ...] = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1",
     "COLUMNS": "40", "NO_COLOR": "1", "PYTHONUTF8": "0"},
)  # fmt: skip
FILES = {
    "ledger.csv": BANK.replace("mule", "Mülleimer-ß"), "claims.csv": BANK_CLAIMS, "services.csv": SERVICES,
    "coins.csv": COINS, "coin-claims.csv": COIN_CLAIMS, "edges.csv": EDGES, "complaints.csv": COMPLAINTS,
    "problem.json": json.dumps(PROBLEM), "request.json": json.dumps(FREEZE),
}  # fmt: skip
COMMANDS: dict[str, tuple[str, ...]] = {
    "read": ("read", "edges.csv"),
    "read, to files": ("read", "edges.csv", "--json", "--out", "made/l.parquet", "--labels", "made/names.csv"),
    "trace": ("trace", "ledger.csv", "--claims", "claims.csv", "--rule", "all"),
    "trace, bundle": ("trace", "ledger.csv", "coins.csv", "--claims", "claims.csv", "--services", "services.csv",
                      "--rule", "all", "--out", "made/bundle", "--json"),
    "allocate": ("allocate", "problem.json", "--json"),
    "route": ("route", "request.json", "--json"),
    "complaints": ("complaints", "complaints.csv", "--json", "--as-of", "2024-03-06T00:00:00Z", "--out", "made/report"),
}  # fmt: skip


def given(folder: Path) -> Path:
    (folder / "made").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_gives_the_same_bytes_everywhere(tmp_path: Path, kind: str) -> None:
    seen = set()
    for number, place in enumerate(PLACES):
        folder = given(tmp_path / ("deep/" * number) / f"ort-{number}-é")
        done = recoup(*COMMANDS[kind], at=folder, env=place)
        assert done.code == 0, done.words
        seen.add((done.data, digest(contents(folder / "made"))))
    assert len(seen) == 1
    assert done.data or contents(folder / "made"), "the command made nothing"


def digest(files: dict[str, bytes]) -> str:
    return hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()


def test_a_bundle_says_nothing_of_where_and_when_it_was_made(tmp_path: Path) -> None:
    folder = given(tmp_path / "somebody's secret folder")
    done = recoup("trace", folder / "ledger.csv", "--claims", folder / "claims.csv", "--out", folder / "b", at=folder)
    assert done.code == 0
    for name, data in contents(folder / "b").items():
        assert b"secret folder" not in data and b"pytest" not in data, name


def test_a_bundle_verifies_wherever_it_is_carried(tmp_path: Path) -> None:
    folder = given(tmp_path / "here")
    words = ("trace", "ledger.csv", "--claims", "claims.csv", "--services", "services.csv", "--out", "b")
    assert recoup(*words, at=folder).code == 0
    there = shutil.copytree(folder / "b", tmp_path / "elsewhere" / "received from the prosecution")
    for place in PLACES:
        done = recoup("verify", there.name, at=there.parent, env=place)
        assert done.code == 0 and done.out.startswith("everything recomputed: "), done


def test_the_order_of_files_and_rows_of_claims_changes_no_figure(tmp_path: Path) -> None:
    """A claims file is a set: whoever wrote it first gets no more."""
    folder = given(tmp_path / "a")
    head, *rows = BANK_CLAIMS.splitlines()
    (folder / "turned.csv").write_text("\n".join([head, *rows[::-1]]) + "\n", encoding="utf-8")
    figures = []
    for ledgers, claims in ((("ledger.csv", "coins.csv"), "claims.csv"), (("coins.csv", "ledger.csv"), "turned.csv")):
        lines = recoup("trace", *ledgers, "--claims", claims, "--rule", "all", "--json", at=folder).lines()
        figures.append([(line["rule"], held(line)) for line in lines])
    assert figures[0] == figures[1] and len(figures[0]) == 8


def held(line: dict[str, Any]) -> list[tuple[object, ...]]:
    return sorted((each["account"], each["traced"], *sorted(each["by_claim"].items())) for each in line["holdings"])
