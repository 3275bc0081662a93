"""A folder of own law: laid over the built-in one, or refused in words, never with a traceback."""

from __future__ import annotations

import copy
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rooms.law.cases import first, instruments, request

from recoup.ground import Answer, Refused
from recoup.law.lint import lint
from recoup.law.overlay import law_of_folder
from recoup.law.planner import built_in_law
from recoup.law.tables import COLUMNS

ROOM = Path(__file__).parents[3] / "src" / "recoup" / "law"
EIO = yaml.safe_load((ROOM / "catalogue" / "EIO.yaml").read_text(encoding="utf-8"))


def folder(tmp_path: Path, *, instrument: str | None = None, tables: str | None = None, **csv: str) -> Path:
    """A law folder with one instrument file, a `tables.yaml` and CSV tables, each as text."""
    if instrument is not None:
        (tmp_path / "catalogue").mkdir()
        (tmp_path / "catalogue" / "OWN.yaml").write_text(instrument, encoding="utf-8")
    if tables is not None:
        (tmp_path / "participation").mkdir()
        (tmp_path / "participation" / "tables.yaml").write_text(tables, encoding="utf-8")
        shutil.copy(ROOM / "participation" / "sources.yaml", tmp_path / "participation")
        for name, rows in csv.items():
            (tmp_path / "participation" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return tmp_path


OWN = yaml.safe_dump(
    {
        **copy.deepcopy(EIO),
        "id": "OWN",
        "name": "Agreement between two States of 2027",
        "table": "OWN_TABLE",
        "valid_from": date(2027, 1, 1),
        "rules": [
            {**rule, "id": rule["id"].replace("EIO.", "OWN.")} for rule in EIO["rules"] if rule["kind"] != "preemption"
        ],
    }
)
TABLES = "OWN_TABLE: {title: Own, closed: true, verify: read}\n"
ROWS = ",".join(COLUMNS) + "\nMU,,bound,2027-01-01,,s02,read,,\nIL,,bound,2027-06-01,,s02,read,,\n"


def test_an_own_instrument_with_its_own_table(tmp_path: Path) -> None:
    law = law_of_folder(folder(tmp_path, instrument=OWN, tables=TABLES, OWN_TABLE=ROWS), built_in_law())
    data = request(requesting__state="IL", asset__situs="MU", measure="evidence")
    assert "OWN" not in instruments(first({**data, "as_of": "2027-05-31"}, law))
    assert "OWN" in instruments(first({**data, "as_of": "2027-06-01"}, law))
    assert "OWN" not in instruments(first({**data, "as_of": "2027-06-01"}))


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    law = law_of_folder(tmp_path, built_in_law())
    assert law.catalogue.instruments == built_in_law().catalogue.instruments
    assert law.parties is built_in_law().parties


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"instrument": OWN}, "no table is called 'OWN_TABLE'"),
        ({"instrument": "a: &x [1]\nb: *x\n"}, "OWN.yaml:2: an alias"),
        ({"instrument": "id: ["}, "not a YAML file"),
        ({"instrument": OWN, "tables": TABLES}, "OWN_TABLE.csv: the table is not there"),
        ({"instrument": OWN, "tables": "- 1\n"}, "tables.yaml:1: not a mapping"),
        ({"instrument": OWN, "tables": "OWN_TABLE: 3\n", "OWN_TABLE": ROWS}, "'OWN_TABLE' is not readable"),
        ({"tables": "OWN_TABLE: {title: x}\n", "OWN_TABLE": ROWS}, "Give it title, closed and verify"),
        ({"tables": "OWN_TABLE: {title: x, closed: maybe, verify: read}\n", "OWN_TABLE": ROWS}, "is not readable"),
        ({"tables": TABLES, "OWN_TABLE": "x\n"}, "not the columns"),
        ({"tables": TABLES, "OWN_TABLE": ROWS.replace("s02", "s99")}, "OWN_TABLE.csv:2: row not readable"),
        ({"tables": TABLES, "OWN_TABLE": ROWS.replace("MU,,bound", "MU,,often")}, "OWN_TABLE.csv:2"),
        ({"tables": TABLES, "OWN_TABLE": ROWS + "FR\n"}, "OWN_TABLE.csv:4"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, parts: dict[str, str], message: str) -> None:
    with pytest.raises(Refused) as refusal:
        law_of_folder(folder(tmp_path, **parts), built_in_law())
    assert message in str(refusal.value)


def test_missing_files_of_a_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "participation").mkdir()
    with pytest.raises(Refused, match=r"sources\.yaml: the file is not there"):
        law_of_folder(tmp_path, built_in_law())
    (tmp_path / "participation" / "sources.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(Refused, match=r"tables\.yaml: the file is not there"):
        law_of_folder(tmp_path, built_in_law())


def test_a_table_that_is_not_text_is_named(tmp_path: Path) -> None:
    place = folder(tmp_path, tables=TABLES)
    (place / "participation" / "OWN_TABLE.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused, match="not UTF-8"):
        law_of_folder(place, built_in_law())


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a YAML value."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found.extend(_places(inner, (*path, key)))
    return found


VALUES: list[Any] = [None, True, -1, 10**30, 1.5, "", "x" * 500, [], {}, [[]], {"a": 1}, date(2026, 1, 1), "\u202e"]
JUNK: st.SearchStrategy[Any] = st.sampled_from(VALUES)
FUZZ = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(_places(EIO)), JUNK, st.booleans())
def test_no_damage_to_an_instrument_gives_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[Any, ...], junk: Any, remove: bool
) -> None:
    """One member replaced by junk or removed: the file is refused in words, or it still loads and plans."""
    data = copy.deepcopy(EIO)
    where = data
    for step in place[:-1]:
        where = where[step]
    if remove:
        del where[place[-1]]
    else:
        where[place[-1]] = junk
    home = folder(tmp_path_factory.mktemp("law"), instrument=yaml.safe_dump(data))
    try:
        law = law_of_folder(home, built_in_law())
    except Refused as refusal:
        assert refusal.defects
        return
    assert first(request(measure="evidence"), law).portfolio[0].availability in Answer


def test_the_linter_reads_many_files_in_one_go() -> None:
    files = sorted((ROOM / "catalogue").glob("*.yaml"))
    assert len(lint(files)) == 0
    assert len(lint([*files, ROOM / "guards.yaml"])) > 0
