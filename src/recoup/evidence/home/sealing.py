"""Sealing a file: inspect, into the vault, then collected and sealed in the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recoup.evidence.custody import Action, Collected, Sealed, Step, sign_step
from recoup.evidence.custody.rules import step_hash
from recoup.evidence.home.erasure import is_erased
from recoup.evidence.home.layout import Home
from recoup.evidence.home.people import actor_id, refuse_stranger
from recoup.evidence.intake import Inspection, inspect
from recoup.evidence.keys import Shredded
from recoup.evidence.leaf import Entry
from recoup.evidence.note import Signer
from recoup.evidence.vault import Address, Item, Shelf


@dataclass(frozen=True, slots=True)
class SealOrder:
    """What to seal: the file, the subject (case or person, an opaque id) and what is known of its acquisition."""

    path: Path
    subject: str
    collected: Collected


@dataclass(frozen=True, slots=True)
class SealResult:
    """The item's id, where it lies, what the intake said, and its entry in the log. `known`: it was sealed before."""

    item: str
    sealed: Item
    inspection: Inspection
    entry: int
    known: bool


def seal_file(home: Home, order: SealOrder, operator: Signer) -> SealResult:
    """Seal one file; durable in vault and log when it returns.

    A file that the intake refuses is sealed on the quarantine shelf. A call that was cut goes on where it was: the same
    file again resumes its ingest, and an item that reached the vault but not the log is recorded now.
    Raises OSError for what cannot be read or written, Shredded where the subject was erased (a name is not used again),
    IllegalStep where the operator is not enrolled, Malformed where the subject is no opaque id.
    """
    refuse_stranger(home, operator.verifier)
    Address(Shelf.EVIDENTIARY, "0" * 64, order.subject)  # before a key is kept under a name that is not opaque
    if is_erased(home, order.subject):
        raise Shredded(f"subject {order.subject} was erased; its name is not used again")
    home.keys.ensure(order.subject)
    with order.path.open("rb") as source:
        inspection = inspect(source, order.path.name)
        source.seek(0)
        shelf = Shelf.EVIDENTIARY if inspection.accepted else Shelf.QUARANTINE
        item = home.vault.ingest(source, order.subject, shelf, _token(order))
    name = item_id(home, item.address)
    earlier = home.storage.indexes_of(name)
    if earlier:
        return SealResult(name, item, inspection, earlier[0], known=True)
    receipt = home.append(_entries(home, order, operator, name, item, inspection))
    return SealResult(name, item, inspection, receipt.first, known=False)


def item_id(home: Home, address: Address) -> str:
    """The opaque id of an item: only the holder of the subject's key can tell which content it names."""
    return f"item-{home.keys.blind_index(address.subject, address.name.encode())}"


def _token(order: SealOrder) -> str:
    state = order.path.stat()
    return f"{order.path.resolve()}\n{state.st_size}\n{state.st_mtime_ns}\n{state.st_ino}"


def _entries(
    home: Home, order: SealOrder, operator: Signer, name: str, item: Item, inspection: Inspection
) -> list[Entry]:
    at, actor = home.clock(), actor_id(operator.verifier)
    collect = sign_step(Step(name, Action.COLLECT, at, operator.name, order.collected), [operator])
    content = Sealed(item.content.sha256, item.content.blake3, item.content.size)
    seal = sign_step(Step(name, Action.SEAL, at, operator.name, content, step_hash(collect)), [operator])
    intake = {
        "type": str(inspection.type),
        "refusals": [str(refusal) for refusal in inspection.refusals],
        "remarks": [str(remark) for remark in inspection.remarks],
    }
    first = {"step": str(collect), "file": order.path.name, "intake": intake}
    second = {"step": str(seal), "address": item.address.name}
    return [
        home.entry("item.collected", actor, name, order.subject, first),
        home.entry("item.sealed", actor, name, order.subject, second),
    ]
