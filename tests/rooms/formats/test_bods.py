"""Statements of BODS 0.4: what counts at a date, what counts once, what is said about the rest."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.rooms.complaints.shared import data

from recoup.formats.registers.bods import read_bods
from recoup.ground import Defects, Refused
from recoup.network.ownership import REGIMES, Interest, owners_of

Json = dict[str, object]


def person(name: str, kind: str = "knownPerson") -> Json:
    details = {"isComponent": False, "personType": kind, "names": [{"type": "legal", "fullName": f"name {name}"}]}
    return statement(name, "person", details)


def entity(name: str, kind: str = "registeredEntity") -> Json:
    details = {"isComponent": False, "entityType": {"type": kind}, "name": f"name {name}"}
    return statement(name, "entity", details | {"identifiers": [{"scheme": "GB-COH", "id": f"no-{name}"}]})


def holds(holder: object, subject: object, share: object, kind: str = "shareholding", **more: object) -> Json:
    interest: Json = {"type": kind, **({"share": share} if share is not None else {})}
    interest |= {key: more.pop(key) for key in ("startDate", "endDate") if key in more}
    details: Json = {"isComponent": False, "subject": subject, "interestedParty": holder, "interests": [interest]}
    if "componentRecords" in more:
        details["componentRecords"] = more.pop("componentRecords")
    return statement(str(more.pop("record", f"{holder}-{subject}-{kind}")), "relationship", details) | more


def statement(record: str, kind: str, details: Json) -> Json:
    made: Json = {"statementId": f"st-{record}", "recordId": record, "recordType": kind, "recordStatus": "new"}
    return made | {"statementDate": "2020-01-01", "recordDetails": details}


def read(
    path: Path, *statements: Json, as_at: str | None = None
) -> tuple[dict[str, tuple[str, str]], list[str], list[str]]:
    """{person: (low, high)}, codes of findings, defects."""
    path.write_text(json.dumps(statements))
    defects = Defects()
    bods = read_bods([path], defects, date.fromisoformat(as_at) if as_at else None)
    found = owners_of(bods.register, bods.party("T"), REGIMES["eu-amlr"])
    shares = {each.person: (str(each.assessment.low), str(each.assessment.high)) for each in found.owners}
    return shares, [each.code for each in found.findings], [str(each) for each in defects]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bods.json"


def test_shares_are_exact(path: Path) -> None:
    third = holds("P", "T", {"exact": 33.333})
    shares, _, defects = read(path, person("P"), entity("T"), third)
    assert shares["P"][0] == "33333/100000" and defects == []


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        ({"minimum": 25, "maximum": 50}, "1/4", "1/2"),
        ({"exclusiveMinimum": 25, "exclusiveMaximum": 50}, "1/4", "1/2"),
        ({"minimum": 25, "exclusiveMinimum": True, "maximum": 50}, "1/4", "1/2"),
        (None, "0", "1"),
    ],
)
def test_bands(path: Path, share: object, low: str, high: str) -> None:
    shares, _, _ = read(
        path, person("P"), entity("T"), holds("P", "T", share), entity("G", "state"), holds("G", "T", {"minimum": 0})
    )
    assert shares["P"][0] == low
    assert Fraction(shares["P"][1]) >= Fraction(high)


def test_a_share_that_is_none_is_a_defect_and_unknown(path: Path) -> None:
    for share in ({"exact": 120}, {"exact": "most"}, {"exact": True}):
        shares, _, defects = read(path, person("P"), entity("T"), holds("P", "T", share))
        assert shares["P"] == ("0", "1")
        assert "share left unknown" in defects[0]


def test_the_last_statement_on_a_record_counts(path: Path) -> None:
    later = holds("P", "T", {"exact": 70}) | {"statementDate": "2022-01-01", "statementId": "later"}
    shares, _, _ = read(path, person("P"), entity("T"), later, holds("P", "T", {"exact": 30}))
    assert shares["P"][0] == "7/10"
    shares, _, _ = read(path, person("P"), entity("T"), later, holds("P", "T", {"exact": 30}), as_at="2021-12-31")
    assert shares["P"][0] == "3/10"


def test_a_closed_record_is_gone_from_its_date_on(path: Path) -> None:
    closed = holds("P", "T", {"exact": 70}) | {"statementDate": "2022-01-01", "recordStatus": "closed"}
    both = (person("P"), entity("T"), holds("P", "T", {"exact": 70}), closed)
    assert "P" not in read(path, *both)[0]
    assert read(path, *both, as_at="2021-06-01")[0]["P"][0] == "7/10"


@pytest.mark.parametrize(
    ("as_at", "low"), [("2020-04-30", None), ("2020-05-01", "1/2"), ("2021-04-30", "1/2"), ("2021-05-01", None)]
)
def test_interests_have_their_time(path: Path, as_at: str, low: str | None) -> None:
    timed = holds("P", "T", {"exact": 50}, startDate="2020-05-01", endDate="2021-05-01")
    shares, _, _ = read(path, person("P"), entity("T"), timed, as_at=as_at)
    assert shares.get("P", (None,))[0] == low


def test_an_indirect_interest_with_its_hops_is_counted_once(path: Path) -> None:
    hops = (holds("P", "A", {"exact": 100}), holds("A", "T", {"exact": 60}))
    whole = holds(
        "P", "T", {"exact": 60}, record="whole", componentRecords=["A", "P-A-shareholding", "A-T-shareholding"]
    )
    shares, codes, _ = read(path, person("P"), entity("A"), entity("T"), *hops, whole)
    assert shares["P"][0] == "3/5"
    assert "component-counted-once" in codes
    silent = holds("P", "A", None, kind="unknownInterest", record="P-A-shareholding")
    del silent["recordDetails"]["interests"][0]["type"]  # type: ignore[index]
    shares, _, _ = read(path, person("P"), entity("A"), entity("T"), silent, hops[1], whole)
    assert shares["P"][0] == "3/5"


def test_a_party_without_a_name_is_unknown_and_says_why(path: Path) -> None:
    reason = {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner"}
    shares, codes, _ = read(
        path, person("P"), entity("T"), holds("P", "T", {"exact": 20}), holds(reason, "T", {"exact": 80})
    )
    assert shares["P"] == ("1/5", "1")
    assert "declared-unknown" in codes
    _, codes, _ = read(path, entity("T"), holds({"reason": "noBeneficialOwners"}, "T", None))
    assert "no-beneficial-owners-declared" in codes and "declared-unknown" not in codes


def test_parties_that_nobody_described_are_said(path: Path) -> None:
    _, codes, _ = read(path, entity("T"), holds("A", "T", {"exact": 100}))
    assert "party-not-described" in codes


def test_unnamed_persons_and_subjects_are_said(path: Path) -> None:
    no_subject = holds("P", {"reason": "unknown"}, {"exact": 5}, record="x")
    _, codes, _ = read(path, person("P", "anonymousPerson"), entity("T"), holds("P", "T", {"exact": 90}), no_subject)
    assert {"unnamed-person", "subject-not-named"} <= set(codes)


def test_every_code_of_interest_is_known(path: Path) -> None:
    for code, kind in (("votingRights", "votes"), ("appointmentOfBoard", "control"), ("settlor", "role")):
        shares = read(path, person("P"), entity("T"), holds("P", "T", None, kind=code))[0]
        assert "P" in shares, kind
    for ignored in ("boardMember", "boardChair"):
        assert read(path, person("P"), entity("T"), holds("P", "T", None, kind=ignored))[0] == {}


def test_names_lead_to_the_record(path: Path) -> None:
    path.write_text(json.dumps([entity("T")]))
    bods = read_bods([path], Defects())
    assert {bods.party(each) for each in ("T", "st-T", "no-T", "GB-COH-no-T")} == {"T"}
    with pytest.raises(KeyError):
        bods.party("nobody")


def test_bad_input_is_named(path: Path, tmp_path: Path) -> None:
    path.write_text('{"recordId": 5}\n[1]\n{broken\n' + json.dumps(entity("T")) + "\n")
    defects = Defects()
    assert read_bods([path], defects).party("T") == "T"
    assert [each.line for each in defects] == [1, 2, 3]
    path.write_text("[{")
    with pytest.raises(Refused, match="is not JSON"):
        read_bods([path], Defects())
    with pytest.raises(Refused, match="cannot be opened"):
        read_bods([tmp_path / "missing"], Defects())


@pytest.mark.shared_data
def test_official_examples_are_read_without_a_defect() -> None:
    for example in sorted(data("registers/bods/official_0_4").glob("*.json")):
        defects = Defects()
        bods = read_bods([example], defects)
        assert bods.register.parties and len(defects) == 0, example.name


@pytest.mark.shared_data
def test_valid_statements_have_no_defect() -> None:
    for example in sorted(data("registers/bods/official_tests_0_4/valid-statements").glob("*.json")):
        defects = Defects()
        read_bods([example], defects)
        assert len(defects) == 0, example.name


@pytest.mark.shared_data
def test_invalid_statements_end_in_defects_or_findings_never_in_an_error() -> None:
    for example in sorted(data("registers/bods/official_tests_0_4/invalid-statements").glob("*.json")):
        try:
            read_bods([example], Defects())
        except Refused as refusal:
            assert refusal.defects


@pytest.mark.shared_data
def test_real_groups_are_resolved() -> None:
    for file in sorted(data("registers/bods/real").glob("*.jsonl")):
        defects = Defects()
        bods = read_bods([file], defects)
        target = bods.party(f"XI-LEI-{file.stem}")
        for regime in REGIMES.values():
            found = owners_of(bods.register, target, regime)
            assert found.findings and len(defects) == 0
        assert any(holding.interest is not Interest.UNKNOWN for holding in bods.register.holdings)
