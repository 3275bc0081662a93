"""The whole audit of one log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from recoup.evidence.audit.finding import Code, Finding, whole
from recoup.evidence.audit.foreign import WitnessView, compare_cosigned, compare_views
from recoup.evidence.audit.leaves import compare_tiles, rehash
from recoup.evidence.audit.payloads import check_erased, check_payloads, erased_subjects
from recoup.evidence.checkpoint import Checkpoint, open_checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import SubjectKeys
from recoup.evidence.leaf import Entry
from recoup.evidence.merkle import EMPTY_ROOT
from recoup.evidence.note import Untrusted, VerifierKey
from recoup.evidence.tiles import Tile

_EVERYTHING = 2**62


class Stored(Protocol):
    """The part of a LogStorage that an audit reads."""

    def leaves(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]: ...

    def entries(self, start: int, stop: int) -> Iterator[tuple[int, Entry]]: ...

    def tile(self, tile: Tile) -> bytes: ...

    def checkpoint(self) -> str | None: ...

    def cosigned(self) -> list[str]: ...


def audit(
    stored: Stored,
    logs: Sequence[VerifierKey],
    views: Sequence[WitnessView] = (),
    keys: SubjectKeys | None = None,
    payloads: bool = True,
) -> list[Finding]:
    """Every finding about a stored log, in a fixed order; none means that it is what was signed and witnessed.

    `logs` are the log's public keys, from somewhere else than the log. Without `views` an insider who holds the log's
    key goes unseen: that is what witnesses are for. With `keys` every payload is opened against its commitment;
    `payloads` = False looks at the tree alone.
    """
    head, findings = _head(stored, logs)
    size = head.size if head else 1 + max((index for index, _ in stored.leaves(-_EVERYTHING, _EVERYTHING)), default=-1)
    done = rehash(stored.leaves(-_EVERYTHING, _EVERYTHING), size, stored.tile)
    findings += done.findings
    found, recorded = compare_tiles(done, stored.tile, head.root if head else None)
    findings += found
    done = done.with_hashes(recorded) if recorded else done
    if head and done.root(size) != head.root:
        findings.append(Finding(Code.CHECKPOINT_ROOT, 0, size - 1, "the entries do not lead to the signed root"))
    findings += compare_views(done, views, logs)
    findings += compare_cosigned(done, stored.cosigned(), logs, views)
    if payloads:
        erased = erased_subjects(stored.leaves(0, size))
        findings += check_payloads(stored.entries(-_EVERYTHING, _EVERYTHING), erased, keys)
        findings += check_erased(erased, keys) if keys else ()
    return sorted(_narrowest(findings), key=lambda finding: (finding.first, finding.code, finding.last, finding.what))


def _head(stored: Stored, logs: Sequence[VerifierKey]) -> tuple[Checkpoint | None, list[Finding]]:
    text = stored.checkpoint()
    if text is None:
        if next(stored.leaves(-_EVERYTHING, _EVERYTHING), None) is None:
            return Checkpoint(logs[0].name, 0, EMPTY_ROOT), []
        return None, [whole(Code.CHECKPOINT_MISSING, "there are entries and no checkpoint")]
    try:
        return open_checkpoint(text, logs), []
    except Malformed as error:
        return None, [whole(Code.CHECKPOINT_MALFORMED, str(error))]
    except Untrusted as error:
        return None, [whole(Code.CHECKPOINT_FALSE, str(error))]


def _narrowest(findings: list[Finding]) -> set[Finding]:
    """Without a span of rewritten history inside which the rewritten entries themselves are named."""
    exact = [finding.first for finding in findings if _rewritten(finding) and finding.first == finding.last]
    return {
        finding
        for finding in findings
        if not _rewritten(finding)
        or finding.first == finding.last
        or not any(finding.first <= index <= finding.last for index in exact)
    }


def _rewritten(finding: Finding) -> bool:
    return finding.code is Code.HISTORY_REWRITTEN
