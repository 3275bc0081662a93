"""Keys in three steps: a record key under a subject key under the agency key. Destroying one destroys all below it."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recoup.evidence.encoding import Malformed, base64_bytes, base64_text

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
AGENCY_KEY_VARIABLE = "RECOUP_AGENCY_KEY"


class Unopened(Exception):
    """Sealed bytes that the key does not open: altered, moved to another place, or sealed under another key."""


class Shredded(Exception):
    """The key was destroyed, or never was here: what it sealed is gone for good."""


class KeyWrap(Protocol):
    """What holds an agency key: a file, an environment variable, a key service."""

    @property
    def key_id(self) -> str:
        """Names the key now in use; 16 hex digits."""
        ...

    def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """`key` sealed under the key now in use; opens only with the same `bound_to`."""
        ...

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """The key back; Unopened where it is not what was wrapped, Shredded where its agency key is not held."""
        ...


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce (12 random bytes), AES-256-GCM ciphertext, tag (16); `bound_to` is authenticated (NIST SP 800-38D)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What `seal` sealed; Unopened where the bytes, the key or `bound_to` differ."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Unopened("sealed bytes are cut")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except InvalidTag as error:
        raise Unopened("sealed bytes were altered, moved, or belong to another key") from error


def new_key() -> bytes:
    """32 bytes from the system's generator."""
    return os.urandom(KEY_BYTES)


@dataclass(frozen=True, slots=True, repr=False)
class AgencyKey:
    """32 bytes that wrap subject keys. Earlier keys in `retired` still open what they wrapped."""

    material: bytes
    retired: tuple[AgencyKey, ...] = ()

    def __post_init__(self) -> None:
        if len(self.material) != KEY_BYTES:
            raise Malformed(f"an agency key has {KEY_BYTES} bytes, not {len(self.material)}")

    @property
    def key_id(self) -> str:
        return hashlib.sha256(b"recoup agency key\n" + self.material).hexdigest()[:16]

    def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        own = bytes.fromhex(self.key_id)
        return own + seal(self.material, key, own + bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        for held in (self, *self.retired):
            if wrapped[:8].hex() == held.key_id:
                return unseal(held.material, wrapped[8:], wrapped[:8] + bound_to)
        raise Shredded(f"agency key {wrapped[:8].hex()} is not held here")

    @classmethod
    def parse(cls, text: str) -> AgencyKey:
        """From base64, one key a line: the key in use first, then retired ones; Malformed, without repeating it."""
        try:
            materials = [base64_bytes(line) for line in text.split()]
        except Malformed:
            raise Malformed("a line of this text is not the base64 of an agency key") from None
        keys = [cls(material) for material in materials]
        if not keys:
            raise Malformed("there is no agency key in this text")
        return cls(keys[0].material, tuple(keys[1:]))

    def __str__(self) -> str:
        """The text that `parse` reads. Secret."""
        return "".join(f"{base64_text(key.material)}\n" for key in (self, *self.retired))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> AgencyKey | None:
        """From RECOUP_AGENCY_KEY; None where it is not set."""
        text = environment.get(AGENCY_KEY_VARIABLE)
        return cls.parse(text) if text else None

    @classmethod
    def from_file(cls, path: Path) -> AgencyKey:
        """From a file that only its owner can read; PermissionError where others can, Malformed where it is none."""
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"{path.name} can be read by others; chmod 600 it")
        return cls.parse(path.read_text("utf-8", "replace"))


class SubjectKeyStore(Protocol):
    """Where wrapped subject keys lie. After `remove` returns, no byte of the wrapped key is left in the store."""

    def get(self, subject: str) -> bytes | None: ...

    def put(self, subject: str, wrapped: bytes) -> None: ...

    def replace(self, wrapped: Mapping[str, bytes]) -> None:
        """Every given key anew in one durable step; the old bytes are gone from the store after it."""
        ...

    def remove(self, subject: str) -> None: ...

    def subjects(self) -> Iterator[str]: ...


class SubjectKeys:
    """Opens and seals records of subjects (a person, a case, an item with a key of its own)."""

    def __init__(self, agency: KeyWrap, store: SubjectKeyStore) -> None:
        self._agency = agency
        self._store = store
        self._open: dict[str, tuple[bytes, bytes]] = {}

    def ensure(self, subject: str) -> None:
        """Make the subject's key where there is none."""
        if self._store.get(subject) is None:
            self._store.put(subject, self._agency.wrap(new_key(), subject.encode()))

    def wrap(self, subject: str, key: bytes, bound_to: bytes) -> bytes:
        """A record key under the subject's key; Shredded where the subject has none."""
        return seal(self._key(subject), key, bound_to)

    def unwrap(self, subject: str, wrapped: bytes, bound_to: bytes) -> bytes:
        return unseal(self._key(subject), wrapped, bound_to)

    def seal(self, subject: str, plain: bytes, bound_to: bytes) -> bytes:
        """A record under a key of its own: wrapped record key (60 bytes), then the sealed record."""
        record_key = new_key()
        return self.wrap(subject, record_key, bound_to) + seal(record_key, plain, bound_to)

    def unseal(self, subject: str, sealed: bytes, bound_to: bytes) -> bytes:
        """The record back; Unopened where anything differs, Shredded where the subject's key is gone."""
        at = NONCE_BYTES + KEY_BYTES + TAG_BYTES
        return unseal(self.unwrap(subject, sealed[:at], bound_to), sealed[at:], bound_to)

    def blind_index(self, subject: str, value: bytes) -> str:
        """A name (32 hex digits) for `value` that only this subject's key can make; unlinkable once it is shredded."""
        return hmac.digest(self._key(subject), b"blind index\n" + value, "sha256")[:16].hex()

    def has(self, subject: str) -> bool:
        """Whether the subject has a key here."""
        return self._store.get(subject) is not None

    def shred(self, subject: str) -> None:
        """Destroy the subject's key. Nothing brings back what it sealed."""
        self._open.pop(subject, None)
        self._store.remove(subject)

    def rotate(self, agency: KeyWrap) -> int:
        """Wrap every subject key under another agency key, in one durable step; the number of keys.

        Records stay as they are. The old agency key must still open what it wrapped.
        """
        anew = {subject: agency.wrap(self._key(subject), subject.encode()) for subject in self._store.subjects()}
        self._store.replace(anew)
        self._agency = agency
        return len(anew)

    def _key(self, subject: str) -> bytes:
        """The store is asked every time: a key that another process destroyed is not used from memory."""
        wrapped = self._store.get(subject)
        if wrapped is None:
            self._open.pop(subject, None)
            raise Shredded(f"the key of subject {subject} is not here")
        held = self._open.get(subject)
        if held is None or held[0] != wrapped:
            held = self._open[subject] = (wrapped, self._agency.unwrap(wrapped, subject.encode()))
        return held[1]
