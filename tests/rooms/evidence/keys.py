"""Keys that are the same in every run."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recoup.evidence.cosignature import Cosigner
from recoup.evidence.note import Signer

ORIGIN = "agency-a.example/log"


def private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def signer(name: str = ORIGIN) -> Signer:
    return Signer(name, private(name))


def cosigner(name: str = "agency-b.example/witness") -> Cosigner:
    return Cosigner(name, private(f"cosigner {name}"))
