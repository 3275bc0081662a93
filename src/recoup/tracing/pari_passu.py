"""Pari passu: an account's final balance shared by all that was ever paid in (Framjee [2014] EWHC 2507 (Ch))."""

from __future__ import annotations

from recoup.ground import largest_remainder
from recoup.tracing.book import Book
from recoup.tracing.engine import colours_of
from recoup.tracing.machine import Grains, Machine, merged
from recoup.tracing.model import Parameters, Question
from recoup.tracing.outcome import Outcome, senior_claim
from recoup.tracing.shares import Haircut, Share


def share_balances(book: Book, question: Question, parameters: Parameters) -> Outcome:
    """The outcome of sharing each claimed account's final balance; dates are ignored, nothing is traced onward."""
    machine = Haircut(book, parameters)
    done = Outcome(machine)
    paid_in = [0] * len(book.pots)
    for flow in book.flows:
        machine.plain(flow.outs, flow.ins)
        for item in flow.ins:
            paid_in[item.pot] += item.amount
    for pot, by_colour in _entered(book, question, done).items():
        service = book.pots[pot].service
        if service:
            done.stop((book.pots[pot].account, service.label, service.kind), _grains(by_colour, machine))
        else:
            _share(done, pot, by_colour, paid_in[pot] - sum(by_colour.values()))
    return done


def _share(done: Outcome, pot: int, by_colour: Grains, clean: int) -> None:
    """The pot's balance by largest remainder over the claims and the clean value; what a claim lacks was spent."""
    machine = done.machine
    balance = machine.balance[pot]
    *parts, _ = largest_remainder(balance, [*by_colour.values(), clean])
    kept = dict(zip(by_colour, parts, strict=True))
    spent = _grains({colour: by_colour[colour] - kept[colour] for colour in by_colour}, machine)
    done.left.add(spent, sum(spent.values()))
    machine.balance[pot] = 0
    machine.receive(pot, Share(balance, _grains(kept, machine)))


def _entered(book: Book, question: Question, done: Outcome) -> dict[int, Grains]:
    """Claimed units by pot and colour; what an earlier claim on the same leg holds stops as a senior claim."""
    colours = colours_of(question.claims)
    room = {item.leg: item.amount for flow in book.flows for item in flow.ins}
    pots = {item.leg: item.pot for flow in book.flows for item in flow.ins}
    entered: dict[int, Grains] = {}
    for claim in (claim for claim in question.claims if claim.key in pots):
        colour, pot, units = colours[claim.claim], pots[claim.key], min(claim.amount, room[claim.key])
        room[claim.key] -= units
        done.injected = merged(done.injected, _grains({colour: claim.amount}, done.machine))
        done.stop(senior_claim(book.pots[pot].account), _grains({colour: claim.amount - units}, done.machine))
        entered[pot] = merged(entered.get(pot, {}), {colour: units} if units else {})
    return entered


def _grains(units: Grains, machine: Machine[Share]) -> Grains:
    return {colour: amount << machine.guard_bits for colour, amount in units.items() if amount}
