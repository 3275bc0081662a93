"""What other agencies saw of a log: the only defence against an insider who holds its key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recoup.evidence.audit.finding import Code, Finding, one, whole
from recoup.evidence.audit.leaves import Rehashed
from recoup.evidence.checkpoint import Checkpoint, open_checkpoint
from recoup.evidence.cosignature import cosigned_at
from recoup.evidence.encoding import Malformed
from recoup.evidence.note import Note, Untrusted, VerifierKey, parse_note


@dataclass(frozen=True, slots=True)
class WitnessView:
    """A witness's key, every checkpoint of the log that it cosigned, and the leaf hashes it mirrors, if any."""

    key: VerifierKey
    seen: tuple[Note, ...]
    leaf_hashes: tuple[bytes, ...] = ()
    forks: tuple[tuple[Note, Note], ...] = ()


def _heads(view: WitnessView, logs: Sequence[VerifierKey]) -> Iterator[Checkpoint | Finding]:
    for note in view.seen:
        try:
            note.signers(logs)
            head = Checkpoint.parse(note.text)
        except (Untrusted, Malformed) as error:
            yield whole(Code.WITNESS_FALSE, f"{view.key.name} shows a checkpoint that the log never signed: {error}")
            continue
        if cosigned_at(note, view.key) is None:
            yield whole(Code.WITNESS_FALSE, f"{view.key.name} shows a checkpoint without its own cosignature")
        else:
            yield head


def compare_views(done: Rehashed, views: Sequence[WitnessView], logs: Sequence[VerifierKey]) -> Iterator[Finding]:
    """The stored log against each witness, then the witnesses against each other."""
    heads_by_view: dict[str, list[Checkpoint]] = {}
    for view in views:
        heads: list[Checkpoint] = []
        for found in _heads(view, logs):
            if isinstance(found, Finding):
                yield found
            else:
                heads.append(found)
        heads_by_view[view.key.name] = heads
        yield from _forks(view, logs)
        yield from _compare(done, view, heads)
    yield from _splits(heads_by_view)


def _forks(view: WitnessView, logs: Sequence[VerifierKey]) -> Iterator[Finding]:
    for held, offered in view.forks:
        try:
            old, new = open_checkpoint(held, logs), open_checkpoint(offered, logs)
        except (Untrusted, Malformed) as error:
            yield whole(Code.WITNESS_FALSE, f"{view.key.name} accuses the log with what it never signed: {error}")
            continue
        if (old.size, old.root) == (new.size, new.root):
            yield whole(Code.WITNESS_FALSE, f"{view.key.name} accuses the log with two checkpoints that agree")
            continue
        what = (
            f"{view.key.name} holds two signed checkpoints of {old.size} and {new.size} entries that exclude each other"
        )
        yield whole(Code.HISTORY_SPLIT, what)


def _compare(done: Rehashed, view: WitnessView, heads: list[Checkpoint]) -> Iterator[Finding]:
    largest = max((head.size for head in heads), default=0)
    if largest > done.size:
        what = f"{view.key.name} cosigned {largest} entries, the log shows {done.size}"
        yield Finding(Code.HISTORY_ROLLED_BACK, done.size, largest - 1, what)
    agreed = 0
    for head in sorted((head for head in heads if head.size <= done.size), key=lambda head: head.size):
        if done.root(head.size) != head.root:
            yield from _rewritten(done, view, agreed, head.size)
            return
        agreed = head.size


def _rewritten(done: Rehashed, view: WitnessView, agreed: int, size: int) -> Iterator[Finding]:
    """Names entries from the witness's mirror; without one, the span between two cosigned checkpoints."""
    mirror = view.leaf_hashes
    changed = [at for at in range(agreed, min(len(mirror), done.size)) if mirror[at] != done.leaf(at)]
    for index in changed:
        yield one(Code.HISTORY_REWRITTEN, index, f"is not the entry that {view.key.name} saw there")
    if not changed:
        what = f"the log of {size} entries is not the one that {view.key.name} cosigned"
        yield Finding(Code.HISTORY_REWRITTEN, agreed, size - 1, what)


def _splits(heads_by_view: dict[str, list[Checkpoint]]) -> Iterator[Finding]:
    roots: dict[int, tuple[str, bytes]] = {}
    for name, heads in heads_by_view.items():
        for head in heads:
            other, root = roots.setdefault(head.size, (name, head.root))
            if root != head.root:
                what = f"{other} and {name} cosigned different logs of {head.size} entries, both signed by the log"
                yield Finding(Code.HISTORY_SPLIT, 0, head.size - 1, what)


def _size(note: Note) -> int:
    """Entries of a checkpoint; 0 where it is none, which is named elsewhere."""
    try:
        return Checkpoint.parse(note.text).size
    except Malformed:
        return 0


def compare_cosigned(
    done: Rehashed, kept: Sequence[str], logs: Sequence[VerifierKey], views: Sequence[WitnessView]
) -> Iterator[Finding]:
    """Cosigned checkpoints that the log kept: signed, true, and remembered by their witnesses."""
    newest = {view.key: max(map(_size, view.seen), default=0) for view in views}
    for text in kept:
        try:
            note = parse_note(text)
            signers = note.signers([*logs, *newest])
            head = Checkpoint.parse(note.text)
        except (Untrusted, Malformed) as error:
            yield whole(Code.COSIGNED_FALSE, f"a kept checkpoint: {error}")
            continue
        if not any(key in logs for key in signers):
            yield whole(Code.COSIGNED_FALSE, "a kept checkpoint is not signed by the log")
        elif head.size > done.size:
            what = f"a kept checkpoint covers {head.size} entries, the log shows {done.size}"
            yield Finding(Code.HISTORY_ROLLED_BACK, done.size, head.size - 1, what)
        elif done.root(head.size) != head.root:
            yield Finding(
                Code.HISTORY_REWRITTEN, 0, head.size - 1, f"a kept checkpoint of {head.size} has another root"
            )
        for key in signers:
            if key in newest and newest[key] < head.size:
                yield whole(Code.WITNESS_BEHIND, f"{key.name} cosigned {head.size} entries and does not remember it")
