"""Limits, refusals and remarks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from recoup.evidence.intake.sniff import FileType


class Why(StrEnum):
    """Reasons to keep a file in quarantine, then (from PASSWORD on) remarks that do not."""

    TOO_LARGE = "too-large"
    UNPACKS_TOO_LARGE = "unpacks-too-large"
    RATIO = "compression-ratio"
    TOO_MANY_ENTRIES = "too-many-entries"
    TOO_DEEP = "nested-too-deep"
    LYING_SIZE = "size-differs-from-header"
    OVERLAP = "entries-overlap"
    PATH_ESCAPES = "path-escapes"
    LINK = "link-or-device"
    DAMAGED = "damaged"
    POLYGLOT = "two-types-at-once"
    PIXELS = "too-many-pixels"
    EXECUTABLE = "executable"
    NAME_DECEIVES = "name-deceives"
    UNINSPECTED = "cannot-be-inspected"
    PASSWORD = "password-protected"
    ACTIVE = "active-content"
    NAME_DIFFERS = "name-differs-from-content"


REMARKS = frozenset({Why.PASSWORD, Why.ACTIVE, Why.NAME_DIFFERS})


@dataclass(frozen=True, slots=True)
class Limits:
    """What is inspected and unpacked at most, in bytes. `ratio` is unpacked to packed, from `ratio_from_bytes` on."""

    file_bytes: int = 1 << 40
    unpacked_bytes: int = 4 << 30
    ratio: int = 200
    ratio_from_bytes: int = 1 << 20
    entries: int = 100_000
    depth: int = 4
    nested_bytes: int = 64 << 20
    pixels: int = 200_000_000
    name_characters: int = 255


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason; `where` is the entry inside the file, "" for the file itself."""

    why: Why
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.why}{f' ({self.where[:100]!r})' if self.where else ''}: {self.what}"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The type by content, what refuses the file, and what is worth knowing about it."""

    type: FileType
    refusals: tuple[Refusal, ...]
    remarks: tuple[Refusal, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing refuses it."""
        return not self.refusals

    @property
    def password_protected(self) -> bool:
        """Such a file is an item of its own with a key-custody record."""
        return any(remark.why is Why.PASSWORD for remark in self.remarks)


@dataclass(slots=True)
class Report:
    """Collects while a file is walked; `unpacked` counts every byte that came out of any archive in it."""

    limits: Limits
    found: list[Refusal] = field(default_factory=list)
    unpacked: int = 0
    entries: int = 0

    def add(self, why: Why, where: str, what: str) -> None:
        """Note a reason."""
        self.found.append(Refusal(why, where, what))

    def inspection(self, kind: FileType) -> Inspection:
        """What was found, each thing once."""
        once = tuple(dict.fromkeys(self.found))
        return Inspection(
            kind,
            tuple(one for one in once if one.why not in REMARKS),
            tuple(one for one in once if one.why in REMARKS),
        )
