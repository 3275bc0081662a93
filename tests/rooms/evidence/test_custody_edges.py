"""Custody at its edges: each field of each noun, each spelling, each pair of hands; both readers asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from tests.rooms.evidence.build import at
from tests.rooms.evidence.keys import cosigner, signer
from tests.rooms.evidence.test_custody import (
    ACQUISITION,
    ANNA,
    BERT,
    CARLA,
    COLLECTED,
    DETAILS,
    KEYS,
    TOOL,
    collected,
    rule_of,
    sealed,
    signed,
    step,
)

from recoup.evidence.custody import (
    RULES,
    Action,
    Chain,
    Examined,
    HandOver,
    IllegalStep,
    Sealed,
    State,
    Step,
    parse_step,
    sign_step,
    step_text,
)
from recoup.evidence.custody.model import OFFSET_MILLISECONDS_MAX, SIZE_BYTES_MAX, TEXT_CHARACTERS_MAX
from recoup.evidence.encoding import Malformed
from recoup.evidence.note import Note, Signature, parse_note
from recoup.evidence.standalone import verify
from recoup.ground import Instant, canonical_json

NOUNS = [
    *DETAILS.values(),
    TOOL,
    ACQUISITION,
    COLLECTED.authority,
    Examined("0" * 64, TOOL, "x", "seen"),
    Sealed("0" * 64, "1" * 64, 7, "bag 1"),
]
TEXTS = [(noun, field.name) for noun in NOUNS for field in fields(noun) if type(getattr(noun, field.name)) is str]


def renamed(noun: Any, name: str, value: str) -> Any:
    return replace(noun, **{name: value})


@pytest.mark.parametrize(("noun", "name"), TEXTS)
def test_every_text_of_every_noun_is_printable_and_has_an_end(noun: Any, name: str) -> None:
    for bad in ("x" * (TEXT_CHARACTERS_MAX + 1), "a\nb", "a\tb", "\x7f", "\u200b", "\u202e", "\ud800"):
        with pytest.raises(Malformed):
            renamed(noun, name, bad)
    if name in ("note", "reference"):
        assert getattr(renamed(noun, name, ""), name) == ""
    else:
        with pytest.raises(Malformed):
            renamed(noun, name, "")


@pytest.mark.parametrize("name", ["item", "actor"])
def test_the_texts_of_a_step_as_well(name: str) -> None:
    one = step(Action.SEAL)
    assert getattr(replace(one, **{name: "x" * TEXT_CHARACTERS_MAX}), name)  # type: ignore[arg-type]
    for bad in ("", "x" * (TEXT_CHARACTERS_MAX + 1), "a\x00"):
        with pytest.raises(Malformed, match=name):
            replace(one, **{name: bad})  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [0, 1, SIZE_BYTES_MAX])
def test_sizes_that_every_reader_of_json_keeps(size: int) -> None:
    one = step(Action.SEAL, details=Sealed("0" * 64, "1" * 64, size))
    assert parse_step(signed(one)) == one


def test_a_size_beyond_them_is_malformed_in_noun_and_text() -> None:
    with pytest.raises(Malformed, match="seal"):
        Sealed("0" * 64, "1" * 64, SIZE_BYTES_MAX + 1)
    text = step_text(step(Action.SEAL)).replace("700", str(SIZE_BYTES_MAX + 1))
    with pytest.raises(Malformed):
        parse_step(Note(text, (ANNA.sign(text),)))


@pytest.mark.parametrize("offset", [-OFFSET_MILLISECONDS_MAX, 0, OFFSET_MILLISECONDS_MAX])
def test_clock_offsets_up_to_their_limit(offset: int) -> None:
    details = replace(COLLECTED, acquisition=replace(ACQUISITION, clock_offset_ms=offset))
    assert parse_step(signed(step(Action.COLLECT, details=details))).details == details
    for beyond in (OFFSET_MILLISECONDS_MAX + 1, -OFFSET_MILLISECONDS_MAX - 1):
        with pytest.raises(Malformed, match="offset"):
            replace(ACQUISITION, clock_offset_ms=beyond)


def test_an_acquisition_may_end_as_it_starts_and_not_before() -> None:
    assert replace(ACQUISITION, started=at(60)).started == ACQUISITION.ended
    with pytest.raises(Malformed, match="ends"):
        replace(ACQUISITION, started=at(61))


@pytest.mark.parametrize("action", Action)
def test_no_action_carries_the_details_of_another(action: Action) -> None:
    for other, details in DETAILS.items():
        if type(details) is not type(DETAILS[action]):
            with pytest.raises(Malformed, match=f"a step {action} carries"):
                step(action, details=details)
        else:
            assert step(action, details=DETAILS[other])


# --- texts -----------------------------------------------------------------------------------------------------------


def note_of(text: str) -> Note:
    return Note(text, (ANNA.sign(text),))


def changed(change: Callable[[dict[str, Any]], object]) -> Note:
    """A canonical text with a step that no noun of ours would write."""
    values = json.loads(step_text(step(Action.COLLECT)).split("\n")[1])
    change(values)
    return note_of(f"recoup-custody/1\n{canonical_json(values).decode()}\n")


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another action": lambda step: step.update(action="lose"),
    "no action": lambda step: step.pop("action"),
    "an action that is a number": lambda step: step.update(action=7),
    "no time": lambda step: step.pop("at"),
    "a time of no calendar": lambda step: step.update(at="2026-02-30T00:00:00Z"),
    "a time in another zone": lambda step: step.update(at="2026-01-01T00:00:00+00:00"),
    "a time that is a number": lambda step: step.update(at=7),
    "no item": lambda step: step.pop("item"),
    "an item that is a list": lambda step: step.update(item=["item-1"]),
    "an actor that is a number": lambda step: step.update(actor=7),
    "a previous that is null": lambda step: step.update(previous=None),
    "details that are a text": lambda step: step.update(details="x"),
    "details that are a list": lambda step: step.update(details=[]),
    "no tool": lambda step: step["details"]["acquisition"].pop("tool"),
    "a tool that is a text": lambda step: step["details"]["acquisition"].update(tool="x"),
    "another kind": lambda step: step["details"].update(kind="rumour"),
    "an offset that is a text": lambda step: step["details"]["acquisition"].update(clock_offset_ms="1"),
    "an offset that is true": lambda step: step["details"]["acquisition"].update(clock_offset_ms=True),
    "a field too many, deep": lambda step: step["details"]["acquisition"]["tool"].update(more="x"),
    "a field too many": lambda step: step.update(more="x"),
    "key custody of a file": lambda step: step["details"].update(key_custody={"holder": "a", "key_item": "b"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_steps_that_are_none(name: str) -> None:
    with pytest.raises(Malformed):
        parse_step(changed(CHANGES[name]))


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        "recoup-custody/1\n",
        "recoup-custody/1\n\n",
        "recoup-custody/1\nnull\n",
        "recoup-custody/1\n7\n",
        "recoup-custody/1\n" + "[" * 5_000 + "\n",
        "recoup-custody/1\n{}\n",
        "x\n{}\n",
        "recoup-custody/1 \n{}\n",
    ],
)
def test_texts_that_are_none(text: str) -> None:
    with pytest.raises(Malformed):
        parse_step(note_of(text))


def test_a_second_line_or_a_space_is_another_text() -> None:
    text = step_text(step(Action.SEAL))
    for more in (text + "\n", text + "x\n", text[:-1] + " \n", text.replace(",", ", ", 1)):
        with pytest.raises(Malformed):
            parse_step(note_of(more))


# --- rules -----------------------------------------------------------------------------------------------------------


def test_every_rule_has_words() -> None:
    assert list(RULES) == [f"CU-{number:02}" for number in range(1, 12)]
    for rule in RULES:
        assert str(IllegalStep(rule, "why")) == f"{rule} ({RULES[rule]}): why"


@pytest.mark.parametrize("action", [Action.TRANSFER, Action.RETURN])
def test_hand_overs_need_both_hands(action: Action) -> None:
    chain = sealed()
    give = replace(step(action, chain), details=HandOver(ANNA.name, BERT.name, "r", "p", "c"))
    assert rule_of(chain, sign_step(give, [ANNA])) == "CU-08"
    assert rule_of(chain, sign_step(give, [ANNA, CARLA])) == "CU-08"
    assert rule_of(chain, sign_step(give, [BERT])) == "CU-07"
    assert rule_of(chain, sign_step(give, [CARLA])) == "CU-07"
    assert chain.then(sign_step(give, [BERT, ANNA]), KEYS).custodian == BERT.name


@pytest.mark.parametrize("receiver", ["police.example/nobody", "Police.example/bert", "police.example/bert "])
def test_a_receiver_is_an_enrolled_name_to_the_letter(receiver: str) -> None:
    chain = sealed()
    give = replace(step(Action.TRANSFER, chain), details=HandOver(ANNA.name, receiver, "r", "p", "c"))
    assert rule_of(chain, sign_step(give, [ANNA, BERT])) == "CU-08"


def test_one_person_under_two_names_does_not_hand_over_to_herself() -> None:
    chain = sealed()
    alias = replace(ANNA, name=BERT.name)
    give = sign_step(step(Action.TRANSFER, chain), [ANNA, alias])
    with pytest.raises(IllegalStep, match="one key"):
        chain.then(give, [ANNA.verifier, alias.verifier])


@pytest.mark.parametrize("at_byte", [0, 31, 32, 63])
def test_a_false_signature_of_the_receiver(at_byte: int) -> None:
    chain = sealed()
    note = signed(step(Action.TRANSFER, chain))
    value = bytearray(note.signatures[1].value)
    value[at_byte] ^= 1
    false = Signature(BERT.name, note.signatures[1].key_id, bytes(value))
    assert rule_of(chain, Note(note.text, (note.signatures[0], false))) == "CU-10"


def test_a_witness_key_signs_no_custody() -> None:
    """A cosignature under an enrolled name is none of that person's signatures."""
    chain = sealed()
    twin = replace(cosigner(), name=BERT.name)
    text = signed(step(Action.TRANSFER, chain)).text
    note = Note(text, (ANNA.sign(text), twin.cosign(text, 5)))
    with pytest.raises(IllegalStep, match="CU-08"):
        chain.then(note, [*KEYS, twin.verifier])


@pytest.mark.parametrize("microseconds", [0, 1])
def test_time_may_stand_still_and_not_run_back_by_a_microsecond(microseconds: int) -> None:
    chain = sealed()
    before = chain.steps[-1].at.start
    late = Instant(before.replace(microsecond=500))
    held = replace(chain, steps=(*chain.steps[:-1], replace(chain.steps[-1], at=late)))
    one = replace(step(Action.EXHIBIT, held), at=Instant(before.replace(microsecond=500 - microseconds)))
    if microseconds:
        assert rule_of(held, signed(one)) == "CU-05"
    else:
        assert held.then(signed(one), KEYS).state is State.EXHIBITED


def test_an_item_goes_round_and_comes_back() -> None:
    chain = sealed()
    for giver, receiver in ((ANNA, BERT), (BERT, CARLA), (CARLA, ANNA), (ANNA, CARLA)):
        details = HandOver(giver.name, receiver.name, "r", "p", "c")
        one = Step("item-1", Action.TRANSFER, at(100), giver.name, details, chain.head)
        chain = chain.then(sign_step(one, [giver, receiver]), KEYS)
        assert chain.custodian == receiver.name
        stale = replace(one, previous=chain.head)
        assert rule_of(chain, sign_step(stale, [giver, receiver])) == "CU-06"


def test_nobody_can_exhibit_what_is_exhibited() -> None:
    chain = sealed()
    chain = chain.then(signed(step(Action.EXHIBIT, chain)), KEYS)
    assert rule_of(chain, signed(step(Action.EXHIBIT, chain))) == "CU-02"
    chain = chain.then(signed(step(Action.EXAMINE, chain)), KEYS)
    assert chain.then(signed(step(Action.EXHIBIT, chain)), KEYS).state is State.EXHIBITED


def test_a_refused_step_leaves_the_chain_as_it_was() -> None:
    chain = sealed()
    before = (chain.notes, chain.steps, chain.state, chain.custodian, chain.head)
    rule_of(chain, signed(step(Action.SEAL, chain)))
    assert (chain.notes, chain.steps, chain.state, chain.custodian, chain.head) == before


def test_signatures_added_later_change_no_hash() -> None:
    chain = sealed()
    more = chain.notes[-1].with_signatures([CARLA.sign(chain.notes[-1].text)])
    again = Chain.of([chain.notes[0], more], KEYS)
    assert again.head == chain.head
    assert again.then(signed(step(Action.EXHIBIT, chain)), KEYS)


# --- the standalone reader -------------------------------------------------------------------------------------------


def alone(notes: list[Note], keys: list[str] | None = None) -> str:
    try:
        return "yes: " + verify.check_custody([str(note).encode() for note in notes], keys or [str(k) for k in KEYS])
    except (verify.No, KeyError, TypeError, AttributeError) as error:
        return f"no: {error!r}"


@pytest.mark.parametrize("when", ["", "zzz", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00", "9999", " ", "٢٠٢٦"])
def test_a_time_that_is_none_is_no_proof_of_order(when: str) -> None:
    """It sorts somewhere as a text; neither reader takes it."""
    note = changed(lambda step: step.update(at=when))
    assert alone([note]).startswith("no: ")
    with pytest.raises(Malformed):
        Chain.of([note], KEYS)


@pytest.mark.parametrize(
    "name", ["no action", "no time", "no item", "details that are a list", "a time that is a number"]
)
def test_steps_without_their_parts_are_refused_by_both(name: str) -> None:
    note = changed(CHANGES[name])
    if name != "details that are a list":
        assert alone([note]).startswith("no: ")
    with pytest.raises(Malformed):
        Chain.of([note], KEYS)


def test_a_sealed_chain_is_accepted_by_both_and_its_rest_by_none() -> None:
    notes = list(sealed().notes)
    assert alone(notes) == "yes: item-1: seal is the last of 2 steps, held by police.example/anna"
    assert alone([parse_note(str(note)) for note in notes[:1]]).startswith("yes")
    for wrong in (notes[1:], notes[::-1], [*notes, notes[-1]], [*notes, notes[0]], []):
        assert alone(wrong).startswith("no: ")
        with pytest.raises((IllegalStep, ValueError)):
            Chain.of(wrong, KEYS)


@pytest.mark.parametrize("key", ["", "x", str(signer("stranger.example").verifier), "a\udcff+00000000+eA=="])
def test_other_keys_accept_no_custody(key: str, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    path = tmp_path / "step"
    path.write_text(str(collected().notes[0]))
    assert verify.main(["custody", str(path), "--key", key]) == 1
    assert capsys.readouterr().out.startswith("no: ")
