"""Receipts: they hold alone, fail when touched, and show nobody else's data."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.restitution.plans import ROOT, example_text
from tests.rooms.restitution.runs import HUBER, run, victims
from tests.rooms.restitution.test_cli_allocate import run as recoup

from recoup.ground import Refused
from recoup.restitution.run import Record, check_receipt, read_receipt, receipt_for, receipt_lines
from recoup.restitution.run.sumtree import Piece, SumTree

PLAN_PAGE = (ROOT / "docs" / "reference" / "commands" / "plan.md").read_text("utf-8")
RUN_PAGE = (ROOT / "docs" / "reference" / "commands" / "run.md").read_text("utf-8")
RECEIPT_PAGE = (ROOT / "docs" / "reference" / "commands" / "receipt.md").read_text("utf-8")


def test_every_receipt_of_a_run_holds(tmp_path: Path) -> None:
    found = run(tmp_path, victims(60), pool=1_000_000)
    for claim in found.claims:
        receipt = read_receipt(receipt_for(found, claim).json(), "r.json")
        assert check_receipt(receipt, found.record.seal) == ()
        assert receipt.award == found.awards[found.place[claim]]


@pytest.mark.parametrize("count", [1, 2, 3, 130, 700])
def test_all_receipts_at_once_are_the_same_bytes(tmp_path: Path, count: int) -> None:
    found = run(tmp_path, victims(count), pool=10_000 * count)
    assert list(receipt_lines(found)) == [receipt_for(found, claim).json() for claim in found.claims]


def test_a_receipt_shows_nobody_elses_claim_person_or_award(tmp_path: Path) -> None:
    """No other claim's name, person, nonce, leaf or award stands anywhere in the text, at any depth of the tree."""
    found = run(tmp_path, victims(200), pool=3_000_000)
    mine = "c00017"
    text = receipt_for(found, mine).json()
    numbers = set(re.findall(r'"(\d+)"', text))
    own = found.awards[found.place[mine]]
    for row, (claim, person) in enumerate(zip(found.claims, found.persons, strict=True)):
        if claim == mine:
            continue
        award = int(found.awards[row])
        assert claim not in text
        assert person not in text
        assert award in (0, own) or str(award) not in numbers, "an award of somebody else is shown"
        for piece in found.tree.pieces(claim, award):
            assert piece.nonce.hex() not in text


def test_siblings_cannot_be_tied_to_a_claim_without_its_nonce(tmp_path: Path) -> None:
    """Knowing every name and guessing the right award does not reproduce a sibling's hash."""
    found = run(tmp_path, victims(50), pool=700_000)
    receipt = receipt_for(found, "c00007")
    shown = {step.hash for _, steps in receipt.pieces for step in steps[:1]}
    stranger = SumTree(found.claims, found.awards.tolist(), b"\0" * 32)
    guessed = {stranger.levels[0].hash(place) for place in range(stranger.size)}
    assert not shown & guessed


def test_touched_receipts_fail(tmp_path: Path) -> None:
    found = run(tmp_path, victims(30), pool=500_000)
    good = receipt_for(found, "c00011")
    (first, steps), *rest = good.pieces
    touched = [
        replace(good, award=good.award + 1),
        replace(good, claim="c00012"),
        replace(good, pieces=()),
        replace(good, pieces=(*good.pieces, good.pieces[0])),
        replace(good, pieces=((Piece(first.nonce, first.amount + 1), steps), *rest)),
        replace(good, pieces=((first, steps[:-1]), *rest)),
        replace(good, record=Record({**good.record.data, "awards": str(found.record.amount("awards") - 1)})),
        replace(good, record=Record({**good.record.data, "pool": str(found.record.amount("pool") + 1)})),
        replace(good, record=Record({**good.record.data, "format": "other"})),
    ]
    assert check_receipt(good) == ()
    assert all(check_receipt(each) for each in touched)
    other = Record({**good.record.data, "run": "r2"})
    assert check_receipt(replace(good, record=other)) == ()
    assert check_receipt(replace(good, record=other), good.record.seal) == (
        "the record is not the one that was published",
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"recoup-receipt/1"', '"recoup-receipt/9"', "is not a receipt"),
        ('"award":', '"avard":', "Did you mean 'award'?"),
        ('"nonce":"', '"nonce":"zz', "lower-case hex"),
        ('["L"', '["X"', "a step is side"),
        ('"pool":"60000"', '"pool":"-6"', "is not an amount"),
        ('"amount":"', '"amount":"x', "is not an amount"),
        ('"nonce"', '"nonse"', "Did you mean 'nonce'?"),
    ],
)
def test_receipts_that_cannot_be_read(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = receipt_for(run(tmp_path, HUBER), "c2").json().replace('["R"', '["L"')
    assert old in text
    with pytest.raises(Refused) as refused:
        read_receipt(text.replace(old, new, 1), "r.json")
    assert words in str(refused.value)


def test_a_receipt_is_small_and_quick(tmp_path: Path) -> None:
    """Below 50 ms to check; its size grows with the logarithm of the number of claims."""
    found = run(tmp_path, victims(3000), pool=40_000_000)
    receipt = receipt_for(found, "c00100")
    start = time.perf_counter()
    assert check_receipt(receipt) == ()
    assert time.perf_counter() - start < 0.05
    assert len(receipt.json()) < 5_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text(example_text())
    (tmp_path / "claims.csv").write_text(re.findall(r"```csv\n(.*?)```", PLAN_PAGE, re.DOTALL)[0])
    (tmp_path / "money.json").write_text(re.findall(r"```json\n(.*?)```", RUN_PAGE, re.DOTALL)[0])
    (tmp_path / "secret").write_text("0" * 64)
    return tmp_path


def make(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    names = {name: str(folder / name) for name in ("plan.toml", "claims.csv", "money.json", "secret", "bundle")}
    files = ("--claims", names["claims.csv"], "--money", names["money.json"], "--secret", names["secret"])
    return recoup("run", "make", names["plan.toml"], *files, "--out", names["bundle"], *more)


def test_the_examples_of_the_pages_run(folder: Path) -> None:
    done = make(folder, "--draft")
    assert done.returncode == 0
    bundle = folder / "bundle"
    assert (bundle / "awards.csv").read_text() == re.findall(r"```output\n(.*?)```", RUN_PAGE, re.DOTALL)[0]
    assert recoup("run", "verify", str(bundle)).returncode == 0
    (folder / "c2.json").write_text(recoup("receipt", "make", str(bundle), "c2").stdout)
    checked = recoup("receipt", "check", str(folder / "c2.json"), "--record", str(bundle / "record.json"))
    assert checked.returncode == 0
    assert checked.stdout.startswith(re.findall(r"```output\n(.*?)```", RECEIPT_PAGE, re.DOTALL)[0])
    assert json.loads(done.stdout)["seal"] in checked.stdout


def test_a_receipt_is_checked_far_from_the_bundle(folder: Path) -> None:
    """In an empty directory, without the bundle, without a network."""
    make(folder, "--draft")
    text = recoup("receipt", "make", str(folder / "bundle"), "c3").stdout
    away = folder / "away"
    away.mkdir()
    (away / "r.json").write_text(text)
    offline = (
        "import socket, sys\n"
        "def closed(*_): raise OSError('no network')\n"
        "socket.socket.connect = closed; socket.getaddrinfo = closed\n"
        "from recoup.cli.main import main\n"
        "sys.argv = ['recoup', 'receipt', 'check', 'r.json', '--json']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", offline], cwd=away, capture_output=True, text=True, env=os.environ, check=False
    )
    assert (done.returncode, json.loads(done.stdout)["award"]) == (0, "45000")


def test_commands_refuse_in_words(folder: Path) -> None:
    assert (make(folder).returncode, (folder / "bundle").exists()) == (3, False)
    (folder / "h").write_text("")
    early = make(folder, "--history", str(folder / "h"))
    assert (early.returncode, "the plan is draft" in early.stderr) == (3, True)
    assert make(folder, "--draft").returncode == 0
    assert (make(folder, "--draft").returncode, "exists already" in make(folder, "--draft").stderr) == (1, True)
    unknown = recoup("receipt", "make", str(folder / "bundle"), "nobody")
    assert (unknown.returncode, "has no claim 'nobody'" in unknown.stderr) == (1, True)
    text = recoup("receipt", "make", str(folder / "bundle"), "c2").stdout.replace('"award":"15000"', '"award":"15001"')
    (folder / "bad.json").write_text(text)
    bad = recoup("receipt", "check", str(folder / "bad.json"))
    assert (bad.returncode, "do not add up to the award" in bad.stdout) == (1, True)
    awards = folder / "bundle" / "awards.csv"
    awards.write_text(awards.read_text().replace("15000", "15001"))
    broken = recoup("run", "verify", str(folder / "bundle"))
    assert (broken.returncode, "awards.csv:3" in broken.stdout) == (1, True)


def test_a_run_on_a_plan_in_force(folder: Path) -> None:
    names = (str(folder / "plan.toml"), str(folder / "h"))
    recoup("plan", "act", *names, "open", "--by", "s", "--role", "secretary", "--at", "2026-01-01T00:00:00Z")
    for who in ("judge", "chair"):
        recoup("plan", "act", *names, "approve", "--by", who, "--role", "board", "--at", "2026-03-01T00:00:00Z")
    assert make(folder, "--history", str(folder / "h")).returncode == 0
