"""A key in n shares of which any k restore it (Shamir, How to Share a Secret, CACM 22(11), 1979), over GF(256).

For offline recovery of random keys. The field is that of AES (FIPS 197 section 4.2): x^8 + x^4 + x^3 + x + 1.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from recoup.evidence.encoding import Malformed, base64_bytes, base64_text, decimal_number

SHARES_MAX = 255
SECRET_BYTES_MAX = 1_024
_HEADER = "recoup-share-1"
_SET_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, repr=False)
class Share:
    """Point `x` of a set in which `needed` points restore the secret; `set_id` names the secret (16 hex digits)."""

    set_id: str
    needed: int
    x: int
    y: bytes

    def __post_init__(self) -> None:
        if not (2 <= self.needed <= SHARES_MAX and 1 <= self.x <= SHARES_MAX):
            raise Malformed(f"a share has a number from 1 to {SHARES_MAX} and belongs to a set that needs 2 or more")
        if not _SET_ID.fullmatch(self.set_id) or not 1 <= len(self.y) <= SECRET_BYTES_MAX:
            raise Malformed("a share names its set in 16 hex digits and holds a point per byte of the secret")

    def __str__(self) -> str:
        """One line with a checksum over itself. Secret together with others."""
        body = f"{_HEADER} {self.set_id} {self.needed} {self.x} {base64_text(self.y)}"
        return f"{body} {hashlib.sha256(body.encode()).hexdigest()[:8]}"

    @classmethod
    def parse(cls, text: str) -> Share:
        """From its line; a mistyped one is Malformed."""
        body, _, check = text.strip().rpartition(" ")
        parts = body.split(" ")
        if len(parts) != 5 or parts[0] != _HEADER or hashlib.sha256(body.encode()).hexdigest()[:8] != check:
            raise Malformed("not a share, or mistyped")
        return cls(parts[1], decimal_number(parts[2]), decimal_number(parts[3]), base64_bytes(parts[4]))


def set_id(secret: bytes) -> str:
    """Names a random secret without telling anything usable about it."""
    return hashlib.sha256(b"recoup share set\n" + secret).hexdigest()[:16]


def split(secret: bytes, needed: int, count: int, random: Callable[[int], bytes] = os.urandom) -> list[Share]:
    """`count` shares of which any `needed` restore the secret (1 to 1,024 random bytes). ValueError out of range."""
    if not 2 <= needed <= count <= SHARES_MAX or not 1 <= len(secret) <= SECRET_BYTES_MAX:
        raise ValueError(f"2 <= needed <= shares <= {SHARES_MAX}, and a secret of 1 to {SECRET_BYTES_MAX} bytes")
    columns = [bytes([byte]) + random(needed - 1) for byte in secret]
    name = set_id(secret)
    return [Share(name, needed, x, bytes(_at(column, x) for column in columns)) for x in range(1, count + 1)]


def restore(shares: Sequence[Share]) -> bytes:
    """The secret. Malformed where shares are too few, of different sets, twice the same, or do not fit together."""
    if not shares or len({(share.set_id, share.needed, len(share.y)) for share in shares}) != 1:
        raise Malformed("the shares are not of one set")
    points = {share.x: share.y for share in shares}
    if len(points) < shares[0].needed or len(points) != len(shares):
        raise Malformed(f"{shares[0].needed} different shares are needed, {len(points)} are here")
    weights = {x: _weight(x, list(points)) for x in points}
    secret = bytes(_sum(multiply(weights[x], points[x][column]) for x in points) for column in range(len(shares[0].y)))
    if set_id(secret) != shares[0].set_id:
        raise Malformed("the shares do not restore the secret that they name")
    return secret


def multiply(a: int, b: int) -> int:
    """Product in GF(256)."""
    product = 0
    for _ in range(8):
        product ^= a * (b & 1)
        a = (a << 1) ^ (0x11B * (a >> 7))
        b >>= 1
    return product


def inverse(a: int) -> int:
    """a^254, the inverse of a in GF(256); 0 for 0."""
    power, result = a, 1
    for _ in range(7):
        power = multiply(power, power)
        result = multiply(result, power)
    return result


def _at(column: bytes, x: int) -> int:
    value = 0
    for coefficient in reversed(column):
        value = multiply(value, x) ^ coefficient
    return value


def _weight(x: int, points: list[int]) -> int:
    """Lagrange weight of `x` at zero."""
    weight = 1
    for other in points:
        if other != x:
            weight = multiply(weight, multiply(other, inverse(other ^ x)))
    return weight


def _sum(terms: Iterable[int]) -> int:
    total = 0
    for term in terms:
        total ^= term
    return total
