"""Licences of what is locked: permissive, or a named exception with its reason."""

from __future__ import annotations

import re
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import cast

# SPDX identifiers, and the words that older metadata uses for them.
PERMISSIVE = frozenset(
    """
    0bsd, 3-clause bsd license, apache 2.0, apache license 2.0, apache license, version 2.0, apache software license,
    apache-2.0, apache-2.0 with llvm-exception, blueoak-1.0.0, bsd, bsd license, bsd-2-clause, bsd-3-clause, bsl-1.0,
    cc0-1.0, hpnd, isc, isc license iscl, mit, mit license, mit-0, mit-cmu, psf-2.0, python-2.0,
    python software foundation license, the unlicense unlicense, unlicense, zlib
    """.replace("\n    ", " ")
    .strip()
    .replace("apache license, version", "apache license version")
    .split(", ")
)
EXCEPTION = re.compile(r"^\| `(?P<package>[\w.-]+)` \| (?P<licence>[^|]+) \| (?P<reason>[^|]+) \|$", re.MULTILINE)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==[^\s;\\]+\s*(;?)", re.MULTILINE)


def exceptions(page: Path) -> dict[str, str]:
    """Package -> reason, from the table of `requirements/README.md`."""
    found = EXCEPTION.finditer(page.read_text(encoding="utf-8"))
    return {each["package"]: each["reason"].strip() for each in found}


def licence(about: Message) -> str:
    """What the metadata says: the SPDX expression, else the classifiers, else the first line of the licence field."""
    if expression := about.get("License-Expression"):
        return expression
    classifiers = [value.split(" :: ") for value in about.get_all("Classifier", []) if value.startswith("License ::")]
    named = [words[-1] for words in classifiers if words[-1] != "OSI Approved"]
    return " AND ".join(named) or (about.get("License") or "").strip().partition("\n")[0]


def permissive(text: str) -> bool:
    """Is every licence of an AND, or one of an OR, permissive? An empty text is not."""
    parts = re.split(r"\s+AND\s+(?![^(]*\))", text)
    if "(" in text and len(parts) > 1:
        return all(permissive(part) for part in parts)
    return any(
        all(_bare(part) in PERMISSIVE for part in re.split(r"\s+AND\s+", alternative))
        for alternative in re.split(r"\s+OR\s+|/", text)
    )


def _bare(part: str) -> str:
    """Words without brackets and commas, in small letters."""
    return " ".join(re.sub(r"[(),]", " ", part).lower().split())


def forbidden(lock: Path, allowed: dict[str, str]) -> list[str]:
    """Packages of a lock with another licence, or none to be seen; absent ones count unless a marker excludes them."""
    faults = []
    for package, marker in PIN.findall(lock.read_text(encoding="utf-8")):
        try:
            text = licence(cast(Message, metadata(package)))
        except PackageNotFoundError:
            faults += [] if marker else [f"{package}: not installed, licence not seen"]
        else:
            faults += [] if permissive(text) or package in allowed else [f"{package}: {text or 'says nothing'}"]
    return faults
