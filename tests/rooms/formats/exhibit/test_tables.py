"""Tables hold every figure as text, in CSV and Parquet alike."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.formats.exhibit.made import EUR, exhibit, holding, move, result, step, stop

from recoup.formats.exhibit import Table, csv_bytes, parquet_bytes, tables_of
from recoup.formats.exhibit.tables import AMOUNTS, COLUMNS
from recoup.tracing import Cell, FeePolicy, Gap, Granularity, Rule, Sheet

HUGE = 2**256 - 1


def case() -> dict[str, Table]:
    steps = [
        step("e1", [move("outside", HUGE)], [move("mule", HUGE, anna=7, ben=3)], move("fees", 2, ben=2), shortfall=4)
    ]
    made = result(
        {"anna": 7, "ben": 5},
        [holding("mule", HUGE, "e:o0", anna=5)],
        [stop("ex", "Ex", "mixer", anna=2, ben=3)],
        steps,
        {"ben": 2},
    )
    made = replace(made, gaps=(Gap("history-not-in-data", "e1", "mule", HUGE, "told"),), violations=("entry e1: 1",))
    other = replace(made, parameters=replace(made.parameters, rule=Rule.POISON), accounted_total=99)
    cells = (Cell("mule", "held", Rule.FIFO, Granularity.COIN, FeePolicy.LAST, 5, 4, 6, True),)
    return {table.name: table for table in tables_of(exhibit(made, others=(other,), sheets=(Sheet(EUR, cells),)))}


def test_every_table_is_there_and_every_row_is_as_wide_as_its_header() -> None:
    found = case()
    assert list(found) == list(COLUMNS)
    for name, table in found.items():
        assert table.columns == COLUMNS[name] and all(len(row) == len(table.columns) for row in table.rows)
        assert all(isinstance(cell, str) for row in table.rows for cell in row)


def test_the_rows_say_what_the_result_says() -> None:
    found = case()
    assert found["holdings"].rows == (("EUR", "mule", "e:o0", "5", "5", "5", str(HUGE)),)
    assert found["stopped"].rows == (("EUR", "ex", "Ex", "mixer", "5", "5", "5"),)
    assert found["shares"].rows == (
        ("EUR", "holding", "mule", "e:o0", "", "", "anna", "5"),
        ("EUR", "stop", "ex", "", "Ex", "mixer", "anna", "2"),
        ("EUR", "stop", "ex", "", "Ex", "mixer", "ben", "3"),
        ("EUR", "fees", "", "", "", "", "ben", "2"),
    )
    assert found["gaps"].rows == (("EUR", "history-not-in-data", "e1", "mule", str(HUGE), "told"),)
    assert found["violations"].rows == (("EUR", "entry e1: 1"),)
    assert found["sensitivity"].rows == (("EUR", "mule", "held", "fifo", "coin", "last", "5", "4", "6", "yes"),)
    assert found["summary"].rows == (
        ("EUR", "fifo", "account", "yes", "12", "5", "5", "2", "0", "12", "0", "yes"),
        ("EUR", "poison", "account", "no", "12", "5", "5", "2", "0", "99", "87", "no"),
    )


def test_steps_name_their_legs_in_order_with_whose_value_they_carry() -> None:
    rows = case()["steps"].rows
    assert [(row[1], row[4], row[5]) for row in rows] == [
        ("1", "out", "outside"),
        ("1", "in", "mule"),
        ("1", "fee", "fees"),
    ]
    assert json.loads(rows[1][9]) == {"anna": "7", "ben": "3"} and rows[1][8] == "10" and rows[1][10] == "4"


def test_figures_are_counted() -> None:
    found = case()
    assert found["holdings"].figures == 4 and found["summary"].figures == 14 and found["violations"].figures == 0
    assert sum(table.figures for table in found.values()) == 4 + 14 + 3 + 4 + 9 + 1 + 3


def test_amount_columns_exist() -> None:
    assert {column for columns in COLUMNS.values() for column in columns} >= AMOUNTS


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_any_cell_survives_csv_and_parquet(rows: list[tuple[str, str]]) -> None:
    table = Table("any", ("a", "b"), tuple(rows))
    header, *back = csv.reader(io.StringIO(csv_bytes(table).decode(), newline=""), strict=True)
    assert header == ["a", "b"] and [tuple(row) for row in back] == rows
    frame = pq.read_table(pa.BufferReader(parquet_bytes(table)))
    assert [tuple(row.values()) for row in frame.to_pylist()] == rows


def test_an_empty_table_keeps_its_header() -> None:
    empty = Table("none", ("a", "b"), ())
    assert csv_bytes(empty) == b"a,b\n"
    assert pq.read_table(pa.BufferReader(parquet_bytes(empty))).column_names == ["a", "b"]


@pytest.mark.parametrize("kind", [csv_bytes, parquet_bytes])
def test_the_same_table_is_the_same_bytes(kind: object) -> None:
    assert callable(kind)
    for table in case().values():
        assert kind(table) == kind(table)


def test_formulas_are_kept_as_they_are() -> None:
    """Tables are evidence: a name beginning with = is not changed; the page on bundles warns."""
    assert csv_bytes(Table("t", ("a",), (("=1+1",),))) == b"a\n=1+1\n"
