"""Pari passu: an account's final balance shared by all that was ever paid in (Framjee [2014] EWHC 2507 (Ch))."""

from __future__ import annotations

from recoup.ground import largest_remainder
from recoup.tracing.engine import Outcome, colours_of
from recoup.tracing.flow import FEES, Book
from recoup.tracing.lines import CLEAN
from recoup.tracing.machine import Grains
from recoup.tracing.model import Parameters, Question
from recoup.tracing.shares import Haircut, Share


def share_balances(book: Book, question: Question, parameters: Parameters) -> Outcome:
    """The outcome of sharing each claimed account's final balance; dates are ignored, nothing is traced onward."""
    machine = Haircut(book, parameters)
    done = Outcome(machine)
    scale, claimed = machine.guard_bits, _claimed(book, question)
    paid_in = [0] * len(book.pots)
    for flow in book.flows:
        machine.plain(flow.outs, flow.ins)
        for item in flow.ins:
            paid_in[item.pot] += item.amount
    for pot, by_colour in claimed.items():
        done.injected = _added(done.injected, by_colour, scale)
        weights = {**by_colour, CLEAN: paid_in[pot] - sum(by_colour.values())}
        balance = 0 if pot <= FEES or book.pots[pot].service else machine.balance[pot]
        shares = dict(zip(weights, largest_remainder(balance, list(weights.values())), strict=True))
        kept = {colour: shares[colour] << scale for colour in by_colour if shares[colour]}
        spent = {
            colour: (amount - shares[colour]) << scale
            for colour, amount in by_colour.items()
            if amount > shares[colour]
        }
        machine.balance[pot] = 0
        machine.receive(pot, Share(balance, kept))
        done.left.add(spent, sum(spent.values()))
    return done


def _claimed(book: Book, question: Question) -> dict[int, Grains]:
    """Claimed units by pot and colour."""
    colours = colours_of(question.claims)
    pots = {item.leg: item.pot for flow in book.flows for item in flow.ins}
    claimed: dict[int, Grains] = {}
    for claim in question.claims:
        if claim.key in pots:
            claimed[pots[claim.key]] = _added(claimed.get(pots[claim.key], {}), {colours[claim.claim]: claim.amount}, 0)
    return claimed


def _added(a: Grains, b: Grains, scale: int) -> Grains:
    return {colour: a.get(colour, 0) + (b.get(colour, 0) << scale) for colour in sorted(a | b)}
