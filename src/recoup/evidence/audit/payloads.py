"""What leaves commit to, against what lies sealed beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from recoup.evidence.audit.finding import Code, Finding, one, whole
from recoup.evidence.encoding import Malformed
from recoup.evidence.keys import Shredded, SubjectKeys, Unopened
from recoup.evidence.leaf import ERASURE_KIND, LEAF, Entry, Event, payload_of


def check_payloads(
    entries: Iterable[tuple[int, Entry]], erased: set[str], keys: SubjectKeys | None
) -> Iterator[Finding]:
    """Payloads are there and, where `keys` are given, open to what was committed; a gap needs an erasure entry."""
    for index, entry in entries:
        leaf = LEAF.fullmatch(entry.leaf)
        if leaf is None:
            continue  # named by the rehashing
        if entry.record and entry.record.encode() != leaf["record"]:
            owner = leaf["record"].decode()
            yield one(Code.PAYLOAD_INDEX, index, f"is filed under {entry.record} and belongs to {owner}")
        if leaf["commitment"]:
            yield from _committed(index, entry, leaf["subject"].decode(), erased, keys)
        elif entry.sealed is not None:
            yield one(Code.PAYLOAD_ORPHAN, index, "carries sealed bytes that the entry does not commit to")


def _committed(index: int, entry: Entry, subject: str, erased: set[str], keys: SubjectKeys | None) -> Iterator[Finding]:
    if entry.sealed is None:
        if subject not in erased:
            what = f"the payload is gone and no entry records the erasure of {subject}"
            yield one(Code.PAYLOAD_MISSING, index, what)
        return
    if keys is None or subject in erased:
        return
    try:
        payload_of(entry, keys)
    except (Unopened, Malformed) as error:
        yield one(Code.PAYLOAD_CHANGED, index, str(error))
    except Shredded as error:
        yield one(Code.KEY_MISSING, index, f"{error}, and no entry records its erasure")


def erased_subjects(leaves: Iterable[tuple[int, bytes]]) -> set[str]:
    """Subjects whose erasure the log records: the record of a `subject.erased` entry."""
    needle = f'"kind":"{ERASURE_KIND}"'.encode()
    return {str(json.loads(leaf)["record"]) for _, leaf in leaves if needle in leaf and _reads(leaf)}


def _reads(leaf: bytes) -> bool:
    try:
        Event.parse(leaf)
    except Malformed:
        return False
    return True


def check_erased(erased: Iterable[str], keys: SubjectKeys) -> Iterator[Finding]:
    """A key that the log says was destroyed and that is here: an old copy of the key file came back."""
    for subject in sorted(erased):
        if keys.has(subject):
            yield whole(Code.KEY_NOT_ERASED, f"the key of {subject} was erased and is here again")
