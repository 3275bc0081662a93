"""One row per beneficiary: claims are joined by confirmed links, so that splitting an account never pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from recoup.ground import Defect, Refused, largest_remainder
from recoup.restitution.sharing.columns import Column
from recoup.restitution.sharing.model import COLUMNS, NOT_GIVEN, Claims


class LinkKind(StrEnum):
    SAME_PERSON = "same-person"
    JOINT = "joint"  # joint holders of one account
    NOMINEE = "nominee"  # holds for the other
    CONTROLLED = "controlled"  # a company or trust and the person behind it
    ESTATE = "estate"  # the deceased and the estate
    ASSIGNED = "assigned"  # the claim was assigned to the other
    REPRESENTS = "represents"  # acts for the other: never joins them


JOINING = frozenset(LinkKind) - {LinkKind.REPRESENTS}


class LinkState(StrEnum):
    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Link:
    """A claim (not a fact) that two persons stand in a relation; who decided it and why."""

    one: str
    other: str
    kind: LinkKind
    state: LinkState
    decided_by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.state is not LinkState.SUGGESTED and not (self.decided_by and self.reason):
            raise ValueError("a link is confirmed or rejected by somebody, for a reason")
        if self.one == self.other:
            raise ValueError("a link joins two persons")


@dataclass(frozen=True, slots=True, eq=False)
class Consolidated:
    """Beneficiaries as claims (ids are the persons' ids), and the beneficiary of each original claim.

    `beneficiary[i]` is the row in `claims` to which original claim i belongs.
    """

    claims: Claims
    beneficiary: Column
    original: Claims

    def spread(self, awards: Column) -> Column:
        """Beneficiaries' awards over their original claims, by what is outstanding on each (largest remainder)."""
        spread = np.zeros_like(self.original.gross).astype(awards.dtype)
        counts = np.bincount(self.beneficiary, minlength=len(self.claims))
        alone = counts[self.beneficiary] == 1
        spread[alone] = awards[self.beneficiary[alone]]
        for members in _groups(self.beneficiary, ~alone):
            weights = self.original.outstanding[members].tolist()
            award = int(awards[self.beneficiary[members[0]]])
            parts = largest_remainder(award, weights if sum(weights) else [1] * len(members))
            spread[members] = parts
        return spread


def consolidate(claims: Claims, persons: Sequence[str], links: Sequence[Link]) -> Consolidated:
    """Join the claims of one person, and of persons whom a confirmed link joins.

    A link that is still only suggested is refused: a run must not guess who is one person. All amounts add up; own
    weights and bounds cannot be added, so claims that carry them must not be joined.
    """
    defects = [_undecided(link) for link in links if link.state is LinkState.SUGGESTED]
    defects += _contradictions(links)
    if len(persons) != len(claims) or not all(persons):
        defects.append(Defect("claims", 0, "a claim has no person", "Identify the person behind every claim"))
    if defects:
        raise Refused(*defects)
    heads = _heads(links)
    names = sorted({heads.get(person, person) for person in persons})
    place = {name: row for row, name in enumerate(names)}
    beneficiary = np.fromiter(
        (place[heads.get(person, person)] for person in persons), dtype=np.intp, count=len(claims)
    )
    return Consolidated(_summed(claims, beneficiary, names), beneficiary, claims)


def _undecided(link: Link) -> Defect:
    what = f"link {link.kind} between {link.one[:60]} and {link.other[:60]} is only suggested"
    return Defect("links", 0, what, "Confirm or reject it with a reason")


def _contradictions(links: Sequence[Link]) -> list[Defect]:
    """Pairs that one decision joins and another decision of the same kind keeps apart."""
    said: dict[tuple[str, str, LinkKind], set[LinkState]] = {}
    for link in links:
        said.setdefault((min(link.one, link.other), max(link.one, link.other), link.kind), set()).add(link.state)
    return [
        Defect(
            "links", 0, f"link {kind} between {one[:60]} and {other[:60]} is confirmed and rejected", "Keep one of them"
        )
        for (one, other, kind), states in said.items()
        if {LinkState.CONFIRMED, LinkState.REJECTED} <= states
    ]


def _heads(links: Sequence[Link]) -> dict[str, str]:
    """person -> the smallest id among those joined with it (union-find with path halving)."""
    parent: dict[str, str] = {}

    def head(person: str) -> str:
        while parent.setdefault(person, person) != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    for link in links:
        if link.state is LinkState.CONFIRMED and link.kind in JOINING:
            one, other = head(link.one), head(link.other)
            parent[max(one, other)] = min(one, other)
    return {person: head(person) for person in parent}


def _summed(claims: Claims, beneficiary: Column, names: list[str]) -> Claims:
    order = np.argsort(beneficiary, kind="stable")
    starts = np.searchsorted(beneficiary[order], np.arange(len(names)))
    joined = len(names) < len(claims)
    columns = {}
    for name in ("gross", *COLUMNS):
        values = getattr(claims, name)[order]
        if name in ("weight", "lower", "upper"):
            if joined and len(values) and values.max() > NOT_GIVEN:
                what = f"claims to be joined carry their own {name}"
                raise Refused(Defect("claims", 0, what, "Set weights and bounds after consolidation"))
            columns[name] = values if not joined else values[starts]
        else:
            columns[name] = np.add.reduceat(values, starts) if len(names) else values
    return Claims.of(names, columns.pop("gross"), **columns)


def _groups(beneficiary: Column, chosen: Column) -> list[Column]:
    """Positions of the chosen claims, one array per beneficiary."""
    index = np.flatnonzero(chosen)
    index = index[np.argsort(beneficiary[index], kind="stable")]
    cuts = np.flatnonzero(np.diff(beneficiary[index])) + 1
    return [group for group in np.split(index, cuts) if len(group)]
