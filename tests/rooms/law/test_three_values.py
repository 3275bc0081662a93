"""Three-valued conditions: truth tables, denials, sentences, limits; what rests on nothing known is unknown."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Answer
from recoup.law.condition import EXPRESSION_CHARACTERS_MAX, EXPRESSION_TERMS_MAX, parse
from recoup.law.expression import facts_of, leaves, verdict
from recoup.law.facts import VOCABULARY, Facts, FactType, Value
from recoup.law.load import built_in
from recoup.law.sentence import clause, sentence

YES, NO, OPEN = Answer.YES, Answer.NO, Answer.UNKNOWN
A, B = "offence.fraud", "offence.laundering"
VALUES: dict[Answer, Value] = {YES: True, NO: False, OPEN: None}
AND = {
    (YES, YES): YES, (YES, NO): NO, (YES, OPEN): OPEN, (NO, YES): NO, (NO, NO): NO, (NO, OPEN): NO,
    (OPEN, YES): OPEN, (OPEN, NO): NO, (OPEN, OPEN): OPEN,
}  # fmt: skip
OR = {
    (YES, YES): YES, (YES, NO): YES, (YES, OPEN): YES, (NO, YES): YES, (NO, NO): NO, (NO, OPEN): OPEN,
    (OPEN, YES): YES, (OPEN, NO): OPEN, (OPEN, OPEN): OPEN,
}  # fmt: skip
NOT = {YES: NO, NO: YES, OPEN: OPEN}


def facts(one: Answer, other: Answer) -> Facts:
    return Facts({A: VALUES[one], B: VALUES[other]})


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Answer, Answer)))
def test_kleenes_tables(one: Answer, other: Answer) -> None:
    """Kleene, Introduction to Metamathematics, § 64, strong connectives."""
    known = facts(one, other)
    assert parse(f"{A} and {B}").answer(known) is AND[one, other]
    assert parse(f"{A} or {B}").answer(known) is OR[one, other]
    assert parse(f"not {A}").answer(known) is NOT[one]


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Answer, Answer)))
def test_de_morgan_and_double_denial(one: Answer, other: Answer) -> None:
    known = facts(one, other)
    for left, right in (
        (f"not ({A} and {B})", f"not {A} or not {B}"),
        (f"not ({A} or {B})", f"not {A} and not {B}"),
        (f"not not {A}", A),
        (f"{A} and {B}", f"{B} and {A}"),
        (f"{A} or {A} and {B}", A),
    ):
        assert parse(left).answer(known) is parse(right).answer(known), left


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Answer, Answer)))
@pytest.mark.parametrize("text", [f"{A} and {B}", f"{A} or {B}", f"not ({A} and not {B})", f"{A} or not {B}"])
def test_a_verdict_answers_as_its_condition_and_says_why(text: str, one: Answer, other: Answer) -> None:
    """The reasons are those leaves that decide; an unknown verdict names only what is not known."""
    known = facts(one, other)
    found = verdict(parse(text), known)
    assert found.answer is parse(text).answer(known) and found.reasons
    if found.answer is OPEN:
        assert all(reason.startswith("not known: ") for reason in found.reasons)
    else:
        assert not any(reason.startswith("not known: ") for reason in found.reasons)


@pytest.mark.parametrize(
    ("sign", "answers"),
    [
        ("<", ["yes", "no", "no"]), ("<=", ["yes", "yes", "no"]), (">", ["no", "no", "yes"]),
        (">=", ["no", "yes", "yes"]), ("==", ["no", "yes", "no"]), ("!=", ["yes", "no", "yes"]),
    ],
)  # fmt: skip
def test_every_comparison_below_at_and_above_its_number(sign: str, answers: list[str]) -> None:
    condition = parse(f"offence.max_penalty_years {sign} 4")
    assert [condition.answer(Facts({"offence.max_penalty_years": years})) for years in (3, 4, 5)] == answers
    assert condition.answer(Facts({})) is OPEN
    denied = parse(f"not offence.max_penalty_years {sign} 4")
    for years in (3, 4, 5):
        known = Facts({"offence.max_penalty_years": years})
        assert denied.answer(known) is NOT[condition.answer(known)]


def test_the_sentence_of_a_denied_comparison_means_the_same() -> None:
    """`not more than 4` is read as `at most 4`: the words must turn with the sign."""
    words = {"<": "at least", "<=": "more than", ">": "at most", ">=": "less than", "==": "is not", "!=": "is 4"}
    for sign, word in words.items():
        assert word in clause(parse(f"not offence.max_penalty_years {sign} 4")), sign


@pytest.mark.parametrize("name", [name for name, spec in VOCABULARY.items() if spec.type is FactType.BOOL])
def test_every_yes_or_no_fact_can_be_said_and_denied(name: str) -> None:
    """Two clauses that differ; an explanation that says the same for yes and no explains nothing."""
    spec = VOCABULARY[name]
    assert spec.says and spec.denies and spec.says != spec.denies
    assert clause(parse(name)) == spec.says and clause(parse(f"not {name}")) == spec.denies
    assert verdict(parse(name), Facts({name: True})).reasons == (spec.says,)
    assert verdict(parse(name), Facts({name: False})).reasons == (spec.denies,)
    assert verdict(parse(name), Facts({})).reasons == (f"not known: whether {spec.says}",)


@pytest.mark.parametrize("name", [name for name, spec in VOCABULARY.items() if spec.type is FactType.TEXT])
def test_every_text_fact_is_asked_by_membership(name: str) -> None:
    one, several, other = parse(f"{name} == 'x'"), parse(f"{name} in ('x', 'y')"), parse(f"{name} not in ('x',)")
    assert [c.answer(Facts({name: "x"})) for c in (one, several, other)] == [YES, YES, NO]
    assert [c.answer(Facts({name: "z"})) for c in (one, several, other)] == [NO, NO, YES]
    assert [c.answer(Facts({})) for c in (one, several, other)] == [OPEN, OPEN, OPEN]
    assert sentence(several).endswith("is x or y.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("offence.fraud", 1), ("offence.fraud", "yes"), ("offence.max_penalty_years", True),
        ("offence.max_penalty_years", "3"), ("offence.max_penalty_years", 3.0), ("asset.family", 3),
        ("asset.family", True),
    ],
)  # fmt: skip
def test_a_fact_of_the_wrong_type_is_refused(name: str, value: Any) -> None:
    """`True` is an int to the language: a penalty of `True` years would be at least one year."""
    with pytest.raises(TypeError, match=name):
        Facts({name: value})


def test_facts_outside_the_vocabulary_are_refused() -> None:
    with pytest.raises(KeyError, match=r"offence\.colour"):
        Facts({"offence.colour": True})


def test_none_is_as_good_as_absent() -> None:
    known = Facts({A: None, B: True})
    assert known[A] is None and known.get(A) is None and known.known() == {B: True}
    assert known.but(offence__fraud=True)[A] is True and known[A] is None


def test_limits_of_the_language_at_their_edge() -> None:
    most = " or ".join(["abroad"] * EXPRESSION_TERMS_MAX)
    assert len(list(leaves(parse(most)))) == EXPRESSION_TERMS_MAX
    with pytest.raises(ValueError, match="terms"):
        parse(most + " or abroad")
    assert facts_of(parse(A.ljust(EXPRESSION_CHARACTERS_MAX))) == (A,)
    with pytest.raises(ValueError, match="characters"):
        parse(A.ljust(EXPRESSION_CHARACTERS_MAX + 1))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "(", "not", "and", f"{A} and", f"{A} {B}", f"{A};{B}", f"{A} if {B} else {A}", f"lambda: {A}", "f()",
        f"{A}()", f"{A}[0]", "[abroad]", "{abroad}", "abroad or 1", "1", "'x'", "None", "True", "~abroad", "-abroad",
        "abroad & abroad", "1 < offence.max_penalty_years", "1 < offence.max_penalty_years < 3", "abroad == abroad",
        "offence.max_penalty_years > 1.5", "offence.max_penalty_years > -1", "offence.max_penalty_years in (1, 2)",
        "asset.family > 'a'", "asset.family in 'bank'", "asset.family in ['bank']", "asset.family is 'bank'",
        "offence.fraud.x", "x := abroad", "abroad # and more", "abroad\x00", "\ud800", "not " * 50 + "abroad",
        "(" * 199 + "abroad" + ")" * 190, "import os", "__class__", "abroad\nabroad",
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_or_means_itself(text: str) -> None:
    """Anything but a condition raises ValueError, whatever Python would make of it; comments and chains of `not` may
    pass, but then ask about a fact of the vocabulary alone."""
    try:
        found = parse(text)
    except ValueError as error:
        assert str(error)
    else:
        assert set(facts_of(found)) <= set(VOCABULARY) and parse(str(found)) == found


TERMS = st.sampled_from(
    [A, B, "abroad", "true", "offence.max_penalty_years >= 3", "asset.family in ('bank', 'psp')", "asset.family != 'x'"]
)
CONDITIONS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
    ),
    max_leaves=6,
)
KNOWN = st.fixed_dictionaries(
    {
        A: st.sampled_from([None, True, False]),
        B: st.sampled_from([None, True, False]),
        "abroad": st.sampled_from([None, True, False]),
        "offence.max_penalty_years": st.sampled_from([None, 2, 3]),
        "asset.family": st.sampled_from([None, "bank", "x"]),
    }
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(CONDITIONS.filter(lambda text: len(text) <= EXPRESSION_CHARACTERS_MAX), KNOWN, st.data())
def test_more_knowledge_never_turns_an_answer(text: str, known: dict[str, Value], data: st.DataObject) -> None:
    """Monotone: a yes or no that was reached with something open stays, however the open question is settled."""
    condition, before = parse(text), parse(text).answer(Facts(known))
    settled = dict(known)
    choices: dict[str, list[Value]] = {"offence.max_penalty_years": [2, 3], "asset.family": ["bank", "x"]}
    for name, value in known.items():
        if value is None:
            settled[name] = data.draw(st.sampled_from(choices.get(name, [True, False])))
    after = condition.answer(Facts(settled))
    assert after is not OPEN
    assert before is OPEN or after is before
    assert parse(str(condition)) == condition and sentence(condition).endswith(".")


def test_a_question_about_which_nothing_is_known_opens_nothing() -> None:
    """No availability rule of the catalogue says yes when no fact is known, unless it asks for none."""
    nothing = Facts({})
    for instrument in built_in().instruments.values():
        for rule in instrument.rules:
            asked = facts_of(rule.when)
            assert rule.when.answer(nothing) is (OPEN if asked else YES), rule.id
    for guard in built_in().guards.values():
        assert guard.require.answer(nothing) is OPEN, guard.id
