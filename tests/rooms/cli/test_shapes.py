"""The public shapes: every key of every JSON line, so that none goes missing or changes its meaning unseen.

A shape may grow: keys beyond those that HOUSE.md names are listed here too, as `MORE`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, COIN_CLAIMS, COINS, SERVICES, write
from tests.rooms.law.cases import FREEZE
from tests.rooms.restitution.plans import example_text
from tests.rooms.restitution.runs import HEAD, HUBER
from tests.stories.door import Done, within

DECIMAL = re.compile(r"-?\d+")
Line = dict[str, Any]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ledger=BANK, claims=BANK_CLAIMS, services=SERVICES, coins=COINS, coin_claims=COIN_CLAIMS)
    return tmp_path


def done(*words: object, code: int = 0, given: bytes = b"") -> Done:
    """A command in this folder; its standard output must be one JSON object per line."""
    found = within(*words, given=given)
    assert found.code == code, found.words
    assert found.data.endswith(b"\n") or not found.data
    assert len(found.lines()) == found.data.count(b"\n")
    return found


def amounts(line: Line, *names: str) -> None:
    """Each named value, or each value of a named object, is decimal text: no number that a reader could round."""
    for name in names:
        values = line[name].values() if isinstance(line[name], dict) else [line[name]]
        assert all(isinstance(value, str) and DECIMAL.fullmatch(value) for value in values), (name, line[name])


# HOUSE.md, section 3.4, and what has grown since.
TRACE = {"rule", "granularity", "asset", "injected", "fees", "holdings", "stopped", "left_data", "accounted",
         "difference", "conserved"}  # fmt: skip
TRACE_MORE = {"declared", "injected_by_claim", "fees_by_claim", "left_by_claim", "gaps", "violations",
              "unproven_groups"}  # fmt: skip
HOLDING = {"account", "asset", "coin", "traced", "balance", "by_claim"}
STOPPED = {"account", "label", "kind", "traced", "by_claim"}


@pytest.mark.parametrize("case", [("ledger.csv", "claims.csv"), ("coins.csv", "coin_claims.csv")])
def test_trace_has_every_key_of_the_house_and_amounts_as_text(case: tuple[str, str]) -> None:
    words = ("trace", case[0], "--claims", case[1], "--services", "services.csv", "--rule", "all", "--json")
    lines = done(*words).lines()
    assert len(lines) == 8
    for line in lines:
        assert set(line) == TRACE | TRACE_MORE | ({"reach"} if line["rule"] == "poison" else set())
        amounts(line, "injected", "fees", "left_data", "accounted", "difference")
        amounts(line, "injected_by_claim", "fees_by_claim", "left_by_claim")
        assert isinstance(line["conserved"], bool) and isinstance(line["declared"], bool)
        assert line["holdings"] or line["stopped"] or line["left_data"] == line["injected"]
        for holding in line["holdings"]:
            assert set(holding) == HOLDING | {"low", "high"}
            amounts(holding, "traced", "balance", "by_claim", "low", "high")
            assert holding["asset"] == line["asset"]
        for stop in line["stopped"]:
            assert set(stop) == STOPPED | {"low", "high"}
            amounts(stop, "traced", "by_claim", "low", "high")


def test_every_holding_names_its_coin_and_an_account_names_none() -> None:
    """The key is always there: a reader need not know which rule looks at coins and which at accounts."""
    lines = done("trace", "coins.csv", "--claims", "coin_claims.csv", "--rule", "all", "--json").lines()
    for line in lines:
        coins = {holding["coin"] for holding in line["holdings"]}
        assert coins == ({"t3:o0", "t3:o1"} if line["granularity"] == "coin" else {""}) or not coins, line["rule"]
    (line,) = done("trace", "ledger.csv", "--claims", "claims.csv", "--json").lines()
    assert [holding["coin"] for holding in line["holdings"]] == ["", ""] and line["granularity"] == "account"


def test_an_amount_beyond_every_machine_word_stays_exact() -> None:
    great = 2**255 + 1
    row = "p,2024-03-01,ethereum,0,in,0xa,WEI-e0,"
    write(Path(), great="entry,time,ledger,leg,side,account,asset,amount\n" + f"{row}{great}\n")
    write(Path(), claim=f"claim,entry,leg,amount\nA,p,0,{great}\n")
    (line,) = done("trace", "great.csv", "--claims", "claim.csv", "--rule", "haircut", "--json").lines()
    assert line["injected"] == line["holdings"][0]["traced"] == str(great)
    (leg, _, *_) = done("read", "great.csv", "--json").lines()
    assert leg["amount"] == str(great)


LEG = {"record", "entry", "time", "position", "ledger", "leg", "side", "account", "asset", "amount", "kind", "spends",
       "source"}  # fmt: skip


def test_read_says_what_each_line_is() -> None:
    write(Path(), bad=BANK + "pay-9,2024-03-06,bank:EXAMDEFF,0,in,mule,EUR,-1\n", copy=BANK)
    lines = done("read", "bad.csv", "ledger.csv", "copy.csv", "coins.csv", "--json", code=1).lines()
    by_record: dict[str, list[Line]] = {}
    for line in lines:
        by_record.setdefault(line["record"], []).append(line)
    assert list(by_record) == ["leg", "rejected", "notice", "file", "finding"]
    for leg in by_record["leg"]:
        assert set(leg) == LEG
        assert all(isinstance(value, str) for value in leg.values()), "positions and amounts are text"
    for line in (*by_record["rejected"], *by_record["notice"]):
        assert set(line) == {"record", "file", "line", "what", "mend"} and line["what"] and line["mend"]
    for line in by_record["file"]:
        assert set(line) == {"record", "file", "format", "sha256", "entries", "legs", "rejected"}
    for line in by_record["finding"]:
        assert set(line) == {"record", "code", "count"} and line["count"] > 0


def test_verify_says_the_same_of_a_good_and_a_bad_bundle() -> None:
    within("trace", "ledger.csv", "--claims", "claims.csv", "--out", "b")
    (good,) = done("verify", "b", "--json").lines()
    table = Path("b/results/holdings.csv")
    table.write_text(table.read_text("utf-8").replace("0", "1", 1), encoding="utf-8")
    (bad,) = done("verify", "b", "--json", code=1).lines()
    assert set(good) == set(bad) == {"same", "difference", "files", "figures", "notes"}
    assert (good["same"], good["difference"], bad["same"]) == (True, None, False)
    assert set(bad["difference"]) == {"file", "row", "column", "recorded", "recomputed"}


def test_doctor_says_one_check_a_line() -> None:
    for line in done("doctor", "--json").lines():
        assert set(line) == {"check", "answer", "needed", "found", "mend"}
        assert line["answer"] in ("yes", "no", "unknown") and isinstance(line["needed"], bool)


PLAN = {"id", "portfolio", "dropped", "blocked", "warnings"}
ITEM = {"leg", "rank", "instrument", "measure", "availability", "addressee", "channel", "clocks", "missing", "risks",
        "time", "reasons"}  # fmt: skip


def test_route_has_every_key_of_the_house() -> None:
    request = FREEZE | {"materials": [{"id": "f", "origin": "fiu", "consent": None}]}
    (line,) = done("route", "-", "--json", given=json.dumps(request).encode()).lines()
    assert set(line) >= PLAN and line["portfolio"] and line["dropped"] and line["blocked"]
    for item in line["portfolio"]:
        assert set(item) >= ITEM and item["leg"] in ("hold", "convert", "evidence", "enforce", "return", "civil")
        assert item["availability"] in ("yes", "no", "unknown") and set(item["time"]) == {"p50_days", "p90_days"}
        assert all(set(risk) >= {"code", "mitigation"} for risk in item["risks"])
        assert all(set(reason) >= {"rule", "clause", "result", "source", "verify"} for reason in item["reasons"])
    assert all(set(each) >= {"instrument", "because", "rule"} for each in line["dropped"])
    assert all(set(each) >= {"guard", "because", "alternatives"} for each in line["blocked"])


PROBLEM = {"rule": "pro-rata", "pool": 100, "claims": [{"id": "a", "loss": 50}, {"id": "b", "loss": 150}]}


def test_allocate_answers_with_integers_of_the_smallest_unit() -> None:
    (line,) = done("allocate", "-", "--json", given=json.dumps(PROBLEM).encode()).lines()
    assert set(line) >= {"awards", "level", "surplus", "reserve", "trace"}
    assert line["awards"] == {"a": 25, "b": 75} and all(type(award) is int for award in line["awards"].values())
    assert isinstance(line["level"], str) and type(line["surplus"]) is type(line["reserve"]) is int
    assert set(line["trace"][0]) >= {"step", "rule", "amount", "paid"}


def restitution() -> None:
    Path("plan.toml").write_text(example_text(), encoding="utf-8")
    Path("people.csv").write_text(HEAD + "".join(f"{row}\n" for row in HUBER), encoding="utf-8")
    Path("money.json").write_text('{"run": "r1", "as_at": "2026-04-01", "pool": 60000}', encoding="utf-8")
    Path("secret").write_text("00" * 32, encoding="utf-8")


def test_plan_run_and_receipt_say_their_seals_and_amounts() -> None:
    restitution()
    (plan,) = done("plan", "check", "plan.toml", "--json").lines()
    assert set(plan) == {"plan", "version", "rule", "seal"} and re.fullmatch(r"[0-9a-f]{64}", plan["seal"])
    words = ("--claims", "people.csv", "--money", "money.json", "--secret", "secret", "--draft", "--out", "run")
    (run,) = done("run", "make", "plan.toml", *words).lines()
    assert set(run) >= {"seal", "format", "run", "as_at", "plan", "currency", "rule", "inputs", "claims", "pool",
                        "awards", "costs", "reserve", "held", "undivided", "surplus", "level", "tree"}  # fmt: skip
    amounts(run, "pool", "awards", "costs", "reserve", "held", "undivided", "surplus")
    receipts = done("receipt", "make", "run", "c1", "c3").lines()
    assert [receipt["claim"] for receipt in receipts] == ["c1", "c3"]
    for receipt in receipts:
        amounts(receipt, "award", "held")
    (checked,) = done("receipt", "check", "-", "--json", given=json.dumps(receipts[1]).encode()).lines()
    assert set(checked) == {"claim", "award", "seal", "faults"} and checked["faults"] == []
    assert checked["seal"] == run["seal"]
    assert done("run", "verify", "run").data == b""


def test_a_forged_receipt_fails_and_says_why_on_standard_output() -> None:
    restitution()
    words = ("--claims", "people.csv", "--money", "money.json", "--secret", "secret", "--draft", "--out", "run")
    done("run", "make", "plan.toml", *words)
    (receipt,) = done("receipt", "make", "run", "c3").lines()
    receipt["award"] = str(int(receipt["award"]) + 1)
    (checked,) = done("receipt", "check", "-", "--json", code=1, given=json.dumps(receipt).encode()).lines()
    assert checked["faults"] and checked["award"] == receipt["award"]
    for record in ("[]", '{"a": 1.5}', "x", "[" * 50_000):
        Path("record.json").write_text(record, encoding="utf-8")
        found = within("receipt", "check", "-", "--record", "record.json", given=json.dumps(receipt).encode())
        assert found.code == 1, record
        assert "record.json" in found.words or "not the one that was published" in found.out


def test_simulations_and_histories_say_one_object_a_line() -> None:
    restitution()
    lines = done("plan", "simulate", "plan.toml", "--claims", "people.csv", "--pool", "60000", "--json").lines()
    assert sum(line["baseline"] for line in lines) == 1
    keys = {"rule", "baseline", "paid", "persons", "zero", "share_at_zero", "gini", "gini_loss", "order_breaks",
            "gainers", "losers", "moved", "recovery_basis_points"}  # fmt: skip
    assert all(set(line) == keys and line["paid"] == 60_000 for line in lines)
    (status,) = done("plan", "status", "plan.toml", "none.jsonl", "--json", "--at", "2026-01-01", code=1).lines()
    assert set(status) == {"state", "comments", "unanswered", "approvals", "missing"} and status["state"] == "draft"


COMPLAINT = (
    "complaint,victim_name,email,narrative,paid,amount,currency,method,recipient\n"
    "A:1,Ana Roth,ana@mail.example,I paid evil[.]com,2024-03-05T10:00:00Z,500,EUR,bank,DE89370400440532013000\n"
    "B:7,Ana Roth,ana@mail.example,lost,2024-03-01,12,EUR,bank,DE89370400440532013000\n"
)
KINDS = {
    "selector": {"kind", "complaint", "type", "raw", "value", "start", "end", "field", "valid"},
    "victim": {"kind", "id", "complaints", "why"},
    "operator": {"kind", "id", "selectors", "complaints", "edges"},
    "finding": {"kind", "code"},
}


def test_complaints_have_every_key_of_the_house() -> None:
    lines = done("complaints", "-", "--json", "--as-of", "2024-03-06T00:00:00Z", given=COMPLAINT.encode()).lines()
    assert {line["kind"] for line in lines} == set(KINDS)
    for line in lines:
        assert set(line) >= KINDS[line["kind"]]
        assert not any(isinstance(value, float) for value in line.values())
