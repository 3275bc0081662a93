from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.evidence.build import MemoryKeys, at

from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import AgencyKey, Shredded, SubjectKeys, Unopened
from recoup.evidence.leaf import LEAF, PAYLOAD_BYTES_MAX, SALT_BYTES, Entry, Event, entry_of, payload_of
from recoup.evidence.tiles import ENTRY_BYTES_MAX
from recoup.ground import Instant, canonical_json

EVENT = Event("item.sealed", at(0), "officer-7", "item-1", "case-1")


@pytest.fixture
def keys() -> SubjectKeys:
    keys = SubjectKeys(AgencyKey(b"k" * 32), MemoryKeys())
    keys.ensure("case-1")
    keys.ensure("case-2")
    return keys


@settings(max_examples=300, deadline=None)
@given(
    kind=st.from_regex(r"[a-z]{1,8}\.[a-z][a-z-]{0,8}", fullmatch=True),
    ids=st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,20}", fullmatch=True), min_size=3, max_size=3),
    committed=st.booleans(),
    micro=st.integers(0, 999_999),
)
def test_every_leaf_is_rfc_8785_and_fits_the_pattern(kind: str, ids: list[str], committed: bool, micro: int) -> None:
    when = Instant(datetime(2026, 1, 1, tzinfo=UTC).replace(microsecond=micro))
    event = Event(kind, when, ids[0], ids[1], ids[2], "a" * 64 if committed else "")
    assert event.leaf == canonical_json(json.loads(event.leaf))
    assert Event.parse(event.leaf) == event
    match = LEAF.fullmatch(event.leaf)
    assert match and match["record"].decode() == ids[1] and match["subject"].decode() == ids[2]
    assert (match["commitment"] is not None) is committed


def test_the_pattern_refuses_what_the_noun_refuses() -> None:
    good = Event("item.sealed", at(0), "o", "r", "s", "0" * 64).leaf
    assert LEAF.fullmatch(good)
    assert LEAF.fullmatch(Event("item.sealed", at(0), "o", "r").leaf)
    for bad in (
        good.replace(b',"subject":"s"', b""),
        good.replace(b'"o"', b'"o o"'),
        good.replace(b"item.sealed", b"item..sealed"),
        good.replace(b"00Z", b"00"),
        good[:-1],
        good + b"\n",
    ):
        assert LEAF.fullmatch(bad) is None
        with pytest.raises(Malformed):
            Event.parse(bad)


def test_a_leaf_is_canonical_json_of_what_is_set() -> None:
    assert EVENT.leaf == (
        b'{"actor":"officer-7","at":"2026-01-01T00:00:00Z","kind":"item.sealed","record":"item-1","subject":"case-1"}'
    )
    assert Event.parse(EVENT.leaf) == EVENT
    bare = Event("log.opened", at(1), "officer-7", "log")
    assert Event.parse(bare.leaf) == bare
    assert b"subject" not in bare.leaf


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "sealed"),
        ("kind", "Item.Sealed"),
        ("kind", "item.sealed today"),
        ("kind", "a." + "b" * 99),
        ("actor", ""),
        ("actor", "Maria Rossi"),
        ("actor", "maria@example.org"),
        ("actor", "+390612345"),
        ("record", "x" * 101),
        ("record", "-x"),
        ("subject", "a/b"),
        ("subject", "é"),
        ("commitment", "00"),
        ("commitment", "G" * 64),
    ],
)
def test_what_could_carry_personal_data_does_not_fit(field: str, value: str) -> None:
    values = {"kind": "item.sealed", "actor": "a", "record": "r", "subject": "s", "commitment": ""} | {field: value}
    with pytest.raises(Malformed):
        Event(values["kind"], at(0), values["actor"], values["record"], values["subject"], values["commitment"])


def test_a_commitment_names_its_subject_and_an_event_its_time() -> None:
    with pytest.raises(Malformed, match="subject"):
        Event("item.sealed", at(0), "a", "r", "", "0" * 64)
    with pytest.raises(Malformed, match="day"):
        Event("item.sealed", Instant.parse("2026-01-01"), "a", "r")


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b'{"actor":"a"}',
        EVENT.leaf + b" ",
        EVENT.leaf.replace(b":", b": ", 1),
        EVENT.leaf.replace(b"officer-7", b"officer 7"),
        EVENT.leaf.replace(b'"officer-7"', b"7"),
        EVENT.leaf.replace(b"00Z", b"00+00:00"),
        EVENT.leaf.replace(b'"actor"', b'"extra":"x","actor"'),
        b"[" * 5_000,
        b'{"actor":"' + b"a" * ENTRY_BYTES_MAX + b'"}',
    ],
)
def test_other_spellings_are_malformed(leaf: bytes) -> None:
    with pytest.raises(Malformed):
        Event.parse(leaf)


def test_payload_opens_and_nothing_of_it_is_in_the_leaf(keys: SubjectKeys) -> None:
    payload = {"name": "Maria Rossi", "iban": "IT60X0542811101000000123456"}
    entry = entry_of(EVENT, payload, keys)
    assert json.loads(payload_of(entry, keys)) == payload
    for word in (b"Maria", b"IT60"):
        assert word not in entry.leaf
        assert word not in (entry.sealed or b"")


def test_the_commitment_is_salted(keys: SubjectKeys) -> None:
    one, two = entry_of(EVENT, {"name": "A"}, keys), entry_of(EVENT, {"name": "A"}, keys)
    assert Event.parse(one.leaf).commitment != Event.parse(two.leaf).commitment
    plain = keys.unseal("case-1", one.sealed or b"", one.leaf)
    assert hashlib.sha256(plain).hexdigest() == Event.parse(one.leaf).commitment
    assert len(plain) == SALT_BYTES + len(b'{"name":"A"}')


def test_a_payload_opens_at_its_own_entry_only(keys: SubjectKeys) -> None:
    one, two = entry_of(EVENT, {"a": "1"}, keys), entry_of(EVENT, {"a": "2"}, keys)
    for entry in (
        Entry(one.leaf, two.sealed),
        Entry(one.leaf, one.sealed[:-1] if one.sealed else b""),
        Entry(one.leaf),
    ):
        with pytest.raises(Unopened):
            payload_of(entry, keys)


def test_a_payload_that_was_not_committed_to_is_refused(keys: SubjectKeys) -> None:
    entry = entry_of(EVENT, {"a": "1"}, keys)
    other = keys.seal("case-1", b"n" * SALT_BYTES + b'{"a":"9"}', entry.leaf)
    with pytest.raises(Unopened, match="commits"):
        payload_of(Entry(entry.leaf, other), keys)
    with pytest.raises(Unopened, match="no payload"):
        payload_of(Entry(EVENT.leaf, b"x"), keys)


def test_shredded_payloads_stay_closed_and_others_open(keys: SubjectKeys) -> None:
    gone = entry_of(EVENT, {"a": "1"}, keys)
    kept = entry_of(Event("item.sealed", at(0), "o", "i", "case-2"), {"a": "2"}, keys)
    keys.shred("case-1")
    with pytest.raises(Shredded):
        payload_of(gone, keys)
    with pytest.raises(Shredded):
        entry_of(EVENT, {"a": "3"}, keys)
    assert payload_of(kept, keys) == b'{"a":"2"}'


def test_limits(keys: SubjectKeys) -> None:
    room = PAYLOAD_BYTES_MAX - len('{"a":""}')
    assert entry_of(EVENT, {"a": "x" * room}, keys)
    with pytest.raises(Malformed, match="payload"):
        entry_of(EVENT, {"a": "x" * (room + 1)}, keys)
    assert Entry(b"x" * ENTRY_BYTES_MAX)
    with pytest.raises(Malformed, match="leaf"):
        Entry(b"x" * (ENTRY_BYTES_MAX + 1))
