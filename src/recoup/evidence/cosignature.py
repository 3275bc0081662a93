"""Cosignatures: a witness vouches for a checkpoint (C2SP tlog-cosignature v1, Ed25519)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recoup.evidence.note import COSIGNATURE, Note, Signature, VerifierKey, cosigned_message


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A name and an Ed25519 key that is used for cosignatures of this one cosigner and for nothing else."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public key, of signature type 0x04."""
        return VerifierKey(self.name, COSIGNATURE, self.private.public_key().public_bytes_raw())

    def cosign(self, text: str, seconds: int) -> Signature:
        """The statement that at `seconds` (POSIX, above 0) this was the largest consistent head seen of its log."""
        if seconds <= 0:
            raise ValueError("a cosignature of a checkpoint carries its time")
        raw = self.private.sign(cosigned_message(text, seconds))
        return Signature(self.name, self.verifier.id, seconds.to_bytes(8) + raw)


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """POSIX seconds of the key's latest valid cosignature on the note; None where it has none."""
    times = [
        int.from_bytes(line.value[:8])
        for line in note.signatures
        if (line.name, line.key_id) == (key.name, key.id) and key.verifies(note.text, line.value)
    ]
    return max(times, default=None)
