"""Conditions of rules: a small pure language over typed facts, three-valued and total.

`offence.listed_32 and offence.max_penalty_years >= 3`; `not`, `and`, `or`, comparisons with one fact on the left,
`in (...)` over texts, `true`. Kleene's strong logic: what rests on an unknown fact is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from recoup.ground import Answer, Verdict
from recoup.law.facts import VOCABULARY, Facts, FactType

ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_NEGATED = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


def _answer(truth: bool) -> Answer:
    return Answer.YES if truth else Answer.NO


@dataclass(frozen=True, slots=True)
class Always:
    """`true`: holds in every case."""

    def answer(self, facts: Facts) -> Answer:
        return Answer.YES

    def __str__(self) -> str:
        return "true"


@dataclass(frozen=True, slots=True)
class Holds:
    """A bool fact by itself."""

    fact: str

    def answer(self, facts: Facts) -> Answer:
        value = facts.get(self.fact)
        return Answer.UNKNOWN if value is None else _answer(bool(value))

    def __str__(self) -> str:
        return self.fact


@dataclass(frozen=True, slots=True)
class Compares:
    """An int fact against a whole number."""

    fact: str
    sign: str
    number: int

    def answer(self, facts: Facts) -> Answer:
        value = facts.get(self.fact)
        return _answer(ORDERS[self.sign](value, self.number)) if isinstance(value, int) else Answer.UNKNOWN

    def __str__(self) -> str:
        return f"{self.fact} {self.sign} {self.number}"


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """A text fact among texts."""

    fact: str
    texts: tuple[str, ...]

    def answer(self, facts: Facts) -> Answer:
        value = facts.get(self.fact)
        return Answer.UNKNOWN if value is None else _answer(value in self.texts)

    def __str__(self) -> str:
        return f"{self.fact} in ({', '.join(map(repr, self.texts))},)"


@dataclass(frozen=True, slots=True)
class Not:
    term: Expression

    def answer(self, facts: Facts) -> Answer:
        return _NEGATED[self.term.answer(facts)]

    def __str__(self) -> str:
        return f"not ({self.term})"


@dataclass(frozen=True, slots=True)
class All:
    terms: tuple[Expression, ...]

    def answer(self, facts: Facts) -> Answer:
        found = {term.answer(facts) for term in self.terms}
        return Answer.NO if Answer.NO in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.YES

    def __str__(self) -> str:
        return " and ".join(f"({term})" for term in self.terms)


@dataclass(frozen=True, slots=True)
class Any:
    terms: tuple[Expression, ...]

    def answer(self, facts: Facts) -> Answer:
        found = {term.answer(facts) for term in self.terms}
        return Answer.YES if Answer.YES in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.NO

    def __str__(self) -> str:
        return " or ".join(f"({term})" for term in self.terms)


Expression = Always | Holds | Compares | IsOneOf | Not | All | Any
Leaf = Always | Holds | Compares | IsOneOf


def leaves(expression: Expression) -> Iterator[Leaf]:
    """The conditions on single facts, from left to right."""
    if isinstance(expression, Not):
        yield from leaves(expression.term)
    elif isinstance(expression, All | Any):
        for term in expression.terms:
            yield from leaves(term)
    else:
        yield expression


def facts_of(expression: Expression) -> tuple[str, ...]:
    """Names of the facts it asks about, once each, from left to right."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(expression) if not isinstance(leaf, Always)))


def verdict(expression: Expression, facts: Facts) -> Verdict:
    """The answer with, as reasons, the leaves that decide it, each with the value it met."""
    if isinstance(expression, Not):
        return ~verdict(expression.term, facts)
    if isinstance(expression, All):
        return Verdict.all_of(verdict(term, facts) for term in expression.terms)
    if isinstance(expression, Any):
        return Verdict.any_of(verdict(term, facts) for term in expression.terms)
    return Verdict(expression.answer(facts), () if isinstance(expression, Always) else (_met(expression, facts),))


def _met(leaf: Holds | Compares | IsOneOf, facts: Facts) -> str:
    spec, value = VOCABULARY[leaf.fact], facts.get(leaf.fact)
    if value is None:
        return f"not known: whether {spec.says}" if spec.type is FactType.BOOL else f"not known: {spec.says}"
    if spec.type is FactType.BOOL:
        return spec.says if value else spec.denies
    return f"{spec.says} is {value}"
