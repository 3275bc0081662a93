"""`recoup trace`: what it prints, refuses and exits with."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.house.tree import ROOT
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, COIN_CLAIMS, COINS, SERVICES, write

from recoup.cli.main import main
from recoup.tracing import LINK_COLUMNS, Rule

PAGE = (ROOT / "docs" / "reference" / "commands" / "trace.md").read_text(encoding="utf-8")


class Run:
    """Runs `recoup` as a shell would, in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["recoup", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 0
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, ledger=BANK, claims=BANK_CLAIMS, services=SERVICES, coins=COINS, coin_claims=COIN_CLAIMS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


BANK_CASE = ("ledger.csv", "--claims", "claims.csv", "--services", "services.csv")
COIN_CASE = ("coins.csv", "--claims", "coin_claims.csv")


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.usefixtures("here")
def test_json_is_one_line_with_amounts_as_text(run: Run) -> None:
    code, out, _ = run("trace", *BANK_CASE, "--rule", "fifo", "--json")
    assert code == 0
    (line,) = lines(out)
    assert line == {
        "rule": "fifo", "granularity": "account", "asset": "EUR", "declared": True,
        "injected": "150000", "injected_by_claim": {"Anna": "100000", "Ben": "50000"},
        "fees": "0", "fees_by_claim": {},
        "holdings": [{
            "account": "mule", "asset": "EUR", "coin": "", "traced": "70000", "balance": "70000",
            "by_claim": {"Anna": "20000", "Ben": "50000"}, "low": "70000", "high": "70000",
        }],
        "stopped": [{
            "account": "exchange", "label": "Example Exchange", "kind": "exchange", "traced": "70000",
            "by_claim": {"Anna": "70000"}, "low": "70000", "high": "70000",
        }],
        "left_data": "10000", "left_by_claim": {"Anna": "10000"},
        "accounted": "150000", "difference": "0", "conserved": True,
        "gaps": [], "violations": [], "unproven_groups": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("here")
def test_coins_are_named_in_json(run: Run) -> None:
    _, out, _ = run("trace", *COIN_CASE, "--json")
    (line,) = lines(out)
    assert [(h["coin"], h["traced"]) for h in line["holdings"]] == [("t3:o0", "1000"), ("t3:o1", "4900")]
    assert line["fees"] == "100" and line["granularity"] == "coin"
    assert {gap["code"] for gap in line["gaps"]} == {"history-not-in-data"}


@pytest.mark.usefixtures("here")
def test_all_rules_give_a_line_each_the_declared_first(run: Run) -> None:
    code, out, _ = run("trace", *BANK_CASE, "--rule", "all", "--declared", "lifo", "--json")
    found = lines(out)
    assert code == 0 and found[0]["rule"] == "lifo"
    assert [line["declared"] for line in found] == [True] + [False] * (len(Rule) - 1)
    assert {line["rule"] for line in found} == set(Rule)
    for line in found:
        parts = [int(part["traced"]) for part in [*line["holdings"], *line["stopped"]]]
        total = sum(parts) + int(line["fees"]) + int(line["left_data"])
        if line["rule"] == "poison":
            assert line["reach"] is True and line["conserved"] is False
        else:
            assert "reach" not in line and total == int(line["injected"]) == int(line["accounted"])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "declared"),
    [
        ((), "fifo"),
        (("--rule", "lifo", "--rule", "fifo"), "lifo"),
        (("--rule", "all"), "fifo"),
        (("--rule", "all", "--declared", "tiho"), "tiho"),
        (("--rule", "rolling-charge"), "haircut"),
        (("--rule", "fifo", "--rule", "fifo"), "fifo"),
        (("--rule", "fifo", "--declared", "rolling-charge"), "haircut"),
        (("--declared", "lifo"), "lifo"),
    ],
)
def test_one_rule_is_declared(run: Run, arguments: tuple[str, ...], declared: str) -> None:
    _, out, _ = run("trace", *BANK_CASE, *arguments, "--json")
    found = [line["rule"] for line in lines(out) if line["declared"]]
    assert found == [declared]
    rules = [line["rule"] for line in lines(out)]
    assert len(rules) == len(set(rules))


@pytest.mark.usefixtures("here")
def test_the_table_is_read_by_people(run: Run) -> None:
    code, out, _ = run("trace", *BANK_CASE)
    assert code == 0
    assert "1,500.00 EUR claimed, rule fifo, granularity account" in out
    assert re.search(r"exchange +stop: Example Exchange +700\.00 EUR +46\.7 % +Anna 700\.00 EUR", out)
    assert re.search(r"left the data +100\.00 EUR +6\.7 % +Anna 100\.00 EUR", out)
    assert "The parts add up: 1,500.00 EUR." in out and "Other rules" not in out


@pytest.mark.usefixtures("here")
def test_other_rules_are_shown_for_comparison_only(run: Run) -> None:
    _, out, _ = run("trace", *BANK_CASE, "--rule", "fifo", "--rule", "poison")
    assert "Other rules, for comparison only" in out and "poison (reach)" in out


@pytest.mark.usefixtures("here")
def test_poison_says_that_it_is_a_reach(run: Run) -> None:
    _, out, _ = run("trace", *BANK_CASE, "--rule", "poison")
    assert "A reach, not an amount:" in out and "add up" not in out


@pytest.mark.usefixtures("here")
def test_gaps_and_unproven_orders_are_said(run: Run, here: Path) -> None:
    _, out, _ = run("trace", *COIN_CASE)
    assert "gaps: history that is not in the data counts as clean." in out
    (here / "ledger.csv").write_text(BANK.replace("2024-03-01T09:00:00Z", "2024-03-02T10:00:00Z"), encoding="utf-8")
    _, out, _ = run("trace", "ledger.csv", "--claims", "claims.csv", "--rule", "fifo")
    assert "The order of some entries is not proven" in out


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "traced"),
    [
        (("--until", "2024-03-03"), {"mule": "150000"}),
        (("--until", "2024-03-04T11:59:59Z"), {"mule": "150000"}),
        (("--until", "2024-03-04T12:00:00Z"), {"mule": "80000"}),
        (("--fee-policy", "first"), {"mule": "70000"}),
    ],
)
def test_choices_reach_the_run(run: Run, arguments: tuple[str, ...], traced: dict[str, str]) -> None:
    _, out, _ = run("trace", *BANK_CASE, *arguments, "--json")
    assert {h["account"]: h["traced"] for h in lines(out)[0]["holdings"]} == traced


@pytest.mark.usefixtures("here")
def test_stops_by_amount_and_steps(run: Run) -> None:
    _, out, _ = run("trace", "ledger.csv", "--claims", "claims.csv", "--min-amount", "70001", "--json")
    kinds = {stop["kind"] for stop in lines(out)[0]["stopped"]}
    assert kinds == {"below-minimum"}
    _, out, _ = run("trace", "ledger.csv", "--claims", "claims.csv", "--max-hops", "0", "--json")
    assert {stop["kind"] for stop in lines(out)[0]["stopped"]} == {"hop-limit"}


@pytest.mark.usefixtures("here")
def test_backward_drops_the_rule_that_has_no_way_back(run: Run, here: Path) -> None:
    write(here, target="claim,entry,leg,amount\nbill,pay-4,1,120000\n")
    code, out, _ = run("trace", "ledger.csv", "--claims", "target.csv", "--rule", "all", "--backward", "--json")
    assert code == 0 and {line["rule"] for line in lines(out)} == set(Rule) - {Rule.PARI_PASSU}
    assert sum(int(stop["traced"]) for stop in lines(out)[0]["stopped"]) == 120000
    code, _, err = run("trace", "ledger.csv", "--claims", "target.csv", "--rule", "pari-passu", "--backward")
    assert code == 2 and "cannot run backward" in err


@pytest.mark.usefixtures("here")
def test_clusters_and_links_are_read(run: Run, here: Path) -> None:
    write(
        here,
        clusters="account,cluster,method\nC,gang,co-spending\nD,gang,co-spending\n",
        links=f"{','.join(LINK_COLUMNS)}\nE1,election,pay-4,0,,,,Officer,Re Oatway\n",
    )
    _, out, _ = run("trace", *COIN_CASE, "--granularity", "cluster", "--clusters", "clusters.csv", "--json")
    assert [h["account"] for h in lines(out)[0]["holdings"]] == ["gang"]
    _, out, _ = run("trace", *BANK_CASE, "--links", "links.csv", "--json")
    assert lines(out)[0]["stopped"][0]["traced"] == "120000"


@pytest.mark.usefixtures("here")
def test_standard_input_is_a_ledger(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for extra, code_wanted in (((), 0), (("--out", "bundle"), 0)):
        with (tmp_path / "ledger.csv").open(encoding="utf-8") as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            code, out, err = run("trace", "-", "--claims", "claims.csv", "--json", *extra)
        assert code == code_wanted, err
        assert lines(out)[0]["injected"] == "150000"
    assert (tmp_path / "bundle/inputs/ledger/stdin").read_text(encoding="utf-8") == BANK


@pytest.mark.usefixtures("here")
def test_out_writes_a_bundle_and_says_its_hash(run: Run) -> None:
    code, out, err = run("trace", *BANK_CASE, "--out", "bundle", "--json")
    assert code == 0 and lines(out)[0]["rule"] == "fifo"
    assert "bundle/report.html" in err and re.search(r"manifest SHA-256 [0-9a-f]{64}", err)
    assert run("verify", "bundle")[0] == 0
    code, _, err = run("trace", *BANK_CASE, "--out", "bundle")
    assert code == 1 and "exists already" in err and "--overwrite" in err
    assert run("trace", *BANK_CASE, "--out", "bundle", "--overwrite", "--language", "ar", "--no-sensitivity")[0] == 0
    assert 'lang="ar" dir="rtl"' in Path("bundle/report.html").read_text(encoding="utf-8")


WRONG_USE: dict[str, tuple[str, ...]] = {
    "no ledger": ("--claims", "claims.csv"),
    "no claims": ("ledger.csv",),
    "unknown rule": (*BANK_CASE, "--rule", "magic"),
    "unknown declared rule": (*BANK_CASE, "--declared", "all"),
    "unknown granularity": (*BANK_CASE, "--granularity", "atom"),
    "unknown fee policy": (*BANK_CASE, "--fee-policy", "never"),
    "unknown language": (*BANK_CASE, "--language", "xx"),
    "bad time": (*BANK_CASE, "--until", "yesterday"),
    "time without offset": (*BANK_CASE, "--until", "2024-03-01T00:00:00"),
    "negative least amount": (*BANK_CASE, "--min-amount", "-1"),
    "fraction of a unit": (*BANK_CASE, "--min-amount", "1.5"),
    "least amount beyond 256 bits": (*BANK_CASE, "--min-amount", str(2**256)),
    "negative hops": (*BANK_CASE, "--max-hops", "-1"),
    "hops beyond the limit": (*BANK_CASE, "--max-hops", str(2**53)),
    "unknown option": (*BANK_CASE, "--guess"),
    "standard input twice": ("-", "--claims", "-"),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("kind", WRONG_USE)
def test_wrong_use_exits_2(run: Run, kind: str) -> None:
    code, out, err = run("trace", *WRONG_USE[kind])
    assert code == 2 and out == "" and "Usage: recoup trace" in err


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "claim larger than its leg": (
        {"claims": "claim,entry,leg,amount\nAnna,pay-2,0,100001\n"},
        "claims.csv:2: claim Anna",
    ),
    "unknown leg": ({"claims": "claim,entry,leg,amount\nAnna,pay-2,7,1\n"}, "claims.csv:2: claim Anna"),
    "truncated csv": ({"ledger": BANK[:-20]}, "ledger.csv:7: row rejected"),
    "negative amount": ({"ledger": BANK.replace(",50000", ",-50000", 1)}, "ledger.csv:2: row rejected"),
    "duplicate leg": ({"ledger": BANK + BANK.splitlines()[1] + "\n"}, "ledger.csv:8: row rejected: duplicate"),
    "empty ledger": ({"ledger": ""}, "ledger.csv:1: column entry is missing"),
    "not a ledger": ({"ledger": "a,b\n1,2\n"}, "ledger.csv:1: column entry is missing"),
    "ledger for claims": ({"claims": BANK}, "claims.csv:1: column claim is missing"),
    "service twice": ({"services": SERVICES + "exchange,B,mixer,\n"}, "services.csv:3: row rejected: duplicate"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("out", [(), ("--out", "bundle"), ("--json",)])
def test_bad_input_exits_1_with_file_and_line(run: Run, here: Path, kind: str, out: tuple[str, ...]) -> None:
    texts, words = REFUSED[kind]
    write(here, **texts)
    code, printed, err = run("trace", *BANK_CASE, *out)
    assert code == 1 and printed == "" and words in err
    assert not (here / "bundle").exists()


CYCLE = """t8,2024-01-03T00:00:00Z,bitcoin,i0,out,X,BTC,5,coin,t9:o0
t8,2024-01-03T00:00:00Z,bitcoin,o0,in,Y,BTC,5,coin,
t9,2024-01-03T00:00:00Z,bitcoin,i0,out,Y,BTC,5,coin,t8:o0
t9,2024-01-03T00:00:00Z,bitcoin,o0,in,X,BTC,5,coin,
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (COINS + CYCLE, "coins.csv:8: cyclic spends"),
        (COINS.replace("o1,in,D,BTC", "o1,in,D,ETH"), "coins.csv:4: mixed-assets"),
        (COINS + "t4,2024-01-03T00:00:00Z,bitcoin,i0,out,A,BTC,6000,coin,t1:o0\n", "coins.csv:8: coin-spent-twice"),
    ],
)
def test_a_ledger_that_contradicts_itself_exits_1(run: Run, here: Path, text: str, words: str) -> None:
    write(here, coins=text)
    code, out, err = run("trace", *COIN_CASE)
    assert code == 1 and out == "" and words in err


def test_hostile_names_do_not_reach_the_terminal_as_commands(run: Run, here: Path) -> None:
    write(here, services="account,label,kind,source\nexchange,[red]\x1b[31m\u202eevil,exchange,\n")
    code, out, _ = run("trace", *BANK_CASE)
    assert code == 0 and "\x1b" not in out and "\u202e" not in out
    assert "[red]⟨U+001B⟩[31m⟨U+202E⟩evil" in "".join(out.split("\n")).replace(" ", "")


def test_many_places_are_cut_in_the_table_and_said(run: Run, here: Path) -> None:
    rows = "".join(f"p,2024-03-01T09:00:00Z,bank:X,{i},in,acc-{i},EUR,100\n" for i in range(1, 41))
    write(
        here,
        ledger=BANK.splitlines()[0] + "\n" + rows,
        claims="claim,entry,leg,amount\n" + "".join(f"A,p,{i},100\n" for i in range(1, 41)),
    )
    _, out, _ = run("trace", "ledger.csv", "--claims", "claims.csv")
    assert "and 10 more (--json or --out list all)" in out


def test_the_page_shows_what_is_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger, claims = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    write(tmp_path, ledger=ledger, claims=claims)
    command, shown = re.findall(r"```console\n\$ recoup (.*?)\n(.*?)```", PAGE, re.DOTALL)[0]
    code, out, err = run(*command.split())
    assert code == 0, err
    assert out.replace("─", " ").split() == shown.replace("─", " ").split()
