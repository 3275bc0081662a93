"""The text of a condition, read into an expression; nothing outside the language passes."""

from __future__ import annotations

import ast
from functools import lru_cache

from recoup.law.expression import ORDERS, All, Always, Any, Compares, Expression, Holds, IsOneOf, Not, leaves
from recoup.law.facts import VOCABULARY, FactSpec, FactType

EXPRESSION_CHARACTERS_MAX = 400
EXPRESSION_TERMS_MAX = 32
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip


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
        case ast.Constant(value=int(number)) if sign in ORDERS:
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
