"""Facts of account chains (Ethereum and its kin) from any format to entries: one entry per transaction.

The value of the call, internal transfers in their call order, token transfers in their log order, then the fee. Rows of
one transfer stand as an `out` and an `in` leg. A failed transaction pays its fee and moves nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from recoup.formats.fields import ENTRY_CHARACTERS_MAX, BadRow, shown
from recoup.formats.position import BLOCK_MAX, INDEX_PLACES
from recoup.ground import Asset, Instant

LOG_MAX = 2**63 - 1

ZERO = "0x" + 40 * "0"

# The native coin of a chain; its smallest unit is 10**-18 (wei) on each of these.
NATIVE: Mapping[str, str] = {
    "ethereum": "ETH", "arbitrum": "ETH", "base": "ETH", "optimism": "ETH", "linea": "ETH",
    "bsc": "BNB", "polygon": "POL", "avalanche": "AVAX", "gnosis": "XDAI", "fantom": "FTM",
}  # fmt: skip

_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}")
_SYMBOL = re.compile(r"[A-Za-z0-9.$_+-]{1,30}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands."""

    file: str
    line: int
    source: str


@dataclass(frozen=True, slots=True)
class When:
    """Block and index of a transaction, as far as the row says; `time` is the block's."""

    block: int
    index: int | None = None
    time: Instant | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.block <= BLOCK_MAX or not 0 <= (self.index or 0) < INDEX_PLACES - 1:
            raise BadRow(f"block {self.block} or index {self.index} is out of range", "Export the row again")


@dataclass(frozen=True, slots=True)
class Call:
    """A transaction's own call. `recipient` is empty where it creates a contract."""

    sender: str
    recipient: str
    value: int
    gas_price: int | None
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the execution did. `failed` is None where the row does not say (before Byzantium).

    `fee` in wei where the row states it; else it is gas used × price + `extra` (roll-up data, blobs).
    """

    failed: bool | None
    contract: str
    fee: int | None = None
    gas_used: int | None = None
    gas_price: int | None = None
    extra: int = 0
    place: Place = field(compare=False, default=Place("", 0, ""))


@dataclass(frozen=True, slots=True)
class Trace:
    """One call inside a transaction, at `address` in its tree: () is the transaction's own call.

    `moves`: the call can carry value (`call`, `create`, `suicide`; code that is only borrowed moves nothing).
    """

    address: tuple[int, ...]
    sender: str
    recipient: str
    value: int
    moves: bool
    failed: bool
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Token:
    """One token transfer. `key` tells it from its like in one transaction: `log<n>`, or its content and a number."""

    key: str
    contract: str
    sender: str
    recipient: str
    amount: int
    log: int | None
    item: str = ""
    place: Place = field(compare=False, default=Place("", 0, ""))

    def __post_init__(self) -> None:
        if (self.log or 0) > LOG_MAX:
            raise BadRow(f"log_index {shown(self.log)} is out of range", "Export the row again")


@dataclass(frozen=True, slots=True)
class Reward:
    """New coins for one account, outside any transaction: a block reward, or the genesis allocation."""

    id: str
    recipient: str
    value: int
    place: Place = field(compare=False)

    def __post_init__(self) -> None:
        if len(self.id) > ENTRY_CHARACTERS_MAX or not self.id.isprintable():
            raise BadRow(f"trace_id {shown(self.id)} cannot be the id of an entry", "Export the traces again")


def address_of(text: str) -> str:
    """An address in lower case: its 20 bytes are the account, and the case of EIP-55 is only a checksum of them."""
    if not _ADDRESS.fullmatch(text):
        raise BadRow(f"address {shown(text)} is not 0x and 40 hex digits", "Export the row again")
    return text.lower()


def optional_address(text: str) -> str:
    return address_of(text) if text else ""


def symbol_of(text: str) -> str:
    """A token's symbol where it is plain ASCII, else `token`: symbols are chosen freely, also to deceive."""
    return text if _SYMBOL.fullmatch(text) else "token"


def token_asset(ledger: str, symbol: str, contract: str, item: str = "") -> Asset:
    """`<symbol>@<chain>:<contract>`; one of its kind (NFT) adds `/<id>`."""
    return Asset(f"{symbol}@{ledger}:{contract}" + (f"/{item}" if item else ""))
