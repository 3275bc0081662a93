"""Evidence: items by hash, who held them, and a log that no single agency can rewrite.

In: files, custody steps signed by people, checkpoints from other agencies' witnesses. Out: sealed items, custody
chains, proofs that verify offline, audits that name what was tampered with.
Always true: nothing is acknowledged before it is durable; every read verifies; entries hold no personal data and stay
provable after what they commit to was erased; this room knows no database framework and no command line.
"""

from recoup.evidence.audit import Code, Finding, WitnessView, audit
from recoup.evidence.checkpoint import Checkpoint, open_checkpoint
from recoup.evidence.encoding import Malformed
from recoup.evidence.growth import Edge, Growth, edge_of, grow
from recoup.evidence.keys import AgencyKey, KeyWrap, Shredded, SubjectKeys, SubjectKeyStore, Unopened
from recoup.evidence.leaf import Entry, Event, entry_of, payload_of
from recoup.evidence.log import Damaged, Log, Receipt
from recoup.evidence.logstore import Behind, LogStorage
from recoup.evidence.note import Note, Signer, Untrusted, VerifierKey, parse_note
from recoup.evidence.policy import Policy
from recoup.evidence.proof import TlogProof
from recoup.evidence.vault import Address, Item, Shelf, Vault

__all__ = [
    "Address",
    "AgencyKey",
    "Behind",
    "Checkpoint",
    "Code",
    "Damaged",
    "Edge",
    "Entry",
    "Event",
    "Finding",
    "Growth",
    "Item",
    "KeyWrap",
    "Log",
    "LogStorage",
    "Malformed",
    "Note",
    "Policy",
    "Receipt",
    "Shelf",
    "Shredded",
    "Signer",
    "SubjectKeyStore",
    "SubjectKeys",
    "TlogProof",
    "Unopened",
    "Untrusted",
    "Vault",
    "VerifierKey",
    "WitnessView",
    "audit",
    "edge_of",
    "entry_of",
    "grow",
    "open_checkpoint",
    "parse_note",
    "payload_of",
]
