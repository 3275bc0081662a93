"""Erasing a subject: recorded and emptied in one transaction, then its key destroyed, then the traces of both."""

from __future__ import annotations

from recoup.casework.book import refuse_reserved
from recoup.evidence import Entry, Event, Malformed, Receipt, SubjectKeys
from recoup.evidence.leaf import ERASURE_KIND
from recoup.store.database import Database
from recoup.store.log import DatabaseLog, empty_payloads
from recoup.store.sql import insert
from recoup.store.tables.models import BookErased
from recoup.store.writer import Writer

_EMPTY = (
    "UPDATE book_row SET body = NULL WHERE subject = %s AND body IS NOT NULL",
    "UPDATE book_message SET body = NULL WHERE subject = %s AND body IS NOT NULL",
)


def erase_subject(database: Database, writer: Writer, keys: SubjectKeys, subject: str, event: Event) -> Receipt:
    """Erase a subject. Cut anywhere, the call again does what is left and records nothing twice.

    Malformed where `event` is not the erasure of `subject`, or the subject is one of the house.
    """
    refuse_reserved(subject)
    if (event.kind, event.record, event.subject) != (ERASURE_KIND, subject, ""):
        raise Malformed(f"the erasure of {subject} is an event {ERASURE_KIND} on it")
    with database.transaction() as cursor:
        edge = writer.edge(cursor)
        cursor.execute("SELECT entry FROM book_erased WHERE subject = %s", [subject])
        earlier = cursor.fetchone()
        first = earlier[0] if earlier else edge.size
        if not earlier:
            known = writer.write_log(cursor, edge, [Entry(event.leaf, None, subject)])
            cursor.execute(insert(BookErased), [subject, first])
        for sql in _EMPTY:
            cursor.execute(sql, [subject])
        empty_payloads(cursor, _payloads_about(database, subject))
    if not earlier:
        writer.keep(known)
    keys.shred(subject)
    database.forget_removed()
    note = writer.newest()
    return Receipt(first, 1, note)


def _payloads_about(database: Database, subject: str) -> list[int]:
    """Entries from elsewhere than the book (custody) whose payload is about the subject."""
    needle = f'"subject":"{subject}"}}'.encode()
    leaves = DatabaseLog(database).leaves(0, 2**62)
    return [index for index, leaf in leaves if leaf.endswith(needle)]
