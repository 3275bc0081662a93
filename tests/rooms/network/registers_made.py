"""Small registers, written as people draw them."""

from __future__ import annotations

from fractions import Fraction

from recoup.network.ownership import (
    REGIMES,
    Band,
    Holding,
    Interest,
    Nature,
    Owner,
    Ownership,
    Party,
    Register,
    owners_of,
)

KINDS = {"": Interest.SHARES, "votes": Interest.VOTES, "board": Interest.BOARD, "role": Interest.ROLE}
KINDS |= {each.value: each for each in Interest}


def register(text: str, natures: dict[str, Nature] | None = None) -> Register:
    """`P A 50; A T 25-50; ? T 10 votes; Q T - board`: holder, entity, percent or band, kind. Capital P-S are persons,
    other capitals entities, `?` an unnamed holder; `>25` and `<50` are open bounds. Statement ids are s1, s2 …"""
    holdings = []
    for number, line in enumerate(text.split(";"), start=1):
        holder, subject, share, *kind = line.split()
        interest = KINDS[kind[0] if kind else ""]
        holdings.append(Holding(f"s{number}", holder.replace("?", ""), subject, interest, band(share)))
    names = {each for holding in holdings for each in (holding.holder, holding.subject) if each}
    found = natures or {}
    parties = {
        n: Party(n, f"name of {n}", found.get(n, Nature.PERSON if n[0] in "PQRS" else Nature.ENTITY)) for n in names
    }
    return Register(parties, tuple(holdings))


def band(share: str) -> Band:
    if share == "-":
        return Band(Fraction(0), Fraction(1))
    low, _, high = share.partition("-")
    high = high or low
    ends = [Fraction(each.strip("<>")) / 100 for each in (low, high)]
    return Band(ends[0], ends[1], low.startswith(">"), high.startswith("<"))


def owned(text: str, regime: str = "eu-amlr", target: str = "T", natures: dict[str, Nature] | None = None) -> Ownership:
    return owners_of(register(text, natures), target, REGIMES[regime])


def owner(found: Ownership, person: str) -> Owner:
    return next(each for each in found.owners if each.person == person)


def said(found: Ownership, person: str) -> tuple[str, str, str]:
    """(low, high, status) of one person, as text."""
    each = owner(found, person).assessment
    return str(each.low), str(each.high), each.status
