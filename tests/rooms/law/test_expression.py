"""Conditions: what parses, what it answers, what it says."""

from __future__ import annotations

import itertools

import pytest

from recoup.ground import Answer
from recoup.law.condition import EXPRESSION_CHARACTERS_MAX, EXPRESSION_TERMS_MAX, parse
from recoup.law.expression import facts_of, verdict
from recoup.law.facts import VOCABULARY, Facts, FactType
from recoup.law.sentence import clause, sentence

LISTED = "offence.listed_32 and offence.max_penalty_years >= 3"


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"offence.listed_32": True, "offence.max_penalty_years": 3}, "yes"),
        ({"offence.listed_32": True, "offence.max_penalty_years": 2}, "no"),
        ({"offence.listed_32": False}, "no"),
        ({"offence.listed_32": True}, "unknown"),
        ({}, "unknown"),
        ({"offence.max_penalty_years": 2}, "no"),
    ],
)
def test_and_is_kleene(values: dict[str, bool | int], answer: str) -> None:
    assert parse(LISTED).answer(Facts(values)) == answer


def test_not_or_and_membership() -> None:
    expression = parse("not offence.fraud or asset.family in ('bank', 'psp')")
    assert expression.answer(Facts({"asset.family": "psp"})) == Answer.YES
    assert expression.answer(Facts({"offence.fraud": True})) == Answer.UNKNOWN
    assert expression.answer(Facts({"offence.fraud": True, "asset.family": "token"})) == Answer.NO
    assert parse("requested.state != 'US'").answer(Facts({"requested.state": "US"})) == Answer.NO
    assert parse("requested.state not in ('US', 'GB')").answer(Facts({"requested.state": "FR"})) == Answer.YES
    assert parse("true").answer(Facts({})) == Answer.YES


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("offence.nothing", "no fact is called 'offence.nothing'"),
        ("offence.max_penalty_years", "is int, not bool"),
        ("offence.fraud == true", "not part of the language"),
        ("offence.fraud == True", "stands by itself"),
        ("offence.max_penalty_years >= '3'", "not part of the language"),
        ("asset.family == 3", "asset.family is text, not int"),
        ("asset.family in ()", "not part of the language"),
        ("asset.family in ('bank', 3)", "is not a text"),
        ("__import__('os').system('true')", "not part of the language"),
        ("1 < offence.max_penalty_years < 3", "not part of the language"),
        ("offence.fraud and", "is not an expression"),
        ("a.b.c", "not the name of a fact"),
        ("", "is not an expression"),
        ("(" * 300 + ")" * 300, "characters|not an expression"),
    ],
)
def test_what_is_not_of_the_language(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)


def test_limits_at_their_edge() -> None:
    fact = "offence.fraud"
    parse(" or ".join(["abroad"] * EXPRESSION_TERMS_MAX))
    with pytest.raises(ValueError, match="terms"):
        parse(" or ".join(["abroad"] * (EXPRESSION_TERMS_MAX + 1)))
    parse(fact.ljust(EXPRESSION_CHARACTERS_MAX))
    with pytest.raises(ValueError, match="characters"):
        parse(fact.ljust(EXPRESSION_CHARACTERS_MAX + 1))


def test_text_of_an_expression_reads_back() -> None:
    for text in [LISTED, "not (offence.fraud or offence.laundering)", "asset.family == 'bank'", "true"]:
        assert parse(str(parse(text))) == parse(text)


def test_reasons_are_the_leaves_that_decide() -> None:
    found = verdict(parse(LISTED), Facts({"offence.listed_32": True, "offence.max_penalty_years": 2}))
    assert found.answer is Answer.NO
    assert found.reasons == ("the maximum penalty in years is 2",)
    unknown = verdict(parse("not " + "offence.fraud"), Facts({}))
    assert (unknown.answer, unknown.reasons) == (Answer.UNKNOWN, ("not known: whether the conduct is fraud",))


def test_facts_are_checked() -> None:
    with pytest.raises(KeyError, match="no fact"):
        Facts({"offence.colour": True})
    with pytest.raises(TypeError, match="is int"):
        Facts({"offence.max_penalty_years": True})
    with pytest.raises(TypeError, match="is bool"):
        Facts({"offence.fraud": 1})
    assert Facts({"offence.fraud": None}).known() == {}
    assert Facts({"offence.fraud": True}).but(offence__fraud=None)["offence.fraud"] is None


def test_sentences() -> None:
    assert sentence(parse(LISTED)) == (
        "Both the conduct is on the EU list of 32 offence categories and the maximum penalty in years is at least 3."
    )
    assert clause(parse("not (offence.fraud or offence.max_penalty_years < 4)")) == (
        "both the conduct is not fraud and the maximum penalty in years is at least 4"
    )
    assert sentence(parse("asset.family in ('bank', 'psp', 'vasp')")) == "The kind of property is bank, psp or vasp."
    assert sentence(parse("not true")) == "Never."
    assert clause(parse("not requested.state == 'US'")) == "the requested State is not US"


def test_denial_of_a_sentence_is_the_sentence_of_the_denial() -> None:
    for text in (LISTED, "abroad", "evidence.level == 2", "asset.family == 'bank' or not abroad"):
        assert clause(parse(text), negated=True) == clause(parse(f"not ({text})"))


def test_every_fact_has_its_words() -> None:
    for name, spec in VOCABULARY.items():
        assert spec.says and spec.says[0].islower(), name
        assert bool(spec.denies) is (spec.type is FactType.BOOL), name


def test_total_over_every_assignment() -> None:
    expression = parse("offence.fraud and (not abroad or offence.max_penalty_years != 4) or asset.family != 'bank'")
    names = facts_of(expression)
    assert names == ("offence.fraud", "abroad", "offence.max_penalty_years", "asset.family")
    choices: list[tuple[bool | int | str | None, ...]] = [
        (None, True, False),
        (None, True, False),
        (None, 3, 4),
        (None, "bank", "coin"),
    ]
    for values in itertools.product(*choices):  # type: tuple[bool | int | str | None, ...]
        facts = Facts(dict(zip(names, values, strict=True)))
        assert verdict(expression, facts).answer == expression.answer(facts)
