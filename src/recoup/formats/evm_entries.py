"""Entries of the transactions in a book of an account chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from recoup.formats.evm import NATIVE, ZERO, Place, Reward, Token, Trace, When, token_asset
from recoup.formats.evm_book import Book, Draft
from recoup.formats.position import position_at
from recoup.ground import Asset, Defects, Instant, sha256_hex
from recoup.ground.asset import AMOUNT_BITS_MAX
from recoup.ledger import Entry, Kind, Ledger, Leg, Side

TRACE_NAME_MAX = 400

_NOTES = {
    "fee": ("the fee of {} transactions is not known", "Give their receipts too"),
    "success": (
        "nothing says whether {} transactions succeeded: they are read as done",
        "Give their receipts or traces",
    ),
    "empty": ("{} transactions move nothing, and their fee is not known: left out", "Give their receipts too"),
    "receipt": ("{} receipts have no transaction in the data: left out", "Give the transactions file too"),
}


def ledger_of(book: Book, defects: Defects) -> Ledger:
    """Transactions in the order of the files, then rewards. What cannot be an entry becomes a defect."""
    book.place_traces(defects)
    maker = _Maker(book, defects, Asset(NATIVE[book.chain]))
    entries = [entry for id_, draft in book.drafts.items() for entry in maker.entries(id_, draft)]
    entries += [entry for reward, when in book.rewards.values() for entry in maker.rewarded(reward, when)]
    maker.say()
    return Ledger(tuple(entries))


@dataclass(slots=True)
class _Maker:
    book: Book
    defects: Defects
    native: Asset
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def entries(self, id_: str, draft: Draft) -> Iterator[Entry]:
        """The entry of one transaction, or none."""
        file = draft.first.file
        if draft.top is None and not draft.tokens and not draft.traces:
            self.notes[file, "receipt"] += 1
            return
        time = self._time(draft.when)
        if time is None:
            return self._reject(draft.first, f"the time of transaction {id_} is not in the data")
        if fault := _fault(draft):
            return self._reject(draft.first, f"transaction {id_}: {fault}")
        failed = _failed(draft)
        if failed is None and draft.call is not None:
            self.notes[file, "success"] += 1
        legs = [*([] if failed else self._moves(id_, draft)), *self._fee(draft)]
        if legs:
            position = position_at(draft.when.block, draft.when.index)
            yield Entry(id_, time, position, self.book.chain, tuple(legs), file)
        elif draft.call is not None and _fee(draft) is None:
            self.notes[file, "empty"] += 1

    def rewarded(self, reward: Reward, when: When) -> Iterator[Entry]:
        time = self._time(when)
        if time is None:
            return self._reject(reward.place, f"the time of {reward.id} is not in the data")
        place = reward.place
        leg = Leg("mint", Side.IN, reward.recipient, self.native, reward.value, Kind.MINT, "", place.source, place.line)
        yield Entry(reward.id, time, position_at(when.block, None), self.book.chain, (leg,), place.file)

    def say(self) -> None:
        for (file, note), count in self.notes.items():
            what, mend = _NOTES[note]
            self.defects.note(file, 0, what.format(count), mend)

    def _time(self, when: When) -> Instant | None:
        return when.time or self.book.times.get(when.block)

    def _reject(self, place: Place, what: str) -> None:
        mend = "Give the transactions or blocks file too" if "time" in what else "Keep the file whose content is right"
        self.defects.add(place.file, place.line, f"row rejected: {what}", mend)

    def _moves(self, id_: str, draft: Draft) -> Iterator[Leg]:
        top = draft.top
        if top is not None and top.value:
            recipient = top.recipient or (draft.receipt.contract if draft.receipt else "") or f"contract:{id_}"
            yield from self._pair("value", top.sender, recipient, top.value, Kind.TRANSFER, top.place)
        for trace in _effective(draft):
            if trace.value:
                yield from self._pair(
                    _trace_name(trace.address), trace.sender, trace.recipient, trace.value, Kind.INTERNAL, trace.place
                )
        for number, token in enumerate(_in_log_order(draft)):
            yield from self._token(f"token{number}" if token.log is None else f"log{token.log}", token)

    def _pair(self, name: str, sender: str, recipient: str, amount: int, kind: Kind, place: Place) -> Iterator[Leg]:
        source, line = place.source, place.line
        yield Leg(f"{name}-out", Side.OUT, sender, self.native, amount, kind, "", source, line)
        yield Leg(f"{name}-in", Side.IN, recipient, self.native, amount, kind, "", source, line)

    def _token(self, name: str, token: Token) -> Iterator[Leg]:
        """From the zero address tokens come into being, to it they end."""
        symbol = self.book.symbols.get(token.contract, "token")
        asset = token_asset(self.book.chain, symbol, token.contract, token.item)
        source, line = token.place.source, token.place.line
        minted, burnt = token.sender == ZERO != token.recipient, token.recipient == ZERO != token.sender
        if not minted:
            kind = Kind.BURN if burnt else Kind.TOKEN
            yield Leg(f"{name}-out", Side.OUT, token.sender, asset, token.amount, kind, "", source, line)
        if not burnt:
            kind = Kind.MINT if minted else Kind.TOKEN
            yield Leg(f"{name}-in", Side.IN, token.recipient, asset, token.amount, kind, "", source, line)

    def _fee(self, draft: Draft) -> Iterator[Leg]:
        if draft.call is None:
            return
        fee = _fee(draft)
        if fee is None:
            self.notes[draft.first.file, "fee"] += 1
        elif fee:
            place = draft.receipt.place if draft.receipt else draft.call.place
            yield Leg("fee", Side.OUT, draft.call.sender, self.native, fee, Kind.FEE, "", place.source, place.line)


def _failed(draft: Draft) -> bool | None:
    top = draft.traces.get(())
    if draft.receipt is not None and draft.receipt.failed is not None:
        return draft.receipt.failed
    return None if top is None else top.failed


def _fee(draft: Draft) -> int | None:
    receipt, call = draft.receipt, draft.call
    if receipt is None or call is None:
        return None
    price = call.gas_price if receipt.gas_price is None else receipt.gas_price
    if receipt.fee is not None or receipt.gas_used is None or price is None:
        return receipt.fee
    return receipt.gas_used * price + receipt.extra


def _fault(draft: Draft) -> str:
    """How the rows of one transaction contradict each other, if they do."""
    trace, call, receipt = draft.traces.get(()), draft.call, draft.receipt
    if trace and call and ((trace.sender, trace.value) != (call.sender, call.value)):
        return "its trace tells of another call"
    if trace and call and call.recipient not in ("", trace.recipient):
        return "its trace tells of another recipient"
    if trace and receipt and receipt.failed not in (None, trace.failed):
        return "its receipt and its trace disagree whether it failed"
    if draft.tokens and _failed(draft):
        return "it failed, and yet token transfers are given"
    if (_fee(draft) or 0).bit_length() > AMOUNT_BITS_MAX:
        return f"its fee needs more than {AMOUNT_BITS_MAX} bits"
    return ""


def _effective(draft: Draft) -> list[Trace]:
    """Inner calls that carry value and were not undone, in call order."""
    failed = {address for address, trace in draft.traces.items() if trace.failed}
    return [
        trace
        for address, trace in sorted(draft.traces.items())
        if address and trace.moves and not any(address[:depth] in failed for depth in range(len(address) + 1))
    ]


def _trace_name(address: tuple[int, ...]) -> str:
    """A leg's name by its place in the tree; deep in it, by the hash of that place, so that it fits its column."""
    place = "_".join(map(str, address))
    return "trace" + (place if len(place) <= TRACE_NAME_MAX else f"-sha256:{sha256_hex(place.encode())}")


def _in_log_order(draft: Draft) -> list[Token]:
    """By log index where every transfer has one, else as the files give them."""
    tokens = list(draft.tokens.values())
    if all(token.log is not None for token in tokens):
        tokens.sort(key=lambda token: token.log or 0)
    return tokens
