"""The steps about a person's data: forbid its erasure, allow it again, erase."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.casework.book import Book, Change, Row, Seen
from recoup.casework.codec import to_json
from recoup.evidence import Event, Receipt
from recoup.evidence.home import Held
from recoup.evidence.leaf import ERASURE_KIND
from recoup.ground import Instant

HOLD = "hold"
HELD, RELEASED = "subject.held", "subject.released"


@dataclass(frozen=True, slots=True)
class Hold:
    """Whether an order or a duty (`reference`) forbids that a subject is erased."""

    stands: bool
    reference: str


def hold_subject(book: Book, subject: str, reference: str, actor: str, at: Instant) -> Receipt:
    """Forbid the erasure of a subject from now on."""
    return _decide(book, subject, Hold(True, reference), Event(HELD, at, actor, subject))


def release_subject(book: Book, subject: str, reference: str, actor: str, at: Instant) -> Receipt:
    """End the hold on a subject; `reference` says why."""
    return _decide(book, subject, Hold(False, reference), Event(RELEASED, at, actor, subject))


def erase_subject(book: Book, subject: str, actor: str, at: Instant) -> Receipt:
    """Destroy everything that was sealed under a subject; Held where a hold stands. The proofs of the log stay."""
    newest = book.row(HOLD, subject)
    if newest and newest.read(Hold).stands:
        raise Held(f"a legal hold stands on {subject}; release it first")
    return book.erase(subject, Event(ERASURE_KIND, at, actor, subject))


def _decide(book: Book, subject: str, hold: Hold, event: Event) -> Receipt:
    newest = book.row(HOLD, subject)
    seen = newest.seen if newest else Seen(HOLD, subject, 0)
    return book.commit(Change((event,), (Row(HOLD, subject, to_json(hold)),), seen=(seen,)))
