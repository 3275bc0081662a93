"""Laws of custody: whatever people try, the chain stays one that every verifier accepts."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.rooms.evidence.build import at
from tests.rooms.evidence.keys import signer
from tests.rooms.evidence.test_custody import DETAILS

from recoup.evidence.custody import Action, Chain, HandOver, IllegalStep, State, Step, sign_step
from recoup.evidence.custody.rules import ALLOWED
from recoup.evidence.note import parse_note

PEOPLE = [signer(f"police.example/{name}") for name in ("anna", "bert", "carla")]
KEYS = [person.verifier for person in PEOPLE]
people = st.sampled_from(PEOPLE)


class Custody(RuleBasedStateMachine):
    """A model that knows only state and holder, beside the real chain."""

    def __init__(self) -> None:
        super().__init__()
        first = Step("item-1", Action.COLLECT, at(0), PEOPLE[0].name, DETAILS[Action.COLLECT])
        self.chain = Chain.begin(sign_step(first, [PEOPLE[0]]), KEYS)
        self.holder, self.state, self.clock = PEOPLE[0].name, State.COLLECTED, 0

    @rule(
        action=st.sampled_from(list(Action)),
        actor=people,
        receiver=people,
        signers=st.sets(st.sampled_from(range(3))),
        seconds=st.integers(-1, 5),
    )
    def try_step(self, action: Action, actor: object, receiver: object, signers: set[int], seconds: int) -> None:
        giver, taker = getattr(actor, "name", ""), getattr(receiver, "name", "")
        over = action in (Action.TRANSFER, Action.RETURN)
        details = HandOver(giver, taker, "r", "p", "c") if over else DETAILS[action]
        step = Step("item-1", action, at(self.clock + seconds), giver, details, self.chain.head)
        signed_by = {PEOPLE[number].name for number in signers}
        legal = (
            action is not Action.COLLECT
            and self.state in ALLOWED[action]
            and giver == self.holder
            and seconds >= 0
            and ({giver, taker} if over else {giver}) <= signed_by
            and (not over or giver != taker)
        )
        note = None if not signers else sign_step(step, [PEOPLE[number] for number in sorted(signers)])
        if note is None:
            return
        try:
            self.chain = self.chain.then(note, KEYS)
        except IllegalStep:
            assert not legal
            return
        assert legal
        self.state, self.clock = self.chain.state, self.clock + seconds
        self.holder = taker if over else self.holder

    @invariant()
    def chain_reads_back(self) -> None:
        assert Chain.of([parse_note(str(note)) for note in self.chain.notes], KEYS) == self.chain
        assert (self.chain.state, self.chain.custodian) == (self.state, self.holder)
        assert not any(step.action is Action.COLLECT for step in self.chain.steps[1:])


TestCustody = Custody.TestCase
TestCustody.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
