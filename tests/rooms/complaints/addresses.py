"""Valid account numbers and addresses made to order, by encoders that share no code with the checks."""

from __future__ import annotations

import hashlib
from random import Random

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def base58check(payload: bytes) -> str:
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\x00"))) + text


def bitcoin(random: Random) -> str:
    return base58check(random.choice([b"\x00", b"\x05"]) + random.randbytes(20))


def tron(random: Random) -> str:
    return base58check(b"\x41" + random.randbytes(20))


def segwit(random: Random, version: int = 0, size: int = 20) -> str:
    bits = "".join(f"{byte:08b}" for byte in random.randbytes(size))
    bits += "0" * (-len(bits) % 5)
    data = [version] + [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    constant = 0x2BC830A3 if version else 1
    check = _checksum([3, 3, 0, 2, 3, *data, 0, 0, 0, 0, 0, 0]) ^ constant
    return "bc1" + "".join(CHARSET[value] for value in [*data, *((check >> 5 * (5 - at)) & 31 for at in range(6))])


def _checksum(values: list[int]) -> int:
    """The reference polymod of BIP 173."""
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for at, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> at & 1 else 0
    return check


def iban(random: Random, country: str = "DE", digits: int = 18) -> str:
    body = "".join(random.choice("0123456789") for _ in range(digits))
    rearranged = "".join(str(int(letter, 36)) for letter in body + country + "00")
    return f"{country}{98 - int(rearranged) % 97:02d}{body}"


def corrupted(random: Random, text: str, alphabet: str) -> str:
    """One character replaced, or two different neighbours swapped, after the first two characters."""
    while True:
        at = random.randrange(2, len(text) - 1)
        if random.random() < 0.5:
            made = text[:at] + random.choice(alphabet) + text[at + 1 :]
        else:
            made = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if made != text:
            return made
