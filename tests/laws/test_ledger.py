"""Laws of the ledger: whatever the bytes, rows are read, named as defects, or the file is refused; never a crash."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.ground import Asset, Defects, Instant, Refused
from recoup.ledger import COLUMNS, Entry, Kind, Ledger, Leg, Order, Side, check, ordered, read_ledger, write_ledger
from recoup.ledger.finding import Code
from recoup.ledger.rows import REQUIRED
from recoup.ledger.text import csv_rows

HEADER = ",".join(COLUMNS) + "\n"
EUR = Asset("EUR")

FIELD = st.sampled_from(
    ["t1", "t2", "2021-06-07", "2021-06-07T00:00:00Z", "0", "1", "in", "out", "EUR", "coin", "t1:o0", ""]
)
ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
ROWS = st.lists(st.lists(FIELD | ODD, min_size=10, max_size=13), max_size=6)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool) -> None:
    path = tmp_path_factory.mktemp("bytes") / "l"
    path.write_bytes((HEADER.encode() if headed else b"") + data)
    defects = Defects()
    try:
        ledger = read_ledger(path, defects)
    except Refused as refusal:
        assert refusal.defects and all(defect.file == str(path) and defect.mend for defect in refusal.defects)
    else:
        assert all(defect.line > 1 for defect in defects) and len(ledger) <= data.count(b"\n") + data.count(b"\r") + 1


@given(ROWS)
def test_every_row_becomes_a_leg_or_a_defect(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("rows") / "l"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([COLUMNS, *rows])
    path.write_bytes(text.getvalue().encode())
    defects = Defects()
    ledger = read_ledger(path, defects)
    assert sum(1 for _ in ledger.legs()) + len(defects) == len(rows)


@given(ROWS)
def test_rows_are_those_of_the_standard_reader(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("rows") / "l"
    whole = [(row + [""] * 12)[:12] for row in rows]
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows([COLUMNS, *whole])
    path.write_bytes(text.getvalue().encode())
    expected = list(csv.DictReader(io.StringIO(text.getvalue(), newline="")))
    assert [row for _, row in csv_rows(path, REQUIRED, COLUMNS, Defects())] == expected


def _entries(ledger: str, kinds: list[Kind]) -> st.SearchStrategy[Entry]:
    legs = st.lists(
        st.tuples(st.sampled_from(Side), st.sampled_from("abc"), st.integers(0, 9), st.sampled_from(kinds)),
        min_size=1,
        max_size=4,
    )
    return st.builds(
        lambda time, position, found: Entry(
            f"{time}/{position}/{len(found)}",
            Instant.parse(time),
            position,
            ledger,
            tuple(
                Leg(str(i), side, account, EUR, amount, kind) for i, (side, account, amount, kind) in enumerate(found)
            ),
        ),
        st.sampled_from(["2021-06-06", "2021-06-07", "2021-06-07T09:00:00Z"]),
        st.integers(0, 2),
        legs,
    )


LEDGERS = st.lists(
    _entries("bank:A", [Kind.TRANSFER, Kind.FEE, Kind.OPENING, Kind.BURN]) | _entries("bank:B", [Kind.TRANSFER]),
    max_size=6,
    unique_by=lambda entry: (entry.ledger, entry.id),
).map(lambda entries: Ledger(tuple(entries)))


@given(LEDGERS)
def test_the_shortfall_is_the_lowest_balance_of_each_account(ledger: Ledger) -> None:
    lowest: dict[tuple[str, str], int] = defaultdict(int)
    balance: Counter[tuple[str, str]] = Counter()
    for entry in ordered(ledger, Order.FILE).entries:
        for leg in entry.legs:
            place = (entry.ledger, leg.account)
            balance[place] += leg.amount if leg.side is Side.IN else -leg.amount
            lowest[place] = min(lowest[place], balance[place])
    ledgers = {entry.id: entry.ledger for entry in ledger}
    found = [one for one in check(ledger) if one.code is Code.SHORTFALL]
    if len(ledgers) == len(ledger):  # ids that name one ledger each
        assert {(ledgers[one.entry], one.account): -one.amount for one in found} == {
            k: v for k, v in lowest.items() if v
        }


@given(LEDGERS)
def test_more_arrives_exactly_where_both_sides_stand_and_the_sums_say_so(ledger: Ledger) -> None:
    inside = (Kind.TRANSFER, Kind.FEE)
    expected = 0
    for entry in ledger:
        sums = {side: [leg.amount for leg in entry.legs if leg.side is side and leg.kind in inside] for side in Side}
        expected += bool(sums[Side.IN] and sums[Side.OUT] and sum(sums[Side.IN]) > sum(sums[Side.OUT]))
    assert sum(one.code is Code.MORE_ARRIVES for one in check(ledger)) == expected


@given(LEDGERS)
def test_checking_changes_nothing_and_says_the_same_twice(ledger: Ledger) -> None:
    before = list(ledger)
    assert check(ledger) == check(ledger) and list(ledger) == before


@given(LEDGERS, st.sampled_from(["l.csv", "l.parquet"]))
def test_a_written_ledger_has_the_same_findings(
    tmp_path_factory: pytest.TempPathFactory, ledger: Ledger, name: str
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    write_ledger(ledger, path)
    found = [(one.code, one.entry, one.account, one.amount) for one in check(read_ledger(path, Defects()))]
    assert found == [(one.code, one.entry, one.account, one.amount) for one in check(ledger)]


@pytest.mark.torture
def test_a_million_legs_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    with path.open("w") as stream:
        stream.write(HEADER)
        for i in range(500_000):
            stream.write(f"t{i},2021-06-07T00:00:00Z,{i},bank:A,0,out,a{i % 1000},EUR,{i},,,\n")
            stream.write(f"t{i},2021-06-07T00:00:00Z,{i},bank:A,1,in,a{i % 997},EUR,{i},,,\n")
    defects = Defects()
    ledger = read_ledger(path, defects)
    assert len(ledger) == 500_000 and not len(defects)
    assert ordered(ledger).unproven == () and ordered(ledger, Order.REVERSED).entries == ledger.entries


@pytest.mark.torture
def test_a_day_of_a_hundred_thousand_unproven_entries_is_ordered(tmp_path: Path) -> None:
    legs = (Leg("0", Side.IN, "a", EUR, 1),)
    times = [
        Instant.parse("2021-06-07"),
        *(Instant.parse(f"2021-06-07T{i // 60:02d}:{i % 60:02d}:00Z") for i in range(1440)),
    ]
    entries = tuple(Entry(f"t{i}", times[i % 1441], 0, f"bank:{i % 7}", legs) for i in range(100_000))
    for order in Order:
        found = ordered(Ledger(entries), order)
        assert len(found.entries) == 100_000 and [len(group) for group in found.unproven] == [100_000]
