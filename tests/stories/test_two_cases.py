"""Two real thefts and a bridge hack, from the public files as they were recorded to an exhibit that verifies.

Every step is a command of its own, as an investigator types it: read, trace under every rule, seal, verify.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.formats.shared import data
from tests.stories.door import Done, within

pytestmark = pytest.mark.shared_data

CONSERVING = ("haircut", "fifo", "lifo", "tiho", "tainted-first", "lowest-intermediate", "pari-passu")
FBI = "bc1qpx7vyv5tp7dm0g475ev527krg764t73dh77gls"
CHANGE = "bc1qq2euq8pw950klpjcawuy4uj39ym43hs6cfsegq"
# What input 13 of daf38c7b… spends: the coin of 63.7 BTC that the warrant names (N.D. Cal. 3:21-mj-70945).
COIN = "9436dbf0435b15378f309c35754a110db880fa9bb66a062160a25533bb4a212a"
SEIZED_AT = "2021-06-07T17:45:41Z"  # transaction 943f2d57…

# rule -> satoshi in the coin that the FBI took, satoshi in the change
COLONIAL = {
    "fifo": (6146816619, 223183381),
    "lifo": (6003750526, 366249474),
    "haircut": (5828829110, 540262455),
    "tiho": (6369996546, 3454),
    "poison": (6369996546, 590422177),
}


def done(*words: object) -> Done:
    """A command that must work."""
    found = within(*words)
    assert found.code == 0, found.words
    return found


@pytest.fixture(scope="module")
def colonial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three recorded files of the case as one ledger, with the claim beside it."""
    folder = tmp_path_factory.mktemp("colonial")
    names = ("colonial_anchor_txs", "colonial_fbi_txs", "colonial_ransom_txs")
    files = [data(f"chain/bitcoin-cases/{name}.json") for name in names]
    found = done("read", *files, "--out", folder / "ledger.csv", "--json")
    reports = [line for line in found.lines() if line["record"] == "file"]
    assert [report["rejected"] for report in reports] == [0, 0, 0] and {r["format"] for r in reports} == {"esplora"}
    (folder / "claims.csv").write_text(f"claim,entry,leg,amount\nransom,{COIN},o0,6370000000\n", encoding="utf-8")
    return folder


def lines_of(folder: Path, *options: object) -> dict[str, dict[str, Any]]:
    found = done("trace", folder / "ledger.csv", "--claims", folder / "claims.csv", "--json", *options)
    return {line["rule"]: line for line in found.lines()}


def test_colonial_gives_each_rule_to_the_satoshi(colonial: Path) -> None:
    lines = lines_of(colonial, "--rule", "all", "--until", SEIZED_AT)
    for rule, (taken, left) in COLONIAL.items():
        held = {holding["account"]: int(holding["traced"]) for holding in lines[rule]["holdings"]}
        assert (held[FBI], held[CHANGE]) == (taken, left), rule
    for rule in CONSERVING:
        assert lines[rule]["conserved"] and lines[rule]["difference"] == "0", rule
    assert lines["poison"]["reach"] and not lines["poison"]["conserved"]


def test_colonial_invents_no_path_from_the_payment_to_the_claimed_coin(colonial: Path) -> None:
    """How the claimed coin came there is not in the data: that is said, and the payment is no part of the trace."""
    (line,) = lines_of(colonial, "--rule", "fifo", "--until", SEIZED_AT).values()
    (gap,) = [gap for gap in line["gaps"] if gap["entry"] == COIN]
    assert gap["code"] == "history-not-in-data" and gap["amount"] == "6370000000"
    back = lines_of(colonial, "--rule", "fifo", "--until", SEIZED_AT, "--backward")["fifo"]
    assert {each["account"] for each in (*back["holdings"], *back["stopped"])} == {gap["account"]}


def test_colonial_becomes_an_exhibit_that_verifies_and_convinces_nobody_after_a_change(colonial: Path) -> None:
    words = ("--rule", "fifo", "--until", SEIZED_AT, "--no-sensitivity", "--out", colonial / "bundle")
    lines_of(colonial, *words)
    assert done("verify", colonial / "bundle").out.startswith("everything recomputed: ")
    report = (colonial / "bundle/report.html").read_text("utf-8")
    assert "61.46816619" in report and "2.23183381" in report and "is not in the data" in report
    table = colonial / "bundle/results/holdings.csv"
    table.write_text(table.read_text("utf-8").replace("6146816619", "6146816620", 1), encoding="utf-8")
    found = within("verify", colonial / "bundle")
    assert found.code == 1 and "recorded '6146816620', recomputed '6146816619'" in found.out


def outflow(ledger: Path, sources: set[str]) -> list[tuple[str, str, str]]:
    """(entry, leg, amount) of every `in` leg that a source address paid to somebody else."""
    rows = list(csv.DictReader(ledger.open(encoding="utf-8", newline="")))
    payer = {(row["entry"], row["leg"].removesuffix("-out")): row["account"] for row in rows if row["side"] == "out"}
    arriving = [row for row in rows if row["side"] == "in" and row["account"] not in sources]
    keys = [(row["entry"], row["leg"], row["amount"]) for row in arriving]
    return [key for key in keys if payer.get((key[0], key[1].removesuffix("-in"))) in sources]


def addresses(name: str) -> list[str]:
    text = data(name).read_text("utf-8-sig")
    return list(dict.fromkeys(line.strip().lower() for line in text.splitlines() if line.strip()))


@pytest.fixture(scope="module", params=["harmony-bridge/HB", "discord-x-scam/XScam"])
def ethereum(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published edge list as a ledger, what left its source addresses as claims, its terminal addresses as stops."""
    folder = tmp_path_factory.mktemp("ethereum")
    case = str(request.param).partition("/")[0]
    done("read", data(f"chain/ethereum-cases/{request.param}.csv"), "--out", folder / "ledger.csv")
    claims = outflow(folder / "ledger.csv", set(addresses(f"chain/ethereum-cases/{case}/source addresses.csv")))
    assert len(claims) > 10
    text = "".join(f"theft,{entry},{leg},{amount}\n" for entry, leg, amount in claims)
    (folder / "claims.csv").write_text("claim,entry,leg,amount\n" + text, encoding="utf-8")
    stops = addresses(f"chain/ethereum-cases/{case}/terminal addresses.csv")
    text = "".join(f"{address},terminal,exchange,published trail\n" for address in stops)
    (folder / "services.csv").write_text("account,label,kind,source\n" + text, encoding="utf-8")
    return folder


def test_every_rule_conserves_a_real_trail_exactly_and_poison_is_a_reach(ethereum: Path) -> None:
    lines = lines_of(ethereum, "--rule", "all", "--services", ethereum / "services.csv")
    assert set(lines) == {*CONSERVING, "poison"}
    for rule in CONSERVING:
        line = lines[rule]
        parts = sum(int(part["traced"]) for part in (*line["holdings"], *line["stopped"]))
        total = parts + int(line["fees"]) + int(line["left_data"])
        assert total == int(line["injected"]) == int(line["accounted"]) > 0, rule
        assert line["conserved"] is True and line["difference"] == "0" and "reach" not in line, rule
    assert lines["poison"]["reach"] is True and lines["poison"]["conserved"] is False
    shown = done("trace", ethereum / "ledger.csv", "--claims", ethereum / "claims.csv", "--rule", "poison").out
    assert "A reach, not an amount" in shown and "add up" not in shown


def test_a_real_trail_becomes_an_exhibit_that_verifies(ethereum: Path) -> None:
    words = ("--rule", "haircut", "--services", ethereum / "services.csv", "--no-sensitivity", "--out", ethereum / "b")
    line = lines_of(ethereum, *words)["haircut"]
    found = json.loads(done("verify", ethereum / "b", "--json").out)
    assert found["same"] is True and found["figures"] > 1000
    assert any(stop["kind"] == "exchange" for stop in line["stopped"])
