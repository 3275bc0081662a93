"""List files: each known layout, and what is said about the unknown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.complaints.shared import data

from recoup.formats.lists.reading import read_lists
from recoup.formats.lists.table import read_list_profile
from recoup.ground import Defects, Refused
from recoup.network.screening import Listing

SDN = '36,"AIR EXAMPLE",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n' + (
    '77,"DOE, John","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 07 Oct 1954; nationality Iran; Passport A12345678 (Iran); Digital Currency Address - XBT '
    '1HQ3Go3ggs8pFnXuHVHRytPCq5fGG8Hbhx."\n'
)
ALT = '77,12,"aka","DO, Jon",-0- \n'
ADD = '36,25,"Street 1","Havana","Cuba",-0- \n'
XML = """<?xml version="1.0"?><sdnList xmlns="https://x/sdn.xsd"><sdnEntry><uid>7</uid><firstName>John</firstName>
<lastName>DOE</lastName><sdnType>Individual</sdnType><akaList><aka><lastName>JD</lastName></aka></akaList>
<idList><id><idType>Passport</idType><idNumber>A1</idNumber></id></idList>
<dateOfBirthList><dateOfBirthItem><dateOfBirth>07 Oct 1954</dateOfBirth></dateOfBirthItem></dateOfBirthList>
<nationalityList><nationality><country>Iran</country></nationality></nationalityList></sdnEntry>
<sdnEntry><uid>8</uid></sdnEntry></sdnList>"""
UN = """<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>ERIC</FIRST_NAME><SECOND_NAME>DOE</SECOND_NAME>
<REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER><NAME_ORIGINAL_SCRIPT>صدام</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Rwanda</VALUE></NATIONALITY><INDIVIDUAL_ALIAS><ALIAS_NAME>A; B</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><FIRST_NAME>ADF</FIRST_NAME><DATAID>9</DATAID></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""


def read(*texts: tuple[Path, str]) -> tuple[list[Listing], list[str]]:
    for path, text in texts:
        path.write_text(text, "utf-8")
    defects = Defects()
    return read_lists([path for path, _ in texts], defects), [str(defect) for defect in defects]


def test_ofac_csv_joins_its_three_files(tmp_path: Path) -> None:
    found, defects = read((tmp_path / "sdn.csv", SDN), (tmp_path / "alt.csv", ALT), (tmp_path / "add.csv", ADD))
    assert defects == []
    air, john = found
    assert (air.names, air.countries, air.nature) == (("AIR EXAMPLE",), ("CU",), "entity")
    assert john.names == ("John DOE", "Jon DO")
    assert (john.births, john.countries) == (("1954-10-07",), ("IR",))
    assert john.identifiers == ("A12345678", "1HQ3Go3ggs8pFnXuHVHRytPCq5fGG8Hbhx")
    assert (john.list, john.entry) == ("sdn", "77")


def test_ofac_xml(tmp_path: Path) -> None:
    (john,), defects = read((tmp_path / "sdn.xml", XML))
    assert john == Listing("sdn", "7", ("John DOE", "JD"), ("1954-10-07",), ("IR",), ("A1",), "person")
    assert len(defects) == 1 and "entry rejected: it has no name" in defects[0]


def test_un_xml(tmp_path: Path) -> None:
    (eric, adf), defects = read((tmp_path / "un.xml", UN))
    assert defects == []
    assert eric == Listing("un", "CDi.001", ("ERIC DOE", "صدام", "A", "B"), ("1971",), ("RW",), (), "person")
    assert (adf.names, adf.entry, adf.nature) == (("ADF",), "9", "entity")


def test_follow_the_money_lines(tmp_path: Path) -> None:
    properties = {"name": ["John Doe"], "alias": ["JD"], "birthDate": ["1954"], "nationality": ["ir"]}
    good = json.dumps({"id": "Q1", "schema": "Person", "properties": properties, "datasets": ["us_ofac"]})
    only_caption = '{"id": "Q2", "schema": "Company", "caption": "Evil Ltd", "properties": {}}'
    found, defects = read((tmp_path / "l.json", f"{good}\n{only_caption}\n{{broken\n[]\n\n"))
    assert found[0] == Listing("us_ofac", "Q1", ("John Doe", "JD"), ("1954",), ("IR",), (), "person")
    assert found[1].names == ("Evil Ltd",)
    assert len(defects) == 2 and "l.json:3" in defects[0]


def test_eu_csv_and_csv_by_profile(tmp_path: Path) -> None:
    header = "celex,recordId,name,alias,country,birthDate,passportNumber"
    eu = f"{header}\n32,5,John Doe,JD; Johnny,Iran,6.10.1954,A1\n32,6,,,,,\n"
    (john,), defects = read((tmp_path / "eu.csv", eu))
    assert (john.names, john.births, john.countries, john.identifiers) == (
        ("John Doe", "JD", "Johnny"),
        ("1954-10-06",),
        ("IR",),
        ("A1",),
    )
    assert "it has no name" in defects[0]
    profile, table = tmp_path / "p.toml", tmp_path / "fca.csv"
    profile.write_text('names = ["Trading name", "Firm"]\nentry = "Ref"\nseparator = "|"\n')
    table.write_text("Ref,Trading name,Firm\n9,BigOption | Big Option,Linkopia\n")
    (big,) = read_lists([table], Defects(), read_list_profile(profile))
    assert (big.entry, big.names) == ("9", ("BigOption", "Big Option", "Linkopia"))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.xml", "<other/>", "XML of an unknown kind"),
        ("a.xml", "<sdnList><sdnEntry>", "is not XML"),
        ("a.xml", "<CONSOLIDATED_LIST><INDIVIDUAL>", "is not XML"),
        ("a.csv", "colour,shape\nred,round\n", "no column name"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read((tmp_path / name, text))
    with pytest.raises(Refused, match="cannot be opened"):
        read_lists([tmp_path / "missing"], Defects())


@pytest.mark.parametrize(
    ("text", "words"),
    [("colour = 1\nnames = 'x'\n", "unknown keys"), ("entry = 'x'\n", "names is missing"), ("=", "no profile")],
)
def test_a_wrong_profile_says_what(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    with pytest.raises(Refused, match=words):
        read_list_profile(path)


def test_an_external_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("LEAKED")
    text = f'<!DOCTYPE l [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + UN.replace("ERIC", "&x;ERIC")
    found, _ = read((tmp_path / "un.xml", text))
    assert "LEAKED" not in str(found)


@pytest.mark.shared_data
def test_public_lists_are_read() -> None:
    folder = data("entities/watchlists")
    defects = Defects()
    found = read_lists([folder / "ofac_sdn.csv", folder / "ofac_alt.csv", folder / "UN_consolidated.xml"], defects)
    assert len(found) > 8_000 and len(defects) == 0
    assert sum(len(each.names) > 1 for each in found) > 3_000
