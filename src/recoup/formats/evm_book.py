"""The book in which the rows of account chains meet, by transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from recoup.formats.evm import Call, Place, Receipt, Reward, Token, Trace, When
from recoup.formats.fields import BadRow
from recoup.formats.position import INDEX_PLACES
from recoup.ground import Defects, Instant

F = TypeVar("F", Call, Receipt, Trace, Token, Reward)

_DIFFERS = "Keep the file whose content is right"


@dataclass(slots=True)
class Draft:
    """All that the files say about one transaction."""

    when: When
    first: Place
    call: Call | None = None
    receipt: Receipt | None = None
    traces: dict[tuple[int, ...], Trace] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    @property
    def top(self) -> Call | Trace | None:
        """The transaction's own call: as traced, else as the transaction says."""
        return self.traces.get(()) or self.call


@dataclass(slots=True)
class Book:
    """Collects the rows of many files of one chain; `evm_entries` makes the entries."""

    chain: str = "ethereum"
    drafts: dict[str, Draft] = field(default_factory=dict)
    rewards: dict[str, tuple[Reward, When]] = field(default_factory=dict)
    times: dict[int, Instant] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    loose: dict[str, dict[str, int]] = field(default_factory=dict)
    unplaced: dict[tuple[int, int], list[Trace]] = field(default_factory=dict)

    def block_time(self, block: int, time: Instant) -> None:
        """The time of a block, for rows that do not bear it."""
        if self.times.setdefault(block, time) != time:
            raise BadRow(f"block {block} has another time elsewhere", _DIFFERS)

    def symbol(self, contract: str, symbol: str) -> None:
        """A token's symbol; the first that says anything stays."""
        if symbol != "token":
            self.symbols.setdefault(contract, symbol)

    def call(self, transaction: str, when: When, call: Call, receipt: Receipt | None = None) -> None:
        """A transaction's call, and its receipt where one row holds both: taken whole or not at all."""
        draft = self._draft(transaction, when, call.place)
        known = _same(draft.call, call, f"transaction {transaction}")
        if receipt is not None:
            draft.receipt = _same(draft.receipt, receipt, f"the receipt of {transaction}")
        draft.call = known

    def receipt(self, transaction: str, when: When, receipt: Receipt) -> None:
        draft = self._draft(transaction, when, receipt.place)
        draft.receipt = _same(draft.receipt, receipt, f"the receipt of {transaction}")

    def trace(self, transaction: str, when: When, trace: Trace) -> None:
        """Without a transaction hash, the trace waits for the transaction of its block and index."""
        if not transaction:
            if when.index is None:
                raise BadRow("the trace names neither transaction nor index", "Export the traces again")
            self.unplaced.setdefault((when.block, when.index), []).append(trace)
            return
        draft = self._draft(transaction, when, trace.place)
        draft.traces[trace.address] = _same(draft.traces.get(trace.address), trace, f"a trace of {transaction}")

    def loose_address(self, transaction: str, content: str) -> tuple[int, ...]:
        """A place in the tree for an inner call that names none: behind all that do, in the order of the files."""
        known = self.loose.setdefault(transaction, {})
        return (INDEX_PLACES, known.setdefault(content, len(known)))

    def token(self, transaction: str, when: When, token: Token) -> None:
        draft = self._draft(transaction, when, token.place)
        draft.tokens[token.key] = _same(draft.tokens.get(token.key), token, f"a token transfer of {transaction}")

    def reward(self, when: When, reward: Reward) -> None:
        first, known = self.rewards.setdefault(reward.id, (reward, when))
        _same(first, reward, f"reward {reward.id}")
        if known.block != when.block or _differ(known.time, when.time):
            raise BadRow(f"reward {reward.id} has another block or time elsewhere", _DIFFERS)

    def _draft(self, transaction: str, when: When, place: Place) -> Draft:
        draft = self.drafts.get(transaction)
        if draft is None:
            draft = self.drafts[transaction] = Draft(when, place)
            return draft
        known = draft.when
        if known.block != when.block or _differ(known.index, when.index) or _differ(known.time, when.time):
            raise BadRow(f"transaction {transaction} has another block, index or time elsewhere", _DIFFERS)
        index = when.index if known.index is None else known.index
        draft.when = When(known.block, index, known.time or when.time)
        return draft

    def place_traces(self, defects: Defects) -> None:
        """Give each trace without a transaction hash to the transaction of its block and index."""
        by_index = {(draft.when.block, draft.when.index): id_ for id_, draft in self.drafts.items()}
        for key, traces in self.unplaced.items():
            for trace in traces:
                if id_ := by_index.get(key):
                    self._place_trace(id_, trace, defects)
                else:
                    what = f"row rejected: the trace names no transaction, and none of block {key[0]} is given"
                    defects.add(trace.place.file, trace.place.line, what, "Give the transactions file too")
        self.unplaced.clear()

    def _place_trace(self, id_: str, trace: Trace, defects: Defects) -> None:
        traces, place = self.drafts[id_].traces, trace.place
        try:
            traces[trace.address] = _same(traces.get(trace.address), trace, f"a trace of {id_}")
        except BadRow as bad:
            defects.add(place.file, place.line, f"row rejected: {bad}", bad.mend)


def _differ(a: object, b: object) -> bool:
    return a is not None and b is not None and a != b


def _same(known: F | None, new: F, what: str) -> F:
    if known is not None and known != new:
        raise BadRow(f"{what} stands with other contents in {known.place.file}:{known.place.line}", _DIFFERS)
    return known or new
