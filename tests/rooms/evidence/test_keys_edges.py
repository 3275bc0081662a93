"""Keys, shares and key files: wrong, cut, mistyped, mixed, and never repeated in words."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from tests.rooms.evidence.build import MemoryKeys

from recoup.evidence.encoding import Malformed, base64_text
from recoup.evidence.keys import (
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    AgencyKey,
    Shredded,
    SubjectKeys,
    Unopened,
    seal,
    unseal,
)
from recoup.evidence.keystore import KeyFile
from recoup.evidence.shamir import SECRET_BYTES_MAX, SHARES_MAX, Share, restore, set_id, split

OLD, NEW, LAST = AgencyKey(b"o" * 32), AgencyKey(b"n" * 32), AgencyKey(b"l" * 32)
KEY = b"k" * KEY_BYTES
SECRET = bytes(range(32))


# --- sealed bytes ----------------------------------------------------------------------------------------------------


def test_a_bit_flipped_anywhere_is_refused() -> None:
    sealed = bytearray(seal(KEY, b"what was said", b"here"))
    for at in range(len(sealed)):
        for bit in (0, 7):
            sealed[at] ^= 1 << bit
            with pytest.raises(Unopened):
                unseal(KEY, bytes(sealed), b"here")
            sealed[at] ^= 1 << bit
    assert unseal(KEY, bytes(sealed), b"here") == b"what was said"


def test_cut_and_extended_bytes_are_refused() -> None:
    sealed = seal(KEY, b"what was said", b"")
    for size in range(len(sealed)):
        with pytest.raises(Unopened):
            unseal(KEY, sealed[:size], b"")
    for more in (b"\0", sealed):
        with pytest.raises(Unopened):
            unseal(KEY, sealed + more, b"")


def test_nothing_can_be_sealed() -> None:
    sealed = seal(KEY, b"", b"")
    assert len(sealed) == NONCE_BYTES + TAG_BYTES
    assert unseal(KEY, sealed, b"") == b""


# --- agency keys -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_an_agency_key_has_32_bytes(size: int) -> None:
    with pytest.raises(Malformed, match=f"not {size}"):
        AgencyKey(b"x" * size)
    with pytest.raises(Malformed):
        AgencyKey.parse(base64_text(b"x" * size))


@pytest.mark.parametrize("damage", ["letter", "cut", "joined", "stranger"])
def test_a_mistyped_agency_key_is_not_repeated(damage: str) -> None:
    """The message goes to logs and screens; the other 43 characters are still the key."""
    text = base64_text(SECRET)
    changed = {"letter": text[:20] + "!" + text[21:], "cut": text[:-1], "joined": text + text, "stranger": text + "é"}
    with pytest.raises(Malformed) as raised:
        AgencyKey.parse(changed[damage])
    for at in range(0, 36, 4):
        assert text[at : at + 8] not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize("data", [b"\xff" * 44, "ключ".encode(), b"\0"])
def test_a_key_file_of_other_bytes_is_malformed(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "agency.key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(Malformed):
        AgencyKey.from_file(path)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o610, 0o601, 0o644, 0o777])
def test_every_right_of_others_is_too_much(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "agency.key"
    path.write_text(str(OLD))
    path.chmod(mode)
    with pytest.raises(PermissionError, match=r"agency\.key"):
        AgencyKey.from_file(path)
    path.chmod(0o400)
    assert AgencyKey.from_file(path) == OLD


def test_an_empty_variable_is_no_key_and_a_wrong_one_is_not_passed_over() -> None:
    assert AgencyKey.from_environment({"RECOUP_AGENCY_KEY": ""}) is None
    with pytest.raises(Malformed):
        AgencyKey.from_environment({"RECOUP_AGENCY_KEY": " \n"})
    with pytest.raises(Malformed):
        AgencyKey.from_environment({"RECOUP_AGENCY_KEY": "secret"})


def test_the_key_in_use_wraps_and_every_retired_one_opens() -> None:
    three = AgencyKey(LAST.material, (NEW, OLD))
    for held in (OLD, NEW, LAST):
        assert three.unwrap(held.wrap(KEY, b"s"), b"s") == KEY
    assert three.wrap(KEY, b"s")[:8].hex() == LAST.key_id
    assert AgencyKey.parse(str(three)) == three
    assert OLD.key_id not in repr(three)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 35])
def test_a_wrapped_key_cut_short(size: int) -> None:
    wrapped = OLD.wrap(KEY, b"s")[:size]
    with pytest.raises(Shredded if size < 8 else Unopened):
        OLD.unwrap(wrapped, b"s")


def test_the_name_of_the_agency_key_is_under_the_seal() -> None:
    """Renamed to another held key, a wrapped key does not open: neither under that key nor by accident."""
    both = AgencyKey(NEW.material, (OLD,))
    wrapped = OLD.wrap(KEY, b"s")
    renamed = bytes.fromhex(NEW.key_id) + wrapped[8:]
    with pytest.raises(Unopened):
        both.unwrap(renamed, b"s")


# --- subject keys ----------------------------------------------------------------------------------------------------


def test_wrapped_keys_exchanged_between_subjects_do_not_open() -> None:
    store = MemoryKeys()
    keys = SubjectKeys(OLD, store)
    for subject in ("a", "b"):
        keys.ensure(subject)
    store.held["a"], store.held["b"] = store.held["b"], store.held["a"]
    for subject in ("a", "b"):
        with pytest.raises(Unopened):
            keys.seal(subject, b"x", b"")


def test_a_record_is_refused_at_every_class_of_offset() -> None:
    keys = SubjectKeys(OLD, MemoryKeys())
    keys.ensure("a")
    sealed = bytearray(keys.seal("a", b"record", b"place"))
    wrap = NONCE_BYTES + KEY_BYTES + TAG_BYTES
    nonces, bodies, tags = (0, wrap), (NONCE_BYTES, wrap + NONCE_BYTES), (wrap - 1, len(sealed) - 1)
    for at in (*nonces, *bodies, *tags):
        sealed[at] ^= 0x80
        with pytest.raises(Unopened):
            keys.unseal("a", bytes(sealed), b"place")
        sealed[at] ^= 0x80
    for size in (0, 1, wrap - 1, wrap, len(sealed) - 1):
        with pytest.raises(Unopened):
            keys.unseal("a", bytes(sealed[:size]), b"place")
    with pytest.raises(Unopened):
        keys.unseal("a", bytes(sealed), b"another place")


def test_a_record_key_of_one_record_opens_no_other() -> None:
    keys = SubjectKeys(OLD, MemoryKeys())
    keys.ensure("a")
    one, two = (keys.seal("a", text, b"place") for text in (b"one", b"two"))
    wrap = NONCE_BYTES + KEY_BYTES + TAG_BYTES
    with pytest.raises(Unopened):
        keys.unseal("a", one[:wrap] + two[wrap:], b"place")


def test_shredding_twice_and_a_stranger_is_quiet() -> None:
    keys = SubjectKeys(OLD, MemoryKeys())
    keys.ensure("a")
    for subject in ("a", "a", "never was here"):
        keys.shred(subject)
        assert not keys.has(subject)
        with pytest.raises(Shredded, match=subject):
            keys.wrap(subject, KEY, b"")


def test_a_rotation_that_meets_one_foreign_key_changes_nothing() -> None:
    store = MemoryKeys()
    keys = SubjectKeys(OLD, store)
    keys.ensure("a")
    store.held["b"] = LAST.wrap(KEY, b"b")
    before = dict(store.held)
    with pytest.raises(Shredded, match=LAST.key_id):
        keys.rotate(NEW)
    assert store.held == before
    assert keys.unseal("a", keys.seal("a", b"x", b""), b"") == b"x"


def test_rotating_nothing_and_to_the_same_key() -> None:
    assert SubjectKeys(OLD, MemoryKeys()).rotate(NEW) == 0
    keys = SubjectKeys(OLD, MemoryKeys())
    keys.ensure("a")
    sealed = keys.seal("a", b"x", b"")
    assert keys.rotate(OLD) == 1
    assert keys.unseal("a", sealed, b"") == b"x"


def test_a_file_that_is_no_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    path.write_bytes(b"not a database, but longer than any header of one would be" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        KeyFile(path)


def test_subjects_are_listed_in_order_and_unaffected_by_what_happens_meanwhile(tmp_path: Path) -> None:
    store = KeyFile(tmp_path / "keys.sqlite3")
    for subject in ("b", "a", "c"):
        store.put(subject, b"w")
    listed = store.subjects()
    store.remove("b")
    store.remove("no such subject")
    assert list(listed) == ["a", "b", "c"]
    assert list(store.subjects()) == ["a", "c"]


def test_replacing_makes_no_new_keys(tmp_path: Path) -> None:
    store = KeyFile(tmp_path / "keys.sqlite3")
    store.put("a", b"w")
    store.replace({"a": b"x", "stranger": b"y"})
    assert (store.get("a"), store.get("stranger")) == (b"x", None)


# --- shares ----------------------------------------------------------------------------------------------------------


def share_line(body: str) -> str:
    """A line whose checksum is right, whatever it says."""
    return f"{body} {hashlib.sha256(body.encode()).hexdigest()[:8]}"


GOOD = split(SECRET, 3, 5, lambda size: bytes(range(1, size + 1)))


@pytest.mark.parametrize("needed", [-1, 0, 1, 256])
def test_how_many_are_needed_has_edges(needed: int) -> None:
    with pytest.raises(Malformed):
        replace(GOOD[0], needed=needed)
    with pytest.raises(Malformed):
        Share.parse(share_line(f"recoup-share-1 {GOOD[0].set_id} {needed} 1 eA=="))


@pytest.mark.parametrize("x", [-1, 0, 256])
def test_the_number_of_a_share_has_edges(x: int) -> None:
    """Point 0 would be the secret itself."""
    assert replace(GOOD[0], x=SHARES_MAX).x == SHARES_MAX
    with pytest.raises(Malformed, match="1 to 255"):
        replace(GOOD[0], x=x)
    with pytest.raises(Malformed):
        Share.parse(share_line(f"recoup-share-1 {GOOD[0].set_id} 2 {x} eA=="))


@pytest.mark.parametrize("name", ["", "0" * 15, "0" * 17, "G" * 16, "A" * 16, "0" * 15 + "\n"])
def test_the_name_of_a_set_is_16_hex_digits(name: str) -> None:
    with pytest.raises(Malformed, match="16 hex"):
        replace(GOOD[0], set_id=name)


@pytest.mark.parametrize("size", [0, SECRET_BYTES_MAX + 1])
def test_a_point_has_1_to_1024_bytes(size: int) -> None:
    assert len(replace(GOOD[0], y=b"y" * SECRET_BYTES_MAX).y) == SECRET_BYTES_MAX
    with pytest.raises(Malformed):
        replace(GOOD[0], y=b"y" * size)


@pytest.mark.parametrize(
    "body",
    [
        "recoup-share-2 {id} 2 1 eA==",
        "recoup-share-1 {id} 02 1 eA==",
        "recoup-share-1 {id} 2 1 eA",
        "recoup-share-1 {id} 2 1",
        "recoup-share-1 {id} 2 1 eA== eA==",
        "recoup-share-1  {id} 2 1 eA==",
        "recoup-share-1 {id} two 1 eA==",
        "recoup-share-1 {id} 2 1 ",
    ],
)
def test_lines_with_a_right_checksum_in_another_form(body: str) -> None:
    with pytest.raises(Malformed):
        Share.parse(share_line(body.format(id=GOOD[0].set_id)))


def test_two_neighbouring_letters_exchanged_are_found() -> None:
    line = str(GOOD[2])
    for at in range(len(line) - 1):
        swapped = line[:at] + line[at + 1] + line[at] + line[at + 2 :]
        if swapped != line:
            with pytest.raises(Malformed):
                Share.parse(swapped)


def test_shares_in_any_order_and_more_than_needed() -> None:
    for chosen in permutations(GOOD, 3):
        assert restore(chosen) == SECRET
    assert restore(GOOD[:4]) == SECRET


def test_one_share_from_another_set_of_the_same_secret_is_noticed() -> None:
    """Two sets of one secret have one name and different polynomials."""
    again = split(SECRET, 3, 5, lambda size: bytes(range(50, 50 + size)))
    assert again[0].set_id == GOOD[0].set_id
    with pytest.raises(Malformed, match="do not restore"):
        restore([GOOD[0], GOOD[1], again[2]])


def test_one_byte_of_one_share_changed_is_noticed() -> None:
    for at in (0, 15, 31):
        y = bytearray(GOOD[1].y)
        y[at] ^= 1
        with pytest.raises(Malformed, match="do not restore"):
            restore([GOOD[0], replace(GOOD[1], y=bytes(y)), GOOD[4]])


def test_shares_of_other_lengths_or_thresholds_do_not_mix() -> None:
    for other in (replace(GOOD[1], y=GOOD[1].y[:-1]), replace(GOOD[1], needed=2), replace(GOOD[1], set_id="0" * 16)):
        with pytest.raises(Malformed, match="one set"):
            restore([GOOD[0], other, GOOD[2]])


def test_a_lowered_threshold_does_not_restore() -> None:
    lowered = [replace(share, needed=2) for share in GOOD[:2]]
    with pytest.raises(Malformed, match="do not restore"):
        restore(lowered)


def test_neither_share_nor_key_shows_itself() -> None:
    assert base64_text(GOOD[0].y) not in repr(GOOD[0])
    assert repr(GOOD[0].y) not in repr(GOOD)
    assert set_id(SECRET) != hashlib.sha256(SECRET).hexdigest()[:16]
