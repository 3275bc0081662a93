"""Conditions of rules: a small pure language over typed facts, three-valued and total.

`offence.listed_32 and offence.max_penalty_years >= 3`; `not`, `and`, `or`, comparisons with one fact on the left,
`in (...)` over texts, `true`. Kleene's strong logic: what rests on an unknown fact is unknown.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from recoup.ground import Answer, Verdict
from recoup.law.facts import VOCABULARY, Facts, FactSpec, FactType

EXPRESSION_CHARACTERS_MAX = 400
EXPRESSION_TERMS_MAX = 32

_ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in",
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
        return _answer(_ORDERS[self.sign](value, self.number)) if isinstance(value, int) else Answer.UNKNOWN

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


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression of a text; ValueError names what is not of the language or vocabulary."""
    if len(text) > EXPRESSION_CHARACTERS_MAX:
        raise ValueError(f"an expression has at most {EXPRESSION_CHARACTERS_MAX} characters, not {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"{text[:80]!r} is not an expression") from error
    expression = _from_tree(tree)
    if len(list(leaves(expression))) > EXPRESSION_TERMS_MAX:
        raise ValueError(f"an expression has at most {EXPRESSION_TERMS_MAX} terms")
    return expression


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


def _from_tree(node: ast.expr) -> Expression:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return All(tuple(_from_tree(value) for value in values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return Any(tuple(_from_tree(value) for value in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_from_tree(operand))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _comparison(_name(left), _OPERATORS.get(type(sign), "?"), right)
        case ast.Name(id="true"):
            return Always()
        case ast.Name() | ast.Attribute():
            return Holds(_typed(_name(node), FactType.BOOL))
    raise ValueError(f"{ast.unparse(node)[:80]!r} is not part of the language")


def _comparison(fact: str, sign: str, right: ast.expr) -> Expression:
    match right:
        case ast.Constant(value=bool()):
            raise ValueError(f"compare {fact} with nothing: a yes-or-no fact stands by itself")
        case ast.Constant(value=int(number)) if sign in _ORDERS:
            return Compares(_typed(fact, FactType.INT), sign, number)
        case ast.Constant(value=str(text)) if sign in ("==", "!="):
            found = IsOneOf(_typed(fact, FactType.TEXT), (text,))
            return found if sign == "==" else Not(found)
        case ast.Tuple(elts=items) if sign in ("in", "not in") and items:
            found = IsOneOf(_typed(fact, FactType.TEXT), tuple(_constant_text(item) for item in items))
            return found if sign == "in" else Not(found)
    raise ValueError(f"{fact} {sign} {ast.unparse(right)[:40]} is not part of the language")


def _constant_text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{ast.unparse(node)[:40]} is not a text")


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=room), attr=name):
            return f"{room}.{name}"
    raise ValueError(f"{ast.unparse(node)[:80]!r} is not the name of a fact")


def _typed(fact: str, wanted: FactType) -> str:
    spec: FactSpec | None = VOCABULARY.get(fact)
    if spec is None:
        raise ValueError(f"no fact is called {fact!r}")
    if spec.type is not wanted:
        raise ValueError(f"{fact} is {spec.type}, not {wanted}")
    return fact
