"""Bitcoin output scripts to accounts: the address where the script has one, the script itself where not.

Addresses: Base58Check of P2PKH and P2SH; Bech32 (BIP-173) for witness version 0, Bech32m (BIP-350) above it.
Mainnet only.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache, reduce
from operator import xor

SCRIPT_HEX_MAX = 400  # a longer script is named by its SHA-256, so that every account fits its column

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_HRP = (3, 3, 0, 2, 3)  # "bc", expanded
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# What the five bits that leave the checksum put back: the generators of the bits that are set.
_STEPS = tuple(
    reduce(xor, (generator for i, generator in enumerate(_GENERATOR) if top >> i & 1), 0) for top in range(32)
)
_BECH32_CONSTANT, _BECH32M_CONSTANT = 1, 0x2BC830A3


@lru_cache(maxsize=65_536)
def account_of(script: bytes) -> str:
    """The address of an output script, or `script:<hex>`, or `script-sha256:<hex>` where the script is long."""
    return address_of(script) or _named(script)


def address_of(script: bytes) -> str | None:
    """The mainnet address; None for scripts without one (bare public keys and multisig, OP_RETURN, others)."""
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return base58check(b"\x00" + script[3:23])
    if len(script) == 23 and script[:2] == b"\xa9\x14" and script[22] == 0x87:
        return base58check(b"\x05" + script[2:22])
    version = _witness_version(script)
    return None if version is None else segwit_address(version, script[2:])


def _named(script: bytes) -> str:
    if 2 * len(script) <= SCRIPT_HEX_MAX:
        return f"script:{script.hex()}"
    return f"script-sha256:{hashlib.sha256(script).hexdigest()}"


def _witness_version(script: bytes) -> int | None:
    """BIP-141: a version opcode and one push of 2 to 40 bytes; version 0 has 20 or 32."""
    if not 4 <= len(script) <= 42 or script[1] != len(script) - 2:
        return None
    if script[0] == 0:
        return 0 if len(script) in (22, 34) else None
    return script[0] - 0x50 if 0x51 <= script[0] <= 0x60 else None


def base58check(payload: bytes) -> str:
    """Version byte and payload with their checksum, in Base58."""
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\x00"))) + digits


def segwit_address(version: int, program: bytes) -> str:
    """`bc1…` for a witness program."""
    data = [version, *_five_bits(program)]
    constant = _BECH32_CONSTANT if version == 0 else _BECH32M_CONSTANT
    sum_ = _polymod([*_HRP, *data, 0, 0, 0, 0, 0, 0]) ^ constant
    return "bc1" + "".join(_BECH32[value] for value in [*data, *((sum_ >> 5 * (5 - i)) & 31 for i in range(6))])


def _five_bits(program: bytes) -> list[int]:
    bits = 8 * len(program)
    groups = -(-bits // 5)
    number = int.from_bytes(program, "big") << (5 * groups - bits)
    return [(number >> 5 * (groups - 1 - i)) & 31 for i in range(groups)]


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value ^ _STEPS[checksum >> 25]
    return checksum
