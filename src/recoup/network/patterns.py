"""The pattern of a set of complaints: how victims paid, whom, when and from where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recoup.complaints import Complaint, Payment
from recoup.complaints.victims import Consolidation
from recoup.ground import Instant
from recoup.network.operators import NetworkMap

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tally:
    """One row of a table: complaints, payments and the sum stated per asset, in smallest units."""

    label: str
    complaints: int
    payments: int
    sums: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class OperatorTally:
    """An operator with its victims and what they say they paid."""

    id: str
    names: tuple[str, ...]
    victims: int
    tally: Tally
    new: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """Figures of one set of complaints. `unreadable` counts payments whose amount or currency is unknown."""

    complaints: int
    victims: int
    total: Tally
    unreadable: int
    by_method: tuple[Tally, ...]
    by_country: tuple[Tally, ...]
    by_week: tuple[Tally, ...]
    operators: tuple[OperatorTally, ...]


def patterns_of(
    complaints: Sequence[Complaint], consolidation: Consolidation, network: NetworkMap, as_of: Instant | None = None
) -> Patterns:
    """Every table of the report. An operator is new where its first complaint was filed in the week before `as_of`."""
    paid = [(complaint, payment) for complaint in complaints for payment in complaint.payments]
    return Patterns(
        complaints=len(complaints),
        victims=len(consolidation.victims),
        total=_tally("all", complaints),
        unreadable=sum(payment.money is None for _, payment in paid),
        by_method=_split_payments(paid, lambda complaint, payment: payment.method.value),
        by_country=_grouped(complaints, lambda complaint: complaint.country or UNKNOWN),
        by_week=tuple(sorted(_grouped(complaints, _week), key=lambda tally: tally.label)),
        operators=_operators(complaints, consolidation, network, as_of),
    )


def _week(complaint: Complaint) -> str:
    if complaint.filed is None:
        return UNKNOWN
    year, week, _ = complaint.filed.start.isocalendar()
    return f"{year}-W{week:02d}"


def _tally(label: str, complaints: Iterable[Complaint]) -> Tally:
    found = list(complaints)
    payments = [payment for complaint in found for payment in complaint.payments]
    return Tally(label, len(found), len(payments), _sums(payments))


def _sums(payments: Iterable[Payment]) -> tuple[tuple[str, int], ...]:
    sums: Counter[str] = Counter()
    for payment in payments:
        if payment.money:
            sums[payment.money.asset.code] += payment.money.amount_minor
    return tuple(sorted(sums.items()))


def _grouped(complaints: Sequence[Complaint], label: Callable[[Complaint], str]) -> tuple[Tally, ...]:
    groups: dict[str, list[Complaint]] = {}
    for complaint in complaints:
        groups.setdefault(label(complaint), []).append(complaint)
    return _ranked(_tally(name, members) for name, members in groups.items())


def _split_payments(
    paid: Sequence[tuple[Complaint, Payment]], label: Callable[[Complaint, Payment], str]
) -> tuple[Tally, ...]:
    groups: dict[str, list[tuple[Complaint, Payment]]] = {}
    for pair in paid:
        groups.setdefault(label(*pair), []).append(pair)
    return _ranked(
        Tally(name, len({c.id for c, _ in pairs}), len(pairs), _sums(payment for _, payment in pairs))
        for name, pairs in groups.items()
    )


def _ranked(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    return tuple(sorted(tallies, key=lambda tally: (-tally.complaints, tally.label)))


def _operators(
    complaints: Sequence[Complaint], consolidation: Consolidation, network: NetworkMap, as_of: Instant | None
) -> tuple[OperatorTally, ...]:
    named = {complaint.id: complaint for complaint in complaints}
    victim = {name: each.id for each in consolidation.victims for name in each.complaints}
    found = []
    for operator in network.operators:
        members = [named[subject] for subject in operator.subjects if subject in named]
        names = sorted({value for kind, _, value in (key.partition(":") for key in operator.keys) if kind in _SHOWN})
        victims = len({victim[complaint.id] for complaint in members})
        tally = _tally(operator.id, members)
        found.append(OperatorTally(operator.id, tuple(names), victims, tally, _is_new(members, as_of)))
    return tuple(sorted(found, key=lambda each: (-each.victims, -each.tally.complaints, each.id)))


_SHOWN = ("brand", "company", "domain", "descriptor")


def _is_new(members: Sequence[Complaint], as_of: Instant | None) -> bool:
    days: list[date] = [complaint.filed.start.date() for complaint in members if complaint.filed]
    return as_of is not None and bool(days) and min(days) > as_of.start.date() - timedelta(days=7)
