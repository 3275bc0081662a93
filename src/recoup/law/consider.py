"""One route, considered: every rule that bears on it, asked on the facts, with its answer and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recoup.ground import Answer, Verdict
from recoup.law.codes import AuthorityType, Leg, Measure, RuleKind, VerifyMark
from recoup.law.coverage import bound, participants
from recoup.law.expression import verdict
from recoup.law.facts import Facts
from recoup.law.mark import Mark
from recoup.law.model import Instrument, Route, Rule
from recoup.law.plan import Dropped, Reason
from recoup.law.sentence import sentence
from recoup.law.standing import Parties, Standing

_LADDER = ("E0 suspicion", "E1 reasonable grounds", "E2 good arguable case", "E3 balance of probabilities", "E4 proof")


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of one instrument between two States on a day."""

    verdict: Verdict
    standings: tuple[Standing, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """A route with its answer. `no` keeps the first rule that said so; yes and unknown keep every reason."""

    instrument: Instrument
    route: Route
    answer: Answer
    reasons: tuple[Reason, ...]
    dropped: Dropped | None = None

    @property
    def place_in_plan(self) -> tuple[str, Measure, Leg]:
        return self.instrument.id, self.route.measure, self.route.leg

    @property
    def key(self) -> tuple[str, str]:
        return self.instrument.id, self.route.id

    def with_answer(self, answer: Answer, reason: Reason) -> Considered:
        return Considered(self.instrument, self.route, answer, (*self.reasons, reason))


def pair_of(instrument: Instrument, parties: Parties, requesting: str, requested: str, day: date) -> Pair:
    """Guard K16: is the instrument in force for both States on the day, and who says so."""
    standings = participants(instrument, parties, requesting, requested, day)
    reasons = [
        Reason("K16", instrument.table, one.answer, one.says, one.source, one.verify, one.as_of) for one in standings
    ]
    in_force = Answer.YES if instrument.period.covers(day) else Answer.NO
    says = _force_says(instrument, day)
    reasons.insert(0, _marked("K16", "entry into force", in_force, says, instrument.mark))
    return Pair(bound(instrument, standings, requested, day), standings, tuple(reasons))


def _force_says(instrument: Instrument, day: date) -> str:
    since = instrument.period.valid_from
    if since is None:
        return f"Not in force on {day}; no date of entry into force is set"
    if not instrument.period.covers(day):
        until = f" to {instrument.period.valid_to}" if instrument.period.valid_to else ""
        return f"Not in force on {day}; it applies from {since}{until}"
    return f"In force on {day}" + (f", since {since}" if since.year > 1900 else "")


def consider(
    instrument: Instrument, route: Route, pair: Pair, facts: Facts, sender: AuthorityType | None, day: date
) -> Considered:
    """Availability: participation (K16), the instrument's own conditions, sender (K06), evidence, in that order."""
    reasons = [*pair.reasons, _sender_reason(route, sender), _evidence_reason(route, facts)]
    answers = [pair.verdict.answer, *(reason.result for reason in reasons[len(pair.reasons) :])]
    if pair.verdict.answer is Answer.NO:
        return not_bound(instrument, route, pair)
    for rule in instrument.rules_for(route, RuleKind.AVAILABILITY, day):
        reason = _rule_reason(rule, facts)
        reasons.append(reason)
        answers.append(reason.result)
        if reason.result is Answer.NO:
            because = "; ".join(verdict(rule.when, facts).reasons)
            return _no(instrument, route, rule.id, f"{rule.clause}: {because}", sentence(rule.when))
    for reason in reasons[len(pair.reasons) : len(pair.reasons) + 2]:
        if reason.result is Answer.NO:
            return _no(instrument, route, reason.rule, reason.says, _needs(reason, route))
    for kind in (RuleKind.WAIVER, RuleKind.CLOCK):
        live = (_rule_reason(rule, facts) for rule in instrument.rules_for(route, kind, day))
        reasons.extend(reason for reason in live if reason.result is Answer.YES or kind is RuleKind.WAIVER)
    answer = Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES
    return Considered(instrument, route, answer, tuple(reasons))


def not_bound(instrument: Instrument, route: Route, pair: Pair) -> Considered:
    """A route whose instrument does not bind the pair on the day."""
    return _no(instrument, route, "K16", "; ".join(pair.verdict.reasons), "The instrument in force for both States.")


def _no(instrument: Instrument, route: Route, rule: str, because: str, needs: str) -> Considered:
    dropped = Dropped(instrument.id, route.measure, route.leg, because, rule, needs)
    return Considered(instrument, route, Answer.NO, (), dropped)


def _sender_reason(route: Route, sender: AuthorityType | None) -> Reason:
    named = ", ".join(sorted(route.issuers))
    if sender is None:
        return _marked("K06", "issuer", Answer.UNKNOWN, f"not known: the authority; it may be {named}", route.mark)
    if sender in route.issuers:
        return _marked("K06", "issuer", Answer.YES, f"{sender} may sign or start it", route.mark)
    return _marked("K06", "issuer", Answer.NO, f"{sender} may not sign it; {named} may", route.mark)


def _evidence_reason(route: Route, facts: Facts) -> Reason:
    level, least = facts["evidence.level"], route.evidence_min
    if least == 0:
        return _marked("LADDER", "evidence", Answer.YES, f"{_LADDER[0]} is enough", route.mark)
    if not isinstance(level, int):
        says = f"not known: the evidence; it takes {_LADDER[least]}"
        return _marked("LADDER", "evidence", Answer.UNKNOWN, says, route.mark)
    answer = Answer.YES if level >= least else Answer.NO
    return _marked("LADDER", "evidence", answer, f"it takes {_LADDER[least]}, there is {_LADDER[level]}", route.mark)


def _needs(reason: Reason, route: Route) -> str:
    if reason.rule == "K06":
        return f"Have {', '.join(sorted(route.issuers))} issue or validate it."
    return f"Evidence of at least {_LADDER[route.evidence_min]}."


def _rule_reason(rule: Rule, facts: Facts) -> Reason:
    found = verdict(rule.when, facts)
    met = f" ({'; '.join(found.reasons)})" if found.reasons else ""
    return _marked(rule.id, rule.clause, found.answer, rule.says + met, rule.mark)


def _marked(rule: str, clause: str, result: Answer, says: str, mark: Mark) -> Reason:
    verify: VerifyMark = mark.verify
    return Reason(rule, clause, result, says, mark.source, verify, mark.as_of)
