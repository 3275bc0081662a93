"""The case home: odd names, holds, erasures, rotations, people, and entries that an insider wrote."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.evidence.keys import signer
from tests.rooms.evidence.test_custody import ANNA, BERT, CARLA, COLLECTED
from tests.rooms.evidence.test_log import entries

from recoup.evidence.audit import Code, Finding
from recoup.evidence.custody import Action, Collected, Destroyed, Examined, HandOver, IllegalStep, Step, sign_step
from recoup.evidence.custody.rules import step_hash
from recoup.evidence.encoding import Malformed
from recoup.evidence.growth import Growth
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
from recoup.evidence.log import Damaged, Log
from recoup.evidence.logstore import LogFile
from recoup.evidence.note import Note, VerifierKey
from recoup.ground import Refused

NO_ENVIRONMENT: dict[str, str] = {}
ODD = ["", "Maria Rossi", "maria@example.org", "+390612345", "a/b", "../a", "x" * 101, "é", "-a", "a\n"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = create_home(tmp_path / "home", "agency-a.example/log", NO_ENVIRONMENT)
    enrol(made, ANNA.verifier)
    enrol(made, BERT.verifier, ANNA.verifier)
    yield made


def findings(home: Home) -> list[Finding]:
    return audit_home(home, [VerifierKey.parse((home.root / "log" / "log.vkey").read_text())])


def sealed(home: Home, folder: Path, subject: str = "case-1", data: bytes = b"a,b\n") -> str:
    path = folder / "a.csv"
    path.write_bytes(data)
    return seal_file(home, SealOrder(path, subject, COLLECTED), ANNA).item


@pytest.mark.parametrize("subject", ODD)
def test_a_name_that_is_no_opaque_id_reaches_no_file(home: Home, tmp_path: Path, subject: str) -> None:
    """Not even the key file: a subject's name there would outlive its erasure."""
    size = home.log.size
    with pytest.raises(Malformed):
        sealed(home, tmp_path, subject)
    assert not home.keys.has(subject)
    assert (home.log.size, home.vault.unfinished(), list(home.vault.addresses())) == (size, [], [])


@pytest.mark.parametrize("subject", ODD)
def test_an_odd_name_is_not_erased_either(home: Home, subject: str) -> None:
    size = home.log.size
    with pytest.raises(Malformed):
        erase(home, subject, ANNA.verifier)
    assert home.log.size == size


# --- holds and erasures ----------------------------------------------------------------------------------------------


def test_a_hold_on_the_register_of_people_leaves_it_readable(home: Home, tmp_path: Path) -> None:
    hold(home, "people", "order 17", ANNA.verifier)
    assert people(home) == [ANNA.verifier, BERT.verifier]
    assert enrol(home, CARLA.verifier, BERT.verifier) is not None
    assert sealed(home, tmp_path)
    assert findings(home) == []


def test_the_last_word_on_a_hold_counts(home: Home, tmp_path: Path) -> None:
    sealed(home, tmp_path)
    for standing in (True, False, True, True):
        (hold if standing else release)(home, "case-1", "order", ANNA.verifier)
        if standing:
            with pytest.raises(Held, match="case-1"):
                erase(home, "case-1", ANNA.verifier)
    release(home, "case-1", "order", BERT.verifier)
    assert erase(home, "case-1", BERT.verifier) == 2 + 5


def test_a_hold_on_one_case_does_not_hold_another(home: Home, tmp_path: Path) -> None:
    sealed(home, tmp_path, "case-1")
    sealed(home, tmp_path, "case-2")
    hold(home, "case-1", "order", ANNA.verifier)
    assert erase(home, "case-2", ANNA.verifier) == 2
    assert home.keys.has("case-1") and not home.keys.has("case-2")
    assert findings(home) == []


def test_what_was_erased_takes_no_hold_no_step_and_no_file(home: Home, tmp_path: Path) -> None:
    item = sealed(home, tmp_path)
    chain = chain_of(home, item)
    erase(home, "case-1", ANNA.verifier)
    size = home.log.size
    step = Step(item, Action.DESTROY, home.clock(), ANNA.name, Destroyed("order", "shredded"), chain.head)
    for attempt in (
        lambda: hold(home, "case-1", "late", ANNA.verifier),
        lambda: release(home, "case-1", "late", ANNA.verifier),
        lambda: extend(home, sign_step(step, [ANNA]), ANNA.verifier),
        lambda: sealed(home, tmp_path),
    ):
        with pytest.raises(Shredded):
            attempt()
    assert home.log.size == size and findings(home) == []


def test_erasing_again_and_again_records_it_once(home: Home, tmp_path: Path) -> None:
    sealed(home, tmp_path)
    counts = [erase(home, "case-1", ANNA.verifier) for _ in range(3)]
    assert counts == [2, 2, 2]
    assert len(home.storage.indexes_of("case-1")) == 1


@pytest.mark.parametrize("act", [hold, release])
def test_strangers_neither_hold_nor_release_nor_erase(home: Home, tmp_path: Path, act: object) -> None:
    sealed(home, tmp_path)
    size = home.log.size
    with pytest.raises(IllegalStep, match="CU-10"):
        act(home, "case-1", "order", CARLA.verifier)  # type: ignore[operator]
    with pytest.raises(IllegalStep, match="CU-10"):
        erase(home, "case-1", CARLA.verifier)
    with pytest.raises(IllegalStep, match="CU-10"):
        seal_file(home, SealOrder(tmp_path / "a.csv", "case-1", COLLECTED), CARLA)
    assert home.log.size == size and home.keys.has("case-1")


def test_an_old_copy_of_the_key_file_that_comes_back_is_named(home: Home, tmp_path: Path) -> None:
    sealed(home, tmp_path)
    path = home.root / "keys" / "subjects.sqlite3"
    shutil.copy(path, tmp_path / "old")
    erase(home, "case-1", ANNA.verifier)
    shutil.copy(tmp_path / "old", path)
    found = findings(open_home(home.root, NO_ENVIRONMENT))
    assert [finding.code for finding in found] == [Code.KEY_NOT_ERASED] and "case-1" in found[0].what


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_name_or_a_key_belongs_to_one_person(home: Home) -> None:
    for twin in (
        replace(CARLA.verifier, name=BERT.name),
        replace(BERT.verifier, name="police.example/other"),
        replace(ANNA.verifier, kind=4),
    ):
        with pytest.raises(IllegalStep, match="another"):
            enrol(home, twin, ANNA.verifier)
    assert people(home) == [ANNA.verifier, BERT.verifier]


def test_a_key_of_the_same_name_is_not_the_enrolled_one(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    impostor = replace(signer("impostor.example"), name=ANNA.name)
    with pytest.raises(IllegalStep, match="CU-10"):
        seal_file(home, SealOrder(path, "case-1", COLLECTED), impostor)
    with pytest.raises(IllegalStep, match="CU-10"):
        enrol(home, CARLA.verifier, impostor.verifier)


# --- custody in the log ----------------------------------------------------------------------------------------------


def illegal(home: Home, item: str) -> dict[str, Note]:
    head, at = chain_of(home, item).head, home.clock()
    give = HandOver(ANNA.name, BERT.name, "r", "p", "c")
    look = Examined("unknown", COLLECTED.acquisition.tool, "x")
    return {
        "CU-01": sign_step(Step(item, Action.COLLECT, at, ANNA.name, COLLECTED, head), [ANNA]),
        "CU-04": sign_step(Step(item, Action.TRANSFER, at, ANNA.name, give, "0" * 64), [ANNA, BERT]),
        "CU-06": sign_step(Step(item, Action.DESTROY, at, BERT.name, Destroyed("o", "m"), head), [BERT]),
        "CU-08": sign_step(Step(item, Action.TRANSFER, at, ANNA.name, give, head), [ANNA]),
        "CU-10": sign_step(Step(item, Action.TRANSFER, at, ANNA.name, give, head), [CARLA]),
        "CU-11": sign_step(Step(item, Action.EXAMINE, at, ANNA.name, look, head), [ANNA]),
    }


@pytest.mark.parametrize("rule", ["CU-01", "CU-04", "CU-06", "CU-08", "CU-10", "CU-11"])
def test_an_illegal_step_names_its_rule_and_adds_nothing(home: Home, tmp_path: Path, rule: str) -> None:
    item = sealed(home, tmp_path)
    size = home.log.size
    with pytest.raises(IllegalStep) as raised:
        extend(home, illegal(home, item)[rule], ANNA.verifier)
    assert raised.value.rule == rule and home.log.size == size


@pytest.mark.parametrize("item", ["people", "case-1", "item-0", "", "x" * 500])
def test_what_is_no_item_is_refused(home: Home, tmp_path: Path, item: str) -> None:
    sealed(home, tmp_path)
    hold(home, "case-1", "order", ANNA.verifier)
    with pytest.raises(Refused, match="no such item"):
        chain_of(home, item)


def test_a_destroyed_item_stays_destroyed_over_a_restart(home: Home, tmp_path: Path) -> None:
    item = sealed(home, tmp_path)
    end = Step(item, Action.DESTROY, home.clock(), ANNA.name, Destroyed("order", "burnt"), chain_of(home, item).head)
    chain, receipt = extend(home, sign_step(end, [ANNA]), ANNA.verifier)
    assert chain.head == step_hash(chain.notes[-1]) and receipt.count == 1
    again = open_home(home.root, NO_ENVIRONMENT)
    late = replace(end, previous=chain.head)
    with pytest.raises(IllegalStep, match="CU-03"):
        extend(again, sign_step(late, [ANNA]), ANNA.verifier)


@pytest.mark.parametrize("payload", [{}, {"address": 7}, {"address": "a/b"}, {"address": "x/00/y/z"}, [], "x", None])
def test_a_sealing_entry_without_a_place_is_named(home: Home, tmp_path: Path, payload: object) -> None:
    """An insider with every key can write it; the audit still ends and says which entry."""
    sealed(home, tmp_path)
    home.append([home.entry("item.sealed", "key-0", "item-0", "case-1", payload)])
    index = home.log.size - 1
    assert items(home)[-1] == ("item-0", index) and index not in sealed_addresses(home).values()
    (found,) = findings(home)
    assert (found.code, found.first, found.last) == (Code.ENTRY_MALFORMED, index, index)


# --- keys and files of a home ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["keys/log.key", "keys/agency.key", "log/log.vkey"])
@pytest.mark.parametrize("damage", ["gone", "empty", "other"])
def test_a_home_with_a_damaged_key_file_does_not_open(home: Home, name: str, damage: str) -> None:
    path = home.root / name
    if damage == "gone":
        path.unlink()
    else:
        path.write_text("" if damage == "empty" else "AAAA")
    with pytest.raises((FileNotFoundError, Malformed, Shredded, Unopened)):
        open_home(home.root, NO_ENVIRONMENT)


def test_a_log_key_under_anothers_public_key_signs_nothing(home: Home) -> None:
    (home.root / "log" / "log.vkey").write_text(f"{signer('other.example/log').verifier}\n")
    with pytest.raises(ValueError, match="signed"):
        assert open_home(home.root, NO_ENVIRONMENT).log


def test_a_home_that_was_cut_while_it_was_made_can_be_made_again(tmp_path: Path) -> None:
    root = tmp_path / "home"
    with pytest.raises(Malformed):
        create_home(root, "no origin", NO_ENVIRONMENT)
    made = create_home(root, "agency-a.example/log", NO_ENVIRONMENT)
    enrol(made, ANNA.verifier)
    assert people(open_home(root, NO_ENVIRONMENT)) == [ANNA.verifier]


def test_a_key_from_the_environment_is_not_rotated_in_a_file(tmp_path: Path) -> None:
    environment = {"RECOUP_AGENCY_KEY": str(AgencyKey(new_key()))}
    made = create_home(tmp_path / "home", "a.example/log", environment)
    with pytest.raises(FileNotFoundError):
        rotate_agency_key(made.root, AgencyKey(new_key()))
    assert open_home(made.root, environment).log.size == 0


def test_keys_rotated_many_times_open_what_was_sealed_first(home: Home, tmp_path: Path) -> None:
    item = sealed(home, tmp_path)
    for _ in range(3):
        rotate_agency_key(home.root, AgencyKey(new_key()))
    again = open_home(home.root, NO_ENVIRONMENT)
    assert chain_of(again, item).custodian == ANNA.name and findings(again) == []
    assert len((home.root / "keys" / "agency.key").read_text().split()) == 1


# --- the log below it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "no note", "x\n\n— a AAAAAAA=\n", "\x00"])
def test_a_checkpoint_of_other_bytes_is_damage(tmp_path: Path, text: str) -> None:
    storage = LogFile(tmp_path / "log.sqlite3")
    Log(storage, signer()).append(entries(0, 3))
    storage.db.execute("UPDATE checkpoint SET note = ?", (text,))
    with pytest.raises((Damaged, ValueError)) as raised:
        Log(storage, signer())
    assert not isinstance(raised.value, Malformed)


@pytest.mark.parametrize("sql", ["DELETE FROM entry WHERE idx = 2", "DELETE FROM checkpoint", "DELETE FROM entry"])
def test_a_log_with_rows_taken_out_takes_nothing_more(tmp_path: Path, sql: str) -> None:
    storage = LogFile(tmp_path / "log.sqlite3")
    Log(storage, signer()).append(entries(0, 3))
    storage.db.execute(sql)
    with pytest.raises(Damaged):
        Log(storage, signer()).append(entries(3, 1))


def test_a_caller_that_is_interrupted_while_it_waits_stops_nobody() -> None:
    """Its entry is not in the log, and the lead that was meant for it goes to the next in the queue."""
    entered, leave = threading.Event(), threading.Event()

    class Gate(LogFile):
        def write(self, growth: Growth) -> None:
            entered.set()
            leave.wait(30)
            super().write(growth)

    log = Log(Gate(":memory:"), signer())
    leader = threading.Thread(target=log.append, args=(entries(0, 1),))
    leader.start()
    entered.wait(30)

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            leave.set()
            leader.join(30)
            raise KeyboardInterrupt

    wait = log._wait

    def interrupted(mine: object) -> None:
        mine.woken = Interrupted()  # type: ignore[attr-defined]
        wait(mine)  # type: ignore[arg-type]

    log._wait = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        log.append(entries(1, 1))
    del log._wait
    assert log.append(entries(2, 1)).first == 1
    assert log.size == 2


def test_what_was_collected_is_what_was_ordered(home: Home, tmp_path: Path) -> None:
    item = sealed(home, tmp_path)
    collected: Collected = chain_of(home, item).collected
    assert collected == COLLECTED
