"""Hashes and the one canonical text of a JSON value."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def sha256_hex(data: bytes) -> str:
    """SHA-256 (FIPS 180-4) in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def canonical_json(value: object) -> bytes:
    """The RFC 8785 bytes of a JSON value without floats: sorted keys (by UTF-16), no spaces, UTF-8.

    A float, or an integer beyond 2**53 - 1, raises TypeError: amounts travel as decimal text. A lone surrogate raises
    ValueError.
    """
    _refuse_inexact(value)
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value


def _refuse_inexact(value: object) -> None:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > 2**53 - 1):
        raise TypeError(f"{value!r} is not exact in every JSON reader; write it as text")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"JSON keys are text, not {key!r}")
            _refuse_inexact(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_inexact(item)
