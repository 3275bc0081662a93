from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.rooms.evidence.build import MemoryKeys
from tests.rooms.evidence.shared import vectors

from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import AgencyKey, Shredded, SubjectKeys, Unopened, new_key, seal, unseal
from recoup.evidence.keystore import KeyFile

OLD, NEW = AgencyKey(b"o" * 32), AgencyKey(b"n" * 32)


def test_seal_opens_with_its_key_and_place_only() -> None:
    key = new_key()
    sealed = seal(key, b"secret", b"here")
    assert unseal(key, sealed, b"here") == b"secret"
    changed = bytes([sealed[0] ^ 1]) + sealed[1:]
    for wrong in ((key, sealed, b"there"), (new_key(), sealed, b"here"), (key, changed, b"here"), (key, b"", b"here")):
        with pytest.raises(Unopened):
            unseal(*wrong)


def test_equal_records_are_sealed_differently() -> None:
    key = new_key()
    assert len({seal(key, b"x", b"") for _ in range(100)}) == 100


def test_agency_key_wraps_and_names_itself() -> None:
    wrapped = OLD.wrap(b"s" * 32, b"subject")
    assert wrapped[:8].hex() == OLD.key_id
    assert OLD.unwrap(wrapped, b"subject") == b"s" * 32
    with pytest.raises(Unopened):
        OLD.unwrap(wrapped, b"other")
    with pytest.raises(Shredded, match=OLD.key_id):
        NEW.unwrap(wrapped, b"subject")
    assert AgencyKey(NEW.material, (OLD,)).unwrap(wrapped, b"subject") == b"s" * 32


def test_agency_key_text_file_and_environment(tmp_path: Path) -> None:
    both = AgencyKey(NEW.material, (OLD,))
    assert AgencyKey.parse(str(both)) == both
    path = tmp_path / "agency.key"
    path.write_text(str(both))
    path.chmod(0o600)
    assert AgencyKey.from_file(path) == both
    assert AgencyKey.from_environment({"RECOUP_AGENCY_KEY": str(both)}) == both
    assert AgencyKey.from_environment({}) is None
    path.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        AgencyKey.from_file(path)


@pytest.mark.parametrize("text", ["", "\n", "AAAA", "not base64"])
def test_other_texts_are_no_agency_key(text: str) -> None:
    with pytest.raises(Malformed):
        AgencyKey.parse(text)


def test_secrets_do_not_show_in_reprs() -> None:
    assert "ooo" not in repr(OLD)
    assert "material" not in repr(OLD)


def test_rotation_keeps_records_and_retires_the_old_key() -> None:
    store = MemoryKeys()
    keys = SubjectKeys(OLD, store)
    sealed = {}
    for subject in ("a", "b"):
        keys.ensure(subject)
        sealed[subject] = keys.seal(subject, subject.encode(), b"place")
    before = dict(store.held)
    assert keys.rotate(NEW) == 2
    for fresh in (keys, SubjectKeys(NEW, store)):
        assert [fresh.unseal(subject, sealed[subject], b"place") for subject in ("a", "b")] == [b"a", b"b"]
    with pytest.raises(Shredded):
        SubjectKeys(OLD, store).unseal("a", sealed["a"], b"place")
    assert all(before[subject] != store.held[subject] for subject in before)


def test_rotation_from_a_fresh_start_needs_the_retired_key() -> None:
    store = MemoryKeys()
    SubjectKeys(OLD, store).ensure("a")
    with pytest.raises(Shredded):
        SubjectKeys(NEW, store).rotate(NEW)
    assert SubjectKeys(AgencyKey(NEW.material, (OLD,)), store).rotate(NEW) == 1


def test_subjects_do_not_open_each_other() -> None:
    keys = SubjectKeys(OLD, MemoryKeys())
    for subject in ("a", "b"):
        keys.ensure(subject)
        keys.ensure(subject)
    sealed = keys.seal("a", b"x", b"")
    with pytest.raises(Unopened):
        keys.unseal("b", sealed, b"")


def test_a_key_destroyed_by_another_process_is_not_used_from_memory(tmp_path: Path) -> None:
    one, two = (SubjectKeys(OLD, KeyFile(tmp_path / "keys.sqlite3")) for _ in range(2))
    one.ensure("a")
    sealed = two.seal("a", b"x", b"")
    one.rotate(NEW)
    with pytest.raises(Shredded):
        two.unseal("a", sealed, b"")
    assert SubjectKeys(NEW, KeyFile(tmp_path / "keys.sqlite3")).unseal("a", sealed, b"") == b"x"
    one.shred("a")
    for keys in (one, two):
        with pytest.raises(Shredded):
            keys.unseal("a", sealed, b"")
        assert not keys.has("a")


def test_blind_indexes_belong_to_their_subject() -> None:
    keys = SubjectKeys(OLD, MemoryKeys())
    for subject in ("a", "b"):
        keys.ensure(subject)
    assert keys.blind_index("a", b"x") == keys.blind_index("a", b"x")
    assert len({keys.blind_index("a", b"x"), keys.blind_index("a", b"y"), keys.blind_index("b", b"x")}) == 3
    before = keys.blind_index("a", b"x")
    keys.shred("a")
    with pytest.raises(Shredded):
        keys.blind_index("a", b"x")
    keys.ensure("a")
    assert keys.blind_index("a", b"x") != before


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_removed_key_is_in_no_file(tmp_path: Path) -> None:
    store = KeyFile(tmp_path / "keys.sqlite3")
    keys = SubjectKeys(OLD, store)
    wrapped = {}
    for number in range(200):
        keys.ensure(f"s{number}")
        wrapped[f"s{number}"] = store.get(f"s{number}") or b""
    assert all(key in _everything(tmp_path) for key in wrapped.values())
    for number in range(0, 200, 2):
        keys.shred(f"s{number}")
    left = _everything(tmp_path)
    assert [name for name, key in wrapped.items() if key in left] == [f"s{number}" for number in range(1, 200, 2)]
    with pytest.raises(Shredded):
        keys.seal("s0", b"x", b"")
    backup = sqlite3.connect(tmp_path / "backup.sqlite3")
    store._db.backup(backup)
    backup.close()
    assert wrapped["s0"] not in (tmp_path / "backup.sqlite3").read_bytes()


def test_rotation_leaves_no_old_wrapping_in_any_file(tmp_path: Path) -> None:
    store = KeyFile(tmp_path / "keys.sqlite3")
    keys = SubjectKeys(OLD, store)
    for number in range(50):
        keys.ensure(f"s{number}")
    old = [store.get(subject) or b"" for subject in store.subjects()]
    assert keys.rotate(NEW) == 50
    left = _everything(tmp_path)
    assert not any(wrapped in left for wrapped in old)
    assert bytes.fromhex(OLD.key_id) not in left


def test_key_file_is_private_durable_and_refuses_to_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    store = KeyFile(path)
    assert path.stat().st_mode & 0o077 == 0
    store.put("a", b"wrapped")
    with pytest.raises(sqlite3.IntegrityError):
        store.put("a", b"other")
    store.close()
    again = KeyFile(path)
    assert (again.get("a"), again.get("b"), list(again.subjects())) == (b"wrapped", None, ["a"])


def test_replacing_is_all_or_nothing(tmp_path: Path) -> None:
    store = KeyFile(tmp_path / "keys.sqlite3")
    for subject in ("a", "b"):
        store.put(subject, b"old")
    with pytest.raises(sqlite3.Error):
        store.replace({"a": b"new", "b": object()})  # type: ignore[dict-item]
    assert (store.get("a"), store.get("b")) == (b"old", b"old")


@pytest.mark.shared_data
def test_aes_gcm_agrees_with_wycheproof() -> None:
    """256-bit keys, 96-bit nonces, 128-bit tags: the only kind in use here."""
    groups = json.loads((vectors("wycheproof") / "testvectors_v1" / "aes_gcm_test.json").read_text())["testGroups"]
    seen = 0
    for group in groups:
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        for case in group["tests"]:
            key, nonce, aad, message = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg"))
            sealed = nonce + bytes.fromhex(case["ct"] + case["tag"])
            if case["result"] == "valid":
                assert unseal(key, sealed, aad) == message
            else:
                with pytest.raises(Unopened):
                    unseal(key, sealed, aad)
            seen += 1
    assert seen >= 40
