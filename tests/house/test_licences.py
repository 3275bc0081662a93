"""Only permissive licences, and exceptions that say why."""

from __future__ import annotations

from email.message import Message
from pathlib import Path

import pytest
from tests.house.licences import exceptions, forbidden, licence, permissive
from tests.house.tree import ROOT

REQUIREMENTS = ROOT / "requirements"


@pytest.mark.parametrize("lock", ["run.lock", "dev.lock", "tools.lock"])
def test_every_locked_package_is_permissive_or_an_exception(lock: str) -> None:
    assert forbidden(REQUIREMENTS / lock, exceptions(REQUIREMENTS / "README.md")) == []


def test_a_plain_install_has_no_exception() -> None:
    assert forbidden(REQUIREMENTS / "run.lock", {}) == []


def test_every_exception_is_needed_and_says_why() -> None:
    named = exceptions(REQUIREMENTS / "README.md")
    assert {fault.split(":")[0] for fault in forbidden(REQUIREMENTS / "dev.lock", {})} == set(named)
    assert all(named.values())


@pytest.mark.parametrize(
    "text",
    [
        "MIT",
        "BSD-3-Clause AND 0BSD AND MIT",
        "(Apache-2.0 OR MIT) AND BSD-3-Clause",
        "MIT OR (GPL-2.0 AND GPL-3.0)",
        "Apache License, Version 2.0",
        "GPL-3.0-only OR MIT",
        "ISC License (ISCL)",
        "MIT/Apache-2.0",
    ],
)
def test_permissive_licences(text: str) -> None:
    assert permissive(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "MIT AND GPL-2.0",
        "(MIT OR BSD) AND GPL-2.0",
        "LGPL-3.0-only",
        "Proprietary",
    ],
)
def test_other_licences(text: str) -> None:
    assert not permissive(text)


def test_the_licence_is_read_from_the_best_field_there_is() -> None:
    about = Message()
    assert licence(about) == ""
    about["License"] = "GPL-3.0"
    assert licence(about) == "GPL-3.0"
    about["Classifier"] = "License :: OSI Approved :: MIT License"
    about["Classifier"] = "License :: OSI Approved"
    assert licence(about) == "MIT License"
    about["License-Expression"] = "BSD-3-Clause"
    assert licence(about) == "BSD-3-Clause"


def test_a_forbidden_and_an_unseen_licence_are_found(tmp_path: Path) -> None:
    lock = tmp_path / "bad.lock"
    lines = (
        "psycopg==3.0 \\",
        "    --hash=sha256:0",
        "not-there==1",
        "elsewhere==1 ; sys_platform == 'win32'",
        "click==8",
    )
    lock.write_text("\n".join(lines) + "\n")
    assert forbidden(lock, {}) == ["psycopg: LGPL-3.0-only", "not-there: not installed, licence not seen"]
    assert forbidden(lock, {"psycopg": "why"}) == ["not-there: not installed, licence not seen"]
