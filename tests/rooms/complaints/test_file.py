"""Complaint files: what is read, what is said about what cannot be read."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from recoup.complaints import COLUMNS, Complaint, Method, read_complaint_files, read_complaints, read_profile
from recoup.complaints import text as text_module
from recoup.complaints.rows import PAYMENTS_PER_COMPLAINT_MAX
from recoup.ground import Defects, Instant, Refused

HEADER = ",".join(COLUMNS)


def written(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> tuple[tuple[Complaint, ...], list[str]]:
    defects = Defects()
    return read_complaints(path, defects), [str(defect) for defect in defects]


def test_rows_of_one_complaint_join_and_each_keeps_its_payment(tmp_path: Path) -> None:
    first = {"complaint": "A:1", "victim_name": "Ana Roth", "country": "Deutschland", "filed": "2024-03-05"}
    path = written(
        tmp_path / "c.csv",
        first | {"paid": "2024-03-01T10:00:00+01:00", "amount": "1,250.50", "currency": "EUR", "method": "bank"},
        {"complaint": "A:1", "amount": "0.5", "currency": "BTC", "method": "crypto", "recipient": "1abc"},
        {"complaint": "A:2", "narrative": "line one\nline two"},
    )
    (one, two), defects = read(path)
    assert defects == []
    assert (one.country, str(one.filed), one.victim.name) == ("DE", "2024-03-05", "Ana Roth")
    assert [str(payment.money) for payment in one.payments] == ["1,250.50 EUR", "0.50000000 BTC"]
    assert [payment.method for payment in one.payments] == [Method.BANK, Method.CRYPTO]
    assert str(one.payments[0].paid) == "2024-03-01T09:00:00Z"
    assert two.payments == () and two.narrative == "line one\nline two"
    assert (one.source.locator, one.payments[1].line, two.source.locator) == ("line 2", 3, "line 4")


def test_a_field_that_cannot_be_read_stays_unknown_and_is_named(tmp_path: Path) -> None:
    bad = {"complaint": "1", "filed": "yesterday", "country": "Atlantis", "birth_date": "1961-13-01"}
    path = written(tmp_path / "c.csv", bad | {"amount": "12,5", "currency": "EUR", "method": "magic", "paid": "soon"})
    (complaint,), defects = read(path)
    assert (complaint.filed, complaint.country, complaint.victim.birth_date) == (None, "", "")
    assert complaint.payments[0].money is None and complaint.payments[0].written == "12,5 EUR"
    assert complaint.payments[0].method is Method.UNKNOWN
    for column in ("filed", "country", "birth_date", "amount", "method", "paid"):
        assert any(f"c.csv:2: {column} left unknown" in defect for defect in defects), column


@pytest.mark.parametrize("key", ["", "   ", "x" * 201, "a\nb"])
def test_a_row_without_a_usable_id_is_rejected(tmp_path: Path, key: str) -> None:
    found, defects = read(written(tmp_path / "c.csv", {"complaint": key}, {"complaint": "x" * 200}))
    assert [complaint.id for complaint in found] == ["x" * 200]
    assert len(defects) == 1 and "complaint id is empty" in defects[0]


def test_contradicting_rows_keep_the_first_and_say_so(tmp_path: Path) -> None:
    rows = ({"complaint": "1", "city": "Bern"}, {"complaint": "1", "city": "Basel"})
    (complaint,), defects = read(written(tmp_path / "c.csv", *rows))
    assert complaint.victim.city == "Bern"
    assert "c.csv:3: city differs from line 2" in defects[0]


def test_unknown_currency_keeps_the_written_amount(tmp_path: Path) -> None:
    rows = ({"complaint": "1", "amount": "900", "currency": "USDT"}, {"complaint": "2", "amount": "5"})
    found, defects = read(written(tmp_path / "c.csv", *rows))
    assert defects == []
    assert [(c.payments[0].money, c.payments[0].written) for c in found] == [(None, "900 USDT"), (None, "5")]


def test_wrong_encoding_is_read_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("complaint,victim_name\n1,Jürgen Müller\n2,Ana\n".encode("cp1252"))
    found, defects = read(path)
    assert found[0].victim.name == "Jürgen Müller"
    assert len(defects) == 1 and "c.csv:2: line is not UTF-8" in defects[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks_are_obeyed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("complaint,victim_name\n1,Людмила\n".encode(encoding))
    found, defects = read(path)
    assert (found[0].victim.name, defects) == ("Людмила", [])


def test_a_column_nobody_reads_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("complaint,colour\n1,red\n2,blue\n")
    found, defects = read(path)
    assert len(found) == 2
    assert defects == [f"{path}:2: column 'colour' is not read. Rename it, drop it, or write a profile that maps it"]


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("complaint,city\n1\n2,Bern\n", "1 fields where the header has 2"),
        ("complaint,city\n1,a\x00b\n2,Bern\n", "holds a NUL"),
    ],
)
def test_a_broken_row_does_not_take_its_neighbours(tmp_path: Path, text: str, expect: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(text)
    found, defects = read(path)
    assert [complaint.id for complaint in found] == ["2"]
    assert len(defects) == 1 and expect in defects[0]


def test_a_quote_that_never_closes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text('complaint,city\n1,Bern\n2,"Basel\n3,Genf\n')
    found, defects = read(path)
    assert [complaint.id for complaint in found] == ["1"]
    assert len(defects) == 1 and "c.csv:3: row rejected: a quote opened here never closes" in defects[0]


def test_files_that_are_no_complaint_files_are_refused(tmp_path: Path) -> None:
    no_id, twice, broken = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.json"
    no_id.write_text("name,city\nAna,Bern\n")
    twice.write_text("complaint,city,city\n1,a,b\n")
    broken.write_text('[{"complaint": ')
    for path, words in ((no_id, "complaint is missing"), (twice, "stands twice"), (broken, "is not JSON")):
        with pytest.raises(Refused, match=words):
            read(path)
    with pytest.raises(Refused, match="cannot be opened"):
        read(tmp_path / "missing.csv")


def test_json_numbers_never_pass_through_a_float(tmp_path: Path) -> None:
    item = (
        '{"complaint": 7, "payments": [{"amount": 0.12345678, "currency": "BTC"}, {"amount": 1e-8, "currency":"BTC"}]}'
    )
    array, lines = tmp_path / "c.json", tmp_path / "c.jsonl"
    array.write_text(f"[{item}]")
    lines.write_text(item + "\n")
    for path in (array, lines):
        (complaint,), defects = read(path)
        assert [payment.money.amount_minor for payment in complaint.payments if payment.money] == [12345678, 1]
        assert (complaint.id, defects) == ("7", [])


def test_bad_json_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    good = json.dumps({"complaint": "ok"})
    path.write_text(f'{good}\n{{broken\n[1]\n{{"complaint":"p","payments":[3]}}\n{"[" * 5000}\n')
    found, defects = read(path)
    assert [complaint.id for complaint in found] == ["ok", "p"]
    assert [defect.split(":")[1] for defect in defects] == ["2", "3", "4", "5"]


PROFILE = """
delimiter = ";"
decimal = ","
date_order = "dmy"
[columns]
complaint = "Nr"
victim_name = ["Vorname", "Name"]
amount = "Betrag"
currency = "Währung"
paid = "Datum"
method = "Art"
[constants]
agency = "LKA"
country = "DE"
[methods]
"Überweisung" = "bank"
"""


def test_a_profile_maps_another_layout(tmp_path: Path) -> None:
    profile, path = tmp_path / "lka.toml", tmp_path / "c.csv"
    profile.write_text(PROFILE, "utf-8")
    path.write_text("Nr;Vorname;Name;Betrag;Währung;Datum;Art;Rest\n9;Ana;Roth;1.250,50;EUR;05.03.2024;Überweisung;x\n")
    defects = Defects()
    (complaint,) = read_complaints(path, defects, read_profile(profile))
    assert list(defects) == []
    assert (complaint.victim.name, complaint.agency, complaint.country) == ("Ana\nRoth", "LKA", "DE")
    (payment,) = complaint.payments
    assert (str(payment.money), str(payment.paid), payment.method) == ("1,250.50 EUR", "2024-03-05", Method.BANK)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[columns]\ncity = 'x'\n", "does not say where `complaint` is"),
        ("[columns]\ncomplaint = 'x'\nshoe = 'y'\n", "'shoe' is not canonical"),
        ("colour = 1\n[columns]\ncomplaint = 'x'\n", "'colour' is unknown"),
        ("date_order = 'ydm'\n[columns]\ncomplaint = 'x'\n", "date_order is none of"),
        ("[columns]\ncomplaint = 'x'\n[methods]\na = 'b'\n", "method 'b' is unknown"),
        ("delimiter = ';;'\n[columns]\ncomplaint = 'x'\n", "delimiter is one character"),
        ("columns = 3", "are tables"),
        ("= 3", "is not TOML"),
    ],
)
def test_a_profile_that_is_wrong_says_what(tmp_path: Path, table: str, words: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(table)
    with pytest.raises(Refused, match=words):
        read_profile(path)


def test_the_same_id_in_two_files_is_taken_once(tmp_path: Path) -> None:
    paths = [written(tmp_path / name, {"complaint": "1", "city": name}) for name in ("a.csv", "b.csv")]
    defects = Defects()
    (complaint,) = read_complaint_files(paths, defects)
    assert complaint.victim.city == "a.csv"
    assert "stands in" in str(next(iter(defects)))


def test_limits_at_their_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "LINE_BYTES_MAX", 40)
    path = tmp_path / "c.csv"
    path.write_text("complaint,narrative\n1," + "x" * 37 + "\n")
    assert len(read(path)[0][0].narrative) == 37
    path.write_text("complaint,narrative\n1," + "x" * 38 + "\n")
    with pytest.raises(Refused, match="longer than 40 bytes"):
        read(path)


def test_a_field_beyond_its_limit_ends_the_reading_with_a_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_module, "FIELD_CHARACTERS_MAX", 100)
    path = tmp_path / "c.csv"
    path.write_text("complaint,narrative\n1," + "x" * 100 + "\n2," + "x" * 101 + "\n3,y\n")
    found, defects = read(path)
    assert [complaint.id for complaint in found] == ["1"]
    assert "c.csv:3: not readable as CSV from here on" in defects[0]


def test_too_many_payments_are_rejected_by_name(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    rows = "".join("1,5,EUR\n" for _ in range(PAYMENTS_PER_COMPLAINT_MAX + 1))
    path.write_text("complaint,amount,currency\n" + rows)
    (complaint,), defects = read(path)
    assert len(complaint.payments) == PAYMENTS_PER_COMPLAINT_MAX
    assert len(defects) == 1 and "more than 100,000 payments" in defects[0]


def test_an_id_is_never_empty() -> None:
    with pytest.raises(ValueError, match="needs an id"):
        Complaint("")


def test_instants_may_be_in_a_stated_order(tmp_path: Path) -> None:
    path = written(
        tmp_path / "c.csv", {"complaint": "1", "filed": "2024/03/05"}, {"complaint": "2", "filed": "05/03/24"}
    )
    found, defects = read(path)
    assert found[0].filed == Instant.parse("2024-03-05")
    assert found[1].filed is None and "no year of four digits" in defects[0]
