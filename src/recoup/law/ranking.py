"""What is planned for a measure, and in which order."""

from __future__ import annotations

from recoup.ground import Answer
from recoup.law.codes import Leg, Measure
from recoup.law.consider import Considered
from recoup.law.facts import Values
from recoup.law.question import Question

_F, _E, _S, _X = Measure.FREEZE, Measure.EVIDENCE, Measure.SUBSCRIBER_DATA, Measure.ENFORCE
_R, _T, _P, _A = Measure.RETURN, Measure.TAKEDOWN, Measure.LOCATE_PERSON, Measure.LOCATE_ASSETS

# What is planned for a measure asked, in this order; enforcement and return join where there is an order to enforce.
PLANNED: dict[Measure, tuple[Measure, ...]] = {
    _F: (_F, _E, _A), _E: (_E, _S, _A), _S: (_S, _E), _X: (_X, _R, _F, _A), _R: (_R, _X, _F), _T: (_T, _S, _E),
    _P: (_P,), _A: (_A, _E),
}  # fmt: skip
_FIRST_LEG = {_F: Leg.CONVERT, _X: Leg.ENFORCE, _R: Leg.RETURN, _T: Leg.HOLD}
LEGS = (Leg.CONVERT, Leg.HOLD, Leg.EVIDENCE, Leg.CIVIL, Leg.ENFORCE, Leg.RETURN)
_ANSWERS = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


def measures_of(question: Question, shared: Values) -> tuple[Measure, ...]:
    planned = PLANNED[question.measure]
    if question.measure is Measure.FREEZE and shared["order.confiscation"]:
        return (*planned, Measure.ENFORCE, Measure.RETURN)
    return planned


def rank_of(one: Considered, question: Question, measures: tuple[Measure, ...]) -> tuple[int, ...] | tuple[object, ...]:
    """First the leg that does what was asked, then the other legs.

    Within a leg the measure that was asked, then available before unknown. A hold is ranked by speed; every other leg
    by how closely the instrument binds (tier), then by speed.
    """
    first = _FIRST_LEG.get(question.measure, Leg.EVIDENCE)
    leg = -1 if one.route.leg is first else LEGS.index(one.route.leg)
    time = (one.route.urgent_time if question.urgency else one.route.time).p50
    pace = (time, one.instrument.tier) if one.route.leg is Leg.HOLD else (one.instrument.tier, time)
    measure = measures.index(one.route.measure) if one.route.measure in measures else len(measures)
    return (leg, measure, _ANSWERS[one.answer], *pace, *one.key)
