"""Log entries: what happened, without personal data; who and what is committed to by a salted hash.

The payload lies sealed beside the log. Once its subject's key is destroyed the entry still proves that something was
recorded then, and nothing tells what.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass

from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import SubjectKeys, Unopened
from recoup.evidence.tiles import ENTRY_BYTES_MAX
from recoup.ground import Instant, canonical_json

SALT_BYTES = 32
PAYLOAD_BYTES_MAX = 1_000_000
ERASURE_KIND = "subject.erased"
_KIND = re.compile(r"[a-z][a-z-]*(\.[a-z][a-z-]*){1,3}")
# Opaque: no spaces, no @, no plus: an address, a telephone number or a name does not fit in by accident.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_HASH = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("actor", "at", "commitment", "kind", "record", "subject")
_ID_BYTES = _ID.pattern.encode()
# The canonical spelling of a leaf, for whoever reads a million of them; a date that no calendar has fits as well.
LEAF = re.compile(
    rb'\{"actor":"' + _ID_BYTES + rb'","at":"(?P<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?Z",'
    rb'(?:"commitment":"(?P<commitment>[0-9a-f]{64})",)?"kind":"[a-z][a-z-]*(?:\.[a-z][a-z-]*){1,3}",'
    rb'"record":"(?P<record>' + _ID_BYTES + rb')"'
    rb'(?(commitment)(?=,))(?:,"subject":"(?P<subject>' + _ID_BYTES + rb')")?\}'
)


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` at `at` by `actor` on `record`; ids are opaque. `commitment` (SHA-256 hex) is to a payload of `subject`.

    `at` is a precise instant.
    """

    kind: str
    at: Instant
    actor: str
    record: str
    subject: str = ""
    commitment: str = ""

    def __post_init__(self) -> None:
        if len(self.kind) > 100 or not _KIND.fullmatch(self.kind):
            raise Malformed(f"event kind {self.kind[:40]!r} is not written as noun.happened")
        for name, value in (("actor", self.actor), ("record", self.record), ("subject", self.subject or "-s")):
            if value != "-s" and not _ID.fullmatch(value):
                raise Malformed(f"{name} {value[:40]!r} is not an opaque id")
        if self.commitment and not (_HASH.fullmatch(self.commitment) and self.subject):
            raise Malformed("a commitment is a SHA-256 in hex and names its subject")
        if not self.at.precise:
            raise Malformed(f"{self.at} is a day, not the time of an event")

    @property
    def leaf(self) -> bytes:
        """The canonical JSON (RFC 8785) that is hashed into the log. No value can hold what JSON would escape."""
        values = zip(_FIELDS, (self.actor, self.at, self.commitment, self.kind, self.record, self.subject), strict=True)
        written = [f'"{name}":"{value}"' for name, value in values if value]
        return ("{" + ",".join(written) + "}").encode()

    @classmethod
    def parse(cls, leaf: bytes) -> Event:
        """From a leaf; anything but the one canonical spelling is Malformed."""
        try:
            fields = json.loads(leaf) if len(leaf) <= ENTRY_BYTES_MAX else None
            if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
                raise Malformed("a leaf is a JSON object of texts")
            event = cls(**{**fields, "at": Instant.parse(fields["at"])})
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Malformed(f"not a leaf of this log: {error}") from error
        if event.leaf != leaf:
            raise Malformed("a leaf is written in its canonical form only")
        return event


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf and, where it commits to one, the sealed payload beside it. `record` is the leaf's own, to find it by."""

    leaf: bytes
    sealed: bytes | None = None
    record: str = ""

    def __post_init__(self) -> None:
        if len(self.leaf) > ENTRY_BYTES_MAX:
            raise Malformed(f"a leaf has at most {ENTRY_BYTES_MAX} bytes")


def commitment(salt: bytes, payload: bytes) -> str:
    """SHA-256(salt || payload) in hex. The salt has 32 random bytes: without it no guess can be checked."""
    return hashlib.sha256(salt + payload).hexdigest()


def entry_of(event: Event, payload: object, keys: SubjectKeys) -> Entry:
    """The entry of an event with a JSON payload about `event.subject`, sealed under that subject's key.

    The seal is bound to the leaf: moved to another entry it does not open. A payload above PAYLOAD_BYTES_MAX is
    Malformed; Shredded where the subject's key is not there.
    """
    text, salt = canonical_json(payload), os.urandom(SALT_BYTES)
    if len(text) > PAYLOAD_BYTES_MAX:
        raise Malformed(f"a payload has at most {PAYLOAD_BYTES_MAX} bytes")
    bound = Event(event.kind, event.at, event.actor, event.record, event.subject, commitment(salt, text))
    return Entry(bound.leaf, keys.seal(event.subject, salt + text, bound.leaf), event.record)


def payload_of(entry: Entry, keys: SubjectKeys) -> bytes:
    """The payload (canonical JSON) that a leaf commits to.

    Unopened where the sealed bytes are missing, altered or not what was committed to; Shredded where it was erased.
    """
    event = Event.parse(entry.leaf)
    if entry.sealed is None or not event.commitment:
        raise Unopened("this entry has no payload")
    plain = keys.unseal(event.subject, entry.sealed, entry.leaf)
    if commitment(plain[:SALT_BYTES], plain[SALT_BYTES:]) != event.commitment:
        raise Unopened("the payload is not the one that the leaf commits to")
    return plain[SALT_BYTES:]
