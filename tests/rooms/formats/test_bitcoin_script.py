"""Scripts to accounts: published vectors, and decoders written apart."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.formats.bitcoin_script import SCRIPT_HEX_MAX, account_of, address_of, base58check

# BIP-173 and BIP-350, section "Test vectors" (main network), and well-known addresses.
VECTORS = {
    "0014751e76e8199196d454941c45d1b3a323f1433bd6": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6": (
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y"
    ),
    "6002751e": "bc1sw50qgdz25j",
    "5210751e76e8199196d454941c45d1b3a323": "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798": (
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
    ),
    "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "76a914000000000000000000000000000000000000000088ac": "1111111111111111111114oLvT2",
    "a914000000000000000000000000000000000000000087": "31h1vYVSYuKP6AhS86fbRdMw9XHieotbST",
    "51024e73": "bc1pfeessrawgf",
}

WITHOUT_ADDRESS = [
    "",
    "6a",
    "6a0b68656c6c6f20776f726c64",
    "4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d"
    "578a4c702b6bf11d5fac",
    "0013" + "00" * 19,  # version 0 has 20 or 32 bytes
    "0021" + "00" * 33,
    "5101aa",  # too short
    "5129" + "00" * 41,  # too long
    "5121" + "00" * 32,  # the push does not fit
    "76a914" + "00" * 20 + "88ad",
    "a914" + "00" * 20 + "88",
    "5020" + "00" * 32,  # OP_RESERVED is no version
    "6120" + "00" * 32,
]


@pytest.mark.parametrize(("script", "address"), VECTORS.items())
def test_published_vectors(script: str, address: str) -> None:
    assert address_of(bytes.fromhex(script)) == address
    assert account_of(bytes.fromhex(script)) == address


@pytest.mark.parametrize("script", WITHOUT_ADDRESS)
def test_scripts_without_an_address_are_named_by_themselves(script: str) -> None:
    assert address_of(bytes.fromhex(script)) is None
    assert account_of(bytes.fromhex(script)) == f"script:{script}"


def test_a_long_script_is_named_by_its_hash_at_the_edge() -> None:
    within, beyond = b"\x6a" * (SCRIPT_HEX_MAX // 2), b"\x6a" * (SCRIPT_HEX_MAX // 2 + 1)
    assert account_of(within) == f"script:{within.hex()}"
    assert account_of(beyond) == f"script-sha256:{hashlib.sha256(beyond).hexdigest()}"


def decoded_base58(text: str) -> bytes:
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for letter in text:
        number = number * 58 + digits.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


@given(st.binary(min_size=21, max_size=21))
def test_base58_decodes_to_what_was_encoded(payload: bytes) -> None:
    data = decoded_base58(base58check(payload))
    assert data[:-4] == payload
    assert data[-4:] == hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]


def checked_bech32(address: str) -> tuple[int, int, bytes]:
    """(checksum constant, version, program) by the reference algorithm of BIP-173, bit by bit."""
    human, _, data = address.rpartition("1")
    values = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(letter) for letter in data]
    checksum = 1
    for value in [ord(c) >> 5 for c in human] + [0] + [ord(c) & 31 for c in human] + values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> bit & 1 else 0
    bits = "".join(f"{value:05b}" for value in values[1:-6])
    whole = len(bits) // 8 * 8
    assert set(bits[whole:]) <= {"0"} and len(bits) - whole < 5
    return checksum, values[0], bytes(int(bits[i : i + 8], 2) for i in range(0, whole, 8))


@given(st.integers(0, 16), st.binary(min_size=2, max_size=40))
def test_segwit_addresses_decode_to_version_and_program(version: int, program: bytes) -> None:
    if version == 0:
        program = program.ljust(20, b"\x07")[:20] if len(program) < 32 else program[:32]
    opcode = 0x50 + version if version else 0
    address = address_of(bytes([opcode, len(program)]) + program)
    assert address is not None
    constant = 1 if version == 0 else 0x2BC830A3
    assert checked_bech32(address) == (constant, version, program)


@given(st.binary(max_size=600))
def test_every_script_has_an_account_that_fits_its_column(script: bytes) -> None:
    account = account_of(script)
    assert 0 < len(account) <= 500 and account.isprintable()
