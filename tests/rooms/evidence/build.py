"""A log with payloads, witnesses and keys, built the way an agency builds one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.rooms.evidence.keys import ORIGIN, cosigner, signer

from recoup.evidence.audit import Finding, WitnessView, audit
from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.cosignature import Cosigner
from recoup.evidence.keys import AgencyKey, SubjectKeys
from recoup.evidence.leaf import ERASURE_KIND, Entry, Event, entry_of
from recoup.evidence.log import Log
from recoup.evidence.logstore import LogFile
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import parse_signatures
from recoup.evidence.witness import Request, Status, Witness
from recoup.evidence.witnessstore import WitnessFile
from recoup.ground import Instant

START = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryKeys:
    """A SubjectKeyStore in memory."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def get(self, subject: str) -> bytes | None:
        return self.held.get(subject)

    def put(self, subject: str, wrapped: bytes) -> None:
        assert subject not in self.held
        self.held[subject] = wrapped

    def replace(self, wrapped: Mapping[str, bytes]) -> None:
        self.held.update(wrapped)

    def remove(self, subject: str) -> None:
        self.held.pop(subject, None)

    def subjects(self) -> Iterator[str]:
        return iter(sorted(self.held))


def at(number: int) -> Instant:
    return Instant(START + timedelta(seconds=number))


@dataclass
class Agency:
    """A log named ORIGIN and witnesses that trust it."""

    path: Path | str = ":memory:"
    witnesses: tuple[str, ...] = ("agency-b.example/witness",)
    mirror: bool = True
    subjects: int = 3
    keys: SubjectKeys = field(init=False)
    log: Log = field(init=False)
    nodes: list[Witness] = field(init=False)
    stores: list[WitnessFile] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = SubjectKeys(AgencyKey(b"k" * 32), MemoryKeys())
        for number in range(self.subjects):
            self.keys.ensure(f"s{number}")
        self.file = LogFile(self.path)
        self.log = Log(self.file, signer())
        self.stores = [WitnessFile(":memory:") for _ in self.witnesses]
        cosigners = [cosigner(name) for name in self.witnesses]
        self.nodes = [self.node(*pair) for pair in zip(cosigners, self.stores, strict=True)]

    def node(self, name: Cosigner, store: WitnessFile) -> Witness:
        return Witness(name, [signer().verifier], store, lambda: 1_800_000_000 + self.log.size)

    def entry(self, number: int, text: str = "seen") -> Entry:
        event = Event("item.examined", at(number), "officer-7", f"r{number % 5}", f"s{number % self.subjects}")
        return entry_of(event, {"note": f"{text} {number}"}, self.keys)

    def add(self, count: int) -> None:
        start = self.log.size
        self.log.append([self.entry(number) for number in range(start, start + count)])

    def erase(self, subject: str) -> None:
        """Destroy a subject's key and record it, the way `Home` does."""
        rows = [index for index, entry in self.log.entries() if Event.parse(entry.leaf).subject == subject]
        self.log.append([Entry(Event(ERASURE_KIND, at(self.log.size), "officer-7", subject).leaf, None, subject)])
        self.keys.shred(subject)
        self.file.erase_payloads(rows)

    def witness(self) -> None:
        """Every witness cosigns the newest checkpoint; the log keeps the cosignatures."""
        note = self.log.checkpoint()
        size = Checkpoint.parse(note.text).size
        for node, store in zip(self.nodes, self.stores, strict=True):
            latest = store.latest(ORIGIN)
            old = Checkpoint.parse(latest.text).size if latest else 0
            answer = node.add_checkpoint(str(Request(old, self.log.consistency(old, size), note)))
            assert answer.status is Status.COSIGNED, answer
            self.log.add_cosignatures(note, parse_signatures(answer.body), [node.cosigner.verifier])
            if self.mirror:
                mirrored = len(store.leaf_hashes(ORIGIN))
                store.mirror(ORIGIN, [leaf_hash(leaf) for _, leaf in self.file.leaves(mirrored, size)])

    def views(self) -> list[WitnessView]:
        return [
            WitnessView(
                node.cosigner.verifier, store.seen(ORIGIN), tuple(store.leaf_hashes(ORIGIN)), store.forks(ORIGIN)
            )
            for node, store in zip(self.nodes, self.stores, strict=True)
        ]

    def audit(self) -> list[Finding]:
        return audit(self.file, [signer().verifier], self.views(), self.keys)


def grown(count: int = 20, **options: object) -> Agency:
    """Witnessed after half of the entries and again at the end."""
    agency = Agency(**options)  # type: ignore[arg-type]
    agency.add(count // 2)
    agency.witness()
    agency.add(count - count // 2)
    agency.witness()
    return agency
