from __future__ import annotations

import io
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.evidence.test_custody import ANNA, BERT, CARLA, COLLECTED
from tests.rooms.evidence.test_intake import PDF, ZIP

from recoup.evidence.audit import Code, Finding
from recoup.evidence.custody import Action, HandOver, IllegalStep, State, Step, sign_step
from recoup.evidence.home import (
    Held,
    Home,
    SealOrder,
    audit_home,
    chain_of,
    create_home,
    enrol,
    erase,
    extend,
    hold,
    items,
    open_home,
    people,
    release,
    rotate_agency_key,
    seal_file,
    sealed_addresses,
)
from recoup.evidence.keys import AgencyKey, Shredded, Unopened, new_key
from recoup.evidence.log import Log
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import VerifierKey
from recoup.evidence.policy import Policy
from recoup.evidence.vault import Shelf
from recoup.ground import Refused

NO_ENVIRONMENT: dict[str, str] = {}
SECRET = b"IBAN DE89370400440532013000, Maria Rossi\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = create_home(tmp_path / "home", "agency-a.example/log", NO_ENVIRONMENT)
    enrol(made, ANNA.verifier)
    enrol(made, BERT.verifier, ANNA.verifier)
    yield made


def vkey(home: Home) -> VerifierKey:
    return VerifierKey.parse((home.root / "log" / "log.vkey").read_text())


def findings(home: Home) -> list[Finding]:
    return audit_home(home, [vkey(home)])


def order(path: Path, data: bytes = SECRET, subject: str = "case-1") -> SealOrder:
    path.write_bytes(data)
    return SealOrder(path, subject, COLLECTED)


def test_sealed_recorded_and_audited(home: Home, tmp_path: Path) -> None:
    result = seal_file(home, order(tmp_path / "statement.csv"), ANNA)
    assert (result.known, result.entry, result.sealed.address.shelf) == (False, 2, Shelf.EVIDENTIARY)
    assert items(home) == [(result.item, 3)]
    assert sealed_addresses(home) == {result.sealed.address: 3}
    chain = chain_of(home, result.item)
    assert (chain.state, chain.custodian) == (State.SEALED, ANNA.name)
    assert chain.sealed is not None and chain.sealed.sha256 == result.sealed.content.sha256
    assert findings(home) == []


def test_a_home_reopens_and_holds_the_same(home: Home, tmp_path: Path) -> None:
    result = seal_file(home, order(tmp_path / "a.csv"), ANNA)
    again = open_home(home.root, NO_ENVIRONMENT)
    assert chain_of(again, result.item) == chain_of(home, result.item)
    assert people(again) == [ANNA.verifier, BERT.verifier]
    with pytest.raises(FileExistsError):
        create_home(home.root, "x.example/log", NO_ENVIRONMENT)
    with pytest.raises(FileNotFoundError):
        open_home(tmp_path / "nowhere", NO_ENVIRONMENT)


def test_sealing_again_is_known_and_another_case_is_not(home: Home, tmp_path: Path) -> None:
    first = seal_file(home, order(tmp_path / "a.csv"), ANNA)
    again = seal_file(home, order(tmp_path / "copy.csv"), ANNA)
    assert again.known and (again.item, again.entry) == (first.item, first.entry)
    other = seal_file(home, order(tmp_path / "a.csv", subject="case-2"), ANNA)
    assert not other.known and other.item != first.item
    assert findings(home) == []


def test_an_item_that_reached_the_vault_only_is_found_and_mended(home: Home, tmp_path: Path) -> None:
    """The cut between vault and log: named by the audit, recorded when the file is sealed again."""
    made = order(tmp_path / "a.csv")
    home.keys.ensure("case-1")
    orphan = home.vault.ingest(io.BytesIO(SECRET), "case-1")
    (found,) = findings(home)
    assert found.code is Code.ITEM_UNKNOWN and orphan.address.name in found.what
    assert not seal_file(home, made, ANNA).known
    assert findings(home) == []


def test_hostile_files_are_sealed_in_quarantine(home: Home, tmp_path: Path) -> None:
    result = seal_file(home, order(tmp_path / "report.pdf", PDF + ZIP), ANNA)
    assert result.sealed.address.shelf is Shelf.QUARANTINE
    ((_, _, payload), _) = home.payloads(result.item)
    assert payload["intake"]["refusals"] == ["two-types-at-once: pdf that is a zip archive as well"]
    assert findings(home) == []


def hand_over(home: Home, item: str) -> None:
    chain = chain_of(home, item)
    details = HandOver(ANNA.name, BERT.name, "analysis", "Bamberg", "sealed")
    step = Step(item, Action.TRANSFER, home.clock(), ANNA.name, details, chain.head)
    extend(home, sign_step(step, [ANNA, BERT]), ANNA.verifier)


def test_custody_goes_on_in_the_log(home: Home, tmp_path: Path) -> None:
    item = seal_file(home, order(tmp_path / "a.csv"), ANNA).item
    hand_over(home, item)
    assert (chain_of(home, item).state, chain_of(home, item).custodian) == (State.TRANSFERRED, BERT.name)
    size = home.log.size
    with pytest.raises(IllegalStep, match="CU-06"):
        hand_over(home, item)
    assert home.log.size == size
    with pytest.raises(Refused, match="no such item"):
        chain_of(home, "item-0")


def test_people_are_enrolled_by_the_enrolled(home: Home) -> None:
    assert enrol(home, ANNA.verifier) is None
    with pytest.raises(IllegalStep, match="not enrolled"):
        enrol(home, CARLA.verifier)
    with pytest.raises(IllegalStep, match="not enrolled"):
        enrol(home, CARLA.verifier, CARLA.verifier)
    twin = replace(CARLA.verifier, name=ANNA.name)
    with pytest.raises(IllegalStep, match="another"):
        enrol(home, twin, ANNA.verifier)
    assert enrol(home, CARLA.verifier, BERT.verifier) is not None


@pytest.mark.parametrize("damage", ["swap", "remove", "flip"])
def test_vault_damage_is_named_with_its_entry(home: Home, tmp_path: Path, damage: str) -> None:
    one = seal_file(home, order(tmp_path / "a.csv"), ANNA)
    two = seal_file(home, order(tmp_path / "b.csv", SECRET * 2), ANNA)
    first, second = (home.root / "vault" / result.sealed.address.name for result in (one, two))
    if damage == "swap":
        shutil.copy(second, tmp_path / "aside")
        first.chmod(0o600)
        shutil.copy(tmp_path / "aside", first)
    elif damage == "remove":
        first.unlink()
    else:
        first.chmod(0o600)
        data = bytearray(first.read_bytes())
        data[-200] ^= 1
        first.write_bytes(data)
    (found,) = findings(home)
    assert found.code is (Code.ITEM_MISSING if damage == "remove" else Code.ITEM_CHANGED)
    assert (found.first, found.last) == (one.entry + 1, one.entry + 1)


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_after_an_erasure_nothing_is_left_and_every_proof_verifies(home: Home, tmp_path: Path) -> None:
    gone = seal_file(home, order(tmp_path / "a.csv"), ANNA)
    kept = seal_file(home, order(tmp_path / "b.csv", b"other", subject="case-2"), ANNA)
    hand_over(home, gone.item)
    wrapped = KeyView(home).wrapped("case-1")
    sealed = [entry.sealed for _, entry in home.storage.entries(0, home.log.size) if b'"case-1"' in entry.leaf]
    assert wrapped in raw(home.root) and all(one and one in raw(home.root) for one in sealed)

    assert erase(home, "case-1", ANNA.verifier) == 3

    backup = sqlite3.connect(tmp_path / "backup.sqlite3")
    home.storage.db.backup(backup)
    backup.close()
    left = raw(home.root) + (tmp_path / "backup.sqlite3").read_bytes()
    assert wrapped not in left
    assert not any(one and one in left for one in sealed)
    assert b"DE8937" not in left and b"Maria" not in left
    assert gone.sealed.content.sha256 not in "".join(str(path) for path in home.root.rglob("*"))
    assert list(home.vault.addresses()) == [kept.sealed.address]
    assert home.vault.check(kept.sealed.address) == kept.sealed.content
    policy = Policy.of([vkey(home)], [], 0)
    for index, leaf in home.storage.leaves(0, home.log.size):
        assert home.log.proof(index).verify(leaf_hash(leaf), policy)
    assert findings(home) == []
    with pytest.raises(Shredded, match="erased"):
        chain_of(home, gone.item)
    assert chain_of(open_home(home.root, NO_ENVIRONMENT), kept.item).state is State.SEALED


class KeyView:
    """The bytes of a wrapped key as they lie in the key file."""

    def __init__(self, home: Home) -> None:
        self._db = sqlite3.connect(home.root / "keys" / "subjects.sqlite3")

    def wrapped(self, subject: str) -> bytes:
        row = self._db.execute("SELECT wrapped FROM subject_key WHERE subject = ?", (subject,)).fetchone()
        self._db.close()
        return bytes(row[0])


def test_an_erasure_cut_in_the_middle_is_seen_and_finished(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_file(home, order(tmp_path / "a.csv"), ANNA)
    with monkeypatch.context() as patched:
        patched.setattr(home.keys, "shred", lambda subject: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(home, "case-1", ANNA.verifier)
    assert {found.code for found in findings(home)} >= {Code.KEY_NOT_ERASED}
    size = home.log.size
    erase(home, "case-1", ANNA.verifier)
    assert home.log.size == size
    assert findings(home) == []


def test_an_erased_name_is_not_used_again(home: Home, tmp_path: Path) -> None:
    seal_file(home, order(tmp_path / "a.csv"), ANNA)
    erase(home, "case-1", ANNA.verifier)
    with pytest.raises(Shredded, match="not used again"):
        seal_file(home, order(tmp_path / "a.csv"), ANNA)
    assert findings(home) == []


def test_a_legal_hold_forbids_the_erasure(home: Home, tmp_path: Path) -> None:
    seal_file(home, order(tmp_path / "a.csv"), ANNA)
    hold(home, "case-1", "order 17", ANNA.verifier)
    with pytest.raises(Held):
        erase(home, "case-1", ANNA.verifier)
    release(home, "case-1", "order 18", ANNA.verifier)
    assert erase(home, "case-1", ANNA.verifier) == 4
    with pytest.raises(ValueError, match="people"):
        erase(home, "people", ANNA.verifier)
    assert findings(home) == []


def test_rotating_the_agency_key(home: Home, tmp_path: Path) -> None:
    result = seal_file(home, order(tmp_path / "a.csv"), ANNA)
    old = AgencyKey.from_file(home.root / "keys" / "agency.key")
    assert rotate_agency_key(home.root, AgencyKey(new_key())) == 2
    again = open_home(home.root, NO_ENVIRONMENT)
    assert chain_of(again, result.item).state is State.SEALED
    assert findings(again) == []
    assert bytes.fromhex(old.key_id) not in raw(home.root / "keys")
    with pytest.raises((Shredded, Unopened)):
        open_home(home.root, {"RECOUP_AGENCY_KEY": str(old)})


@pytest.mark.parametrize("cut", range(4))
def test_a_rotation_cut_anywhere_still_opens(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    result = seal_file(home, order(tmp_path / "a.csv"), ANNA)
    made = 0
    renames = Path.rename

    def rename(self: Path, target: Path) -> Path:
        nonlocal made
        made += 1
        if made > cut:
            raise KeyboardInterrupt
        return renames(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        if cut < 3:
            with pytest.raises(KeyboardInterrupt):
                rotate_agency_key(home.root, AgencyKey(new_key()))
        else:
            rotate_agency_key(home.root, AgencyKey(new_key()))
    again = open_home(home.root, NO_ENVIRONMENT)
    assert chain_of(again, result.item).state is State.SEALED
    rotate_agency_key(home.root, AgencyKey(new_key()))
    assert findings(open_home(home.root, NO_ENVIRONMENT)) == []


def test_the_agency_key_may_come_from_the_environment(tmp_path: Path) -> None:
    environment = {"RECOUP_AGENCY_KEY": str(AgencyKey(os.urandom(32)))}
    made = create_home(tmp_path / "h", "a.example/log", environment)
    assert not (made.root / "keys" / "agency.key").exists()
    assert open_home(made.root, environment).log.size == 0
    with pytest.raises(FileNotFoundError):
        open_home(made.root, NO_ENVIRONMENT)
    with pytest.raises(Shredded):
        open_home(made.root, {"RECOUP_AGENCY_KEY": str(AgencyKey(os.urandom(32)))})


def test_secrets_are_private_files(home: Home) -> None:
    for name in ("keys/agency.key", "keys/subjects.sqlite3", "keys/log.key"):
        assert (home.root / name).stat().st_mode & 0o077 == 0, name
    assert Log(home.storage, home.log.signer).size == home.log.size
