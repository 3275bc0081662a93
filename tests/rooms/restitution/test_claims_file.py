"""The claims file: every rejected row is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from recoup.ground import Defects, Refused
from recoup.restitution.claims.file import Standing, read_claims, read_links, refuse_defects

HEAD = "claim,person,gross,withdrawn,maximum,state,class,pools\n"


def read(tmp_path: Path, rows: str, head: str = HEAD) -> tuple[list[str], list[str]]:
    path = tmp_path / "claims.csv"
    path.write_text(head + rows)
    defects = Defects()
    found = read_claims(path, defects)
    return list(found.claims.ids), [f"{defect.line}: {defect.what}" for defect in defects]


def test_rows_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + "b,p,10,2,,,,\na,q,7,,9,disputed,x,n;s\nz,r,1,,,denied,,\n")
    found = read_claims(path, Defects())
    assert (list(found.claims.ids), found.persons) == (["a", "b", "z"], ("q", "p", "r"))
    assert (found.maximum.tolist(), found.claims.loss.tolist()) == ([9, 10, 1], [7, 8, 1])
    assert found.standing == (Standing.DISPUTED, Standing.ALLOWED, Standing.DENIED)
    assert (found.classes[0], found.pools[0]) == ("x", "n;s")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,p,1.5,,,,,", "2: row rejected: amount '1.5'"),
        ("a,p,-1,,,,,", "2: row rejected: amount '-1'"),
        ("a,,1,,,,,", "2: row rejected: person is empty"),
        (",p,1,,,,,", "2: row rejected: claim is empty"),
        ("a\x07,p,1,,,,,", "2: row rejected: claim is empty, too long, or holds control"),
        ("a,p,1,,,maybe,,", "2: row rejected: 'maybe' is not a valid Standing"),
        ("a,p,5,,4,disputed,,", "2: row rejected: a disputed claim needs maximum"),
        ("a,p,5", "2: row rejected: 3 fields"),
        (f"a,p,{2**256},,,,,", "2: row rejected: amount"),
    ],
)
def test_rejected_rows(tmp_path: Path, row: str, words: str) -> None:
    ids, defects = read(tmp_path, row + "\nok,p,1,,,,,\n")
    assert ids == ["ok"]
    assert len(defects) == 1
    assert defects[0].startswith(words)


def test_a_claim_stands_once(tmp_path: Path) -> None:
    assert read(tmp_path, "a,p,1,,,,,\na,q,2,,,,,\n") == (
        ["a"],
        ["3: row rejected: claim 'a' stands on line 2 already"],
    )


def test_columns_are_checked(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="column gross is missing"):
        read(tmp_path, "", "claim,person\n")
    with pytest.raises(Refused, match="'grosss' is unknown"):
        read(tmp_path, "", "claim,person,gross,grosss\n")


def test_links_and_refusal(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(
        "one,other,kind,state,decided_by,reason\np,q,joint,confirmed,r,same account\np,q,married,confirmed,r,x\n"
    )
    defects = Defects()
    assert len(read_links(path, defects)) == 1
    assert "'married' is not a valid LinkKind" in next(iter(defects)).what
    with pytest.raises(Refused):
        refuse_defects(defects)
    refuse_defects(Defects())
