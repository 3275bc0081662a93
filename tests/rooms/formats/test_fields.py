"""Single fields of rows, and the places that rows grow in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.formats import fields
from recoup.formats.csv_text import header_of, rows_of
from recoup.formats.drafts import Drafts
from recoup.formats.fields import BadRow
from recoup.formats.profile import Layout
from recoup.ground import Asset, Defects, Instant
from recoup.ledger import Leg, Side

TIME = Instant.from_unix(1_600_000_000)


@pytest.mark.parametrize("value", [0, 5, "0", "5", "0005", 2**200, str(2**200)])
def test_whole_numbers(value: object) -> None:
    assert fields.whole({"k": value}, "k") == int(str(value))


@pytest.mark.parametrize(
    "value", [None, -1, "-1", "+1", 1.0, "1.0", "1e5", "", " 1", "0x10", True, [], {}, "٣", "1_000", "9" * 79]
)
def test_what_is_no_whole_number(value: object) -> None:
    with pytest.raises(BadRow, match="k is"):
        fields.whole({"k": value}, "k")


def test_amounts_have_256_bits_at_most() -> None:
    assert fields.amount({"k": 2**256 - 1}, "k") == 2**256 - 1
    for value in (2**256, str(2**256), 10**78):
        with pytest.raises(BadRow):
            fields.amount({"k": value}, "k")


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_unknown_and_not_zero(value: object) -> None:
    assert fields.optional_whole({"k": value}, "k") is None
    assert fields.optional_amount({"k": value}, "k") is None
    assert fields.optional_whole({}, "k") is None
    assert fields.optional_whole({"k": 0}, "k") == fields.optional_amount({"k": "0"}, "k") == 0


@pytest.mark.parametrize(("value", "known"), [("a", "a"), ("", ""), (None, "")])
def test_text(value: object, known: str) -> None:
    assert fields.text({"k": value}, "k") == known


@pytest.mark.parametrize("value", [1, True, [], {}, 1.5])
def test_what_is_no_text(value: object) -> None:
    with pytest.raises(BadRow, match="not text"):
        fields.text({"k": value}, "k")


def test_hashes_with_and_without_their_prefix() -> None:
    digits = "AB" * 32
    assert fields.hash_of({"k": digits}, "k") == digits.lower()
    assert fields.hash_of({"k": "0X" + digits}, "k", "0x") == "0x" + digits.lower()
    for row, prefix in (
        ({"k": digits}, "0x"),
        ({"k": "0x" + digits}, ""),
        ({"k": digits[1:]}, ""),
        ({}, ""),
        ({"k": "zz" * 32}, ""),
    ):
        with pytest.raises(BadRow, match="k is"):
            fields.hash_of(row, "k", prefix)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (True, True),
        (1, True),
        ("1", True),
        ("true", True),
        (False, False),
        (0, False),
        ("0", False),
        ("", False),
        (None, False),
        ("False", False),
    ],
)
def test_truth(value: object, known: bool) -> None:
    assert fields.flag({"k": value}, "k") is known


@pytest.mark.parametrize("value", ["yes", 2, [], {}, -1])
def test_what_is_neither_true_nor_false(value: object) -> None:
    with pytest.raises(BadRow, match="neither true nor false"):
        fields.flag({"k": value}, "k")


def test_objects_and_lists() -> None:
    assert fields.fields_of({"a": 1}, "x") == {"a": 1}
    assert fields.items_of({"k": [1]}, "k") == [1]
    no_objects: list[object] = [None, [], "a", 3]
    for value in no_objects:
        with pytest.raises(BadRow, match="x is not an object"):
            fields.fields_of(value, "x")
    no_lists: list[object] = [None, {}, "a", 3]
    for value in no_lists:
        with pytest.raises(BadRow, match="k is missing or no list"):
            fields.items_of({"k": value}, "k")


@pytest.mark.parametrize("value", [-1, 10**18, "x", None, 253_402_300_800])
def test_what_is_no_time(value: object) -> None:
    with pytest.raises(BadRow):
        fields.unix_time({"k": value}, "k")


def test_times_up_to_the_last_year() -> None:
    assert str(fields.unix_time({"k": 253_402_300_799}, "k")) == "9999-12-31T23:59:59Z"


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_a_shown_value_is_short(value: object) -> None:
    assert len(fields.shown(value)) <= 60


def test_a_rejected_row_names_its_place_only_where_lines_do_not_tell(tmp_path: Path) -> None:
    defects = Defects()
    for place in ("/3", "line 4", ""):
        with fields.rejecting(defects, tmp_path, 4, place):
            raise BadRow("bad", "Mend it")
    assert [defect.what for defect in defects] == ["row rejected at /3: bad", "row rejected: bad", "row rejected: bad"]
    assert {(defect.file, defect.line, defect.mend) for defect in defects} == {(str(tmp_path), 4, "Mend it")}


def leg(name: str) -> Leg:
    return Leg(name, Side.IN, "a", Asset("EUR"), 1)


def test_drafts_keep_the_order_of_first_appearance() -> None:
    drafts = Drafts("f")
    for entry, name in (("e1", "a"), ("e2", "b"), ("e1", "c")):
        drafts.add("l", entry, TIME, 0, [leg(name)])
    assert [(entry.id, [each.id for each in entry.legs]) for entry in drafts.ledger()] == [
        ("e1", ["a", "c"]),
        ("e2", ["b"]),
    ]
    assert (drafts.rows_of("l", "e1"), drafts.rows_of("l", "e2"), drafts.rows_of("m", "e1")) == (2, 1, 0)


def test_drafts_of_two_ledgers_are_apart() -> None:
    drafts = Drafts("f")
    drafts.add("l", "e", TIME, 0, [leg("a")])
    drafts.add("m", "e", TIME, 5, [leg("a")])
    assert [(entry.ledger, entry.position) for entry in drafts.ledger()] == [("l", 0), ("m", 5)]


@pytest.mark.parametrize(("time", "position"), [(TIME, 1), (Instant.from_unix(5), 0)])
def test_an_entry_happens_once(time: Instant, position: int) -> None:
    drafts = Drafts("f")
    drafts.add("l", "e", TIME, 0, [leg("a")])
    with pytest.raises(BadRow, match="another time or position"):
        drafts.add("l", "e", time, position, [leg("b")])
    assert [each.id for each in drafts.ledger().entries[0].legs] == ["a"]


@pytest.mark.parametrize(
    ("head", "layout", "names"),
    [
        (b"a,b\n1,2\n", Layout(), ("a", "b")),
        (b"\xef\xbb\xbfa,b\r\n", Layout(), ("a", "b")),
        (b' "a" ; b \n', Layout(delimiter=";"), ('"a"', "b")),
        (b'"a,x",b\n', Layout(), ("a,x", "b")),
        ("ä;b\n".encode("cp1252"), Layout(delimiter=";", encoding="cp1252"), ("ä", "b")),
        ("ä,b\n".encode("cp1252"), Layout(), ()),
        (b'"open\n', Layout(), ()),
        (b"", Layout(), ()),
    ],
)
def test_headers(head: bytes, layout: Layout, names: tuple[str, ...]) -> None:
    assert header_of(head, layout) == names


def test_rows_of_both_kinds_of_reader_are_alike(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,"x\ny"\n\n2,"z"\n3\n', encoding="utf-8")
    streamed, held = Defects(), Defects()
    plain = list(rows_of(path, ("a",), streamed))
    assert plain == list(rows_of(path, ("a",), held, Layout(encoding="cp1252")))
    assert plain == [(2, {"a": "1", "b": "x\ny"}), (5, {"a": "2", "b": "z"})]
    assert [each.line for each in streamed] == [each.line for each in held] == [6]
