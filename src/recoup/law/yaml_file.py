"""One YAML file of the catalogue, or a refusal with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from recoup.ground import Defect, Refused

CATALOGUE_FILE_BYTES_MAX = 1_000_000
Yaml = Mapping[str, Any]


def read_yaml(path: Path) -> Yaml:
    """The mapping in a YAML file; anything else, none, or more than CATALOGUE_FILE_BYTES_MAX, raises Refused."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(Defect(path.name, 0, "the file is not there or not readable", "Put it there")) from error
    if size > CATALOGUE_FILE_BYTES_MAX:
        raise Refused(Defect(path.name, 0, f"{size} bytes is too much for one file of the catalogue", "Split it"))
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 0
        raise Refused(Defect(path.name, line, "not a YAML file", "Mend the file at this line")) from error
    if not isinstance(data, dict):
        raise Refused(Defect(path.name, 1, "not a mapping", "See docs/reference/catalogue.md"))
    return data
