"""The checks that account numbers and wallet addresses carry."""

from __future__ import annotations

import hashlib
from functools import lru_cache

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_CONST, BECH32M_CONST = 1, 0x2BC830A3

_BASE58_VALUE = {character: value for value, character in enumerate(BASE58)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_MASK = 2**64 - 1
_KECCAK_RATE = 136


def base58_decoded(text: str) -> bytes | None:
    """Bytes of a Base58 text (leading 1 = leading zero byte); None where a character is not in the alphabet."""
    number = 0
    for character in text:
        value = _BASE58_VALUE.get(character)
        if value is None:
            return None
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58check_payload(text: str) -> bytes | None:
    """Payload of a Base58Check text: the four bytes of double SHA-256 must match; otherwise None."""
    data = base58_decoded(text)
    if data is None or len(data) < 5:
        return None
    payload, check = data[:-4], data[-4:]
    return payload if hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4] == check else None


def segwit_version(address: str, prefix: str) -> int | None:
    """Witness version of a segwit address (BIP 173, BIP 350); None where checksum, lengths or case are wrong."""
    lower = address.lower()
    if address not in (lower, address.upper()) or not lower.startswith(prefix + "1") or len(address) > 90:
        return None
    try:
        data = [BECH32.index(character) for character in lower[len(prefix) + 1 :]]
    except ValueError:
        return None
    constant = _polymod(_expanded(prefix) + data)
    program = _eight_bits(data[1:-6])
    if len(data) < 7 or program is None or not 2 <= len(program) <= 40 or data[0] > 16:
        return None
    if constant != (BECH32M_CONST if data[0] else BECH32_CONST) or (data[0] == 0 and len(program) not in (20, 32)):
        return None
    return data[0]


def _expanded(prefix: str) -> list[int]:
    return [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if top >> bit & 1:
                check ^= generator
    return check


def _eight_bits(groups: list[int]) -> bytes | None:
    """Groups of five bits as bytes; None where the padding is too long or not zero."""
    number = 0
    for group in groups:
        number = number << 5 | group
    spare = len(groups) * 5 % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(len(groups) * 5 // 8, "big")


def mod97(iban: str) -> bool:
    """ISO 13616: country and check digits moved to the end, letters as 10..35, remainder 1 by 97."""
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def eip55(address: str) -> bool | None:
    """Whether the case of a 0x address is its checksum (EIP-55); None where it is written in one case."""
    body = address[2:]
    if body in (body.lower(), body.upper()):
        return None
    digest = keccak256(body.lower().encode()).hex()
    return all(
        character.isdigit() or character.isupper() == (int(nibble, 16) >= 8)
        for character, nibble in zip(body, digest, strict=False)
    )


@lru_cache(maxsize=65536)
def keccak256(data: bytes) -> bytes:
    """Keccak-256 with the original padding (as Ethereum uses it, not SHA3-256), for inputs below 136 bytes."""
    if len(data) >= _KECCAK_RATE:
        raise ValueError("one block only")
    block = bytearray(data.ljust(_KECCAK_RATE, b"\x00"))
    block[len(data)] ^= 1
    block[-1] ^= 0x80
    lanes = [int.from_bytes(block[at : at + 8], "little") for at in range(0, _KECCAK_RATE, 8)] + [0] * 8
    return b"".join(lane.to_bytes(8, "little") for lane in _permuted(lanes)[:4])


def _constants() -> tuple[list[int], list[int]]:
    """Round constants and rotations of Keccak-f[1600], from their generators (FIPS 202, 3.2.2 and 3.2.5)."""
    rounds, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant ^= 1 << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        rounds.append(constant)
    rotations, x, y = [0] * 25, 1, 0
    for step in range(24):
        rotations[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return rounds, rotations


_ROUNDS, _ROTATIONS = _constants()


def _turned(lane: int, by: int) -> int:
    return (lane << by | lane >> (64 - by)) & _MASK


def _permuted(a: list[int]) -> list[int]:
    for constant in _ROUNDS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ _turned(c[(x + 1) % 5], 1) for x in range(5)]
        a = [lane ^ d[at % 5] for at, lane in enumerate(a)]
        b = [0] * 25
        for at, lane in enumerate(a):
            x, y = at % 5, at // 5
            b[y + 5 * ((2 * x + 3 * y) % 5)] = _turned(lane, _ROTATIONS[at])
        a = [b[at] ^ (~b[at // 5 * 5 + (at + 1) % 5] & b[at // 5 * 5 + (at + 2) % 5]) & _MASK for at in range(25)]
        a[0] ^= constant
    return a
