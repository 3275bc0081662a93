"""Runs of all assets together, until what links take away at one end is what they bring in at the other (§7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from recoup.ground import Asset, Defect, Refused
from recoup.tracing.book import Book
from recoup.tracing.engine import Engine
from recoup.tracing.machine import Grains, merged
from recoup.tracing.model import Link, LinkKind, Parameters, Question
from recoup.tracing.outcome import Carried, Outcome, Sink
from recoup.tracing.poison import Poison
from recoup.tracing.question import Legs
from recoup.tracing.result import LINK


@dataclass(frozen=True, slots=True)
class Run:
    """One asset's book and what a run over it found."""

    book: Book
    outcome: Outcome


def linked_runs(
    books: dict[Asset, Book], legs: Legs, question: Question, parameters: Parameters, keep_steps: bool
) -> dict[Asset, Run]:
    """Run until what links take away at one end is what they bring in at the other."""
    question = replace(question, links=() if parameters.backward else _capped(legs, _standing(books, question.links)))
    carried = Carried()
    for _ in range(len(question.links) + 2):
        runs = {
            asset: Run(book, Engine(book, question, parameters, carried, keep_steps=keep_steps).run())
            for asset, book in books.items()
        }
        brought = _brought(legs, question.links, runs)
        if brought == carried:
            return {asset: _with_swaps(asset, run, legs, question, brought) for asset, run in runs.items()}
        carried = brought
    names = ", ".join(link.link for link in question.links)
    raise Refused(Defect("links", 0, f"links lead back to themselves: {names}", "Withdraw one of them"))


def _standing(books: dict[Asset, Book], links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Links whose to-leg is in the data: what `until` leaves out carries nothing on."""
    standing = {item.leg for book in books.values() for flow in book.flows for item in flow.ins}
    return tuple(link for link in links if link.kind is LinkKind.ELECTION or (link.to_entry, link.to_leg) in standing)


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


def _brought(legs: Legs, links: tuple[Link, ...], runs: dict[Asset, Run]) -> Carried:
    """What each link brings to its to-leg, in the grains of that asset's machine."""
    brought = {}
    hops = {name: flows for run in runs.values() for name, flows in run.outcome.captured_hops.items()}
    for link in links:
        taken: Grains = {}
        for run in runs.values():
            taken = merged(taken, run.outcome.captured.get(link.link, {}))
        if taken:
            brought[link.link] = _converted(legs, link, taken, runs) if link.kind is LinkKind.SWAP else taken
    return Carried(brought, hops)


def _converted(legs: Legs, link: Link, taken: Grains, runs: dict[Asset, Run]) -> Grains:
    """Whole units of the asset swapped into, at the ratio of the legs' amounts, rounded down per colour."""
    source, target = (link.from_entry, link.from_leg), (link.to_entry, link.to_leg)
    given, got = legs.amount(source), legs.amount(target)
    down = runs[legs.asset(source)].outcome.machine.guard_bits
    up = runs[legs.asset(target)].outcome.machine.guard_bits
    units = {colour: grains * got // (given << down) for colour, grains in taken.items()}
    return {colour: amount << up for colour, amount in units.items() if amount}


def _with_swaps(asset: Asset, run: Run, legs: Legs, question: Question, brought: Carried) -> Run:
    """A swap ends the trace in one asset and begins it in another: both are on record."""
    done = run.outcome
    for link in question.links:
        if link.kind is not LinkKind.SWAP:
            continue
        if legs.asset((link.to_entry, link.to_leg)) == asset:
            done.injected = merged(done.injected, brought.by_link.get(link.link, {}))
        taken = done.captured.get(link.link)
        if taken and not isinstance(done.machine, Poison):
            account = legs.by_key[(link.from_entry, link.from_leg)][0][1].account
            label = f"{link.link}: to {legs.asset((link.to_entry, link.to_leg)).code}"
            done.stops[(account, label, LINK)] = Sink(taken, sum(taken.values()))
    return run
