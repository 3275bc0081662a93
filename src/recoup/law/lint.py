"""The linter of the catalogue: no statement without its source and mark, no code that nothing defines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from recoup.ground import Defect, Defects, Refused
from recoup.law.lint_rules import statement_defects
from recoup.law.load import built_in
from recoup.law.statement import instrument_from
from recoup.law.yaml_file import Yaml, read_yaml

_ROOM = Path(__file__).parent
_SHAPE = "Give it the shape of catalogue/schema.json (docs/reference/catalogue.md)"


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    """The JSON Schema of an instrument file."""
    return Draft202012Validator(json.loads((_ROOM / "catalogue" / "schema.json").read_text(encoding="utf-8")))


def lint(files: Iterable[Path]) -> Defects:
    """Everything wrong with these instrument files, file by file; empty when they can be trusted to load.

    Checks: the JSON Schema; every statement has a source, `as_of`, a verify mark and `review_by`; codes F, G, C and
    instruments named by `over` exist; rule ids are unique and begin with the instrument; routes named by rules exist;
    conditions parse; every route states contents; ids are used once; nothing pre-empts itself.
    """
    defects, loaded = Defects(), {}
    for path in files:
        try:
            refuse_aliases(path)
            loaded[path.name] = read_yaml(path)
        except Refused as refusal:
            defects.found.extend(refusal.defects)
    defects.found.extend(_used_twice(loaded))
    known = {data.get("id") for data in loaded.values()} | set(built_in().instruments)
    for name, data in loaded.items():
        shape = list(_shape_defects(name, data))
        found = shape or list(statement_defects(name, data, known, built_in().codes))
        defects.found.extend(found or _loading_defects(name, data))
    return defects


def _used_twice(loaded: Mapping[str, Yaml]) -> Iterator[Defect]:
    first: dict[str, str] = {}
    for name, data in loaded.items():
        other = first.setdefault(str(data.get("id")), name)
        if other != name:
            yield Defect(name, 0, f"the id {data.get('id')} is that of {other} too", "Give each instrument its own id")


def _loading_defects(name: str, data: Yaml) -> Iterator[Defect]:
    """What only building the instrument shows: days that are no days, P50 above P90."""
    try:
        instrument_from(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield Defect(name, 0, f"not an instrument: {str(error)[:200]}", _SHAPE)


def refuse_aliases(path: Path) -> None:
    """Refused for a YAML file with aliases: a few lines of them can stand for any amount of data."""
    try:
        for event in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 0
                raise Refused(Defect(path.name, line, "an alias", "Write the value itself"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return  # the reader says what is wrong


def _shape_defects(name: str, data: Yaml) -> Iterator[Defect]:
    for error in sorted(validator().iter_errors(_plain(data)), key=lambda error: [str(part) for part in error.path]):
        yield Defect(name, 0, f"{error.json_path}: {error.message[:200]}", _SHAPE)


def _plain(value: Any) -> Any:
    """Dates as text, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
