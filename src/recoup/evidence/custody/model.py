"""The nouns of custody. Field names follow CASE/UCO and ISO/IEC 27037 where they have one."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from recoup.evidence.encoding import Malformed
from recoup.ground import Instant

TEXT_CHARACTERS_MAX = 4_000
OFFSET_MILLISECONDS_MAX = 10**12
SIZE_BYTES_MAX = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8785 appendix D)
UNKNOWN = "unknown"
_HASH = re.compile(r"[0-9a-f]{64}")


class ItemKind(StrEnum):
    """What an item is. A container or archive under a password is an item of its own with a key-custody record."""

    DEVICE = "device"
    IMAGE = "forensic-image"
    FILE = "file"
    DOCUMENT = "document"
    STATEMENT = "account-statement"
    CHAIN_EXTRACT = "chain-extract"
    WEB_CAPTURE = "web-capture"
    MESSAGES = "message-export"
    DERIVED = "derived"
    ENCRYPTED_CONTAINER = "encrypted-container"
    PROTECTED_ARCHIVE = "password-protected-archive"
    KEY_MATERIAL = "key-material"


UNDER_A_KEY = frozenset({ItemKind.ENCRYPTED_CONTAINER, ItemKind.PROTECTED_ARCHIVE})


class Action(StrEnum):
    """What is done with an item."""

    COLLECT = "collect"
    SEAL = "seal"
    TRANSFER = "transfer"
    EXAMINE = "examine"
    EXHIBIT = "exhibit"
    RETURN = "return"
    DESTROY = "destroy"


class State(StrEnum):
    """What the last step left an item in."""

    COLLECTED = "collected"
    SEALED = "sealed"
    TRANSFERRED = "transferred"
    EXAMINED = "examined"
    EXHIBITED = "exhibited"
    RETURNED = "returned"
    DESTROYED = "destroyed"


class _Checked:
    """Texts are printable, not empty and not endless; `note` and `reference` fields may be empty."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if type(value) is str:
                _refuse_text(field.name, value)


def _refuse_text(name: str, value: str) -> None:
    if not value and name not in ("note", "reference"):
        raise Malformed(f"{name} is empty; what is not known is written {UNKNOWN!r}")
    if len(value) > TEXT_CHARACTERS_MAX or not value.isprintable():
        raise Malformed(f"{name} is longer than {TEXT_CHARACTERS_MAX} characters or holds control characters")


@dataclass(frozen=True, slots=True)
class LegalAuthority(_Checked):
    """Under what an item was taken: warrant, order, consent, production, open source."""

    kind: str
    reference: str
    issued_by: str


@dataclass(frozen=True, slots=True)
class Tool(_Checked):
    """Name, version and package hash of what acquired or examined; `unknown` where it is not known."""

    name: str
    version: str
    package_sha256: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Acquisition(_Checked):
    """When, by whom, with what, and the command that reproduces it.

    `clock_source` tells whose clock gave the times (`ntp`, `gps`, `device`); `clock_offset_ms` is that clock minus
    UTC in milliseconds, None where it was not measured. ISO/IEC 27037 section 5.4; CASE `InvestigativeAction`.
    """

    started: Instant
    ended: Instant
    clock_source: str
    clock_offset_ms: int | None
    operator: str
    tool: Tool
    command: str
    source: str

    def __post_init__(self) -> None:
        _Checked.__post_init__(self)
        if self.ended < self.started:
            raise Malformed("an acquisition ends after it starts")
        if self.clock_offset_ms is not None and abs(self.clock_offset_ms) > OFFSET_MILLISECONDS_MAX:
            raise Malformed(f"a clock offset is at most {OFFSET_MILLISECONDS_MAX} ms")


@dataclass(frozen=True, slots=True)
class KeyCustody(_Checked):
    """Who holds the key or password of a container: `known` and kept as another item, or `unknown`."""

    holder: str
    key_item: str


@dataclass(frozen=True, slots=True)
class Collected(_Checked):
    """What was taken, under which numbers and authority. The root exhibit is the item itself or what it came from."""

    kind: ItemKind
    exhibit_number: str
    root_exhibit_number: str
    authority: LegalAuthority
    acquisition: Acquisition
    condition: str
    key_custody: KeyCustody | None = None

    def __post_init__(self) -> None:
        _Checked.__post_init__(self)
        if (self.kind in UNDER_A_KEY) != (self.key_custody is not None):
            raise Malformed(f"a key-custody record belongs to {' and '.join(sorted(UNDER_A_KEY))}, and to nothing else")


@dataclass(frozen=True, slots=True)
class Sealed(_Checked):
    """Content hashes of what went into the vault; for a thing that has none, the number of the physical seal."""

    sha256: str
    blake3: str
    size_bytes: int
    reference: str = ""

    def __post_init__(self) -> None:
        _Checked.__post_init__(self)
        hashed = (
            _HASH.fullmatch(self.sha256) and _HASH.fullmatch(self.blake3) and 0 <= self.size_bytes <= SIZE_BYTES_MAX
        )
        physical = self.sha256 == self.blake3 == UNKNOWN and self.reference
        if not (hashed or physical):
            raise Malformed("a seal has both content hashes, or the number of a physical seal")


@dataclass(frozen=True, slots=True)
class HandOver(_Checked):
    """From whom to whom (names of their keys), why, where, and in what condition."""

    giver: str
    receiver: str
    reason: str
    place: str
    condition: str


@dataclass(frozen=True, slots=True)
class Examined(_Checked):
    """What was done with which copy. `working_sha256` is the copy worked on; the original's own hash says so openly."""

    working_sha256: str
    tool: Tool
    command: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exhibited(_Checked):
    """Shown in which proceeding, under which exhibit number."""

    exhibit_number: str
    proceeding: str


@dataclass(frozen=True, slots=True)
class Destroyed(_Checked):
    """By which order, and how."""

    order: str
    method: str


Details = Collected | Sealed | HandOver | Examined | Exhibited | Destroyed

DETAILS_OF: dict[Action, type[Details]] = {
    Action.COLLECT: Collected,
    Action.SEAL: Sealed,
    Action.TRANSFER: HandOver,
    Action.EXAMINE: Examined,
    Action.EXHIBIT: Exhibited,
    Action.RETURN: HandOver,
    Action.DESTROY: Destroyed,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one item. `previous` is the SHA-256 (hex) of the signed text of the step before, "" for the first."""

    item: str
    action: Action
    at: Instant
    actor: str
    details: Details
    previous: str = ""

    def __post_init__(self) -> None:
        _refuse_text("item", self.item)
        _refuse_text("actor", self.actor)
        if type(self.details) is not DETAILS_OF[self.action]:
            raise Malformed(f"a step {self.action} carries {DETAILS_OF[self.action].__name__}")
        if self.previous and not _HASH.fullmatch(self.previous):
            raise Malformed("the previous step is named by its SHA-256")
