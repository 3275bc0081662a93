"""One row per leg: good rows are kept, each bad row is named with its line, its fault and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rooms.ledger.build import HEADER, read_text

from recoup.ground import Defects
from recoup.ledger import Kind, Side
from recoup.ledger.fields import MENDS, POSITION_MAX
from recoup.ledger.rows import COLUMNS, FIELD_CHARACTERS_MAX, OPTIONAL, REQUIRED, Assembler

GOOD = {
    "entry": "t1",
    "time": "2021-06-07T17:29:41Z",
    "position": "3",
    "ledger": "bitcoin",
    "leg": "o0",
    "side": "in",
    "account": "bc1q",
    "asset": "BTC",
    "amount": "63",
    "kind": "coin",
    "spends": "",
    "source": "abc#vout/0",
}


def written(**changes: str) -> str:
    return ",".join((GOOD | changes)[column] for column in COLUMNS) + "\n"


def test_a_good_row_is_kept_whole(tmp_path: Path) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written())
    (entry,) = read
    (leg,) = entry.legs
    assert not defects
    assert (entry.id, str(entry.time), entry.position, entry.ledger) == ("t1", "2021-06-07T17:29:41Z", 3, "bitcoin")
    assert (leg.id, leg.side, leg.account, leg.asset.code, leg.amount) == ("o0", Side.IN, "bc1q", "BTC", 63)
    assert (leg.kind, leg.spends, leg.source, leg.line, entry.file) == (
        Kind.COIN, "", "abc#vout/0", 2, str(tmp_path / "l.csv"),
    )  # fmt: skip
    assert entry.coin(leg) == "t1:o0"


def test_columns_are_required_or_optional_and_nothing_else() -> None:
    assert sorted(REQUIRED + OPTIONAL) == sorted(COLUMNS) == sorted(GOOD)


def test_optional_columns_may_be_absent_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    text = "amount,asset,account,side,leg,ledger,time,entry\n5,EUR,alice,out,0,bank:A,2021-06-07,b1\n"
    read, defects = read_text(tmp_path / "l.csv", text)
    assert not defects
    assert read.entries[0].position == 0 and read.entries[0].legs[0].kind is Kind.TRANSFER


@pytest.mark.parametrize(
    ("column", "text", "what"),
    [
        *((column, "", f"{column} is empty") for column in REQUIRED),
        ("time", "2021-06-07T17:29:41", "neither RFC 3339 with an offset nor a date"),
        ("time", "07/06/2021", "neither RFC 3339 with an offset nor a date"),
        ("amount", "-5", "not a whole number of the smallest unit"),
        ("amount", "0.5", "not a whole number of the smallest unit"),
        ("amount", str(2**256), "more than 256 bits"),
        ("side", "IN", "side 'IN' is not known"),
        ("kind", "gift", "kind 'gift' is not known"),
        ("position", "-1", "not a whole number from 0 to 2**63 - 1"),
        ("position", "1.0", "not a whole number"),
        ("position", str(POSITION_MAX + 1), "not a whole number from 0 to 2**63 - 1"),
        ("spends", "t0:o0", "stands on an in leg"),
        ("asset", "B TC", "asset code"),
        ("account", "a" * 501, "account 'aaa"),
        ("ledger", "l" * 501, "ledger 'lll"),
        ("source", "s" * (FIELD_CHARACTERS_MAX + 1), "source is longer than 2000 characters"),
        ("source", "a\tb", "holds a line break"),
        ("entry", '"t\n1"', "entry is longer than 2000 characters or holds a line break"),
        ("account", "a\x00b", "holds a line break"),
    ],
)
def test_a_bad_field_rejects_its_row_and_no_other(tmp_path: Path, column: str, text: str, what: str) -> None:
    rows = written(entry="before") + written(**{column: text}) + written(entry="after")
    read, defects = read_text(tmp_path / "l.csv", HEADER + rows)
    assert [entry.id for entry in read] == ["before", "after"]
    assert len(defects) == 1 and defects[0].startswith("3: row rejected: ") and what in defects[0]


def test_each_column_says_how_to_mend_it() -> None:
    defects = Defects()
    assembler = Assembler("f", defects)
    for column in REQUIRED:
        assembler.add(1, GOOD | {column: ""})
    assert [defect.mend for defect in defects] == [MENDS[column] for column in REQUIRED]
    assembler.add(1, GOOD | {"source": "\n"})
    assert list(defects)[-1].mend == "Mend the row"


def test_limits_at_their_edges(tmp_path: Path) -> None:
    edge = written(
        amount=str(2**256 - 1), position=str(POSITION_MAX), source="s" * FIELD_CHARACTERS_MAX, account="a" * 500
    )
    read, defects = read_text(tmp_path / "l.csv", HEADER + edge)
    assert not defects
    assert read.entries[0].legs[0].amount == 2**256 - 1 and read.entries[0].position == POSITION_MAX


@pytest.mark.parametrize("spends", ["t0:o0", "booking-7:o4294967295", "a:b:o1"])
def test_an_out_leg_may_name_the_coin_it_spends(tmp_path: Path, spends: str) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written(side="out", leg="i0", spends=spends))
    assert not defects and read.entries[0].legs[0].spends == spends


@pytest.mark.parametrize("spends", ["t0", "t0:i0", "t0:o", "t 0:o0", ":o0", "t0:o12345678901", "t0:o١"])
def test_what_names_no_coin_is_refused(tmp_path: Path, spends: str) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written(side="out", leg="i0", spends=spends))
    assert not len(read) and "does not name a coin" in defects[0]


def test_the_rows_of_an_entry_need_not_stand_together(tmp_path: Path) -> None:
    rows = written() + written(entry="t2") + written(leg="o1")
    read, defects = read_text(tmp_path / "l.csv", HEADER + rows)
    assert not defects
    assert [(entry.id, [leg.id for leg in entry.legs]) for entry in read] == [("t1", ["o0", "o1"]), ("t2", ["o0"])]


def test_a_leg_given_twice_is_taken_once_and_said(tmp_path: Path) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written() + written(amount="99"))
    assert [leg.amount for _, leg in read.legs()] == [63]
    assert defects == ["3: row rejected: duplicate: leg o0 of entry t1 stands on line 2 already"]


@pytest.mark.parametrize("change", [{"time": "2021-06-08"}, {"position": "4"}])
def test_an_entry_has_one_time_and_one_position(tmp_path: Path, change: dict[str, str]) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written() + written(leg="o1", **change))
    assert len(read.entries[0].legs) == 1
    assert defects == ["3: row rejected: entry t1 has another time or position on an earlier row"]


def test_one_instant_may_be_written_in_two_ways(tmp_path: Path) -> None:
    rows = written() + written(leg="o1", time="2021-06-07T19:29:41+02:00")
    read, defects = read_text(tmp_path / "l.csv", HEADER + rows)
    assert not defects and len(read.entries[0].legs) == 2


def test_the_same_id_in_two_ledgers_is_two_entries(tmp_path: Path) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written() + written(ledger="litecoin"))
    assert not defects and [entry.ledger for entry in read] == ["bitcoin", "litecoin"]


def test_a_rejected_row_leaves_no_empty_entry(tmp_path: Path) -> None:
    read, defects = read_text(tmp_path / "l.csv", HEADER + written(amount="x"))
    assert len(read) == 0 and len(defects) == 1 and read.assets == ()
