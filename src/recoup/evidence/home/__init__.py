"""A case home: one directory that holds keys, log and vault, and the steps that keep the three in agreement.

In: files, people's keys, choices. Out: items sealed and recorded, custody chains, erasures, audits.
Always true: the vault is durable before the entry, the entry before the answer; nothing is acknowledged earlier.
"""

from recoup.evidence.home.erasure import Held, erase, hold, release
from recoup.evidence.home.layout import Home, create_home, open_home, rotate_agency_key
from recoup.evidence.home.people import enrol, people
from recoup.evidence.home.sealing import SealOrder, SealResult, seal_file
from recoup.evidence.home.tracking import audit_home, chain_of, extend, items, sealed_addresses

__all__ = [
    "Held",
    "Home",
    "SealOrder",
    "SealResult",
    "audit_home",
    "chain_of",
    "create_home",
    "enrol",
    "erase",
    "extend",
    "hold",
    "items",
    "open_home",
    "people",
    "release",
    "rotate_agency_key",
    "seal_file",
    "sealed_addresses",
]
