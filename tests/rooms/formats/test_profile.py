"""Profiles as files: what they may say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from recoup.formats import profile as module
from recoup.formats.profile import Cell, load, parse, shipped
from recoup.ground import Refused, sha256_hex

HEAD = 'profile = "x"\nversion = "1"\nabout = "a"\nsource = "s"\n'
FIELDS = """
[fields]
ledger = { value = "bank:x" }
asset = { value = "EUR" }
time = { column = "when" }
from = { column = "a" }
to = { column = "b" }
amount = { column = "sum" }
"""


def refused(text: str) -> str:
    with pytest.raises(Refused) as caught:
        parse(text.encode(), "my.toml")
    assert str(caught.value).startswith("my.toml: ") and "docs/how-to/profile.md" in str(caught.value)
    return caught.value.defects[0].what


def test_a_profile_is_read() -> None:
    profile = parse((HEAD + FIELDS).encode(), "my.toml")
    assert (profile.name, profile.version, profile.sha256) == ("x", "1", sha256_hex((HEAD + FIELDS).encode()))
    assert profile.columns == ("when", "a", "b", "sum")
    assert str(profile) == f"profile x 1 (sha256 {profile.sha256[:12]})"


def test_columns_are_all_that_the_profile_names() -> None:
    more = '[[labels]]\naccount = { column = "a" }\nlabel = { column = "name" }\n'
    more += '[[refuse]]\ncolumn = "c"\ncontains = "x"\nwhat = "w"\nmend = "m"\n'
    more += '[[skip]]\ncolumn = "d"\nequals = "x"\nwhy = "w"\n'
    assert parse((HEAD + FIELDS + more).encode(), "f").columns == ("when", "a", "b", "sum", "name", "c", "d")


@pytest.mark.parametrize(
    ("cut", "put", "what"),
    [
        ('profile = "x"', "", "profile is missing"),
        ('version = "1"', "version = 1", "version is missing or no text"),
        ('about = "a"', 'about = ""', "about is missing or no text"),
        ('about = "a"', 'about = "a"\nsecret = 1', "unknown key 'secret'"),
        ('ledger = { value = "bank:x" }', "", "fields.ledger is missing"),
        ('ledger = { value = "bank:x" }', 'ledger = "bank:x"', "ledger is missing or no table"),
        ('ledger = { value = "bank:x" }', 'ledger = { value = "a", column = "b" }', "either column or value"),
        ('ledger = { value = "bank:x" }', "ledger = {}", "either column or value"),
        ('ledger = { value = "bank:x" }', "ledger = { value = 3 }", "value is missing or no text"),
        ('ledger = { value = "bank:x" }', 'ledger = { value = "a", colour = "red" }', "unknown key 'colour'"),
        ('ledger = { value = "bank:x" }', 'ledger = { column = "a", map = { x = 1 } }', "map is missing or no text"),
        ('ledger = { value = "bank:x" }', 'ledger = { column = "a", map = 1 }', "map is missing or no table"),
        ('asset = { value = "EUR" }', "", "fields.asset is missing"),
        ('time = { column = "when" }', "", "fields.time is missing"),
        ('from = { column = "a" }', "", "either from, to and amount, or account"),
        ('amount = { column = "sum" }', "", "either from, to and amount, or account"),
        ('from = { column = "a" }', 'from = { column = "a" }\naccount = { column = "c" }', "either from, to"),
        ('from = { column = "a" }', 'sender = { column = "a" }', "unknown key 'sender'"),
        ("[fields]", "[file]\ndelimiter = ';;'\n[fields]", "delimiter is one character"),
        ("[fields]", "[file]\ndecimal = ';'\n[fields]", "decimal is . or ,"),
        ("[fields]", "[file]\nquotes = 'none'\n[fields]", "quotes are strict or loose"),
        ("[fields]", "[file]\nencoding = 'klingon'\n[fields]", "encoding 'klingon' is not known"),
        ("[fields]", "[file]\nencoding = 'rot13'\n[fields]", "encoding 'rot13' is not known"),
        ("[fields]", "[file]\nlines = 'x'\n[fields]", "unknown key 'lines'"),
        ("[fields]", "[[skip]]\ncolumn = 'x'\n[fields]", "equals is missing"),
        ("[fields]", "[[refuse]]\ncolumn = 'x'\nmore = 'y'\n[fields]", "unknown key 'more'"),
        ("[fields]", "labels = 3\n[fields]", "labels is no list of tables"),
        ("[fields]", "labels = [3]\n[fields]", "labels is missing or no table"),
        ("[fields]", "[[labels]]\naccount = { column = 'x' }\n[fields]", "label is missing or no table"),
        ("[fields]", "[wrong]", "unknown key 'wrong'"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_key(cut: str, put: str, what: str) -> None:
    text = HEAD + FIELDS
    assert cut in text
    assert what in refused(text.replace(cut, put, 1))


ACCOUNT = HEAD + '[fields]\nledger = { value = "l" }\nasset = { value = "EUR" }\ntime = { column = "t" }\n'


@pytest.mark.parametrize(
    ("cells", "fits"),
    [
        ('account = { column = "a" }\namount = { column = "m" }', True),
        ('account = { column = "a" }\nout = { column = "o" }\nin = { column = "i" }', True),
        ('account = { column = "a" }', False),
        ('account = { column = "a" }\nout = { column = "o" }', False),
        ('account = { column = "a" }\namount = { column = "m" }\nout = { column = "o" }\nin = { column = "i" }', False),
        ('account = { column = "a" }\nto = { column = "b" }\namount = { column = "m" }', False),
    ],
)
def test_a_statement_names_its_amount_one_way(cells: str, fits: bool) -> None:
    if fits:
        assert parse((ACCOUNT + cells).encode(), "f").fields.account == Cell(column="a")
    else:
        assert "account" in refused(ACCOUNT + cells)


@pytest.mark.parametrize("data", [b"= 3", b"\xff", b"a = " + b"[" * 50_000])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="not readable as TOML"):
        parse(data, "f")


def test_files_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "my.toml"
    path.write_text(HEAD + FIELDS, encoding="utf-8")
    assert load(path).name == "x"
    with pytest.raises(Refused, match="cannot be opened"):
        load(tmp_path / "none.toml")
    monkeypatch.setattr(module, "PROFILE_BYTES_MAX", len(HEAD + FIELDS))
    assert load(path).name == "x"
    monkeypatch.setattr(module, "PROFILE_BYTES_MAX", len(HEAD + FIELDS) - 1)
    with pytest.raises(Refused, match="longer than"):
        load(path)


def test_shipped_profiles_are_sound_and_named_as_their_files() -> None:
    names = [profile.name for profile in shipped()]
    assert names == ["amlsim", "arkham", "ethereum-case-edges", "sparkasse-camt"]
    assert all(profile.version and profile.source and len(profile.columns) > 3 for profile in shipped())


def test_a_cell_gives_constant_column_map_or_lower_hex() -> None:
    row = {"a": " 0xAB ", "b": "x"}
    assert Cell(value="k").of(row) == "k"
    assert Cell(column="a").of(row) == "0xAB"
    assert Cell(column="a", hex="lower").of(row) == "0xab"
    assert Cell(column="b", hex="lower").of({"b": "TJq"}) == "TJq"
    assert Cell(column="b", map={"x": "y"}).of(row) == "y"
    assert Cell(column="b", map={"z": "y"}).of(row) == "x"
    assert Cell(column="missing").of(row) == ""
