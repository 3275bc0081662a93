"""No float ever holds money: what may not stand in the rooms that count it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import name, tree

# Functions of `math` whose result is an integer.
MATH_EXACT = frozenset({"isqrt", "gcd", "lcm", "comb", "perm", "factorial", "prod", "ceil", "floor", "trunc"})
MODULES = frozenset({"random", "statistics", "decimal", "cmath"})
TYPES = ("float", "double", "half", "single", "longdouble", "complex")
CODES = frozenset({"f2", "f4", "f8", "<f4", "<f8", "e", "d"})


def floats(path: Path) -> list[str]:
    """Every place of a file where a float could arise; `Fraction` and paths joined with `/` are not floats."""
    return [f"{name(path)}:{line}: {what}" for line, what in sorted(set(_floats(tree(path))))]


def _floats(node: ast.AST) -> Iterator[tuple[int, str]]:
    if _is_call_of(node, "isinstance"):
        return  # asking whether something is a float makes none
    if what := _what(node):
        yield getattr(node, "lineno", 0), what
    for child in ast.iter_child_nodes(node):
        yield from _floats(child)


def _what(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=float() | complex()):
            return f"literal {node.value!r}"
        case ast.Constant(value=str() as text) if text.startswith(("float1", "float3", "float6")):
            return f"dtype {text!r}"
        case ast.BinOp(op=ast.Div()) if not _is_exact(node):
            return "true division"
        case ast.AugAssign(op=ast.Div()):
            return "true division"
        case ast.BinOp(op=ast.Pow(), right=ast.UnaryOp(op=ast.USub())):
            return "negative power"
        case ast.Name(id="float" | "complex"):
            return f"the type {node.id}"
        case ast.Attribute():
            return _attribute(node)
        case ast.Import() | ast.ImportFrom():
            return _import(node)
        case ast.keyword(arg="dtype", value=ast.Constant(value=str() as code)) if code in CODES:
            return f"dtype {code!r}"
    return ""


def _attribute(node: ast.Attribute) -> str:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if owner == "math":
        return "" if node.attr in MATH_EXACT else f"math.{node.attr}"
    numeric = owner in ("np", "numpy", "pa", "nb") and node.attr.startswith(TYPES)
    return f"the type {owner}.{node.attr}" if numeric else ""


def _import(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.ImportFrom) and node.module == "math":
        inexact = [alias.name for alias in node.names if alias.name not in MATH_EXACT]
        return f"math.{inexact[0]}" if inexact else ""
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return "".join(f"module {module}" for module in modules if module.split(".")[0] in MODULES)


def _is_exact(node: ast.BinOp) -> bool:
    """A path joined with a text, or a quotient with a `Fraction` spelt out."""
    sides = (node.left, node.right)
    if any(_is_call_of(side, "Fraction") for side in sides):
        return True
    joined = node.right
    return isinstance(joined, ast.JoinedStr) or (isinstance(joined, ast.Constant) and isinstance(joined.value, str))


def _is_call_of(node: ast.AST, function: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
