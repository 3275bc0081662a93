"""Every kind of tampering that we know of: each is found and named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.rooms.evidence.build import Agency, grown
from tests.rooms.evidence.keys import ORIGIN, signer
from tests.rooms.evidence.tamper import codes, edit_leaf, forged, leaf, leaves_of, named, rebuild

from recoup.evidence.audit import Code
from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.leaf import Entry, Event
from recoup.evidence.log import Damaged, Log
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import Note, parse_note


def test_a_clean_log_has_no_findings() -> None:
    for count in (0, 1, 2, 20, 300):
        assert grown(count).audit() == []


# --- without the log's key -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [20, 600])
def test_edited_entry_is_named(size: int) -> None:
    agency = grown(size)
    edit_leaf(agency, 7)
    assert named(agency.audit(), Code.ENTRY_CHANGED) == [(7, 7)]


@pytest.mark.parametrize("size", [20, 600])
def test_entry_edited_together_with_its_tile_is_named_by_the_witness(size: int) -> None:
    agency = grown(size)
    edit_leaf(agency, 7)
    tile = agency.file.db.execute("SELECT hashes FROM tile WHERE level = 0 AND idx = 0").fetchone()[0]
    tile = tile[: 7 * 32] + leaf_hash(forged(7)) + tile[8 * 32 :]
    agency.file.db.execute("UPDATE tile SET hashes = ? WHERE level = 0 AND idx = 0", (tile,))
    found = agency.audit()
    assert named(found, Code.HISTORY_REWRITTEN) == [(7, 7)]
    assert codes(found) & {Code.TILE_CHANGED, Code.CHECKPOINT_ROOT}


def test_entry_and_every_tile_edited_without_the_key() -> None:
    agency = grown(20)
    leaves = leaves_of(agency)
    note = agency.file.checkpoint()
    rebuild(agency, [*leaves[:7], forged(7), *leaves[8:]])
    agency.file.db.execute("UPDATE checkpoint SET note = ?", (note,))
    found = agency.audit()
    assert named(found, Code.CHECKPOINT_ROOT) == [(0, 19)]
    assert named(found, Code.HISTORY_REWRITTEN) == [(7, 7)]


def test_last_entry_deleted() -> None:
    agency = grown(20)
    agency.file.db.execute("DELETE FROM entry WHERE idx = 19")
    assert named(agency.audit(), Code.ENTRY_MISSING) == [(19, 19)]


def test_dropped_tail() -> None:
    agency = grown(20)
    agency.file.db.execute("DELETE FROM entry WHERE idx >= 12")
    assert named(agency.audit(), Code.ENTRY_MISSING) == [(12, 19)]


def test_middle_entry_deleted() -> None:
    agency = grown(600)
    agency.file.db.execute("DELETE FROM entry WHERE idx = 300")
    found = agency.audit()
    assert codes(found) == {Code.ENTRY_MISSING}
    assert named(found, Code.ENTRY_MISSING) == [(300, 300)]


def test_middle_entry_deleted_and_the_rest_renumbered() -> None:
    agency = grown(20)
    agency.file.db.execute("DELETE FROM entry WHERE idx = 5")
    for index in range(6, 20):
        agency.file.db.execute("UPDATE entry SET idx = ? WHERE idx = ?", (index - 1, index))
    found = agency.audit()
    assert named(found, Code.ENTRY_CHANGED) == [(5, 5)]
    assert named(found, Code.ENTRY_MOVED)[0][0] == 6
    assert named(found, Code.ENTRY_MISSING) == [(19, 19)]


def test_two_entries_swapped() -> None:
    agency = grown(20)
    one, two = leaf(agency, 3), leaf(agency, 9)
    edit_leaf(agency, 3, two)
    edit_leaf(agency, 9, one)
    found = agency.audit()
    assert named(found, Code.ENTRY_MOVED) == [(3, 3), (9, 9)]
    assert Code.ENTRY_CHANGED not in codes(found)


def test_entry_slipped_in_behind_the_checkpoint() -> None:
    agency = grown(20)
    agency.file.db.execute("INSERT INTO entry VALUES (20, ?)", (forged(20),))
    assert named(agency.audit(), Code.ENTRY_UNSIGNED) == [(20, 20)]
    with pytest.raises(Damaged):
        agency.add(1)


def test_text_that_is_no_leaf() -> None:
    agency = grown(20)
    edit_leaf(agency, 4, b'{"kind": "item.examined"}')
    found = agency.audit()
    assert named(found, Code.ENTRY_MALFORMED) == named(found, Code.ENTRY_CHANGED) == [(4, 4)]


def test_tile_edited_while_entries_are_right() -> None:
    agency = grown(600)
    agency.file.db.execute("UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND idx = 1")
    found = agency.audit()
    assert codes(found) == {Code.TILE_CHANGED}
    assert named(found, Code.TILE_CHANGED) == [(256, 511)]


def test_upper_tile_edited() -> None:
    agency = grown(600)
    agency.file.db.execute("UPDATE tile SET hashes = zeroblob(64) WHERE level = 1")
    assert named(agency.audit(), Code.TILE_CHANGED) == [(0, 511)]


def test_tile_deleted() -> None:
    agency = grown(600)
    agency.file.db.execute("DELETE FROM tile WHERE level = 0 AND idx = 2")
    assert named(agency.audit(), Code.TILE_MISSING) == [(512, 599)]


@pytest.mark.parametrize(("old", "new"), [("\n20\n", "\n19\n"), ("\n20\n", "\n21\n")])
def test_size_in_the_checkpoint_edited(old: str, new: str) -> None:
    agency = grown(20)
    note = agency.file.checkpoint() or ""
    agency.file.db.execute("UPDATE checkpoint SET note = ?", (note.replace(old, new),))
    assert Code.CHECKPOINT_FALSE in codes(agency.audit())


def test_root_in_the_checkpoint_edited() -> None:
    agency = grown(20)
    text = Checkpoint(ORIGIN, 20, b"\1" * 32).text
    note = parse_note(agency.file.checkpoint() or "")
    agency.file.db.execute("UPDATE checkpoint SET note = ?", (str(Note(text, note.signatures)),))
    assert codes(agency.audit()) == {Code.CHECKPOINT_FALSE}


def test_checkpoint_cut() -> None:
    agency = grown(20)
    agency.file.db.execute("UPDATE checkpoint SET note = substr(note, 1, 60)")
    assert codes(agency.audit()) == {Code.CHECKPOINT_MALFORMED}


def test_checkpoint_deleted() -> None:
    agency = grown(20)
    agency.file.db.execute("DELETE FROM checkpoint")
    assert codes(agency.audit()) == {Code.CHECKPOINT_MISSING}
    with pytest.raises(Damaged):
        Log(agency.file, signer())


def test_rewritten_and_signed_with_a_key_of_the_same_name() -> None:
    agency = grown(20)
    rebuild(agency, [forged(0), *leaves_of(agency)[1:]], key="stranger")
    found = agency.audit()
    assert Code.CHECKPOINT_FALSE in codes(found)
    assert (0, 0) in named(found, Code.HISTORY_REWRITTEN)


def test_signed_under_another_origin() -> None:
    agency = grown(20)
    head = Checkpoint.parse(parse_note(agency.file.checkpoint() or "").text)
    note = Checkpoint("other.example/log", 20, head.root).signed(signer())
    agency.file.db.execute("UPDATE checkpoint SET note = ?", (str(note),))
    assert codes(agency.audit()) == {Code.CHECKPOINT_FALSE}


# --- payloads --------------------------------------------------------------------------------------------------------


def test_payload_edited() -> None:
    agency = grown(20)
    agency.file.db.execute("UPDATE payload SET sealed = sealed || x'00' WHERE idx = 6")
    found = agency.audit()
    assert codes(found) == {Code.PAYLOAD_CHANGED}
    assert named(found, Code.PAYLOAD_CHANGED) == [(6, 6)]


def test_payloads_swapped() -> None:
    agency = grown(20)
    rows = dict(agency.file.db.execute("SELECT idx, sealed FROM payload WHERE idx IN (3, 6)").fetchall())
    for index, other in ((3, 6), (6, 3)):
        agency.file.db.execute("UPDATE payload SET sealed = ? WHERE idx = ?", (rows[other], index))
    assert named(agency.audit(), Code.PAYLOAD_CHANGED) == [(3, 3), (6, 6)]


def test_payload_of_the_same_subject_sealed_anew_with_other_words() -> None:
    agency = grown(20)
    event = Event.parse(leaf(agency, 6))
    sealed = agency.keys.seal(event.subject, b"s" * 32 + b'{"note":"other"}', leaf(agency, 6))
    agency.file.db.execute("UPDATE payload SET sealed = ? WHERE idx = 6", (sealed,))
    assert named(agency.audit(), Code.PAYLOAD_CHANGED) == [(6, 6)]


def test_payload_deleted_without_an_erasure() -> None:
    agency = grown(20)
    agency.file.db.execute("UPDATE payload SET sealed = NULL WHERE idx = 6")
    assert named(agency.audit(), Code.PAYLOAD_MISSING) == [(6, 6)]


def test_payload_filed_under_another_record() -> None:
    agency = grown(20)
    agency.file.db.execute("UPDATE payload SET record = 'r4' WHERE idx = 6")
    assert named(agency.audit(), Code.PAYLOAD_INDEX) == [(6, 6)]


def test_sealed_bytes_beside_an_entry_that_commits_to_none() -> None:
    agency = Agency()
    agency.log.append([Entry(forged(0), b"something", "r1")])
    assert named(agency.audit(), Code.PAYLOAD_ORPHAN) == [(0, 0)]


def test_key_destroyed_in_silence() -> None:
    agency = grown(20)
    agency.keys.shred("s1")
    assert named(agency.audit(), Code.KEY_MISSING) == [(index, index) for index in range(1, 20, 3)]


def test_recorded_erasure_is_clean_and_an_old_key_file_is_found() -> None:
    agency = grown(20)
    wrapped = agency.keys._store.get("s1") or b""
    agency.erase("s1")
    agency.witness()
    assert agency.audit() == []
    agency.keys._store.put("s1", wrapped)
    assert codes(agency.audit()) == {Code.KEY_NOT_ERASED}


@pytest.mark.parametrize("damage", [edit_leaf])
def test_findings_come_in_one_order(damage: Callable[[Agency, int], None]) -> None:
    agency = grown(300)
    for index in (250, 3, 77):
        damage(agency, index)
    assert agency.audit() == agency.audit()
    assert named(agency.audit(), Code.ENTRY_CHANGED) == [(3, 3), (77, 77), (250, 250)]
    assert str(agency.audit()[0]) == "entry-changed: entry 3: is not what was recorded there"
