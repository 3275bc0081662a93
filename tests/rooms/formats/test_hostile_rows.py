"""Rows that once were lost, misread or ended the reading: each is read rightly, or said with its line and mend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.formats.build import (
    ALICE,
    BOB,
    CAROL,
    TIME,
    Row,
    assert_written_and_read,
    bitcoin_etl,
    esplora,
    etl_call,
    etl_input,
    etl_output,
    etl_receipt,
    etl_token,
    etl_trace,
    scan_call,
    vin,
    vout,
)

from recoup.formats import Reading, named, read_files
from recoup.formats.evm import LOG_MAX
from recoup.formats.evm_entries import TRACE_NAME_MAX
from recoup.formats.fields import ENTRY_CHARACTERS_MAX
from recoup.formats.profile import parse
from recoup.ground import Defect, Defects, Refused

BOM = b"\xef\xbb\xbf"
HEAD = 'profile = "x"\nversion = "1"\nabout = "a"\nsource = "s"\n'
FIELDS = """[fields]
ledger = { value = "bank:x" }
asset = { value = "EUR" }
time = { column = "when" }
from = { column = "a" }
to = { column = "b" }
amount = { column = "sum" }
"""
TABLE = "when,a,b,sum\n2020-01-01,x,y,5\n"


def given(folder: Path, data: bytes, format_: str = "") -> tuple[Reading, list[Defect]]:
    """A reading whose ledger survives being written, and its defects, each in the file with a mend."""
    path = folder / "given"
    path.write_bytes(data)
    defects = Defects()
    reading = read_files([path], defects, named(format_) if format_ else None)
    assert_written_and_read(reading.ledger, folder / "written.csv")
    assert all(each.file == str(path) and each.mend for each in defects)
    return reading, list(defects)


def lines(*rows: Row) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def names(reading: Reading) -> list[str]:
    return [leg.id for entry in reading.ledger for leg in entry.legs]


@pytest.mark.parametrize("start", [BOM, b"\n", b" \r\n", BOM + b"\n"])
def test_a_mark_or_space_before_json_hides_no_row(tmp_path: Path, start: bytes) -> None:
    for rows in (lines(etl_call(1, ALICE, BOB, 5)), json.dumps([scan_call(1, ALICE, BOB, "5")]).encode()):
        reading, defects = given(tmp_path, start + rows)
        assert (len(reading.ledger.entries), defects) == (1, [])


@pytest.mark.parametrize("place", [0, "0", [0]])
def test_the_first_inner_call_is_not_the_transactions_own(tmp_path: Path, place: object) -> None:
    reading, defects = given(tmp_path, lines(etl_call(1, ALICE, BOB, 5), etl_trace(1, place, BOB, CAROL, 4)))
    assert names(reading) == ["value-out", "value-in", "trace0-out", "trace0-in"] and defects == []


@pytest.mark.parametrize("status", ["0.0", 0.0, 2, "no", -1, []])
def test_a_status_that_says_neither_is_rejected_and_not_read_as_done(tmp_path: Path, status: object) -> None:
    for row in (etl_trace(1, [0], BOB, CAROL, 4, status=status), etl_receipt(1, status=status)):
        _, defects = given(tmp_path, lines(etl_call(1, ALICE, BOB, 5), row))
        assert [(each.line, "neither true nor false" in each.what) for each in defects] == [(2, True)]


def test_two_traces_for_one_place_without_a_hash_are_said(tmp_path: Path) -> None:
    traces = [etl_trace(1, [0], BOB, CAROL, value, transaction_hash=None) for value in (4, 4, 3)]
    reading, defects = given(tmp_path, lines(etl_call(1, ALICE, BOB, 5), *traces))
    assert [(each.line, "stands with other contents" in each.what) for each in defects] == [(4, True)]
    assert [leg.amount for entry in reading.ledger for leg in entry.legs] == [5, 5, 4, 4]


def reward(name: str, time: int = TIME) -> Row:
    return etl_trace(1, [], None, BOB, 5, trace_type="reward", trace_id=name, block_timestamp=time)


@pytest.mark.parametrize(
    ("name", "rejected"),
    [("x" * ENTRY_CHARACTERS_MAX, 0), ("x" * (ENTRY_CHARACTERS_MAX + 1), 1), ("a\x00", 1), ("a\nb", 1), ("\ud800", 1)],
)
def test_the_id_of_a_reward_is_one_that_an_entry_can_bear(tmp_path: Path, name: str, rejected: int) -> None:
    reading, defects = given(tmp_path, lines(reward(name)))
    assert (len(defects), len(reading.ledger.entries)) == (rejected, 1 - rejected)


def test_a_reward_at_two_times_is_said(tmp_path: Path) -> None:
    _, defects = given(tmp_path, lines(reward("r"), reward("r"), reward("r", TIME + 1)))
    assert [(each.line, "another block or time" in each.what) for each in defects] == [(3, True)]


@pytest.mark.parametrize(("log", "rejected"), [(LOG_MAX, 0), (LOG_MAX + 1, 1), (10**4000, 1)])
def test_log_indexes_have_a_limit(tmp_path: Path, log: int, rejected: int) -> None:
    _, defects = given(tmp_path, lines(etl_call(1, ALICE, BOB, 5), etl_token(1, log, ALICE, BOB, 5)))
    assert len(defects) == rejected


@pytest.mark.parametrize("over", [0, 1])
def test_a_deep_trace_is_named_by_a_hash_beyond_the_limit(tmp_path: Path, over: int) -> None:
    place = int("1" * (TRACE_NAME_MAX + over))
    reading, _ = given(tmp_path, lines(etl_call(1, ALICE, BOB, 0), etl_trace(1, [place], BOB, CAROL, 4)))
    assert [name.startswith("trace-sha256:") for name in names(reading)] == [bool(over)] * 2


def test_one_coin_twice_in_a_transaction_is_rejected(tmp_path: Path) -> None:
    coin = vin(0, 0, 1, 9)
    reading, defects = given(tmp_path, lines(esplora(1, [coin, coin], [vout(2, 18)])))
    assert "spends one coin twice" in defects[0].what and not reading.ledger.entries


def test_a_null_type_is_a_transaction(tmp_path: Path) -> None:
    row = bitcoin_etl(1, [etl_input(0, 0, 1, 9)], [etl_output(0, 2, 9)], type=None)
    assert len(given(tmp_path, lines(row))[0].ledger.entries) == 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[file]\nencoding = "undefined"\n' + FIELDS, "encoding 'undefined' is not known"),
        ('[file]\nencoding = "utf\\u0000"\n' + FIELDS, "is not known"),
        *((f'[file]\ndelimiter = "{sign}"\n' + FIELDS, "a quote, a line end or NUL")
          for sign in ("\\n", "\\r", "\\u0000", '\\"')),
        (FIELDS.replace('"a" }', '"a", hex = "upper" }'), "only lower is known"),
        (FIELDS.replace("from", "account").replace("to =", "out ="), "an account needs either amount"),
    ],
)  # fmt: skip
def test_profiles_that_cannot_be_followed_are_refused(text: str, what: str) -> None:
    with pytest.raises(Refused) as caught:
        parse((HEAD + text).encode(), "my.toml")
    assert what in caught.value.defects[0].what


def own(folder: Path, text: str) -> str:
    path = folder / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return f"profile:{path}"


def test_a_directive_that_stands_twice_rejects_the_row(tmp_path: Path) -> None:
    text = FIELDS.replace('"when" }', '"when", format = "%d.%d.%Y" }')
    _, defects = given(tmp_path, TABLE.encode(), own(tmp_path, text))
    assert [(each.line, "cannot be read" in each.what) for each in defects] == [(2, True)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_headers_of_wide_encodings_are_detected(tmp_path: Path, encoding: str) -> None:
    format_ = named(own(tmp_path, f'[file]\nencoding = "{encoding}"\n' + FIELDS))
    assert format_.sniff(TABLE.encode(encoding), tmp_path) and not format_.sniff(b"\xff\xfe\x00", tmp_path)
