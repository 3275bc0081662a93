"""Forms as data: sections in order, the content fields of each, what is required, what must be told in candour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from recoup.law.codes import VerifyMark
from recoup.law.mark import Mark
from recoup.law.yaml_file import read_yaml

_FOLDER = Path(__file__).parent / "forms"


@dataclass(frozen=True, slots=True)
class Section:
    """`id` is that of the source form where it has one."""

    id: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """`frank`: what may hurt the applicant and must be told (full and frank disclosure). Never official."""

    id: str
    title: str
    version: str
    note: str
    required: tuple[str, ...]
    sections: tuple[Section, ...]
    frank: tuple[str, ...]
    mark: Mark

    @property
    def fields(self) -> tuple[str, ...]:
        """Every content field of the form, in order of its sections."""
        return tuple(dict.fromkeys(code for section in self.sections for code in section.fields))


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Every form by id."""
    return {path.stem: _read(path) for path in sorted(_FOLDER.glob("*.yaml"))}


def _read(path: Path) -> Form:
    row = read_yaml(path)
    as_of, review = row["as_of"], row["review_by"]
    if type(as_of) is not date or type(review) is not date or row["official"] is not False:
        raise ValueError(f"{path.name}: a form has two dates and is not official")
    return Form(
        id=row["id"],
        title=row["title"],
        version=str(row["form_version"]),
        note=row["note"],
        required=tuple(row["required"]),
        sections=tuple(Section(str(one["id"]), one["title"], tuple(one["fields"])) for one in row["sections"]),
        frank=tuple(row["frank"]),
        mark=Mark(row["source"], as_of, VerifyMark(row["verify"]), review),
    )
