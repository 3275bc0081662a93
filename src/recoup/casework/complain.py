"""The step "file a complaint": what a victim said, kept sealed under a key that can be destroyed."""

from __future__ import annotations

from recoup.casework.book import Book, Change, Row, Seen
from recoup.casework.codec import to_json
from recoup.complaints import Complaint
from recoup.evidence import Event, Receipt
from recoup.ground import Instant

COMPLAINT = "complaint"
FILED, AMENDED = "complaint.filed", "complaint.amended"


def file_complaint(book: Book, complaint: Complaint, person: str, actor: str, at: Instant) -> Receipt:
    """Keep a new complaint; Stale where one with this id is kept already.

    `person` is the opaque id of the victim, under whose key it is sealed. Malformed where the complaint's id is not
    opaque: ids stay after an erasure.
    """
    return _keep(book, complaint, person, Event(FILED, at, actor, complaint.id), 0)


def amend_complaint(book: Book, complaint: Complaint, seen: int, actor: str, at: Instant) -> Receipt:
    """Keep a new version of the complaint that was read at version `seen`; Stale where somebody was quicker.

    KeyError where there is none; Shredded where the victim was erased.
    """
    newest = book.row(COMPLAINT, complaint.id)
    if newest is None:
        raise KeyError(complaint.id)
    return _keep(book, complaint, newest.subject, Event(AMENDED, at, actor, complaint.id), seen)


def read_complaint(book: Book, id: str) -> Complaint | None:
    """The newest version; Shredded where the victim was erased."""
    newest = book.row(COMPLAINT, id)
    return newest.read(Complaint) if newest else None


def _keep(book: Book, complaint: Complaint, person: str, event: Event, seen: int) -> Receipt:
    row = Row(COMPLAINT, complaint.id, to_json(complaint), person)
    return book.commit(Change((event,), (row,), seen=(Seen(COMPLAINT, complaint.id, seen),)))
