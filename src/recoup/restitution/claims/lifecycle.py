"""The life of a claim: who may do what in which state, which clock runs, and how nothing ends by silence alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from recoup.ground import Instant, canonical_json, sha256_hex
from recoup.restitution.claims.reasons import DENIALS, QUESTIONS, Reason

START = "0" * 64
SILENCE_DAYS = 90
SILENCE_CHANNELS = 2
RESERVE_DAYS = 730  # 24 months


class State(StrEnum):
    DRAFT = "draft"
    FILED = "filed"
    ACKNOWLEDGED = "acknowledged"
    IN_REVIEW = "in-review"
    DEFICIENT = "deficient"
    DETERMINED = "determined"
    RECONSIDERED = "in-reconsideration"
    APPEALED = "in-appeal"
    FINAL = "final"
    PAYABLE = "payable"
    PAID_IN_PART = "paid-in-part"
    SATISFIED = "satisfied"
    UNCLAIMED = "unclaimed"  # allowed, nobody could be paid: reserved, reopened in one step
    DORMANT = "dormant"  # no answer: reserved, reopened in one step
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Party(StrEnum):
    CLAIMANT = "claimant"  # or whoever acts for the claimant
    INTAKE = "intake-officer"
    REVIEWER = "claim-reviewer"
    SECOND = "second-reviewer"
    APPEAL = "appeal-body"
    PAYMENTS = "payment-releaser"


class Deed(StrEnum):
    FILE = "file"
    ACKNOWLEDGE = "acknowledge"
    REVIEW = "review"
    ASK = "ask"  # a deficiency: what is missing, and until when
    REMIND = "remind"  # an attempt to reach the claimant; `text` is the channel
    CURE = "cure"
    DETERMINE = "determine"
    CONFIRM = "confirm"  # the second reviewer
    RECONSIDER = "reconsider"
    APPEAL = "appeal"
    FINISH = "finish"
    RELEASE = "release"
    PAY = "pay"
    SATISFY = "satisfy"
    RETURNED = "returned"
    SILENT = "silent"
    REOPEN = "reopen"
    REPRESENT = "represent"
    DIED = "died"
    SUCCEED = "succeed"  # heirs or estate take the claim over
    ASSIGN = "assign"
    WITHDRAW = "withdraw"
    MERGE = "merge"


S, D, P = State, Deed, Party
UNDECIDED = frozenset({S.IN_REVIEW, S.RECONSIDERED, S.APPEALED})
ANY_OPEN = frozenset(State) - {State.WITHDRAWN, State.MERGED, State.SATISFIED}

# (deed) -> (states in which it may be done, who may, the state after; None: the same state)
RULES: dict[Deed, tuple[frozenset[State], frozenset[Party], State | None]] = {
    D.FILE: (frozenset({S.DRAFT}), frozenset({P.CLAIMANT, P.INTAKE}), S.FILED),
    D.ACKNOWLEDGE: (frozenset({S.FILED}), frozenset({P.INTAKE}), S.ACKNOWLEDGED),
    D.REVIEW: (frozenset({S.ACKNOWLEDGED}), frozenset({P.REVIEWER}), S.IN_REVIEW),
    D.ASK: (frozenset({S.IN_REVIEW, S.RECONSIDERED}), frozenset({P.REVIEWER}), S.DEFICIENT),
    D.REMIND: (ANY_OPEN, frozenset({P.INTAKE, P.REVIEWER, P.PAYMENTS}), None),
    D.CURE: (frozenset({S.DEFICIENT}), frozenset({P.CLAIMANT}), S.IN_REVIEW),
    D.DETERMINE: (UNDECIDED, frozenset({P.REVIEWER, P.APPEAL}), S.DETERMINED),
    D.CONFIRM: (frozenset({S.DETERMINED}), frozenset({P.SECOND}), None),
    D.RECONSIDER: (frozenset({S.DETERMINED}), frozenset({P.CLAIMANT}), S.RECONSIDERED),
    D.APPEAL: (frozenset({S.DETERMINED}), frozenset({P.CLAIMANT}), S.APPEALED),
    D.FINISH: (frozenset({S.DETERMINED}), frozenset({P.REVIEWER, P.APPEAL}), S.FINAL),
    D.RELEASE: (frozenset({S.FINAL, S.PAID_IN_PART}), frozenset({P.PAYMENTS}), S.PAYABLE),
    D.PAY: (frozenset({S.PAYABLE}), frozenset({P.PAYMENTS}), S.PAID_IN_PART),
    D.SATISFY: (frozenset({S.PAID_IN_PART, S.PAYABLE}), frozenset({P.PAYMENTS}), S.SATISFIED),
    D.RETURNED: (frozenset({S.PAYABLE, S.PAID_IN_PART, S.SATISFIED}), frozenset({P.PAYMENTS}), S.PAYABLE),
    D.SILENT: (frozenset({S.DEFICIENT, S.PAYABLE}), frozenset({P.REVIEWER, P.PAYMENTS}), None),
    D.REOPEN: (frozenset({S.DORMANT, S.UNCLAIMED}), frozenset({P.CLAIMANT, P.INTAKE}), None),
    D.REPRESENT: (ANY_OPEN, frozenset({P.CLAIMANT, P.INTAKE}), None),
    D.DIED: (ANY_OPEN, frozenset({P.INTAKE, P.REVIEWER}), None),
    D.SUCCEED: (ANY_OPEN, frozenset({P.REVIEWER}), None),
    D.ASSIGN: (ANY_OPEN, frozenset({P.CLAIMANT}), None),
    D.WITHDRAW: (ANY_OPEN - {S.PAID_IN_PART}, frozenset({P.CLAIMANT}), S.WITHDRAWN),
    D.MERGE: (ANY_OPEN, frozenset({P.REVIEWER}), S.MERGED),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """What the plan says: windows in days, the amount from which two decide, and whether claims may be assigned."""

    cure_days: int = 90
    reconsideration_days: int = 60
    appeal_days: int = 60
    second_above: int = 0
    assignable: bool = False

    def __post_init__(self) -> None:
        if self.cure_days < SILENCE_DAYS:
            raise ValueError(f"a cure period is at least {SILENCE_DAYS} days")


@dataclass(frozen=True, slots=True)
class Step:
    """One deed on a claim, chained to the one before. `other` is the person or claim it concerns, if any."""

    deed: Deed
    by: str
    party: Party
    at: Instant
    reason: Reason | None = None
    amount: int | None = None
    text: str = ""
    other: str = ""
    before: str = START

    @property
    def hash(self) -> str:
        return sha256_hex(canonical_json([
            self.deed, self.by, self.party, str(self.at), self.reason or "",
            "" if self.amount is None else str(self.amount), self.text, self.other, self.before,
        ]))  # fmt: skip


class Claim:
    """A claim and its history. A step that may not be done raises ValueError in words and changes nothing."""

    def __init__(self, name: str, holder: str, rules: Rules, steps: Iterable[Step] = ()) -> None:
        self.name, self.holder, self.rules = name, holder, rules
        self.state = State.DRAFT
        self.allowed = 0
        self.alive = True
        self.acting: set[str] = {holder}
        self.steps: list[Step] = []
        self._stood = State.DRAFT  # where a dormant claim goes on
        for step in steps:
            self.append(step)

    def do(
        self, deed: Deed, by: str, party: Party, at: Instant, reason: Reason | None = None, amount: int | None = None,
        text: str = "", other: str = "",
    ) -> Step:  # fmt: skip
        """Add a step."""
        before = self.steps[-1].hash if self.steps else START
        step = Step(deed, by, party, at, reason, amount, text, other, before)
        self.append(step)
        return step

    def append(self, step: Step) -> None:
        """Take a step of a history; ValueError where it may not follow."""
        fault = self._fault(step)
        if fault:
            raise ValueError(f"claim {self.name}: {step.deed} by {step.by}: {fault}")
        after = RULES[step.deed][2]
        if step.deed is Deed.SILENT:
            self._stood = self.state
            after = State.UNCLAIMED if self.state is State.PAYABLE else State.DORMANT
        if step.deed is Deed.REOPEN:
            after = State.IN_REVIEW if self._stood is State.DEFICIENT else self._stood
        if step.deed is Deed.DETERMINE:
            self.allowed = step.amount or 0
        if step.deed is Deed.REPRESENT:
            self.acting.add(step.other)
        if step.deed is Deed.DIED:
            self.alive, self.acting = False, set()
        if step.deed in (Deed.SUCCEED, Deed.ASSIGN):
            self.alive, self.holder, self.acting = True, step.other, {step.other}
        self.state = after or self.state
        self.steps.append(step)

    def deadline(self) -> tuple[str, Instant] | None:
        """The clock that runs now: its name and its end; None where none runs."""
        if self.state is State.DEFICIENT:
            return "cure", _later(self._last(Deed.ASK).at, self.rules.cure_days)
        if self.state is State.DETERMINED and self._last(Deed.DETERMINE).party is not Party.APPEAL:
            days = max(self.rules.reconsideration_days, self.rules.appeal_days)
            return "reconsideration or appeal", _later(self._last(Deed.DETERMINE).at, days)
        if self.state in (State.DORMANT, State.UNCLAIMED):
            return "reserve", _later(self._last(Deed.SILENT).at, RESERVE_DAYS)
        return None

    def _fault(self, step: Step) -> str:
        states, parties, _ = RULES[step.deed]
        if self.state not in states:
            return f"not while the claim is {self.state}"
        if step.party not in parties:
            return f"not by the {step.party}"
        if step.before != (self.steps[-1].hash if self.steps else START):
            return "does not follow the step before it"
        if self.steps and step.at < self.steps[-1].at:
            return "is older than the step before it"
        if step.party is Party.CLAIMANT and step.by not in self.acting and step.deed is not Deed.REOPEN:
            return "is neither the claimant nor somebody with a mandate"
        guard = _GUARDS.get(step.deed)
        return guard(self, step) if guard else ""

    def _last(self, deed: Deed) -> Step:
        return next(step for step in reversed(self.steps) if step.deed is deed)

    def _deciders(self) -> set[str]:
        return {step.by for step in self.steps if step.deed in (Deed.DETERMINE, Deed.CONFIRM)}


def _later(at: Instant, days: int) -> Instant:
    return Instant(at.start + timedelta(days=days))


def _ask(claim: Claim, step: Step) -> str:
    return "" if step.reason in QUESTIONS else "a deficiency says what is missing (Q1 to Q4)"


def _determine(claim: Claim, step: Step) -> str:
    if step.reason not in DENIALS | {Reason.ALLOWED, Reason.ALLOWED_IN_PART} or type(step.amount) is not int:
        return "a decision has an amount and a reason (A1, A2, D1 to D10)"
    if (step.reason in DENIALS) != (step.amount == 0) or step.amount < 0:
        return "a denial allows nothing, and only a denial does"
    if step.by in claim._deciders():
        return "another person must decide now"
    if (claim.state is State.APPEALED) != (step.party is Party.APPEAL):
        return "an appeal is decided by the appeal body, everything else by a reviewer"
    return ""


def _confirm(claim: Claim, step: Step) -> str:
    return "the second reviewer is the first" if step.by in claim._deciders() else ""


def _again(claim: Claim, step: Step) -> str:
    days = claim.rules.reconsideration_days if step.deed is Deed.RECONSIDER else claim.rules.appeal_days
    if step.deed is Deed.RECONSIDER and any(each.deed is Deed.RECONSIDER for each in claim.steps):
        return "one reconsideration was had; an appeal is open"
    if claim._last(Deed.DETERMINE).party is Party.APPEAL:
        return "the appeal body has decided"
    end = _later(claim._last(Deed.DETERMINE).at, days)
    return "" if step.at <= end else f"the window closed on {end}"


def _finish(claim: Claim, step: Step) -> str:
    decision = claim._last(Deed.DETERMINE)
    confirmed = any(each.deed is Deed.CONFIRM for each in claim.steps[claim.steps.index(decision) :])
    if decision.party is Party.APPEAL:
        return ""
    weighty = (decision.amount or 0) > claim.rules.second_above or decision.reason in DENIALS
    if weighty and not confirmed:
        return "a second reviewer must confirm it"
    end = claim.deadline()
    return "" if end is None or step.at > end[1] else f"the claimant may still act until {end[1]}"


def _silent(claim: Claim, step: Step) -> str:
    deeds = {Deed.ASK} if claim.state is State.DEFICIENT else {Deed.RELEASE, Deed.RETURNED, Deed.REOPEN}
    since = next(each for each in reversed(claim.steps) if each.deed in deeds)
    reminders = [each for each in claim.steps[claim.steps.index(since) + 1 :] if each.deed is Deed.REMIND]
    channels = {each.text for each in reminders if each.text}
    if len(channels) < SILENCE_CHANNELS:
        return f"reach the claimant on {SILENCE_CHANNELS} channels first"
    end = max(_later(reminders[0].at, SILENCE_DAYS), (claim.deadline() or ("", since.at))[1])
    return "" if step.at > end else f"wait until {end}"


def _named(claim: Claim, step: Step) -> str:
    return "" if step.other and step.text else "names nobody, or shows no paper"


def _assign(claim: Claim, step: Step) -> str:
    return _named(claim, step) if claim.rules.assignable else "the plan does not allow assignment"


def _succeed(claim: Claim, step: Step) -> str:
    return "the holder is not known to have died" if claim.alive else _named(claim, step)


def _merge(claim: Claim, step: Step) -> str:
    if step.other == claim.name:
        return "a claim is not merged into itself"
    return "" if step.other and step.reason is Reason.DUPLICATE else "names the claim that stays, with reason D4"


def _remind(claim: Claim, step: Step) -> str:
    return "" if step.text else "names the channel"


_GUARDS = {
    D.ASK: _ask, D.DETERMINE: _determine, D.CONFIRM: _confirm, D.RECONSIDER: _again, D.APPEAL: _again,
    D.FINISH: _finish, D.SILENT: _silent, D.REPRESENT: _named, D.SUCCEED: _succeed, D.ASSIGN: _assign,
    D.MERGE: _merge, D.REMIND: _remind,
}  # fmt: skip
