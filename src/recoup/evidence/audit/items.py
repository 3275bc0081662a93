"""The vault against the log: every sealed item is there, opens, and no other is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from recoup.evidence.audit.finding import Code, Finding, one, whole
from recoup.evidence.keys import Shredded, Unopened
from recoup.evidence.vault import Address, Vault


def check_items(vault: Vault, sealed: Mapping[Address, int], erased: Collection[str]) -> Iterator[Finding]:
    """`sealed`: each item that should be there, with the log entry that sealed it; `erased`: subjects without a key."""
    there = set(vault.addresses())
    for address, index in sorted(sealed.items()):
        if address.subject in erased:
            continue
        if address not in there:
            yield one(Code.ITEM_MISSING, index, f"{address.name} is not in the vault")
            continue
        try:
            vault.check(address)
        except (Unopened, Shredded, OSError) as error:
            yield one(Code.ITEM_CHANGED, index, f"{address.name}: {error}")
    for address in sorted(there - set(sealed)):
        yield whole(Code.ITEM_UNKNOWN, f"{address.name} is in the vault and in no entry")
