"""The catalogue: complete in shape, every statement marked, nothing named that is not defined."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from recoup.ground import Refused
from recoup.law.codes import RuleKind, VerifyMark
from recoup.law.lint import lint
from recoup.law.load import built_in, read_catalogue, with_files
from recoup.law.mark import Days, Period
from recoup.law.yaml_file import CATALOGUE_FILE_BYTES_MAX

FOLDER = Path(__file__).parents[3] / "src" / "recoup" / "law" / "catalogue"
FILES = sorted(FOLDER.glob("*.yaml"))
# The instruments that the field cannot do without.
NEEDED = [
    "MLAT_BI",
    "UNCAC",
    "UNTOC",
    "BUDAPEST",
    "BUDAPEST_2AP",
    "CETS_198",
    "CETS_141",
    "COE_1959",
    "EU_2018_1805",
    "EU_FD_577_783",
    "EU_UK_TCA_XI",
    "EIO",
    "E_EVIDENCE",
    "DIR_2024_1260",
    "AMLD6_FIU",
    "HARARE",
    "VIENNA_1988",
    "OAS_1992",
    "ASEAN_MLAT",
    "HAGUE_SERVICE",
    "HAGUE_EVIDENCE",
    "HAGUE_APOSTILLE",
    "HAGUE_JUDGMENTS_2019",
    "EAPO_655_2014",
    "EGMONT",
    "CARIN",
    "ARIN",
    "INTERPOL_RED",
    "INTERPOL_SILVER",
    "IGRIP",
    "FINCEN_RRP",
    "FATF_R",
    "UN_CYBERCRIME",
    "VOLUNTARY_ISSUER",
    "VOLUNTARY_VASP",
    "US_28USC2467",
    "UK_POCA_ORDER",
]


def test_the_catalogue_lints_clean() -> None:
    assert [str(defect) for defect in lint(FILES)] == []


def test_at_least_thirty_instruments_each_in_its_own_file() -> None:
    assert len(FILES) >= 30
    assert set(NEEDED) <= set(built_in().instruments)
    assert [path.stem for path in FILES] == sorted(built_in().instruments)


def test_every_statement_carries_source_date_mark_and_review() -> None:
    marks = [mark for _, mark in built_in().marks]
    assert len(marks) > 250
    for instrument in built_in().instruments.values():
        for mark in [instrument.mark, *(r.mark for r in instrument.routes), *(r.mark for r in instrument.rules)]:
            assert mark.source and mark.as_of < mark.review_by and mark.verify in VerifyMark, instrument.id


def test_every_code_of_the_lists_is_defined() -> None:
    codes = built_in().codes
    assert list(codes.fields) == [f"F{n:02}" for n in range(1, 31)]
    assert list(codes.grounds) == [f"G{n:02}" for n in range(1, 24)]
    assert list(codes.clocks) == [f"C{n:02}" for n in range(1, 23)]
    assert list(codes.guards) == [f"K{n:02}" for n in range(1, 18)]


def test_the_corrections_that_shape_the_catalogue() -> None:
    """Errors that are common in the field and must not return."""
    known = built_in().instruments
    eu = known["EU_2018_1805"]
    assert {code for rule in eu.rules for code in rule.clocks} == {"C08", "C09", "C21"}  # no 90-day clock
    assert "C12" in {code for rule in known["EIO"].rules for code in rule.clocks}  # 90 days are the EIO's
    assert known["BUDAPEST_2AP"].period.valid_from is None and known["UN_CYBERCRIME"].period.valid_from is None
    finance = [rule for rule in known["E_EVIDENCE"].rules if rule.kind is RuleKind.AVAILABILITY]
    assert "not holder.financial" in str(finance[0].when).replace("(", "").replace(")", "")
    assert not known["HARARE"].binding and not known["EGMONT"].binding


def _mutated(tmp_path: Path, change: Any, name: str = "EIO") -> list[str]:
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    change(data)
    path = tmp_path / f"{name}.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return [str(defect) for defect in lint([path])]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["rules"][0].pop("source"), "'source' is a required property"),
        (lambda d: d["rules"][0].pop("verify"), "'verify' is a required property"),
        (lambda d: d["rules"][0].update(verify="hearsay"), "'hearsay' is not one of"),
        (lambda d: d["rules"][0].update(source="nowhere"), "no source is called 'nowhere'"),
        (lambda d: d["sources"]["dir"].update(review_by=date(2020, 1, 1)), "is not after"),
        (lambda d: d["rules"][0].update(when="offence.colour"), "no fact is called 'offence.colour'"),
        (lambda d: d["rules"][1].update(ground="G99"), "no ground is called G99"),
        (lambda d: d["rules"][6].update(fields=["F77"]), "no content field is called F77"),
        (lambda d: d["rules"][8].update(clocks=["C99"]), "no clock is called C99"),
        (lambda d: d["rules"][8].update(routes=["nothing"]), "no route is called nothing"),
        (lambda d: d["rules"][0].update(id="UNTOC.1"), "does not begin with EIO."),
        (lambda d: d["rules"].append(copy.deepcopy(d["rules"][0])), "is used 2 times"),
        (
            lambda d: d["rules"].append({**d["rules"][10], "id": "EIO.x", "over": ["NOWHERE"]}),
            "instrument is called NOW",
        ),
        (lambda d: d.update(rules=[r for r in d["rules"] if r["kind"] != "content"]), "has no contents"),
        (lambda d: d.update(colour="red"), "Additional properties"),
        (lambda d: d["rules"][1].pop("mitigation"), "'mitigation' is a required property"),
    ],
)
def test_the_linter_finds(tmp_path: Path, change: Any, message: str) -> None:
    assert message in "\n".join(_mutated(tmp_path, change))


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "X.yaml"
    path.write_text("id: EIO\nname: [\n", encoding="utf-8")
    assert "X.yaml:3" in str(next(iter(lint([path]))))
    with pytest.raises(Refused, match=r"X\.yaml:3"):
        read_catalogue([path])
    path.write_text("- 1\n", encoding="utf-8")
    with pytest.raises(Refused, match="not a mapping"):
        read_catalogue([path])
    path.write_text("id: EIO\n", encoding="utf-8")
    with pytest.raises(Refused, match="KeyError"):
        read_catalogue([path])


def test_file_size_limit_at_its_edge(tmp_path: Path) -> None:
    path = tmp_path / "EIO.yaml"
    text = (FOLDER / "EIO.yaml").read_text(encoding="utf-8")
    path.write_text(text + "#" * (CATALOGUE_FILE_BYTES_MAX - len(text.encode())), encoding="utf-8")
    assert "EIO" in read_catalogue([path]).instruments
    path.write_text(path.read_text(encoding="utf-8") + "#", encoding="utf-8")
    with pytest.raises(Refused, match="too much"):
        read_catalogue([path])


def test_own_files_stand_in_place_of_the_built_in(tmp_path: Path) -> None:
    path = tmp_path / "BUDAPEST_2AP.yaml"
    text = (FOLDER / "BUDAPEST_2AP.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("valid_from: null", "valid_from: 2027-03-01"), encoding="utf-8")
    changed = with_files(built_in(), [path])
    assert changed.instruments["BUDAPEST_2AP"].period.covers(date(2027, 3, 1))
    assert len(changed.instruments) == len(built_in().instruments)


def test_periods_and_days() -> None:
    period = Period(date(2020, 1, 1), date(2020, 12, 31))
    answers = [
        period.covers(day) for day in (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    ]
    assert answers == [False, True, True, False]
    assert not Period(None).covers(date(2020, 1, 1))
    with pytest.raises(ValueError, match="P50"):
        Days(10, 5)
    with pytest.raises(ValueError, match="P50"):
        Days(0, 5)


def test_preemption_names_instruments_and_not_itself() -> None:
    for instrument in built_in().instruments.values():
        for rule in instrument.rules:
            assert instrument.id not in rule.over
            assert set(rule.over) <= set(built_in().instruments)


def test_marks_go_stale_after_their_review() -> None:
    mark = built_in().instruments["FATF_R"].mark
    assert not mark.stale_on(mark.review_by)
    assert mark.stale_on(date.fromordinal(mark.review_by.toordinal() + 1))
