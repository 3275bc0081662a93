"""Reference cases: facts of public ledgers, transcribed into ledger files of our own with their public source named."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from recoup.ground import Defect, Refused
from recoup.tracing import Granularity, Rule

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """A bundled case: its files, its question, and the rule it declares. `services` is None where it has none."""

    name: str
    title: str
    question: str
    about: tuple[str, ...]
    sources: tuple[str, ...]
    rule: Rule
    granularity: Granularity
    targets: dict[str, str]  # account -> what it is, for the summary
    ledger: Path
    claims: Path
    services: Path | None


def names() -> tuple[str, ...]:
    """The bundled cases, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/case.toml")))


def case(name: str) -> Case:
    """One bundled case; an unknown name raises Refused with the names there are."""
    if name not in names():
        raise Refused(Defect(name, 0, "no such reference case", "Choose one of: " + ", ".join(names())))
    folder = HERE / name
    told = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    services = folder / "services.csv"
    return Case(
        name=name,
        title=told["title"],
        question=told["question"],
        about=tuple(told["about"]),
        sources=tuple(told["sources"]),
        rule=Rule(told["rule"]),
        granularity=Granularity(told["granularity"]),
        targets=told["targets"],
        ledger=folder / "ledger.csv",
        claims=folder / "claims.csv",
        services=services if services.exists() else None,
    )
