"""Nouns of a plan, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recoup.ground import Answer
from recoup.law.codes import Leg, Measure, VerifyMark
from recoup.law.mark import Days


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that was asked and its result, down to the clause and source."""

    rule: str
    clause: str
    result: Answer
    says: str
    source: str
    verify: VerifyMark
    as_of: date | None

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "clause": self.clause,
            "result": self.result.value,
            "says": self.says,
            "source": self.source,
            "verify": self.verify.value,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


@dataclass(frozen=True, slots=True)
class Risk:
    """A ground of refusal that may be raised; `live` unknown where the facts do not settle it."""

    code: str
    mitigation: str
    live: Answer

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "mitigation": self.mitigation, "live": self.live.value}


@dataclass(frozen=True, slots=True)
class Item:
    """One route of a portfolio. `held_permille`: share still there at P50 (planning figure; freezing only)."""

    leg: Leg
    rank: int
    instrument: str
    route: str
    does: str
    measure: Measure
    availability: Answer
    addressee: str
    channel: str
    clocks: tuple[str, ...]
    contents: tuple[str, ...]
    missing: tuple[str, ...]
    risks: tuple[Risk, ...]
    time: Days
    held_permille: int | None
    expected: int | None
    annex: tuple[str, ...]
    notes: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "leg": self.leg.value,
            "rank": self.rank,
            "instrument": self.instrument,
            "route": self.route,
            "does": self.does,
            "measure": self.measure.value,
            "availability": self.availability.value,
            "addressee": self.addressee,
            "channel": self.channel,
            "clocks": list(self.clocks),
            "contents": list(self.contents),
            "missing": list(self.missing),
            "risks": [risk.as_json() for risk in self.risks],
            "time": {"p50_days": self.time.p50, "p90_days": self.time.p90},
            "held_permille": self.held_permille,
            "expected": None if self.expected is None else str(self.expected),
            "annex": list(self.annex),
            "notes": list(self.notes),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Dropped:
    """A route that is not offered, why, by which rule, and what would make it available."""

    instrument: str
    measure: Measure
    leg: Leg
    because: str
    rule: str
    needs: str

    def as_json(self) -> dict[str, object]:
        return {
            "instrument": self.instrument,
            "measure": self.measure.value,
            "leg": self.leg.value,
            "because": self.because,
            "rule": self.rule,
            "needs": self.needs,
        }


@dataclass(frozen=True, slots=True)
class Blocked:
    """A guard that stops routes (`instruments`) or keeps materials out, and what to do in its place."""

    guard: str
    because: str
    alternatives: tuple[str, ...]
    instruments: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "guard": self.guard,
            "because": self.because,
            "alternatives": list(self.alternatives),
            "instruments": list(self.instruments),
            "materials": list(self.materials),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be done about one asset, best first, as decided on a day. `state` is the State to ask."""

    id: str
    as_of: date
    state: str | None
    basis: str
    portfolio: tuple[Item, ...]
    dropped: tuple[Dropped, ...]
    blocked: tuple[Blocked, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The shape of `recoup route --json`."""
        return {
            "id": self.id,
            "as_of": self.as_of.isoformat(),
            "state": self.state,
            "basis": self.basis,
            "portfolio": [item.as_json() for item in self.portfolio],
            "dropped": [one.as_json() for one in self.dropped],
            "blocked": [one.as_json() for one in self.blocked],
            "warnings": list(self.warnings),
        }
