"""The log of one agency: append only, acknowledged after the group commit and never before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock

from recoup.evidence.checkpoint import Checkpoint, open_checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.growth import Edge, Growth, edge_of, grow
from recoup.evidence.leaf import Entry
from recoup.evidence.logstore import Behind, LogStorage
from recoup.evidence.merkle import consistency_proof, inclusion_proof
from recoup.evidence.note import Note, Signature, Signer, VerifierKey, parse_note
from recoup.evidence.proof import TlogProof
from recoup.evidence.tiles import TileTree

BATCH_ENTRIES_MAX = 2_048
RETRIES_MAX = 100


class Damaged(Exception):
    """What is stored is not what was signed: audit the log before anything is added to it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entries [first, first + count) are durable under `checkpoint`."""

    first: int
    count: int
    checkpoint: Note


@dataclass(slots=True, eq=False)
class _Waiting:
    """A call that waits: woken when its entries are durable or have failed, or to lead the next commit."""

    entries: tuple[Entry, ...]
    receipt: Receipt | None = None
    error: BaseException | None = None
    woken: Event = field(default_factory=Event)

    @property
    def done(self) -> bool:
        return self.receipt is not None or self.error is not None


class Log:
    """A log named `signer.name`, its storage, and the key that signs its checkpoints. Safe for many threads.

    Opening reads the edge and compares it with the signed checkpoint: Damaged where they differ, Untrusted where the
    checkpoint is not signed by this key.
    """

    def __init__(self, storage: LogStorage, signer: Signer) -> None:
        self.storage = storage
        self.signer = signer
        self._waiting: deque[_Waiting] = deque()
        self._queue = Lock()
        self._led = False
        self._edge = self._stored_edge()

    @property
    def origin(self) -> str:
        """The log's name, as its checkpoints bear it."""
        return self.signer.name

    @property
    def size(self) -> int:
        """Durable entries that this object knows of."""
        return self._edge.size

    def append(self, entries: Sequence[Entry]) -> Receipt:
        """Add entries, all or none; returns when they are durable.

        Calls that wait at the same time share one commit. Whatever the storage raises (a full disk, a lock) reaches
        every caller of that commit, and none of their entries is in the log.
        """
        mine = _Waiting(tuple(entries))
        with self._queue:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            self._wait(mine)
        if not mine.done:
            self._lead()
        if mine.error is not None:
            raise mine.error
        assert mine.receipt is not None
        return mine.receipt

    def _wait(self, mine: _Waiting) -> None:
        """Until woken; who is interrupted here leaves the queue and hands on a lead that was meant for it."""
        try:
            mine.woken.wait()
        except BaseException:
            with self._queue:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                    if mine.woken.is_set():
                        self._hand_on()
            raise

    def _hand_on(self) -> None:
        self._led = bool(self._waiting)
        if self._led:
            self._waiting[0].woken.set()

    def _lead(self) -> None:
        """Commit the oldest waiting calls, the own one first among them, then hand the lead to the next one."""
        with self._queue:
            batch = self._next_batch()
        try:
            self._commit(batch)
        finally:
            with self._queue:
                self._hand_on()
            for one in batch:
                one.woken.set()

    def _next_batch(self) -> list[_Waiting]:
        """Whole calls in their order; a commit holds at most BATCH_ENTRIES_MAX entries, or one call that has more."""
        batch = [self._waiting.popleft()]
        count = len(batch[0].entries)
        while self._waiting and count + len(self._waiting[0].entries) <= BATCH_ENTRIES_MAX:
            batch.append(self._waiting.popleft())
            count += len(batch[-1].entries)
        return batch

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            growth = self._write([entry for one in batch for entry in one.entries])
        except BaseException as error:
            for one in batch:
                one.error = error
            return
        first = growth.first
        for one in batch:
            one.receipt = Receipt(first, len(one.entries), growth.checkpoint)
            first += len(one.entries)

    def _write(self, entries: list[Entry]) -> Growth:
        for _ in range(RETRIES_MAX):
            growth = grow(self._edge, entries, self.origin, self.signer)
            try:
                self.storage.write(growth)
            except Behind as error:
                before, self._edge = self._edge.size, self._stored_edge()
                if self._edge.size == before:
                    raise Damaged("the stored entries do not end where the signed checkpoint does") from error
                continue
            self._edge = growth.edge
            return growth
        raise Behind(f"other writers were faster {RETRIES_MAX} times")

    def _stored_edge(self) -> Edge:
        note = self.storage.checkpoint()
        if note is None:
            if self.storage.size():
                raise Damaged("there are entries and no checkpoint")
            return Edge()
        try:
            head = open_checkpoint(note, [self.signer.verifier])
            edge = edge_of(head.size, self.storage.tile)
        except Malformed as error:
            raise Damaged(str(error)) from error
        if edge.root() != head.root:
            raise Damaged(f"the tiles of {head.size} entries do not lead to the signed root")
        return edge

    def checkpoint(self) -> Note:
        """The newest signed checkpoint; an empty log signs its empty tree."""
        note = self.storage.checkpoint()
        return parse_note(note) if note else Checkpoint(self.origin, 0, Edge().root()).signed(self.signer)

    def tree(self, size: int) -> TileTree:
        """The tree of the first `size` entries, read from the stored tiles."""
        return TileTree(self.storage.tile, size)

    def proof(self, index: int, extra: bytes | None = None) -> TlogProof:
        """That entry `index` is in the log, under the newest cosigned checkpoint that holds it, else the newest."""
        note = self._newest_over(index)
        size = Checkpoint.parse(note.text).size
        return TlogProof(index, inclusion_proof(self.tree(size), index, size), note, extra)

    def _newest_over(self, index: int) -> Note:
        kept = self.storage.cosigned()
        note = parse_note(kept[-1]) if kept else None
        return note if note and Checkpoint.parse(note.text).size > index else self.checkpoint()

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the log of `new` entries extends the one of `old`."""
        return consistency_proof(self.tree(new), old, new)

    def add_cosignatures(self, note: Note, lines: Iterable[Signature], witnesses: Iterable[VerifierKey]) -> Note:
        """Keep a checkpoint of this log with the cosignatures of known witnesses; Untrusted where one is false."""
        head = open_checkpoint(note, [self.signer.verifier])
        known = {(key.name, key.id) for key in witnesses}
        kept = [
            line
            for text in self.storage.cosigned()
            if (old := parse_note(text)).text == note.text
            for line in old.signatures
        ]
        joined = note.with_signatures([*kept, *(line for line in lines if (line.name, line.key_id) in known)])
        joined.signers([self.signer.verifier, *witnesses])
        self.storage.keep_cosigned(head.size, joined)
        return joined

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Entry]]:
        return self.storage.entries(start, self.size if stop is None else stop)
