"""Signed notes: text that keys vouch for (C2SP signed-note v1.0.0)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from recoup.evidence.encoding import Malformed, base64_bytes, base64_text, decimal_number, utf8_bytes

NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
ED25519, COSIGNATURE = 0x01, 0x04
_DASH = "\u2014 "


class Untrusted(ValueError):
    """A note that no trusted key has signed, or that carries a false signature of a trusted key."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name, a signature type (0x01 note, 0x04 cosignature/v1) and a 32-byte Ed25519 public key (RFC 8032)."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        _refuse_name(self.name)
        if self.kind not in (ED25519, COSIGNATURE) or len(self.public) != 32:
            raise Malformed(f"key {self.name} is no Ed25519 key of a signature type known here")

    @property
    def id(self) -> bytes:
        """SHA-256(name || newline || type || public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_text(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """From `name+hex id+base64`; an id that is not the key's own is Malformed."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise Malformed(f"{text[:60]!r} is not a verifier key")
        material = base64_bytes(parts[2])
        key = cls(parts[0], material[0] if material else 0, material[1:])
        if key.id.hex() != parts[1]:
            raise Malformed(f"the id {parts[1][:20]!r} does not belong to the key of {key.name}")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether `signature` (the bytes after the key id) is this key's over the note text."""
        try:
            message, raw = signed_message(self.kind, text, signature)
            Ed25519PublicKey.from_public_bytes(self.public).verify(raw, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose, the 4-byte key id, and the bytes after it."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """From a line without its newline; otherwise Malformed."""
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        data = base64_bytes(encoded)
        if not line.startswith(_DASH) or not space or len(data) < 5:
            raise Malformed(f"{line[:60]!r} is not a signature line")
        _refuse_name(name)
        return cls(name, data[:4], data[4:])


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures in their order."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or not self.signatures or len(self.signatures) > SIGNATURES_MAX:
            raise Malformed(f"a note has a text that ends in a newline and 1 to {SIGNATURES_MAX} signatures")

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The same text with further signatures behind, none twice."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *more))))

    def signers(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The keys that signed, in the order of `keys`.

        Signatures of unknown keys are ignored. Untrusted where a known key's signature is false or none is there.
        """
        found = [key for key in keys if self._signed_by(key)]
        if not found:
            raise Untrusted("no trusted key has signed this note")
        return tuple(found)

    def _signed_by(self, key: VerifierKey) -> bool:
        claimed = [line for line in self.signatures if (line.name, line.key_id) == (key.name, key.id)]
        if not all(key.verifies(self.text, line.value) for line in claimed):
            raise Untrusted(f"the signature under the name of {key.name} is false")
        return bool(claimed)


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and an Ed25519 private key that sign notes (type 0x01)."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, ED25519, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a note text."""
        return Signature(self.name, self.verifier.id, self.private.sign(text.encode()))


def secret_key_text(name: str, kind: int, private: Ed25519PrivateKey) -> str:
    """`PRIVATE+KEY+name+hex id+base64`, as golang.org/x/mod/sumdb/note writes signer keys. Secret."""
    key = VerifierKey(name, kind, private.public_key().public_bytes_raw())
    return f"PRIVATE+KEY+{name}+{key.id.hex()}+{base64_text(bytes([kind]) + private.private_bytes_raw())}"


def parse_secret_key(text: str) -> tuple[str, int, Ed25519PrivateKey]:
    """Name, signature type and key from the text of a secret key; otherwise Malformed, without repeating it."""
    parts = text.strip().split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise Malformed("not a secret key")
    try:
        material = base64_bytes(parts[4])
    except Malformed:
        material = b""
    if len(material) != 33:
        raise Malformed("a secret key has a type and 32 bytes")
    private = Ed25519PrivateKey.from_private_bytes(material[1:])
    key = VerifierKey(parts[2], material[0], private.public_key().public_bytes_raw())
    if key.id.hex() != parts[3]:
        raise Malformed(f"the id does not belong to the secret key of {parts[2]}")
    return key.name, key.kind, private


def parse_note(data: str | bytes) -> Note:
    """A note from its bytes, at most NOTE_BYTES_MAX; what is not a note is Malformed."""
    raw = utf8_bytes(data) if isinstance(data, str) else data
    if len(raw) > NOTE_BYTES_MAX:
        raise Malformed(f"a note has at most {NOTE_BYTES_MAX} bytes")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("a note is UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise Malformed("a note holds no control characters")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Malformed("a note is a text, an empty line and signature lines")
    return Note(text + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines, each ended by its newline; otherwise Malformed."""
    if lines and not lines.endswith("\n"):
        raise Malformed("a signature line ends in a newline")
    return tuple(Signature.parse(line) for line in lines.split("\n")[:-1])


def signed_message(kind: int, text: str, signature: bytes) -> tuple[bytes, bytes]:
    """What the Ed25519 key signs, and the 64 bytes that sign it (C2SP tlog-cosignature for type 0x04)."""
    if kind == ED25519:
        return text.encode(), signature
    if len(signature) != 72:
        raise Malformed("a cosignature is a timestamp and 64 bytes")
    return cosigned_message(text, int.from_bytes(signature[:8])), signature[8:]


def cosigned_message(text: str, seconds: int) -> bytes:
    """The two header lines of cosignature/v1 before the whole note text; a time above 2**63 - 1 is Malformed."""
    return f"cosignature/v1\ntime {decimal_number(str(seconds))}\n{text}".encode()


def _refuse_name(name: str) -> None:
    utf8_bytes(name)
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise Malformed(f"key name {name[:40]!r} is empty or holds a space or plus")
