"""Ledger files: CSV and Parquet say the same, to the unit; what is no ledger is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.ledger.build import HEADER, entry, ledger, names, read_text

from recoup.ground import Asset, Defects, Instant, Refused
from recoup.ledger import COLUMNS, Entry, Kind, Ledger, Leg, Side, read_ledger, read_ledgers, write_ledger
from recoup.ledger.parquet import parquet_rows

ROW = {
    "entry": "t1",
    "time": "2021-06-07",
    "position": "0",
    "ledger": "bank:A",
    "leg": "0",
    "side": "in",
    "account": "alice",
    "asset": "EUR",
    "amount": "5",
    "kind": "transfer",
    "spends": "",
    "source": "",
}


def table(path: Path, **columns: Any) -> Path:
    """A Parquet file of one row, with some columns replaced by arrays."""
    arrays = {name: pa.array([text]) for name, text in ROW.items()} | columns
    pq.write_table(pa.table(arrays), path)
    return path


def only_leg(path: Path) -> tuple[Entry, Leg]:
    defects = Defects()
    read = read_ledger(path, defects)
    assert not list(defects)
    (found,) = read.legs()
    return found


def without_lines(read: Ledger) -> list[object]:
    return [(one.id, one.time, one.position, one.ledger, replace(leg, line=0)) for one, leg in read.legs()]


WORD = st.text(st.characters(categories=["L", "N", "P", "Sc", "Sm"]), min_size=1, max_size=12)
LEGS = st.builds(
    lambda side, account, amount, kind, source: (side, account, amount, kind, source),
    st.sampled_from(Side),
    WORD,
    st.sampled_from([0, 1, 2**63, 2**64, 2**255, 2**256 - 1]) | st.integers(0, 2**256 - 1),
    st.sampled_from(Kind),
    st.just("") | WORD,
)
LEDGERS = st.lists(
    st.tuples(st.datetimes().map(lambda t: t.isoformat() + "Z") | st.dates().map(str), st.lists(LEGS, min_size=1)),
    max_size=5,
).map(
    lambda rows: Ledger(
        tuple(
            Entry(f"t{i}", Instant.parse(time), i, "bank:A", tuple(
                Leg(str(j), side, account, Asset("EUR"), amount, kind, "", source)
                for j, (side, account, amount, kind, source) in enumerate(legs)
            ))
            for i, (time, legs) in enumerate(rows)
        )
    )
)  # fmt: skip


@given(LEDGERS)
def test_a_ledger_survives_csv_and_parquet_to_the_unit(tmp_path_factory: pytest.TempPathFactory, made: Ledger) -> None:
    place = tmp_path_factory.mktemp("round")
    for name in ("l.csv", "l.parquet"):
        defects = Defects()
        write_ledger(made, place / name)
        assert without_lines(read_ledger(place / name, defects)) == without_lines(made)
        assert not list(defects)


def test_the_same_ledger_is_the_same_bytes(tmp_path: Path) -> None:
    made = ledger(entry("t1", "2021-06-07", "out alice 5, in bob 4"), entry("t2", "2021-06-07T10:00:00Z", "in bob 1"))
    for suffix in ("csv", "parquet"):
        one, two = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
        write_ledger(made, one)
        write_ledger(read_ledger(one, Defects()), two)
        assert one.read_bytes() == two.read_bytes()
    assert (tmp_path / "1.csv").read_text().splitlines() == [
        ",".join(COLUMNS),
        "t1,2021-06-07,0,bank:A,i0,out,alice,EUR,5,transfer,,",
        "t1,2021-06-07,0,bank:A,o0,in,bob,EUR,4,transfer,,",
        "t2,2021-06-07T10:00:00Z,0,bank:A,o0,in,bob,EUR,1,transfer,,",
    ]


@pytest.mark.parametrize("name", ["l.csv", "l.parquet"])
def test_an_empty_ledger_keeps_its_columns(tmp_path: Path, name: str) -> None:
    write_ledger(Ledger(()), tmp_path / name)
    assert len(read_ledger(tmp_path / name, Defects())) == 0


def test_the_form_is_told_by_the_first_bytes_and_not_by_the_name(tmp_path: Path) -> None:
    write_ledger(ledger(entry("t1", "2021-06-07", "in a 5")), tmp_path / "l.parquet")
    moved = (tmp_path / "l.parquet").rename(tmp_path / "l.csv")
    assert len(read_ledger(moved, Defects())) == 1


def test_standard_input_and_output_are_a_minus_sign() -> None:
    code = (
        "from pathlib import Path; from recoup.ground import Defects; from recoup.ledger import *;"
        "write_ledger(read_ledger(Path('-'), Defects()), Path('-'))"
    )
    text = HEADER + "t1,2021-06-07,0,bank:A,0,in,ålice,EUR,5,transfer,,\n"
    done = subprocess.run([sys.executable, "-c", code], input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


@pytest.mark.parametrize("name", ["l.csv", "l.parquet"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    place = tmp_path / "nowhere" / name
    with pytest.raises(Refused) as refused:
        write_ledger(Ledger(()), place)
    assert str(refused.value).startswith(f"{place}: cannot be written: ")


def test_a_missing_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened: No such file"):
        read_ledger(tmp_path / "no.csv", Defects())


@pytest.mark.parametrize(
    ("column", "array", "amount"),
    [
        ("amount", pa.array([2**63 - 1]), 2**63 - 1),
        ("amount", pa.array([2**64 - 1], pa.uint64()), 2**64 - 1),
        ("amount", pa.array([Decimal(10**70)], pa.decimal256(76, 0)), 10**70),
        ("amount", pa.array(["5"]).dictionary_encode(), 5),
        ("amount", pa.array(["5"], pa.large_string()), 5),
        ("source", pa.array([None]), 5),
        ("position", pa.array([None], pa.int64()), 5),
    ],
)
def test_typed_columns_are_read_exactly(tmp_path: Path, column: str, array: Any, amount: int) -> None:
    assert only_leg(table(tmp_path / "l", **{column: array}))[1].amount == amount


@pytest.mark.parametrize(
    ("array", "time"),
    [
        (pa.array([1_623_086_981], pa.timestamp("s", "UTC")), "2021-06-07T17:29:41Z"),
        (pa.array([1_623_086_981_000_001], pa.timestamp("us", "+02:00")), "2021-06-07T17:29:41.000001Z"),
        (pa.array([18_785], pa.date32()), "2021-06-07"),
    ],
)
def test_typed_times_are_read_exactly(tmp_path: Path, array: Any, time: str) -> None:
    assert str(only_leg(table(tmp_path / "l", time=array))[0].time) == time


def test_a_timestamp_without_a_zone_rejects_its_row(tmp_path: Path) -> None:
    defects = Defects()
    read = read_ledger(table(tmp_path / "l", time=pa.array([1_623_086_981], pa.timestamp("s"))), defects)
    assert len(read) == 0 and "neither RFC 3339" in next(iter(defects)).what


def test_a_decimal_with_a_fraction_rejects_its_row(tmp_path: Path) -> None:
    defects = Defects()
    read_ledger(table(tmp_path / "l", amount=pa.array([Decimal("5.25")])), defects)
    assert [defect.line for defect in defects] == [1] and "not a whole number" in next(iter(defects)).what


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (pa.array([5.0]), "double"),
        (pa.array([b"5"]), "binary"),
        (pa.array([True]), "bool"),
        (pa.array([["5"]]), "list"),
    ],
)
def test_types_that_are_not_exact_are_refused(tmp_path: Path, array: Any, kind: str) -> None:
    with pytest.raises(Refused, match=f"column amount is {kind}.*, which is not exact"):
        read_ledger(table(tmp_path / "l", amount=array), Defects())


def test_nanoseconds_that_would_be_lost_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "l", time=pa.array([1_623_086_981_000_000_001], pa.timestamp("ns", "UTC")))
    with pytest.raises(Refused, match="not readable as Parquet"):
        read_ledger(path, Defects())


def test_wrong_columns_of_a_parquet_file_are_refused(tmp_path: Path) -> None:
    arrays = [pa.array([text]) for text in ROW.values()]
    twice = pa.Table.from_arrays([*arrays, arrays[0], arrays[0]], [*ROW, "entry", "colour"])
    pq.write_table(twice.drop_columns("amount"), tmp_path / "l")
    with pytest.raises(Refused) as refused:
        read_ledger(tmp_path / "l", Defects())
    assert [defect.what for defect in refused.value.defects] == [
        "column amount is missing", "column 'colour' is unknown", "column 'entry' stands twice",
    ]  # fmt: skip


@pytest.mark.parametrize("cut", [4, 20, -8])
def test_a_broken_parquet_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = table(tmp_path / "l")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Refused, match="not readable as Parquet"):
        read_ledger(path, Defects())


def test_broken_pages_inside_a_whole_parquet_file_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "l")
    data = bytearray(path.read_bytes())
    data[4:60] = b"\xff" * 56
    path.write_bytes(data)
    with pytest.raises(Refused, match="not readable as Parquet"):
        read_ledger(path, Defects())


def test_the_edge_of_the_number_ofparquet_rows(tmp_path: Path) -> None:
    write_ledger(ledger(entry("t1", "2021-06-07", "in a 5, in b 6")), tmp_path / "l.parquet")
    assert [line for line, _ in parquet_rows(tmp_path / "l.parquet", rows_max=2)] == [1, 2]
    with pytest.raises(Refused, match="more than 1 rows"):
        list(parquet_rows(tmp_path / "l.parquet", rows_max=1))


def test_several_files_are_one_ledger_and_an_entry_is_taken_once(tmp_path: Path) -> None:
    row = "{},2021-06-07,0,bank:A,0,in,alice,EUR,5,transfer,,\n"
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    read_text(one, HEADER + row.format("t1") + row.format("t2"))
    read_text(two, HEADER + row.format("t2") + row.format("t3"))
    defects = Defects()
    read = read_ledgers([one, two], defects)
    assert names(read) == "t1 t2 t3"
    assert [(one.file, one.line, one.what) for one in defects] == [
        (str(two), 2, f"duplicate: entry t2 stands in {one} already")
    ]


def test_a_thousand_legs_of_one_entry_keep_their_order(tmp_path: Path) -> None:
    rows = "".join(f"t1,2021-06-07,0,bank:A,{i},in,a{i},EUR,{i},transfer,,\n" for i in range(1000))
    read, defects = read_text(tmp_path / "l.csv", HEADER + rows)
    assert not defects and [leg.amount for leg in read.entries[0].legs] == list(range(1000))
