"""Every kind of tampering that we know of: each is found and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.rooms.evidence.build import Agency, at, grown
from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.audit import Code, Finding, audit
from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.growth import Edge, grow
from recoup.evidence.leaf import Entry, Event
from recoup.evidence.log import Damaged, Log
from recoup.evidence.logstore import LogFile
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import Note, parse_note


def codes(findings: list[Finding]) -> set[Code]:
    return {finding.code for finding in findings}


def named(findings: list[Finding], code: Code) -> list[tuple[int, int]]:
    return [(finding.first, finding.last) for finding in findings if finding.code is code]


def leaf(agency: Agency, index: int) -> bytes:
    return next(agency.file.leaves(index, index + 1))[1]


def forged(number: int, actor: str = "officer-8") -> bytes:
    return Event("item.examined", at(number), actor, "r1").leaf


def edit_leaf(agency: Agency, index: int, data: bytes | None = None) -> None:
    agency.file.db.execute("UPDATE entry SET leaf = ? WHERE idx = ?", (data or forged(index), index))


def rebuild(agency: Agency, leaves: list[bytes], key: str = ORIGIN) -> None:
    """The insider: writes the whole log anew with the log's own key (or another)."""
    old = list(agency.log.entries())
    for table in ("entry", "tile", "checkpoint", "payload"):
        agency.file.db.execute(f"DELETE FROM {table}")
    sealed = [(old[at][1].sealed, old[at][1].record) if at < len(old) else (None, "") for at in range(len(leaves))]
    entries = [Entry(one, *rest) for one, rest in zip(leaves, sealed, strict=True)]
    agency.file.write(grow(Edge(), entries, ORIGIN, signer(key) if key == ORIGIN else stranger()))


def stranger() -> type(signer()):  # type: ignore[valid-type]
    """A key that calls itself by the log's name."""
    return type(signer())(ORIGIN, signer("stranger.example").private)


def leaves_of(agency: Agency) -> list[bytes]:
    return [one for _, one in agency.file.leaves(0, 10**9)]


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


# --- with the log's key: only a witness can know ----------------------------------------------------------------------


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


@pytest.mark.parametrize("damage", [edit_leaf])
def test_findings_come_in_one_order(damage: Callable[[Agency, int], None]) -> None:
    agency = grown(300)
    for index in (250, 3, 77):
        damage(agency, index)
    assert agency.audit() == agency.audit()
    assert named(agency.audit(), Code.ENTRY_CHANGED) == [(3, 3), (77, 77), (250, 250)]
    assert str(agency.audit()[0]) == "entry-changed: entry 3: is not what was recorded there"
