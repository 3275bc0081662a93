"""Claims, services, clusters and links files: what is read, and each row that is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recoup.ground import Defects, Refused
from recoup.tracing import (
    Claim,
    ClusterMember,
    Link,
    LinkKind,
    Service,
    read_claims,
    read_clusters,
    read_links,
    read_services,
)

LINKS = "link,kind,from_entry,from_leg,to_entry,to_leg,amount,author,basis\n"
Reader = Callable[[Path, Defects], tuple[Any, ...]]


def made(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rejected(read: Reader, folder: Path, text: str) -> str:
    """What is said of the one rejected row; nothing else may have been read."""
    defects = Defects()
    assert read(made(folder, text), defects) == ()
    (defect,) = defects
    assert defect.file.endswith("file.csv")
    assert defect.line == 2
    return str(defect)


def test_a_claim_keeps_its_line(tmp_path: Path) -> None:
    defects = Defects()
    path = made(
        tmp_path,
        f"claim,entry,leg,amount\nAda,t1,o0,5\nBob,t1,o1,{2**256 - 1}\n",
    )
    first, second = read_claims(path, defects)
    assert first == Claim("Ada", "t1", "o0", 5, str(path), 2)
    assert second.amount == 2**256 - 1
    assert first.key == ("t1", "o0")
    assert not list(defects)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Ada,t1,o0,-5", "whole number"),
        ("Ada,t1,o0,5.0", "whole number"),
        ("Ada,t1,o0,", "amount is empty"),
        ("Ada,t1,o0,0", "a claim of 0 claims nothing"),
        ("Ada,t1,o0,1e3", "whole number"),
        (f"Ada,t1,o0,{2**256}", "256 bits"),
        (",t1,o0,5", "claim is empty"),
        ("Ada,,o0,5", "entry is empty"),
        ("Ada,t1,,5", "leg is empty"),
        ("Ada,t1,o0", "3 fields where the header has 4"),
        ("Ada,t1,o0,5,6", "5 fields where the header has 4"),
    ],
)
def test_a_claim_that_cannot_be_read_is_named(tmp_path: Path, row: str, said: str) -> None:
    assert said in rejected(read_claims, tmp_path, f"claim,entry,leg,amount\n{row}\n")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("claim,entry,leg", "column amount is missing"),
        ("claim,entry,leg,amount,note", "'note' is unknown"),
        ("claim,claim,entry,leg,amount", "stands twice"),
        ("", "column claim is missing"),
    ],
)
def test_a_file_that_is_no_claims_file_is_refused(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_claims(made(tmp_path, header + "\n"), Defects())


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened"):
        read_claims(tmp_path / "nowhere.csv", Defects())


def test_a_service_needs_no_source(tmp_path: Path) -> None:
    defects = Defects()
    with_source = read_services(made(tmp_path, "account,label,kind,source\nX,Bourse,exchange,a list\n"), defects)
    without = read_services(made(tmp_path, "account,label,kind\nX,Bourse,exchange\n"), defects)
    assert with_source == (Service("X", "Bourse", "exchange", "a list"),)
    assert without == (Service("X", "Bourse", "exchange"),)


def test_an_account_is_one_service(tmp_path: Path) -> None:
    defects = Defects()
    text = "account,label,kind,source\nX,Bourse,exchange,\nX,Mixer,mixer,\n"
    assert [service.label for service in read_services(made(tmp_path, text), defects)] == ["Bourse"]
    assert "duplicate: 'X'" in str(next(iter(defects)))


def test_an_account_belongs_to_one_cluster(tmp_path: Path) -> None:
    defects = Defects()
    text = "account,cluster,method\nX,one,co-spend\nX,two,an analyst\n"
    assert read_clusters(made(tmp_path, text), defects) == (ClusterMember("X", "one", "co-spend"),)
    assert [defect.line for defect in defects] == [3]


def test_a_cluster_has_a_method(tmp_path: Path) -> None:
    assert "method is empty" in rejected(read_clusters, tmp_path, "account,cluster,method\nX,one,\n")


def test_an_election_has_no_to_leg_and_a_bridge_has_one(tmp_path: Path) -> None:
    defects = Defects()
    rows = "a,election,e,0,,,,counsel,Re Oatway\nb,bridge,e,1,f,0,7,analyst,message 12\n"
    first, second = read_links(made(tmp_path, LINKS + rows), defects)
    assert not list(defects)
    assert (first.kind, first.to_entry, first.amount) == (LinkKind.ELECTION, "", None)
    assert second == Link(
        "b", LinkKind.BRIDGE, "e", "1", "f", "0", 7, "analyst", "message 12", str(tmp_path / "file.csv"), 3
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,election,e,0,f,0,,counsel,basis", "a link of kind election has no to-leg"),
        ("a,bridge,e,0,,,,counsel,basis", "a link of kind bridge has a to-leg"),
        ("a,swap,e,0,f,,,counsel,basis", "a link of kind swap has a to-leg"),
        ("a,hunch,e,0,f,0,,counsel,basis", "hunch"),
        ("a,bridge,e,0,f,0,,,basis", "author is empty"),
        ("a,bridge,e,0,f,0,,counsel,", "basis is empty"),
        ("a,bridge,e,0,f,0,-1,counsel,basis", "whole number"),
        (",bridge,e,0,f,0,,counsel,basis", "link is empty"),
        ("a,bridge,,0,f,0,,counsel,basis", "from_entry is empty"),
    ],
)
def test_a_link_without_author_basis_or_ends_is_named(tmp_path: Path, row: str, said: str) -> None:
    assert said in rejected(read_links, tmp_path, f"{LINKS}{row}\n")


def test_a_link_s_name_stands_once(tmp_path: Path) -> None:
    defects = Defects()
    row = "a,bridge,e,0,f,0,,analyst,basis\n"
    assert len(read_links(made(tmp_path, LINKS + row + row), defects)) == 1
    assert len(defects) == 1
