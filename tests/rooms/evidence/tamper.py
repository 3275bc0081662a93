"""The hands that tamper: a database administrator, and an insider who holds the log's key."""

from __future__ import annotations

from tests.rooms.evidence.build import Agency, at
from tests.rooms.evidence.keys import ORIGIN, signer

from recoup.evidence.audit import Code, Finding
from recoup.evidence.growth import Edge, grow
from recoup.evidence.leaf import Entry, Event


def codes(findings: list[Finding]) -> set[Code]:
    return {finding.code for finding in findings}


def named(findings: list[Finding], code: Code) -> list[tuple[int, int]]:
    return [(finding.first, finding.last) for finding in findings if finding.code is code]


def leaf(agency: Agency, index: int) -> bytes:
    return next(agency.file.leaves(index, index + 1))[1]


def forged(number: int, actor: str = "officer-8") -> bytes:
    return Event("item.examined", at(number), actor, "r1").leaf


def edit_leaf(agency: Agency, index: int, data: bytes | None = None) -> None:
    agency.file.db.execute("UPDATE entry SET leaf = ? WHERE idx = ?", (data or forged(index), index))


def rebuild(agency: Agency, leaves: list[bytes], key: str = ORIGIN) -> None:
    """The insider: writes the whole log anew with the log's own key (or another)."""
    old = list(agency.log.entries())
    for table in ("entry", "tile", "checkpoint", "payload"):
        agency.file.db.execute(f"DELETE FROM {table}")
    sealed = [(old[at][1].sealed, old[at][1].record) if at < len(old) else (None, "") for at in range(len(leaves))]
    entries = [Entry(one, *rest) for one, rest in zip(leaves, sealed, strict=True)]
    agency.file.write(grow(Edge(), entries, ORIGIN, signer(key) if key == ORIGIN else stranger()))


def stranger() -> type(signer()):  # type: ignore[valid-type]
    """A key that calls itself by the log's name."""
    return type(signer())(ORIGIN, signer("stranger.example").private)


def leaves_of(agency: Agency) -> list[bytes]:
    return [one for _, one in agency.file.leaves(0, 10**9)]
