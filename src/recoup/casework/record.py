"""The steps "record a trace" and "record a run": the seal of a bundle in the log, and word of it to other agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoup.casework.book import Book, Change, Message, Row, Seen
from recoup.casework.bundle import Sealed
from recoup.casework.codec import to_json
from recoup.evidence import Event, Receipt
from recoup.ground import Instant
from recoup.restitution.run import Record

TRACE, RUN = "trace", "run"
TRACE_SEALED, RUN_SEALED = "trace.sealed", "run.sealed"


@dataclass(frozen=True, slots=True)
class TraceRecord:
    """What the book keeps of a sealed trace: the hash of its manifest (SHA-256) and the claims it was asked about."""

    manifest: str
    case: str
    rule: str
    granularity: str
    claims: int
    conserved: bool


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the book keeps of a run: the seal of its record and its sums, in the smallest unit of `currency`."""

    seal: str
    case: str
    currency: str
    rule: str
    claims: int
    pool: int
    awards: int
    costs: int
    reserve: int
    surplus: int


def record_trace(book: Book, sealed: Sealed, case: str, actor: str, at: Instant, tell: Sequence[str] = ()) -> Receipt:
    """Keep the seal of a trace bundle and tell the agencies `tell`; Stale where this bundle is recorded already."""
    results = sealed.traced.declared
    record = TraceRecord(
        sealed.sha256,
        case,
        str(results[0].parameters.rule),
        str(results[0].parameters.granularity),
        len(sealed.traced.question.claims),
        all(result.conserved for result in results),
    )
    return _keep(book, TRACE, sealed.sha256, record, Event(TRACE_SEALED, at, actor, sealed.sha256), tell)


def record_run(book: Book, record: Record, case: str, actor: str, at: Instant, tell: Sequence[str] = ()) -> Receipt:
    """Keep the seal and the sums of a distribution run; Stale where this run is recorded already."""
    sums = [record.amount(name) for name in ("pool", "awards", "costs", "reserve", "surplus")]
    words = (record.seal, case, record.text("currency"), record.text("rule"))
    kept = RunRecord(*words, record.amount("claims"), *sums)
    return _keep(book, RUN, record.seal, kept, Event(RUN_SEALED, at, actor, record.seal), tell)


def _keep(book: Book, kind: str, id: str, record: object, event: Event, tell: Sequence[str]) -> Receipt:
    body = to_json(record)
    messages = tuple(Message(agency, event.kind, body) for agency in tell)
    return book.commit(Change((event,), (Row(kind, id, body),), messages, (Seen(kind, id, 0),)))
