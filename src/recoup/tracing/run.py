"""A trace: a question put to a ledger under declared parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from recoup.ground import Asset, Defect, Refused
from recoup.ledger import Ledger, Order
from recoup.tracing.backward import reversed_book
from recoup.tracing.clusters import co_spend
from recoup.tracing.engine import Carried, Engine, Outcome, Sink
from recoup.tracing.flow import Book, build
from recoup.tracing.machine import Grains, merged
from recoup.tracing.model import Granularity, Link, LinkKind, Parameters, Question, Result, Rule
from recoup.tracing.pari_passu import share_balances
from recoup.tracing.question import Legs, fitting
from recoup.tracing.result import LINK, result_of, with_orders

NO_COINS = frozenset({Rule.LOWEST_INTERMEDIATE, Rule.PARI_PASSU})  # rules of accounts only
COMPETING_ORDERS = (Order.REVERSED, Order.CREDITS_FIRST, Order.DEBITS_FIRST)


def run_trace(ledger: Ledger, question: Question, parameters: Parameters) -> tuple[Result, ...]:
    """One result per asset that a claim (or a swap) brings value into, in the ledger's order of assets.

    Where the order of entries is not proven the run is made in four orders and each target carries its interval.
    A claim or link that does not fit the ledger, a ledger that contradicts itself, or links that form a cycle raise
    Refused. Definitions: docs/reference/tracing-rules.md.
    """
    legs = fitting(ledger, question, parameters)
    question, parameters = completed(ledger, question, parameters)
    declared = _results(ledger, legs, question, parameters, keep_steps=True)
    if not _order_matters(declared):
        return declared
    runs = [_results(ledger, legs, question, replace(parameters, order=order)) for order in COMPETING_ORDERS]
    return tuple(with_orders(result, others) for result, *others in zip(declared, *runs, strict=True))


def run_plain(ledger: Ledger, question: Question, parameters: Parameters) -> tuple[Result, ...]:
    """As `run_trace`, in the declared order only and without steps: for comparing many parameters."""
    legs = fitting(ledger, question, parameters)
    return _results(ledger, legs, *completed(ledger, question, parameters))


def completed(ledger: Ledger, question: Question, parameters: Parameters) -> tuple[Question, Parameters]:
    """Rules of accounts leave coins; clusters that nobody gave are those of co-spending."""
    if parameters.rule in NO_COINS and parameters.granularity is Granularity.COIN:
        parameters = replace(parameters, granularity=Granularity.ACCOUNT)
    if parameters.granularity is Granularity.CLUSTER and not question.clusters:
        question = replace(question, clusters=co_spend(ledger))
    return question, parameters


def _order_matters(results: Iterable[Result]) -> bool:
    """Coins prove their order by what they spend; accounts do not."""
    return any(result.unproven_groups and result.granularity is not Granularity.COIN for result in results)


@dataclass(frozen=True, slots=True)
class _Run:
    book: Book
    outcome: Outcome


def _results(
    ledger: Ledger, legs: Legs, question: Question, parameters: Parameters, *, keep_steps: bool = False
) -> tuple[Result, ...]:
    books = {asset: _book(ledger, asset, question, parameters) for asset in _assets(ledger, legs, question)}
    if parameters.rule is Rule.PARI_PASSU:
        runs = {asset: _Run(book, share_balances(book, question, parameters)) for asset, book in books.items()}
    else:
        runs = _linked_runs(books, legs, question, parameters, keep_steps)
    return tuple(result_of(run.book, run.outcome, question, parameters) for run in runs.values())


def _assets(ledger: Ledger, legs: Legs, question: Question) -> list[Asset]:
    wanted = {legs.asset(claim.key) for claim in question.claims}
    wanted |= {legs.asset((link.to_entry, link.to_leg)) for link in question.links if link.kind is LinkKind.SWAP}
    return [asset for asset in ledger.assets if asset in wanted]


def _book(ledger: Ledger, asset: Asset, question: Question, parameters: Parameters) -> Book:
    book = build(ledger, asset, question, parameters)
    return reversed_book(book) if parameters.backward else book


def _linked_runs(
    books: dict[Asset, Book], legs: Legs, question: Question, parameters: Parameters, keep_steps: bool
) -> dict[Asset, _Run]:
    """Run until what links take away at one end is what they bring in at the other."""
    question = replace(question, links=() if parameters.backward else _capped(legs, question.links))
    carried = Carried()
    for _ in range(len(question.links) + 2):
        runs = {
            asset: _Run(book, Engine(book, question, parameters, carried, keep_steps=keep_steps).run())
            for asset, book in books.items()
        }
        brought = _brought(legs, question.links, runs)
        if brought == carried.by_link:
            return {asset: _with_swaps(asset, run, legs, question, brought) for asset, run in runs.items()}
        carried = Carried(brought)
    names = ", ".join(link.link for link in question.links)
    raise Refused(Defect("links", 0, f"links lead back to themselves: {names}", "Withdraw one of them"))


def _capped(legs: Legs, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Within one asset a link carries at most its own amount and the amount of its to-leg."""
    return tuple(
        link
        if link.kind in (LinkKind.ELECTION, LinkKind.SWAP)
        else replace(
            link, amount=min(a for a in (link.amount, legs.amount((link.to_entry, link.to_leg))) if a is not None)
        )
        for link in links
    )


def _brought(legs: Legs, links: tuple[Link, ...], runs: dict[Asset, _Run]) -> dict[str, Grains]:
    """What each link brings to its to-leg, in the grains of that asset's machine."""
    brought = {}
    for link in links:
        taken: Grains = {}
        for run in runs.values():
            taken = merged(taken, run.outcome.captured.get(link.link, {}))
        if taken:
            brought[link.link] = _converted(legs, link, taken, runs) if link.kind is LinkKind.SWAP else taken
    return brought


def _converted(legs: Legs, link: Link, taken: Grains, runs: dict[Asset, _Run]) -> Grains:
    """Whole units of the asset swapped into, at the ratio of the legs' amounts, rounded down per colour."""
    source, target = (link.from_entry, link.from_leg), (link.to_entry, link.to_leg)
    given, got = legs.amount(source), legs.amount(target)
    down = runs[legs.asset(source)].outcome.machine.guard_bits
    up = runs[legs.asset(target)].outcome.machine.guard_bits
    return {colour: (grains * got // (given << down)) << up for colour, grains in taken.items()}


def _with_swaps(asset: Asset, run: _Run, legs: Legs, question: Question, brought: dict[str, Grains]) -> _Run:
    """A swap ends the trace in one asset and begins it in another: both are on record."""
    done = run.outcome
    for link in question.links:
        if link.kind is not LinkKind.SWAP:
            continue
        if legs.asset((link.to_entry, link.to_leg)) == asset:
            done.injected = merged(done.injected, brought.get(link.link, {}))
        taken = done.captured.get(link.link)
        if taken:
            account = legs.by_key[(link.from_entry, link.from_leg)][0][1].account
            label = f"{link.link}: to {legs.asset((link.to_entry, link.to_leg)).code}"
            done.stops[(account, label, LINK)] = Sink(taken, sum(taken.values()))
    return run
