"""What always holds of selectors."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.complaints.addresses import ALPHABET, CHARSET, bitcoin, corrupted, iban, segwit, tron

from recoup.complaints.selectors import selectors_of_text
from recoup.complaints.selectors.checksum import base58check_payload, eip55, keccak256, segwit_version
from recoup.complaints.selectors.reading import read_text

CORRUPTED = 10_000
SEEDS = "a.@:/-+()[]{}0123456789 \u200bxhtpDE89bc1٣.сom дот€$,"


@given(st.text(max_size=200) | st.text(alphabet=SEEDS, max_size=200))
@settings(max_examples=300, deadline=None)
def test_raw_is_the_original_at_its_offsets(text: str) -> None:
    for found in selectors_of_text(text, "DE"):
        assert 0 <= found.start < found.end <= len(text)
        if found.type != "card":
            assert found.raw == text[found.start : found.end]


@given(st.text(alphabet=SEEDS, max_size=200))
@settings(max_examples=200, deadline=None)
def test_the_plain_reading_maps_back_in_order(text: str) -> None:
    reading = read_text(text)
    spans = [reading.span(at, at + 1) for at in range(len(reading.text))]
    assert all(start < end for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_a_selector_is_found_in_any_company(before: str, after: str) -> None:
    address = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    found = [each.value for each in selectors_of_text(f"{before} | {address} | {after}") if each.valid]
    assert address in found


def accepted(text: str, kinds: tuple[str, ...]) -> bool:
    return any(each.valid is True for each in selectors_of_text(f"paid {text} today") if each.type in kinds)


def test_no_corrupted_iban_is_accepted() -> None:
    random = Random("iban")
    wrong = [corrupted(random, iban(random), "0123456789") for _ in range(CORRUPTED)]
    assert not [text for text in wrong if accepted(text, ("iban",))]
    assert all(accepted(iban(random), ("iban",)) for _ in range(500))


def test_no_corrupted_wallet_is_accepted() -> None:
    random = Random("wallet")
    for number in range(CORRUPTED):
        make, alphabet = ((bitcoin, ALPHABET), (tron, ALPHABET), (segwit, CHARSET))[number % 3]
        wrong = corrupted(random, make(random), alphabet)
        assert not accepted(wrong, ("btc", "tron", "eth", "sol")), wrong


def test_no_corrupted_checksummed_ethereum_address_is_accepted() -> None:
    random = Random("eth")
    for _ in range(1500):
        body = random.randbytes(20).hex()
        digest = keccak256(body.encode()).hex()
        mixed = "".join(c.upper() if int(d, 16) > 7 else c for c, d in zip(body, digest, strict=False))
        assert eip55("0x" + mixed) is not False
        at = random.choice([at for at, c in enumerate(mixed) if c.isalpha()])
        assert not accepted("0x" + mixed[:at] + mixed[at].swapcase() + mixed[at + 1 :], ("eth",))


def test_no_phone_outside_the_numbering_plan_is_accepted() -> None:
    random = Random("phone")
    bases = ["+442079460018", "+4930901820", "+33142681234", "+97236120001", "+12124567890", "+74951234567"]
    for number in range(CORRUPTED):
        base = random.choice(bases)
        digits = "".join(random.choice("0123456789") for _ in range(8))
        wrong = (f"+999{digits}", base[:5] + digits[:2], base + digits, "+210" + digits)[number % 4]
        assert not accepted(wrong, ("phone",)), wrong


def test_valid_addresses_are_accepted() -> None:
    random = Random("valid")
    for _ in range(300):
        assert base58check_payload(bitcoin(random)) and base58check_payload(tron(random))
        assert segwit_version(segwit(random, 0, 32), "bc") == 0
        assert segwit_version(segwit(random, 1, 32), "bc") == 1
        assert segwit_version(segwit(random, 0, 25), "bc") is None


@pytest.mark.parametrize("piece", ["a", "1", "a.", "1 ", "@", "a@", "((", "[.]", "x-", "DE89 ", "+1 ", "http://", ". "])
def test_five_megabytes_take_bounded_time(piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    started = time.process_time()
    selectors_of_text(text, "US")
    assert time.process_time() - started < 60


def test_keccak_is_the_ethereum_one() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    with pytest.raises(ValueError, match="one block"):
        keccak256(b"x" * 136)
