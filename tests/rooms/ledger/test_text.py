"""Text from outside: bounded memory, exact line numbers, no row lost without a word."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from recoup.ground import Defects, Refused
from recoup.ledger.text import LINE_CHARACTERS_MAX, ROW_LINES_MAX, ROWS_MAX, bounded_lines, csv_rows

AB = ("a", "b")


def rows_of(
    path: Path, text: str, required: tuple[str, ...] = AB, allowed: tuple[str, ...] = AB
) -> tuple[list[object], list[str]]:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    defects = Defects()
    rows: list[object] = [(line, *row.values()) for line, row in csv_rows(path, required, allowed, defects)]
    return rows, [str(defect).removeprefix(f"{path}:") for defect in defects]


def refusal(path: Path, text: str, **limits: tuple[str, ...]) -> str:
    with pytest.raises(Refused) as refused:
        rows_of(path, text, **limits)
    return str(refused.value).replace(str(path), "F")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_and_a_byte_order_mark(tmp_path: Path, ending: str) -> None:
    text = ending.join(["\ufeffa,b", "1,2", "", '"x,y",ö', "5,6"])
    assert rows_of(tmp_path / "f", text) == ([(2, "1", "2"), (4, "x,y", "ö"), (5, "5", "6")], [])


def test_line_numbers_are_those_of_an_editor(tmp_path: Path) -> None:
    rows, defects = rows_of(tmp_path / "f", 'a,b\n"one\ntwo",2\n3,4\n\n\n5\n6,7\n')
    assert rows == [(2, "one\ntwo", "2"), (4, "3", "4"), (8, "6", "7")]
    assert len(defects) == 1 and defects[0].startswith("7: row rejected: 1 fields where the header has 2")


def test_a_missing_file_a_directory_and_a_forbidden_file_are_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "no", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(Refused, match=f"cannot be opened: {why}"):
            list(bounded_lines(path))


def test_the_edge_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("ok\n" + "x" * 9 + "\n")
    assert list(bounded_lines(path, 10)) == ["ok\n", "x" * 9 + "\n"]
    with pytest.raises(Refused, match="f:2: line is longer than 9 characters"):
        list(bounded_lines(path, 9))


def test_the_edge_of_the_real_limit(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("x" * LINE_CHARACTERS_MAX)
    assert len(next(bounded_lines(path))) == LINE_CHARACTERS_MAX
    path.write_text("x" * (LINE_CHARACTERS_MAX + 1))
    with pytest.raises(Refused, match=r"f:1: line is longer than 1,000,000 characters\. Is this the right file\?"):
        next(bounded_lines(path))


def test_one_line_of_five_gigabytes_fails_fast_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as stream:
        stream.truncate(5 * 1024**3)  # sparse: takes no disk
    tracemalloc.start()
    try:
        assert "line is longer" in refusal_of_lines(path)
        assert tracemalloc.get_traced_memory()[1] < 32 * LINE_CHARACTERS_MAX
    finally:
        tracemalloc.stop()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 * 1024**2  # KiB: far from 5 GiB


def refusal_of_lines(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        list(bounded_lines(path))
    return str(refused.value)


@pytest.mark.parametrize("line", [1, 2, 60, 5_000])
def test_bytes_that_are_no_utf_8_are_named_with_their_line(tmp_path: Path, line: int) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"a,\xc3\xb6\n" * (line - 1) + b"a,\xf6\n" + b"a,b\n" * 100)
    with pytest.raises(Refused, match=f"f:{line}: is not UTF-8 text. Convert it to UTF-8"):
        list(bounded_lines(path))


def test_utf_16_is_refused_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes("a,b\n1,2\n".encode("utf-16"))
    with pytest.raises(Refused, match="f:1: is not UTF-8 text"):
        list(bounded_lines(path))


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("", ["column a is missing", "column b is missing"]),
        ("a", ["column b is missing"]),
        ("a,b,c", ["column 'c' is unknown"]),
        ("a,b,a", ["column 'a' stands twice"]),
        ("A,b", ["column a is missing", "column 'A' is unknown"]),
    ],
)
def test_a_wrong_header_is_refused_with_every_fault(tmp_path: Path, header: str, faults: list[str]) -> None:
    message = refusal(tmp_path / "f", header + "\n1,2\n" if header else "")
    assert message.splitlines() == [f"F:1: {fault}. The header must be: a,b" for fault in faults]


def test_names_of_columns_may_be_padded_and_without_a_list_any_may_stand(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "f", "a , b\n1,2\n")[0] == [(2, "1", "2")]
    assert rows_of(tmp_path / "f", "a,b,c\n1,2,3\n", allowed=())[0] == [(2, "1", "2", "3")]


def test_a_separator_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("a;b\n1,5;2\n")
    assert list(csv_rows(path, AB, AB, Defects(), delimiter=";")) == [(2, {"a": "1,5", "b": "2"})]


def test_a_broken_quote_rejects_its_row_and_reading_goes_on(tmp_path: Path) -> None:
    rows, defects = rows_of(tmp_path / "f", 'a,b\n1,2\n"x"y,2\n3,4\n')
    assert rows == [(2, "1", "2"), (4, "3", "4")]
    assert len(defects) == 1 and defects[0].startswith("3: row rejected: not readable as CSV")


def test_a_quote_never_closed_names_all_the_lines_it_swallowed(tmp_path: Path) -> None:
    rows, defects = rows_of(tmp_path / "f", 'a,b\n1,2\n"x,2\n3,4\n5,6\n')
    assert rows == [(2, "1", "2")]
    assert len(defects) == 1 and defects[0].startswith("3: row rejected") and "(lines 3 to 5)" in defects[0]
    rows, defects = rows_of(tmp_path / "f", 'a,b\n"x,2\n3,"4\n5,6\n')
    assert rows == [(4, "5", "6")]
    assert "(lines 2 to 3)" in defects[0]


def test_a_long_field_is_left_to_the_reader_of_rows(tmp_path: Path) -> None:
    csv.field_size_limit(10)  # one for the process: what others set does not matter
    rows, defects = rows_of(tmp_path / "f", f"a,b\n{'x' * 200_000},2\n")
    assert rows == [(2, "x" * 200_000, "2")] and defects == []


def test_the_edge_of_the_lines_of_one_row(tmp_path: Path) -> None:
    field = '"' + "\n" * (ROW_LINES_MAX - 1) + '"'
    assert len(rows_of(tmp_path / "f", f"a,b\n{field},2\n3,4\n")[0]) == 2
    field = '"' + "\n" * ROW_LINES_MAX + '"'
    assert refusal(tmp_path / "f", f"a,b\n{field},2\n3,4\n").startswith("F:2: row is longer than 1,000 lines")


def test_the_edge_of_the_characters_of_one_row(tmp_path: Path) -> None:
    first = '"' + "x" * (LINE_CHARACTERS_MAX // 2) + "\n"
    last = '",\n'.rjust(LINE_CHARACTERS_MAX - len(first), "x")
    rows, defects = rows_of(tmp_path / "f", f"a,b\n1,2\n{first}{last}3,4\n")
    assert len(rows) == 3 and defects == []
    message = refusal(tmp_path / "f", f"a,b\n1,2\n{first}x{last}3,4\n")
    assert message.startswith("F:3: row is longer than 1,000 lines or 1,000,000 characters")


def test_the_edge_of_the_number_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("a,b\n1,2\n3,4\n\n5,6\n")
    assert len(list(csv_rows(path, AB, AB, Defects(), rows_max=3))) == 3
    with pytest.raises(Refused, match="f:5: more than 2 rows"):
        list(csv_rows(path, AB, AB, Defects(), rows_max=2))
    assert ROWS_MAX == 50_000_000


def test_standard_input_is_read_and_left_open() -> None:
    code = (
        "import sys; from pathlib import Path; from recoup.ledger.text import bounded_lines;"
        "print(list(bounded_lines(Path('-'))), sys.stdin.closed, list(bounded_lines(Path('-'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], input="\ufeffa\nö".encode(), capture_output=True, check=True)
    assert done.stdout.decode() == "['a\\n', 'ö'] False []\n"
