"""Every condition as an English clause, for the explanation of a plan."""

from __future__ import annotations

from recoup.law.expression import All, Always, Any, Compares, Expression, Holds, IsOneOf, Not
from recoup.law.facts import VOCABULARY

_SIGNS = {
    "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least", "==": "is", "!=": "is not",
}  # fmt: skip
_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def clause(expression: Expression, negated: bool = False) -> str:
    """The clause that states the expression, or its denial; `both … and …` and `either … or …` keep the grouping."""
    match expression:
        case Always():
            return "never" if negated else "always"
        case Holds(fact):
            return VOCABULARY[fact].denies if negated else VOCABULARY[fact].says
        case Compares(fact, sign, number):
            return f"{VOCABULARY[fact].says} {_SIGNS[_TURNED[sign] if negated else sign]} {number}"
        case IsOneOf(fact, texts):
            return f"{VOCABULARY[fact].says} is {'not ' if negated else ''}{_listed(texts)}"
        case Not(term):
            return clause(term, not negated)
        case All(terms):
            return _joined([clause(term, negated) for term in terms], "or" if negated else "and")
        case Any(terms):
            return _joined([clause(term, negated) for term in terms], "and" if negated else "or")


def sentence(expression: Expression) -> str:
    """The expression as a sentence that starts with a capital and ends with a stop."""
    text = clause(expression)
    return f"{text[0].upper()}{text[1:]}."


def _listed(texts: tuple[str, ...]) -> str:
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + f" or {texts[-1]}"


def _joined(clauses: list[str], word: str) -> str:
    opening = "both" if word == "and" else "either"
    return f"{opening} {f' {word} '.join(clauses)}" if len(clauses) > 1 else clauses[0]
