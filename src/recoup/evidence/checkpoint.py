"""Checkpoints: the signed head of a log (C2SP tlog-checkpoint v1.0.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recoup.evidence.encoding import Malformed, base64_text, decimal_number, hash_bytes
from recoup.evidence.merkle import EMPTY_ROOT
from recoup.evidence.note import Note, Signer, Untrusted, VerifierKey, parse_note


class NotEmptyRoot(Malformed):
    """A log of no entries with a root that is not the hash of nothing."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The origin (name of the log), the number of entries and the root hash; extension lines are never trusted."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any("\n" in line for line in lines) or len(self.root) != 32 or self.size < 0:
            raise Malformed("a checkpoint is an origin, a size, a 32-byte root and lines that are not empty")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NotEmptyRoot("the root of an empty log is the hash of nothing")

    @property
    def text(self) -> str:
        """The note text."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), base64_text(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """From a note text; otherwise Malformed."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise Malformed("a checkpoint has at least three lines, each ended by a newline")
        return cls(lines[0], decimal_number(lines[1]), hash_bytes(lines[2]), tuple(lines[3:-1]))

    def signed(self, signer: Signer) -> Note:
        """The note with one signature of the log."""
        return Note(self.text, (signer.sign(self.text),))


def open_checkpoint(data: str | bytes | Note, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint in a note that one of the log's keys signed under its origin.

    Malformed where it is none; Untrusted where no key of that origin has signed it.
    """
    note = data if isinstance(data, Note) else parse_note(data)
    checkpoint = Checkpoint.parse(note.text)
    signers = note.signers(keys)
    if not any(key.name == checkpoint.origin for key in signers):
        raise Untrusted(f"no key of {checkpoint.origin} has signed its checkpoint")
    return checkpoint
