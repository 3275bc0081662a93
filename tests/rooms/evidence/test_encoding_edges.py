"""Strict texts at every edge: numbers, base64, hashes, names, keys, signature lines, notes."""

from __future__ import annotations

import base64

import pytest
from tests.rooms.evidence.keys import cosigner, private, signer

from recoup.evidence.cosignature import cosigned_at
from recoup.evidence.encoding import (
    DECIMAL_MAX,
    Malformed,
    base64_bytes,
    base64_text,
    decimal_number,
    hash_bytes,
    utf8_bytes,
)
from recoup.evidence.note import (
    COSIGNATURE,
    ED25519,
    SIGNATURES_MAX,
    Note,
    Signature,
    Untrusted,
    VerifierKey,
    cosigned_message,
    parse_note,
    parse_secret_key,
    parse_signatures,
    secret_key_text,
    signed_message,
)

ANNA = signer("a.example")
LINE = ANNA.sign("x\n")


@pytest.mark.parametrize("number", [0, 1, 9, 10, 10**18, DECIMAL_MAX])
def test_numbers_go_out_and_come_back(number: int) -> None:
    assert decimal_number(str(number)) == number


@pytest.mark.parametrize(
    "text", [str(DECIMAL_MAX + 1), "9" * 19, "1" * 20, "0" * 19, "1_0", "1e3", "0x1", "²", "١", "1\n"]
)
def test_numbers_one_beyond_and_in_other_spellings(text: str) -> None:
    with pytest.raises(Malformed):
        decimal_number(text)


def test_the_word_of_a_refusal_is_short_whatever_came_in() -> None:
    for refuse in (decimal_number, base64_bytes, VerifierKey.parse):
        with pytest.raises(Malformed) as raised:
            refuse("?" * 100_000)
        assert len(str(raised.value)) < 200


@pytest.mark.parametrize("size", range(8))
def test_every_loose_bit_of_base64_is_refused(size: int) -> None:
    """The last character of padded base64 has 2 or 4 bits that say nothing: only zeroes there are canonical."""
    text = base64_text(b"\xff" * size)
    assert base64_bytes(text) == b"\xff" * size
    at = len(text.rstrip("=")) - 1
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
        changed = text[:at] + letter + text[at + 1 :] if text else letter
        loose = bool(changed) and (len(changed) % 4 != 0 or base64_text(base64.b64decode(changed)) != changed)
        if loose:
            with pytest.raises(Malformed):
                base64_bytes(changed)
        else:
            assert base64_text(base64_bytes(changed)) == changed


@pytest.mark.parametrize("text", ["AA==AA==", "====", "A", "AA", "AAA", "AAAAA", "AA =", "AA=\n", "AA-_", "AAA=\0"])
def test_base64_that_lenient_readers_take(text: str) -> None:
    with pytest.raises(Malformed):
        base64_bytes(text)


@pytest.mark.parametrize("size", [0, 1, 31, 33, 64])
def test_a_hash_has_32_bytes(size: int) -> None:
    assert hash_bytes(base64_text(b"h" * 32)) == b"h" * 32
    with pytest.raises(Malformed, match=f"not {size}"):
        hash_bytes(base64_text(b"h" * size))


def test_lone_surrogates_are_malformed_and_not_another_error() -> None:
    """A text that came out of JSON can hold what UTF-8 cannot write."""
    assert utf8_bytes("é") == b"\xc3\xa9"
    for refuse in (utf8_bytes, parse_note, base64_bytes, decimal_number, VerifierKey.parse):
        with pytest.raises(Malformed):
            refuse(f"\ud800\n\n{LINE}")
    with pytest.raises(Malformed):
        VerifierKey("a\udfff", ED25519, b"k" * 32)


@pytest.mark.parametrize("name", ["", "a b", "a\tb", "a+b", "a\nb", "a\u2003b", "a\u3000", "\u2028", "\x00", "a\x1f"])
def test_names_that_no_key_may_have(name: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey(name, ED25519, b"k" * 32)
    with pytest.raises(Malformed):
        Signature.parse(f"— {name} {base64_text(b'i' * 5)}")


@pytest.mark.parametrize(("kind", "size"), [(0, 32), (2, 32), (3, 32), (5, 32), (255, 32), (1, 31), (1, 33), (4, 0)])
def test_other_types_and_sizes_of_keys(kind: int, size: int) -> None:
    with pytest.raises(Malformed, match="Ed25519"):
        VerifierKey("a.example", kind, b"k" * size)


def test_the_type_is_part_of_the_id() -> None:
    public = ANNA.verifier.public
    assert VerifierKey("a.example", ED25519, public).id != VerifierKey("a.example", COSIGNATURE, public).id
    assert VerifierKey("a.example", ED25519, public).id != VerifierKey("b.example", ED25519, public).id


@pytest.mark.parametrize("at", range(8))
def test_a_key_with_one_digit_of_its_id_changed(at: int) -> None:
    name, digits, rest = str(ANNA.verifier).split("+", 2)
    other = digits[:at] + ("0" if digits[at] != "0" else "1") + digits[at + 1 :]
    with pytest.raises(Malformed, match="does not belong"):
        VerifierKey.parse(f"{name}+{other}+{rest}")
    with pytest.raises(Malformed):
        VerifierKey.parse(f"{name}+{digits.upper()}x+{rest}")


def test_a_key_in_a_file_may_end_in_a_newline_and_holds_nothing_more() -> None:
    text = str(ANNA.verifier)
    assert VerifierKey.parse(f" {text}\n") == ANNA.verifier
    for more in (f"{text}\n{text}", f"{text} #", f"{text}="):
        with pytest.raises(Malformed):
            VerifierKey.parse(more)


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE])
def test_secret_keys_go_out_and_come_back(kind: int) -> None:
    text = secret_key_text("a.example", kind, private("a.example"))
    name, found, key = parse_secret_key(f"{text}\n")
    assert (name, found, key.private_bytes_raw()) == ("a.example", kind, private("a.example").private_bytes_raw())


@pytest.mark.parametrize("damage", ["", "PRIVATE", "public", "id", "short", "long", "type", "name", "base64"])
def test_damaged_secret_keys_are_refused_without_telling_them(damage: str) -> None:
    text = secret_key_text("a.example", ED25519, private("a.example"))
    secret = text.rsplit("+", 1)[1] if "+" not in text.split("+", 4)[4] else text.split("+", 4)[4]
    head = text[: -len(secret)]
    raw = base64.b64decode(secret)
    changed = {
        "": "",
        "PRIVATE": text.replace("PRIVATE", "PRIVAT"),
        "public": str(ANNA.verifier),
        "id": head[:-2] + ("0" if head[-2] != "0" else "1") + "+" + secret,
        "short": head + base64_text(raw[:-1]),
        "long": head + base64_text(raw + b"x"),
        "type": head + base64_text(b"\x02" + raw[1:]),
        "name": text.replace("a.example", "b.example"),
        "base64": head + secret[:-1] + "!",
    }[damage]
    with pytest.raises(Malformed) as raised:
        parse_secret_key(changed)
    assert secret[3:20] not in str(raised.value) and raw[1:].hex() not in str(raised.value)


@pytest.mark.parametrize("size", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_does_not_verify(size: int) -> None:
    assert ANNA.verifier.verifies("x\n", LINE.value)
    assert not ANNA.verifier.verifies("x\n", (LINE.value * 3)[:size])


@pytest.mark.parametrize("at", [0, 31, 32, 63])
def test_a_flipped_bit_in_either_half_of_a_signature(at: int) -> None:
    value = bytearray(LINE.value)
    for bit in range(8):
        value[at] ^= 1 << bit
        assert not ANNA.verifier.verifies("x\n", bytes(value))
        value[at] ^= 1 << bit


@pytest.mark.parametrize("size", [0, 8, 63, 64, 71, 73])
def test_a_cosignature_is_a_time_and_64_bytes(size: int) -> None:
    witness = cosigner()
    value = (witness.cosign("x\n", 9).value * 2)[:size]
    assert not witness.verifier.verifies("x\n", value)
    with pytest.raises(Malformed, match="timestamp"):
        signed_message(COSIGNATURE, "x\n", value)


def test_the_times_of_cosignatures_have_edges() -> None:
    witness = cosigner()
    for seconds in (1, DECIMAL_MAX):
        note = Note("x\n", (witness.cosign("x\n", seconds),))
        assert cosigned_at(note, witness.verifier) == seconds
    for seconds in (0, -1):
        with pytest.raises(ValueError, match="time"):
            witness.cosign("x\n", seconds)
    with pytest.raises(Malformed):
        witness.cosign("x\n", DECIMAL_MAX + 1)
    with pytest.raises(Malformed):
        cosigned_message("x\n", DECIMAL_MAX + 1)


@pytest.mark.parametrize("at", range(8))
def test_the_time_is_under_the_signature(at: int) -> None:
    witness = cosigner()
    line = witness.cosign("x\n", 1_700_000_000)
    value = bytearray(line.value)
    value[at] ^= 1
    note = Note("x\n", (Signature(line.name, line.key_id, bytes(value)),))
    assert cosigned_at(note, witness.verifier) is None
    with pytest.raises(Untrusted, match="false"):
        note.signers([witness.verifier])


def test_the_latest_cosignature_of_a_witness_counts() -> None:
    witness = cosigner()
    note = Note("x\n", tuple(witness.cosign("x\n", seconds) for seconds in (5, 9, 7)))
    assert cosigned_at(note, witness.verifier) == 9
    assert cosigned_at(note, cosigner("other.example/w").verifier) is None


def test_one_key_in_two_types_signs_for_each_apart() -> None:
    """A signature of type 0x01 under the same key and name is no cosignature, and the reverse."""
    name = cosigner().name
    as_log = VerifierKey(name, ED25519, cosigner().verifier.public)
    note = Note("x\n", (cosigner().cosign("x\n", 5),))
    with pytest.raises(Untrusted, match="no trusted key"):
        note.signers([as_log])
    borrowed = Signature(name, as_log.id, cosigner().cosign("x\n", 5).value)
    with pytest.raises(Untrusted, match="false"):
        Note("x\n", (borrowed,)).signers([as_log])


@pytest.mark.parametrize("text", ["", "x", "x\n\ny"])
def test_the_text_of_a_note_ends_in_a_newline(text: str) -> None:
    with pytest.raises(Malformed, match="newline"):
        Note(text, (LINE,))


def test_a_note_needs_a_signature_and_joins_up_to_the_limit() -> None:
    with pytest.raises(Malformed):
        Note("x\n", ())
    lines = [Signature("a.example", bytes([0, 0, 0, number]), b"v" * 64) for number in range(SIGNATURES_MAX)]
    full = Note("x\n", (LINE,)).with_signatures(lines[1:])
    assert len(full.signatures) == SIGNATURES_MAX
    assert full.with_signatures([LINE]) == full
    with pytest.raises(Malformed):
        full.with_signatures(lines[:1])
    assert parse_note(str(full)) == full


@pytest.mark.parametrize("code", [*range(10), *range(11, 32)])
def test_no_control_character_but_the_newline(code: int) -> None:
    for text in (f"x{chr(code)}\n\n{LINE}", f"x\n\n{LINE}{chr(code)}\n", f"{chr(code)}x\n\n{LINE}"):
        with pytest.raises(Malformed):
            parse_note(text)


def test_cut_anywhere_a_note_is_malformed_or_has_fewer_signatures() -> None:
    whole = str(Note("one\ntwo\n", (ANNA.sign("one\ntwo\n"), signer("b.example").sign("one\ntwo\n")))).encode()
    first_only = whole[: whole.rindex("— ".encode())]
    for size in range(len(whole)):
        if whole[:size] == first_only:
            assert parse_note(whole[:size]).signers([ANNA.verifier]) == (ANNA.verifier,)
            continue
        with pytest.raises(Malformed):
            parse_note(whole[:size])


@pytest.mark.parametrize(
    "lines",
    ["\n", f"{LINE}\n", f"\n{LINE}", f"{LINE}x\n", str(LINE).replace("— ", "—"), str(LINE).replace("— ", "–  ")],
)
def test_other_lines_are_no_signatures(lines: str) -> None:
    with pytest.raises(Malformed):
        parse_signatures(lines)


@pytest.mark.parametrize("size", [0, 3, 4, 5])
def test_a_signature_line_holds_an_id_and_something_behind_it(size: int) -> None:
    line = f"— a.example {base64_text(b's' * size)}"
    if size == 5:
        assert Signature.parse(line) == Signature("a.example", b"ssss", b"s")
        return
    with pytest.raises(Malformed):
        Signature.parse(line)


def test_signers_come_in_the_order_of_the_keys_and_not_of_the_note() -> None:
    bert = signer("b.example")
    note = Note("x\n", (LINE, bert.sign("x\n")))
    assert note.signers([bert.verifier, ANNA.verifier]) == (bert.verifier, ANNA.verifier)


def test_a_true_signature_beside_a_false_one_of_the_same_key_is_untrusted() -> None:
    false = Signature(LINE.name, LINE.key_id, b"\0" * 64)
    for lines in ((LINE, false), (false, LINE)):
        with pytest.raises(Untrusted, match="false"):
            Note("x\n", lines).signers([ANNA.verifier])
