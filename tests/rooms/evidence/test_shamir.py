from __future__ import annotations

import random
from itertools import combinations

import pytest

from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import AgencyKey
from recoup.evidence.shamir import SECRET_BYTES_MAX, SHARES_MAX, Share, inverse, multiply, restore, set_id, split

SECRET = random.Random(1).randbytes(32)

# A second implementation of the field, by logarithms to the base 3 (the usual tables for AES).
EXP = [1]
while len(EXP) < 255:
    doubled = EXP[-1] << 1
    EXP.append((doubled ^ (0x11B if doubled & 0x100 else 0)) ^ EXP[-1])
LOG = {value: power for power, value in enumerate(EXP)}


def table_multiply(a: int, b: int) -> int:
    return EXP[(LOG[a] + LOG[b]) % 255] if a and b else 0


def table_restore(points: dict[int, bytes]) -> bytes:
    """Lagrange interpolation at zero with the tables, column by column."""
    secret = bytearray()
    for column in range(len(next(iter(points.values())))):
        total = 0
        for x, y in points.items():
            term = y[column]
            for other in points:
                if other != x:
                    term = table_multiply(term, EXP[(LOG[other] - LOG[other ^ x]) % 255])
            total ^= term
        secret.append(total)
    return bytes(secret)


def test_products_of_fips_197() -> None:
    """FIPS 197 sections 4.2 and 4.2.1."""
    assert multiply(0x57, 0x83) == 0xC1
    assert multiply(0x57, 0x13) == 0xFE
    powers = [multiply(0x57, 1 << bit) for bit in range(5)]
    assert powers == [0x57, 0xAE, 0x47, 0x8E, 0x07]


def test_field_equals_its_tables() -> None:
    assert len(LOG) == 255
    assert all(multiply(a, b) == table_multiply(a, b) for a in range(256) for b in range(256))
    assert all(multiply(a, inverse(a)) == 1 for a in range(1, 256))
    assert inverse(0) == 0


@pytest.mark.parametrize(("needed", "count"), [(2, 2), (2, 3), (3, 5), (5, 5)])
def test_any_k_restore_and_fewer_do_not(needed: int, count: int) -> None:
    shares = split(SECRET, needed, count)
    for chosen in combinations(shares, needed):
        assert restore(chosen) == SECRET
        assert table_restore({share.x: share.y for share in chosen}) == SECRET
    for chosen in combinations(shares, needed - 1):
        assert table_restore({share.x: share.y for share in chosen}) != SECRET
        with pytest.raises(Malformed, match=f"{needed} different"):
            restore(chosen)
    assert restore(shares) == SECRET


def test_fewer_shares_are_consistent_with_every_secret() -> None:
    """One share of a 2-of-n set of one byte: each of the 256 secrets fits, once."""
    known = split(b"\x42", 2, 2, lambda size: bytes([7] * size))[0]
    fits = {secret for secret in range(256) for slope in range(256) if secret ^ multiply(slope, known.x) == known.y[0]}
    assert fits == set(range(256))


def test_fixed_chance_gives_fixed_shares() -> None:
    shares = split(b"\x42", 2, 3, lambda size: b"\x07" * size)
    assert [share.y[0] for share in shares] == [0x42 ^ 0x07, 0x42 ^ 0x0E, 0x42 ^ 0x09]


def test_share_lines_find_typing_errors() -> None:
    share = split(SECRET, 3, 5)[4]
    line = str(share)
    assert Share.parse(f" {line}\n") == share
    for at in range(len(line)):
        changed = line[:at] + ("x" if line[at] != "x" else "y") + line[at + 1 :]
        with pytest.raises(Malformed):
            Share.parse(changed)
    for text in ("", "recoup-share-1", line[:-1], line + "0"):
        with pytest.raises(Malformed):
            Share.parse(text)


def test_mixed_doubled_and_wrong_shares_are_refused() -> None:
    shares, other = split(SECRET, 2, 3), split(b"o" * 32, 2, 3)
    for wrong in ([], [shares[0], other[1]], [shares[0], shares[0]], [*shares, shares[0]]):
        with pytest.raises(Malformed):
            restore(wrong)
    false = Share(shares[0].set_id, 2, 9, b"z" * 32)
    with pytest.raises(Malformed, match="do not restore"):
        restore([shares[0], false])


@pytest.mark.parametrize(
    ("secret", "needed", "count"),
    [(SECRET, 1, 3), (SECRET, 4, 3), (SECRET, 2, SHARES_MAX + 1), (b"", 2, 3), (b"x" * (SECRET_BYTES_MAX + 1), 2, 3)],
)
def test_limits(secret: bytes, needed: int, count: int) -> None:
    with pytest.raises(ValueError, match="needed"):
        split(secret, needed, count)


def test_largest_set() -> None:
    shares = split(b"x", 2, SHARES_MAX)
    assert restore([shares[0], shares[254]]) == b"x"
    assert len(split(b"x" * SECRET_BYTES_MAX, 2, 2)[0].y) == SECRET_BYTES_MAX


def test_an_agency_key_comes_back_from_paper() -> None:
    key = AgencyKey(SECRET)
    paper = [str(share) for share in split(key.material, 3, 5)]
    back = AgencyKey(restore([Share.parse(paper[number]) for number in (4, 0, 2)]))
    assert back.unwrap(key.wrap(b"s" * 32, b"a"), b"a") == b"s" * 32
    assert set_id(key.material) == Share.parse(paper[0]).set_id
