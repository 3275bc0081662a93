from __future__ import annotations

import json

import pytest
from tests.rooms.evidence.keys import signer
from tests.rooms.evidence.shared import vectors

from recoup.evidence.encoding import Malformed, base64_bytes, base64_text, decimal_number, hash_bytes
from recoup.evidence.note import (
    NOTE_BYTES_MAX,
    SIGNATURES_MAX,
    Note,
    Signature,
    Untrusted,
    VerifierKey,
    parse_note,
    parse_signatures,
)

# The worked example of C2SP signed-note v1.0.0.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# Known key and signed note of the Go checksum database (golang.org/x/mod/sumdb/note).
SUMDB_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SUMDB_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.mark.parametrize(("key", "text"), [(EXAMPLE_KEY, EXAMPLE), (SUMDB_KEY, SUMDB_NOTE)])
def test_published_notes_verify(key: str, text: str) -> None:
    note, verifier = parse_note(text), VerifierKey.parse(key)
    assert str(verifier) == key
    assert str(note) == text
    assert note.signers([verifier]) == (verifier,)


@pytest.mark.parametrize(("key", "text"), [(EXAMPLE_KEY, EXAMPLE), (SUMDB_KEY, SUMDB_NOTE)])
def test_a_changed_word_is_untrusted(key: str, text: str) -> None:
    with pytest.raises(Untrusted, match="false"):
        parse_note(text.replace("i", "j", 1)).signers([VerifierKey.parse(key)])


def test_text_ends_at_the_last_empty_line() -> None:
    author = signer("a.example")
    text = "one\n\ntwo\n"
    note = parse_note(str(Note(text, (author.sign(text),))))
    assert note.text == text
    assert note.signers([author.verifier])


def test_unknown_signatures_are_ignored_and_false_ones_of_known_keys_refuse_the_note() -> None:
    known, other = signer("a.example"), signer("b.example")
    note = Note("x\n", (other.sign("another text\n"), known.sign("x\n")))
    assert note.signers([known.verifier]) == (known.verifier,)
    with pytest.raises(Untrusted, match="is false"):
        note.signers([known.verifier, other.verifier])


def test_same_name_or_same_id_alone_is_an_unknown_key() -> None:
    known = signer("a.example")
    right = known.sign("x\n")
    for line in (
        Signature("c.example", right.key_id, right.value),
        Signature(right.name, b"\0\0\0\0", right.value),
    ):
        with pytest.raises(Untrusted, match="no trusted key"):
            Note("x\n", (line,)).signers([known.verifier])


def test_a_note_without_any_trusted_signature_is_untrusted() -> None:
    with pytest.raises(Untrusted):
        parse_note(EXAMPLE).signers([])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x\n",
        "x\n\n",
        "x\n\nno dash\n",
        "x\n— a AAAAAAA=\n",
        "x\n\n— a AAAAAAA=",
        "x\n\n— a AAAA\n",
        "x\n\n—  AAAAAAA=\n",
        "x\n\n— a+b AAAAAAA=\n",
        "x\n\n— a\u00a0b AAAAAAA=\n",
        "x\n\n— a AAAAAAA= \n",
        "x\n\n— a AAAAAAB=\n",  # loose bits
        "x\n\n— a AAAAAAA\n",  # no padding
        "x\ty\n\n— a AAAAAAA=\n",
        "x\r\n\n— a AAAAAAA=\n",
        "x\n\n- a AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse_note(text)


def test_invalid_utf8_is_malformed() -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        parse_note(b"\xff\n\n" + "— a AAAAAAA=\n".encode())


def test_limits_of_a_note() -> None:
    line = signer("a.example").sign("x\n")
    assert len(Note("x\n", (line,) * SIGNATURES_MAX).signatures) == SIGNATURES_MAX
    with pytest.raises(Malformed):
        Note("x\n", (line,) * (SIGNATURES_MAX + 1))
    tail = f"\n\n{line}"
    room = NOTE_BYTES_MAX - len(tail.encode())
    assert parse_note("x" * room + tail)
    with pytest.raises(Malformed, match="at most"):
        parse_note("x" * (room + 1) + tail)


@pytest.mark.parametrize(
    "text",
    [
        "no key",
        "a+b",
        "a+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        EXAMPLE_KEY[:-1],
        EXAMPLE_KEY.replace("foo", "bar"),
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "a+00000000+",
        "a+00000000+Bg==",
    ],
)
def test_keys_that_do_not_fit_their_id_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


def test_signatures_join_without_doubles() -> None:
    one, two = signer("a.example").sign("x\n"), signer("b.example").sign("x\n")
    note = Note("x\n", (one,)).with_signatures([two, one])
    assert note.signatures == (one, two)
    assert parse_signatures(f"{one}{two}") == (one, two)
    assert parse_signatures("") == ()
    with pytest.raises(Malformed):
        parse_signatures(str(one)[:-1])


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("9223372036854775807", 2**63 - 1)])
def test_plain_decimal(text: str, number: int) -> None:
    assert decimal_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "x", "٣", "9223372036854775808", "9" * 30]
)
def test_other_decimals_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        decimal_number(text)


def test_base64_has_one_spelling() -> None:
    assert base64_bytes(base64_text(b"\xff" * 33)) == b"\xff" * 33
    for text in ("_w==", "/w=", "/w", "/x==", "/w==\n", " /w==", "ü"):
        with pytest.raises(Malformed):
            base64_bytes(text)
    with pytest.raises(Malformed, match="32 bytes"):
        hash_bytes(base64_text(b"x" * 12))


@pytest.mark.shared_data
def test_ed25519_agrees_with_wycheproof() -> None:
    groups = json.loads((vectors("wycheproof") / "testvectors_v1" / "ed25519_test.json").read_text())["testGroups"]
    seen = 0
    for group in groups:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            key = VerifierKey("wycheproof.example", 1, public)
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            try:
                text = message.decode()
            except UnicodeDecodeError:
                text = ""
            if text.encode() == message:
                assert key.verifies(text, signature) == (case["result"] == "valid"), case["tcId"]
                seen += 1
    assert seen >= 50
