"""Whether a question fits its ledger; what does not fit is refused with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recoup.ground import Asset, Defect, Refused
from recoup.ledger import Entry, Ledger, Leg, Side, check
from recoup.tracing.model import Claim, LegKey, Link, LinkKind, Parameters, Question, Rule


@dataclass(frozen=True)
class Legs:
    """Every leg by (entry, leg). An entry id may stand in two ledgers: then no claim can name it."""

    by_key: dict[LegKey, list[tuple[Entry, Leg]]]

    @classmethod
    def of(cls, ledger: Ledger) -> Legs:
        """Index every leg of the ledger."""
        found: dict[LegKey, list[tuple[Entry, Leg]]] = {}
        for entry, leg in ledger.legs():
            found.setdefault((entry.id, leg.id), []).append((entry, leg))
        return cls(found)

    def asset(self, key: LegKey) -> Asset:
        """Asset of a leg that `refuse_unfit` has let pass."""
        return self.by_key[key][0][1].asset

    def amount(self, key: LegKey) -> int:
        """Amount of a leg that `refuse_unfit` has let pass, in smallest units."""
        return self.by_key[key][0][1].amount


def refuse_unfit(ledger: Ledger, legs: Legs, question: Question, parameters: Parameters) -> None:
    """Raise Refused, with every reason, where the ledger contradicts itself or the question does not fit it."""
    defects = [finding.defect() for finding in check(ledger) if finding.contradicts]
    if not question.claims:
        defects.append(Defect("claims", 0, "no claim", "Give at least one row: claim,entry,leg,amount"))
    if parameters.backward and parameters.rule is Rule.PARI_PASSU:
        defects.append(Defect("rule", 0, "pari-passu has no backward trace", "Choose another rule"))
    if parameters.backward and any(link.kind is not LinkKind.ELECTION for link in question.links):
        mend = "Trace each side of the link by itself"
        defects.append(Defect("links", 0, "a backward trace does not cross a link", mend))
    defects += _claim_defects(legs, question.claims, parameters)
    defects += (defect for link in question.links for defect in _link_defects(legs, link))
    if defects:
        raise Refused(*defects)


def _claim_defects(legs: Legs, claims: tuple[Claim, ...], parameters: Parameters) -> Iterator[Defect]:
    claimed: dict[tuple[str, LegKey], int] = {}  # per claim and leg: what two claims both want is settled by seniority
    for claim in claims:
        what = _unfit(legs, claim.key)
        if what is None and legs.by_key[claim.key][0][1].side is not Side.IN and not parameters.backward:
            what = "a claim names an in leg, where value arrives"
        if what:
            yield Defect(
                claim.file, claim.line, f"claim {claim.claim}: {what}", "Name entry and leg as the ledger does"
            )
            continue
        own = (claim.claim, claim.key)
        claimed[own] = claimed.get(own, 0) + claim.amount
        if claimed[own] > legs.amount(claim.key):
            what = f"{claimed[own]} is larger than leg {claim.leg} of {legs.amount(claim.key)}"
            yield Defect(claim.file, claim.line, f"claim {claim.claim}: {what}", "Lower the claimed amount")


def _link_defects(legs: Legs, link: Link) -> Iterator[Defect]:
    ends = [(link.from_entry, link.from_leg)]
    if link.kind is not LinkKind.ELECTION:
        ends.append((link.to_entry, link.to_leg))
    faults = [what for what in (_unfit(legs, key) for key in ends) if what]
    if not faults and len(ends) == 2:
        same = legs.asset(ends[0]) == legs.asset(ends[1])
        if same == (link.kind is LinkKind.SWAP):
            faults.append("a swap joins two assets, every other link one")
    for what in faults:
        yield Defect(link.file, link.line, f"link {link.link}: {what}", "Name entry and leg as the ledger does")


def _unfit(legs: Legs, key: LegKey) -> str | None:
    found = legs.by_key.get(key, [])
    if len(found) == 1:
        return None
    return f"entry {key[0][:80]} leg {key[1][:40]} " + (
        "is not in the ledger" if not found else "stands in two ledgers"
    )
