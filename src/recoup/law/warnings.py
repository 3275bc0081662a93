"""What a reader of a plan must know before acting on it: location, age of the data, recalled rows, conduct, orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from recoup.law.asset_facts import FLAGS
from recoup.law.circumstances import CONSTRAINTS
from recoup.law.codes import VerifyMark
from recoup.law.consider import Considered, Pair
from recoup.law.mark import Mark
from recoup.law.question import AssetAsked, Question
from recoup.law.situs import Place
from recoup.law.vocabulary import offence_of


def warnings_of(
    question: Question, asset: AssetAsked, place: Place, used: Sequence[tuple[Considered, Pair]]
) -> tuple[str, ...]:
    """In a fixed order, each once."""
    found = [*place.remarks, *_flags(asset), *_conduct(question), *_orders(question), *_data(question, used)]
    return tuple(dict.fromkeys(found))


def _flags(asset: AssetAsked) -> Iterator[str]:
    for word in sorted(asset.flags - FLAGS):
        yield f"The flag {word[:60]!r} is not known and changes nothing; see docs/reference/route.md"


def _conduct(question: Question) -> Iterator[str]:
    for label in question.conduct.labels:
        if offence_of(label) is None:
            yield f"The label {label[:60]!r} is not known; whether the conduct is listed stays open"
    for word in sorted(question.constraints - CONSTRAINTS):
        yield f"The constraint {word[:60]!r} is not known and changes nothing; see docs/reference/route.md"
    if question.sender is None:
        yield "The kind of requesting authority is not known; check who may sign each request (K06)"


def _orders(question: Question) -> Iterator[str]:
    for order in question.orders:
        if order.state not in (question.state, None):
            yield (
                f"Order {order.id[:60]!r} is of {order.state}, not of {question.state}: it supports no request of "
                f"{question.state}; name it in the certificate and coordinate (K17)"
            )
        if order.final and order.under_appeal:
            yield f"Order {order.id[:60]!r} is stated as final and as under appeal; it is treated as under appeal"


def _data(question: Question, used: Sequence[tuple[Considered, Pair]]) -> Iterator[str]:
    """Clock C22: tables older than a year, rules past their review, rows that were recalled."""
    for one, pair in used:
        name = one.instrument.id
        stale = sorted({str(row.as_of or "undated") for row in pair.standings if row.stale})
        if stale:
            yield f"{name}: participation as of {', '.join(stale)} is stale (C22); check the depositary before sending"
        if any(row.verify is VerifyMark.MEMORY for row in pair.standings):
            yield f"{name}: participation is recalled and not checked; confirm it before sending"
        due = [mark.review_by for mark in _marks(one, question.as_of) if mark.stale_on(question.as_of)]
        if due:
            yield f"{name}: the entry of the catalogue was due for review on {min(due)} (C22)"


def _marks(one: Considered, day: date) -> Iterator[Mark]:
    """The marks of the instrument, the route and every rule that bears on it."""
    yield one.instrument.mark
    yield one.route.mark
    yield from (rule.mark for rule in one.instrument.rules if rule.bears_on(one.route, day))
