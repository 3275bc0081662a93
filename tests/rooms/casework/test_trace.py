"""The step "trace": what it reads, refuses and runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.casework.trace_made import BANK, BANK_CLAIMS, COINS, SERVICES, bank, coins, write

from recoup.casework.trace import Choices, Inputs, claim_lines, exhibit_of, trace_files
from recoup.ground import Instant, Refused
from recoup.tracing import FeePolicy, Granularity, Rule

FIFO = Choices((Rule.FIFO,))


def refusal(inputs: Inputs, choices: Choices = FIFO) -> str:
    with pytest.raises(Refused) as raised:
        trace_files(inputs, choices)
    return str(raised.value)


def test_the_declared_rule_comes_first_and_every_rule_is_run(tmp_path: Path) -> None:
    traced = trace_files(bank(tmp_path), Choices((Rule.LIFO, Rule.FIFO, Rule.POISON)))
    assert [run[0].parameters.rule for run in traced.runs] == [Rule.LIFO, Rule.FIFO, Rule.POISON]
    assert traced.declared == traced.runs[0] and traced.others == traced.runs[1] + traced.runs[2]


def test_the_figures_are_those_of_the_rule(tmp_path: Path) -> None:
    (made,) = trace_files(bank(tmp_path), FIFO).declared
    assert [(h.account, h.by_claim) for h in made.holdings] == [("mule", {"Anna": 20000, "Ben": 50000})]
    assert [(s.account, s.label, s.by_claim) for s in made.stopped] == [
        ("exchange", "Example Exchange", {"Anna": 70000})
    ]
    assert made.left_data == {"Anna": 10000} and made.conserved


def test_choices_become_parameters() -> None:
    until = Instant.parse("2024-03-02")
    choices = Choices((Rule.TIHO,), Granularity.ACCOUNT, FeePolicy.FIRST, until, 7, 3, True)
    made = choices.parameters(Rule.TIHO)
    assert (made.rule, made.granularity, made.fee_policy) == (Rule.TIHO, Granularity.ACCOUNT, FeePolicy.FIRST)
    assert (made.until, made.min_amount, made.max_hops, made.backward) == (until, 7, 3, True)


def test_inputs_are_named_by_role_in_a_fixed_order(tmp_path: Path) -> None:
    inputs = Inputs((Path("a"), Path("b")), Path("c"), Path("s"), Path("k"), Path("l"))
    assert [role for role, _ in inputs.by_role()] == ["ledger", "ledger", "claims", "services", "clusters", "links"]
    assert [role for role, _ in Inputs((Path("a"),), Path("c")).by_role()] == ["ledger", "claims"]


def test_names_stand_for_paths_in_what_results_say(tmp_path: Path) -> None:
    inputs = bank(tmp_path)
    names = {inputs.ledgers[0]: "inputs/ledger/x.csv", inputs.claims: "inputs/claims/y.csv"}
    traced = trace_files(inputs, FIFO, names)
    assert {entry.file for entry in traced.ledger} == {"inputs/ledger/x.csv"}
    assert {claim.file for claim in traced.question.claims} == {"inputs/claims/y.csv"}


def test_claim_lines_know_account_time_and_asset(tmp_path: Path) -> None:
    traced = trace_files(bank(tmp_path), FIFO)
    anna, ben = claim_lines(traced.ledger, traced.question)
    assert (anna.claim, anna.account, anna.time, anna.asset.code, anna.amount) == (
        "Anna", "mule", "2024-03-02T10:00:00Z", "EUR", 100000,
    )  # fmt: skip
    assert ben.entry == "pay-3"


def test_the_exhibit_knows_how_much_data_there_is(tmp_path: Path) -> None:
    exhibit = exhibit_of(trace_files(bank(tmp_path), FIFO), replace(FIFO, sensitivity=False), (), ())
    assert (exhibit.extent.entries, exhibit.extent.legs) == (5, 6)
    assert (exhibit.extent.first, exhibit.extent.last) == ("2024-03-01T09:00:00Z", "2024-03-05T12:00:00Z")
    assert exhibit.sheets == ()


def test_the_sheet_is_made_where_it_is_asked(tmp_path: Path) -> None:
    (sheet,) = exhibit_of(trace_files(coins(tmp_path), FIFO), FIFO, (), ()).sheets
    assert {cell.rule for cell in sheet.cells if cell.chosen} == {Rule.FIFO}
    assert len({cell.rule for cell in sheet.cells}) > 4


BAD_LEDGERS = {
    "negative": (BANK.replace(",50000\n", ",-50000\n", 1), ":2: row rejected: amount"),
    "float": (BANK.replace(",50000\n", ",500.00\n", 1), ":2: row rejected: amount"),
    "too large": (BANK.replace(",50000\n", f",{2**256}\n", 1), ":2: row rejected: amount"),
    "truncated row": (BANK.rstrip("\n").rsplit(",", 2)[0] + "\n", ":7: row rejected: 6 fields"),
    "truncated quote": (BANK + '"pay-6,2024', ":8: row rejected: not readable as CSV"),
    "duplicate leg": (BANK + BANK.splitlines()[-1] + "\n", ":8: row rejected: duplicate"),
    "no time": (BANK.replace("2024-03-01T09:00:00Z", "yesterday"), ":2: row rejected: time"),
    "unknown side": (BANK.replace(",0,in,", ",0,sideways,", 1), ":2: row rejected: side"),
    "missing column": (BANK.replace(",amount", ",sum", 1), ":1: column amount is missing"),
    "not text": ("entry\x00", "ledger.csv"),
}


@pytest.mark.parametrize("kind", BAD_LEDGERS)
def test_a_ledger_with_a_rejected_row_is_refused_with_file_and_line(tmp_path: Path, kind: str) -> None:
    text, words = BAD_LEDGERS[kind]
    paths = write(tmp_path, ledger=text, claims=BANK_CLAIMS)
    assert words in refusal(Inputs((paths["ledger"],), paths["claims"]))


CYCLE = """t8,2024-01-03T00:00:00Z,bitcoin,i0,out,X,BTC,5,coin,t9:o0
t8,2024-01-03T00:00:00Z,bitcoin,o0,in,Y,BTC,5,coin,
t9,2024-01-03T00:00:00Z,bitcoin,i0,out,Y,BTC,5,coin,t8:o0
t9,2024-01-03T00:00:00Z,bitcoin,o0,in,X,BTC,5,coin,
"""

CONTRADICTIONS = {
    "spent twice": (COINS + "t4,2024-01-03T00:00:00Z,bitcoin,i0,out,A,BTC,6000,coin,t1:o0\n", ":8: coin-spent-twice"),
    "coin differs": (COINS.replace("i1,out,A,BTC,6000", "i1,out,A,BTC,5999"), ":5: spent-coin-differs"),
    "mixed assets": (COINS.replace("o1,in,D,BTC", "o1,in,D,ETH"), ":4: mixed-assets"),
    "cyclic": (COINS + CYCLE, "cyclic spends through entry t8"),
}


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_a_ledger_that_contradicts_itself_is_refused(tmp_path: Path, kind: str) -> None:
    text, words = CONTRADICTIONS[kind]
    paths = write(tmp_path, ledger=text, claims="claim,entry,leg,amount\ncolonial,t1,o0,6000\n")
    assert words in refusal(Inputs((paths["ledger"],), paths["claims"]))


BAD_CLAIMS = {
    "larger than its leg": ("Anna,pay-2,0,100001", ":2: claim Anna: 100001 is larger than leg 0 of 100000"),
    "unknown leg": ("Anna,pay-2,9,1", ":2: claim Anna: entry pay-2 leg 9 is not in the ledger"),
    "unknown entry": ("Anna,pay-99,0,1", ":2: claim Anna: entry pay-99 leg 0 is not in the ledger"),
    "out leg": ("Anna,pay-4,0,1", ":2: claim Anna: a claim names an in leg"),
    "negative": ("Anna,pay-2,0,-1", ":2: row rejected: amount"),
    "nothing": ("Anna,pay-2,0,0", ":2: row rejected: a claim of 0"),
    "no name": (",pay-2,0,1", ":2: row rejected: claim is empty"),
    "no rows": ("", "no claim"),
}


@pytest.mark.parametrize("kind", BAD_CLAIMS)
def test_claims_that_do_not_fit_are_refused_with_file_and_line(tmp_path: Path, kind: str) -> None:
    rows, words = BAD_CLAIMS[kind]
    paths = write(tmp_path, ledger=BANK, claims=f"claim,entry,leg,amount\n{rows}\n")
    assert words in refusal(Inputs((paths["ledger"],), paths["claims"]))


def test_claims_that_are_larger_together_stop_where_an_earlier_one_holds_the_value(tmp_path: Path) -> None:
    paths = write(tmp_path, ledger=BANK, claims="claim,entry,leg,amount\nAnna,pay-2,0,60000\nBen,pay-2,0,40001\n")
    (made,) = trace_files(Inputs((paths["ledger"],), paths["claims"]), FIFO).declared
    (senior,) = [stop for stop in made.stopped if stop.kind == "senior-claim"]
    assert senior.by_claim == {"Ben": 1} and made.conserved


def test_defects_of_every_file_are_told_together(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        ledger=BANK.replace(",50000\n", ",x\n"),
        claims="claim,entry,leg,amount\nA,b,c,-1\n",
        services=SERVICES + "exchange,Again,mixer,\n",
    )
    text = refusal(Inputs((paths["ledger"],), paths["claims"], services=paths["services"]))
    assert "ledger.csv:2:" in text and "claims.csv:2:" in text and "services.csv:3:" in text


@pytest.mark.parametrize("role", ["ledger", "claims", "services", "clusters", "links"])
def test_a_missing_file_is_refused_by_name(tmp_path: Path, role: str) -> None:
    inputs, absent = bank(tmp_path), tmp_path / "absent.csv"
    changed = replace(inputs, ledgers=(absent,)) if role == "ledger" else replace(inputs, **{role: absent})  # type: ignore[arg-type]
    assert "absent.csv: " in refusal(changed)


def test_an_entry_in_two_files_is_refused(tmp_path: Path) -> None:
    paths = write(tmp_path, ledger=BANK, again=BANK, claims=BANK_CLAIMS)
    text = refusal(Inputs((paths["ledger"], paths["again"]), paths["claims"]))
    assert f"again.csv:2: duplicate: entry pay-1 stands in {paths['ledger']} already" in text


def test_clusters_that_nobody_gave_are_those_of_co_spending_and_only_where_asked(tmp_path: Path) -> None:
    traced = trace_files(coins(tmp_path), replace(FIFO, granularity=Granularity.CLUSTER))
    assert {(member.account, member.method) for member in traced.question.clusters} == {
        ("A", "co-spend/1"),
        ("B", "co-spend/1"),
    }
    assert trace_files(coins(tmp_path), FIFO).question.clusters == ()


def test_a_clusters_file_is_taken_as_it_is(tmp_path: Path) -> None:
    given = write(tmp_path, clusters="account,cluster,method\nC,gang,letter\n")["clusters"]
    traced = trace_files(replace(coins(tmp_path), clusters=given), replace(FIFO, granularity=Granularity.CLUSTER))
    assert [member.cluster for member in traced.question.clusters] == ["gang"]


def test_two_ledgers_are_one(tmp_path: Path) -> None:
    header, *rows = BANK.splitlines()
    paths = write(
        tmp_path,
        first="\n".join([header, *rows[:3]]) + "\n",
        second="\n".join([header, *rows[3:]]) + "\n",
        claims=BANK_CLAIMS,
    )
    traced = trace_files(Inputs((paths["first"], paths["second"]), paths["claims"]), FIFO)
    assert len(traced.ledger) == 5 and traced.declared[0].conserved
