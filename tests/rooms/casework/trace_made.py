"""Small cases as files: a bank account shared by two victims, and coins that meet in one transaction."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recoup.casework.bundle import Sealed, trace_to_directory
from recoup.casework.trace import Choices, Inputs
from recoup.tracing import Rule

BANK = """entry,time,ledger,leg,side,account,asset,amount
pay-1,2024-03-01T09:00:00Z,bank:EXAMDEFF,0,in,mule,EUR,50000
pay-2,2024-03-02T10:00:00Z,bank:EXAMDEFF,0,in,mule,EUR,100000
pay-3,2024-03-03T11:00:00Z,bank:EXAMDEFF,0,in,mule,EUR,50000
pay-4,2024-03-04T12:00:00Z,bank:EXAMDEFF,0,out,mule,EUR,120000
pay-4,2024-03-04T12:00:00Z,bank:EXAMDEFF,1,in,exchange,EUR,120000
pay-5,2024-03-05T12:00:00Z,bank:EXAMDEFF,0,out,mule,EUR,10000
"""
BANK_CLAIMS = "claim,entry,leg,amount\nAnna,pay-2,0,100000\nBen,pay-3,0,50000\n"
SERVICES = "account,label,kind,source\nexchange,Example Exchange,exchange,letter\n"

COINS = """entry,time,ledger,leg,side,account,asset,amount,kind,spends
t1,2024-01-01T00:00:00Z,bitcoin,o0,in,A,BTC,6000,opening,
t2,2024-01-01T00:00:00Z,bitcoin,o0,in,B,BTC,4000,opening,
t3,2024-01-02T00:00:00Z,bitcoin,i0,out,B,BTC,4000,coin,t2:o0
t3,2024-01-02T00:00:00Z,bitcoin,i1,out,A,BTC,6000,coin,t1:o0
t3,2024-01-02T00:00:00Z,bitcoin,o0,in,C,BTC,5000,coin,
t3,2024-01-02T00:00:00Z,bitcoin,o1,in,D,BTC,4900,coin,
"""
COIN_CLAIMS = "claim,entry,leg,amount\ncolonial,t1,o0,6000\n"


def write(folder: Path, **texts: str) -> dict[str, Path]:
    """Each text as `<name>.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.csv" for name in texts}
    for name, text in texts.items():
        paths[name].write_text(text, encoding="utf-8")
    return paths


def bank(folder: Path) -> Inputs:
    paths = write(folder, ledger=BANK, claims=BANK_CLAIMS, services=SERVICES)
    return Inputs((paths["ledger"],), paths["claims"], services=paths["services"])


def coins(folder: Path) -> Inputs:
    paths = write(folder, ledger=COINS, claims=COIN_CLAIMS)
    return Inputs((paths["ledger"],), paths["claims"])


FIFO = Choices((Rule.FIFO,), sensitivity=False)


def sealed(folder: Path, choices: Choices = FIFO) -> Sealed:
    return trace_to_directory(bank(folder / "given"), choices, folder / "bundle")


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that nobody changes."""
    return sealed(tmp_path_factory.mktemp("ready"), Choices((Rule.FIFO, Rule.LIFO))).path


def copy_of(bundle: Path, folder: Path) -> Path:
    return Path(shutil.copytree(bundle, folder / "copy"))


def contents(bundle: Path) -> dict[str, bytes]:
    return {path.relative_to(bundle).as_posix(): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
