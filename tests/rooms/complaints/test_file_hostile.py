"""Hostile complaint files: what is said, with the line and how to mend it, and never a throw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recoup.complaints import COLUMNS, Complaint, Method, Profile, read_complaint_files, read_complaints, read_profile
from recoup.complaints import text as text_module
from recoup.complaints.columns import read_date, read_instant, read_money
from recoup.complaints.country import country_code
from recoup.complaints.rows import ID_CHARACTERS_MAX, Assembler
from recoup.complaints.victims import consolidate
from recoup.ground import Defect, Defects, Refused

GOOD = (
    b"complaint,filed,country,victim_name,paid,amount,currency,method,narrative\n"
    b'A:1,2024-03-05,DE,"Ana ""A."" Roth",2024-03-01T10:00:00+01:00,"1,250.50",EUR,bank,"line\ntwo"\n'
    b"A:2,2024-03-06,GB,Ben Keller,2024-03-02,5,GBP,card,x\n"
)
GOOD_JSON = json.dumps([{"complaint": "1", "city": "Bern", "payments": [{"amount": 5, "currency": "EUR"}]}]).encode()


def read(path: Path, profile: Profile | None = None) -> tuple[tuple[Complaint, ...], list[Defect]]:
    defects = Defects()
    return read_complaints(path, defects, profile or Profile()), list(defects)


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def assert_said(path: Path, found: list[Defect]) -> None:
    for defect in found:
        assert defect.file == str(path) and defect.line >= 0 and defect.what and defect.mend
        assert "\n" not in str(defect)


MUTATIONS = st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4), st.integers(0, 3)), max_size=6)


def mutated(content: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    for at, piece, cut in changes:
        at %= len(content) + 1
        content = content[:at] + piece + content[at + cut :]
    return content


@pytest.mark.parametrize(("name", "good"), [("m.csv", GOOD), ("m.json", GOOD_JSON), ("m.jsonl", GOOD_JSON[1:-1])])
@given(changes=MUTATIONS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_bytes_end_in_complaints_defects_or_a_refusal(
    tmp_path: Path, name: str, good: bytes, changes: list[tuple[int, bytes, int]]
) -> None:
    path = put(tmp_path, name, mutated(good, changes))
    try:
        found, defects = read(path)
    except Refused as refused:
        assert_said(path, list(refused.defects))
        return
    assert_said(path, defects)
    assert len(consolidate(found).records) == len(found)


@given(content=st.binary(max_size=300))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_at_all_never_throw(tmp_path: Path, content: bytes) -> None:
    for name in ("a.csv", "a.jsonl"):
        path = put(tmp_path, name, content)
        try:
            assert_said(path, read(path)[1])
        except Refused as refused:
            assert_said(path, list(refused.defects))


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", GOOD + b"A:3,x,y,z,q,w,e,r,\xff\n")
    assert read(path) == read(path)


def test_a_file_name_with_a_locator_sign_is_read(tmp_path: Path) -> None:
    (complaint,), defects = read(put(tmp_path, "case #7.csv", "complaint,city\n1,Bern\n"))
    assert defects == []
    assert complaint.source.item.endswith("case %237.csv") and str(complaint.source).endswith("#line 2")


def test_blank_lines_before_json_lines_count(tmp_path: Path) -> None:
    found, defects = read(put(tmp_path, "a.jsonl", '\n\n{"complaint":"1"}\nbroken\n'))
    assert [complaint.source.locator for complaint in found] == ["line 3"]
    assert [defect.line for defect in defects] == [4]


def test_half_a_surrogate_pair_is_named_and_harms_nothing(tmp_path: Path) -> None:
    rows = '{"complaint":"1","email":"\\ud800@x.com"}\n{"complaint":"2","email":"\\ud83d\\ude21@x.com"}\n'
    found, defects = read(put(tmp_path, "a.jsonl", rows))
    assert [complaint.victim.email for complaint in found] == ["\ufffd@x.com", "😡@x.com"]
    assert [(defect.line, "U+FFFD" in defect.what) for defect in defects] == [(1, True)]
    assert len(consolidate(found).victims) == 2


@pytest.mark.parametrize("depth", [50, 900, 20_000])
def test_nesting_is_read_or_named(tmp_path: Path, depth: int) -> None:
    text = '{"complaint":"1","city":' + "[" * depth + "]" * depth + '}\n{"complaint":"2"}\n'
    found, defects = read(put(tmp_path, "a.jsonl", '{"complaint":"0"}\n' + text))
    assert found[-1].id == "2"
    assert len(found) + len(defects) == 3


@pytest.mark.parametrize("item", ["3", "null", '"x"', "[]", "true", '{"payments": {}}', '{"payments": 7}'])
def test_an_item_that_is_no_complaint_is_named_by_its_place(tmp_path: Path, item: str) -> None:
    found, defects = read(put(tmp_path, "a.json", '[{"complaint":"1"},' + item + ',{"complaint":"3"}]'))
    assert [complaint.id for complaint in found] == ["1", "3"]
    assert [defect.line for defect in defects] == [2]


def test_a_payment_that_is_no_object_is_named_and_its_neighbours_stay(tmp_path: Path) -> None:
    text = '[{"complaint":"1","payments":[7,{"amount":"5","currency":"EUR"},null]}]'
    (complaint,), defects = read(put(tmp_path, "a.json", text))
    assert [str(payment.money) for payment in complaint.payments] == ["5.00 EUR"]
    assert len(defects) == 2 and all("payment rejected" in defect.what for defect in defects)


@pytest.mark.parametrize(
    ("number", "money"),
    [("0.1", "0.10 EUR"), ("1e2", "100.00 EUR"), ("100000000000000000.01", "100,000,000,000,000,000.01 EUR")],
)
def test_json_numbers_never_pass_through_a_float(tmp_path: Path, number: str, money: str) -> None:
    text = '{"complaint":"1","payments":[{"amount":' + number + ',"currency":"EUR"}]}'
    (complaint,), defects = read(put(tmp_path, "a.jsonl", text))
    assert (str(complaint.payments[0].money), defects) == (money, [])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-5", "9" * 5000, "0.001", "1e99"])
def test_a_json_amount_that_cannot_be_is_left_unknown(tmp_path: Path, number: str) -> None:
    text = '{"complaint":"1","payments":[{"amount":' + number + ',"currency":"EUR"}]}'
    (complaint,), defects = read(put(tmp_path, "a.jsonl", text))
    assert complaint.payments[0].money is None and complaint.payments[0].written.endswith("EUR")
    assert len(defects) == 1 and defects[0].what.startswith("amount left unknown")


@pytest.mark.parametrize(("length", "taken"), [(ID_CHARACTERS_MAX, True), (ID_CHARACTERS_MAX + 1, False)])
def test_an_id_at_its_longest(length: int, taken: bool) -> None:
    defects = Defects()
    made = Assembler("f", defects).add_all([(2, {"complaint": "x" * length})]).complaints()
    assert (len(made), len(defects)) == ((1, 0) if taken else (0, 1))


@pytest.mark.parametrize("sign", ["\u202e", "\x07", "\x1b[31m", "\u2028", "\t"])
def test_an_id_that_could_steer_a_terminal_is_rejected(sign: str) -> None:
    defects = Defects()
    assert Assembler("f", defects).add_all([(2, {"complaint": f"a{sign}b"})]).complaints() == ()
    assert [defect.line for defect in defects] == [2]


@pytest.mark.parametrize(
    ("born", "day"),
    [
        ("1961-04-30", "1961-04-30"),
        ("1961-04-30T00:00:00+02:00", "1961-04-30"),
        ("1961-04-30T23:30:00-11:00", "1961-04-30"),
        ("1961/4/30", "1961-04-30"),
        ("30.04.1961", ""),
        ("61-04-30", ""),
        ("1961-02-29", ""),
        ("1960-02-29", "1960-02-29"),
        ("0999-01-01", "0999-01-01"),
    ],
)
def test_a_birth_date_is_the_day_as_written(tmp_path: Path, born: str, day: str) -> None:
    (complaint,), defects = read(put(tmp_path, "a.csv", f"complaint,birth_date\n1,{born}\n"))
    assert complaint.victim.birth_date == day
    assert [defect.line for defect in defects] == ([] if day else [2])


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [("05/03/2024", "dmy", "2024-03-05"), ("05/03/2024", "mdy", "2024-05-03"), ("2024 3 5", "mdy", "2024-03-05")],
)
def test_dates_in_a_stated_order(text: str, order: str, day: str) -> None:
    assert read_date(text, order) == day
    assert str(read_instant(text, order)) == day


@pytest.mark.parametrize("text", ["31/02/2024", "13/13/2024", "1/1/24", "0/1/2024", "1/0/2024", "", "1/1", "x/y/z"])
def test_what_is_no_date_raises(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text, "dmy")


@pytest.mark.parametrize(
    ("amount", "decimal", "minor"),
    [
        ("1,234.56", ".", 123456), ("1.234,56", ",", 123456), ("1 234,56", ",", 123456), ("1'234.56", ".", 123456),
        ("1\u202f234,5", ",", 123450), ("1234", ".", 123400), ("0", ".", 0), ("1,234,567", ".", 123456700),
    ],
)  # fmt: skip
def test_amounts_in_either_hand(amount: str, decimal: str, minor: int) -> None:
    money = read_money(amount, "EUR", decimal)
    assert money is not None and money.amount_minor == minor


@pytest.mark.parametrize(
    ("amount", "decimal"),
    [
        ("1,23", "."),
        ("12,34.5", "."),
        ("1.2.3", "."),
        ("1,2345.6", "."),
        ("-1", "."),
        ("1.234", "."),
        ("1,5", "."),
        ("1.5", ","),
    ],
)
def test_an_amount_that_reads_two_ways_or_loses_digits_raises(amount: str, decimal: str) -> None:
    with pytest.raises(ValueError):
        read_money(amount, "EUR", decimal)


@pytest.mark.parametrize(
    ("sign", "code"), [("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("₪", "ILS"), ("zł", "PLN"), ("eur", "EUR")]
)
def test_currency_signs(sign: str, code: str) -> None:
    money = read_money("1", sign, ".")
    assert money is not None and money.asset.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"),
        ("Deutschland", "DE"),
        ("Германия", "DE"),
        ("ألمانيا", ""),
        ("Tyskland", "DE"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_countries_as_the_locale_data_names_them(text: str, code: str) -> None:
    assert country_code(text) == code
    assert country_code(f"  {text}  ") == code


@pytest.mark.parametrize(
    "table", ["delimiter = '\"'", 'delimiter = "\\n"', 'delimiter = "\\r"', 'decimal = ";"', "delimiter = ''"]
)
def test_a_profile_that_could_not_split_a_row_is_refused(tmp_path: Path, table: str) -> None:
    path = put(tmp_path, "p.toml", f"{table}\n[columns]\ncomplaint = 'x'\n")
    with pytest.raises(Refused, match="delimiter is one character"):
        read_profile(path)


def test_a_profile_with_no_column_for_the_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="does not say where `complaint` is"):
        read_profile(put(tmp_path, "p.toml", "[columns]\ncomplaint = []\n"))


def test_a_profile_joins_columns_and_fills_constants(tmp_path: Path) -> None:
    table = "[columns]\ncomplaint='Nr'\nnarrative=['A','B']\n[constants]\nagency='LKA'\ncountry='DE'\n"
    profile = read_profile(put(tmp_path, "p.toml", table + "[methods]\n'Überweisung'='bank'\n"))
    (complaint,), defects = read(put(tmp_path, "a.csv", "NR,b,A,rest\n1,two,one,z\n"), profile)
    assert (complaint.narrative, complaint.agency, complaint.country) == ("one\ntwo", "LKA", "DE")
    assert defects == []
    assert profile.methods == {"überweisung": Method.BANK}
    assert profile.read == {"nr", "a", "b"}


def test_a_line_at_its_longest_in_utf_16(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "LINE_BYTES_MAX", 30)
    head = "complaint,city\n1,"
    assert len(read(put(tmp_path, "a.csv", (head + "x" * 27 + "\n").encode("utf-16")))[0]) == 1
    with pytest.raises(Refused, match="longer than 30"):
        read(put(tmp_path, "a.csv", (head + "x" * 28 + "\n").encode("utf-16")))


def test_a_cut_utf_16_file_is_read_to_its_last_character(tmp_path: Path) -> None:
    found, _ = read(put(tmp_path, "a.csv", "complaint,city\n1,Bern\n2,Basel".encode("utf-16")[:-1]))
    assert found[0].victim.city == "Bern"


def test_the_first_of_two_files_keeps_an_id_and_the_second_is_named(tmp_path: Path) -> None:
    paths = [put(tmp_path, name, "complaint,city\n1,x\n2,y\n") for name in ("a.csv", "b.csv")]
    defects = Defects()
    found = read_complaint_files(paths, defects)
    assert {complaint.source.item for complaint in found} == {str(paths[0])}
    assert [(defect.file, defect.line) for defect in defects] == [(str(paths[1]), 2), (str(paths[1]), 3)]


def test_every_canonical_column_is_read(tmp_path: Path) -> None:
    values = {
        "filed": "2024-01-01",
        "birth_date": "1990-01-01",
        "country": "DE",
        "paid": "2024-01-01",
        "method": "bank",
    }
    values |= {"amount": "5", "currency": "EUR"}
    row = ",".join(values.get(column, f"v-{column}") for column in COLUMNS)
    (complaint,), defects = read(put(tmp_path, "a.csv", ",".join(COLUMNS) + "\n" + row + "\n"))
    assert defects == []
    for column in COLUMNS:
        assert column in values or f"v-{column}" in str(complaint)
