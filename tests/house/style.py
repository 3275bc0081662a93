"""The style corridor of HOUSE.md §6, measured."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median_high, quantiles

from tests.house.tree import name, tree

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
FUNCTION_LINES_MEDIAN_MAX = 8
FUNCTION_LINES_P90_MAX = 30
ROOM_DOCSTRING_LINES_MAX = 12

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Function:
    """A function and its length from `def` to its end, without its docstring."""

    path: Path
    node: Definition
    lines: int

    def __str__(self) -> str:
        return f"{name(self.path)}:{self.node.lineno} {self.node.name}"


def functions(paths: list[Path]) -> list[Function]:
    return [
        Function(path, node, _lines(node))
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, Definition)
    ]


def _lines(node: Definition) -> int:
    docstring = node.body[0] if ast.get_docstring(node) is not None else None
    words = (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - words


def lines(paths: list[Path]) -> int:
    """Lines of all the files together."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def long_files(paths: list[Path]) -> list[str]:
    counted = [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths]
    return [
        f"{name(path)}: {lines} lines, at most {FILE_LINES_MAX}" for path, lines in counted if lines > FILE_LINES_MAX
    ]


def long_functions(paths: list[Path]) -> list[str]:
    found = functions(paths)
    return [
        f"{each}: {each.lines} lines, at most {FUNCTION_LINES_MAX}" for each in found if each.lines > FUNCTION_LINES_MAX
    ]


def untyped_returns(paths: list[Path]) -> list[str]:
    return [f"{each}: no return type" for each in functions(paths) if each.node.returns is None]


def corridor(paths: list[Path]) -> list[str]:
    """What is outside the corridor over all functions of these files: median and 90th percentile."""
    lengths = [each.lines for each in functions(paths)]
    if len(lengths) < 2:
        return []
    middle, p90 = median_high(lengths), quantiles(lengths, n=10, method="inclusive")[-1]
    faults = [f"function median {middle} lines, at most {FUNCTION_LINES_MEDIAN_MAX}"] * (
        middle > FUNCTION_LINES_MEDIAN_MAX
    )
    return faults + [f"function p90 {p90} lines, at most {FUNCTION_LINES_P90_MAX}"] * (p90 > FUNCTION_LINES_P90_MAX)


def public(paths: list[Path]) -> Iterator[tuple[str, bool]]:
    """(name, has a docstring) of each public module, class, function and method; fields and dunders have none."""
    for path in paths:
        yield name(path), ast.get_docstring(tree(path)) is not None
        yield from _public(path, tree(path).body)


def _public(path: Path, body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    for node in body:
        if isinstance(node, Definition | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{name(path)}:{node.lineno} {node.name}", ast.get_docstring(node) is not None
            if isinstance(node, ast.ClassDef):
                yield from _public(path, node.body)


def undocumented(paths: list[Path], share_min: int = 80) -> list[str]:
    """Every public name without a docstring, where more than the allowed share (percent) lacks one."""
    found = list(public(paths))
    lacking = [f"{each}: no docstring" for each, documented in found if not documented]
    return lacking if 100 * len(lacking) > (100 - share_min) * len(found) else []


def poor_doors(doors: list[Path]) -> list[str]:
    """Rooms whose `__init__.py` does not say what comes in, what goes out and what is always true, in 12 lines."""
    faults = []
    for door in doors:
        words = ast.get_docstring(tree(door)) or ""
        lines = len(words.splitlines())
        faults += [f"{name(door)}: docstring of {lines} lines"] * (lines > ROOM_DOCSTRING_LINES_MAX)
        faults += [
            f"{name(door)}: does not say {part!r}" for part in ("In:", "Out:", "Always true:") if part not in words
        ]
    return faults
