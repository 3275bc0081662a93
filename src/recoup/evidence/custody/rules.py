"""What may follow what, who must sign: the state machine of custody. Each rule has an id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recoup.evidence.custody.model import UNKNOWN, Action, Collected, Examined, HandOver, Sealed, State, Step
from recoup.evidence.custody.signing import parse_step
from recoup.evidence.encoding import Malformed
from recoup.evidence.note import ED25519, Note, Untrusted, VerifierKey

RULES: Mapping[str, str] = {
    "CU-01": "an item is collected first, and once",
    "CU-02": "the action is allowed in the item's state",
    "CU-03": "a returned or destroyed item takes no further step",
    "CU-04": "a step names the item and the step before it",
    "CU-05": "time does not run back between steps",
    "CU-06": "the actor is the item's custodian",
    "CU-07": "the actor has signed",
    "CU-08": "a hand-over is signed by giver and receiver",
    "CU-09": "giver and receiver are two people; the giver is the actor",
    "CU-10": "signatures are by keys that are enrolled, and true",
    "CU-11": "an examination names the copy that it worked on, and the item has a content hash",
}

_HELD = frozenset({State.SEALED, State.TRANSFERRED, State.EXAMINED, State.EXHIBITED})
ALLOWED: Mapping[Action, frozenset[State]] = {
    Action.SEAL: frozenset({State.COLLECTED}),
    Action.TRANSFER: _HELD,
    Action.EXAMINE: _HELD,
    Action.EXHIBIT: _HELD - {State.EXHIBITED},
    Action.RETURN: _HELD,
    Action.DESTROY: _HELD,
}
_RESULT: Mapping[Action, State] = {
    Action.COLLECT: State.COLLECTED,
    Action.SEAL: State.SEALED,
    Action.TRANSFER: State.TRANSFERRED,
    Action.EXAMINE: State.EXAMINED,
    Action.EXHIBIT: State.EXHIBITED,
    Action.RETURN: State.RETURNED,
    Action.DESTROY: State.DESTROYED,
}
FINAL = frozenset({State.RETURNED, State.DESTROYED})


class IllegalStep(Exception):
    """A step that a rule forbids; `rule` is its id in RULES."""

    def __init__(self, rule: str, why: str) -> None:
        self.rule = rule
        super().__init__(f"{rule} ({RULES[rule]}): {why}")


@dataclass(frozen=True, slots=True)
class Chain:
    """The custody of one item up to now: its signed steps, its state, and who has it (name of the custodian's key)."""

    notes: tuple[Note, ...]
    steps: tuple[Step, ...]
    state: State
    custodian: str

    @property
    def head(self) -> str:
        """SHA-256 (hex) of the last step's text: what the next step names as `previous`."""
        return step_hash(self.notes[-1])

    @property
    def sealed(self) -> Sealed | None:
        """What was sealed, once it was."""
        return next((step.details for step in self.steps if isinstance(step.details, Sealed)), None)

    @classmethod
    def begin(cls, note: Note, keys: Iterable[VerifierKey]) -> Chain:
        """The chain that a `collect` step begins; IllegalStep with the rule that forbids it."""
        step = parse_step(note)
        if step.action is not Action.COLLECT or step.previous:
            raise IllegalStep("CU-01", f"{step.item} begins with {step.action}")
        _check_signatures(note, {step.actor}, keys)
        return cls((note,), (step,), State.COLLECTED, step.actor)

    def then(self, note: Note, keys: Iterable[VerifierKey]) -> Chain:
        """The chain with one more step; IllegalStep with the rule that forbids it, Malformed where it is no step."""
        step = parse_step(note)
        self._check_order(step)
        self._check_people(step)
        receiver = step.details.receiver if isinstance(step.details, HandOver) else None
        _check_signatures(note, {step.actor, receiver} - {None}, keys)
        if isinstance(step.details, Examined):
            self._check_examination(step.details)
        return Chain((*self.notes, note), (*self.steps, step), _RESULT[step.action], receiver or self.custodian)

    @classmethod
    def of(cls, notes: Iterable[Note], keys: Iterable[VerifierKey]) -> Chain:
        """The whole chain from its notes in order; ValueError where there is none."""
        enrolled, waiting = list(keys), list(notes)
        if not waiting:
            raise ValueError("there is no custody record")
        chain = cls.begin(waiting[0], enrolled)
        for note in waiting[1:]:
            chain = chain.then(note, enrolled)
        return chain

    def _check_order(self, step: Step) -> None:
        last = self.steps[-1]
        if step.action is Action.COLLECT:
            raise IllegalStep("CU-01", f"{step.item} was collected before")
        if self.state in FINAL:
            raise IllegalStep("CU-03", f"{last.item} is {self.state}")
        if self.state not in ALLOWED[step.action]:
            raise IllegalStep("CU-02", f"{step.action} does not follow {self.state}")
        if step.item != last.item or step.previous != self.head:
            raise IllegalStep("CU-04", f"the step names {step.item} after {step.previous[:12] or 'nothing'}")
        if step.at < last.at:
            raise IllegalStep("CU-05", f"{step.at} is before {last.at}")

    def _check_people(self, step: Step) -> None:
        if step.actor != self.custodian:
            raise IllegalStep("CU-06", f"{step.actor} is not the custodian {self.custodian}")
        details = step.details
        if isinstance(details, HandOver) and (details.giver != step.actor or details.receiver == details.giver):
            raise IllegalStep("CU-09", f"from {details.giver} to {details.receiver} by {step.actor}")

    def _check_examination(self, details: Examined) -> None:
        if details.working_sha256 == UNKNOWN or self.sealed is None or self.sealed.sha256 == UNKNOWN:
            raise IllegalStep("CU-11", "no copy is named, or the item has no content hash")

    @property
    def collected(self) -> Collected:
        """What was collected, by the first step."""
        details = self.steps[0].details
        assert isinstance(details, Collected)
        return details


def step_hash(note: Note) -> str:
    """SHA-256 (hex) of a step's text."""
    return hashlib.sha256(note.text.encode()).hexdigest()


def _check_signatures(note: Note, needed: Iterable[str | None], keys: Iterable[VerifierKey]) -> None:
    try:
        signers = note.signers([key for key in keys if key.kind == ED25519])
    except Untrusted as error:
        raise IllegalStep("CU-10", str(error)) from error
    missing = sorted(str(name) for name in set(needed) - {key.name for key in signers})
    if missing:
        rule = "CU-07" if parse_step(note).actor in missing else "CU-08"
        raise IllegalStep(rule, f"not signed by {', '.join(missing)}")
    if len({key.public for key in signers}) < len({key.name for key in signers}):
        raise IllegalStep("CU-09", "two names sign with one key")


__all__ = ["ALLOWED", "FINAL", "RULES", "Chain", "IllegalStep", "Malformed", "step_hash"]
