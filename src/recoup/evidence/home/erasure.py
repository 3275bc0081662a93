"""Erasing a subject by destroying its key, and legal holds that forbid it. Both are in the log."""

from __future__ import annotations

from recoup.evidence.home.layout import PEOPLE, Home
from recoup.evidence.home.people import actor_id, refuse_stranger
from recoup.evidence.leaf import ERASURE_KIND, Entry, Event
from recoup.evidence.log import Receipt
from recoup.evidence.note import VerifierKey

_HELD, _RELEASED = "subject.held", "subject.released"


class Held(Exception):
    """A legal hold forbids the erasure."""


def hold(home: Home, subject: str, reference: str, actor: VerifierKey) -> Receipt:
    """Forbid the erasure of a subject under an order or duty (`reference`, kept sealed)."""
    refuse_stranger(home, actor)
    return home.append([home.entry(_HELD, actor_id(actor), subject, subject, {"reference": reference})])


def release(home: Home, subject: str, reference: str, actor: VerifierKey) -> Receipt:
    """End a hold."""
    refuse_stranger(home, actor)
    return home.append([home.entry(_RELEASED, actor_id(actor), subject, subject, {"reference": reference})])


def erase(home: Home, subject: str, actor: VerifierKey) -> int:
    """Destroy a subject's key, payloads and items; the number of entries that are empty from now on.

    The erasure is recorded first; called again after a cut it does what is left. Every proof still verifies. Held where
    a legal hold stands; ValueError for the register of people, which proves who signed.
    """
    refuse_stranger(home, actor)
    if subject == PEOPLE:
        raise ValueError("the register of people is not erased: every signature rests on it")
    events = [(index, Event.parse(leaf)) for index, leaf in home.storage.leaves(0, home.log.size)]
    about = [event.kind for _, event in events if event.record == subject]
    standing = [kind for kind in about if kind in (_HELD, _RELEASED)]
    if standing and standing[-1] == _HELD:
        raise Held(f"a legal hold stands on {subject}; release it first")
    if ERASURE_KIND not in about:
        event = Event(ERASURE_KIND, home.clock(), actor_id(actor), subject)
        home.append([Entry(event.leaf, None, subject)])
    home.keys.shred(subject)
    rows = [index for index, event in events if event.subject == subject]
    home.storage.erase_payloads(rows)
    for address in [address for address in home.vault.addresses() if address.subject == subject]:
        home.vault.remove(address)
    return len(rows)


def is_erased(home: Home, subject: str) -> bool:
    """Whether the log records the erasure of a subject."""
    rows = (home.storage.leaves(index, index + 1) for index in home.storage.indexes_of(subject))
    return any(Event.parse(leaf).kind == ERASURE_KIND for row in rows for _, leaf in row)
