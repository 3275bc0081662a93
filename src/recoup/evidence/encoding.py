"""The strict texts of the C2SP formats: one spelling per value, everything else refused."""

from __future__ import annotations

import base64
import binascii

DECIMAL_MAX = 2**63 - 1


class Malformed(ValueError):
    """Bytes that are not the format they claim to be."""


def base64_text(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def base64_bytes(text: str) -> bytes:
    """Bytes of standard base64; a second spelling of the same bytes (spaces, loose bits, no padding) is Malformed."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Malformed(f"{text[:40]!r} is not base64") from error
    if base64_text(data) != text:
        raise Malformed(f"{text[:40]!r} is not the canonical base64 of its bytes")
    return data


def decimal_number(text: str) -> int:
    """A number below 2**63 in ASCII decimal without sign or leading zeroes; otherwise Malformed."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19) or (text[0] == "0" and text != "0"):
        raise Malformed(f"{text[:40]!r} is not a plain decimal number")
    if int(text) > DECIMAL_MAX:
        raise Malformed(f"{text} is above {DECIMAL_MAX}")
    return int(text)


def utf8_bytes(text: str) -> bytes:
    """The bytes of a text; one that UTF-8 cannot write (a lone surrogate) is Malformed."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed("a text holds what UTF-8 cannot write") from error


def hash_bytes(text: str) -> bytes:
    """A SHA-256 value from its base64; otherwise Malformed."""
    data = base64_bytes(text)
    if len(data) != 32:
        raise Malformed(f"a hash has 32 bytes, not {len(data)}")
    return data
