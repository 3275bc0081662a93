"""Where things lie in a case home, and how it is made, opened and given a new agency key.

keys/agency.key         the agency key, unless RECOUP_AGENCY_KEY holds it
keys/subjects.sqlite3   subject keys, wrapped by the agency key
keys/log.key            the log's signing key, wrapped by the agency key
log/log.sqlite3         entries, payloads (sealed), tiles, checkpoints
log/log.vkey            the log's name and public key
vault/                  items
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recoup.evidence.disk import LocalDisk, write_durably
from recoup.evidence.encoding import base64_bytes, base64_text
from recoup.evidence.keys import AgencyKey, KeyWrap, Shredded, SubjectKeys, new_key
from recoup.evidence.keystore import KeyFile
from recoup.evidence.leaf import Entry, Event, entry_of, payload_of
from recoup.evidence.log import Log, Receipt
from recoup.evidence.logstore import LogFile
from recoup.evidence.note import Signer, VerifierKey
from recoup.evidence.vault import Vault
from recoup.ground import Instant

PEOPLE = "people"
_LOG_KEY = b"recoup log key"


def now() -> Instant:
    """The machine's clock, to the second."""
    return Instant(datetime.now(UTC).replace(microsecond=0))


@dataclass(frozen=True)
class Home:
    """An open case home. `clock` gives the time of entries.

    `log` is opened when it is first used, and raises Damaged then: a home with a damaged log can still be audited.
    """

    root: Path
    keys: SubjectKeys
    storage: LogFile
    signer: Signer
    vault: Vault
    clock: Callable[[], Instant]

    @cached_property
    def log(self) -> Log:
        """The log, ready to grow."""
        return Log(self.storage, self.signer)

    def entry(self, kind: str, actor: str, record: str, subject: str, payload: object) -> Entry:
        """An entry with a sealed payload about `subject`."""
        return entry_of(Event(kind, self.clock(), actor, record, subject), payload, self.keys)

    def append(self, entries: Sequence[Entry]) -> Receipt:
        """Add entries; durable on return."""
        return self.log.append(entries)

    def payloads(self, record: str) -> list[tuple[int, Event, Any]]:
        """Index, event and payload of every entry on a record that has one, oldest first; Shredded where erased."""
        found = []
        for index in self.storage.indexes_of(record):
            for _, entry in self.storage.entries(index, index + 1):
                event = Event.parse(entry.leaf)
                if event.commitment and entry.sealed is None:
                    raise Shredded(f"what entry {index} told about {record} was erased")
                if event.record == record and event.commitment:
                    found.append((index, event, json.loads(payload_of(entry, self.keys))))
        return found


def create_home(root: Path, origin: str, environment: Mapping[str, str] = os.environ) -> Home:
    """A new case home whose log is named `origin`; FileExistsError where one is.

    The agency key is taken from RECOUP_AGENCY_KEY, else made and written to `keys/agency.key`.
    """
    if (root / "log" / "log.vkey").exists():
        raise FileExistsError(f"{root} is a case home already")
    for folder in ("keys", "log", "vault"):
        (root / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    agency = AgencyKey.from_environment(environment)
    if agency is None:
        agency = AgencyKey(new_key())
        write_durably(root / "keys" / "agency.key", str(agency).encode())
    private = Ed25519PrivateKey.generate()
    _write_log_key(root, agency, private.private_bytes_raw())
    write_durably(root / "log" / "log.vkey", f"{Signer(origin, private).verifier}\n".encode(), 0o644)
    return open_home(root, environment)


def open_home(root: Path, environment: Mapping[str, str] = os.environ, clock: Callable[[], Instant] = now) -> Home:
    """Open a case home; FileNotFoundError where there is none, Shredded or Unopened under another agency key."""
    origin = VerifierKey.parse((root / "log" / "log.vkey").read_text()).name
    agency = agency_key(root, environment)
    keys = SubjectKeys(agency, KeyFile(root / "keys" / "subjects.sqlite3"))
    keys.ensure(PEOPLE)
    seed = agency.unwrap(base64_bytes((root / "keys" / "log.key").read_text().strip()), _LOG_KEY)
    storage = LogFile(root / "log" / "log.sqlite3")
    signer = Signer(origin, Ed25519PrivateKey.from_private_bytes(seed))
    return Home(root, keys, storage, signer, Vault(LocalDisk(root / "vault"), keys), clock)


def agency_key(root: Path, environment: Mapping[str, str] = os.environ) -> AgencyKey:
    """The key of a home: from the environment, else from its file."""
    return AgencyKey.from_environment(environment) or AgencyKey.from_file(root / "keys" / "agency.key")


def rotate_agency_key(root: Path, agency: AgencyKey) -> int:
    """Put the key kept in `keys/agency.key` out of use; the number of subject keys wrapped anew.

    Cut anywhere, the home still opens: the old key stays behind the new one until all is wrapped anew.
    """
    path = root / "keys" / "agency.key"
    old = AgencyKey.from_file(path)
    both = AgencyKey(agency.material, (AgencyKey(old.material), *old.retired))
    write_durably(path, str(both).encode())
    count = SubjectKeys(both, KeyFile(root / "keys" / "subjects.sqlite3")).rotate(both)
    wrapped = base64_bytes((root / "keys" / "log.key").read_text().strip())
    _write_log_key(root, both, both.unwrap(wrapped, _LOG_KEY))
    write_durably(path, str(AgencyKey(agency.material)).encode())
    return count


def _write_log_key(root: Path, agency: KeyWrap, seed: bytes) -> None:
    write_durably(root / "keys" / "log.key", f"{base64_text(agency.wrap(seed, _LOG_KEY))}\n".encode())
