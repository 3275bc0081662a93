"""Requests by version, answers, and what follows an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recoup.requests.machine import IllegalMove
from recoup.requests.states import REQUEST

VERSIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class Request:
    """One version of a request under one instrument. `fields` are content codes F with their text."""

    id: str
    version: int
    instrument: str
    route: str
    addressee: str
    assets: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    annex: tuple[str, ...] = ()
    cures: str = ""
    supersedes: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.version <= VERSIONS_MAX:
            raise ValueError(f"version {self.version} is not from 1 to {VERSIONS_MAX}")
        if not self.assets:
            raise ValueError("a request names at least one asset")

    @property
    def key(self) -> str:
        return f"{self.id}/v{self.version}"

    def missing(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Content codes that are wanted and have no text here."""
        written = {code for code, text in self.fields if text.strip()}
        return tuple(code for code in wanted if code not in written)


def cured(old: Request, state: str, cures: str, fields: Sequence[tuple[str, str]]) -> Request:
    """The next version of a refused request: new fields go over the old ones, and it says what it cures."""
    if state != "refused":
        raise IllegalMove("CURE", f"{old.key} is {state}; only a refused request has a cure")
    if not cures.strip():
        raise IllegalMove("CURE", f"{old.key}: a new version says what it cures")
    merged = {**dict(old.fields), **dict(fields)}
    return replace(old, version=old.version + 1, fields=tuple(sorted(merged.items())), cures=cures, supersedes=old.key)


def superseded(old: Request, state: str, instrument: str, route: str, addressee: str) -> Request:
    """A first version under another instrument in the place of one that was refused or proved impossible."""
    if "superseded" not in {arrow.to for arrow in REQUEST.arrows.get(state, ())}:
        raise IllegalMove("MOVE", f"{old.key} is {state}; only a refused or impossible request is superseded")
    if instrument == old.instrument and route == old.route:
        raise IllegalMove("MOVE", f"{old.key}: the same route is cured, not superseded")
    name = f"{old.id}+{instrument}"
    return Request(name, 1, instrument, route, addressee, old.assets, old.fields, old.annex, supersedes=old.key)
