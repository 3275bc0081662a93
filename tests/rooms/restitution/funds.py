"""A fund with its people."""

from __future__ import annotations

from fractions import Fraction

from recoup.ground import Asset, Instant
from recoup.restitution.fund import Books, Role, Roles, Terms

RECONCILER, ALLOCATION, APPROVER, RELEASER = "rita", "alma", "anton", "pia"
REVIEWER, SECOND, AUDITOR, OMBUD = "ruth", "sven", "axel", "olga"
PEOPLE = (
    (RECONCILER, Role.RECONCILER), (ALLOCATION, Role.ALLOCATION), (APPROVER, Role.APPROVER), (RELEASER, Role.RELEASER),
    (REVIEWER, Role.REVIEWER), (SECOND, Role.SECOND_REVIEWER), (AUDITOR, Role.AUDITOR), (OMBUD, Role.OMBUDSPERSON),
)  # fmt: skip
ONE, TWO, PAY = (RECONCILER,), (ALLOCATION, APPROVER), (RELEASER, APPROVER)


def at(day: int) -> Instant:
    return Instant.parse(f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T12:00:00Z")


def books(losses: dict[str, int] | None = None, elsewhere: dict[str, int] | None = None) -> Books:
    """Claims c1 (p1, 900) and c2 (p2, 600) in an empty fund; costs at most 5 %."""
    terms = Terms("fund", Asset("USD"), Fraction(1, 20), losses or {}, elsewhere or {})
    found = Books(terms, Roles(PEOPLE))
    found.register("c1", "p1", 900)
    found.register("c2", "p2", 600)
    return found


def funded(**rest: dict[str, int]) -> Books:
    """1,000 received; 500 and 300 promised, 100 held for c2's dispute, 2 kept for rounding."""
    found = books(**rest)
    found.receive(1000, at(0), ONE, "statement 1")
    found.allocate({"c1": 500, "c2": 300}, {"c2": 100}, 2, at(1), TWO, "seal 1")
    return found
