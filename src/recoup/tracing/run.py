"""A trace: a question put to a ledger under declared parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from recoup.ground import Asset, Instant
from recoup.ledger import Ledger, Order, Ordering, ordered
from recoup.tracing.backward import reversed_book
from recoup.tracing.book import FEES, Book
from recoup.tracing.flow import build
from recoup.tracing.linking import Run, linked_runs
from recoup.tracing.model import Granularity, LinkKind, Parameters, Question, Result, Rule
from recoup.tracing.pari_passu import share_balances
from recoup.tracing.question import Legs, refuse_unfit
from recoup.tracing.result import balances_of, result_of, with_orders

NO_COINS = frozenset({Rule.LOWEST_INTERMEDIATE, Rule.PARI_PASSU})  # rules of accounts only
COMPETING_ORDERS = tuple(order for order in Order if order is not Order.FILE)


def run_trace(ledger: Ledger, question: Question, parameters: Parameters) -> tuple[Result, ...]:
    """One result per asset that a claim (or a swap) brings value into, in the ledger's order of assets.

    Where the order of entries is not proven the run is made in six orders and each target carries its interval.
    A claim or link that does not fit the ledger, a ledger that contradicts itself, or links that form a cycle raise
    Refused. Definitions: docs/reference/tracing-rules.md.
    """
    return Trace(ledger, question).under(parameters)


class Trace:
    """One question put to one ledger. What does not depend on the rule is built once and serves every run."""

    def __init__(self, ledger: Ledger, question: Question) -> None:
        self.ledger = ledger
        self.question = question
        self.legs = Legs.of(ledger)
        self._fits: set[tuple[bool, bool]] = set()
        self._orderings: dict[tuple[Instant | None, Order], Ordering] = {}
        self._books: dict[tuple[Asset, Parameters], Book] = {}

    def under(self, parameters: Parameters) -> tuple[Result, ...]:
        """The results under these parameters, as `run_trace` gives them."""
        self._refuse_unfit(parameters)
        parameters = _completed(parameters)
        runs = self._runs(parameters, keep_steps=True)
        declared = self._results(runs, parameters)
        if not _order_matters(declared):
            return declared
        orders = [replace(parameters, order=order) for order in COMPETING_ORDERS]
        others = [self._results(self._runs(other), other) for other in orders]
        return tuple(
            with_orders(result, competing, balances_of(run.book, run.outcome))
            for run, result, *competing in zip(runs.values(), declared, *others, strict=True)
        )

    def fee_matters(self, parameters: Parameters) -> bool:
        """Whether any flow pays a fee beside something else, so that it matters who is served first."""
        parameters = _completed(parameters)
        books = (self._book(asset, parameters) for asset in self._assets())
        flows = (flow for book in books for flow in book.flows if len(flow.ins) > 1)
        return any(item.pot == FEES for flow in flows for item in flow.ins)

    def _refuse_unfit(self, parameters: Parameters) -> None:
        kind = (parameters.backward, parameters.rule is Rule.PARI_PASSU)
        if kind not in self._fits:
            refuse_unfit(self.ledger, self.legs, self.question, parameters)
            self._fits.add(kind)

    def _runs(self, parameters: Parameters, *, keep_steps: bool = False) -> dict[Asset, Run]:
        books = {asset: self._book(asset, parameters) for asset in self._assets()}
        if parameters.rule is not Rule.PARI_PASSU:
            return linked_runs(books, self.legs, self.question, parameters, keep_steps)
        return {asset: Run(book, share_balances(book, self.question, parameters)) for asset, book in books.items()}

    def _results(self, runs: dict[Asset, Run], parameters: Parameters) -> tuple[Result, ...]:
        return tuple(result_of(run.book, run.outcome, self.question, parameters) for run in runs.values())

    def _assets(self) -> list[Asset]:
        swaps = [link for link in self.question.links if link.kind is LinkKind.SWAP]
        wanted = {self.legs.asset(claim.key) for claim in self.question.claims}
        wanted |= {self.legs.asset((link.to_entry, link.to_leg)) for link in swaps}
        return [asset for asset in self.ledger.assets if asset in wanted]

    def _book(self, asset: Asset, parameters: Parameters) -> Book:
        """The flows do not depend on the rule or on limits of amount and hops."""
        key = (asset, replace(parameters, rule=Rule.FIFO, min_amount=0, max_hops=None))
        if key not in self._books:
            book = build(self.ledger, self._ordering(parameters), asset, self.question, parameters)
            self._books[key] = reversed_book(book) if parameters.backward else book
        return self._books[key]

    def _ordering(self, parameters: Parameters) -> Ordering:
        until = parameters.until
        key = (until, parameters.order)
        if key not in self._orderings:
            kept = (entry for entry in self.ledger if until is None or entry.time.start <= until.end)
            self._orderings[key] = ordered(Ledger(tuple(kept)), parameters.order)
        return self._orderings[key]


def _completed(parameters: Parameters) -> Parameters:
    """Rules of accounts leave coins."""
    if parameters.rule in NO_COINS and parameters.granularity is Granularity.COIN:
        return replace(parameters, granularity=Granularity.ACCOUNT)
    return parameters


def _order_matters(results: Iterable[Result]) -> bool:
    """Coins prove their order by what they spend; accounts do not."""
    return any(result.unproven_groups and result.granularity is not Granularity.COIN for result in results)
