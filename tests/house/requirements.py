"""What is imported is declared, and what is declared is locked."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.house.tree import name, tree

PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def declared(pyproject: Path, *groups: str) -> set[str]:
    """Names of the packages that a project asks for: plain, extras, and the named dependency groups."""
    data: dict[str, Any] = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    lists: list[Sequence[Any]] = [
        data["project"]["dependencies"],
        *data["project"].get("optional-dependencies", {}).values(),
    ]
    lists += [data["dependency-groups"][group] for group in groups]
    return {_name(text) for texts in lists for text in texts if isinstance(text, str)}


def _name(requirement: str) -> str:
    return normal(re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0])


def normal(package: str) -> str:
    """The normal form of PEP 503."""
    return re.sub(r"[-_.]+", "-", package).lower()


def locked(lock: Path) -> set[str]:
    return {normal(package) for package in PIN.findall(lock.read_text(encoding="utf-8"))}


def undeclared(paths: list[Path], known: set[str], providers: Mapping[str, Sequence[str]]) -> list[str]:
    """Imports of packages that nobody asked for by name. `providers`: top-level module -> distributions."""
    faults = []
    for path in paths:
        for line, module in _imports(tree(path)):
            names = {normal(package) for package in providers.get(module, [module])}
            if module not in sys.stdlib_module_names and module != "recoup" and not names & known:
                faults.append(f"{name(path)}:{line}: {module}")
    return faults


def _imports(module: ast.Module) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.lineno, node.module.split(".")[0]))
    return found
