"""Guards K01-K17 over routes and materials: what is blocked, kept out or warned of, and what to do in its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from recoup.ground import Answer
from recoup.law.codes import GuardEffect, Leg
from recoup.law.consider import Considered
from recoup.law.expression import verdict
from recoup.law.facts import Facts
from recoup.law.model import Guard
from recoup.law.plan import Blocked, Reason
from recoup.law.question import Material
from recoup.law.vocabulary import slug

_ELSEWHERE = frozenset({"K06", "K16"})  # asked route by route while availability is considered
_FREE = frozenset({
    "own", "domestic", "police", "court", "open", "public", "chain", "blockchain", "osint", "witness", "investigation",
    "register", "registry", "expert", "complaint", "bank", "exchange", "provider",
})  # fmt: skip
_FOREIGN = frozenset({
    "mla", "foreign", "eio", "jit", "treaty", "mlat", "partner", "siena", "interpol", "europol", "eurojust", "rogatory",
})  # fmt: skip
_FIU = frozenset({"fiu", "egmont", "str", "strs", "sar", "sars", "goaml", "tracfin", "fincen", "mokas"})
_PRIVILEGED = frozenset({"privileged", "lawyer", "counsel", "privilege"})


@dataclass(frozen=True, slots=True)
class Guarded:
    """Routes that pass (some now unknown), and what was blocked or warned of."""

    routes: tuple[Considered, ...]
    blocked: tuple[Blocked, ...]
    warnings: tuple[str, ...]


def guard_routes(guards: Sequence[Guard], routes: Sequence[Considered], facts: Facts) -> Guarded:
    """Every block and warn guard in order of id. A requirement that is unknown makes the route unknown, never yes."""
    kept, blocked, warnings = list(routes), [], []
    for guard in guards:
        if guard.id in _ELSEWHERE or guard.when.answer(facts) is not Answer.YES:
            continue
        touched = [route for route in kept if guard.concerns(route.instrument, route.route)]
        if touched and guard.effect is GuardEffect.BLOCK:
            found = verdict(guard.require, facts)
            if found.answer is Answer.NO:
                kept = [route for route in kept if route not in touched]
                blocked.append(_blocked(guard, touched, found.reasons))
            elif found.answer is Answer.UNKNOWN:
                reason = _reason(guard, found.reasons)
                kept = [one.with_answer(Answer.UNKNOWN, reason) if one in touched else one for one in kept]
        elif touched and guard.effect is GuardEffect.WARN and guard.require.answer(facts) is not Answer.YES:
            warnings.append(f"{guard.id}: {guard.because}. {guard.alternatives[0]}.")
    return Guarded(tuple(kept), tuple(blocked), tuple(warnings))


def with_alternatives(blocked: Sequence[Blocked], routes: Sequence[Considered]) -> tuple[Blocked, ...]:
    """For K01: name the provisional measures of this plan that keep the property in the meantime."""
    holding = [
        f"{one.instrument.id}: {one.route.does} ({one.answer.value})"
        for one in routes
        if one.route.leg is Leg.CONVERT and one.answer is not Answer.NO
    ]
    return tuple(
        Blocked(one.guard, one.because, (*one.alternatives, *holding[:3]), one.instruments, one.materials)
        if one.guard == "K01"
        else one
        for one in blocked
    )


def guard_of(material: Material) -> str | None:
    """The guard that decides whether the item may travel; None where its origin leaves it free.

    K08 privileged, K09 from an FIU, K10 from another State or of an origin that is not known, K13 of a victim.
    """
    words = set(slug(unicodedata.normalize("NFKC", material.origin or "")).split("-"))
    for guard, origin in (("K08", _PRIVILEGED), ("K09", _FIU), ("K10", _FOREIGN)):
        if words & origin:
            return guard
    if words & {"victim", "victims"}:
        return "K13"
    return None if words & _FREE else "K10"


def annex(materials: Sequence[Material]) -> tuple[str, ...]:
    """Ids of the items that may be attached, in their order: free of origin, or with recorded consent."""
    return tuple(one.id for one in materials if guard_of(one) is None or one.consent is True)


def withheld(guards: Sequence[Guard], materials: Sequence[Material]) -> tuple[Blocked, ...]:
    """One block per guard for the items that may not be attached or quoted."""
    found = []
    for guard in (one for one in guards if one.effect is GuardEffect.WITHHOLD):
        items = tuple(one.id for one in materials if guard_of(one) == guard.id and one.consent is not True)
        if items:
            found.append(Blocked(guard.id, f"{guard.because}: {', '.join(items)}", guard.alternatives, materials=items))
    return tuple(found)


def _blocked(guard: Guard, touched: Sequence[Considered], reasons: tuple[str, ...]) -> Blocked:
    instruments = tuple(sorted({one.instrument.id for one in touched}))
    because = f"{guard.because} ({'; '.join(reasons)})"
    return Blocked(guard.id, because, guard.alternatives, instruments)


def _reason(guard: Guard, reasons: tuple[str, ...]) -> Reason:
    says = f"{guard.because} ({'; '.join(reasons)})"
    return Reason(guard.id, guard.title, Answer.UNKNOWN, says, guard.mark.source, guard.mark.verify, guard.mark.as_of)
