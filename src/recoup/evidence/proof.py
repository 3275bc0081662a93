"""A proof that an entry is in a log, in one text that verifies offline (C2SP tlog-proof v1)."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.encoding import Malformed, base64_bytes, base64_text, decimal_number, hash_bytes, utf8_bytes
from recoup.evidence.merkle import verify_inclusion
from recoup.evidence.note import NOTE_BYTES_MAX, Note, Untrusted, parse_note
from recoup.evidence.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
PATH_HASHES_MAX = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Entry `index` with its path to the root of `checkpoint`; `extra` is carried and never trusted."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = "" if self.extra is None else f"extra {base64_text(self.extra)}\n"
        path = "".join(f"{base64_text(step)}\n" for step in self.path)
        return f"{HEADER}\n{extra}index {self.index}\n{path}\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: str | bytes) -> TlogProof:
        """From its text, at most as large as a note may be; otherwise Malformed."""
        raw = utf8_bytes(data) if isinstance(data, str) else data
        if len(raw) > NOTE_BYTES_MAX:
            raise Malformed(f"a proof has at most {NOTE_BYTES_MAX} bytes")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("a proof is UTF-8") from error
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines.pop(0) != HEADER:
            raise Malformed(f"a proof begins with {HEADER} and holds a checkpoint behind an empty line")
        extra = base64_bytes(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        if not lines or not lines[0].startswith("index ") or len(lines) > PATH_HASHES_MAX + 1:
            raise Malformed(f"a proof has an index line and at most {PATH_HASHES_MAX} hashes")
        path = tuple(hash_bytes(line) for line in lines[1:])
        return cls(decimal_number(lines[0][6:]), path, parse_note(note), extra)

    def verify(self, leaf: bytes, policy: Policy) -> Checkpoint:
        """The checkpoint under which the leaf hash stands at `index`.

        Untrusted where the policy does not accept the checkpoint or the path does not lead from the leaf to its root.
        """
        checkpoint = policy.accept(self.checkpoint)
        if not verify_inclusion(leaf, self.index, checkpoint.size, self.path, checkpoint.root):
            raise Untrusted(f"the proof does not place this leaf at entry {self.index} of {checkpoint.origin}")
        return checkpoint
