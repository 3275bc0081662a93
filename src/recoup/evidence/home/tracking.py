"""Items and their custody as the log tells them, and the audit of a whole home."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress

from recoup.evidence.audit import Code, Finding, WitnessView, audit
from recoup.evidence.audit.finding import one
from recoup.evidence.audit.items import check_items
from recoup.evidence.audit.payloads import erased_subjects
from recoup.evidence.custody import Action, Chain, parse_step
from recoup.evidence.encoding import Malformed
from recoup.evidence.home.layout import Home
from recoup.evidence.home.people import actor_id, people
from recoup.evidence.keys import Shredded, Unopened
from recoup.evidence.leaf import Event, payload_of
from recoup.evidence.log import Receipt
from recoup.evidence.note import Note, VerifierKey, parse_note
from recoup.evidence.vault import Address, Shelf
from recoup.ground import Defect, Refused

SEALED_KIND = "item.sealed"
EVERYTHING = 2**62
_KINDS = {
    Action.TRANSFER: "item.transferred",
    Action.EXAMINE: "item.examined",
    Action.EXHIBIT: "item.exhibited",
    Action.RETURN: "item.returned",
    Action.DESTROY: "item.destroyed",
}


def items(home: Home) -> list[tuple[str, int]]:
    """Every sealed item's id and the entry that sealed it, oldest first."""
    needle = f'"kind":"{SEALED_KIND}"'.encode()
    found = []
    for index, leaf in home.storage.leaves(0, EVERYTHING):
        if needle in leaf:
            with suppress(Malformed):  # an audit names it
                found.append((Event.parse(leaf), index))
    return [(event.record, index) for event, index in found if event.kind == SEALED_KIND]


def chain_of(home: Home, item: str) -> Chain:
    """The custody of an item, every signature checked; Refused where there is no such item."""
    notes = [parse_note(str(payload["step"])) for _, _, payload in home.payloads(item) if "step" in payload]
    if not notes:
        raise Refused(Defect(item[:60], 0, "no such item in this home", "`recoup custody list` names them"))
    return Chain.of(notes, people(home))


def extend(home: Home, note: Note, actor: VerifierKey) -> tuple[Chain, Receipt]:
    """Add a signed step to its item's custody; IllegalStep with the rule that forbids it, and then nothing is added."""
    step = parse_step(note)
    chain = chain_of(home, step.item).then(note, people(home))
    subject = home.payloads(step.item)[0][1].subject
    payload = {"step": str(note)}
    receipt = home.append([home.entry(_KINDS[step.action], actor_id(actor), step.item, subject, payload)])
    return chain, receipt


def sealed_addresses(home: Home) -> dict[Address, int]:
    """Each item that should be in the vault, with the entry that sealed it; erased ones are left out."""
    found: dict[Address, int] = {}
    for _, index in items(home):
        for _, entry in home.storage.entries(index, index + 1):
            with suppress(Shredded, Unopened, Malformed):  # an audit names it
                found[_address(payload_of(entry, home.keys))] = index
    return found


def _address(payload: bytes) -> Address:
    try:
        shelf, _, sha256, subject = str(json.loads(payload)["address"]).split("/")
        return Address(Shelf(shelf), sha256, subject)
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed("the entry does not tell where its item lies") from error


def _without_address(home: Home) -> Iterator[Finding]:
    """Entries that seal an item and do not tell where it lies: only the holder of the log's key can write one."""
    for _, index in items(home):
        for _, entry in home.storage.entries(index, index + 1):
            with suppress(Shredded, Unopened):
                try:
                    _address(payload_of(entry, home.keys))
                except Malformed as error:
                    yield one(Code.ENTRY_MALFORMED, index, str(error))


def audit_home(home: Home, logs: Sequence[VerifierKey], views: Sequence[WitnessView] = ()) -> list[Finding]:
    """Log, payloads, keys and vault of a home; `logs` is the log's public key as known elsewhere."""
    findings = audit(home.storage, logs, views, home.keys)
    erased = erased_subjects(home.storage.leaves(0, EVERYTHING))
    findings += _without_address(home)
    findings += check_items(home.vault, sealed_addresses(home), erased)
    return findings
