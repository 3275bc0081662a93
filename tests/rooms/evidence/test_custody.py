from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rooms.evidence.build import at
from tests.rooms.evidence.keys import signer

from recoup.evidence.custody import (
    RULES,
    Acquisition,
    Action,
    Chain,
    Collected,
    Destroyed,
    Examined,
    Exhibited,
    HandOver,
    IllegalStep,
    ItemKind,
    KeyCustody,
    LegalAuthority,
    Sealed,
    State,
    Step,
    Tool,
    parse_step,
    sign_step,
    step_text,
)
from recoup.evidence.custody.model import OFFSET_MILLISECONDS_MAX, TEXT_CHARACTERS_MAX, Details
from recoup.evidence.custody.rules import ALLOWED, FINAL
from recoup.evidence.encoding import Malformed
from recoup.evidence.note import Note, parse_note

ANNA, BERT, CARLA = (signer(f"police.example/{name}") for name in ("anna", "bert", "carla"))
KEYS = [ANNA.verifier, BERT.verifier, CARLA.verifier]
TOOL = Tool("esplora-export", "3.1", "ab" * 32)
ACQUISITION = Acquisition(at(0), at(60), "ntp", -12, "Anna", TOOL, "esplora-export tx 4a5e", "bitcoin node 27.0")
COLLECTED = Collected(
    ItemKind.CHAIN_EXTRACT,
    "EX-1",
    "EX-1",
    LegalAuthority("order", "17 Gs 4/26", "Amtsgericht Bamberg"),
    ACQUISITION,
    "complete",
)
DETAILS: dict[Action, Details] = {
    Action.COLLECT: COLLECTED,
    Action.SEAL: Sealed("0" * 64, "1" * 64, 700),
    Action.TRANSFER: HandOver("police.example/anna", "police.example/bert", "analysis", "Bamberg", "sealed"),
    Action.EXAMINE: Examined("0" * 64, TOOL, "recoup trace ledger.csv"),
    Action.EXHIBIT: Exhibited("EX-1", "12 KLs 3/26"),
    Action.RETURN: HandOver("police.example/anna", "police.example/carla", "case closed", "Bamberg", "sealed"),
    Action.DESTROY: Destroyed("order of 3 May", "key destroyed"),
}


def step(action: Action, chain: Chain | None = None, number: int = 100, details: Details | None = None) -> Step:
    previous = chain.head if chain else ""
    return Step("item-1", action, at(number), ANNA.name, details or DETAILS[action], previous)


def signed(one: Step) -> Note:
    receiver = one.details.receiver if isinstance(one.details, HandOver) else ""
    return sign_step(one, [ANNA, *(person for person in (BERT, CARLA) if person.name == receiver)])


def collected() -> Chain:
    return Chain.begin(signed(step(Action.COLLECT)), KEYS)


def sealed() -> Chain:
    chain = collected()
    return chain.then(signed(step(Action.SEAL, chain)), KEYS)


def rule_of(chain: Chain, note: Note) -> str:
    with pytest.raises(IllegalStep) as raised:
        chain.then(note, KEYS)
    assert raised.value.rule in str(raised.value)
    return raised.value.rule


def test_the_whole_life_of_an_item() -> None:
    chain = sealed()
    assert (chain.state, chain.custodian) == (State.SEALED, ANNA.name)
    chain = chain.then(signed(step(Action.TRANSFER, chain)), KEYS)
    assert (chain.state, chain.custodian) == (State.TRANSFERRED, BERT.name)
    for action in (Action.EXAMINE, Action.EXHIBIT):
        one = replace(step(action, chain), actor=BERT.name)
        chain = chain.then(sign_step(one, [BERT]), KEYS)
    assert chain.state is State.EXHIBITED
    back = HandOver(BERT.name, CARLA.name, "case closed", "Bamberg", "as received")
    chain = chain.then(
        sign_step(replace(step(Action.RETURN, chain, details=back), actor=BERT.name), [BERT, CARLA]), KEYS
    )
    assert (chain.state, chain.custodian) == (State.RETURNED, CARLA.name)
    assert Chain.of([parse_note(str(note)) for note in chain.notes], KEYS) == chain
    assert chain.collected is COLLECTED or chain.collected == COLLECTED


@pytest.mark.parametrize("action", Action)
def test_text_and_back(action: Action) -> None:
    one = step(action, collected() if action is not Action.COLLECT else None)
    assert parse_step(parse_note(str(signed(one)))) == one
    assert step_text(one).startswith("recoup-custody/1\n{")


def test_every_pair_of_state_and_action() -> None:
    """The table of RULES CU-01 to CU-03, all 7 × 7 pairs."""
    begun = {State.COLLECTED: collected(), State.SEALED: sealed()}
    for action, state in (
        (Action.TRANSFER, State.TRANSFERRED),
        (Action.EXAMINE, State.EXAMINED),
        (Action.EXHIBIT, State.EXHIBITED),
        (Action.RETURN, State.RETURNED),
        (Action.DESTROY, State.DESTROYED),
    ):
        begun[state] = replace(sealed().then(signed(step(action, sealed())), KEYS), custodian=ANNA.name)
    assert set(begun) == set(State)
    legal = 0
    for state, chain in begun.items():
        for action in Action:
            note = signed(step(action, chain))
            if action in ALLOWED and state in ALLOWED[action]:
                assert chain.then(note, KEYS).state is not None
                legal += 1
            else:
                expected = "CU-01" if action is Action.COLLECT else "CU-03" if state in FINAL else "CU-02"
                assert rule_of(chain, note) == expected
    assert legal == 1 + 4 * 5 - 1


def test_nothing_begins_without_a_collection() -> None:
    for note in (
        signed(replace(step(Action.SEAL), previous="")),
        signed(replace(step(Action.COLLECT), previous="0" * 64)),
    ):
        with pytest.raises(IllegalStep, match="CU-01"):
            Chain.begin(note, KEYS)
    with pytest.raises(ValueError, match="no custody"):
        Chain.of([], KEYS)


def test_steps_are_bound_to_each_other() -> None:
    chain = sealed()
    other = replace(step(Action.TRANSFER, chain), item="item-2")
    assert rule_of(chain, signed(other)) == "CU-04"
    assert rule_of(chain, signed(replace(step(Action.TRANSFER, chain), previous="0" * 64))) == "CU-04"
    stale = signed(step(Action.TRANSFER, collected()))
    assert rule_of(chain, stale) == "CU-04"


def test_a_changed_step_in_the_middle_breaks_all_behind_it() -> None:
    chain = sealed()
    chain = chain.then(signed(step(Action.EXAMINE, chain)), KEYS)
    changed = signed(replace(parse_step(chain.notes[1]), at=at(101)))
    with pytest.raises(IllegalStep, match="CU-04"):
        Chain.of([chain.notes[0], changed, chain.notes[2]], KEYS)
    with pytest.raises(IllegalStep, match="CU-0"):
        Chain.of([chain.notes[0], chain.notes[2]], KEYS)


def test_time_does_not_run_back() -> None:
    chain = sealed()
    assert rule_of(chain, signed(step(Action.TRANSFER, chain, number=99))) == "CU-05"
    assert chain.then(signed(step(Action.TRANSFER, chain, number=100)), KEYS)


def test_only_the_custodian_acts() -> None:
    chain = sealed()
    one = replace(step(Action.EXAMINE, chain), actor=BERT.name)
    assert rule_of(chain, sign_step(one, [BERT])) == "CU-06"


def test_unsigned_and_half_signed_steps() -> None:
    chain = sealed()
    give = step(Action.TRANSFER, chain)
    assert rule_of(chain, sign_step(give, [ANNA])) == "CU-08"
    assert rule_of(chain, sign_step(give, [BERT])) == "CU-07"
    assert rule_of(chain, sign_step(give, [ANNA, CARLA])) == "CU-08"
    assert rule_of(chain, sign_step(step(Action.EXAMINE, chain), [CARLA])) == "CU-07"
    assert chain.then(sign_step(give, [BERT, ANNA]), KEYS).custodian == BERT.name


def test_a_hand_over_needs_two_people() -> None:
    chain = sealed()
    to_self = HandOver(ANNA.name, ANNA.name, "r", "p", "c")
    assert rule_of(chain, sign_step(step(Action.TRANSFER, chain, details=to_self), [ANNA])) == "CU-09"
    from_other = HandOver(CARLA.name, BERT.name, "r", "p", "c")
    assert rule_of(chain, signed(step(Action.TRANSFER, chain, details=from_other))) == "CU-09"
    twin = type(ANNA)(BERT.name, ANNA.private)
    note = sign_step(step(Action.TRANSFER, chain), [ANNA, twin])
    with pytest.raises(IllegalStep, match="CU-09"):
        chain.then(note, [ANNA.verifier, twin.verifier])


def test_unknown_and_false_signatures() -> None:
    chain = sealed()
    give = step(Action.TRANSFER, chain)
    with pytest.raises(IllegalStep, match="CU-08"):
        chain.then(signed(give), [ANNA.verifier])
    with pytest.raises(IllegalStep, match="CU-10"):
        chain.then(signed(give), [])
    other = signed(replace(give, at=at(101)))
    mixed = Note(step_text(give), other.signatures)
    assert rule_of(chain, mixed) == "CU-10"


def test_an_examination_names_its_copy() -> None:
    chain = sealed()
    unknown = Examined("unknown", TOOL, "x")
    assert rule_of(chain, signed(step(Action.EXAMINE, chain, details=unknown))) == "CU-11"
    thing = collected()
    thing = thing.then(signed(step(Action.SEAL, thing, details=Sealed("unknown", "unknown", 0, "bag 77"))), KEYS)
    assert rule_of(thing, signed(step(Action.EXAMINE, thing))) == "CU-11"
    assert thing.then(signed(step(Action.TRANSFER, thing)), KEYS)


def test_every_rule_is_tested_here() -> None:
    text = open(__file__).read()  # noqa: PTH123, SIM115
    assert [rule for rule in RULES if f'"{rule}"' not in text and f"={rule}" not in text] == []


@pytest.mark.parametrize("kind", [ItemKind.ENCRYPTED_CONTAINER, ItemKind.PROTECTED_ARCHIVE])
def test_containers_carry_a_key_custody_record(kind: ItemKind) -> None:
    with pytest.raises(Malformed, match="key-custody"):
        replace(COLLECTED, kind=kind)
    held = replace(COLLECTED, kind=kind, key_custody=KeyCustody("police.example/anna", "item-9"))
    assert parse_step(signed(step(Action.COLLECT, details=held))).details == held
    with pytest.raises(Malformed, match="key-custody"):
        replace(held, kind=ItemKind.FILE)


def test_an_offset_may_be_unknown() -> None:
    unknown = replace(COLLECTED, acquisition=replace(ACQUISITION, clock_source="unknown", clock_offset_ms=None))
    assert parse_step(signed(step(Action.COLLECT, details=unknown))).details == unknown


def test_limits_of_the_nouns() -> None:
    assert replace(ACQUISITION, clock_offset_ms=-OFFSET_MILLISECONDS_MAX)
    with pytest.raises(Malformed, match="offset"):
        replace(ACQUISITION, clock_offset_ms=OFFSET_MILLISECONDS_MAX + 1)
    with pytest.raises(Malformed, match="ends"):
        replace(ACQUISITION, ended=at(-1))
    assert replace(COLLECTED, condition="x" * TEXT_CHARACTERS_MAX)
    for text in ("x" * (TEXT_CHARACTERS_MAX + 1), "", "a\nb"):
        with pytest.raises(Malformed, match="condition"):
            replace(COLLECTED, condition=text)
    for seal in (("0" * 63, "1" * 64, 1), ("0" * 64, "1" * 64, -1), ("unknown", "unknown", 0)):
        with pytest.raises(Malformed, match="seal"):
            Sealed(*seal)
    with pytest.raises(Malformed, match="carries"):
        step(Action.SEAL, details=DETAILS[Action.DESTROY])
    with pytest.raises(Malformed, match="SHA-256"):
        replace(step(Action.SEAL), previous="x")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recoup-custody/1", "recoup-custody/2"),
        ('"action":"seal"', '"action":"steal"'),
        ('"size_bytes":700', '"size_bytes":"700"'),
        ('"size_bytes":700', '"size_bytes":true'),
        ('"size_bytes":700', '"size_bytes":700,"more":1'),
        ('"item":"item-1"', '"item":"item-1","more":"1"'),
        ('"item":"item-1",', ""),
        ('"item":"item-1"', '"item": "item-1"'),
        ("{", "["),
    ],
)
def test_other_texts_are_no_steps(old: str, new: str) -> None:
    text = step_text(step(Action.SEAL, collected()))
    assert old in text
    changed = text.replace(old, new, 1)
    with pytest.raises(Malformed):
        parse_step(Note(changed, (ANNA.sign(changed),)))
