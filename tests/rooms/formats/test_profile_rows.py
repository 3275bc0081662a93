"""Rows by profile: transfers, statements, times, amounts, labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rooms.formats.build import ALICE, BOB, TOKEN, assert_written_and_read, brief

from recoup.formats import csv_text
from recoup.formats.labels import Label
from recoup.formats.profile import Profile, parse, shipped
from recoup.formats.profile_rows import read, sniff
from recoup.ground import Defects, Refused, sha256_file
from recoup.ledger import Ledger

HEAD = 'profile = "x"\nversion = "1"\nabout = "a"\nsource = "s"\n'
TRANSFER = """[fields]
ledger = { value = "vasp:x" }
asset = { column = "asset" }
time = { column = "time" }
entry = { column = "id" }
from = { column = "from" }
to = { column = "to" }
amount = { column = "amount" }
"""
COLUMNS = "id,time,from,to,asset,amount"


def profile(text: str = TRANSFER, file: str = "") -> Profile:
    return parse((HEAD + file + text).encode(), "my.toml")


def run(folder: Path, content: str | bytes, how: Profile) -> tuple[Ledger, list[Label], Defects]:
    path = folder / "rows.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    defects = Defects()
    ledger, labels = read(path, how, defects)
    assert_written_and_read(ledger, folder / "written.csv")
    return ledger, labels, defects


def legs(ledger: Ledger) -> list[str]:
    return [brief(leg) for _, leg in ledger.legs()]


def said(defects: Defects) -> list[str]:
    return [f"{defect.line}: {defect.what.removeprefix('row rejected: ')}" for defect in defects]


def test_rows_of_one_entry_stand_as_pairs_in_their_order(tmp_path: Path) -> None:
    rows = [
        "t1,2020-01-01T00:00:00Z,a,b,EUR,1.50",
        "t2,2020-01-01T00:00:01Z,b,c,EUR,2",
        "t1,2020-01-01T00:00:00Z,a,c,BTC,1e-08",
    ]
    ledger, labels, defects = run(tmp_path, "\n".join([COLUMNS, *rows]) + "\n", profile())
    assert (said(defects), labels) == ([], [])
    assert [(entry.id, [brief(leg) for leg in entry.legs]) for entry in ledger] == [
        ("t1", [
            "0-out out a 150 EUR transfer", "0-in in b 150 EUR transfer",
            "1-out out a 1 BTC transfer", "1-in in c 1 BTC transfer",
        ]),
        ("t2", ["0-out out b 200 EUR transfer", "0-in in c 200 EUR transfer"]),
    ]  # fmt: skip
    item = sha256_file(tmp_path / "rows.csv")
    assert [leg.source for _, leg in ledger.legs()][::2] == [f"{item}#line 2", f"{item}#line 4", f"{item}#line 3"]
    assert {entry.position for entry in ledger} == {0}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("t2,2020-01-01T00:00:01Z,b,c,EUR,-2", "is negative"),
        ("t2,2020-01-01T00:00:01Z,b,c,EUR,2.001", "more decimals"),
        ("t2,2020-01-01T00:00:01Z,b,c,EUR,two", "is not a decimal number"),
        ('t2,2020-01-01T00:00:01Z,b,c,EUR,"2,5"', "is not a decimal number"),
        ("t2,2020-01-01T00:00:01Z,b,c,EUR,1e99", "decimal number|256 bits"),
        ("t2,2020-01-01T00:00:01Z,b,c,EUR,", "is not a decimal number"),
        ("t2,2020-01-01T00:00:01Z,b,c,WAT,2", "the decimals of WAT are not known"),
        ("t2,2020-01-01T00:00:01Z,b,c,E R,2", "asset code"),
        ("t2,2020-01-01T00:00:01Z,,c,EUR,2", "account ''"),
        ("t2,2020-01-01T00:00:01Z,b,c\x07,EUR,2", "too long or holds"),
        (f"t2,2020-01-01T00:00:01Z,b,{'c' * 501},EUR,2", "too long"),
        (",2020-01-01T00:00:01Z,b,c,EUR,2", "the entry id is ''"),
        (f"{'t' * 201},2020-01-01T00:00:01Z,b,c,EUR,2", "the entry id is"),
        ("t2,yesterday,b,c,EUR,2", "time 'yesterday' cannot be read"),
        ("t1,2020-01-01T00:00:01Z,b,c,EUR,2", "another time or position on an earlier row"),
        ("t2,2020-01-01T00:00:01Z,b,c,EUR", "5 fields where the header has 6"),
    ],
)
def test_a_bad_row_is_rejected_whole_and_the_rest_kept(tmp_path: Path, row: str, words: str) -> None:
    good = "t1,2020-01-01T00:00:00Z,a,b,EUR,1.50"
    ledger, _, defects = run(tmp_path, "\n".join([COLUMNS, good, row]) + "\n", profile())
    assert len(said(defects)) == 1 and said(defects)[0].startswith("3: ")
    assert any(each in said(defects)[0] for each in words.split("|"))
    assert legs(ledger) == ["0-out out a 150 EUR transfer", "0-in in b 150 EUR transfer"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("id,time,from,to,asset", "column amount is missing"),
        ("a,b", "column id is missing"),
        (COLUMNS + ",id", "stands twice"),
        ("", "is missing"),
    ],
)
def test_a_header_that_lacks_a_column_is_refused(tmp_path: Path, header: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        run(tmp_path, header + "\n", profile())


def test_further_columns_do_no_harm(tmp_path: Path) -> None:
    ledger, _, defects = run(tmp_path, f"more,{COLUMNS}\nx,t1,2020-01-01,a,b,EUR,1\n", profile())
    assert said(defects) == [] and str(ledger.entries[0].time) == "2020-01-01"


def test_rows_without_ids_are_named_by_file_and_line(tmp_path: Path) -> None:
    text = TRANSFER.replace('entry = { column = "id" }\n', "")
    ledger, _, _ = run(tmp_path, f"{COLUMNS}\n,2020-01-01,a,b,EUR,1\n,2020-01-01,a,b,EUR,1\n", profile(text))
    item = sha256_file(tmp_path / "rows.csv")[:12]
    assert [entry.id for entry in ledger] == [f"{item}-2", f"{item}-3"]


def test_tokens_positions_kinds_fees_and_constants(tmp_path: Path) -> None:
    text = TRANSFER + (
        'contract = { column = "contract", hex = "lower" }\ndecimals = { column = "places" }\n'
        'kind = { column = "what", map = { Trade = "swap" } }\nfee = { column = "fee" }\nblock = { column = "block" }\n'
    )
    rows = [
        f"t1,2020-01-01,{ALICE},{BOB},USDT,5.000001,{TOKEN.upper().replace('X', 'x')},6,Trade,0.5,77",
        f"t2,2020-01-01,{ALICE},{BOB},ETH,5,,18,,,78",
        f"t3,2020-01-01,{ALICE},{BOB},US DT,5,{TOKEN},0,mint,,79",
    ]
    header = COLUMNS + ",contract,places,what,fee,block"
    ledger, _, defects = run(tmp_path, "\n".join([header, *rows]), profile(text))
    assert said(defects) == []
    assert legs(ledger)[:3] == [
        "0-out out aaaa 5000001 USDT swap",
        "0-in in bbbb 5000001 USDT swap",
        "0-fee out aaaa 500000 USDT fee",
    ]
    assert [leg.asset.code for _, leg in ledger.legs()][2:6:3] == [f"USDT@vasp:x:{TOKEN}", f"token@vasp:x:{TOKEN}"]
    assert [entry.position for entry in ledger] == [77_000_000, 78_000_000, 79_000_000]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('kind = { column = "to" }', "kind 'b' is not known"),
        ('position = { column = "to" }', "position 'b' is no whole number"),
        ('block = { value = "9999999999999" }', "out of range"),
        ('decimals = { value = "78" }', "decimals of EUR are not known"),
        ('decimals = { column = "to" }', "decimals of EUR are not known"),
    ],
)
def test_bad_cells_reject_the_row(tmp_path: Path, change: str, words: str) -> None:
    _, _, defects = run(tmp_path, f"{COLUMNS}\nt1,2020-01-01,a,b,EUR,1\n", profile(TRANSFER + change))
    assert len(said(defects)) == 1 and words in said(defects)[0]


STATEMENT = """[fields]
ledger = { value = "bank:x" }
asset = { value = "EUR" }
time = { column = "day", format = "%d.%m.%Y" }
account = { column = "iban" }
"""


def test_signed_amounts_are_one_sided(tmp_path: Path) -> None:
    how = profile(STATEMENT + 'amount = { column = "sum" }\n', "[file]\ndelimiter = ';'\ndecimal = ','\n")
    rows = "day;iban;sum\n24.12.2020;DE1;-1.234,56\n25.12.2020;DE1;+7\n26.12.2020;DE1;0,5\n27.12.2020;DE1;1.23,4\n"
    ledger, _, defects = run(tmp_path, rows, how)
    assert legs(ledger) == [
        "0-out out DE1 123456 EUR transfer",
        "0-in in DE1 700 EUR transfer",
        "0-in in DE1 50 EUR transfer",
    ]
    assert [str(entry.time) for entry in ledger] == ["2020-12-24", "2020-12-25", "2020-12-26"]
    assert said(defects) == ["5: amount '1.23,4' is not written with a decimal comma"]


def test_a_direction_names_the_side(tmp_path: Path) -> None:
    cells = 'amount = { column = "sum" }\ndirection = { column = "dc", map = { D = "out", C = "in" } }\n'
    ledger, _, defects = run(
        tmp_path, "day,iban,sum,dc\n1.1.2020,A,5,D\n1.1.2020,A,6,C\n1.1.2020,A,7,X\n", profile(STATEMENT + cells)
    )
    assert legs(ledger) == ["0-out out A 500 EUR transfer", "0-in in A 600 EUR transfer"]
    assert said(defects) == ["4: direction 'X' is not known"]


def test_two_columns_of_amounts(tmp_path: Path) -> None:
    cells = 'out = { column = "debit" }\nin = { column = "credit" }\nfee = { column = "fee" }\n'
    rows = ["A,5,,0", "A,,6,0.25", "A,5,6,", "A,,,", "A,-5,,"]
    content = "\n".join(["day,iban,debit,credit,fee", *(f"1.1.2020,{row}" for row in rows)])
    ledger, _, defects = run(tmp_path, content, profile(STATEMENT + cells))
    assert legs(ledger) == [
        "0-out out A 500 EUR transfer",
        "0-in in A 600 EUR transfer",
        "0-fee out A 25 EUR fee",
        "0-out out A 500 EUR transfer",
    ]
    assert [each[0] for each in said(defects)] == ["4", "5"]


def test_skipped_rows_are_counted_and_refused_rows_rejected(tmp_path: Path) -> None:
    more = '[[skip]]\ncolumn = "to"\nequals = "b"\nwhy = "pending"\n'
    more += '[[refuse]]\ncolumn = "from"\ncontains = ";"\nwhat = "two senders"\nmend = "Split"\n'
    rows = "t1,2020-01-01,a,b,EUR,1\nt2,2020-01-01,a,b,EUR,bad\nt3,2020-01-01,a;c,d,EUR,1\nt4,2020-01-01,a,d,EUR,1\n"
    ledger, _, defects = run(tmp_path, f"{COLUMNS}\n{rows}", profile(TRANSFER + more))
    assert [entry.id for entry in ledger] == ["t4"]
    assert said(defects) == ["4: two senders"] and defects.found[0].mend == "Split"
    assert [notice.what for notice in defects.notices] == ["2 rows left out: pending"]


def test_labels_once_each_and_never_of_rejected_rows(tmp_path: Path) -> None:
    more = '[[labels]]\naccount = { column = "to" }\nlabel = { column = "name" }\nkind = "exchange"\n'
    rows = ["b,EUR,1,Bee", "b,EUR,1,Bee", "B2,EUR,1,b2", "e,EUR,x,Eve", "f,EUR,1,"]
    content = "\n".join([f"{COLUMNS},name", *(f"t{n},2020-01-01,a,{row}" for n, row in enumerate(rows))])
    _, labels, _ = run(tmp_path, content, profile(TRANSFER + more))
    assert labels == [Label("b", "Bee", "exchange", f"{sha256_file(tmp_path / 'rows.csv')}#line 2")]


def test_other_encodings(tmp_path: Path) -> None:
    how = profile(file="[file]\nencoding = 'cp1252'\n")
    content = f"{COLUMNS}\nt1,2020-01-01,Müller,b,EUR,1\n\nt2,2020-01-01\n".encode("cp1252")
    ledger, _, defects = run(tmp_path, content, how)
    assert ledger.entries[0].legs[0].account == "Müller"
    assert said(defects) == ["4: 2 fields where the header has 6"]
    with pytest.raises(Refused, match="is not cp1252 text"):
        run(tmp_path, content + b"\x81", how)
    with pytest.raises(Refused, match="not readable as CSV"):
        run(tmp_path, content + b'"open', how)
    with pytest.raises(Refused, match="column amount is missing"):
        run(tmp_path, b"id,time,from,to,asset\n", how)


def test_limits_of_held_files_at_their_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    how = profile(file="[file]\nencoding = 'cp1252'\n")
    content = f"{COLUMNS}\nt1,2020-01-01,a,b,EUR,1\n"
    monkeypatch.setattr(csv_text, "HELD_BYTES_MAX", len(content))
    assert len(run(tmp_path, content, how)[0]) == 1
    monkeypatch.setattr(csv_text, "HELD_BYTES_MAX", len(content) - 1)
    with pytest.raises(Refused, match="longer than"):
        run(tmp_path, content, how)
    monkeypatch.undo()
    monkeypatch.setattr(csv_text, "LINE_CHARACTERS_MAX", len(COLUMNS))
    assert len(run(tmp_path, content, how)[0]) == 1
    monkeypatch.setattr(csv_text, "LINE_CHARACTERS_MAX", len(COLUMNS) - 1)
    with pytest.raises(Refused, match="a line is longer"):
        run(tmp_path, content, how)


def test_loose_quotes_keep_the_fields_in_line(tmp_path: Path) -> None:
    row = 't1,2020-01-01,"Bee" Inc,b,EUR,1\n'
    assert len(said(run(tmp_path, f"{COLUMNS}\n{row}", profile())[2])) == 1
    ledger, _, defects = run(tmp_path, f"{COLUMNS}\n{row}", profile(file="[file]\nquotes = 'loose'\n"))
    assert said(defects) == [] and ledger.entries[0].legs[0].account == "Bee Inc"


def by_name(name: str) -> Profile:
    return next(each for each in shipped() if each.name == name)


SPARKASSE = (
    "Auftragskonto", "Buchungstag", "Valutadatum", "Buchungstext", "Verwendungszweck", "Glaeubiger ID",
    "Mandatsreferenz", "Kundenreferenz (End-to-End)", "Sammlerreferenz", "Lastschrift Ursprungsbetrag",
    "Auslagenersatz Ruecklastschrift", "Beguenstigter/Zahlungspflichtiger", "Kontonummer/IBAN", "BIC (SWIFT-Code)",
    "Betrag", "Waehrung", "Info",
)  # fmt: skip


def sparkasse(day: str, amount: str, info: str = "Umsatz gebucht") -> str:
    given = {
        "Auftragskonto": "DE02120300000000202051", "Buchungstag": day, "Betrag": amount, "Waehrung": "EUR",
        "Info": info,
        "Beguenstigter/Zahlungspflichtiger": "Müller GmbH", "Kontonummer/IBAN": "DE02500105170137075030",
    }  # fmt: skip
    return ";".join(f'"{given.get(column, "")}"' for column in SPARKASSE)


def test_a_statement_of_a_german_savings_bank(tmp_path: Path) -> None:
    rows = [("02.01.24", "-1.250,00"), ("03.01.24", "17,5"), ("03.01.24", "1,0", "Umsatz vorgemerkt")]
    lines = [";".join(f'"{column}"' for column in SPARKASSE), *(sparkasse(*row) for row in rows)]
    content = ("\n".join(lines) + "\n").encode("cp1252")
    how = by_name("sparkasse-camt")
    assert sniff(how, content)
    ledger, labels, defects = run(tmp_path, content, how)
    assert said(defects) == []
    assert legs(ledger) == ["0-out out 2051 125000 EUR transfer", "0-in in 2051 1750 EUR transfer"]
    assert [str(entry.time) for entry in ledger] == ["2024-01-02", "2024-01-03"]
    assert [(label.account, label.label) for label in labels] == [("DE02500105170137075030", "Müller GmbH")]
    assert [notice.what for notice in defects.notices] == ["1 rows left out: pre-booked, not yet a booking"]


def test_simulated_bank_accounts(tmp_path: Path) -> None:
    ledger, _, defects = run(tmp_path, "sourceNodeId,targetNodeId,value,time\n216,14730,163.3,1\n", by_name("amlsim"))
    assert said(defects) == []
    assert legs(ledger) == ["0-out out 216 16330 USD transfer", "0-in in 4730 16330 USD transfer"]
    assert str(ledger.entries[0].time) == "2017-01-02"


def test_sniff_wants_every_column() -> None:
    assert sniff(profile(), (COLUMNS + ",more\n").encode())
    assert not sniff(profile(), b"id,time\n") and not sniff(profile(), b"") and not sniff(profile(), b"\xff\xfe\n")
