"""Audit: whether a log is still what was signed, what other agencies saw, and what it committed to.

In: the stored log, its public keys, what witnesses remember, the keys of payloads. Out: findings, each with the entry.
Always true: leaves are hashed anew, no stored hash is believed; what only a witness can know is asked of the witness.
"""

from recoup.evidence.audit.finding import Code, Finding
from recoup.evidence.audit.foreign import WitnessView
from recoup.evidence.audit.run import Stored, audit

__all__ = ["Code", "Finding", "Stored", "WitnessView", "audit"]
