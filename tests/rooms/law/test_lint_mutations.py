"""The linter against every kind of damage to every instrument: it names the file, or the file loads."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from recoup.ground import Refused
from recoup.law.lint import lint
from recoup.law.load import built_in, read_catalogue, with_files
from recoup.law.statement import mark_from

FOLDER = Path(__file__).parents[3] / "src" / "recoup" / "law" / "catalogue"
NAMES = [path.stem for path in sorted(FOLDER.glob("*.yaml"))]
Yaml = dict[str, Any]


def read(name: str) -> Yaml:
    found: Yaml = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def linted(tmp_path: Path, *files: Yaml) -> list[str]:
    paths = []
    for number, data in enumerate(files):
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(yaml.safe_dump(data), encoding="utf-8")
    return [str(defect) for defect in lint(paths)]


REQUIRED = ["id", "name", "kind", "tier", "binding", "matter", "coverage", "valid_from", "valid_to", "table", "parties",
            "sources", "mark", "routes", "rules"]  # fmt: skip


@pytest.mark.parametrize("key", REQUIRED)
def test_every_member_of_an_instrument_is_required(tmp_path: Path, key: str) -> None:
    data = read("EIO")
    del data[key]
    assert any(f"'{key}' is a required property" in text for text in linted(tmp_path, data))


@pytest.mark.parametrize("name", NAMES)
def test_no_statement_of_any_instrument_may_lose_its_source_or_mark(tmp_path: Path, name: str) -> None:
    """Rule by rule, route by route, in the whole catalogue: the promise on which every explanation rests."""
    data = read(name)
    places: list[tuple[str, int, str | None]] = [("rules", number, None) for number in range(len(data["rules"]))]
    places += [("routes", number, "mark") for number in range(len(data["routes"]))]
    for room, number, inner in places:
        for key in ("source", "verify"):
            changed = copy.deepcopy(data)
            where = changed[room][number] if inner is None else changed[room][number][inner]
            del where[key]
            found = linted(tmp_path, changed)
            assert any(f"'{key}' is a required property" in text for text in found), (name, room, number)


def _change(path: list[Any], value: Any) -> Callable[[Yaml], None]:
    def change(data: Yaml) -> None:
        where: Any = data
        for step in path[:-1]:
            where = where[step]
        where[path[-1]] = value

    return change


DAMAGE: list[tuple[Callable[[Yaml], None], str]] = [
    (_change(["valid_from"], "2026-13-45"), "not a date"),
    (_change(["valid_from"], "2026-11-21"), "not a date"),  # a text that looks like a day would break every comparison
    (_change(["valid_from"], "soon"), "does not match"),
    (_change(["sources", "dir", "as_of"], "2026-11-21"), "not a date"),
    (_change(["sources", "dir", "as_of"], None), "not of type 'string'"),
    (_change(["rules", 0, "as_of"], "2020-01-01"), "not a date"),
    (_change(["rules", 0, "review_by"], date(2000, 1, 1)), "is not after"),
    (_change(["routes", 0, "time"], {"p50": 9, "p90": 3}), "P50 9 and P90 3"),
    (_change(["routes", 0, "time"], {"p50": 0, "p90": 3}), "less than the minimum"),
    (_change(["routes", 0, "time"], {"p50": 1.5, "p90": 3}), "not of type 'integer'"),
    (_change(["routes", 0, "evidence_min"], 5), "greater than the maximum"),
    (_change(["routes", 0, "issuers"], []), "should be non-empty"),
    (_change(["routes", 0, "issuers"], ["KING"]), "is not one of"),
    (_change(["routes", 0, "measure"], "seize"), "is not one of"),
    (_change(["routes", 0, "leg"], "arm"), "is not one of"),
    (_change(["routes", 0, "id"], "Freeze!"), "does not match"),
    (_change(["routes", 0, "mark", "source"], "nowhere"), "no source is called 'nowhere'"),
    (_change(["mark", "source"], "nowhere"), "no source is called 'nowhere'"),
    (_change(["mark", "verify"], "believed"), "is not one of"),
    (_change(["tier"], 8), "greater than the maximum"),
    (_change(["parties"], "all"), "is not one of"),
    (_change(["hosts"], ["USA"]), "does not match"),
    (_change(["rules", 0, "when"], "offence.fraud ="), "is not an expression"),
    (_change(["rules", 0, "when"], "x" * 401), "at most 400 characters"),
    (_change(["rules", 0, "when"], " or ".join(["abroad"] * 33)), "at most 32 terms"),
    (_change(["rules", 0, "when"], "__import__('os')"), "not part of the language"),
    (_change(["rules", 0, "kind"], "wish"), "is not one of"),
    (_change(["rules", 0, "clause"], ""), "is too short"),
    (_change(["rules", 0, "id"], "EIO.Ä"), "does not match"),
]


@pytest.mark.parametrize(("change", "message"), DAMAGE, ids=[str(number) for number in range(len(DAMAGE))])
def test_damage_is_named(tmp_path: Path, change: Callable[[Yaml], None], message: str) -> None:
    data = read("EIO")
    change(data)
    found = linted(tmp_path, data)
    assert any(message in text for text in found) and all(text.startswith("0.yaml") for text in found), found


def test_two_routes_of_one_name(tmp_path: Path) -> None:
    """A rule that names the route would bear on both, and a plan could not tell them apart."""
    data = read("EIO")
    data["routes"].append(copy.deepcopy(data["routes"][0]))
    assert any(f"route id {data['routes'][0]['id']} is used 2 times" in text for text in linted(tmp_path, data))


def test_two_files_of_one_instrument(tmp_path: Path) -> None:
    """The later file would silently stand in the place of the first."""
    assert any("the id EIO is that of 0.yaml too" in text for text in linted(tmp_path, read("EIO"), read("EIO")))


def test_an_instrument_that_preempts_itself(tmp_path: Path) -> None:
    data = read("EIO")
    next(rule for rule in data["rules"] if rule["kind"] == "preemption")["over"].append("EIO")
    assert any("EIO pre-empts itself" in text for text in linted(tmp_path, data))


@pytest.mark.parametrize("kind", ["refusal", "waiver", "content", "clock", "preemption", "availability"])
def test_a_rule_that_decides_has_its_condition(tmp_path: Path, kind: str) -> None:
    """Without `when` a refusal would hold always and a waiver would take every risk away."""
    found = 0
    for name in NAMES:
        data = read(name)
        numbers = [number for number, rule in enumerate(data["rules"]) if rule["kind"] == kind]
        if numbers:
            found += 1
            del data["rules"][numbers[0]]["when"]
            assert any("'when' is a required property" in text for text in linted(tmp_path, data)), name
    assert found


@pytest.mark.parametrize("name", NAMES)
def test_what_lints_clean_loads_and_stands_alone(name: str) -> None:
    """The linter's promise: files it passes can be trusted to load."""
    path = FOLDER / f"{name}.yaml"
    assert len(lint([path])) == 0
    loaded = read_catalogue([path])
    assert list(loaded.instruments) == [name] and loaded.instruments[name] == built_in().instruments[name]


def test_marks_of_a_replaced_instrument_go_with_it(tmp_path: Path) -> None:
    """The list of marks held the old rules beside the new ones."""
    data = read("EIO")
    data["rules"] = data["rules"][:1] + [rule for rule in data["rules"] if rule["kind"] == "content"]
    (tmp_path / "EIO.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    changed = with_files(built_in(), [tmp_path / "EIO.yaml"])
    held = [name for name, _ in changed.marks if name.startswith("EIO: ")]
    assert len(held) == len(data["rules"]) and len(set(dict(changed.marks))) == len(changed.marks)


def test_a_mark_takes_its_own_dates_before_those_of_its_source() -> None:
    sources = {"s": {"title": "T", "as_of": date(2026, 1, 1), "review_by": date(2027, 1, 1)}}
    own = mark_from({"source": "s", "verify": "read", "as_of": date(2026, 6, 1)}, sources)
    assert (own.as_of, own.review_by) == (date(2026, 6, 1), date(2027, 1, 1))
    with pytest.raises(TypeError, match="without quotes"):
        mark_from({"source": "s", "verify": "read", "as_of": "2026-06-01"}, sources)
    with pytest.raises(KeyError):
        mark_from({"source": "t", "verify": "read"}, sources)


@pytest.mark.parametrize("text", ["", "null", "3", "'x'", "- a", "a: b: c", "\t", "a: !!python/object:os.system x"])
def test_a_file_that_is_no_instrument_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "X.yaml"
    path.write_text(text, encoding="utf-8")
    assert len(lint([path])) >= 1
    with pytest.raises(Refused, match=r"X\.yaml"):
        read_catalogue([path])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "not there" in str(next(iter(lint([tmp_path / "none.yaml"]))))
