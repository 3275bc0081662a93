"""Bank accounts, from the statement that a bank sends to the figure: the examples that every textbook has.

Re Hallett's Estate (1880) and Roscoe v Winder [1915] for the lowest intermediate balance, Clayton's Case (1816) for
first in first out, Barlow Clowes v Vaughan [1992] for the rolling charge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.stories.door import Done, contents, within

# The layout of a bank that nobody has a reader for: a profile of one's own says what its columns mean.
PROFILE = """profile = "examplebank"
version = "1"
about = "Statement of an example bank"
source = "Made for this test"

[file]
delimiter = ";"
decimal = ","

[fields]
ledger = { value = "bank:EXAMDEFF" }
asset = { value = "EUR" }
entry = { column = "Beleg" }
time = { column = "Datum", format = "%d.%m.%Y" }
account = { column = "Konto" }
amount = { column = "Betrag" }
"""
HEAD = "Beleg;Datum;Konto;Betrag\n"
# A pays in 1,000 and B 2,000; then 600 is dissipated.
TWO_VICTIMS = HEAD + "b1;01.03.2024;T;1000,00\nb2;02.03.2024;T;2000,00\nb3;03.03.2024;T;-600,00\n"
TWO_CLAIMS = ("b1,A,100000", "b2,B,200000")
# Own 1,000 in, the victim's 1,000 in, 1,500 out, own 1,000 in again.
MIXED = HEAD + "b1;01.03.2024;T;1000,00\nb2;02.03.2024;T;1000,00\nb3;03.03.2024;T;-1500,00\nb4;04.03.2024;T;1000,00\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(statement: str, profile: str = PROFILE) -> Done:
    """The statement to `ledger.csv`, under the profile."""
    Path("bank.toml").write_text(profile, encoding="utf-8")
    Path("statement.csv").write_text(statement, encoding="utf-8")
    return within("read", "statement.csv", "--format", "profile:bank.toml", "--out", "ledger.csv")


def traced(claims: tuple[str, ...], *options: str) -> dict[str, dict[str, Any]]:
    """Each rule's line, from claims `entry,claim,amount` on the leg that each entry has."""
    legs = {line.split(",")[0]: line.split(",")[4] for line in Path("ledger.csv").read_text("utf-8").splitlines()[1:]}
    rows = [claim.split(",") for claim in claims]
    text = "".join(f"{who},{entry},{legs[entry]},{amount}\n" for entry, who, amount in rows)
    Path("claims.csv").write_text("claim,entry,leg,amount\n" + text, encoding="utf-8")
    done = within("trace", "ledger.csv", "--claims", "claims.csv", "--rule", "all", "--json", *options)
    assert done.code == 0, done.words
    return {line["rule"]: line for line in done.lines()}


def held(line: dict[str, Any], account: str = "T") -> dict[str, int]:
    """Whose money lies in an account."""
    found: dict[str, int] = {}
    for holding in line["holdings"]:
        assert holding["asset"] == "EUR" and holding["coin"] == ""
        if holding["account"] == account:
            found |= {who: int(amount) for who, amount in holding["by_claim"].items()}
    return found


def test_two_victims_share_what_is_left_as_each_rule_says() -> None:
    assert read(TWO_VICTIMS).code == 0
    found = traced(TWO_CLAIMS)
    assert held(found["haircut"]) == {"A": 80_000, "B": 160_000}
    assert held(found["fifo"]) == {"A": 40_000, "B": 200_000}
    assert held(found["lifo"]) == {"A": 100_000, "B": 140_000}
    assert held(found["pari-passu"]) == {"A": 80_000, "B": 160_000}
    for name in ("haircut", "fifo", "lifo", "tiho", "tainted-first", "lowest-intermediate", "pari-passu"):
        line = found[name]
        assert (
            line["conserved"] and sum(held(line).values()) + int(line["left_data"]) == int(line["injected"]) == 300_000
        )


def test_a_claim_does_not_grow_again_when_own_money_comes_after() -> None:
    """Own 1,000 in, victim 1,000 in, 1,500 out: 500 is the lowest balance, and the later 1,000 is not the victim's."""
    assert read(MIXED).code == 0
    found = traced(("b2,V,100000",))
    assert held(found["lowest-intermediate"]) == {"V": 50_000}
    assert held(found["fifo"]) == {"V": 50_000}
    assert held(found["poison"]) == {"V": 150_000} and found["poison"]["reach"] is True


def test_a_day_without_times_has_no_order_and_the_figure_is_an_interval() -> None:
    """Both bookings of the victim's day are on the statement; nothing says which was first."""
    read(HEAD + "b1;01.03.2024;T;1000,00\nb2;02.03.2024;T;1000,00\nb3;02.03.2024;T;-1000,00\n")
    line = traced(("b2,V,100000",))["lifo"]
    (holding,) = line["holdings"]
    assert line["unproven_groups"] == 1
    assert (holding["low"], holding["high"]) == ("0", "100000")


def test_the_rows_that_a_bank_statement_gets_wrong_are_named() -> None:
    wrong = "b4;31.02.2024;T;5,00\nb5;01.03.2024;T;5,001\nb6;01.03.2024;T;fünf\nb7;01.03.2024;;5,00\nb8;01.03.2024;T\n"
    done = read(TWO_VICTIMS + wrong)
    assert done.code == 1 and done.out == ""
    for line in range(5, 10):
        assert f"statement.csv:{line}: row rejected" in done.words
    assert len(Path("ledger.csv").read_text("utf-8").splitlines()) == 4  # header and the three good rows


def test_a_profile_that_is_wrong_is_wrong_use_and_nothing_is_read() -> None:
    for profile in (PROFILE.replace("Betrag", "Summe"), PROFILE.replace("[fields]", "[felder]"), "profile = ["):
        done = read(TWO_VICTIMS, profile)
        assert done.code in (1, 2) and done.out == "" and not Path("ledger.csv").exists(), profile
        assert "bank.toml" in done.words or "Summe" in done.words


def test_the_savings_banks_export_is_known_by_itself() -> None:
    columns = (
        "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Glaeubiger ID;Mandatsreferenz;"
        "Kundenreferenz (End-to-End);Sammlerreferenz;Lastschrift Ursprungsbetrag;Auslagenersatz Ruecklastschrift;"
        "Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;BIC (SWIFT-Code);Betrag;Waehrung;Info\n"
    )
    row = (
        '"T";"{day}";"{day}";"UMSATZ";"Anlage";"";"";"";"";"";"";"Müller, Jörg";"DE89370400440532013000";"";'
        '"{sum}";"EUR";"{info}"\n'
    )
    rows = [("01.03.24", "1000,00", "Umsatz gebucht"), ("02.03.24", "2.000,00", "Umsatz gebucht"),
            ("03.03.24", "-600,00", "Umsatz gebucht"), ("04.03.24", "-1,00", "Umsatz vorgemerkt")]  # fmt: skip
    text = columns + "".join(row.format(day=day, sum=amount, info=info) for day, amount, info in rows)
    Path("konto.csv").write_bytes(text.encode("cp1252"))
    done = within("read", "konto.csv", "--labels", "names.csv", "--json")
    legs = [line for line in done.lines() if line["record"] == "leg"]
    assert done.code == 0, done.words
    assert [(leg["side"], leg["amount"]) for leg in legs] == [("in", "100000"), ("in", "200000"), ("out", "60000")]
    assert "pre-booked" in done.words  # the row that is no booking yet is left out with its reason
    assert "Müller, Jörg" in Path("names.csv").read_text("utf-8")


def test_from_statement_to_a_verified_exhibit() -> None:
    read(TWO_VICTIMS)
    traced(TWO_CLAIMS, "--declared", "haircut", "--out", "bundle")
    assert within("verify", "bundle").code == 0
    shares = contents(Path("bundle"))["results/shares.csv"].decode()
    assert "80000" in shares and "160000" in shares
