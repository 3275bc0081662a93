"""Coin transactions of any format to one ledger: each transaction once, each input resolved to the coin it spends.

A coin that was created outside the data stands as an `opening` leg in an entry under the id of the transaction that
created it. That entry bears the time of the earliest spend in the data: the creation is no later than that.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

from recoup.formats import fields
from recoup.formats.fields import BadRow
from recoup.formats.position import position_at
from recoup.ground import AccountId, Asset, Defects, Instant
from recoup.ledger import Entry, Kind, Ledger, Leg, Side

LEDGER = "bitcoin"
BTC = Asset("BTC")
OUTPUT_MAX = 2**32 - 1
SATOSHI_MAX = 21_000_000 * 10**8  # consensus: MAX_MONEY

_DIFFERS = "Keep the file whose content is right"


@dataclass(frozen=True, slots=True)
class Coin:
    """What an output holds: its account, and its amount in satoshi."""

    account: str
    amount: int

    def __post_init__(self) -> None:
        try:
            AccountId(LEDGER, self.account)
        except ValueError as error:
            raise BadRow(str(error), "Fetch the transaction again") from None
        if self.amount > SATOSHI_MAX:
            raise BadRow(f"a coin of {self.amount} satoshi exceeds all bitcoin", "Is this another chain's file?")


@dataclass(frozen=True, slots=True)
class Input:
    """The coin `txid`:o`index` that is spent; `coin` is None where the row does not say what it holds.

    `source` says where that stands, where it is not in the transaction's own row.
    """

    txid: str
    index: int
    coin: Coin | None
    source: str = ""

    def __post_init__(self) -> None:
        if self.index > OUTPUT_MAX:
            raise BadRow(f"{fields.shown(self.index)} is no output number", "Fetch the transaction again")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction as one file gives it. `source` is the item hash and place; `/vin/0` is added for each leg.

    `partial`: the format never says what inputs hold (raw blocks), so a transaction with unknown inputs is kept.
    """

    txid: str
    time: Instant
    block: int
    index: int | None
    inputs: tuple[Input, ...]
    outputs: tuple[Coin, ...]
    coinbase: bool
    fee: int | None
    file: str
    line: int
    source: str
    partial: bool = False

    def __post_init__(self) -> None:
        if not self.outputs or not (self.inputs or self.coinbase):
            raise BadRow("the transaction has no inputs or no outputs", "Fetch the transaction again")
        if self.txid in {each.txid for each in self.inputs}:
            raise BadRow("the transaction spends its own output", "Fetch the transaction again")
        if len({(each.txid, each.index) for each in self.inputs}) < len(self.inputs):
            raise BadRow("the transaction spends one coin twice", "Fetch the transaction again")
        try:
            position_at(self.block, self.index)
        except ValueError as error:
            raise BadRow(str(error), "Fetch the transaction again") from None

    def agrees(self, other: Transaction) -> bool:
        """Whether both tell of one transaction: same time, outputs and spent coins."""
        return (self.time, self.outputs, [(i.txid, i.index) for i in self.inputs]) == (
            other.time,
            other.outputs,
            [(i.txid, i.index) for i in other.inputs],
        )

    def source_of(self, k: int) -> str:
        """Where input `k` stands."""
        return self.inputs[k].source or f"{self.source}/vin/{k}"

    def joined(self, other: Transaction) -> Transaction:
        """This transaction, with what only the other one knows."""
        inputs = tuple(
            replace(yours, source=other.source_of(k)) if yours.coin and not mine.coin else mine
            for k, (mine, yours) in enumerate(zip(self.inputs, other.inputs, strict=True))
        )
        return replace(
            self,
            inputs=inputs,
            fee=other.fee if self.fee is None else self.fee,
            block=self.block or other.block,
            index=other.index if self.index is None else self.index,
            partial=self.partial or other.partial,
        )


@dataclass(slots=True)
class _Opening:
    """Coins of one transaction that is not in the data, by output number."""

    first: Transaction
    legs: dict[int, Leg] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """Collects transactions of many files; `ledger` resolves and checks them."""

    transactions: dict[str, Transaction] = dataclasses.field(default_factory=dict)
    _said: dict[tuple[str, int], Coin] = dataclasses.field(default_factory=dict)

    def add(self, transaction: Transaction) -> None:
        """Take one transaction; other contents under the same id are a BadRow."""
        first = self.transactions.get(transaction.txid, transaction)
        if not first.agrees(transaction):
            where = f"{first.file}:{first.line}" if first.line else first.file
            raise BadRow(f"transaction {first.txid} stands with other contents in {where}", _DIFFERS)
        stated = {(each.txid, each.index): each.coin for each in transaction.inputs if each.coin}
        for (txid, index), coin in stated.items():
            if (said := self._said.get((txid, index), coin)).amount != coin.amount:
                what = f"coin {txid}:o{index} is said to hold {coin.amount} here, {said.amount} elsewhere"
                raise BadRow(what, _DIFFERS)
        self._said.update(stated)
        self.transactions[first.txid] = transaction if first is transaction else first.joined(transaction)

    def ledger(self, defects: Defects) -> Ledger:
        """Entries in the order of the files, openings before their first spend."""
        sound = _sound(self.transactions, defects)
        openings = _openings(sound)
        entries: list[Entry] = []
        given: set[str] = set()
        for transaction in sound.values():
            for each in transaction.inputs:
                if each.txid in openings and each.txid not in given:
                    given.add(each.txid)
                    entries.append(_opening_entry(each.txid, openings[each.txid]))
            entries.append(_entry(transaction, sound))
        _note_partial(sound, defects)
        return Ledger(tuple(entries))


def _held(each: Input, known: dict[str, Transaction]) -> Coin | None:
    creator = known.get(each.txid)
    return creator.outputs[each.index] if creator and each.index < len(creator.outputs) else each.coin


def _sound(transactions: dict[str, Transaction], defects: Defects) -> dict[str, Transaction]:
    """What is left when every transaction with a fault, and what falls with it, is rejected."""
    sound = dict(transactions)
    spenders: dict[str, list[str]] = {}
    for transaction in transactions.values():
        for each in transaction.inputs:
            spenders.setdefault(each.txid, []).append(transaction.txid)
    todo = list(reversed(transactions))
    while todo:
        transaction = sound.get(txid := todo.pop())  # type: ignore[assignment]
        if transaction is None:
            continue
        try:
            _check(transaction, sound)
        except BadRow as bad:
            place = transaction.source.partition("#")[2]
            fields.reject(defects, transaction.file, transaction.line, place, bad)
            del sound[txid]
            todo.extend(reversed(spenders.get(txid, [])))
    return sound


def _check(transaction: Transaction, known: dict[str, Transaction]) -> None:
    paid = 0
    for k, each in enumerate(transaction.inputs):
        creator = known.get(each.txid)
        if creator and each.index >= len(creator.outputs):
            raise BadRow(f"input {k} spends output {each.index} of {each.txid}, which has none", _DIFFERS)
        coin = _held(each, known)
        if coin is None and transaction.partial:
            return
        if coin is None:
            mend = "Enrich the export with the spent outputs, or give the file that holds the spent transaction too"
            raise BadRow(f"input {k} spends a coin whose amount is not in the data ({each.txid}:o{each.index})", mend)
        if creator and each.coin and each.coin.amount != coin.amount:
            what = f"input {k} is said to hold {each.coin.amount} but {each.txid}:o{each.index} holds {coin.amount}"
            raise BadRow(what, _DIFFERS)
        paid += coin.amount
    if not transaction.coinbase:
        _check_fee(transaction, paid - sum(coin.amount for coin in transaction.outputs))


def _check_fee(transaction: Transaction, fee: int) -> None:
    if fee < 0:
        raise BadRow(f"outputs hold {-fee} more than the inputs", "Fetch the transaction again")
    if transaction.fee is not None and transaction.fee != fee:
        raise BadRow(f"fee {transaction.fee} is given, inputs less outputs are {fee}", "Fetch the transaction again")


def _openings(known: dict[str, Transaction]) -> dict[str, _Opening]:
    """Coins from outside the data, by the transaction that created them."""
    made: dict[str, _Opening] = {}
    for transaction in known.values():
        for k, each in enumerate(transaction.inputs):
            if each.txid in known or each.coin is None:
                continue
            source = f"{transaction.source_of(k)};created-before"
            coin, line = each.coin, transaction.line
            leg = Leg(f"o{each.index}", Side.IN, coin.account, BTC, coin.amount, Kind.OPENING, "", source, line)
            opening = made.setdefault(each.txid, _Opening(transaction))
            opening.legs.setdefault(each.index, leg)
            if transaction.time < opening.first.time:
                opening.first = transaction
    return made


def _opening_entry(txid: str, opening: _Opening) -> Entry:
    legs = tuple(opening.legs[index] for index in sorted(opening.legs))
    return Entry(txid, opening.first.time, 0, LEDGER, legs, opening.first.file)


def _entry(transaction: Transaction, known: dict[str, Transaction]) -> Entry:
    held = [_held(each, known) for each in transaction.inputs]
    kind = Kind.COINBASE if transaction.coinbase else Kind.OPENING if None in held else Kind.COIN
    source, line = transaction.source, transaction.line
    legs = [
        Leg(
            f"i{k}", Side.OUT, coin.account, BTC, coin.amount, Kind.COIN, f"{each.txid}:o{each.index}",
            transaction.source_of(k), line,
        )
        for k, (each, coin) in enumerate(zip(transaction.inputs, held, strict=True)) if coin
    ] + [
        Leg(f"o{n}", Side.IN, coin.account, BTC, coin.amount, kind, "", f"{source}/vout/{n}", line)
        for n, coin in enumerate(transaction.outputs)
    ]  # fmt: skip
    position = position_at(transaction.block, transaction.index)
    return Entry(transaction.txid, transaction.time, position, LEDGER, tuple(legs), transaction.file)


def _note_partial(known: dict[str, Transaction], defects: Defects) -> None:
    counts: dict[str, int] = {}
    for transaction in known.values():
        if any(_held(each, known) is None for each in transaction.inputs):
            counts[transaction.file] = counts.get(transaction.file, 0) + 1
    mend = "Give Esplora JSON or enriched exports of these transactions too"
    for file, count in counts.items():
        what = f"{count} transactions spend coins that the data does not value: their outputs stand as opening coins"
        defects.note(file, 0, what, mend)
