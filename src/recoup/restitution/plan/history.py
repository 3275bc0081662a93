"""The public life of a plan: draft, comment period, answers, approvals, in force, or withdrawn."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from recoup.ground import Defects, Instant, Refused, canonical_json, sha256_hex
from recoup.restitution.plan.document import Plan
from recoup.restitution.reading import Node, load_json

ACTS_MAX = 1_000_000
START = "0" * 64


class ActKind(StrEnum):
    OPEN = "open"  # the comment period begins
    COMMENT = "comment"
    ANSWER = "answer"  # to one or more comments, by their numbers
    APPROVE = "approve"
    WITHDRAW = "withdraw"


class PlanState(StrEnum):
    DRAFT = "draft"
    COMMENTS = "comments"
    ANSWERING = "answering"  # the period is over, comments are not all answered
    APPROVING = "approving"
    IN_FORCE = "in-force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the history: who did what to the plan with this seal, chained to the entry before."""

    kind: ActKind
    seal: str
    by: str
    role: str
    at: Instant
    text: str = ""
    answers: tuple[int, ...] = ()
    before: str = START

    def json(self) -> dict[str, object]:
        return {
            "act": str(self.kind), "plan": self.seal, "by": self.by, "role": self.role, "at": str(self.at),
            "text": self.text, "answers": list(self.answers), "before": self.before,
        }  # fmt: skip

    @property
    def hash(self) -> str:
        return sha256_hex(canonical_json(self.json()))


@dataclass(frozen=True, slots=True)
class Status:
    """Where a plan stands at a moment, and what is missing until it is in force."""

    state: PlanState
    comments: int
    unanswered: tuple[int, ...]
    approvals: tuple[str, ...]
    comments_end: Instant | None
    missing: tuple[str, ...]


class History:
    """Acts in order; every act is checked against the acts before it."""

    def __init__(self, plan: Plan, acts: Iterable[Act] = ()) -> None:
        self.plan = plan
        self.acts: list[Act] = []
        for act in acts:
            self.append(act)

    def next(
        self, kind: ActKind, by: str, role: str, at: Instant, text: str = "", answers: tuple[int, ...] = ()
    ) -> Act:
        """The act that would follow now; ValueError where it may not."""
        before = self.acts[-1].hash if self.acts else START
        act = Act(kind, self.plan.seal, by, role, at, text, answers, before)
        self._check(act)
        return act

    def append(self, act: Act) -> None:
        """Take an act; ValueError where it may not follow."""
        self._check(act)
        self.acts.append(act)

    def comments(self) -> list[Act]:
        return [act for act in self.acts if act.kind is ActKind.COMMENT]

    def _check(self, act: Act) -> None:
        fault = _chain_fault(act, self.acts, self.plan) or _rule_fault(act, self)
        if fault:
            raise ValueError(f"act {len(self.acts) + 1} ({act.kind}): {fault}")


def _chain_fault(act: Act, acts: list[Act], plan: Plan) -> str:
    last = acts[-1] if acts else None
    if act.seal != plan.seal:
        return "belongs to another version of the plan"
    if act.before != (last.hash if last else START):
        return "does not follow the act before it"
    if last and act.at < last.at:
        return "is older than the act before it"
    return "" if act.by and act.role else "has nobody who did it, or no role"


def _rule_fault(act: Act, history: History) -> str:
    if act.answers and act.kind is not ActKind.ANSWER:
        return "only an answer answers comments"
    state = status(history, act.at).state
    if state in (PlanState.IN_FORCE, PlanState.WITHDRAWN):
        return "" if act.kind is ActKind.WITHDRAW and state is PlanState.IN_FORCE else f"the plan is {state}"
    if act.kind is ActKind.OPEN:
        return "" if state is PlanState.DRAFT else "the comment period was opened before"
    if act.kind is ActKind.COMMENT:
        return _comment_fault(act, state)
    if act.kind is ActKind.ANSWER:
        known = range(1, len(history.comments()) + 1)
        return (
            ""
            if act.text and act.answers and all(n in known for n in act.answers)
            else "answers no comment that exists"
        )
    if act.kind is ActKind.APPROVE:
        return _approval_fault(act, history, state)
    return "" if act.text else "a plan is withdrawn for a reason"


def _comment_fault(act: Act, state: PlanState) -> str:
    if state is not PlanState.COMMENTS:
        return "the comment period is not open"
    return "" if act.text else "the comment is empty"


def _approval_fault(act: Act, history: History, state: PlanState) -> str:
    if _person(act.by) == _person(history.plan.drafted_by):
        return "nobody approves what they drafted"
    if any(each.kind is ActKind.APPROVE and _person(each.by) == _person(act.by) for each in history.acts):
        return "this person has approved already"
    return "" if state is PlanState.APPROVING else "the comment period is not over, or comments are unanswered"


def _person(name: str) -> str:
    """The name without what only looks different: case, spaces, and forms of one letter (Unicode NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def status(history: History, at: Instant) -> Status:
    """Where the plan stands at `at`: comment period over, all comments answered, enough different approvers."""
    acts, plan = [act for act in history.acts if act.at <= at], history.plan
    opened = next((act for act in acts if act.kind is ActKind.OPEN), None)
    end = Instant(opened.at.start + timedelta(days=plan.days("comment"))) if opened else None
    comments = sum(act.kind is ActKind.COMMENT for act in acts)
    answered = {number for act in acts if act.kind is ActKind.ANSWER for number in act.answers}
    unanswered = tuple(number for number in range(1, comments + 1) if number not in answered)
    approvals = tuple(act.by for act in acts if act.kind is ActKind.APPROVE)
    state = _state(acts, end, at, unanswered, len(approvals) >= plan.approvals_needed)
    missing = _missing(state, end, unanswered, plan.approvals_needed - len(approvals))
    return Status(state, comments, unanswered, approvals, end, missing)


def _state(acts: list[Act], end: Instant | None, at: Instant, unanswered: tuple[int, ...], enough: bool) -> PlanState:
    if any(act.kind is ActKind.WITHDRAW for act in acts):
        return PlanState.WITHDRAWN
    if end is None:
        return PlanState.DRAFT
    if at.start < end.start:
        return PlanState.COMMENTS
    if unanswered:
        return PlanState.ANSWERING
    return PlanState.IN_FORCE if enough else PlanState.APPROVING


def _missing(state: PlanState, end: Instant | None, unanswered: tuple[int, ...], approvals: int) -> tuple[str, ...]:
    if state in (PlanState.IN_FORCE, PlanState.WITHDRAWN):
        return ()
    found = ["the comment period has not begun"] if end is None else []
    if state is PlanState.COMMENTS:
        found.append(f"comments until {end}")
    if unanswered:
        found.append(f"{len(unanswered)} comments without an answer")
    if approvals > 0:
        found.append(f"{approvals} more approvals by persons who did not draft it")
    return tuple(found)


def read_history(plan: Plan, text: str, file: str) -> History:
    """From JSON lines; a line that cannot be read or may not follow raises Refused with its number."""
    defects, history = Defects(), History(plan)
    rows = text.removesuffix("\n").split("\n") if text else []  # a text may hold U+2028, where splitlines would cut
    if len(rows) > ACTS_MAX:
        defects.add(file, ACTS_MAX + 1, f"more than {ACTS_MAX:,} acts", "Is this the right file?")
        rows = []
    for line, row in enumerate(rows, 1):
        try:
            history.append(_act(load_json(row, file, defects)))
        except (ValueError, Refused) as error:
            defects.add(file, line, str(error), "The history cannot be changed afterwards: restore the line as it was")
            break
    if len(defects):
        raise Refused(*defects)
    return history


def _act(node: Node) -> Act:
    found = node.members(("act", "plan", "by", "role", "at", "text", "answers", "before"))
    texts = {name: each.value for name, each in found.items() if isinstance(each.value, str)}
    answers = tuple(each.whole() for each in found["answers"].items(ACTS_MAX)) if "answers" in found else ()
    wrong = sorted(found.keys() - texts.keys() - {"answers"})
    if wrong:
        raise ValueError("is not text: " + ", ".join(wrong))
    missing = {"act", "plan", "by", "role", "at", "before"} - texts.keys()
    if missing:
        raise ValueError("the line lacks " + ", ".join(sorted(missing)))
    at = Instant.parse(texts["at"])
    kind = ActKind(texts["act"])
    return Act(kind, texts["plan"], texts["by"], texts["role"], at, texts.get("text", ""), answers, texts["before"])


def written(history: History) -> str:
    """The history as JSON lines."""
    return "".join(json.dumps(act.json(), ensure_ascii=False, sort_keys=True) + "\n" for act in history.acts)
