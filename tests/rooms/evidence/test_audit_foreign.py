"""Tampering by whoever holds the log's key: only what other agencies saw can find it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rooms.evidence.build import Agency, at, grown
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer
from tests.rooms.evidence.tamper import codes, forged, leaves_of, named, rebuild

from recoup.evidence.audit import Code, audit
from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.growth import Edge, grow
from recoup.evidence.leaf import Entry, Event
from recoup.evidence.logstore import LogFile
from recoup.evidence.note import Note, parse_note


def test_rewritten_and_signed_anew_with_the_real_key() -> None:
    agency = grown(600)
    leaves = leaves_of(agency)
    rebuild(agency, [*leaves[:421], forged(421), *leaves[422:]])
    assert audit(agency.file, [signer().verifier], payloads=False) == [
        finding
        for finding in audit(agency.file, [signer().verifier], payloads=False)
        if finding.code is Code.HISTORY_REWRITTEN
    ]
    assert named(agency.audit(), Code.HISTORY_REWRITTEN)[-1] == (421, 421)


def test_an_insider_who_also_drops_the_kept_cosignatures_is_invisible_without_a_witness() -> None:
    """The reason for witnesses: this is a limit of every log that nobody else looks at."""
    agency = grown(20)
    leaves = leaves_of(agency)
    rebuild(agency, [*leaves[:7], forged(7), *leaves[8:]])
    agency.file.db.execute("DELETE FROM cosigned")
    assert audit(agency.file, [signer().verifier], payloads=False) == []
    assert named(agency.audit(), Code.HISTORY_REWRITTEN) == [(7, 7)]


def test_without_a_mirror_the_span_between_two_checkpoints_is_named() -> None:
    agency = grown(20, mirror=False)
    leaves = leaves_of(agency)
    rebuild(agency, [*leaves[:13], forged(13), *leaves[14:]])
    assert (10, 19) in named(agency.audit(), Code.HISTORY_REWRITTEN)


def test_rewritten_and_grown_past_the_witness() -> None:
    agency = grown(20)
    leaves = leaves_of(agency)
    rebuild(agency, [*leaves[:7], forged(7), *leaves[8:], forged(30), forged(31)])
    agency.file.db.execute("DELETE FROM cosigned")
    assert named(agency.audit(), Code.HISTORY_REWRITTEN) == [(7, 7)]


def test_tail_dropped_and_signed_anew() -> None:
    agency = grown(20)
    rebuild(agency, leaves_of(agency)[:14])
    agency.file.db.execute("DELETE FROM cosigned WHERE size > 14")
    assert named(agency.audit(), Code.HISTORY_ROLLED_BACK) == [(14, 19)]


def test_entries_exchanged_and_signed_anew() -> None:
    agency = grown(20)
    leaves = leaves_of(agency)
    leaves[4], leaves[5] = leaves[5], leaves[4]
    rebuild(agency, leaves)
    assert {(4, 4), (5, 5)} <= set(named(agency.audit(), Code.HISTORY_REWRITTEN))


def test_entry_inserted_and_signed_anew() -> None:
    agency = grown(20)
    leaves = leaves_of(agency)
    rebuild(agency, [*leaves[:8], forged(8), *leaves[8:]])
    assert (8, 8) in named(agency.audit(), Code.HISTORY_REWRITTEN)


def test_old_backup_restored(tmp_path: Path) -> None:
    agency = grown(12, path=tmp_path / "log.sqlite3")
    backup = LogFile(tmp_path / "backup.sqlite3")
    agency.file.db.backup(backup.db)
    agency.add(8)
    agency.witness()
    agency.file = backup
    assert audit(backup, [signer().verifier], payloads=False) == []
    assert named(agency.audit(), Code.HISTORY_ROLLED_BACK) == [(12, 19)]


def test_whole_log_deleted() -> None:
    agency = grown(20)
    for table in ("entry", "tile", "checkpoint", "payload", "cosigned"):
        agency.file.db.execute(f"DELETE FROM {table}")
    assert named(agency.audit(), Code.HISTORY_ROLLED_BACK) == [(0, 19)]


def test_backdated_entry() -> None:
    agency = grown(10)
    agency.log.append([Entry(Event("item.examined", at(-86_400), "officer-7", "r1").leaf)])
    agency.witness()
    assert named(agency.audit(), Code.ENTRY_BACKDATED) == [(10, 10)]


@pytest.mark.parametrize(("back", "found"), [(300, False), (301, True)])
def test_clocks_may_differ_by_five_minutes(back: int, found: bool) -> None:
    agency = Agency()
    events = [Event("item.examined", at(1000 - step), "officer-7", "r1") for step in (0, back)]
    agency.log.append([Entry(event.leaf) for event in events])
    assert (Code.ENTRY_BACKDATED in codes(agency.audit())) is found


# --- witnesses -------------------------------------------------------------------------------------------------------


def fork(agency: Agency, leaves: list[bytes]) -> Note:
    return grow(Edge(), [Entry(one) for one in leaves], ORIGIN, signer()).checkpoint


@pytest.mark.parametrize("size", [20, 25])
def test_split_view_to_two_witnesses(size: int) -> None:
    agency = grown(20, witnesses=("agency-b.example/witness", "agency-c.example/witness"))
    leaves = leaves_of(agency)
    other = fork(agency, [*leaves[:7], forged(7), *leaves[8:], *(forged(number) for number in range(20, size))])
    line = agency.nodes[1].cosigner.cosign(other.text, 1_800_000_000)
    db = agency.stores[1].db
    db.execute("DELETE FROM seen")
    db.execute("DELETE FROM mirrored")
    db.execute("INSERT INTO seen VALUES (?, ?, ?)", (ORIGIN, size, str(other.with_signatures([line]))))
    found = agency.audit()
    assert codes(found) & {Code.HISTORY_SPLIT, Code.HISTORY_ROLLED_BACK}
    assert (Code.HISTORY_SPLIT in codes(found)) is (size == 20)


def test_fork_shown_to_one_witness_is_kept_as_proof() -> None:
    agency = grown(20)
    leaves = leaves_of(agency)
    other = fork(agency, [*leaves[:7], forged(7), *leaves[8:]])
    answer = agency.nodes[0].add_checkpoint(f"old 20\n\n{other}")
    assert answer.status == 422
    assert Code.HISTORY_SPLIT in codes(agency.audit())


def test_forged_cosignature_in_the_log() -> None:
    agency = grown(20)
    note = parse_note(agency.file.cosigned()[-1])
    false = cosigner().cosign("another text\n", 1_800_000_000)
    forged_note = Note(note.text, (note.signatures[0], false))
    agency.file.db.execute("UPDATE cosigned SET note = ? WHERE size = 20", (str(forged_note),))
    assert codes(agency.audit()) == {Code.COSIGNED_FALSE}


def test_kept_checkpoint_that_only_a_witness_signed() -> None:
    agency = grown(20)
    text = Checkpoint(ORIGIN, 20, agency.log.tree(20).subtree(0, 0)).text
    note = Note(text, (cosigner().cosign(text, 1_800_000_000),))
    agency.file.db.execute("UPDATE cosigned SET note = ? WHERE size = 20", (str(note),))
    assert Code.COSIGNED_FALSE in codes(agency.audit())


def test_witness_that_restored_an_old_backup() -> None:
    agency = grown(20)
    agency.stores[0].db.execute("DELETE FROM seen WHERE size = 20")
    assert codes(agency.audit()) == {Code.WITNESS_BEHIND}


def test_witness_that_invents_a_checkpoint() -> None:
    agency = grown(20)
    text = Checkpoint(ORIGIN, 40, b"\2" * 32).text
    note = Note(text, (cosigner().cosign(text, 1_800_000_000),))
    agency.stores[0].db.execute("INSERT INTO seen VALUES (?, 40, ?)", (ORIGIN, str(note)))
    assert codes(agency.audit()) == {Code.WITNESS_FALSE}


def test_witness_without_its_own_cosignature() -> None:
    agency = grown(20)
    note = agency.log.checkpoint()
    agency.stores[0].db.execute("UPDATE seen SET note = ? WHERE size = 20", (str(note),))
    assert codes(agency.audit()) >= {Code.WITNESS_FALSE}
