"""Every exit of every command: 0 done, 1 the work found or failed something, 2 wrong use, 3 refused by authority."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, write
from tests.rooms.restitution.plans import example_text
from tests.rooms.restitution.runs import HEAD, HUBER
from tests.stories.door import within

from recoup.cli import allocate as module
from recoup.cli.allocate import read_text
from recoup.cli.main import COMMANDS
from recoup.ground import Refused

RUN = ("--claims", "people.csv", "--money", "money.json")
# One line per promise: the command, and the exit.
EXITS: list[tuple[str, int]] = [
    ("read ledger.csv", 0), ("read bad.csv", 1), ("read none.csv", 1), ("read", 2), ("read ledger.csv --format x", 2),
    ("trace ledger.csv --claims claims.csv", 0), ("trace bad.csv --claims claims.csv", 1), ("trace ledger.csv", 2),
    ("trace ledger.csv --claims claims.csv --rule luck", 2), ("trace - --claims -", 2),
    ("verify bundle", 0), ("verify ledger.csv", 1), ("verify", 2),
    ("demo mt-gox", 2), ("demo --out ledger.csv", 2), ("demo colonial-pipeline --out /proc/none", 1),
    ("doctor", 0), ("doctor --quick", 2),
    ("allocate problem.json", 0), ("allocate ledger.csv", 1), ("allocate unknown.json", 2), ("allocate", 2),
    ("route ledger.csv", 1), ("route none.json", 2), ("route problem.json --as-of soon", 2),
    ("complaints complaints.csv", 0), ("complaints ledger.csv", 1), ("complaints complaints.csv --as-of soon", 2),
    ("own ledger.csv --target x", 1), ("own ledger.csv", 2),
    ("plan check plan.toml", 0), ("plan check ledger.csv", 1), ("plan", 2), ("plan diff plan.toml other.toml", 1),
    ("plan diff plan.toml plan.toml", 0), ("plan status plan.toml none.jsonl", 1),
    ("plan act plan.toml h.jsonl approve --by x --role court --at 2026-01-01", 3),
    ("plan act plan.toml h.jsonl open --by x --role y --at soon", 2),
    ("plan simulate plan.toml --claims people.csv --pool -1", 2),
    ("run make plan.toml --claims people.csv --money money.json --out run2", 3),
    ("run make plan.toml --claims people.csv --money money.json --draft --out run", 1),
    ("run verify run", 0), ("run verify bundle", 1),
    ("receipt make run c1", 0), ("receipt make run nobody", 1), ("receipt make run", 2),
    ("receipt check ledger.csv", 1), ("screen ledger.csv --list ledger.csv", 1), ("screen ledger.csv", 2), ("pay", 2),
    ("fund check ledger.csv", 1), ("fund export ledger.csv --format xls", 2),
    ("seal ledger.csv --home ledger.csv", 2), ("custody list --home none", 2), ("log audit --home none", 2),
    ("witness show none a.example/log", 2), ("keys rotate --home none", 2), ("keys split --home none --needed 1", 2),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of everything that the commands above read."""
    place = tmp_path_factory.mktemp("exits")
    write(
        place, ledger=BANK, claims=BANK_CLAIMS, bad=BANK[:-20],
        people=HEAD + "".join(f"{row}\n" for row in HUBER), complaints="complaint,narrative\n1,evil.com\n",
    )  # fmt: skip
    problem = '{"rule": "pro-rata", "pool": 100, "claims": [{"id": "a", "loss": 50}]}'
    for name, text in {
        "problem.json": problem, "unknown.json": problem.replace("pro-rata", "luck"), "plan.toml": example_text(),
        "other.toml": example_text().replace("planned = 2", "planned = 3"),
        "money.json": '{"run": "r1", "as_at": "2026-04-01", "pool": 60000}',
    }.items():  # fmt: skip
        (place / name).write_text(text, encoding="utf-8")
    bundle = within("trace", place / "ledger.csv", "--claims", place / "claims.csv", "--out", place / "bundle")
    made = within(
        "run", "make", place / "plan.toml", "--claims", place / "people.csv", "--money", place / "money.json",
        "--draft", "--out", place / "run",
    )  # fmt: skip
    assert (bundle.code, made.code) == (0, 0), (bundle.words, made.words)
    return place


@pytest.mark.parametrize(("line", "code"), EXITS, ids=[line for line, _ in EXITS])
def test_the_exit_is_the_promised_one(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: int) -> None:
    monkeypatch.chdir(folder)
    before = sorted(path.name for path in folder.iterdir())
    done = within(*line.split())
    assert done.code == code, done
    if code == 2:
        assert done.words.startswith("Usage: recoup ") and done.out == ""
    if code == 3:
        assert done.words.startswith("refused: ") and done.out == ""
    if code:
        assert done.words or done.out, "it failed without a word"
        assert sorted(path.name for path in folder.iterdir()) == before, "something half-made stays behind"


def test_every_command_is_in_the_table() -> None:
    assert {line.split()[0] for line, _ in EXITS} >= set(COMMANDS)


def test_a_document_is_bounded_at_its_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file and from standard input, whose size nobody knows beforehand."""
    monkeypatch.setattr(module, "INPUT_BYTES_MAX", 6)
    file = tmp_path / "p.json"
    for data, fits in ((b"\xef\xbb\xbf{}\n", True), (b"[1,2,3]", False)):
        file.write_bytes(data)
        for name in (str(file), "-"):
            with file.open(encoding="utf-8") as stream:
                monkeypatch.setattr(sys, "stdin", stream)
                if fits:
                    assert read_text(name) == "{}\n"
                else:
                    with pytest.raises(Refused, match="is longer than 6 bytes"):
                        read_text(name)
