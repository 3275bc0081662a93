"""What the data say about a pair of States: which instruments bind both, and which questions stay open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recoup.ground import Answer, Verdict
from recoup.law.codes import Parties as Mode
from recoup.law.codes import VerifyMark
from recoup.law.model import Catalogue, Instrument
from recoup.law.standing import Parties, Standing


@dataclass(frozen=True, slots=True)
class Coverage:
    """One instrument between two States: `stale` and `recalled` say how far the answer can be relied on."""

    instrument: str
    answer: Answer
    reasons: tuple[str, ...]
    stale: bool
    recalled: bool


def coverage(catalogue: Catalogue, parties: Parties, requesting: str, requested: str, day: date) -> list[Coverage]:
    """Every instrument with routes, in order of id. Answers participation alone, not offence or measure."""
    found = []
    for instrument in sorted(catalogue.instruments.values(), key=lambda one: one.id):
        if instrument.routes:
            standings = participants(instrument, parties, requesting, requested, day)
            verdict = bound(instrument, standings, requested, day)
            recalled = any(standing.verify is VerifyMark.MEMORY for standing in standings)
            stale = any(standing.stale for standing in standings)
            found.append(Coverage(instrument.id, verdict.answer, verdict.reasons, stale, recalled))
    return found


def participants(
    instrument: Instrument, parties: Parties, requesting: str, requested: str, day: date
) -> tuple[Standing, ...]:
    """The standings that decide whether the instrument binds the pair."""
    states: tuple[str, ...]
    match instrument.parties:
        case Mode.BOTH:
            states = (requesting, requested)
        case Mode.REQUESTED:
            states = (requested,)
        case Mode.REQUESTING:
            states = (requesting,)
        case Mode.PAIR:
            return (parties.pair(instrument.table, requesting, requested, day),)
        case Mode.NONE:
            return ()
    return tuple(parties.standing(instrument.table, state, day) for state in dict.fromkeys(states))


def bound(instrument: Instrument, standings: tuple[Standing, ...], requested: str, day: date) -> Verdict:
    """Guard K16: in force on the day, in the requested State where it is a national act, and for both States."""
    verdicts = [Verdict(standing.answer, (standing.says,)) for standing in standings]
    if not instrument.period.covers(day):
        verdicts.insert(0, Verdict.no(f"not in force on {day}"))
    if instrument.hosts and requested not in instrument.hosts:
        verdicts.insert(0, Verdict.no(f"it is the law of {', '.join(sorted(instrument.hosts))}, not of {requested}"))
    return Verdict.all_of(verdicts)
