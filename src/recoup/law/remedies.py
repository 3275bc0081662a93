"""The remedy matrix: which remedy is open on what evidence; standards of proof are never mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from recoup.ground import Verdict
from recoup.law.codes import AuthorityType, Ladder
from recoup.law.mark import Mark
from recoup.law.statement import mark_from
from recoup.law.yaml_file import read_yaml


@dataclass(frozen=True, slots=True)
class Remedy:
    """`standard` is the least step of the evidence ladder; `vehicles` are instruments that carry it abroad."""

    id: str
    title: str
    who: tuple[AuthorityType, ...]
    standard: Ladder
    conviction: bool
    vehicles: tuple[str, ...]
    paid: str
    mark: Mark

    def open_to(self, who: AuthorityType | None, level: int | None, convicted: bool | None) -> Verdict:
        """Whether this authority can seek it on this evidence; unknown where any of the three is not known."""
        asked = [
            _known(None if who is None else who in self.who, f"{self.title} is sought by {', '.join(self.who)}"),
            _known(None if level is None else level >= self.standard, f"it takes evidence {self.standard.name}"),
        ]
        if self.conviction:
            asked.append(_known(convicted, "it takes a conviction"))
        return Verdict.all_of(asked)


def _known(truth: bool | None, reason: str) -> Verdict:
    return Verdict.unknown(reason) if truth is None else Verdict.yes(reason) if truth else Verdict.no(reason)


@lru_cache(maxsize=1)
def remedies() -> Mapping[str, Remedy]:
    """Every remedy of the matrix by id."""
    data = read_yaml(Path(__file__).parent / "remedies.yaml")
    return {
        name: Remedy(
            id=name,
            title=row["title"],
            who=tuple(map(AuthorityType, row["who"])),
            standard=Ladder(row["standard"]),
            conviction=row["conviction"],
            vehicles=tuple(row["vehicles"]),
            paid=row["paid"],
            mark=mark_from(row, data["sources"]),
        )
        for name, row in data["remedies"].items()
    }
