"""Conditions are three-valued, monotone and total, whatever they are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.ground import Answer
from recoup.law.condition import parse
from recoup.law.expression import All, Any, Compares, Expression, Holds, IsOneOf, Not, facts_of, leaves, verdict
from recoup.law.facts import VOCABULARY, Facts, FactType, Value
from recoup.law.sentence import clause, sentence

STEADY = settings(max_examples=150, deadline=None, derandomize=True)
BOOLS = ["offence.fraud", "abroad", "order.final", "asset.hosted"]
INTS = ["offence.max_penalty_years", "evidence.level"]
TEXTS = ["asset.family", "requested.state"]

LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Holds, st.sampled_from(BOOLS)),
    st.builds(Compares, st.sampled_from(INTS), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 5)),
    st.builds(IsOneOf, st.sampled_from(TEXTS), st.sampled_from([("bank",), ("bank", "FR"), ("CY", "coin")])),
)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
VALUES: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {
        **{name: st.sampled_from([None, True, False]) for name in BOOLS},
        **{name: st.sampled_from([None, 0, 2, 3, 5]) for name in INTS},
        **{name: st.sampled_from([None, "bank", "FR", "CY", "coin"]) for name in TEXTS},
    }
)


@STEADY
@given(EXPRESSIONS, VALUES)
def test_the_answer_with_reasons_is_the_answer(expression: Expression, values: dict[str, Value]) -> None:
    facts = Facts(values)
    found = verdict(expression, facts)
    assert found.answer is expression.answer(facts)
    assert found.reasons and all(found.reasons)


@STEADY
@given(EXPRESSIONS, VALUES, st.sampled_from([*BOOLS, *INTS, *TEXTS]))
def test_learning_more_never_turns_a_settled_answer(
    expression: Expression, values: dict[str, Value], name: str
) -> None:
    """Monotone: what is yes or no while a fact is not known stays so once it is known."""
    less = Facts({**values, name: None}).known()
    before = expression.answer(Facts(less))
    after = expression.answer(Facts(values))
    assert before is Answer.UNKNOWN or before is after


@STEADY
@given(EXPRESSIONS)
def test_where_nothing_is_known_every_condition_is_unknown(expression: Expression) -> None:
    assert expression.answer(Facts({})) is Answer.UNKNOWN


@STEADY
@given(EXPRESSIONS, VALUES)
def test_denial_turns_yes_and_no_and_keeps_unknown(expression: Expression, values: dict[str, Value]) -> None:
    facts = Facts(values)
    turned = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}
    assert Not(expression).answer(facts) is turned[expression.answer(facts)]
    assert Not(Not(expression)).answer(facts) is expression.answer(facts)


@STEADY
@given(EXPRESSIONS, EXPRESSIONS, VALUES)
def test_de_morgan(one: Expression, other: Expression, values: dict[str, Value]) -> None:
    facts = Facts(values)
    assert Not(All((one, other))).answer(facts) is Any((Not(one), Not(other))).answer(facts)
    assert Not(Any((one, other))).answer(facts) is All((Not(one), Not(other))).answer(facts)
    assert All((one, other)).answer(facts) is All((other, one)).answer(facts)


@STEADY
@given(EXPRESSIONS)
def test_text_reads_back_as_the_same_condition(expression: Expression) -> None:
    text = str(expression)
    if len(text) <= 400:
        assert str(parse(text)) == str(parse(str(parse(text))))
        assert set(facts_of(parse(text))) == set(facts_of(expression))


@STEADY
@given(EXPRESSIONS, VALUES)
def test_only_named_facts_matter(expression: Expression, values: dict[str, Value]) -> None:
    named = set(facts_of(expression))
    only = {name: value for name, value in values.items() if name in named}
    assert expression.answer(Facts(values)) is expression.answer(Facts(only))
    assert len(list(leaves(expression))) >= len(named)


@STEADY
@given(EXPRESSIONS)
def test_every_condition_has_its_sentence(expression: Expression) -> None:
    found = sentence(expression)
    assert found.endswith(".") and "_" not in found and "  " not in found
    assert clause(Not(expression)) == clause(expression, negated=True)


@STEADY
@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_is_refused(text: str) -> None:
    try:
        found = parse(text)
    except ValueError:
        return
    assert found.answer(Facts({})) in Answer


def test_every_fact_of_the_vocabulary_can_be_asked_about() -> None:
    for name, spec in VOCABULARY.items():
        text = {FactType.BOOL: name, FactType.INT: f"{name} >= 1", FactType.TEXT: f"{name} == 'x'"}[spec.type]
        assert facts_of(parse(text)) == (name,)
