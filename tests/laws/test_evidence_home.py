"""Laws of a case home: whatever people do in whatever order, the audit stays clean and the model agrees."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.rooms.evidence.test_custody import ANNA, BERT, COLLECTED

from recoup.evidence.custody import Action, HandOver, IllegalStep, State, Step, sign_step
from recoup.evidence.home import (
    Held,
    SealOrder,
    audit_home,
    chain_of,
    create_home,
    enrol,
    erase,
    extend,
    hold,
    items,
    open_home,
    release,
    rotate_agency_key,
    seal_file,
)
from recoup.evidence.keys import AgencyKey, Shredded, new_key
from recoup.evidence.merkle import leaf_hash
from recoup.evidence.note import Signer
from recoup.evidence.policy import Policy

PEOPLE = {person.name: person for person in (ANNA, BERT)}
subjects = st.sampled_from(["case-1", "case-2", "case-3"])


class CaseHome(RuleBasedStateMachine):
    """The model: holder of each item, subjects that are held or erased."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = create_home(self.folder / "home", "agency-a.example/log", {})
        enrol(self.home, ANNA.verifier)
        enrol(self.home, BERT.verifier, ANNA.verifier)
        self.log_key = self.home.signer.verifier
        self.holders: dict[str, str] = {}
        self.subject_of: dict[str, str] = {}
        self.held: set[str] = set()
        self.erased: set[str] = set()

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    @rule(data=st.binary(max_size=200), subject=subjects, name=st.sampled_from(["a.csv", "b.txt"]))
    def seal(self, data: bytes, subject: str, name: str) -> None:
        path = self.folder / name
        path.write_bytes(data)
        try:
            result = seal_file(self.home, SealOrder(path, subject, COLLECTED), ANNA)
        except Shredded:
            assert subject in self.erased
            return
        assert subject not in self.erased
        assert result.known is (result.item in self.holders)
        self.holders.setdefault(result.item, ANNA.name)
        self.subject_of[result.item] = subject

    @rule(number=st.integers(0, 20), giver=st.sampled_from(sorted(PEOPLE)), receiver=st.sampled_from(sorted(PEOPLE)))
    def hand_over(self, number: int, giver: str, receiver: str) -> None:
        living = [item for item in self.holders if self.subject_of[item] not in self.erased]
        if not living:
            return
        item = living[number % len(living)]
        details = HandOver(giver, receiver, "r", "p", "c")
        head = chain_of(self.home, item).head
        step = Step(item, Action.TRANSFER, self.home.clock(), giver, details, head)
        signers: list[Signer] = [PEOPLE[name] for name in sorted({giver, receiver})]
        try:
            extend(self.home, sign_step(step, signers), PEOPLE[giver].verifier)
        except IllegalStep:
            assert giver != self.holders[item] or giver == receiver
            return
        assert giver == self.holders[item] != receiver
        self.holders[item] = receiver

    @rule(subject=subjects)
    def hold_subject(self, subject: str) -> None:
        if self.home.keys.has(subject):
            hold(self.home, subject, "order", ANNA.verifier)
            self.held.add(subject)

    @rule(subject=subjects)
    def release_subject(self, subject: str) -> None:
        if self.home.keys.has(subject):
            release(self.home, subject, "order", ANNA.verifier)
            self.held.discard(subject)

    @rule(subject=subjects)
    def erase_subject(self, subject: str) -> None:
        try:
            erase(self.home, subject, BERT.verifier)
        except Held:
            assert subject in self.held
            return
        assert subject not in self.held
        self.erased.add(subject)

    @rule()
    def rotate(self) -> None:
        rotate_agency_key(self.home.root, AgencyKey(new_key()))
        self.home = open_home(self.home.root, {})

    @rule()
    def reopen(self) -> None:
        self.home = open_home(self.home.root, {})

    @invariant()
    def audit_is_clean(self) -> None:
        assert audit_home(self.home, [self.log_key]) == []

    @invariant()
    def log_tells_what_the_model_knows(self) -> None:
        assert {item for item, _ in items(self.home)} == set(self.holders)
        for item, holder in self.holders.items():
            if self.subject_of[item] not in self.erased:
                chain = chain_of(self.home, item)
                assert chain.custodian == holder and chain.state in (State.SEALED, State.TRANSFERRED)

    @invariant()
    def newest_entry_has_its_proof(self) -> None:
        last = self.home.log.size - 1
        ((_, leaf),) = self.home.storage.leaves(last, last + 1)
        assert self.home.log.proof(last).verify(leaf_hash(leaf), Policy.of([self.log_key], [], 0)).size == last + 1


TestCaseHome = CaseHome.TestCase
TestCaseHome.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)
