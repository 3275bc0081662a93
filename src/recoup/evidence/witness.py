"""A witness: another agency's node that vouches for a log's growth (C2SP tlog-witness, add-checkpoint).

It checks that the log only grew since it last looked, writes that down, and only then answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from recoup.evidence.checkpoint import Checkpoint, NotEmptyRoot, open_checkpoint
from recoup.evidence.cosignature import Cosigner
from recoup.evidence.encoding import Malformed, base64_text, decimal_number, hash_bytes, utf8_bytes
from recoup.evidence.merkle import verify_consistency
from recoup.evidence.note import NOTE_BYTES_MAX, Note, Signature, Untrusted, VerifierKey, parse_note

CONSISTENCY_HASHES_MAX = 63


class Status(IntEnum):
    """The HTTP status codes of the protocol."""

    COSIGNED = 200
    MALFORMED = 400
    UNTRUSTED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    INCONSISTENT = 422


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body: cosignature lines, the size last seen (409), or words."""

    status: Status
    body: str


@dataclass(frozen=True, slots=True)
class Request:
    """A new checkpoint and the proof that it extends the one of `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    def __str__(self) -> str:
        lines = "".join(f"{base64_text(step)}\n" for step in self.proof)
        return f"old {self.old}\n{lines}\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: str | bytes) -> Request:
        """From the body of add-checkpoint; otherwise Malformed."""
        raw = utf8_bytes(data) if isinstance(data, str) else data
        if len(raw) > NOTE_BYTES_MAX:
            raise Malformed(f"a request has at most {NOTE_BYTES_MAX} bytes")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("a request is UTF-8") from error
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or not lines[0].startswith("old ") or len(lines) > CONSISTENCY_HASHES_MAX + 1:
            raise Malformed("a request is an old size, at most 63 hashes, an empty line and a checkpoint")
        return cls(decimal_number(lines[0][4:]), tuple(map(hash_bytes, lines[1:])), parse_note(note))


class WitnessStorage(Protocol):
    """What a witness remembers. Every call is durable when it returns."""

    def latest(self, origin: str) -> Note | None: ...

    def advance(self, origin: str, old: int, new: int, note: Note) -> bool:
        """Set the latest checkpoint where it still has `old` entries, in one atomic step; whether it did."""
        ...

    def accuse(self, origin: str, held: Note, offered: Note) -> None:
        """Keep two signed checkpoints of one log that cannot both be true."""
        ...


class Witness:
    """A cosigner, the logs it trusts (by origin), and its memory. `clock` gives POSIX seconds."""

    def __init__(
        self, cosigner: Cosigner, logs: Sequence[VerifierKey], storage: WitnessStorage, clock: Callable[[], int]
    ) -> None:
        self.cosigner = cosigner
        self.logs = {key.name: key for key in logs}
        self.storage = storage
        self._clock = clock

    def add_checkpoint(self, body: str | bytes) -> Answer:
        """Answer one request; never raises for what a client sends."""
        try:
            request = Request.parse(body)
            origin = Checkpoint.parse(request.checkpoint.text).origin
            if origin not in self.logs:
                return Answer(Status.UNKNOWN_LOG, f"{origin} is not a log known here\n")
            head = open_checkpoint(request.checkpoint, [self.logs[origin]])
        except NotEmptyRoot as error:
            return Answer(Status.INCONSISTENT, f"{error}\n")
        except Malformed as error:
            return Answer(Status.MALFORMED, f"{error}\n")
        except Untrusted as error:
            return Answer(Status.UNTRUSTED, f"{error}\n")
        if request.old > head.size:
            return Answer(Status.MALFORMED, f"the old size {request.old} is above the size {head.size}\n")
        return self._judge(request, head)

    def _judge(self, request: Request, head: Checkpoint) -> Answer:
        held = self.storage.latest(head.origin)
        known = Checkpoint.parse(held.text) if held else None
        size = known.size if known else 0
        if request.old != size:
            return Answer(Status.OTHER_SIZE, f"{size}\n")
        if not _extends(known, head, request.proof):
            if held and known and known.size == head.size and known.root != head.root:
                self.storage.accuse(head.origin, held, request.checkpoint)
            return Answer(Status.INCONSISTENT, f"the checkpoint does not extend the one of {size} entries\n")
        line = self.cosigner.cosign(head.text, self._clock())
        kept = Note(head.text, (self._of_log(request.checkpoint, head.origin), line))
        if not self.storage.advance(head.origin, size, head.size, kept):
            latest = self.storage.latest(head.origin)
            return Answer(Status.OTHER_SIZE, f"{Checkpoint.parse(latest.text).size if latest else 0}\n")
        return Answer(Status.COSIGNED, str(line))

    def _of_log(self, note: Note, origin: str) -> Signature:
        """The log's own signature, true by now; what else a client put beside it is not kept."""
        key = self.logs[origin]
        return next(line for line in note.signatures if (line.name, line.key_id) == (key.name, key.id))


def _extends(known: Checkpoint | None, head: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    """A first look accepts any tree; afterwards only growth of the tree already seen."""
    if known is None or known.size == 0:
        return not proof
    return verify_consistency(known.size, head.size, known.root, head.root, proof)
